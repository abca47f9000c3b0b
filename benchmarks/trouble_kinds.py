"""Each trouble that `benchmarks.troubles` tries: what is done to a round, and the sentence that is to be said of it."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.faults import HOMEWARD, LONGEST, NOW, Room
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


@contextmanager
def daemon(at: Round) -> Iterator[Path]:
    """`homeward run` at work; yields its log. It lives in the real present and the story is told in 2019, so the
    database that it leaves is taken away."""
    path = at.folder / "daemon.log"
    with path.open("w") as log:
        process = subprocess.Popen([str(HOMEWARD), "run", "--config", str(at.config)], stdout=log, stderr=log)
    try:
        wait_for(path, "started")
        yield path
    finally:
        process.terminate()
        process.wait(60)
    at.database.unlink()


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
    with daemon(at) as log:
        time.sleep(5)
        subprocess.run([str(HOMEWARD), "backup", "copy.db"], cwd=at.folder, check=True, capture_output=True)
        for path in at.folder.glob("homeward.db-*"):
            path.unlink()
        (at.folder / "copy.db").rename(at.database)
        wait_for(log, "was replaced")
    at.said.append(log.read_text("utf-8"))
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
    with daemon(at):
        at.run()
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
