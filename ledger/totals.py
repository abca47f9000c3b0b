"""A stated total to date ("274 children brought home since 2017") against the sum of the events that are known.

    whose, whom, of which years | the events of that time, at the least and at the most | more, fewer, the same

A check and nothing more: no number of the ledger comes of it. A ledger that knows fewer is not complete; one that knows
more counts something twice, or the total is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from records.ledger import Event, StoredFigure
from records.words import Group, Kind, Qualifier

YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")  # in any script's digits
BEGUN = 2011  # nobody was brought home before
ABOUT = 0.1  # "about 300" leaves so much open, either way
HOME = frozenset({Kind.REPATRIATION, Kind.HANDOVER, Kind.RETURN})  # a transfer in custody brings nobody home
PERSONS = (Group.CHILDREN, Group.WOMEN, Group.MEN)


class Sum(StrEnum):
    """How the events known compare with a stated total."""

    MORE = "more"  # than the total allows: does not add up
    SAME = "same"
    FEWER = "fewer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A total that an article states, whose people it means, and which events it itself reports."""

    figure: StoredFigure
    nationality: str  # ISO code
    own: frozenset[int] = frozenset()  # events: the total may leave them out ("before that") or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """The events that a total may mean. `least`: those it must, `most`: those it can; `uncounted`: have no number."""

    total: Total
    since: str | None  # the years that its sentence names, the first and the last; None: all to date
    until: str
    least: int
    most: int
    events: int
    uncounted: int
    verdict: Sum


def against(total: Total, events: Iterable[Event]) -> Against | None:
    """The total held against completed events; None where it says of no day up to which it counts."""
    day = (total.figure.published or "")[:10]
    if not day:
        return None
    groups = _groups(total.figure)
    named = sorted({int(year) for year in YEAR.findall(total.figure.evidence.quote)
                    if BEGUN <= int(year) <= int(day[:4])})
    first = str(named[0]) if named else None
    last = str(named[-1]) if named else day  # "in 2021" ends with it, "since 2021" does not
    can = [event for event in events if _came(event, total.nationality) and _dated(event, first, day)]
    must = [event for event in can if _within(event, last) and event.id not in total.own]
    most, least = (sum(_number(event, groups, total.nationality) or 0 for event in some) for some in (can, must))
    return Against(total=total, since=first, until=last, least=least, most=most, events=len(can),
                   uncounted=sum(_number(event, groups, total.nationality) is None for event in can),
                   verdict=_verdict(total.figure, least, most))


def _verdict(figure: StoredFigure, least: int, most: int) -> Sum:
    slack = round(figure.value * ABOUT) if figure.qualifier is Qualifier.ABOUT else 0
    if least > figure.value + slack and figure.qualifier is not Qualifier.AT_LEAST:
        return Sum.MORE
    if most < figure.value - slack and figure.qualifier is not Qualifier.AT_MOST:
        return Sum.FEWER
    return Sum.SAME


def _groups(figure: StoredFigure) -> tuple[Group, ...]:
    """Whom the total counts: these groups summed, or one of another kind (families), or everybody."""
    found = [group for group in Group if str(group) in figure.groups and group is not Group.TOTAL]
    return tuple(found) if set(found) <= set(PERSONS) or len(found) == 1 else ()


def _came(event: Event, nationality: str) -> bool:
    return (event.merged_into is None and event.value("status") == "completed" and event.value("kind") in HOME
            and nationality in str(event.value("nationality") or "").split(","))


def _dated(event: Event, first: str | None, day: str) -> bool:
    """It can lie in the time: a mere year or month is in where any of its days is. Without a date it is in none."""
    date = str(event.value("event_date") or "")[:10]
    return bool(date) and date <= day[:len(date)] and (first is None or date >= first)


def _within(event: Event, last: str) -> bool:
    date = str(event.value("event_date") or "")[:10]
    return date[:len(last)] <= last if len(date) >= len(last) else date < last[:len(date)]


def _number(event: Event, groups: Collection[Group], nationality: str) -> int | None:
    """The people an event counts of these groups; of a flight for several states, those of the one state's part."""
    several = "," in str(event.value("nationality"))
    suffix = f":{nationality}" if several else ""
    wanted: Sequence[Group] = tuple(groups) or ((Group.TOTAL,) if event.value(f"{Group.TOTAL}{suffix}") else PERSONS)
    found = [value for group in wanted if isinstance(value := event.value(f"{group}{suffix}"), int)]
    return sum(found) if found else None
