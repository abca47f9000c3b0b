"""Whether a kill costs a message, and whether a year's digests come at their hour.

    python -m benchmarks.outbox [KILLS]

Each round files one event through the desk, then a process that tells it to a real SMTP server on loopback is killed
with SIGKILL: inside the transaction that queues, after it, after the claim, between the server's yes and the mark,
after the mark, or at a moment drawn at random; each digest is kept as a page. Another process goes on after the lease
has run out. Every message has to arrive at least once; one that arrives twice has to bear the same Message-ID. Prints
a line per point: kills, messages lost, messages that came twice.

The year: daily digests at 08:00 in five zones with both changes of the clocks, through the real store, a tick every
half hour. Prints a line per zone: days with a digest, digests at another hour, days with two, gaps between digests.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import desk
from alerts import channels
from alerts.channels.email import message_id
from config.model import Archive, Config
from records.telling import Channel, Every, Subscription
from scheduler.telling import tell
from storage import Store
from tests.post import smtp_server
from tests.telling_news import article, claim, reading

POINTS = ("in the queue", "queued", "claimed", "sent, not marked", "marked", "at random")
STATES = ("RU", "KZ", "UZ", "TJ", "KG", "AZ", "FR", "DE", "BE", "NL")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Sydney", "America/Santiago", "Africa/Casablanca")
START = datetime(2019, 1, 1, 12, tzinfo=UTC)
PAGES = "https://digests.ngo.example"
LONGEST = 0.06  # seconds until a random kill: telling one event takes some 40 ms


def sink(path: Path) -> None:
    """A mail server that writes down the Message-ID of each letter it accepts, until its input ends."""
    with smtp_server() as box:
        print(box.port, flush=True)
        seen = 0
        for _ in sys.stdin:
            new = box.letters[seen:]
            seen += len(new)
            with path.open("a") as out:
                out.writelines(f"{message_from_bytes(letter)['Message-ID']}\n" for letter in new)
            print("written", flush=True)


def config(port: int, folder: Path) -> Config:
    mail = Channel(id="desk", kind="email", to=("ana@ngo.example",), settings={
        "host": "127.0.0.1", "port": port, "tls": "none", "from": "hw@ngo.example", "timeout": 5})
    rule = Subscription(id="all", channel="desk", every=Every.INSTANT, most_an_hour=1000)
    return Config(path=None, database=Path("x"), channels={"desk": mail}, subscriptions=(rule,),
                  archive=Archive(folder=folder, url=PAGES))


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def then_die(call: Callable[..., Any]) -> Callable[..., Any]:
    def both(*args: Any, **more: Any) -> None:
        call(*args, **more)
        die()
    return both


def told(path: Path, port: int, now: datetime, point: str | None) -> int:
    """Tell in a process of its own; with a point, one that is killed there. Returns its process id."""
    child = os.fork()
    if child:
        return child
    send: Any = channels.send
    with Store.open(path) as store:
        if point == "in the queue":
            store.add_delivery = then_die(store.add_delivery)  # type: ignore[method-assign]  # killed there
        elif point == "queued":
            store.claim_waiting = die  # type: ignore[method-assign, assignment]  # killed there
        elif point == "claimed":
            send = die
        elif point == "sent, not marked":
            send = then_die(channels.send)
        elif point == "marked":
            store.sent = then_die(store.sent)  # type: ignore[method-assign]  # killed there
        tell(store, config(port, path.parent / "pages"), now, send)
    os._exit(0)


def kills(many: int, folder: Path) -> None:
    database, written, draw = folder / "h.db", folder / "letters", random.Random(1)  # a fixed stream  # noqa: S311
    with subprocess.Popen([sys.executable, "-m", "benchmarks.outbox", "sink", str(written)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        port, where = int(server.stdout.readline()), {}
        Store.open(database).close()
        os.waitpid(told(database, port, START - timedelta(hours=1), None), 0)
        for n in range(many):
            now, point = START + timedelta(hours=4 * n), POINTS[n % len(POINTS)]
            read = reading(claim(STATES[n % 10], way=f"IQ>{STATES[n % 10]}", date=f"{now:%Y-%m-%d}", children=20 + n))
            with Store.open(database) as store:
                desk.file(store, article(read, n + 1, published=f"{now:%Y-%m-%d}"), read, source=None, now=now)
                last = store.last_revision()
            child = told(database, port, now, point)
            if point == "at random":
                time.sleep(draw.uniform(0, LONGEST))
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            for minutes in (1, 11, 30):  # within the lease, after it, once more
                os.waitpid(told(database, port, now + timedelta(minutes=minutes), None), 0)
            where[last] = point
        server.stdin.write("now\n")
        server.stdin.flush()
        server.stdout.readline()
        server.stdin.close()
    count(database, Counter(written.read_text().split()), where)


def count(database: Path, letters: Counter[str], where: dict[int, str]) -> None:
    with Store.open(database) as store:
        deliveries = store.deliveries(limit=100_000)
        made = {delivery.last_revision: message_id(delivery.message.key, "ngo.example") for delivery in deliveries}
        kept = database.parent / "pages"
        dead = sum(not (kept / (delivery.message.page or "").removeprefix(f"{PAGES}/")).is_file()
                   for delivery in deliveries)
    lost, twice = Counter[str](), Counter[str]()
    for revision, point in where.items():
        found = letters[made.get(revision, "")]
        lost[point] += found == 0
        twice[point] += found > 1
    drafts = len(list((database.parent / "pages").rglob(".*")))
    print(f"{len(where)} kills, {sum(letters.values())} letters, {len(letters)} different; {dead} links to pages lead "
          f"to nothing, {drafts} drafts of pages lie about")
    for point in POINTS:
        killed = sum(one == point for one in where.values())
        print(f"  {point:<18} {killed:>4} kills  {lost[point]:>3} lost  {twice[point]:>3} twice")


def year(folder: Path) -> None:
    got: dict[str, list[datetime]] = {zone: [] for zone in ZONES}
    rules = tuple(Subscription(id=f"z{n}", channel="desk", zone=zone) for n, zone in enumerate(ZONES))
    daily = Config(path=None, database=Path("x"), subscriptions=rules,
                   channels={"desk": Channel(id="desk", kind="email", to=("a@b.example",))})

    def send(channel: Channel, message: Any, thread: Any, *, at: datetime, now: datetime) -> str:
        got[ZONES[int(message.key.split("/")[0][1:])]].append(at)
        return "kept"

    with Store.open(folder / "year.db") as store:
        for tick in range(-48, 365 * 48):
            tell(store, daily, datetime(2019, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * tick), send)
    for zone, moments in got.items():
        local = [moment.astimezone(ZoneInfo(zone)) for moment in moments]
        days = Counter(moment.date() for moment in local if moment.year == 2019)
        other = sum((moment.hour, moment.minute) != (8, 0) for moment in local[1:])
        gaps = Counter(str(b.astimezone(UTC) - a.astimezone(UTC)) for a, b in pairwise(local[1:]))
        two = sum(n > 1 for n in days.values())
        print(f"  {zone:<18} {len(days)} days  {other} at another hour  {two} days with two  gaps {dict(gaps)}")


def main() -> None:
    if sys.argv[1:2] == ["sink"]:
        sink(Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory() as folder:
        kills(int(sys.argv[1]) if len(sys.argv) > 1 else 200, Path(folder))
        print("A year of digests at 08:00:")
        year(Path(folder))


if __name__ == "__main__":
    main()
