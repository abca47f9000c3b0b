"""What the ledger holds and decides: decisions, events, slots, revisions.

An event is one movement of people in the real world. Its slots are reconciled from the claims that joined it; a change
of a slot is a revision with its cause. Events, claims and revisions are only ever added to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from records.claims import Claim, Evidence
from records.words import Qualifier


class Verdict(StrEnum):
    """What filing an article came to."""

    NEW = "new"  # an article not known before
    VERSION = "version"  # a known article with another text
    KNOWN = "known"  # the same article again: same address or a mirror, same text
    COPY = "copy"  # near-duplicate text under another masthead: kept, counted with its origin
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided of one thing, and why, in a sentence a person can check."""

    verdict: Verdict
    why: str
    article_id: int | None = None
    version_id: int | None = None
    origin_id: int | None = None  # of a copy: the article it copies
    adopts: int | None = None  # the article known before that proves to be a copy of this one, with all of its copies


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClaim:
    """A claim as the ledger sees it: with its article, its source and what decides its weight."""

    id: int
    article_id: int
    version_id: int
    claim: Claim
    source_id: str | None
    outlet: str | None
    source_kind: str  # news, wire, agency, government, ngo …
    origin_id: int  # the article at the root of its copies: claims of one origin count as one source
    lang: str
    published: str | None
    url: str | None
    title: str | None
    filed_at: datetime
    credit: str | None = None  # the agency whose text it says it prints: all that print it are one voice
    review: str | None = None  # "accept", "correct": a person confirmed what it says; rejected claims are never seen
    from_entry: bool = False  # its page could not be had: read from the feed's entry alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Where one claim belongs: an event that stands (its id), or a new one (None), and why."""

    event_id: int | None
    why: str
    merges: tuple[int, ...] = ()  # events that this claim shows to be the same one
    sure: bool = True  # False: only likely; a person may want to look
    linked: tuple[tuple[int, str], ...] = ()  # events that are related and not the same, and how


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotValue:
    """One value somebody gives for a slot, and who."""

    value: str | int | None
    qualifier: Qualifier = Qualifier.EXACT
    claim_ids: tuple[int, ...] = ()
    outlets: tuple[str, ...] = ()
    independent: int = 1  # number of independent origins
    confirmed: bool = False  # a person says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The reconciled value of one slot, the rule that chose it, and all other values."""

    name: str  # "status", "nationality", "total", "children", "event_date", …
    preferred: SlotValue
    rule: str  # "only value", "most independent sources", …
    others: tuple[SlotValue, ...] = ()
    disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One movement of people with its reconciled slots. `id` None before it is stored."""

    id: int | None
    slots: Mapping[str, Slot] = field(default_factory=dict)
    claims: tuple[StoredClaim, ...] = ()
    independent: int = 0  # independent origins over all claims
    warnings: tuple[str, ...] = ()  # arithmetic that does not hold
    opened_at: datetime | None = None
    changed_at: datetime | None = None
    merged_into: int | None = None
    links: tuple[tuple[int, str], ...] = ()  # related events and how: a plan, and what came of it in other numbers

    @property
    def disputed(self) -> bool:
        return any(slot.disputed for slot in self.slots.values())

    def value(self, name: str) -> str | int | None:
        slot = self.slots.get(name)
        return slot.preferred.value if slot else None


class Change(StrEnum):
    """What a revision changed."""

    OPENED = "opened"  # a new event
    REVISED = "revised"  # a number, date, place or nationality
    STATUS = "status"  # planned → completed, denied
    DISPUTED = "disputed"  # a source says another number than the one to quote; new None: nobody does any more
    SOURCE = "source"  # one more article says the same
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One change of one event: which slot, old and new, because of which claim. `quiet`: backfill, not told."""

    id: int | None
    event_id: int
    change: Change
    at: datetime
    slot: str | None = None
    old: str | int | None = None
    new: str | int | None = None
    claim_id: int | None = None
    quiet: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFigure:
    """A stock figure with its article."""

    id: int
    article_id: int
    what: str
    value: int
    qualifier: Qualifier
    group: str | None
    place: str | None
    evidence: Evidence
    outlet: str | None
    url: str | None
    published: str | None
    filed_at: datetime
    quiet: bool = False
    lang: str = "und"  # of the article
    from_entry: bool = False
    source_kind: str = "news"  # as StoredClaim's
    groups: tuple[str, ...] = ()  # who is counted, in the words of Group, where the lexicon knows the words of `group`
    official: str = ""  # the named official of the article whom the sentence itself names
