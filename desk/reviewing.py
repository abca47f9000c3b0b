"""A person's corrections: what was read stays as it was read, and what holds from now on is put beside it.

    find the claim or event | write the correction | mark, tie | judge again where it matters | reconcile | revisions

Each is one write transaction. What a correction changes is told like any other change, unless its event never was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from desk.judging import Judging
from ledger.correcting import IDENTITY, corrected, found_again
from ledger.grouping import join
from ledger.keys import asked_keys
from records.claims import Claim
from records.errors import StoreError
from records.ledger import Event, Joining, StoredClaim
from records.review import MARKING, Action, Correction, Tie
from storage import Store

BY_HAND = {Action.ACCEPT: "accepted in review", Action.CORRECT: "corrected in review",
           Action.REJECT: "rejected in review", Action.MERGE: "merged in review", Action.SPLIT: "split in review",
           Action.UNDO: "a correction was undone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What a correction did."""

    correction_id: int
    events: tuple[int, ...]  # that it touched


def review_claim(store: Store, action: Action, claim_id: int, *, now: datetime,
                 changes: Mapping[str, Any] | None = None, quote: str | None = None, note: str = "",
                 into: int | None = None) -> Reviewed:
    """Accept, correct, reject or split off one claim. Raises StoreError or ClaimError, with nothing changed.

    `into`: the event that a claim which is split off belongs to; a new one where it is None.
    """
    with store.write():
        event_id = _standing(store, claim_id)
        if action is Action.SPLIT:
            return _split(store, claim_id, event_id, into, now=now, note=note)
        correction = Correction(id=None, action=action, at=now, claim_id=claim_id, event_id=event_id,
                                changes=changes or {}, quote=quote, note=note)
        correction_id = store.add_correction(correction)
        judging = _judging(store, action, correction_id, now, [event_id])
        _apply(store, judging, replace(correction, id=correction_id))
        judging.close()
    return Reviewed(correction_id=correction_id, events=_touched(judging))


def merge_events(store: Store, event_id: int, into: int, *, now: datetime, note: str = "") -> Reviewed:
    """Two events are one. Raises StoreError where there are no such two."""
    with store.write():
        one, other = (_event(store, wanted) for wanted in (event_id, into))
        if one.id == other.id:
            raise StoreError(f"event {event_id} can't be merged into itself")
        a, b = _first(one), _first(other)
        correction_id = store.add_correction(Correction(
            id=None, action=Action.MERGE, at=now, claim_id=a.id, other_id=b.id, event_id=event_id, into_id=into,
            note=note))
        store.tie(Tie(claim_id=a.id, other_id=b.id, together=True, correction_id=correction_id))
        judging = _judging(store, Action.MERGE, correction_id, now, [event_id, into])
        judging.merge(event_id, into, BY_HAND[Action.MERGE])
        judging.close()
    return Reviewed(correction_id=correction_id, events=_touched(judging))


def undo(store: Store, correction_id: int, *, now: datetime, note: str = "") -> Reviewed:
    """Take a correction back: what held before it holds again. Raises StoreError."""
    with store.write():
        old = store.correction(correction_id)
        if old is None or old.action is Action.UNDO or old.undone:
            raise StoreError(f"there is no correction {correction_id} in force; `homeward export corrections` lists "
                             "them all")
        moved, marked = store.moved_by(correction_id), store.marked(correction_id)
        undone_by = store.add_correction(Correction(id=None, action=Action.UNDO, at=now, claim_id=old.claim_id,
                                                    undoes=correction_id, note=note))
        events = {event for row in moved for event in (row["event_id"], row["before"]) if event}
        events |= {event for claim_id in marked if (event := store.event_of(claim_id))}
        judging = _judging(store, Action.UNDO, undone_by, now, sorted(events))
        store.untie(correction_id)
        for claim_id in marked:
            store.unmark(claim_id)
            _mark_again(store, claim_id)
        if old.action is Action.MERGE and old.event_id is not None:
            store.part_event(old.event_id, now)
        for row in moved:
            if row["before"]:
                judging.move(store.claim(row["claim_id"]), Joining(event_id=row["before"], why=judging.why))
        judging.close()
    return Reviewed(correction_id=undone_by, events=_touched(judging))


def carry_over(store: Store, article_id: int, claims: Sequence[Claim], claim_ids: Sequence[int], text: str) -> bool:
    """Put the corrections of an article on the claims of its new version or reading; whether there are any.

    One whose sentence is gone is put on nothing: it waits in the queue of review.
    """
    found = store.corrections_of(article_id)
    for correction in found:
        for side, anchor in ((0, correction.claim_id), (1, correction.other_id)):
            was = store.original_claim(anchor) if anchor else None
            if was is None or was[0] != article_id or anchor is None:
                continue
            n = found_again(was[2], claims, same_text=store.reading_text(was[1]) == text)
            if n is None or correction.id is None:
                continue
            if correction.action in MARKING:
                if side == 0:
                    store.mark(claim_ids[n], correction.id, correction.action, _says(correction, claims[n], text))
            else:
                for tie in store.ties([anchor]):
                    if tie.correction_id == correction.id:
                        store.tie(Tie(claim_id=claim_ids[n], other_id=tie.other_id if side == 0 else tie.claim_id,
                                      together=tie.together, correction_id=correction.id))
    return bool(found)


def _says(correction: Correction, claim: Claim, text: str) -> Claim | None:
    if correction.action is not Action.CORRECT:
        return None
    return corrected(claim, correction.changes, text, correction.quote)


def _apply(store: Store, judging: Judging, correction: Correction) -> None:
    """Mark the claim; where what identifies its movement was corrected, judge anew which event it belongs to."""
    claim_id, event_id = correction.claim_id, correction.event_id
    assert correction.id is not None and claim_id is not None and event_id is not None  # noqa: PT018 - of one claim
    original = store.original_claim(claim_id)
    assert original is not None
    _, version_id, read = original
    store.mark(claim_id, correction.id, correction.action, _says(correction, read, store.reading_text(version_id)))
    if correction.action is Action.CORRECT and IDENTITY & correction.changes.keys():
        stored = store.claim(claim_id)
        joining = _joins_now(store, stored, event_id)
        if joining.event_id != event_id:
            judging.move(stored, joining)


def _joins_now(store: Store, stored: StoredClaim, event_id: int) -> Joining:
    """The event that a corrected claim belongs to: its own, where it still fits or stands alone there."""
    near = [Event(id=event.id, claims=tuple(c for c in event.claims if c.id != stored.id))
            for event in store.events_by_keys(asked_keys(stored), also=[event_id])]
    own = next((event for event in near if event.id == event_id), Event(id=event_id))
    here = join(stored, [own]) if own.claims else Joining(event_id=event_id, why="alone")
    if here.event_id is not None and own.claims:
        return here
    elsewhere = join(stored, [event for event in near if event.id != event_id and event.claims])
    return elsewhere if elsewhere.event_id is not None or own.claims else here


def _split(store: Store, claim_id: int, event_id: int, into: int | None, *, now: datetime, note: str) -> Reviewed:
    event = _event(store, event_id)
    rest = [claim for claim in event.claims if claim.id != claim_id]
    if not rest:
        raise StoreError(f"claim {claim_id} is all that event {event_id} holds; there is nothing to split it from")
    target = _event(store, into) if into is not None else None
    if target is not None and target.id == event_id:
        raise StoreError(f"claim {claim_id} is in event {event_id} already")
    correction_id = store.add_correction(Correction(
        id=None, action=Action.SPLIT, at=now, claim_id=claim_id, other_id=_first_of(rest).id, event_id=event_id,
        into_id=into, note=note))
    for other in rest:
        store.tie(Tie(claim_id=claim_id, other_id=other.id, together=False, correction_id=correction_id))
    if target is not None:
        store.tie(Tie(claim_id=claim_id, other_id=_first(target).id, together=True, correction_id=correction_id))
    judging = _judging(store, Action.SPLIT, correction_id, now, [event_id, *([into] if into else [])])
    judging.move(store.claim(claim_id), Joining(event_id=into, why=BY_HAND[Action.SPLIT]))
    judging.close()
    return Reviewed(correction_id=correction_id, events=_touched(judging))


def _mark_again(store: Store, claim_id: int) -> None:
    """What an earlier correction of the claim said holds again."""
    earlier, original = store.last_marking(claim_id), store.original_claim(claim_id)
    if earlier is None or earlier.id is None or original is None:
        return
    store.mark(claim_id, earlier.id, earlier.action, _says(earlier, original[2], store.reading_text(original[1])))


def _judging(store: Store, action: Action, correction_id: int, now: datetime, events: Sequence[int]) -> Judging:
    quiet = not any(store.was_told(one) for one in events)
    return Judging(store, now=now, quiet=quiet, before=store.events_with_claims(events), correction_id=correction_id,
                   why=BY_HAND[action], tied=True)


def _touched(judging: Judging) -> tuple[int, ...]:
    return tuple(sorted({*judging.before, *judging.went, *judging.gone}))


def _standing(store: Store, claim_id: int) -> int:
    """The event of a claim that stands in its article's newest text. Raises StoreError."""
    if store.original_claim(claim_id) is None:
        raise StoreError(f"there is no claim {claim_id} in {store.path}; `homeward show EVENT` numbers them")
    event_id = store.event_of(claim_id)
    if event_id is None or not store.stands(claim_id):
        raise StoreError(f"claim {claim_id} stands no longer (its article was read anew, or it belongs to no event)")
    return event_id


def _event(store: Store, event_id: int) -> Event:
    found = store.events_with_claims([event_id])
    if not found or not found[0].claims:
        raise StoreError(f"there is no event {event_id} in {store.path} that holds a claim; `homeward events` lists "
                         "them")
    return found[0]


def _first(event: Event) -> StoredClaim:
    return _first_of(event.claims)


def _first_of(claims: Sequence[StoredClaim]) -> StoredClaim:
    """The claim that stands for an event: its first report."""
    return min(claims, key=lambda claim: (not claim.claim.main, claim.id))
