"""The daemon under load: 5,000 endpoints at a rhythm of fifteen minutes, two new articles a second, alerts by mail.

    python -m benchmarks.load [--minutes 60] [--feeds 5000] [--interval 900] [--articles 2]

Real parts throughout: a process that serves the feeds on fifty addresses of loopback (benchmarks/gazettes.py),
`homeward run` with its own settings (a second between two requests to a server), a mailbox that speaks
SMTP. How an hour is compressed: `homeward crawl` meets every feed once; then visits are put evenly into the next
fifteen minutes, as weeks of jitter do, and feeds have what they would have published since their last visit. So the
first minute is like every later one, and a run of ten minutes shows what an hour does, but for growth, which only the
whole hour shows. The first minute is not measured.

Printed: how late visits began, publication -> filed -> delivered, CPU, memory, open files, WAL. Filed to delivered is
measured at the mailbox, for every revision that was told. CPU is of the daemon's processes, not of feeds or mailbox.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.memory import Share, shares, table
from benchmarks.peers.farm import ENTRIES, HOSTS
from benchmarks.peers.resident import ask
from homeward.newsroom.post import Mail, Mailbox
from storage import Store
from storage.base import to_text

HOMEWARD = Path(sys.executable).with_name("homeward")
PER_SOURCE = 5
SETTLE, EVERY = 60.0, 10.0  # seconds: until the measuring begins; between two looks
TICK = os.sysconf("SC_CLK_TCK")
CONFIG = """\
database = "homeward.db"

[crawl]
contact = "bench@homeward.example"
allow_networks = ["127.0.0.0/8"]
interval = {interval}
min_interval = {interval}
max_interval = {interval}
{more}
[[channel]]
id = "desk"
kind = "email"
to = ["desk@example.org"]
from = "homeward@example.org"
host = "127.0.0.1"
port = {port}
tls = "none"

[[subscription]]
id = "at-once"
channel = "desk"
every = "instant"
most_an_hour = 1000
"""


class Stamped(Mailbox):
    """Notes when each mail came."""

    def __init__(self) -> None:
        super().__init__()
        self.came: dict[str, float] = {}  # Message-ID -> seconds since 1970

    def take(self, mail: Mail) -> None:
        self.came.setdefault(str(mail.message["Message-ID"]), time.time())


@dataclass
class Load:
    """One run under way."""

    folder: Path
    feeds: int
    interval: int
    rate: float  # articles a second
    port: int  # of the feeds
    draw: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - the same each time
    stories: int = 0
    published: dict[str, float] = field(default_factory=dict)  # path of a page -> seconds since 1970
    versions: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    due: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # endpoint -> when to visit
    cpu: dict[tuple[int, str], list[float]] = field(default_factory=lambda: defaultdict(list))  # seconds, at each look
    wal: int = 0

    @property
    def database(self) -> Path:
        return self.folder / "homeward.db"

    def publish(self, feed: int, at: float) -> None:
        ask(self.port, f"tell?feed={feed}&story={self.stories}&at={at}")
        self.published[f"/a/{feed}/{ENTRIES + self.versions[feed]}"] = at
        self.versions[feed] += 1
        self.stories += 1

    def spread(self) -> None:
        """Visits evenly over the interval from now on, and what was published since each feed's last one."""
        now, waits = time.time() + 5, [self.draw.random() * self.interval for _ in range(self.feeds)]
        with Store.open(self.database) as store, store.write():
            for feed, wait in enumerate(waits):
                due = datetime.fromtimestamp(now + wait, UTC)
                store.execute("update endpoints set next_due = ?, last_visit = ?, last_success = ? where url like ?",
                              (to_text(due), *[to_text(due - timedelta(seconds=self.interval))] * 2, f"%/f/{feed}"))
        for at in sorted(now - self.draw.random() * self.interval for _ in range(int(self.rate * self.interval))):
            feed = self.draw.randrange(self.feeds)
            if at > now + waits[feed] - self.interval:
                self.publish(feed, at)

    def look(self, pid: int) -> None:
        """Note due times, CPU and the size of the WAL."""
        with Store.open(self.database, readonly=True) as store:
            for row in store.rows("select id, next_due from endpoints"):
                known = self.due[row["id"]]
                if not known or known[-1] != row["next_due"]:
                    known.append(row["next_due"])
        for one in shares(pid):
            self.cpu[one.pid, one.name].append(cpu_of(one.pid))
        wal = self.database.with_name("homeward.db-wal")
        self.wal = max(self.wal, wal.stat().st_size if wal.exists() else 0)


def cpu_of(pid: int) -> float:
    """Seconds of CPU of a process so far; 0 where it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


@contextmanager
def gazettes(feeds: int) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.gazettes", "--feeds", str(feeds)],
                               stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def write_config(load: Load, mail_port: int, more: str = "") -> None:
    parts = [CONFIG.format(interval=load.interval, port=mail_port, more=more)]
    for first in range(0, load.feeds, PER_SOURCE):
        parts.append(f'[[source]]\nid = "gazette-{first}"\nname = "Gazette {first}"\nlanguages = ["en"]\n')
        parts += [f'[[source.endpoint]]\nurl = "http://{HOSTS[n % len(HOSTS)]}:{load.port}/f/{n}"\n'
                  for n in range(first, min(first + PER_SOURCE, load.feeds))]
    (load.folder / "homeward.toml").write_text("\n".join(parts), "utf-8")


def run(load: Load, minutes: float) -> tuple[list[Share], list[Share], datetime]:
    """The daemon at work. Returns its processes when the measuring began and at the end, and when it began."""
    with (load.folder / "log").open("w") as log:
        daemon = subprocess.Popen([str(HOMEWARD), "run", "--config", "homeward.toml"], stdout=log, stderr=log,
                                  cwd=load.folder)
    try:
        began, looked, first, since = time.monotonic(), 0.0, list[Share](), datetime.now(UTC)
        while (passed := time.monotonic() - began) < minutes * 60 + SETTLE:
            load.publish(load.draw.randrange(load.feeds), time.time())
            if passed >= SETTLE and not first:
                first, since = shares(daemon.pid), datetime.now(UTC)
                load.cpu.clear()
            if passed >= looked:
                load.look(daemon.pid)
                looked = passed + EVERY
            time.sleep(max(0.0, load.draw.expovariate(load.rate)))
        load.look(daemon.pid)
        return first, shares(daemon.pid), since
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(90)


def line(name: str, seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return f"{name}: too few ({len(seconds)})"
    cuts = statistics.quantiles(seconds, n=100)
    return (f"{name}: {len(seconds)} of them; p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s, longest {max(seconds):.2f} s")


def report(load: Load, box: Stamped, since: datetime) -> None:
    with Store.open(load.database, readonly=True) as store:
        visits = store.rows("select endpoint_id as id, started_at, finished_at, outcome from visits "
                            "where started_at > ?", [to_text(since)])
        filed = store.rows("select url, filed_at, from_entry from articles where filed_at > ?", [to_text(since)])
        told = store.rows(
            "select d.receipt, r.at, a.url from deliveries d join delivery_events m on m.delivery_id = d.id join "
            "revisions r on r.event_id = m.event_id and r.id > d.after_revision and r.id <= d.last_revision "
            "left join claims c on c.id = r.claim_id left join articles a on a.id = c.article_id "
            "where d.state = 'sent' and r.at > ?", [to_text(since)])
        counts = store.row("select (select count(*) from events) as events, (select count(*) from articles) as "
                           "articles, (select count(*) from deliveries) as messages, (select count(*) from deliveries "
                           "where state != 'sent') as unsent, (select count(*) from entries where state = 'promised') "
                           "as promised") or {}
    late, took = [], []
    for row in visits:
        known = [due for due in load.due[row["id"]] if due <= row["started_at"]]
        if known:
            late.append(seconds_of(row["started_at"]) - seconds_of(known[-1]))
            took.append(seconds_of(row["finished_at"]) - seconds_of(row["started_at"]))
    outcomes = {row["outcome"]: sum(other["outcome"] == row["outcome"] for other in visits) for row in visits}
    print(line("visits begun after they were due", late), outcomes)
    print(line("from a visit's beginning to stored", took))
    print(line("publication -> filed (half the rhythm is the wait for the visit)",
               [seconds_of(row["filed_at"]) - load.published[urlsplit(row["url"]).path] for row in filed]),
          f"{sum(row['from_entry'] for row in filed)} from the feed alone")
    arrived = [(row, box.came[row["receipt"]]) for row in told if row["receipt"] in box.came]
    print(line("filed -> delivered", [came - seconds_of(row["at"]) for row, came in arrived]))
    print(line("publication -> delivered", [came - load.published[urlsplit(row["url"]).path] for row, came in arrived
                                            if row["url"]]))
    print(f"in the store: {counts}; mails {len(box.came)}; WAL at most {load.wal / 1e6:.1f} MB")


def seconds_of(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--feeds", type=int, default=5000)
    parser.add_argument("--interval", type=int, default=900)
    parser.add_argument("--articles", type=float, default=2.0, help="a second")
    parser.add_argument("--keep", type=Path, help="A folder for the database and the log, to look at afterwards.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, gazettes(asked.feeds) as port, Stamped() as box:
        folder = asked.keep or Path(name)
        load = Load(folder=folder, feeds=asked.feeds, interval=asked.interval, rate=asked.articles, port=port)
        write_config(load, box.port, more="delay = 0\nper_host = 8\n")
        started = time.monotonic()
        subprocess.run([str(HOMEWARD), "crawl"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        print(f"first meeting of {asked.feeds} feeds: {time.monotonic() - started:.0f} s", flush=True)
        write_config(load, box.port)
        load.spread()
        first, last, since = run(load, asked.minutes)
        measured = asked.minutes * 60
        report(load, box, since)
        for (_, process), seconds in load.cpu.items():
            print(f"CPU of {process}: {max(seconds) - seconds[0]:.1f} s, {(max(seconds) - seconds[0]) / measured:.1%}")
        total = sum(max(seconds) - seconds[0] for seconds in load.cpu.values())
        print(f"CPU together: {total / measured:.1%} of one core, over {measured:.0f} s")
        print("at the start", table(first), "at the end", table(last), sep="\n")


if __name__ == "__main__":
    main()
