"""What forbids that two groups of claims are one event, whatever they have in common.

    another number in a series | an article's two movements | whither | whence | when | what a person kept apart
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ledger.flights import one_flight
from ledger.identity import Match, counts_on, match
from ledger.spans import FAR, LATE, Span, apart, span_of
from records.ledger import StoredClaim

ONE_TOLD_TWICE = 5.0  # rank from which an article's two claims are one movement that it tells of twice
Apart = Mapping[int, set[int]]  # claims that a person kept apart, both ways


@dataclass(slots=True, kw_only=True)
class Side:
    """One group of claims, as far as it can clash with another. Grows by `take`."""

    claims: list[StoredClaim] = field(default_factory=list)
    ordinals: set[int] = field(default_factory=set)
    origins: set[str] = field(default_factory=set)
    destinations: set[str] = field(default_factory=set)
    several: bool = False  # some claim is of several states' people, or says of no state's
    by_article: dict[int, list[StoredClaim]] = field(default_factory=dict)
    stated: set[Span] = field(default_factory=set)
    told: set[Span] = field(default_factory=set)

    @classmethod
    def of(cls, claims: Sequence[StoredClaim]) -> Side:
        side = cls()
        for stored in claims:
            side._add(stored)
        return side

    def take(self, other: Side) -> None:
        for stored in other.claims:
            self._add(stored)

    def _add(self, stored: StoredClaim) -> None:
        claim, span = stored.claim, span_of(stored)
        self.claims.append(stored)
        self.by_article.setdefault(stored.article_id, []).append(stored)
        self.ordinals |= {claim.ordinal} if claim.ordinal is not None and counts_on(claim.ordinal) else set()
        self.origins |= {claim.origin_country} if claim.origin_country else set()
        self.destinations |= {claim.destination_country} if claim.destination_country else set()
        self.several = self.several or len(claim.nationality) != 1
        if span is not None:
            (self.told if span.told else self.stated).add(span)


def clash(a: Side, b: Side, found: Match, kept_apart: Apart | None = None) -> str:
    """Why the two are not one event although `found` says that a claim of each fits the other's; "" for nothing."""
    if kept_apart and any(kept_apart.get(one.id, set()) & {other.id for other in b.claims} for one in a.claims):
        return "a person kept them apart"
    if not found.settles and (numbered := other_number(a, b)):
        return numbered
    mates = [(one, other) for article in a.by_article.keys() & b.by_article.keys()
             for one in a.by_article[article] for other in b.by_article[article]]
    flight = any(one_flight(one, other) for one, other in mates)
    if mates and not flight and not all(_told_twice(one, other) for one, other in mates):
        return "the same article tells of it in another claim"
    if not flight and not (a.several or b.several) and _differ(a.destinations, b.destinations):
        return f"that goes to {_listed(a.destinations)}, this to {_listed(b.destinations)}"
    if not found.certain and _differ(a.origins, b.origins):  # one may misname where they come from
        return f"that comes from {_listed(a.origins)}, this from {_listed(b.origins)}"
    return _far(a, b)


def other_number(a: Side, b: Side) -> str:
    if not a.ordinals or not b.ordinals or a.ordinals & b.ordinals:
        return ""
    return f"that is number {_listed(a.ordinals)}, this number {_listed(b.ordinals)}"


def _told_twice(one: StoredClaim, other: StoredClaim) -> bool:
    found = match(one, other)
    return found is not None and found.rank[0] >= ONE_TOLD_TWICE


def _differ(a: set[str], b: set[str]) -> bool:
    return bool(a and b and not a & b)


def _far(a: Side, b: Side) -> str:
    """Both say when, and no two of their dates go together.

    Where both state it, what was only reported does not count: a report may be late, a stated day is not.
    """
    both_state = bool(a.stated and b.stated)
    mine, theirs = (a.stated, b.stated) if both_state else (a.stated | a.told, b.stated | b.told)
    if not mine or not theirs:
        return ""
    days = min(apart(one, other) or 0 for one in mine for other in theirs)
    return f"{days} days lie between them" if days > (FAR if both_state else LATE) else ""


def _listed(values: set[int] | set[str]) -> str:
    return "/".join(sorted(map(str, values)))
