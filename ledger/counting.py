"""Do two claims count the same people? Counts are compared within one group, hedges as the ranges they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from records.claims import Claim, Count
from records.words import Group, Qualifier

PEOPLE = (Group.CHILDREN, Group.WOMEN, Group.MEN)  # groups that add up to people
COMPARED = (Group.TOTAL, *PEOPLE, Group.FAMILIES)
FIFTH = 0.2  # numbers that differ by more are two events (a plan and another flight)
REACH = {  # how far a hedged value reaches, as shares of it: "more than thirty" says 33 and is no 60
    Qualifier.EXACT: (1.0, 1.0), Qualifier.ABOUT: (0.8, 1.2), Qualifier.AT_LEAST: (1.0, 1.4),
    Qualifier.AT_MOST: (0.7, 1.0)}
A_FAMILY = (3.0, 4.5)  # persons; wider than the band of checks.py, for here it only must not exclude
ROUND = 50  # multiples of it are shared by chance: "150 families" was said of three convoys at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A value with its hedge."""

    value: int
    qualifier: Qualifier = Qualifier.EXACT

    @property
    def reach(self) -> tuple[float, float]:
        low, high = REACH[self.qualifier]
        return self.value * low, self.value * high

    def __str__(self) -> str:
        hedge = {Qualifier.EXACT: "", Qualifier.ABOUT: "about ", Qualifier.AT_LEAST: "at least ",
                 Qualifier.AT_MOST: "up to "}[self.qualifier]
        return f"{hedge}{self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How two claims' numbers stand to each other."""

    known: bool  # both count somebody, in groups that can be held against each other
    equal: int = 0  # in how many groups they give the same exact number, round ones left out
    part: bool = False  # one counts only a part of what the other counts
    gap: float = 0.0  # the relative difference that decided
    why: str = ""

    @property
    def close(self) -> bool:
        return self.known and self.gap <= FIFTH


UNKNOWN = Comparison(known=False, why="one of the two gives no number")


def compare(a: Claim, b: Claim) -> Comparison:
    """Hold two claims' numbers against each other: everybody against everybody first, then group by group."""
    shared = list(_shared(a, b))
    equal = sum(_same(x, y) for _, x, y in shared)
    all_a, all_b = people(a), people(b)
    if all_a and all_b and is_whole(a) and is_whole(b):
        return _compared(all_a, all_b, "people", equal)
    if shared:
        group, x, y = max(shared, key=lambda one: gap(one[1], one[2]))
        return _compared(x, y, str(group), equal)
    if all_a and all_b:
        return _part_of_whole(all_a, all_b, equal) if is_whole(b) else _part_of_whole(all_b, all_a, equal)
    return _families(a, b) or _families(b, a) or UNKNOWN


def values(claim: Claim, group: Group) -> list[Said]:
    """All that a claim says of one group, its own value first."""
    own = claim.counts.get(group)
    found = [Said(value=own.value, qualifier=own.qualifier)] if own else []
    return found + [Said(value=o.value, qualifier=o.qualifier) for o in claim.other_values if o.group == group]


def people(claim: Claim) -> Said | None:
    """How many people in all: the total, else the sum of the parts. Families and orphans are no sum."""
    total = numbers(claim).get(Group.TOTAL)
    return Said(value=total.value, qualifier=total.qualifier) if total else None


def numbers(claim: Claim) -> dict[Group, Count]:
    """A claim's counts, with the total summed up from its parts where none is stated and none hidden."""
    found = dict(claim.counts)
    parts = [group for group in PEOPLE if group in found]
    if Group.TOTAL not in found and parts and not claim.uncounted:
        hedges = {found[group].qualifier for group in parts} - {Qualifier.EXACT}
        hedge = Qualifier.EXACT if not hedges else hedges.pop() if len(hedges) == 1 else Qualifier.ABOUT
        found[Group.TOTAL] = Count(value=sum(found[group].value for group in parts), qualifier=hedge, derived=True,
                                   parts=tuple(f"{group} {found[group].value}" for group in parts))
    return found


def is_whole(claim: Claim) -> bool:
    """The claim counts everybody: it states a total, or at least two parts. "5 women" may leave children out."""
    total = claim.counts.get(Group.TOTAL)
    return (total is not None and not total.derived) or sum(group in claim.counts for group in PEOPLE) > 1


def gap(a: Said, b: Said) -> float:
    """The relative difference; 0 where two hedged ranges meet, or a hedge holds the exact value."""
    (low_a, high_a), (low_b, high_b) = a.reach, b.reach
    if low_a <= high_b and low_b <= high_a:
        return 0.0
    below, above = (high_a, low_b) if high_a < low_b else (high_b, low_a)
    return (above - below) / above


def _shared(a: Claim, b: Claim) -> Iterator[tuple[Group, Said, Said]]:
    """Per group that both count, the pair of values that stand nearest. A sum is nobody's word on a group."""
    for group in COMPARED:
        if any(group in claim.counts and claim.counts[group].derived for claim in (a, b)):
            continue
        pairs = [(x, y) for x in values(a, group) for y in values(b, group)]
        if pairs:
            x, y = min(pairs, key=lambda pair: (gap(*pair), pair[0].value != pair[1].value))
            yield group, x, y


def _same(x: Said, y: Said) -> bool:
    """The same exact number, and one that is not shared by chance."""
    exact = x.qualifier is y.qualifier is Qualifier.EXACT and x.value == y.value
    return exact and not (x.value >= ROUND and x.value % ROUND == 0)


def _compared(x: Said, y: Said, what: str, equal: int) -> Comparison:
    apart = gap(x, y)
    return Comparison(known=True, equal=max(equal, int(_same(x, y))) if apart <= FIFTH else 0, gap=apart,
                      why=f"{x} and {y} {what}" if x != y else f"{x} {what} in both")


def _part_of_whole(part: Said, whole: Said, equal: int) -> Comparison:
    """The one counts everybody, the other perhaps not: children alone, women alone."""
    if part.value == whole.value or part.value > whole.reach[1]:
        return _compared(part, whole, "people", equal)
    return Comparison(known=True, part=True, gap=FIFTH, why=f"{part} may be a part of {whole}")


def _families(a: Claim, b: Claim) -> Comparison | None:
    """Families on one side, people on the other: they can only exclude each other."""
    families, everybody = a.counts.get(Group.FAMILIES), people(b)
    if families is None or everybody is None or not families.value:
        return None
    each = everybody.value / families.value
    fits = A_FAMILY[0] <= each <= A_FAMILY[1]
    return Comparison(known=True, part=True, gap=FIFTH if fits else 1.0,
                      why=f"{everybody} people in {families.value} families are {each:.1f} each")
