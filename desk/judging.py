"""A filed article's claims: which event each belongs to, what its numbers are now, what changed.

    claims | events near | settle: join, open, sort anew (ledger) | reconcile what was touched | revisions

What a person put together or kept apart (ties) goes before every rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ledger.grouping import Place, fates, settle
from ledger.keys import asked_keys, kept_keys
from ledger.reconcile import reconcile
from ledger.revising import merged, revise
from records.claims import Claim
from records.ledger import Change, Event, Joining, Revision, StoredClaim
from records.review import Tie
from storage import Store


class Judging:
    """One judging: the events it touches as they were before, and where its claims went."""

    def __init__(self, store: Store, *, now: datetime, quiet: bool, before: Sequence[Event],
                 correction_id: int | None = None, why: str = "", tied: bool = False,
                 edited: bool = True) -> None:
        self.store, self.now, self.quiet = store, now, quiet
        self.correction_id, self.why = correction_id, why  # of a correction by a person
        self.tied = tied  # ties may name the claims that come
        self.earlier = tuple(before)  # events that an earlier version of the article spoke of
        self.edited = edited  # by its outlet: its main event stays the same, whatever number it gives now
        self.before = {event.id: event for event in before if event.id is not None}
        self.went: dict[int, list[StoredClaim]] = {}
        self.gone: dict[int, int] = {}  # events merged away, and where to
        self.merged_why: dict[int, str] = {}
        self.parted: dict[int, int] = {}  # new events, and the one that their claims were in
        self.moved = 0  # claims that were in another event before

    def settle(self, arrivals: Sequence[StoredClaim], *, was: Mapping[int, int] | None = None,
               afresh: bool = False) -> None:
        """Give claims to the events they belong to, and sort what is near anew where they show it to be otherwise.

        `was`: the events that they are known from. A mention that says too little to open one stays without.
        """
        was, heirs = was or {}, self._heirs(arrivals)
        ties = self.store.ties([one.id for one in arrivals]) if self.tied else []
        others = {other for tie in ties for other in (tie.claim_id, tie.other_id)}
        also = {*was.values(), *heirs.values(), *(event for one in others if (event := self.store.event_of(one)))}
        near: dict[int, Event] = {}
        for stored in arrivals:
            near |= {event.id: event for event in self.store.events_by_keys(asked_keys(stored), also=also)
                     if event.id is not None}
        places = settle(arrivals, near.values(), ties=self._ties([*arrivals, *_claims(near.values())]), heirs=heirs,
                        was=was, afresh=afresh)
        self._put(places, [*near.values()])

    def _ties(self, claims: Iterable[StoredClaim]) -> list[Tie]:
        return self.store.ties([one.id for one in claims]) if self.store.has_ties() else []

    def _heirs(self, arrivals: Sequence[StoredClaim]) -> dict[int, int]:
        """An edited article's main event stays the event it was, unless it now has another ordinal or nationality."""
        heirs: dict[int, int] = {}
        for stored in arrivals if self.edited and self.correction_id is None else ():
            for event in self.earlier if stored.claim.main else ():
                if event.id is not None and event.id not in heirs.values() and any(
                        _goes_on(old, stored) for old in event.claims):
                    heirs[stored.id] = event.id
                    break
        return heirs

    def _put(self, places: Sequence[Place], near: Sequence[Event]) -> None:
        """Write down what changes places; an event that nothing is left of becomes the one that took most of it."""
        held = {one.id: event.id for event in near for one in event.claims if event.id is not None}
        places = [one for one in places if one.number is not None or one.stored.id in held]
        moves = [one for one in places if held.get(one.stored.id) != one.number]
        left = defaultdict(set, {event.id: {one.id for one in event.claims} for event in near})
        self.touch({number for one in moves for number in (held.get(one.stored.id), one.number)
                    if number is not None and number > 0}, near)
        opened: dict[int, int] = {}
        for place in moves:
            stored, at = place.stored, held.get(place.stored.id)
            if place.number is not None and place.number < 0 and place.number not in opened:
                opened[place.number] = self.store.open_event(self.now)
            event_id = None if place.number is None else opened.get(place.number, place.number)
            self.store.judge(stored.id, place.joining, event_id, self.now, correction_id=self.correction_id)
            if at is not None:
                self.moved += 1
                left[at].discard(stored.id)
            if event_id is not None:
                self.store.link_events(event_id, place.joining.linked, self.now)
                self.went.setdefault(event_id, []).append(stored)
                left[event_id].add(stored.id)
                if at is not None and event_id in opened.values():
                    self.parted.setdefault(event_id, at)
        ends = fates(places, held, {event for event, claims in left.items() if claims and event is not None})
        why = {event: place.joining.why for place in moves if (event := held.get(place.stored.id)) is not None}
        for event_id, into in ends.items():
            self.merge(event_id, opened.get(into, into), why[event_id])

    def move(self, stored: StoredClaim, joining: Joining) -> int:
        """Put a claim into the event it joins, a new one for None; returns which."""
        self.touch([one for one in (joining.event_id,) if one is not None])
        event_id = self.store.open_event(self.now) if joining.event_id is None else joining.event_id
        self.store.judge(stored.id, joining, event_id, self.now, correction_id=self.correction_id)
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
        self.gone[event_id], self.merged_why[event_id] = into, why

    def close(self) -> None:
        """Bring every touched event up to date, with its revisions."""
        for event_id in sorted({*self.went, *self.before} - set(self.gone)):
            self._bring_up_to_date(event_id)
        for event_id, into in sorted(self.gone.items()):
            told = self.store.was_told(event_id)
            self.store.add_revisions([merged(event_id, into, now=self.now, quiet=self.quiet or not told,
                                             why=self.why or self.merged_why[event_id])])

    def _bring_up_to_date(self, event_id: int) -> None:
        mine = self.went.get(event_id, [])
        claims, opened = self._holds(event_id, mine)
        after = reconcile(event_id, claims, opened_at=opened, changed_at=self.now)
        mention = bool(mine) and not any(stored.claim.main for stored in mine)
        absorbed = [other for other, into in self.gone.items() if into == event_id]
        parent = self.parted.get(event_id)
        told_before = any(self.store.was_told(one) for one in (event_id, *absorbed))
        told_quietly = parent is not None and not self.store.was_told(parent)
        revisions = revise(self.before.get(event_id), after, claim_ids=[stored.id for stored in mine], now=self.now,
                           quiet=self.quiet or mention or told_quietly, told_before=told_before)
        revisions = tuple(self._explained(one, parent) for one in revisions
                          if not self.why or one.change is not Change.SOURCE)
        told = told_before or any(one.change is Change.OPENED and not one.quiet for one in revisions)
        told = told or (self.quiet and parent is not None and self.store.was_told(parent))  # under another number
        self.store.keep_event(after, kept_keys(mine), told=told, now=self.now)
        self.store.add_revisions(revisions)

    def _explained(self, revision: Revision, parent: int | None) -> Revision:
        why = revision.why
        if revision.change is Change.OPENED and parent is not None:
            why = f"parted from event {parent}, of which it proves to be no part"
        return replace(revision, why=f"{self.why}; {why}" if self.why else why)

    def _holds(self, event_id: int, mine: Sequence[StoredClaim]) -> tuple[Sequence[StoredClaim], datetime | None]:
        """The claims an event holds now, and when it was opened. Read from the store only where some may have gone."""
        before = self.before.get(event_id)
        if not (self.earlier or self.gone or self.tied or self.moved):
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
    order = sorted(range(len(claims)), key=lambda n: (not claims[n].main, n))
    judging.settle([store.claim(claim_ids[n]) for n in order if not (tied and store.is_rejected(claim_ids[n]))])
    judging.close()


def _goes_on(old: StoredClaim, new: StoredClaim) -> bool:
    """The main claim of another text of one article, of the same people."""
    return (old.article_id == new.article_id and old.claim.main and old.claim.ordinal == new.claim.ordinal
            and set(old.claim.nationality) == set(new.claim.nationality))


def _claims(events: Iterable[Event]) -> list[StoredClaim]:
    return [one for event in events for one in event.claims]
