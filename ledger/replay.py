"""The whole archive judged anew, in memory: every article's claims in the order they were filed, by the rules as they
are now; and which of the events that stand is which afterwards. Pure; what a person tied together or apart holds.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ledger.identity import is_identifiable, join
from ledger.keys import asked_keys, kept_keys
from records.ledger import Event, Joining, StoredClaim
from records.review import Tie

BY_HAND = "put there in review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a claim went, by the number of an event in this replay, and why."""

    number: int
    joining: Joining


class Shelf:
    """The events of a replay, looked up as the store looks them up: at most so many under a key, so many in all."""

    def __init__(self, *, under_key: int, candidates: int, ties: Iterable[Tie] = ()) -> None:
        self.under_key, self.candidates = under_key, candidates
        self.events: dict[int, Event] = {}
        self.placed: dict[int, Placed] = {}
        self.keys: dict[str, list[int]] = defaultdict(list)
        self.keys_of: dict[int, set[str]] = defaultdict(set)
        self.tied: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        for tie in ties:
            self.tied[tie.claim_id].append((tie.other_id, tie.together))
            self.tied[tie.other_id].append((tie.claim_id, tie.together))

    def take(self, claims: Sequence[StoredClaim]) -> None:
        """One article's claims, the main one first."""
        went: set[int] = set()
        for stored in sorted(claims, key=lambda one: not one.claim.main):
            near = [event for event in self._near(asked_keys(stored), went) if not self._apart([stored.id], event)]
            joining = join(stored, near, taken=tuple(went))
            hand = self._by_hand(stored.id)
            if hand is not None:
                merges = {joining.event_id, *joining.merges} - {hand, None}
                joining = Joining(event_id=hand, why=BY_HAND, merges=tuple(sorted(one for one in merges if one)))
            if joining.event_id is None and not is_identifiable(stored.claim):
                continue
            number = joining.event_id if joining.event_id is not None else len(self.events) + 1
            self._put(stored, number, joining)
            went.add(number)
            for other in joining.merges:
                if not self._apart([held.id for held in self.events[other].claims], self.events[number]):
                    self._merge(other, number, joining)
                    went.discard(other)

    def _near(self, asked: Iterable[str], also: Iterable[int]) -> list[Event]:
        met: Counter[int] = Counter(number for key in asked for number in self.keys.get(key, ())[-self.under_key:])
        nearest = sorted(met, key=lambda number: (-met[number], -number))[:self.candidates]
        return [self.events[number] for number in {*nearest, *also}]

    def _put(self, stored: StoredClaim, number: int, joining: Joining) -> None:
        held = self.events[number].claims if number in self.events else ()
        self.events[number] = Event(id=number, claims=tuple(sorted((*held, stored), key=lambda one: one.id)))
        self.placed[stored.id] = Placed(number=number, joining=joining)
        self._stand_under(kept_keys([stored]), number)

    def _stand_under(self, keys: Iterable[str], number: int) -> None:
        for key in set(keys) - self.keys_of[number]:
            insort(self.keys[key], number)
        self.keys_of[number] |= set(keys)

    def _merge(self, other: int, into: int, joining: Joining) -> None:
        moved = self.events[other].claims
        for held in moved:
            self.placed[held.id] = Placed(number=into, joining=replace(joining, event_id=into))
        claims = sorted((*self.events[into].claims, *moved), key=lambda one: one.id)
        self.events[into], self.events[other] = Event(id=into, claims=tuple(claims)), Event(id=other)
        for key in self.keys_of[other]:
            self.keys[key].remove(other)
        self._stand_under(self.keys_of.pop(other, set()), into)

    def _by_hand(self, claim_id: int) -> int | None:
        return next((self.placed[other].number for other, together in self.tied.get(claim_id, ())
                     if together and other in self.placed), None)

    def _apart(self, claim_ids: Sequence[int], event: Event) -> bool:
        apart = {other for one in claim_ids for other, together in self.tied.get(one, ()) if not together}
        return bool(apart) and any(held.id in apart for held in event.claims)


def names(placed: Mapping[int, Placed], was: Mapping[int, int | None]) -> dict[int, int]:
    """Which event of a replay is which that stands: the one it shares most claims with. One that shares none, or less
    than another, is new and not named. `was`: the event of each claim."""
    shared = Counter((where.number, event) for claim, where in placed.items() if (event := was.get(claim)) is not None)
    named: dict[int, int] = {}
    taken: set[int] = set()
    for (number, event), _ in sorted(shared.items(), key=lambda one: (-one[1], one[0][1], one[0][0])):
        if number not in named and event not in taken:
            named[number] = event
            taken.add(event)
    return named
