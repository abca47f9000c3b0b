"""A filed article's claims, one by one: which event, what its numbers are now, what changed.

    claims, the main one first | events near | join, open or merge | reconcile what was touched | revisions

What a person put together or kept apart (ties) goes before every rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from ledger.identity import is_identifiable, join
from ledger.keys import asked_keys, kept_keys
from ledger.reconcile import reconcile
from ledger.revising import merged, revise
from records.claims import Claim
from records.ledger import Change, Event, Joining, StoredClaim
from storage import Store

BY_HAND = "put there in review"


class Judging:
    """One judging: the events it touches as they were before, and where its claims went."""

    def __init__(self, store: Store, *, now: datetime, quiet: bool, before: Sequence[Event],
                 correction_id: int | None = None, why: str = "", tied: bool = False) -> None:
        self.store, self.now, self.quiet = store, now, quiet
        self.correction_id, self.why = correction_id, why  # of a correction by a person
        self.tied = tied  # ties may name the claims that come
        self.earlier = tuple(before)  # events that an earlier version of the article spoke of
        self.before = {event.id: event for event in before if event.id is not None}
        self.went: dict[int, list[StoredClaim]] = {}
        self.gone: dict[int, int] = {}  # events merged away, and where to

    def judge(self, stored: StoredClaim) -> None:
        """Give a claim to the event it belongs to. A mention that says too little to open one stays without."""
        near = self.store.events_by_keys(asked_keys(stored), also=self.went)
        joining = self._by_hand(stored) or self._edited(stored) or join(
            stored, self._allowed(stored, near), taken=tuple(self.went))
        if joining.event_id is None and not is_identifiable(stored.claim):
            return
        event_id = self.move(stored, joining, near)
        for other in joining.merges:
            if not self._kept_apart(other, event_id):
                self.merge(other, event_id, joining.why)

    def move(self, stored: StoredClaim, joining: Joining, near: Sequence[Event] = ()) -> int:
        """Put a claim into the event it joins, a new one for None; returns which. `near`: events already read."""
        self.touch([one for one in (joining.event_id, *joining.merges) if one is not None], near)
        event_id = self.store.open_event(self.now) if joining.event_id is None else joining.event_id
        self.store.judge(stored.id, joining, event_id, self.now, correction_id=self.correction_id)
        self.store.link_events(event_id, joining.linked, self.now)
        self.went.setdefault(event_id, []).append(stored)
        return event_id

    def touch(self, events: Iterable[int], near: Sequence[Event] = ()) -> None:
        """Remember events as they are, before something of theirs is moved or changed."""
        new = set(events) - set(self.went) - set(self.before)
        read = [event for event in near if event.id in new]
        rest = new - {event.id for event in read}
        found = [*self.store.with_slots(read), *self.store.events_with_claims(rest)]
        self.before |= {event.id: event for event in found if event.id is not None}

    def merge(self, event_id: int, into: int, why: str) -> None:
        self.store.merge_event(event_id, into, f"one event with {into}: {why}", self.now,
                               correction_id=self.correction_id)
        self.went[into] = self.went.get(into, []) + self.went.pop(event_id, [])
        self.gone[event_id] = into

    def _by_hand(self, stored: StoredClaim) -> Joining | None:
        """Where a person put this claim together with another one."""
        for tie in self.store.ties([stored.id]) if self.tied else ():
            other = tie.other_id if tie.claim_id == stored.id else tie.claim_id
            event_id = self.store.event_of(other) if tie.together else None
            if event_id is not None:
                return Joining(event_id=event_id, why=BY_HAND)
        return None

    def _allowed(self, stored: StoredClaim, near: Sequence[Event]) -> Sequence[Event]:
        """The events that no person kept this claim apart from, without the claim itself."""
        if not self.tied:
            return near
        apart = {one for tie in self.store.ties([stored.id]) if not tie.together
                 for one in (tie.claim_id, tie.other_id)}
        rest = [replace(event, claims=tuple(c for c in event.claims if c.id != stored.id)) for event in near]
        return [event for event in rest if not apart & {held.id for held in event.claims}]

    def _kept_apart(self, event_id: int, other_id: int) -> bool:
        held = {event.id: {claim.id for claim in event.claims}
                for event in self.store.events_with_claims([event_id, other_id])}
        one, two = held.get(event_id, set()), held.get(other_id, set())
        return any((tie.claim_id in one and tie.other_id in two) or (tie.claim_id in two and tie.other_id in one)
                   for tie in self.store.ties(one) if not tie.together)

    def _edited(self, stored: StoredClaim) -> Joining | None:
        """An edited article's main event stays the event it was, unless it now has another ordinal or nationality."""
        for event in self.earlier if stored.claim.main and self.correction_id is None else ():
            for old in event.claims:
                same = (set(old.claim.nationality) == set(stored.claim.nationality)
                        and old.claim.ordinal == stored.claim.ordinal)
                if old.article_id == stored.article_id and old.claim.main and same and event.id not in self.went:
                    return Joining(event_id=event.id, why="an edited text of an article about this event")
        return None

    def close(self) -> None:
        """Bring every touched event up to date, with its revisions."""
        for event_id in sorted({*self.went, *self.before} - set(self.gone)):
            self._bring_up_to_date(event_id)
        for event_id, into in sorted(self.gone.items()):
            told = self.store.was_told(event_id)
            self.store.add_revisions([merged(event_id, into, now=self.now, quiet=self.quiet or not told,
                                             why=self.why)])

    def _bring_up_to_date(self, event_id: int) -> None:
        mine = self.went.get(event_id, [])
        claims, opened = self._holds(event_id, mine)
        after = reconcile(event_id, claims, opened_at=opened, changed_at=self.now)
        mention = bool(mine) and not any(stored.claim.main for stored in mine)
        absorbed = [other for other, into in self.gone.items() if into == event_id]
        told_before = any(self.store.was_told(one) for one in (event_id, *absorbed))
        revisions = revise(self.before.get(event_id), after, claim_ids=[stored.id for stored in mine], now=self.now,
                           quiet=self.quiet or mention, told_before=told_before)
        if self.why:
            revisions = tuple(replace(one, why=f"{self.why}; {one.why}") for one in revisions
                              if one.change is not Change.SOURCE)
        told = told_before or any(one.change is Change.OPENED and not one.quiet for one in revisions)
        self.store.keep_event(after, kept_keys(mine), told=told, now=self.now)
        self.store.add_revisions(revisions)


    def _holds(self, event_id: int, mine: Sequence[StoredClaim]) -> tuple[Sequence[StoredClaim], datetime | None]:
        """The claims an event holds now, and when it was opened. Read from the store only where some may have gone."""
        before = self.before.get(event_id)
        if not (self.earlier or self.gone or self.tied):
            return (*(before.claims if before else ()), *mine), before.opened_at if before else self.now
        held = self.store.events_with_claims([event_id])
        return (held[0].claims, held[0].opened_at) if held else ((), self.now)


def judge_claims(store: Store, claims: Sequence[Claim], claim_ids: Sequence[int], *, events_before: Sequence[Event],
                 now: datetime, quiet: bool, tied: bool = False) -> None:
    """Give each claim to an event and bring every touched event up to date, with its revisions.

    `events_before` are the events that an earlier version of the article spoke of: its main event stays the same
    movement, whatever number was corrected, and an event that the new text no longer mentions is reconciled without it.
    `tied`: the article's claims may be marked or tied by corrections.
    """
    judging = Judging(store, now=now, quiet=quiet, before=events_before, tied=tied)
    for n in sorted(range(len(claims)), key=lambda n: (not claims[n].main, n)):
        if not (tied and store.is_rejected(claim_ids[n])):
            judging.judge(store.claim(claim_ids[n]))
    judging.close()
