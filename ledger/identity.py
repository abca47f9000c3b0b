"""Which event does a claim belong to? What identifies a movement decides, over outlets and languages.

    vetoes (ordinal, direction, date, the article's other claims) | ordinal or operation | who, whither | when, how many

Similarity proposes, a conflict vetoes. Numbers alone join only where they are no coincidence, a date alone only where
the way is the same and nothing speaks against it. Pure: the same claim and events give the same answer, with a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ledger.counting import Comparison, compare, people
from ledger.flights import is_part_of_flight, one_flight, part_in_flight
from ledger.keys import operation_key
from ledger.spans import Span, apart, is_plan, same_day, span_of
from records.claims import Claim
from records.ledger import Event, Joining, StoredClaim
from records.words import Kind

# All tuned on the labelled articles together: B-cubed in file order and in three shuffled ones.
SAME_DAY_GAP = 0.35  # on one day even numbers that differ by a third are one event, disputed (Canada 2023: 19 and 14)
LEAST_PART = 0.4  # the children of a group are rarely fewer: 14 of 19, 28 of 40, 25 of 35
STRONG = 8  # people; an equal number from here on is no coincidence, fives and threes are everywhere
LATE = 120  # days a strong number may be told late: Kyrgyzstan's 59 of February 2023 were told in May
FAR = 30  # days from every stated date of an event, beyond which not even an undated report of it helps
SERIES = frozenset({Kind.TRANSFER, Kind.RETURN})  # convoys follow each other: one without number may be any of them
SURE = 3.0  # ranks from here on say that it is the same movement, not only that it may be


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well a claim fits one claim of an event: the larger, the better; and why."""

    rank: tuple[float, ...]
    why: str
    certain: bool = False  # the same number at the same time


def join(new: StoredClaim, candidates: Iterable[Event], *, taken: Collection[int] = ()) -> Joining:
    """The event this claim joins, or a new one (None); and events that it shows to be the same one.

    `taken`: events that other claims of the same article belong to. An article tells of a movement once, so its next
    claim joins one of those only as another state's part of the same flight.
    """
    found: list[tuple[Match, Event]] = []
    refused: list[str] = []
    linked: list[tuple[int, str]] = []
    for event in sorted(candidates, key=lambda event: event.id or 0):
        veto, elsewhere = _veto(new, event, taken=event.id in taken), _origin(new.claim, event)
        matches = [] if veto else [match for old in event.claims if (match := _match(new, old)) is not None
                                   and (match.certain or not elsewhere)]  # one may misname where they come from
        veto = veto or (elsewhere if not matches else "")
        if matches:
            found.append((max(matches, key=lambda match: match.rank), event))
        elif veto:
            refused.append(f"not event {event.id}: {veto}")
        elif event.id is not None and (related := _related(new, event)):
            linked.append((event.id, related))
    if not found:
        return Joining(event_id=None, why="; ".join(["no event known goes with it", *refused[:2]]),
                       linked=tuple(linked))
    best, event = max(found, key=lambda one: (one[0].rank, _reported(one[1]), len(one[1].claims), -(one[1].id or 0)))
    return Joining(event_id=event.id, why=best.why, merges=_merges(found, event, taken), sure=best.rank[0] > SURE,
                   linked=tuple(linked))


def _reported(event: Event) -> bool:
    """Some article reports it as its own news; an event of mentions alone is the lesser guess."""
    return any(old.claim.main for old in event.claims)


def _related(new: StoredClaim, event: Event) -> str:
    """Why an event that the claim does not belong to has to do with it: a plan for the same people at the same time,
    and what came of it, in other numbers. "" for nothing."""
    for old in event.claims:
        if is_plan(new.claim.status) == is_plan(old.claim.status) or not _akin(new.claim, old.claim):
            continue
        counts = compare(new.claim, old.claim)
        if counts.known and not counts.close and apart(span_of(new), span_of(old)) == 0:
            return f"a plan and what came of it, in other numbers: {counts.why}"
    return ""


def is_identifiable(claim: Claim) -> bool:
    """Enough is said to tell this movement from others; a mere mention without that opens no event."""
    return bool(claim.main or claim.counts or claim.ordinal is not None or claim.operation)


def _merges(found: Sequence[tuple[Match, Event]], chosen: Event, taken: Collection[int]) -> tuple[int, ...]:
    """Events that prove to be one: an article tells of both as one flight (Kosovo's and North Macedonia's), or gives
    the numbers of both at the same time. So the order in which the news comes in matters less."""
    flight = any(event.id in taken for _, event in found)
    same = [event for match, event in found
            if match.certain or event.id in taken or (flight and match.rank[0] >= SURE)]
    if chosen not in same:
        return ()
    return tuple(event.id for event in same if event.id is not None and event is not chosen
                 and not any(_clash(old, chosen, flight=flight) for old in event.claims))


def _clash(old: StoredClaim, event: Event, *, flight: bool) -> bool:
    ordinals = {other.claim.ordinal for other in event.claims} - {None}
    if old.claim.ordinal is not None and ordinals and old.claim.ordinal not in ordinals:
        return True
    if not flight and (_destination(old.claim, event) or any(o.article_id == old.article_id for o in event.claims)):
        return True  # an article tells of one movement once
    return bool(_origin(old.claim, event) or _far(old, event))


def _veto(new: StoredClaim, event: Event, *, taken: bool) -> str:
    """What forbids that the claim belongs to the event; "" for nothing."""
    ordinals = {old.claim.ordinal for old in event.claims} - {None}
    if new.claim.ordinal is not None and ordinals and new.claim.ordinal not in ordinals:
        return f"that is number {'/'.join(map(str, ordinals))}, this number {new.claim.ordinal}"
    mates = [old for old in event.claims if old.article_id == new.article_id and old.id != new.id]
    flight = any(one_flight(new, old) for old in mates)
    if (taken or mates) and not flight:
        return "the same article tells of it in another claim"
    return ("" if flight else _destination(new.claim, event)) or _far(new, event)


def _origin(claim: Claim, event: Event) -> str:
    known = {old.claim.origin_country for old in event.claims} - {None}
    agrees = not claim.origin_country or not known or claim.origin_country in known
    return "" if agrees else f"that comes from {'/'.join(sorted(map(str, known)))}, this from {claim.origin_country}"


def _destination(claim: Claim, event: Event) -> str:
    """One flight for several states goes to each of them."""
    known = {old.claim.destination_country for old in event.claims} - {None}
    several = len(claim.nationality) != 1 or any(len(old.claim.nationality) > 1 for old in event.claims)
    agrees = not claim.destination_country or not known or claim.destination_country in known or several
    return "" if agrees else f"that goes to {'/'.join(sorted(map(str, known)))}, this to {claim.destination_country}"


def _far(new: StoredClaim, event: Event) -> str:
    """The claim says when, the event's claims say when, and none of them allows it.

    Where both state it, what was only reported does not count: a report may be late, a stated day is not.
    """
    mine, theirs = span_of(new), [span for old in event.claims if (span := span_of(old)) is not None]
    if mine is None or not theirs:
        return ""
    stated = [] if mine.told else [span for span in theirs if not span.told]
    days = min(apart(mine, span) or 0 for span in stated or theirs)
    if days <= (FAR if stated else LATE):
        return ""
    return f"{days} days lie between them"


def _match(new: StoredClaim, old: StoredClaim) -> Match | None:
    """How the claim fits one claim of an event, or None where it does not."""
    a, b = new.claim, old.claim
    spans = span_of(new), span_of(old)
    days, counts = apart(*spans), compare(a, b)
    if (days or 0) <= LATE and _akin(a, b) and a.ordinal is not None and a.ordinal == b.ordinal:
        return Match(rank=(9.0, -float(days or 0)), why=f"number {a.ordinal} in both")
    if (days or 0) <= LATE and _same_operation(a, b) and (days == 0 or counts.close):
        return Match(rank=(8.0, -float(days or 0)), why=f"operation {a.operation} in both")
    if _akin(a, b):
        return _by_date_and_counts(a, b, counts, days, spans)
    if is_part_of_flight(new, old):
        return Match(rank=(2.5, 0.0), why="another state's part of one flight, in one article")
    part = part_in_flight(new, old)
    return Match(rank=(2.4, float(days == 0)), why=part) if part else None


def _by_date_and_counts(a: Claim, b: Claim, counts: Comparison, days: int | None,
                        spans: tuple[Span | None, Span | None]) -> Match | None:
    if same_day(*spans) and (not counts.known or counts.gap <= SAME_DAY_GAP):
        return Match(rank=(7.0, -counts.gap, counts.equal), why=f"the same day; {counts.why}",
                     certain=counts.equal > 0)
    vague = any(span is not None and span.vague for span in spans) or _small_part(a, b, counts)
    vague = vague or (counts.part and _announced(a, spans[0], b, spans[1]))
    if days == 0 and counts.close and (counts.equal or not vague):
        return Match(rank=(6.0 if counts.equal else 5.0, counts.equal, -counts.gap),
                     why=f"the dates allow it; {counts.why}", certain=counts.equal > 0)
    told = any(span is not None and span.told for span in spans)  # a report may be late; two stated days can't
    if days and days <= LATE and told and counts.equal and _strong(a, b, counts):
        return Match(rank=(4.0, counts.equal, -float(days)), why=f"told {days} days apart; {counts.why}")
    if days is None and counts.close and counts.equal and not counts.part:
        return Match(rank=(SURE, counts.equal, -counts.gap), why=f"one of them has no date; {counts.why}",
                     certain=counts.equal > 1)
    if not counts.known and _same_way(a, b, days):
        return Match(rank=(1.0, -float(days or 0)),
                     why=f"{'/'.join(a.nationality)} on the same way, and no other date; {counts.why}")
    return None


def _akin(a: Claim, b: Claim) -> bool:
    """The same people as far as nationality says: equal, or unsaid on one side while the way is the same."""
    if a.nationality and b.nationality:
        return set(a.nationality) == set(b.nationality)
    return a.destination_country is not None and a.destination_country == b.destination_country and (
        a.origin_country == b.origin_country or None in (a.origin_country, b.origin_country))


def _same_operation(a: Claim, b: Claim) -> bool:
    return bool(a.operation and b.operation) and operation_key(a.operation or "") == operation_key(b.operation or "")


def _small_part(a: Claim, b: Claim, counts: Comparison) -> bool:
    """One counts so little of what the other counts that it may be anything."""
    few, all_ = people(a), people(b)
    return bool(counts.part and few and all_
                and min(few.value, all_.value) < LEAST_PART * max(few.value, all_.value))


def _announced(a: Claim, mine: Span | None, b: Claim, theirs: Span | None) -> bool:
    """One is a plan that names no day: months are open to it, in which another group goes that may be a part of it."""
    return any(span is not None and span.told and is_plan(claim.status) for claim, span in ((a, mine), (b, theirs)))


def _strong(a: Claim, b: Claim, counts: Comparison) -> bool:
    """The number they share is no coincidence: large, or broken down the same way."""
    told = [said.value for claim in (a, b) if (said := people(claim)) is not None]
    return counts.equal > 1 or (bool(told) and min(told) >= STRONG)


def _same_way(a: Claim, b: Claim, days: int | None) -> bool:
    """Without a number on one side: the same people on the same way, and no date against it."""
    same = a.origin_country == b.origin_country and a.destination_country == b.destination_country
    if not same or not a.nationality or {a.kind, b.kind} & SERIES:
        return False
    return a.main and (days == 0 or (days is None and b.main and is_plan(a.status) == is_plan(b.status)))
