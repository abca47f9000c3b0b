"""What an event is looked up by: short words that a table holds, never a scan.

An event stands under its nationalities and its destination, each together with the months it may have happened in, the
numbers it gives (in steps of a tenth), its ordinal; and under its operation. A claim asks for its own words and their
neighbours, so that two claims of one movement always meet. Destinations matter where a nationality is not said: those
of the events that don't say it stand under words of their own, so that the others' are not read for nothing.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from ledger.counting import COMPARED, people, values
from ledger.spans import months, span_of
from records.claims import Claim
from records.ledger import StoredClaim

STEP = math.log(1.1)  # of a number's bucket; a fifth is not quite two steps
AROUND = 2  # buckets to either side that a claim asks for


def kept_keys(claims: Iterable[StoredClaim]) -> set[str]:
    """The words an event with these claims is found by."""
    return {key for claim in claims for key in _keys(claim, _stands_under(claim.claim), around=0, bare=True)}


def asked_keys(claim: StoredClaim) -> set[str]:
    """The words under which an event may stand that this claim belongs to."""
    said = claim.claim
    to = said.destination_country
    whose = [*said.nationality, *([f"?>{to}"] if to else [])] if said.nationality else _stands_under(said)
    bare = span_of(claim) is None or not people(said)  # the country alone: of a claim that says little else
    return _keys(claim, whose, around=AROUND, bare=bare)


def operation_key(name: str) -> str:
    """An operation's name without case, accents, spaces and quotation marks: Mehr-2, "Mehr 2"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", plain.casefold())


def _stands_under(claim: Claim) -> list[str]:
    to = claim.destination_country
    if claim.nationality:
        return [*claim.nationality, *([f">{to}"] if to else [])]
    return [f">{to}", f"?>{to}"] if to else [f"{claim.origin_country or '?'}>"]


def _keys(stored: StoredClaim, whose: Sequence[str], *, around: int, bare: bool) -> set[str]:
    claim, when = stored.claim, span_of(stored)
    what = [*([""] if bare else []), *(f" {month}" for month in (months(when) if when else ())),
            *_buckets(stored, around)]
    if claim.ordinal is not None:
        what.append(f" #{claim.ordinal}")
    found = {f"{who}{word}" for who in whose for word in what}
    return found | ({f"op {operation_key(claim.operation)}"} if claim.operation else set())


def _buckets(stored: StoredClaim, around: int) -> Collection[str]:
    """Steps of a tenth on a logarithmic scale, for every number of people and of families the claim gives."""
    said = [value.value for group in COMPARED for value in values(stored.claim, group)]
    everybody = people(stored.claim)
    middle = {round(math.log(value) / STEP) for value in [*said, everybody.value if everybody else 0] if value}
    return {f" n{bucket + step}" for bucket in middle for step in range(-around, around + 1)}
