"""Which claims are one event: a pure function of the claims, whatever the order in which they came.

    pairs that fit (identity), the best first | unless their groups clash (clashes) | one group | which event is it

An arrival is held against the events near it. Where it fits one and nothing forbids it, it joins. Where it fits
several, or something forbids the best, all of their claims are sorted anew together: so late and out-of-order news
comes to the same events as news in order. Equal ranks are decided by what the claims say, not by when they were filed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ledger.clashes import Apart, Side, clash, other_number
from ledger.identity import SURE, Match, is_identifiable, match, related
from records.ledger import Event, Joining, StoredClaim
from records.review import Tie

WHOLE = 40  # claims; an event of more is taken as it is: its dozens of reports agree on what it is, and pairs cost
BY_HAND = "put there in review"
Pairs = dict[tuple[int, int], Match]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a claim belongs. `number`: the event's; below 0, of a new one; None: it says too little for any."""

    stored: StoredClaim
    number: int | None
    joining: Joining


def settle(arrivals: Sequence[StoredClaim], near: Iterable[Event], *, ties: Iterable[Tie] = (),
           heirs: Mapping[int, int] | None = None, was: Mapping[int, int] | None = None,
           afresh: bool = False) -> list[Place]:
    """Where each arrival belongs, and each claim of the events near that belongs elsewhere since.

    `arrivals`: all claims of one article, or of one event that is judged anew. `heirs`: of an edited article's claims,
    the event that each goes on telling of; `was`: the event that an arrival is known from, which it may leave.
    `afresh`: sort all that fits anew, contested or not. An event of which nothing is left has become the one that took
    most of it.
    """
    mine = {stored.id for stored in arrivals}
    events = [Event(id=event.id, claims=tuple(one for one in event.claims if one.id not in mine)) for event in near]
    ties, heirs, was = list(ties), heirs or {}, was or {}
    pairs = _reached(arrivals, events)
    wanted = {claim for tie in ties for claim in (tie.claim_id, tie.other_id)}
    fits: dict[int, set[int]] = defaultdict(set)  # by event number, the arrivals that fit it
    for event in events:
        fits[event.id or 0] = {one.id for one in arrivals if any((one.id, old.id) in pairs for old in event.claims)}
    pool = [event for event in events if event.claims and (
        fits[event.id or 0] or event.id in heirs.values() or any(old.id in wanted for old in event.claims))]
    contested = _contested(arrivals, pool, fits, pairs)
    broken = {event.id for event in pool if (afresh or event.id in contested) and len(event.claims) <= WHOLE}
    units = [*([one] for one in arrivals)]
    for event in pool:
        units += [[one] for one in event.claims] if event.id in broken else [list(event.claims)]
    held = {one.id: event.id for event in pool for one in event.claims if event.id is not None}
    groups = group(units, ties=[*ties, *_heirlooms(heirs, pool)], pairs=pairs)
    named = names(groups, {**held, **was, **heirs})
    found = []
    for n, claims in enumerate(groups):
        number = named.get(n, -n - 1) if any(is_identifiable(stored.claim) for stored in claims) else None
        found += [Place(stored=one, number=number, joining=_joining(one, claims, number, pairs=pairs, events=events,
                                                                    by_hand=wanted))
                  for one in claims if one.id in mine or held.get(one.id) != number]
    order = {stored.id: n for n, stored in enumerate(arrivals)}  # the main claim first: it opens its event first
    return sorted(found, key=lambda place: order.get(place.stored.id, len(order)))


def join(new: StoredClaim, candidates: Iterable[Event]) -> Joining:
    """The event of these that one claim fits best, or None. What else they hold is left where it is."""
    found: list[tuple[Match, Event]] = []
    refused = []
    for event in candidates:
        matches = [one for old in event.claims if (one := match(new, old)) is not None]
        if matches:
            best = max(matches, key=lambda one: one.rank)
            against = clash(Side.of(event.claims), Side.of([new]), best)
            if against:
                refused.append(f"not event {event.id}: {against}")
            else:
                found.append((best, event))
        elif against := other_number(Side.of(event.claims), Side.of([new])):
            refused.append(f"not event {event.id}: {against}")
    if not found:
        return Joining(event_id=None, why="; ".join(["no event known goes with it", *refused[:2]]))
    best, event = max(found, key=lambda one: (one[0].rank, len(one[1].claims), -(one[1].id or 0)))
    return Joining(event_id=event.id, why=best.why, sure=best.rank[0] > SURE)


def group(units: Sequence[Sequence[StoredClaim]], *, ties: Iterable[Tie] = (),
          pairs: Pairs | None = None) -> list[list[StoredClaim]]:
    """The events that these claims make. Claims of one unit stay together, and so do those that a person tied.

    The same for any order of units. `pairs`: matches known already; those found are added.
    """
    pairs = {} if pairs is None else pairs
    ties = list(ties)
    kept_apart = _apart(ties)
    sides = [Side.of(unit) for unit in sorted((sorted(unit, key=_said) for unit in units), key=lambda u: _said(u[0]))]
    at = {stored.id: number for number, side in enumerate(sides) for stored in side.claims}
    into = list(range(len(sides)))

    def unite(a: int, b: int) -> None:
        small, large = sorted((a, b), key=lambda n: (len(sides[n].claims), -n))
        sides[large].take(sides[small])
        into[:] = [large if n == small else n for n in into]

    for tie in ties:
        if tie.together and tie.claim_id in at and tie.other_id in at:
            one, other = into[at[tie.claim_id]], into[at[tie.other_id]]
            if one != other:
                unite(one, other)
    for found, a, b in _edges(sides, pairs):
        one, other = into[a], into[b]
        if one != other and not clash(sides[one], sides[other], found, kept_apart):
            unite(one, other)
    return [sides[number].claims for number in dict.fromkeys(into)]


def fates(places: Iterable[Place], was: Mapping[int, int], standing: Collection[int]) -> dict[int, int]:
    """Of events of which no claim is left: the one that took most of them."""
    took: dict[int, Counter[int]] = defaultdict(Counter)
    for place in places:
        if (old := was.get(place.stored.id)) is not None and place.number is not None and old not in standing:
            took[old][place.number] += 1
    return {old: counted.most_common(1)[0][0] for old, counted in took.items()}


def _reached(arrivals: Sequence[StoredClaim], events: Sequence[Event]) -> Pairs:
    return {(one.id, old.id): found for one in arrivals for event in events for old in event.claims
            if (found := match(one, old)) is not None}


def _contested(arrivals: Sequence[StoredClaim], pool: Sequence[Event], fits: Mapping[int, set[int]],
               pairs: Pairs) -> set[int]:
    """The events whose claims have to be sorted anew: an arrival fits others too, or something forbids it there."""
    sides = {event.id or 0: Side.of(event.claims) for event in pool}
    found: set[int] = set()
    for one in arrivals:
        fitting = [event for event in pool if one.id in fits[event.id or 0]]
        against = [event for event in fitting if clash(sides[event.id or 0], Side.of([one]),
                                                       _best([one], event.claims, pairs))]
        if len(fitting) > 1 or against:
            found |= {event.id or 0 for event in fitting}
    return found | {number for number, fit in fits.items() if len(fit) > 1}


def _best(mine: Iterable[StoredClaim], theirs: Sequence[StoredClaim], pairs: Pairs) -> Match:
    return max((pairs[one.id, old.id] for one in mine for old in theirs if (one.id, old.id) in pairs),
               key=lambda found: found.rank)


def _heirlooms(heirs: Mapping[int, int], pool: Sequence[Event]) -> list[Tie]:
    """An edited article goes on telling of its event: as if it were tied to it."""
    held = {event.id: event.claims[0].id for event in pool}
    return [Tie(claim_id=claim, other_id=held[event], together=True, correction_id=0)
            for claim, event in heirs.items() if event in held]


def _edges(sides: Sequence[Side], pairs: Pairs) -> list[tuple[Match, int, int]]:
    """Every two units that fit, by the best of their claims' matches, the best first."""
    found = []
    for b in range(len(sides)):
        for a in range(b):
            matches = [one for one in (_pair(x, y, pairs) for x in sides[a].claims for y in sides[b].claims) if one]
            if matches:
                found.append((max(matches, key=lambda one: (one.rank, one.settles, one.certain)), a, b))
    return sorted(found, key=lambda edge: ([-part for part in edge[0].rank], edge[1], edge[2]))


def _pair(one: StoredClaim, other: StoredClaim, pairs: Pairs) -> Match | None:
    """Two claims of the store that are far apart in their keys are not compared: they were when the later came."""
    for known in ((one.id, other.id), (other.id, one.id)):
        if known in pairs:
            return pairs[known]
    found = match(one, other)
    if found is not None:
        pairs[one.id, other.id] = found
    return found


def _apart(ties: Iterable[Tie]) -> Apart:
    apart: dict[int, set[int]] = defaultdict(set)
    for tie in ties:
        if not tie.together:
            apart[tie.claim_id].add(tie.other_id)
            apart[tie.other_id].add(tie.claim_id)
    return apart


def _said(stored: StoredClaim) -> tuple[str | int, ...]:
    """What sorts claims that rank equal: what they are, not when they were filed."""
    claim = stored.claim
    return (stored.published or "9", not claim.main, stored.url or "", stored.outlet or "", claim.evidence.quote,
            claim.evidence.start, stored.id)


def names(groups: Sequence[Sequence[StoredClaim]], was: Mapping[int, int]) -> dict[int, int]:
    """Which event each group is: the one it shares most claims with, the older of two. One that shares none, or less
    than another, is new and not named."""
    shared = Counter((n, event) for n, claims in enumerate(groups) for stored in claims
                     if (event := was.get(stored.id)) is not None)
    named: dict[int, int] = {}
    taken: set[int] = set()
    for (n, event), _ in sorted(shared.items(), key=lambda one: (-one[1], one[0][1], one[0][0])):
        if n not in named and event not in taken:
            named[n] = event
            taken.add(event)
    return named


def _joining(stored: StoredClaim, claims: Sequence[StoredClaim], number: int | None, *, pairs: Pairs,
             events: Sequence[Event], by_hand: Collection[int]) -> Joining:
    """Why it stands there, by the claim of the group that it fits best."""
    fitting = [found for other in claims if other is not stored and (found := _pair(stored, other, pairs))]
    known = number is not None and number > 0
    best = max(fitting, key=lambda found: found.rank, default=None)
    if stored.id in by_hand and len(claims) > 1:
        why = BY_HAND
    elif best is not None:
        why = best.why
    elif known:
        why = "it goes on telling of this event"
    else:
        why = "; ".join(["no event known goes with it", *_refused(stored, events, pairs)][:3])
    return Joining(event_id=number if known else None, why=why, sure=best is None or best.rank[0] > SURE,
                   linked=tuple((event.id, said) for event in events if event.id is not None and event.id != number
                                and (said := related(stored, event))))


def _refused(stored: StoredClaim, events: Sequence[Event], pairs: Pairs) -> list[str]:
    found, mine = [], Side.of([stored])
    for event in events:
        theirs = Side.of(event.claims)
        fits = any((stored.id, old.id) in pairs for old in event.claims)
        against = clash(theirs, mine, _best([stored], event.claims, pairs)) if fits else other_number(theirs, mine)
        found += [f"not event {event.id}: {against}"] if against else []
    return found
