"""Everything but kill -9: a full disk, a lock, damage, clocks, networks, memory, a mail server gone. One round of each.

    python -m benchmarks.troubles [NAME …] [--locked 60]

Each round is `homeward run --once` on the newsroom with real processes: into the trouble, and then, with the trouble
gone, once more. What that leaves must be what a crawl that nobody disturbed leaves. Printed for each: what was lost and
doubled (nothing), what became late, and the sentence that was said. Clocks and absences are simulated with `--now`; a
full disk is a small tmpfs, a network that is gone an empty network namespace, where this user may make them.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.faults import HOMEWARD, LONGEST, NOW, Left, Room, SlowMailbox, left
from homeward.newsroom import Newsroom
from homeward.newsroom.post import SlackHook
from homeward.newsroom.subscribing import write_config
from storage import Store
from storage.library import sqlite3

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LITTLE = 150_000_000  # bytes of address space for each process: the supervisor starts in it, a reader does not
BALLAST = 64 * 1024  # bytes left on the full disk: enough to open the database, too little to fill it


@dataclass
class Round:
    """One trouble under way: a folder with a config, the present of its runs, and what they said."""

    room: Room
    folder: Path
    locked: float
    now: datetime = NOW
    said: list[str] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    late: str = ""

    @property
    def config(self) -> Path:
        return self.folder / "homeward.toml"

    @property
    def database(self) -> Path:
        return self.folder / "homeward.db"

    def run(self, *before: str, later: timedelta = timedelta(minutes=1)) -> int:
        """One run to its end, `later` than the one before."""
        self.now += later
        done = subprocess.run([*before, str(HOMEWARD), "run", "--once", "--config", str(self.config), "--now",
                               self.now.isoformat()], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=LONGEST, check=False)
        self.said.append(done.stdout + done.stderr)
        self.codes.append(done.returncode)
        return done.returncode

    def setting(self, old: str, new: str) -> None:
        text = self.config.read_text("utf-8")
        assert old in text, old
        self.config.write_text(text.replace(old, new), "utf-8")

    def sentence(self, pattern: str) -> str:
        found = re.search(pattern, "\n".join(self.said))
        return found[0] if found else f"NOT SAID: {pattern}"


def disk_full(at: Round) -> str:
    disk = at.folder / "disk"
    disk.mkdir()
    with small_disk(disk):
        at.setting('database = "homeward.db"', 'database = "disk/homeward.db"')
        Store.open(disk / "homeward.db").close()
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * max(shutil.disk_usage(disk).free - BALLAST, 0))
        at.run()
        ballast.unlink()
        at.run()
        for path in disk.glob("homeward.db*"):
            shutil.move(path, at.folder / path.name)
    at.setting('database = "disk/homeward.db"', 'database = "homeward.db"')
    return at.sentence(r"the disk that holds \S+ is full[^\n]*")


@contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """Four megabytes. Raises CalledProcessError where this user may not mount."""
    subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["/bin/umount", str(place)], check=True)


def database_locked(at: Round) -> str:
    Store.open(at.database).close()
    other = sqlite3.connect(str(at.database), isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    timer = threading.Timer(at.locked, lambda: other.execute("rollback"))
    timer.start()
    began = time.monotonic()
    while at.run() and time.monotonic() - began < at.locked + 60:
        at.late = f"{time.monotonic() - began:.0f} s"
    timer.join()
    other.close()
    return at.sentence(r"[^\n:]*homeward.db is held by another program[^\n]*")


def database_damaged(at: Round) -> str:
    at.run()
    copied = subprocess.run([str(HOMEWARD), "backup", "copy.db"], cwd=at.folder, capture_output=True, check=False)
    with at.database.open("r+b") as file:
        file.write(b"\0" * 512)
    at.run()
    for path in at.folder.glob("homeward.db*"):
        path.unlink()
    (at.folder / "copy.db").rename(at.database)
    at.run()
    return at.sentence(r"\S*homeward.db is damaged[^\n]*") if copied.returncode == 0 else "NO BACKUP"


def database_replaced(at: Round) -> str:
    at.run()
    at.database.rename(at.folder / "aside.db")
    with contextlib.closing(sqlite3.connect(str(at.database))) as other:
        other.execute("create table sources (x)")
    at.run()
    at.database.unlink()
    (at.folder / "aside.db").rename(at.database)
    at.run()
    return at.sentence(r"\S*homeward.db is a database of another program[^\n]*")


def database_replaced_under_the_daemon(at: Round) -> str:
    """A backup takes the place of the file while `homeward run` works: a restore by somebody who forgot to stop it."""
    with (at.folder / "daemon.log").open("w") as log:
        daemon = subprocess.Popen([str(HOMEWARD), "run", "--config", str(at.config)], stdout=log, stderr=log)
    try:
        wait_for(at.folder / "daemon.log", "started")
        time.sleep(5)
        subprocess.run([str(HOMEWARD), "backup", "copy.db"], cwd=at.folder, check=True, capture_output=True)
        for path in at.folder.glob("homeward.db-*"):
            path.unlink()
        (at.folder / "copy.db").rename(at.database)
        wait_for(at.folder / "daemon.log", "was replaced")
    finally:
        daemon.terminate()
        daemon.wait(60)
    at.said.append((at.folder / "daemon.log").read_text("utf-8"))
    at.database.unlink()  # the daemon lived in the real present; the story is told in 2019
    at.run()
    return at.sentence(r"the database was replaced by another file[^\n]*")


def wait_for(log: Path, word: str) -> None:
    end = time.monotonic() + 30
    while word not in log.read_text("utf-8") and time.monotonic() < end:
        time.sleep(0.05)


def clock_back_a_day(at: Round) -> str:
    for step in (timedelta(), -DAY, DAY):
        at.run(later=step)
    return "nothing: what is told once is not told again"


def clock_forward_a_day(at: Round) -> str:
    for step in (timedelta(), DAY, -DAY):
        at.run(later=step)
    return "the next day's digest, a day early"


def network_gone(at: Round) -> str:
    at.run("/usr/bin/unshare", "-n")
    at.late = "one round"
    at.run(later=DAY)
    return at.sentence(r"[^\n]*(?:unreachable|can't be had|could not be|Network|refused)[^\n]{0,120}")


def endpoints_hang(at: Round) -> str:
    at.setting("delay = 0 ", "feed_timeout = 2\npage_timeout = 2\ndelay = 0 ")
    with ExitStack() as stack:
        for house in at.room.news.houses.values():
            for server in house.servers:
                stack.enter_context(server.hold(house.outlet.feed_path))
        began = time.monotonic()
        at.run()
        at.late = f"one round, which took {time.monotonic() - began:.0f} s"
    at.run(later=DAY)
    return at.sentence(r"[^\n]*(?:longer than|did not answer|timeout|timed out|within)[^\n]{0,120}")


def memory_limit(at: Round) -> str:
    at.run("/usr/bin/prlimit", f"--as={LITTLE}")
    at.late = "one round"
    at.run(later=DAY)
    return at.sentence(r"[^\n]*(?:[Mm]emory|failed to map|[Cc]annot allocate)[^\n]{0,120}")


def two_daemons(at: Round) -> str:
    with (at.folder / "first.log").open("w") as log:
        first = subprocess.Popen([str(HOMEWARD), "run", "--config", str(at.config)], stdout=log, stderr=log)
    try:
        wait_for(at.folder / "first.log", "started")
        at.run()
    finally:
        first.terminate()
        first.wait(60)
    at.database.unlink()  # the first one lived in the real present; the story is told in 2019
    at.run()
    return at.sentence(r"is being crawled by the daemon \(pid \d+\) already[^\n]*")


def asleep_ten_hours(at: Round) -> str:
    at.run()
    at.run(later=10 * HOUR)
    at.late = "ten hours"
    return "nothing: it goes on where it was"


def waiting(database: Path) -> int:
    with Store.open(database, readonly=True) as store:
        return len(store.deliveries(states=("waiting", "sending")))


def mail_gone_three_days(at: Round) -> str:
    right = f"port = {at.room.mailbox.port}"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and never listened to
        wrong = f"port = {taken.getsockname()[1]}"
        at.setting(right, wrong)
        for _ in range(12):
            at.run(later=6 * HOUR)
        at.setting(wrong, right)
    hours = 0
    while hours < 6 and (not hours or waiting(at.database)):
        at.run(later=HOUR)
        hours += 1
    at.late = f"three days, then {hours} h"
    return at.sentence(r"channel \"desk-mail\" can't reach[^\n]{0,120}")


TROUBLES: dict[str, Callable[[Round], str]] = {
    name.__name__.replace("_", " "): name for name in (
        disk_full, database_locked, database_damaged, database_replaced, database_replaced_under_the_daemon,
        clock_back_a_day, clock_forward_a_day,
        network_gone, endpoints_hang, memory_limit, two_daemons, asleep_ten_hours, mail_gone_three_days)}


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
        print(f"{'trouble':<22}{'lost':>6}{'twice':>7}{'untold':>8}{'again':>7}  late; what is said", flush=True)
        for name in asked.names or TROUBLES:
            try:
                got = round_of(room, calm, TROUBLES[name], asked.locked)
            except subprocess.CalledProcessError as error:
                print(f"{name:<22} could not be tried here: {error}", flush=True)
                continue
            assert isinstance(got, Verdict)
            wrong += not got.fine
            print(f"{name:<22}{got.lost:6}{got.doubled:7}{got.untold:8}{got.told_twice:7}  "
                  f"{'DAMAGED; ' if got.damaged else ''}{got.late or '-'}; {got.said.strip()}", flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
