"""The words of claims: kinds, statuses, qualifiers, groups, figures, precision and basis of dates."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    REPATRIATION = "repatriation"  # brought home by the receiving state
    HANDOVER = "handover"  # the giving side hands over
    RETURN = "return"  # came or was deported without such a mission; also Syrians going home from al-Hol
    TRANSFER = "transfer"  # moved in custody or from camp to camp
    EXTRADITION = "extradition"


class Status(StrEnum):
    PLANNED = "planned"
    AGREED = "agreed"
    UNDER_WAY = "under_way"
    COMPLETED = "completed"
    REFUSED = "refused"
    DENIED = "denied"


class Qualifier(StrEnum):
    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Group(StrEnum):
    """Who is counted."""

    TOTAL = "total"
    CHILDREN = "children"
    WOMEN = "women"
    MEN = "men"
    FAMILIES = "families"
    GIRLS = "girls"
    BOYS = "boys"
    ORPHANS = "orphans"


class FigureKind(StrEnum):
    HELD = "held"
    REQUESTS = "requests"
    REPATRIATED_TOTAL = "repatriated_total"
    JOINED = "joined"
    DIED = "died"


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Basis(StrEnum):
    STATED = "stated"
    RELATIVE = "relative"  # resolved against the publication date
    REPORTED = "reported"  # only the report's own day is known: it happened on or before it


HOME = (Kind.REPATRIATION, Kind.HANDOVER, Kind.RETURN)


def cameo(kind: object, status: object) -> str | None:
    """CAMEO's code 0841 ("return, release person(s)") for a movement home that was or is being carried out."""
    return "0841" if kind in HOME and status in (Status.COMPLETED, Status.UNDER_WAY) else None
