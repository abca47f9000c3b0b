"""When can a claim's movement have happened? The days it leaves open, and how surely.

A stated day is that day or its neighbours: outlets date one night's flight by its start or its end. A report's own day
says that the event happened on or before it; a plan's, that it comes after.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from records.ledger import StoredClaim
from records.words import Basis, Status

SLACK = 1  # days between outlets' dates of one flight: Norway, Spain, Uzbekistan and Kosovo in the labelled news
REPORTED_BACK = 21  # days after which the news of a flight is still printed as news
PLAN_AHEAD = 150  # days from an announcement to the flight: Austria 2019 took two months, Uzbekistan's Mehr-2 one
PLAN_SLIP = 60  # days that a plan with a date may come late
LATE = 120  # days a strong number may be told late: Kyrgyzstan's 59 of February 2023 were told in May
FAR = 30  # days from every stated date of an event, beyond which not even an undated report of it helps
DAYS_APART = 1  # stated days that differ by more are a dispute
YEARS = (1900, 2200)  # a date outside is a broken page, and days can't be counted from it
LOOSE = 100  # days; a span of more is a mere year, in which like numbers come about more than once


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The first and the last day on which it can have happened. `day`: the stated one. `told`: only reported then."""

    first: date
    last: date
    day: date | None = None
    told: bool = False

    @property
    def vague(self) -> bool:
        return not self.told and (self.last - self.first).days > LOOSE


def span_of(stored: StoredClaim) -> Span | None:
    """The days a claim leaves open; None where neither it nor, of a main claim, its article has a date."""
    claim, ahead = stored.claim, is_plan(stored.claim.status)
    if claim.event_date and claim.event_date_basis is not Basis.REPORTED:
        return _stated(claim.event_date, ahead=ahead)
    reported = claim.event_date or (stored.published if claim.main else None)
    return _reported(reported[:10], ahead=ahead) if reported else None


@lru_cache(maxsize=4096)
def _reported(text: str, *, ahead: bool) -> Span | None:
    bounds = days_of(text)
    if bounds is None:
        return None
    back, on = (SLACK, PLAN_AHEAD) if ahead else (REPORTED_BACK, SLACK)
    return Span(first=bounds[0] - timedelta(days=back), last=bounds[1] + timedelta(days=on), told=True)


@lru_cache(maxsize=4096)  # the same days are asked for with every claim that is held against others
def _stated(text: str, *, ahead: bool) -> Span | None:
    bounds = days_of(text)
    if bounds is None:
        return None
    first, last = bounds
    return Span(first=first - timedelta(days=SLACK), last=last + timedelta(days=PLAN_SLIP if ahead else SLACK),
                day=first if first == last and not ahead else None)


def days_of(text: str) -> tuple[date, date] | None:
    """First and last day of an ISO day, instant, month or year; None for anything else, and for years without news."""
    try:
        year = int(text[:4])
        if not YEARS[0] <= year <= YEARS[1]:
            return None
        if len(text) == 4:
            return date(year, 1, 1), date(year, 12, 31)
        if len(text) == 7:
            month = int(text[5:])
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day, day


def apart(a: Span | None, b: Span | None) -> int | None:
    """Days between two spans: 0 where they meet, None where one is not known."""
    if a is None or b is None:
        return None
    if a.day and b.day:
        return max(abs((a.day - b.day).days) - SLACK, 0)
    if b.first <= a.last and a.first <= b.last:
        return 0  # as most do that are held against each other: dates compare faster than they are subtracted
    return (b.first - a.last).days if b.first > a.last else (a.first - b.last).days


def same_day(a: Span | None, b: Span | None) -> bool:
    """Both state a day, and it is the same or the next."""
    return bool(a and b and a.day and b.day) and apart(a, b) == 0


def days_apart(a: str, b: str) -> int:
    """Days between two ISO dates; 0 where one holds the other ("2019-07"), many where they can't be the same."""
    if len(a) == len(b) == 10:
        return abs((date.fromisoformat(a) - date.fromisoformat(b)).days)
    return 0 if a.startswith(b) or b.startswith(a) else 99


def is_plan(status: Status) -> bool:
    return status in (Status.PLANNED, Status.AGREED)


def months(span: Span, most: int = 14) -> list[str]:
    """The months a span touches, as "2019-07"; of a longer span the first ones."""
    first, last = (day.year * 12 + day.month - 1 for day in (span.first, span.last))
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, min(last, first + most - 1) + 1)]
