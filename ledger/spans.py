"""When a claim can have happened, as the days it leaves open."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from records.ledger import StoredClaim
from records.words import Basis, Precision, Status

REPORTED_BACK = 12  # days: outlets report a flight up to so long after it (10 July, told on 15 July)
PLAN_AHEAD = 150  # days between an announcement and the flight (Mehr-2: September to October)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The first and the last day on which it can have happened. `exact`: a stated day. `told`: the day of telling."""

    first: date
    last: date
    exact: bool = False
    told: date | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def gap(self, other: Span) -> int:
        """Days between the two; 0 where they overlap."""
        return max((other.first - self.last).days, (self.first - other.last).days, 0)


def span_of(stored: StoredClaim) -> Span | None:
    """The days a claim leaves open; None where neither it nor its article has a date."""
    claim = stored.claim
    if claim.event_date is None:
        told = day_of(stored.published)
        if told is None or not claim.main:
            return None
        return _around(told, planned=is_plan(claim.status), loose=len(stored.published or "") < 10)
    if claim.event_date_precision is Precision.YEAR:
        year = int(claim.event_date)
        return Span(first=date(year, 1, 1), last=date(year, 12, 31))
    if claim.event_date_precision is Precision.MONTH:
        year, month = (int(part) for part in claim.event_date.split("-"))
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return Span(first=first, last=last + timedelta(days=PLAN_AHEAD if is_plan(claim.status) else 0))
    day = date.fromisoformat(claim.event_date)
    if is_plan(claim.status) or claim.event_date_basis is Basis.REPORTED:
        return _around(day, planned=is_plan(claim.status))
    return Span(first=day, last=day, exact=True, told=day)


def _around(day: date, *, planned: bool, loose: bool = False) -> Span:
    if planned:
        return Span(first=day - timedelta(days=REPORTED_BACK), last=day + timedelta(days=PLAN_AHEAD), told=day)
    if loose:
        return Span(first=day - timedelta(days=31), last=day + timedelta(days=31))
    return Span(first=day - timedelta(days=REPORTED_BACK), last=day, told=day)


def is_plan(status: Status) -> bool:
    return status in (Status.PLANNED, Status.AGREED)


def day_of(moment: str | None) -> date | None:
    """The day of an ISO date or instant; the first of a bare month; None for a year or nothing."""
    if not moment or len(moment) < 7:
        return None
    try:
        return date.fromisoformat(moment[:10] if len(moment) >= 10 else f"{moment[:7]}-01")
    except ValueError:
        return None


def months(span: Span, most: int = 9) -> list[str]:
    """The months a span touches, as "2019-07", the nearest to its end first when there are more than `most`."""
    found: list[str] = []
    year, month = span.last.year, span.last.month
    while (year, month) >= (span.first.year, span.first.month) and len(found) < most + 5:
        found.append(f"{year:04}-{month:02}")
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found[:most] if len(found) <= most else [*found[:1], *found[-most + 1:]]
