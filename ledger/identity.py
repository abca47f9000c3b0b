"""Which event does a claim belong to? By what identifies a movement, over outlets and languages.

    what names it (ordinal, operation) | who (nationality) | whither | when | how many

Similarity proposes, a conflict vetoes: another ordinal, another nationality, the opposite direction, another time,
numbers more than a fifth apart. Pure; the order in which claims arrive changes nothing but which event keeps its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.counting import Comparison, Fit, compare, numbers
from ledger.spans import Span, is_plan, months, span_of
from records.ledger import Event, Joining, StoredClaim
from records.words import Group

JOIN = 5  # points; tuned on the labelled articles (B-cubed), between same flight and same week's other flight
NEAR = 3  # days between two stated dates of one movement
FEW = 9  # people: so few may be the same number by chance
FAR = 10  # days, where the very same numbers make up for it


@dataclass(frozen=True, slots=True)
class Match:
    """How well a claim goes with another: points, or None where something forbids it; and why."""

    points: int | None
    why: str


def keys(stored: StoredClaim) -> list[str]:
    """What a claim's event is looked up by. Two claims of one movement share at least one."""
    claim, span = stored.claim, span_of(stored)
    places = {*claim.nationality, *filter(None, (claim.destination_country,))}
    if not places and claim.origin_country:
        places = {f"from {claim.origin_country}"}
    found = [f"ordinal {claim.ordinal} {place}" for place in sorted(places) if claim.ordinal is not None]
    found += [f"operation {claim.operation.casefold()}"] if claim.operation else []
    times = months(span) if span else ["undated"]
    found += [f"{place} {time}" for place in sorted(places) for time in times]
    found += [f"{place} {group} {count.value}" for place in sorted(places) for group, count in numbers(claim).items()]
    return found


def join(stored: StoredClaim, candidates: Iterable[Event], *, taken: Sequence[int] = ()) -> Joining:
    """The event this claim joins, or a new one (None). `taken`: events other claims of the same article are of."""
    best: tuple[int, int, str] | None = None
    refused = ""
    for event in sorted(candidates, key=lambda event: event.id or 0):
        if event.id is None or event.id in taken:
            continue
        match = against(stored, event)
        if match.points is None:
            refused = refused or f"; not event {event.id}: {match.why}"
        elif match.points >= JOIN and (best is None or match.points > best[0]):
            best = (match.points, event.id, match.why)
    if best is None:
        return Joining(event_id=None, why=f"no event goes with it{refused}")
    return Joining(event_id=best[1], why=best[2])


def against(stored: StoredClaim, event: Event) -> Match:
    """A claim against all claims of an event: the best match counts, unless the event as a whole forbids it.

    A veto by one odd claim must not split an event that five others hold together, so it takes as many as agree.
    """
    matches = [match(stored, other) for other in event.claims]
    good = [one for one in matches if one.points is not None]
    bad = [one for one in matches if one.points is None]
    if not good:
        return Match(None, bad[0].why if bad else "it has no claims")
    best = max(good, key=lambda one: one.points or 0)
    return best if len(bad) <= len(good) else Match(None, bad[0].why)


def match(a: StoredClaim, b: StoredClaim) -> Match:
    """Two claims: do they speak of one movement?"""
    conflict = _conflict(a, b)
    if conflict:
        return Match(None, conflict)
    counts = compare(numbers(a.claim), numbers(b.claim))
    same_ordinal = a.claim.ordinal is not None and a.claim.ordinal == b.claim.ordinal
    part = _is_part(a, b) or _is_part(b, a)
    if counts.fit is Fit.AGAINST and not (same_ordinal or part):
        return Match(None, f"numbers too far apart ({counts.why})")
    if counts.fit is Fit.LOOSE and not counts.hedged and not same_ordinal and not _close(a, b):
        return Match(None, f"other numbers, and nothing that dates both ({counts.why})")
    time = _time(a, b, counts)
    if time.points is None:
        return time
    points, words = time.points, [time.why] if time.why else []
    for gain, why in (*_who_and_where(a, b), *_counts(counts, a, b), (6 if same_ordinal else 0, "the same ordinal"),
                      (2 if _same_operation(a, b) else 0, "the same operation"),
                      (2 if part else 0, "one is a state's part of the other")):
        if gain:
            points += gain
            words.append(why)
    return Match(points, ", ".join(words))


def _conflict(a: StoredClaim, b: StoredClaim) -> str:
    one, two = a.claim, b.claim
    if one.ordinal is not None and two.ordinal is not None and one.ordinal != two.ordinal:
        return f"group {one.ordinal} is not group {two.ordinal}"
    if one.nationality and two.nationality and not {*one.nationality} & {*two.nationality}:
        return f"{_list(one.nationality)} is not {_list(two.nationality)}"
    if one.operation and two.operation and not _same_operation(a, b):
        return f"operation {one.operation} is not {two.operation}"
    ends = (one.origin_country, one.destination_country), (two.origin_country, two.destination_country)
    if all(ends[0]) and ends[0][0] == ends[1][1] and ends[0][1] == ends[1][0]:
        return f"the opposite direction ({ends[0][0]} to {ends[0][1]})"
    goals = {*filter(None, (one.destination_country, two.destination_country))}
    shared = {*one.nationality} & {*two.nationality}
    if len(goals) == 2 and not (shared and goals & shared):
        return f"to {ends[0][1]} is not to {ends[1][1]}"
    return ""


def _time(a: StoredClaim, b: StoredClaim, counts: Comparison) -> Match:
    mine, theirs = span_of(a), span_of(b)
    if mine is None or theirs is None:
        return Match(0, "")
    gap = mine.gap(theirs)
    if gap == 0:
        return Match(2 if mine.exact and theirs.exact else 1, "the same day" if mine.exact and theirs.exact
                     else "the dates allow it")
    planned = is_plan(a.claim.status) or is_plan(b.claim.status)
    allowed = FAR if counts.fit is Fit.EQUAL or planned else NEAR
    return Match(1 if gap <= NEAR else 0, f"{gap} days apart") if gap <= allowed else Match(
        None, f"{gap} days apart ({_span(mine)} and {_span(theirs)})")


def _span(span: Span) -> str:
    return str(span.first) if span.exact else f"{span.first} to {span.last}"


def _who_and_where(a: StoredClaim, b: StoredClaim) -> list[tuple[int, str]]:
    one, two = a.claim, b.claim
    shared = {*one.nationality} & {*two.nationality}
    goal = one.destination_country if one.destination_country == two.destination_country else None
    origin = one.origin_country if one.origin_country == two.origin_country else None
    return [(2 if shared else 0, f"both {_list(sorted(shared))}"), (1 if goal else 0, f"both to {goal}"),
            (1 if origin and not (one.nationality and two.nationality) else 0, f"both from {origin}")]


def _counts(counts: Comparison, a: StoredClaim, b: StoredClaim) -> list[tuple[int, str]]:
    """Equal numbers weigh by how unlikely they are by chance; no number at all needs time, who and whither."""
    mine, theirs = span_of(a), span_of(b)
    if counts.fit is Fit.EQUAL:
        most = max(count.value for count in numbers(a.claim).values())
        totals = {count.value for one in (a, b) if (count := numbers(one.claim).get(Group.TOTAL))}
        gain = 3 if most > FEW else 2 if (mine and theirs) or len(totals) == 1 else 1
        return [(gain, f"the same numbers ({counts.why})")]
    if counts.fit is Fit.LOOSE:
        return [(2, f"numbers that go together ({counts.why})")]
    told = [span.told for span in (mine, theirs) if span and span.told]
    return [(1 if len(told) == 2 and abs((told[0] - told[1]).days) <= NEAR else 0, "told within days of each other")]


def _is_part(part: StoredClaim, whole: StoredClaim) -> bool:
    """One state's people on a flight for several, told of the same days with a smaller number."""
    some, everyone = numbers(part.claim).get(Group.TOTAL), numbers(whole.claim).get(Group.TOTAL)
    mine = set(part.claim.nationality)
    return (bool(mine) and mine < set(whole.claim.nationality) and _close(part, whole)
            and (some is None or everyone is None or some.value < everyone.value))


def _close(a: StoredClaim, b: StoredClaim) -> bool:
    """Both are dated, to a month at least, and within days of each other; or one is the plan of the other."""
    mine, theirs = span_of(a), span_of(b)
    if mine is None or theirs is None:
        return False
    plan = is_plan(a.claim.status) or is_plan(b.claim.status)
    return mine.gap(theirs) <= NEAR and (plan or max(mine.days, theirs.days) <= 31)


def _same_operation(a: StoredClaim, b: StoredClaim) -> bool:
    one, two = a.claim.operation, b.claim.operation
    return bool(one and two and one.casefold() == two.casefold())


def _list(codes: Sequence[str]) -> str:
    return "/".join(codes)
