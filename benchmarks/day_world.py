"""Two hundred endpoints of five sorts, what each publishes on one day, and what goes wrong with some of them.

Everything is drawn beforehand from one seed, in seconds since the day began; the days before are drawn likewise, so
that a first visit meets a full window. Nothing in here knows how often it is visited.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random

DAY = 86_400.0
HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """How endpoints of one sort publish: entries a day from … to, how many show at once, and when in the day."""

    name: str
    share: float
    least: float
    most: float
    windows: Sequence[int]
    hours: Sequence[float]  # weights of the day's 24 hours
    bursts: int = 0  # a day: 8 to 14 entries within twenty minutes


NIGHT_AND_DAY = (1, 1, 1, 1, 1, 2, 6, 9, 9, 8, 6, 5, 5, 5, 4, 4, 4, 4, 3, 3, 2, 2, 1, 1)  # a peak in the morning
OFFICE = (0, 0, 0, 0, 0, 0, 0, 1, 4, 5, 5, 5, 2, 4, 5, 5, 3, 1, 0, 0, 0, 0, 0, 0)
SORTS = (
    Sort(name="agency", share=0.1, least=150, most=400, windows=(30, 50), hours=NIGHT_AND_DAY),
    Sort(name="paper", share=0.4, least=20, most=80, windows=(20, 25, 30), hours=NIGHT_AND_DAY),
    Sort(name="ministry", share=0.2, least=1, most=6, windows=(10, 15), hours=OFFICE),
    Sort(name="ngo, weekly", share=0.2, least=0.1, most=0.4, windows=(10,), hours=OFFICE),
    Sort(name="bursts", share=0.1, least=6, most=20, windows=(15, 20), hours=NIGHT_AND_DAY, bursts=2),
)


class Fault(Enum):
    """What may be wrong with an endpoint for some time, or with some for good."""

    THROTTLED = "503 with Retry-After"
    SILENT = "no answer"
    LIAR = "304 for whatever it has"
    MOVED = "301 to another path"
    GONE = "410, for good"
    GONE_ONCE = "410, for ten minutes"
    STORM = "all guids new, once"


SHARES = {Fault.THROTTLED: 0.15, Fault.SILENT: 0.1, Fault.LIAR: 0.03, Fault.MOVED: 0.05, Fault.GONE: 0.02,
          Fault.GONE_ONCE: 0.03, Fault.STORM: 0.03}
LASTING = {Fault.THROTTLED: (0.3, 1.5), Fault.SILENT: (0.5, 2.0), Fault.GONE_ONCE: (0.17, 0.17)}  # hours


@dataclass(slots=True)
class Place:
    """One endpoint. `times`: of all its entries, oldest first; the entry's number is its place in it."""

    number: int
    sort: Sort
    window: int
    times: list[float]
    faults: dict[Fault, tuple[float, float]] = field(default_factory=dict)  # from, until
    served: dict[int, float] = field(default_factory=dict)  # entry → when it was first given out
    asked: int = 0

    def shown(self, now: float) -> range:
        """The entries that it shows."""
        out = bisect_right(self.times, now)
        return range(max(out - self.window, 0), out)

    def has(self, fault: Fault, now: float) -> bool:
        start, end = self.faults.get(fault, (DAY * 9, 0.0))
        return start <= now < end

    def down(self, start: float, end: float) -> float:
        """Seconds of this span in which it could not be had."""
        spans = [span for fault, span in self.faults.items() if fault in LASTING]
        return sum(max(min(end, until) - max(start, since), 0.0) for since, until in spans)

    def outlived(self, entry: int) -> float:
        """When the entry left the window."""
        after = entry + self.window
        return self.times[after] if after < len(self.times) else DAY * 9


def world(endpoints: int, seed: int) -> list[Place]:
    dice = Random(seed)  # noqa: S311 - the same day again, no secret
    places = []
    for number in range(endpoints):
        sort = _sort_of(number / endpoints)
        window = dice.choice(sort.windows)
        times = _times(sort, dice.uniform(sort.least, sort.most), window, dice)
        places.append(Place(number, sort, window, times))
    for fault, share in SHARES.items():
        for place in dice.sample(places, round(share * endpoints)):
            place.faults[fault] = _span(fault, dice)
    return places


def _sort_of(share: float) -> Sort:
    for sort in SORTS:
        share -= sort.share
        if share < 0:
            return sort
    return SORTS[-1]


def _times(sort: Sort, daily: float, window: int, dice: Random) -> list[float]:
    days_back = int(window / daily) + 2
    times = []
    for day in range(-days_back, 1):
        many = int(daily) + (dice.random() < daily % 1)
        times += [day * DAY + _moment(sort, dice) for _ in range(many)]
        for _ in range(sort.bursts):
            begins = day * DAY + _moment(sort, dice)
            times += [begins + dice.uniform(0, 1200) for _ in range(dice.randint(8, 14))]
    return sorted(times)


def _moment(sort: Sort, dice: Random) -> float:
    return (dice.choices(range(24), sort.hours)[0] + dice.random()) * HOUR


def _span(fault: Fault, dice: Random) -> tuple[float, float]:
    start = dice.uniform(2 * HOUR, 20 * HOUR)
    if fault in (Fault.LIAR, Fault.MOVED):
        return -DAY, 2 * DAY
    return start, (start + dice.uniform(*LASTING[fault]) * HOUR if fault in LASTING else 2 * DAY)
