"""How many articles a second the desk files, and whether a full store makes it slower.

    python -m benchmarks.filing [ARTICLES ...] [--file N] [--in FOLDER]

Synthetic news with a realistic vocabulary: texts of 400 words, one claim an article over 40 states and three years,
five outlets to an event, one article in ten a wire copy. The store is filled to each size by rows written straight into
its tables (benchmarks/full_store.py); then N articles are filed in it through the desk. CPU times are of this process,
for a machine may be busy with others. Prints articles a second and milliseconds (mean, median, 99th percentile), the
size of the file, and what the digest of the last day costs.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import desk
from benchmarks.full_store import Filed, Filling
from records.claims import Claim, Count, Evidence, Reading
from records.news import Article
from records.telling import Subscription
from records.words import Basis, Group, Kind, Precision, Status
from scheduler.telling import preview
from storage import Store

STATES = ("RU KZ UZ TJ KG AZ FR DE BE NL SE FI NO DK GB IE US CA AU AL XK MK BA RS TR TN MA DZ SD EG ID MY MV PH PK IQ "
          "SY ES IT AT")
COMMON = ("the of and to in a from were said children women camp families ministry Iraq Syria who had been for with on "
          "by that was their group flight north east returned home officials statement country court prison")
SECOND, FIRST_DAY = 1000, datetime(2019, 1, 1, 12, tzinfo=UTC)
PER_EVENT, COPIES, DAYS = 5, 0.1, 1000
BETWEEN = timedelta(seconds=86.4 * 2)  # from one article to the next: 500 a day
WARM = 200  # articles filed before the measuring begins


class News:
    """An endless stream of articles that is the same for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self.draw = random.Random(seed)  # a fixed stream, no secret  # noqa: S311
        self.states, self.common = STATES.split(), COMMON.split()
        self.rare = [f"{self.draw.choice(self.common)}{n}" for n in range(30_000)]
        self.events: list[tuple[str, int, int, datetime]] = []
        self.texts: list[str] = []
        self.stream = [self.draw.choice(self.common if self.draw.random() < 0.6 else self.rare) for _ in range(200_000)]

    def article(self, n: int) -> Filed:
        """Article `n`, of one of the events that were news lately."""
        if n % PER_EVENT == 0 or not self.events:
            self._happen()
        return self._told(n, self.draw.choice(self.events[-40:]), self._text())

    def quickly(self, n: int) -> Filed:
        """Article `n` for filling a store: a hundred words, and five of them in a row of one event."""
        if n % PER_EVENT == 0 or not self.events:
            self._happen()
            self.events = self.events[-40:]
        at = self.draw.randrange(len(self.stream) - 100)
        return self._told(n, self.events[-1], " ".join(self.stream[at:at + 100]))

    def _told(self, n: int, event: tuple[str, int, int, datetime], rest: str) -> Filed:
        state, children, women, day = event
        told = f"{children} children and {women} women were brought home to {state} on {day:%Y-%m-%d}."
        quote = Evidence(quote=told, start=0, end=len(told))
        claim = Claim(
            main=True, kind=Kind.REPATRIATION, status=Status.COMPLETED, evidence=quote, nationality=(state,),
            origin_country="IQ" if n % 100 == 0 else "SY", destination_country=state,
            event_date=f"{day:%Y-%m-%d}", event_date_precision=Precision.DAY, event_date_basis=Basis.STATED,
            counts={Group.CHILDREN: Count(value=children, written=str(children), evidence=quote),
                    Group.WOMEN: Count(value=women, written=str(women), evidence=quote)})
        published = day + timedelta(hours=self.draw.randrange(48))
        read = Reading(text=f"{told} {rest}", lang="en", relevant=True, why="synthetic", claims=(claim,))
        return Article(url=f"https://outlet{n % 97}.test/{n}", source_id=None, outlet=f"Outlet {n % 97}", title=None,
                       text=read.text, lang="en", published=published.isoformat()), read, FIRST_DAY + n * BETWEEN

    def _happen(self) -> None:
        day = FIRST_DAY + timedelta(days=self.draw.randrange(DAYS))
        self.events.append((self.draw.choice(self.states), self.draw.randrange(2, 120), self.draw.randrange(2, 60),
                            day))

    def _text(self) -> str:
        if self.texts and self.draw.random() < COPIES:
            return self.draw.choice(self.texts[-200:]) + " Copyright agency"
        text = " ".join(self.draw.choice(self.common if self.draw.random() < 0.6 else self.rare) for _ in range(400))
        self.texts = [*self.texts[-200:], text]
        return text


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000], metavar="ARTICLES")
    parser.add_argument("--file", type=int, default=1_000, metavar="N", help="articles to file at each size")
    parser.add_argument("--in", dest="folder", type=Path, help="where the store is made; it takes 4 GB a million")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder, Store.open(Path(folder) / "bench.db") as store:
        news = News()
        filling, done = Filling(store, news.quickly, PER_EVENT), 0
        for size in sorted(asked.sizes):
            filling.fill(done, size)
            done = file(store, news, size, asked.file)
            digest(store, FIRST_DAY + done * BETWEEN)


def file(store: Store, news: News, size: int, number: int) -> int:
    """File articles in a store of this size, one by one, and say what they took."""
    last = size + number + WARM
    waiting = [news.article(n) for n in range(size, last)]
    cpu, wall = [], []
    for article, reading, now in waiting:
        start, began = time.process_time(), time.perf_counter()
        desk.file(store, article, reading, source=None, now=now)
        cpu.append((time.process_time() - start) * SECOND)
        wall.append((time.perf_counter() - began) * SECOND)
    for name, took in (("CPU", cpu[WARM:]), ("wall", wall[WARM:])):
        print(f"{size:>9,} articles  {name:<4}  {len(took) / sum(took) * SECOND:6.0f}/s  "
              f"mean {statistics.mean(took):5.2f} ms  median {statistics.median(took):5.2f} ms  "
              f"99 % {statistics.quantiles(took, n=100)[98]:6.2f} ms  {store.path.stat().st_size / 1e6:6.0f} MB",
              flush=True)
    return last


def digest(store: Store, now: datetime) -> None:
    """What gathering a digest of the last day costs: its revisions, figures, events with their claims, the health."""
    took = []
    for _ in range(5):
        start = time.process_time()
        found = preview(store, Subscription(id="bench", channel="none"), now - timedelta(days=1), now)
        took.append((time.process_time() - start) * SECOND)
    print(f"{'':>9}           digest of a day ({len(found.opened)} events opened, {len(found.revised)} revised): "
          f"first {took[0]:.0f} ms, then {statistics.median(took[1:]):.0f} ms", flush=True)


if __name__ == "__main__":
    main()
