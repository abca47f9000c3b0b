"""What a person decides in review: corrections, and the claims that are worth a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """What can be done with a claim or an event."""

    ACCEPT = "accept"  # the claim says so, and its numbers are the ones to quote
    CORRECT = "correct"  # the claim says something else than was read
    REJECT = "reject"  # it reports no movement of this kind
    MERGE = "merge"  # two events are one
    SPLIT = "split"  # the claim is of another event
    UNDO = "undo"  # an earlier correction holds no longer


MARKING = (Action.ACCEPT, Action.CORRECT, Action.REJECT)  # what is said of one claim; the newest in force holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One decision of a person, stored apart from what was read. Found again by the claim's article and sentence."""

    id: int | None
    action: Action
    at: datetime
    claim_id: int | None = None  # the claim it was said of; of a merge, a claim of the event that was merged away
    other_id: int | None = None  # of a merge or a split: a claim that it belongs to, or doesn't
    event_id: int | None = None  # as they were called then
    into_id: int | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)  # slot → value; None: nothing is said of it
    quote: str | None = None  # the words of the article that give a corrected number
    note: str = ""
    undoes: int | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Two claims that a person put together, or apart."""

    claim_id: int
    other_id: int
    together: bool
    correction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One claim in the queue of review, and why it is there."""

    claim_id: int
    event_id: int | None
    why: str
    rank: int  # 0 first: disputes, sums, contradictions, loose joins
