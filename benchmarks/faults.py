"""SIGKILL at random moments, and what is left afterwards: real processes on the newsroom, a table at the end.

    python -m benchmarks.faults [--rounds 4] [--seed 1] [--kill reader]

Each round starts `homeward run --once` in an empty folder and kills, once or several times, the crawl worker, a reading
child, the process that children are forked from, or the supervisor: at any moment, or while messages are being sent.
Then one more `run --once`, undisturbed. What it leaves must be what a crawl that nobody disturbed leaves: every story
filed once, every message told once; one that was killed between sending and marking is told again under the same
Message-ID (a Slack webhook knows none: it shows twice). `python -m benchmarks.troubles` has all that is not a kill.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from homeward.demo import EVENINGS
from homeward.newsroom import Newsroom
from homeward.newsroom.post import Mail, Mailbox, SlackHook
from homeward.newsroom.subscribing import write_config
from records.errors import StoreError
from storage import Store

HOMEWARD = Path(sys.executable).with_name("homeward")
NOW = EVENINGS[1] + timedelta(minutes=30)  # after the hour of the digest
VICTIMS = ("worker", "reader", "readers' server", "supervisor", "supervisor, telling")
LONGEST = 240.0  # seconds for a run
Filed = Counter[tuple[object, ...]]


class SlowMailbox(Mailbox):
    """Takes a moment over each mail, before and after it is kept: so there is time to be killed in."""

    def take(self, mail: Mail) -> None:
        time.sleep(0.1)
        super().take(mail)
        time.sleep(0.1)


@dataclass(frozen=True, slots=True)
class Left:
    """What a round left behind."""

    filed: Filed
    promised: int
    unsent: int
    mails: Counter[str]  # by Message-ID
    posts: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Room:
    news: Newsroom
    mailbox: SlowMailbox
    hook: SlackHook


def family(pid: int) -> dict[int, tuple[int, str]]:
    """The living descendants of a process: pid → (parent, command)."""
    listing = subprocess.run(["/bin/ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [(int(row[0]), int(row[1]), row[2]) for line in listing.splitlines() if len(row := line.split(None, 2)) == 3]
    found: dict[int, tuple[int, str]] = {}
    for one, parent, said in sorted(rows):
        if parent == pid or parent in found:
            found[one] = (parent, said)
    return found


def victims(pid: int, kind: str) -> list[int]:
    if kind.startswith("supervisor"):
        return [pid]
    mine = family(pid)
    if kind == "worker":
        return [one for one, (_, said) in mine.items() if " crawler work " in said]
    readers = {one: parent for one, (parent, said) in mine.items() if "forkserver" in said}
    return [one for one, parent in readers.items() if (parent in readers) == (kind == "reader")]


def is_telling(folder: Path) -> bool:
    try:
        with Store.open(folder / "homeward.db", readonly=True) as store:
            return bool(store.deliveries(states=("waiting", "sending"), limit=1))
    except StoreError:
        return False


def run_once(folder: Path, minutes: int) -> subprocess.Popen[bytes]:
    now = NOW + timedelta(minutes=minutes)
    with (folder / "log").open("ab") as log:
        return subprocess.Popen([str(HOMEWARD), "run", "--once", "--config", str(folder / "homeward.toml"), "--now",
                                 now.isoformat()], stdout=log, stderr=log, stdin=subprocess.DEVNULL)


def disturb(process: subprocess.Popen[bytes], when: Callable[[], bool], kind: str) -> list[int]:
    """Kill one victim as soon as `when` says so. Returns the run's processes at that moment; none where it was over."""
    while process.poll() is None:
        if when() and (found := victims(process.pid, kind)):
            mine = [process.pid, *family(process.pid)]
            try:
                os.kill(random.choice(found), signal.SIGKILL)  # noqa: S311 - a choice of victims
            except ProcessLookupError:
                continue
            return mine
        time.sleep(0.01)
    return []


def moment(draw: random.Random, kind: str, folder: Path) -> Callable[[], bool]:
    began, wait = time.monotonic(), draw.uniform(0.5, 4.0)
    if kind.endswith("telling"):
        wait = draw.uniform(0.0, 0.6)
        told: list[float] = []

        def telling() -> bool:
            if not told and is_telling(folder):
                told.append(time.monotonic())
            return bool(told) and time.monotonic() - told[0] >= wait

        return telling
    return lambda: time.monotonic() - began >= wait


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def leftovers(pids: Sequence[int]) -> int:
    """How many of these processes still live a second later."""
    end = time.monotonic() + 1.0
    while (left := sum(map(is_alive, pids))) and time.monotonic() < end:
        time.sleep(0.02)
    return left


def round_of(room: Room, draw: random.Random, kind: str) -> tuple[Left, int, int]:
    """One round: what it left, how often somebody was killed, and how many processes outlived their supervisor."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_config(room.news, folder, mailbox=room.mailbox, hook=room.hook)
        mails, posts, kills, orphans, minutes = len(room.mailbox.mails), len(room.hook.payloads), 0, 0, 0
        for _ in range(draw.randint(1, 3) if kind else 0):
            process, minutes = run_once(folder, minutes), minutes + 1
            mine = disturb(process, moment(draw, kind, folder), kind)
            kills += bool(mine)
            process.wait(LONGEST)
            orphans += leftovers(mine) if kind.startswith("supervisor") else 0
        code = run_once(folder, minutes).wait(LONGEST)
        if code:
            print((folder / "log").read_text("utf-8"))
        return left(room, folder, mails, posts), kills, orphans


def left(room: Room, folder: Path, mails: int, posts: int) -> Left:
    with Store.open(folder / "homeward.db", readonly=True) as store:
        rows = store.rows(
            "select a.source_id, a.url, v.n, v.text_sha, (select group_concat(quote, '|') from (select quote"
            " from claims c where c.version_id = v.id order by c.n)) as quotes"
            " from versions v join articles a on a.id = v.article_id")
        (held,) = store.rows(
            "select (select count(*) from entries where state = 'promised') as promised,"
            " (select count(*) from deliveries where state != 'sent') as unsent,"
            " (select count(*) from events e where not exists"
            " (select 1 from revisions r where r.event_id = e.id)) as odd")
        check = [row["integrity_check"] for row in store.rows("pragma integrity_check")]
    ids = Counter(str(mail.message["Message-ID"]) for mail in room.mailbox.mails[mails:])
    return Left(filed=Counter((row["source_id"], urlsplit(row["url"]).path, row["n"], row["text_sha"], row["quotes"])
                              for row in rows),
                promised=held["promised"], unsent=held["unsent"], mails=ids, posts=len(room.hook.payloads) - posts,
                whole=check == ["ok"] and not held["odd"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=len(VICTIMS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kill", choices=VICTIMS, help="Only these.")
    asked = parser.parse_args()
    draw, sums = random.Random(asked.seed), {kind: Counter[str]() for kind in VICTIMS}  # noqa: S311 - repeatable
    random.seed(asked.seed)
    with Newsroom() as news, SlowMailbox() as mailbox, SlackHook() as hook:
        news.publish(2)
        room = Room(news, mailbox, hook)
        calm, _, _ = round_of(room, draw, "")
        print(f"undisturbed: {calm.filed.total()} texts filed, {calm.mails.total()} mails, {calm.posts} posts",
              flush=True)
        for n in range(asked.rounds):
            kind = asked.kill or VICTIMS[n % len(VICTIMS)]
            got, kills, orphans = round_of(room, draw, kind)
            found = judged(calm, got) + Counter({"rounds": 1, "kills": kills, "orphans": orphans})
            print(f"round {n + 1}, {kind}: {dict(found)}", flush=True)
            sums[kind] += found
    raise SystemExit(table(sums))


def judged(calm: Left, got: Left) -> Counter[str]:
    extra = sum(times - 1 for times in got.mails.values())
    return Counter({
        "lost": (calm.filed - got.filed).total() + got.promised, "filed twice": (got.filed - calm.filed).total(),
        "not told": got.unsent + max(0, len(calm.mails) - len(got.mails)) + max(0, calm.posts - got.posts),
        "told twice": max(0, len(got.mails) - len(calm.mails)), "same id": extra,
        "posts again": max(0, got.posts - calm.posts), "damaged": int(not got.whole)})


COLUMNS = ("rounds", "kills", "lost", "filed twice", "not told", "told twice", "same id", "posts again", "orphans",
           "damaged")
FAULTS = ("lost", "filed twice", "not told", "told twice", "orphans", "damaged")


def table(sums: dict[str, Counter[str]]) -> int:
    """Print the sums; 1 where something went wrong."""
    print("killed".ljust(20), *(name.rjust(11) for name in COLUMNS))
    for kind, sum_ in sums.items():
        print(kind.ljust(20), *(str(sum_[name]).rjust(11) for name in COLUMNS))
    return int(any(sum_[name] for sum_ in sums.values() for name in FAULTS))


if __name__ == "__main__":
    main()
