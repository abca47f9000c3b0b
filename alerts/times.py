"""Events in time: how many people came home month by month, and which plans are overdue. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as day_time

from alerts.words import WHO, codes, counts
from records.ledger import Event
from records.words import Basis, Group, Kind, Status

MONTHS = 12  # of the picture in a digest
HOME = {Kind.REPATRIATION, Kind.HANDOVER, Kind.RETURN}  # a transfer in custody brings nobody home
AHEAD = {Status.PLANNED, Status.AGREED}
BEFORE = timedelta(days=30)  # a plan may be carried out so much before its date, under other numbers


def first_month(until: datetime) -> date:
    """The first day of the first month of the picture that ends with `until`."""
    months = until.year * 12 + until.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def month_names(until: datetime) -> list[str]:
    """The months of the picture that ends with `until`, the first before the last ("2019-07")."""
    first = first_month(until)
    start = first.year * 12 + first.month - 1
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(start, start + MONTHS)]


def by_month(events: Iterable[Event], until: datetime,
             besides: Iterable[tuple[str, int]] = ()) -> tuple[tuple[str, int], ...]:
    """People who came home in each of the last twelve months, the current one included; () where nobody did.

    Only what was carried out, is dated to the month and has a number; a hedged number counts as it stands. `besides`:
    sums by month that are known already, of other events.
    """
    found = dict.fromkeys(month_names(until), 0)
    for month, came in besides:
        found[month] += came
    for event in events:
        month = str(event.value("event_date") or "")[:7]
        if month in found and event.value("status") == Status.COMPLETED and _comes_home(event):
            found[month] += people(event)
    return tuple(found.items()) if any(found.values()) else ()


def people(event: Event) -> int:
    """The total, else the sum of the groups that add up to people; 0 where no number is known."""
    have = counts(event)
    if Group.TOTAL in have:
        return int(have[Group.TOTAL].value or 0)
    return sum(int(have[group].value or 0) for group in WHO if group in have)


def overdue(plans: Iterable[Event], done: Sequence[Event], *, days: int, since: datetime,
            until: datetime) -> tuple[Event, ...]:
    """The plans that became overdue in the span: `days` after their date, or after they were first heard of where that
    was later; so each is told once. One that something like it followed, under other numbers, is not.
    """
    found = []
    for event in plans:
        last = last_day(event)
        if last is None or event.value("status") not in AHEAD:
            continue
        ended = datetime.combine(last + timedelta(days=1), day_time(), tzinfo=UTC)
        moment = max(ended, event.opened_at or ended) + timedelta(days=days)
        if since < moment <= until and not any(_carries_out(other, event, last) for other in done):
            found.append(event)
    return tuple(found)


def last_day(event: Event) -> date | None:
    """The last day that the event's date may mean; None where it has none, or only the day of the report is known."""
    slot = event.slots.get("event_date")
    said = str(slot.preferred.value) if slot and slot.preferred.value else ""
    bases = {c.claim.event_date_basis for c in event.claims if slot and c.id in slot.preferred.claim_ids}
    if not said or bases == {Basis.REPORTED}:
        return None
    try:
        if len(said) == 4:
            return date(int(said), 12, 31)
        if len(said) == 7:
            year, month = int(said[:4]), int(said[5:])
            return date(year, month, calendar.monthrange(year, month)[1])
        return date.fromisoformat(said[:10])
    except ValueError:
        return None


def _comes_home(event: Event) -> bool:
    kind = event.value("kind") or next((stored.claim.kind for stored in event.claims), Kind.REPATRIATION)
    return kind in HOME


def _carries_out(other: Event, plan: Event, last: date) -> bool:
    """The same people to the same country at about that time, or since."""
    day = last_day(other)
    same = plan.value("destination_country") in {None, other.value("destination_country")}
    home, theirs = (set(codes(one.value("nationality"))) for one in (plan, other))
    return (other.id != plan.id and day is not None and day >= last - BEFORE and same
            and (not home or bool(home & theirs)) and bool(home or plan.value("destination_country")))
