"""A filed article's claims, one by one: which event, what its numbers are now, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.identity import join, keys
from ledger.reconcile import reconcile
from ledger.revising import revise
from records.claims import Claim
from records.ledger import Change, Event, Joining, StoredClaim
from storage import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A claim and the event it was given to."""

    stored: StoredClaim
    event_id: int
    main: bool


def judge_claims(store: Store, claims: Sequence[Claim], claim_ids: Sequence[int], *, events_before: Sequence[Event],
                 now: datetime, quiet: bool) -> None:
    """Give each claim to an event and bring every touched event up to date, with its revisions.

    The main claim goes first; no two claims of one article belong to one event. `events_before` are the events that an
    earlier version of the article spoke of: its main event stays the same movement, whatever number was corrected, and
    an event that the new text no longer mentions is reconciled without it.
    """
    before = {event.id: event for event in events_before if event.id is not None}
    judged: list[Judged] = []
    order = sorted(range(len(claims)), key=lambda n: (not claims[n].main, n))
    for n in order:
        stored = store.claim(claim_ids[n])
        taken = [one.event_id for one in judged]
        candidates = store.events_by_keys(keys(stored))
        joining = _edited(stored, events_before, taken) or join(stored, candidates, taken=taken)
        for event in candidates:
            if event.id is not None and event.id == joining.event_id:
                before.setdefault(event.id, event)
        event_id = joining.event_id if joining.event_id is not None else store.open_event(now)
        store.judge(stored.id, joining, event_id, now)
        judged.append(Judged(stored=stored, event_id=event_id, main=stored.claim.main))
    for event_id in sorted({one.event_id for one in judged} | set(before)):
        _bring_up_to_date(store, event_id, before.get(event_id), [one for one in judged if one.event_id == event_id],
                          now=now, quiet=quiet)


def _edited(stored: StoredClaim, events_before: Sequence[Event], taken: Sequence[int]) -> Joining | None:
    """An edited article's main event stays the event it was, unless it now has another ordinal or nationality."""
    if not stored.claim.main:
        return None
    for event in events_before:
        for old in event.claims:
            same = {*old.claim.nationality} == {*stored.claim.nationality} and old.claim.ordinal == stored.claim.ordinal
            if old.article_id == stored.article_id and old.claim.main and same and event.id not in taken:
                return Joining(event_id=event.id, why="an edited text of an article about this event")
    return None


def _bring_up_to_date(store: Store, event_id: int, before: Event | None, judged: Sequence[Judged], *, now: datetime,
                      quiet: bool) -> None:
    held = store.events_with_claims([event_id])
    claims = held[0].claims if held else ()
    opened = held[0].opened_at if held else now
    after = reconcile(event_id, claims, opened_at=opened, changed_at=now)
    mention = bool(judged) and not any(one.main for one in judged)
    told_before = store.was_told(event_id)
    revisions = revise(before, after, claim_ids=[one.stored.id for one in judged], now=now, quiet=quiet or mention,
                       told_before=told_before)
    told = any(revision.change is Change.OPENED and not revision.quiet for revision in revisions)
    store.keep_event(after, {key for one in judged for key in keys(one.stored)}, told=told, now=now)
    store.add_revisions(revisions)
