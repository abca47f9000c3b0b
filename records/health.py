"""How the sources do, endpoint by endpoint: made from what their visits and articles were like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from records.news import EndpointKind


class Condition(StrEnum):
    """How an endpoint does, the worst that holds."""

    GONE = "gone"  # answered 410 twice; not visited any more
    MUTE = "never answered"  # tried, and has never given an entry: its probe failed
    FAILING = "failing"  # its last visit failed
    SILENT = "silent"  # answers, and has had nothing new for far longer than is usual for it
    ODD = "odd"  # answers, and something about it has changed: volume, rungs, entries that scroll off
    UNTRIED = "untried"  # not visited yet
    WELL = "well"
    PAUSED = "paused"  # by a person


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointHealth:
    """One endpoint that the config watches."""

    endpoint_id: int
    source_id: str
    source: str  # its name
    url: str  # as the config gives it
    kind: EndpointKind
    condition: Condition
    notes: tuple[str, ...] = ()  # sentences, the worst first
    history: str = ""  # its last visits, oldest first: "+" new, "." nothing new, "o" empty, "x" failed
    asked: int = 0  # visits in the last week
    answered: int = 0
    new_week: int = 0  # new entries in the last week
    usual_week: float | None = None  # of the weeks before; None where they are too few
    interval: float = 0.0  # seconds between visits
    next_due: datetime | None = None
    last_visit: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source with its endpoints; `notes` are of its articles: what is read from its pages, and what is not."""

    source_id: str
    source: str
    endpoints: tuple[EndpointHealth, ...]
    notes: tuple[str, ...] = ()
