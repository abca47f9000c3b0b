"""Do two claims tell of one movement? What identifies a movement decides, over outlets and languages.

    ordinal or operation | who, whither | when, how many

Similarity proposes; what forbids it stands in clashes.py, and grouping.py puts both together. Numbers alone join only
where they are no coincidence, a date alone only where the way is the same. Pure, and the same whichever claim is first.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.counting import Comparison, compare, people
from ledger.flights import is_part_of_flight, part_in_flight
from ledger.keys import operation_key
from ledger.spans import LATE, Span, apart, is_plan, same_day, span_of
from records.claims import Claim
from records.ledger import Event, StoredClaim
from records.words import Precision, Status

# All tuned on the labelled articles together, by B-cubed.
SAME_DAY_GAP = 0.35  # on one day even numbers that differ by a third are one event, disputed (Canada 2023: 19 and 14)
LEAST_PART = 0.4  # the children of a group are rarely fewer: 14 of 19, 28 of 40, 25 of 35
STRONG = 8  # people; an equal number from here on is no coincidence, fives and threes are everywhere
BY_LAND = frozenset({"IQ", "SY", "TR", "LB", "JO"})  # neighbours: convoys follow each other, one may be any of them
FIRST = 1  # "the first group", "the first time": no number in a series that outlets count alike
SURE = 3.0  # ranks from here on say that it is the same movement, not only that it may be


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well a claim fits one claim of an event: the larger, the better; and why."""

    rank: tuple[float, ...]
    why: str
    certain: bool = False  # the same number at the same time
    settles: bool = False  # the same numbers of two groups, or one on one stated day: outlets number flights variously


def related(new: StoredClaim, event: Event) -> str:
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


def match(one: StoredClaim, other: StoredClaim) -> Match | None:
    """How two claims fit together, or None where they do not; the same whichever is named first."""
    a, b = one.claim, other.claim
    spans = span_of(one), span_of(other)
    days = apart(*spans)
    if days and (days > LATE or _both_stated(*spans)) and not (a.ordinal and b.ordinal) and not a.operation:
        return None  # most of what is near by its keys: seen before the numbers are compared
    counts = compare(a, b)
    if (days or 0) <= LATE and _akin(a, b) and a.ordinal == b.ordinal and counts_on(a.ordinal):
        return Match(rank=(9.0, -float(days or 0)), why=f"number {a.ordinal} in both")
    if (days or 0) <= LATE and _same_operation(a, b) and (days == 0 or counts.close):
        return Match(rank=(8.0, -float(days or 0)), why=f"operation {a.operation} in both")
    if _akin(a, b):
        return _by_date_and_counts(a, b, counts, days, spans)
    return _by_year_or_flight(one, other, counts, days)


def _by_year_or_flight(one: StoredClaim, other: StoredClaim, counts: Comparison, days: int | None) -> Match | None:
    """Of people who are not the same by nationality: sums of one year, parts of one flight."""
    if counts.close and _year_alike(one.claim, other.claim):
        return Match(rank=(SURE + 0.2, -counts.gap),
                     why=f"what was counted for all of {one.claim.event_date}; {counts.why}")
    if is_part_of_flight(one, other):
        return Match(rank=(2.5, 0.0), why="another state's part of one flight, in one article")
    part = part_in_flight(one, other)
    return Match(rank=(2.4, float(days == 0)), why=part) if part else None


def _by_date_and_counts(a: Claim, b: Claim, counts: Comparison, days: int | None,
                        spans: tuple[Span | None, Span | None]) -> Match | None:
    if same_day(*spans) and (not counts.known or counts.gap <= SAME_DAY_GAP):
        return Match(rank=(7.0, -counts.gap, counts.equal), why=f"the same day; {counts.why}",
                     certain=counts.equal > 0, settles=counts.equal > 0 and not _by_land(a, b))
    vague = any(span is not None and span.vague for span in spans) or _small_part(a, b, counts)
    vague = vague or (counts.part and _announced(a, spans[0], b, spans[1]))
    if days == 0 and counts.close and (counts.equal or not vague):
        return Match(rank=(6.0 if counts.equal else 5.0, counts.equal, -counts.gap),
                     why=f"the dates allow it; {counts.why}", certain=counts.equal > 0,
                     settles=counts.equal > 1 and not _by_land(a, b))
    # A report may be late; two stated days can't.
    if days and days <= LATE and not _both_stated(*spans) and counts.equal and _strong(a, b, counts):
        return Match(rank=(4.0, counts.equal, -float(days)), why=f"told {days} days apart; {counts.why}")
    if days is None and counts.close and counts.equal and not counts.part and not _of_others(a, b, spans):
        broken_down = counts.equal > 1
        return Match(rank=(SURE + broken_down / 2, counts.equal, -counts.gap),
                     why=f"one of them has no date; {counts.why}", certain=broken_down,
                     settles=broken_down and not _by_land(a, b))
    if not counts.known and _same_way(a, b, days):
        return Match(rank=(1.0, -float(days or 0)),
                     why=f"{'/'.join(a.nationality)} on the same way, and no other date; {counts.why}")
    return None


def _both_stated(a: Span | None, b: Span | None) -> bool:
    return a is not None and b is not None and not a.told and not b.told


def _akin(a: Claim, b: Claim) -> bool:
    """The same people as far as nationality says: equal, or unsaid on one side while the way is the same."""
    if a.nationality and b.nationality:
        return set(a.nationality) == set(b.nationality)
    return a.destination_country is not None and a.destination_country == b.destination_country and (
        a.origin_country == b.origin_country or None in (a.origin_country, b.origin_country))


def _year_alike(a: Claim, b: Claim) -> bool:
    """Both count a whole year, of people whose nationality and way nobody says: offices' sums of their handovers."""
    return all(claim.event_date_precision is Precision.YEAR and not claim.nationality and claim.origin_country
               and claim.destination_country is None and claim.status is Status.COMPLETED for claim in (a, b)) and (
        (a.event_date, a.origin_country) == (b.event_date, b.origin_country))


def _same_operation(a: Claim, b: Claim) -> bool:
    return bool(a.operation and b.operation) and operation_key(a.operation or "") == operation_key(b.operation or "")


def _of_others(a: Claim, b: Claim, spans: tuple[Span | None, Span | None]) -> bool:
    """A plan and a deed, both of no time, that give the number of other people: 44 are to come, 44 children came."""
    stated = [{group for group, count in claim.counts.items() if not count.derived} for claim in (a, b)]
    return spans == (None, None) and is_plan(a.status) != is_plan(b.status) and not stated[0] & stated[1]


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
    if not same or not a.nationality or _by_land(a, b):
        return False
    if days is None:
        return a.main and b.main and is_plan(a.status) == is_plan(b.status)
    return days == 0 and (a.main or b.main)


def _by_land(a: Claim, b: Claim) -> bool:
    """A convoy, of which many go the same way: there the ordinal is the official key."""
    return a.destination_country in BY_LAND or b.destination_country in BY_LAND


def counts_on(ordinal: int | None) -> bool:
    """An ordinal that numbers movements, and not merely calls one the first."""
    return ordinal is not None and ordinal != FIRST
