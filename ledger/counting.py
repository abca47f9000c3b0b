"""Do two counts speak of the same people? Exact against exact, exact against "more than thirty"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from records.claims import Claim, Count
from records.words import Group, Qualifier

FIFTH = 0.2  # numbers that differ by more are two events (a plan and another flight)
SLACK = 1  # people: small groups differ by one (4 women and a man, 5 women) without being others
ABOUT = 0.25  # "around 20" says 22 too
OPEN_END = 1.6  # "more than thirty" says up to 48, not 400
PEOPLE = (Group.CHILDREN, Group.WOMEN, Group.MEN)


class Fit(IntEnum):
    """How well two claims' numbers go together."""

    AGAINST = -1
    SILENT = 0  # no group in common
    LOOSE = 1  # within a fifth, or one of them is hedged
    EQUAL = 2


@dataclass(frozen=True, slots=True)
class Comparison:
    """The fit in one word, whether a hedge had a part in it, and the numbers."""

    fit: Fit
    why: str
    hedged: bool = False


def numbers(claim: Claim) -> dict[Group, Count]:
    """A claim's counts, with the total summed up from its parts where none is stated."""
    found = dict(claim.counts)
    parts = [group for group in PEOPLE if group in found]
    if Group.TOTAL not in found and parts:
        value = sum(found[group].value for group in parts)
        hedged = {found[group].qualifier for group in parts} - {Qualifier.EXACT}
        found[Group.TOTAL] = Count(value=value, derived=True, parts=tuple(f"{g} {found[g].value}" for g in parts),
                                   qualifier=hedged.pop() if hedged else Qualifier.EXACT)
    return found


def compare(mine: Mapping[Group, Count], theirs: Mapping[Group, Count]) -> Comparison:
    """The worst fit over the groups both count. Totals decide where both have one: a report may name only the children.

    A derived total of the children alone against a stated total of everybody says nothing when the children agree.
    """
    common = [group for group in Group if group in mine and group in theirs]
    if not common:
        return Comparison(Fit.SILENT, "no number in common")
    told = {group: _fit(mine[group], theirs[group]) for group in common}
    parts = [group for group in common if group is not Group.TOTAL]
    total = told.get(Group.TOTAL)
    one_sided = Group.TOTAL in told and (mine[Group.TOTAL].derived or theirs[Group.TOTAL].derived)
    if one_sided and parts and all(told[group] >= Fit.LOOSE for group in parts):
        return Comparison(max(told[group] for group in parts), _words(parts, mine, theirs))
    if total is not None and total > Fit.AGAINST and any(told[group] is Fit.AGAINST for group in parts):
        return Comparison(Fit.LOOSE if total is Fit.EQUAL else Fit.AGAINST, _words(common, mine, theirs))
    worst = min(told.values())
    if worst is Fit.LOOSE and total is Fit.EQUAL:
        worst = Fit.EQUAL
    hedged = any(count.qualifier is not Qualifier.EXACT for group in common for count in (mine[group], theirs[group]))
    return Comparison(worst, _words(common, mine, theirs), hedged)


def _words(groups: Sequence[Group], mine: Mapping[Group, Count], theirs: Mapping[Group, Count]) -> str:
    return ", ".join(f"{group} {mine[group].value} and {theirs[group].value}" for group in groups)


def _fit(a: Count, b: Count) -> Fit:
    if a.qualifier is Qualifier.EXACT and b.qualifier is Qualifier.EXACT:
        if a.value == b.value:
            return Fit.EQUAL
        return Fit.LOOSE if near(a.value, b.value) else Fit.AGAINST
    if a.value == b.value:
        return Fit.EQUAL
    loose, firm = (a, b) if a.qualifier is not Qualifier.EXACT else (b, a)
    return Fit.LOOSE if contains(loose, firm.value) else Fit.AGAINST


def near(a: int, b: int) -> bool:
    return abs(a - b) <= max(SLACK, FIFTH * max(a, b))


def contains(hedged: Count, value: int) -> bool:
    """Whether a hedged count says this value too."""
    if hedged.qualifier is Qualifier.AT_LEAST:
        return hedged.value <= value <= hedged.value * OPEN_END + SLACK
    if hedged.qualifier is Qualifier.AT_MOST:
        return hedged.value / OPEN_END - SLACK <= value <= hedged.value
    if hedged.qualifier is Qualifier.ABOUT:
        return abs(value - hedged.value) <= max(2, ABOUT * hedged.value)
    return hedged.value == value
