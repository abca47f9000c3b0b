"""A day of two hundred endpoints played through in minutes, with the real crawl worker and a real HTTP server.

    python -m benchmarks.day [--minutes 6] [--endpoints 200] [--seed 1] [--keep FOLDER]

The worker's clock runs so much faster (`python -m crawler work --speed`); intervals, back-off, Retry-After and
leases go by it, while a request takes as long as it takes: half a second of this machine are two minutes of that day,
so that delays come out too long rather than too short. Entries are of no interest but for one in a hundred, whose page
is fetched. What was published, shown and given out is counted by the server; what was stored and told, by the store.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from benchmarks.day_world import DAY, Fault, Place, world
from storage import Store

BEGAN = datetime(2026, 11, 24, tzinfo=UTC)  # a Tuesday
SKEW = 300.0  # seconds by which the worker's clock and the server's may differ: its start is heard of, not seen


@dataclass
class Town:
    """The server. `now` counts seconds since the day began, on the fast clock."""

    places: list[Place]
    speed: float
    port: int = 0
    zero: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)

    def now(self) -> float:
        return (time.monotonic() - self.zero) * self.speed if self.zero else 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := (await reader.readline()).decode("latin-1").split():
                headers = {}
                while line := (await reader.readline()).strip():
                    name, _, value = line.decode("latin-1").partition(":")
                    headers[name.strip().lower()] = value.strip()
                status, more, body = self.answer(request[1], headers)
                if status == 0:
                    await asyncio.sleep(30)
                    return
                lines = "".join(f"{name}: {value}\r\n" for name, value in more.items())
                length = "" if status == 304 else f"Content-Length: {len(body)}\r\n"
                writer.write(f"HTTP/1.1 {status} Said\r\n{lines}{length}\r\n".encode() + body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        kind, _, rest = path.strip("/").partition("/")
        if kind == "robots.txt":
            return 404, {}, b""
        if kind == "page":
            self.answers["page"] += 1
            return 200, {"Content-Type": "text/html; charset=utf-8"}, _page(rest)
        status, more, body = self.visit(self.places[int(rest)], kind, headers)
        self.answers[str(status or "silent")] += 1
        return status, more, body

    def visit(self, place: Place, kind: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        now = self.now()
        place.asked += 1
        if place.has(Fault.SILENT, now):
            return 0, {}, b""
        if place.has(Fault.THROTTLED, now):
            return 503, {"Retry-After": "600"}, b""
        if place.has(Fault.GONE, now) or place.has(Fault.GONE_ONCE, now):
            return 410, {}, b""
        if place.has(Fault.MOVED, now) and kind == "feed":
            return 301, {"Location": f"/moved/{place.number}"}, b""
        shown = place.shown(now)
        stormy = place.has(Fault.STORM, now)
        etag = f'"{place.number}-{"any" if place.has(Fault.LIAR, now) else shown.stop}-{stormy}"'
        if headers.get("if-none-match") == etag:
            return 304, {"ETag": etag}, b""
        for entry in shown:
            place.served.setdefault(entry, now)
        items = "".join(self.item(place, entry, "b" if stormy else "a") for entry in reversed(shown))
        text = f'<rss version="2.0"><channel><title>{place.sort.name} {place.number}</title>{items}</channel></rss>'
        return 200, {"ETag": etag, "Content-Type": "application/rss+xml"}, text.encode()

    def item(self, place: Place, entry: int, edition: str) -> str:
        name = f"{place.number}/{entry}"
        title = f"Council number {entry} meets over the harbour of town {place.number}"
        if (place.number + entry) % 100 == 0:
            title = f"{11 + entry % 60} children brought home from al-Hol camp, flight {name}"
        when = format_datetime(BEGAN + timedelta(seconds=place.times[entry]))
        return (f"<item><title>{title}</title><link>http://{host(place.number)}:{self.port}/page/{name}</link>"
                f'<guid isPermaLink="false">{edition}-{name}</guid><pubDate>{when}</pubDate></item>')


def host(number: int) -> str:
    return f"127.0.1.{number + 1}"


def _page(name: str) -> bytes:
    title = f"Children brought home, flight {name}"
    return (f"<title>{title}</title><article><h1>{title}</h1><p>Children were brought home from al-Hol camp in "
            "Syria to Denmark on Monday, the Foreign Ministry said.</p></article>").encode()


def write_config(folder: Path, town: Town) -> Path:
    sources = "".join(
        f'\n[[source]]\nid = "s{place.number}"\nname = "{place.sort.name} {place.number}"\n'
        f'[[source.endpoint]]\nurl = "http://{host(place.number)}:{town.port}/feed/{place.number}"\n'
        for place in town.places)
    path = folder / "homeward.toml"
    path.write_text('database = "day.db"\n[crawl]\ncontact = "bench@example.org"\nallow_networks = ["127.0.0.0/8"]\n'
                    f"delay = 0.05\nfeed_timeout = 2\n{sources}", "utf-8")
    return path


async def play(town: Town, folder: Path, minutes: float) -> float:
    """Run the day. Returns the worker's CPU seconds, its children's with it."""
    servers = [await asyncio.start_server(town.serve, host(0), 0)]
    town.port = servers[0].sockets[0].getsockname()[1]
    servers += [await asyncio.start_server(town.serve, host(place.number), town.port) for place in town.places[1:]]
    config = write_config(folder, town)
    with (folder / "log").open("w") as log:
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "crawler", "work", "--config", str(config), "--now", f"{BEGAN:%Y-%m-%dT%H:%M:%S}",
            "--speed", f"{town.speed:g}", stdout=asyncio.subprocess.PIPE, stderr=log, limit=1 << 20)
        assert worker.stdout is not None
        await worker.stdout.readline()  # "start"
        town.zero = time.monotonic()
        drain = asyncio.create_task(_drained(worker.stdout))
        await asyncio.sleep(minutes * 60)
        used = _cpu(worker.pid)
        worker.send_signal(signal.SIGTERM)
        await asyncio.wait_for(worker.wait(), 60)
        await drain
    return used


async def _drained(stream: asyncio.StreamReader) -> None:
    while await stream.readline():
        pass


def _cpu(pid: int) -> float:
    from benchmarks.peers.measure import cpu, family  # noqa: PLC0415 - it is Linux's alone

    return cpu(family(pid))


def report(town: Town, folder: Path, used: float) -> None:
    end = town.now()
    with Store.open(folder / "day.db", readonly=True) as store:
        stored = {row["url"].partition("/page/")[2] for row in store.rows("select url from entries")}
        gaps = store.rows("select asked_url as url, since, at from gaps join endpoints e on e.id = endpoint_id")
    told: dict[int, list[tuple[float, float]]] = {}
    for gap in gaps:
        span = (_seconds(gap["since"]), _seconds(gap["at"]))
        told.setdefault(int(gap["url"].rpartition("/")[2]), []).append(span)
    print(f"{'':14}{'endpoints':>10}{'published':>10}{'polls':>8}{'missed':>8}{'told':>6}{'lost':>6}"
          f"{'delay, min: median':>20}{'p95':>7}{'worst':>7}   (without outages)")
    everything = town.places
    for name in [*dict.fromkeys(place.sort.name for place in everything), "all"]:
        some = [place for place in everything if name in (place.sort.name, "all")]
        print(_line(name, some, stored, told, end))
    print("answers:", dict(town.answers), f"| gaps told: {len(gaps)} | worker {used:.0f} CPU s",
          f"| {town.speed:.0f} times as fast as the world")


def _seconds(text: str | None) -> float:
    return (datetime.fromisoformat(text) - BEGAN).total_seconds() if text else 0.0


def _line(name: str, places: list[Place], stored: set[str], told: dict[int, list[tuple[float, float]]],
          end: float) -> str:
    """`missed`: shown and gone, never stored. `told`: within a recorded gap. `lost`: stood in an answer, not stored."""
    published = polls = missed = explained = lost = 0
    delays = []
    for place in places:
        polls += place.asked
        for entry, at in enumerate(place.times):
            if not 0 <= at < end or place.has(Fault.GONE, at):
                continue
            published += 1
            if (first := place.served.get(entry)) is not None:
                delays.append(first - at - place.down(at, first))
                lost += f"{place.number}/{entry}" not in stored
            elif place.outlived(entry) < min(end, place.faults.get(Fault.GONE, (end, 0.0))[0]):
                missed += 1
                explained += any(since - SKEW <= at <= until + SKEW for since, until in told.get(place.number, []))
    minutes = sorted(delay / 60 for delay in delays) or [0.0]
    return (f"{name:14}{len(places):10}{published:10}{polls:8}{missed:8}{explained:6}{lost:6}"
            f"{statistics.median(minutes):20.1f}{minutes[int(0.95 * len(minutes))]:7.1f}{minutes[-1]:7.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--endpoints", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="an empty folder for the store, to look at it afterwards")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = asked.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        town = Town(world(asked.endpoints, asked.seed), DAY / (asked.minutes * 60))
        used = asyncio.run(play(town, folder, asked.minutes))
        report(town, folder, used)
    print(json.dumps({"seed": asked.seed, "minutes": asked.minutes}))


if __name__ == "__main__":
    main()
