"""How many articles a second the desk files, and whether a full store makes it slower.

    python -m benchmarks.filing [ARTICLES] [--every N]

Synthetic news with a realistic vocabulary: one claim an article over 40 states and three years, five outlets to an
event, one article in ten a wire copy. Times are CPU times of this process, for a machine may be busy with others.
Prints one line per step: articles in the store, articles a second, milliseconds (median and 99th percentile), size of
the file; and what a digest of the last 300 changes costs.
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
from records.claims import Claim, Count, Evidence, Reading
from records.news import Article
from records.words import Basis, Group, Kind, Precision, Status
from storage import Store

STATES = ("RU KZ UZ TJ KG AZ FR DE BE NL SE FI NO DK GB IE US CA AU AL XK MK BA RS TR TN MA DZ SD EG ID MY MV PH PK IQ "
          "SY ES IT AT")
COMMON = ("the of and to in a from were said children women camp families ministry Iraq Syria who had been for with on "
          "by that was their group flight north east returned home officials statement country court prison")
SECOND, FIRST_DAY = 1000, datetime(2019, 1, 1, 12, tzinfo=UTC)
PER_EVENT, COPIES, DAYS = 5, 0.1, 1000


class News:
    """An endless stream of articles that is the same for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self.draw = random.Random(seed)  # a fixed stream, no secret  # noqa: S311
        self.states, self.common = STATES.split(), COMMON.split()
        self.rare = [f"{self.draw.choice(self.common)}{n}" for n in range(30_000)]
        self.events: list[tuple[str, int, int, datetime]] = []
        self.texts: list[str] = []

    def article(self, n: int) -> tuple[Article, Reading, datetime]:
        state, children, women, day = self._event(n)
        told = f"{children} children and {women} women were brought home to {state} on {day:%Y-%m-%d}."
        text = f"{told} {self._text()}"
        quote = Evidence(quote=told, start=0, end=len(told))
        claim = Claim(
            main=True, kind=Kind.REPATRIATION, status=Status.COMPLETED, evidence=quote, nationality=(state,),
            origin_country=self.draw.choice(("IQ", "SY")) if n % 50 == 0 else "SY", destination_country=state,
            event_date=f"{day:%Y-%m-%d}", event_date_precision=Precision.DAY, event_date_basis=Basis.STATED,
            counts={Group.CHILDREN: Count(value=children, written=str(children), evidence=quote),
                    Group.WOMEN: Count(value=women, written=str(women), evidence=quote)})
        published = day + timedelta(hours=self.draw.randrange(48))
        read = Reading(text=text, lang="en", relevant=True, why="synthetic", claims=(claim,))
        return Article(url=f"https://outlet{n % 97}.test/{n}", source_id=None, outlet=f"Outlet {n % 97}", title=None,
                       text=text, lang="en", published=published.isoformat()), read, published

    def _event(self, n: int) -> tuple[str, int, int, datetime]:
        if n % PER_EVENT == 0 or not self.events:
            day = FIRST_DAY + timedelta(days=self.draw.randrange(DAYS))
            self.events.append((self.draw.choice(self.states), self.draw.randrange(2, 120),
                                self.draw.randrange(2, 60), day))
        return self.draw.choice(self.events[-40:])

    def _text(self) -> str:
        if self.texts and self.draw.random() < COPIES:
            return self.draw.choice(self.texts[-200:]) + " Copyright agency"
        text = " ".join(self.draw.choice(self.common if self.draw.random() < 0.6 else self.rare) for _ in range(400))
        self.texts = [*self.texts[-200:], text]
        return text


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("articles", nargs="?", type=int, default=10_000)
    parser.add_argument("--every", type=int, default=2_000, help="articles between two lines")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "bench.db") as store:
        news, took = News(), []
        for n in range(asked.articles):
            article, reading, now = news.article(n)
            start = time.process_time()
            desk.file(store, article, reading, source=None, now=now)
            took.append((time.process_time() - start) * SECOND)
            if (n + 1) % asked.every == 0:
                report(store, n + 1, took)
                took = []
        digest(store)


def report(store: Store, n: int, took: list[float]) -> None:
    size = store.path.stat().st_size / 1e6
    print(f"{n:>9,} articles  {len(took) / sum(took) * SECOND:6.0f}/s  median {statistics.median(took):5.2f} ms  "
          f"99 % {statistics.quantiles(took, n=100)[98]:5.2f} ms  {size:6.0f} MB")


def digest(store: Store) -> None:
    """What gathering a day's digest costs: its revisions and figures, and the events they are of."""
    last, start = store.last_revision(), time.process_time()
    changes = store.revisions(after=max(last - 300, 0), upto=last)
    events = [store.event(one) for one in {change.event_id for change in changes}]
    took = (time.process_time() - start) * SECOND
    print(f"a digest of {len(changes)} changes to {len(events)} events: {took:.0f} ms")


if __name__ == "__main__":
    main()
