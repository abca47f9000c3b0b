"""One flight for several states is one event with a part per state: what makes two claims parts of it."""

from __future__ import annotations

from ledger.counting import compare, people
from ledger.spans import apart, span_of
from records.ledger import StoredClaim

ARRIVALS = 1  # days beyond neighbouring ones between the parts' arrivals: Pristina and Skopje in July 2021


def one_flight(a: StoredClaim, b: StoredClaim) -> bool:
    """Two claims of one article that are parts of one flight: another state's people, stated of the same day, or the
    whole of which the other is a part."""
    mine, theirs = set(a.claim.nationality), set(b.claim.nationality)
    origins = {a.claim.origin_country, b.claim.origin_country} - {None}
    if not mine or not theirs or mine == theirs or len(origins) > 1:
        return False
    one, other = span_of(a), span_of(b)
    days = apart(one, other)
    if mine < theirs or theirs < mine:
        return days in (0, None)
    stated = bool(one and other and one.day and other.day)
    return stated and not mine & theirs and days is not None and days <= ARRIVALS


def is_part_of_flight(a: StoredClaim, b: StoredClaim) -> bool:
    return a.article_id == b.article_id and one_flight(a, b)


def part_in_flight(a: StoredClaim, b: StoredClaim) -> str:
    """Why one claim is a state's part of the flight that another article tells of; "" where it is not."""
    mine, theirs = set(a.claim.nationality), set(b.claim.nationality)
    if not (mine < theirs or theirs < mine) or not mine or not theirs:
        return ""
    part, whole = (a.claim, b.claim) if mine < theirs else (b.claim, a.claim)
    few, everybody = people(part), people(whole)
    fits = few is None or everybody is None or few.value <= everybody.reach[1]
    days = apart(span_of(a), span_of(b))
    if fits and days == 0:
        return f"the part of {'/'.join(part.nationality)} in one flight for several states"
    compared = compare(part, whole)
    if fits and days is None and compared.equal:
        return f"{'/'.join(part.nationality)}, alone or with others; {compared.why}"
    return ""
