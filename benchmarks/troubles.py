"""Everything but kill -9: a full disk, a lock, damage, clocks, networks, memory, a mail server gone. One round of each.

    python -m benchmarks.troubles [NAME …] [--locked 60]

Each round is `homeward run --once` on the newsroom with real processes: into the trouble, and then, with the trouble
gone, once more. What that leaves must be what a crawl that nobody disturbed leaves. Printed for each: what was lost and
doubled (nothing), what became late, and the sentence that was said. Clocks and absences are simulated with `--now`; a
full disk is a small tmpfs, a network that is gone an empty network namespace, where this user may make them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults import Left, Room, SlowMailbox, left
from benchmarks.trouble_kinds import TROUBLES, Round
from homeward.newsroom import Newsroom
from homeward.newsroom.post import SlackHook
from homeward.newsroom.subscribing import write_config


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    lost: int
    doubled: int
    untold: int
    told_twice: int
    damaged: bool
    late: str
    said: str

    @property
    def fine(self) -> bool:
        return not (self.lost or self.doubled or self.untold or self.told_twice or self.damaged
                    or self.said.startswith("NO"))


def round_of(room: Room, calm: Left | None, trouble: Callable[[Round], str] | None, locked: float) -> Verdict | Left:
    """What a trouble left beside what a calm run leaves; without a trouble: what that is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_config(room.news, folder, mailbox=room.mailbox, hook=room.hook)
        mails, posts = len(room.mailbox.mails), len(room.hook.payloads)
        at = Round(room, folder, locked)
        said = trouble(at) if trouble else ""
        if not trouble:
            at.run()
        got = left(room, folder, mails, posts)
        if os.environ.get("SHOW"):
            print("\n".join(at.said), at.codes)
    if calm is None:
        return got
    return Verdict(lost=(calm.filed - got.filed).total() + got.promised, doubled=(got.filed - calm.filed).total(),
                   untold=got.unsent + (0 if got.mails else 1),
                   told_twice=sum(times - 1 for times in got.mails.values()), damaged=not got.whole,
                   late=at.late, said=said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TROUBLES))
    parser.add_argument("--locked", type=float, default=60.0, help="Seconds that another program holds the database.")
    asked = parser.parse_args()
    wrong = 0
    with Newsroom() as news, SlowMailbox() as mailbox, SlackHook() as hook:
        news.publish(2)
        room = Room(news, mailbox, hook)
        calm = round_of(room, None, None, asked.locked)
        assert isinstance(calm, Left)
        print(f"undisturbed: {calm.filed.total()} texts filed, {calm.mails.total()} mails, {calm.posts} posts")
        print(f"{'trouble':<36}{'lost':>6}{'twice':>7}{'untold':>8}{'again':>7}  late; what is said", flush=True)
        for name in asked.names or TROUBLES:
            try:
                got = round_of(room, calm, TROUBLES[name], asked.locked)
            except subprocess.CalledProcessError as error:
                print(f"{name:<36} could not be tried here: {error}", flush=True)
                continue
            assert isinstance(got, Verdict)
            wrong += not got.fine
            print(f"{name:<36}{got.lost:6}{got.doubled:7}{got.untold:8}{got.told_twice:7}  "
                  f"{'DAMAGED; ' if got.damaged else ''}{got.late or '-'}; {got.said.strip()}", flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
