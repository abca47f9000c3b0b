"""Arithmetic that ought to hold. What fails is said, never hidden and never mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.counting import PEOPLE
from records.claims import Claim
from records.ledger import Slot, StoredClaim
from records.words import Group, Qualifier

A_FAMILY = (3.2, 4.2)  # persons: Jadaa convoys had 3.37 to 3.96 (840/249, 858/240, 680/181, 935/236)
SEXES = (Group.GIRLS, Group.BOYS)


def warnings(claims: Sequence[StoredClaim], slots: Mapping[str, Slot]) -> tuple[str, ...]:
    """One sentence for each sum that does not come out."""
    found = [*_parts(slots), *_sexes(slots), *_families(slots)]
    for stored in claims:
        found += _headline(stored)
    return tuple(dict.fromkeys(found))


def _exact(slots: Mapping[str, Slot], group: Group) -> int | None:
    slot = slots.get(str(group))
    if slot is None or slot.preferred.qualifier is not Qualifier.EXACT or not isinstance(slot.preferred.value, int):
        return None
    return slot.preferred.value


def _parts(slots: Mapping[str, Slot]) -> list[str]:
    total = _exact(slots, Group.TOTAL)
    parts = {group: value for group in PEOPLE if (value := _exact(slots, group)) is not None}
    summed = sum(parts.values())
    said = " and ".join(f"{value} {group}" for group, value in parts.items())
    if total is None or not parts:
        return []
    if summed > total:
        return [f"{said} are more than the {total} people in total"]
    if len(parts) > 1 and summed < total:
        return [f"{said} are {summed}, not the {total} people in total"]
    return []


def _sexes(slots: Mapping[str, Slot]) -> list[str]:
    children, girls, boys = (_exact(slots, group) for group in (Group.CHILDREN, *SEXES))
    if children is None or girls is None or boys is None or girls + boys == children:
        return []
    return [f"{girls} girls and {boys} boys are {girls + boys}, not {children} children"]


def _families(slots: Mapping[str, Slot]) -> list[str]:
    total, families = _exact(slots, Group.TOTAL), _exact(slots, Group.FAMILIES)
    if not total or not families or families < 10:  # in a few families anything is possible
        return []
    each = total / families
    if A_FAMILY[0] <= each <= A_FAMILY[1]:
        return []
    least, most = A_FAMILY
    return [f"{total} people in {families} families are {each:.2f} a family; convoys have {least} to {most}"]


def contradicts_itself(claim: Claim) -> bool:
    """One page's own exact numbers can't all be right: it may be quoted, but it settles nothing."""
    exact = {group: count.value for group, count in claim.counts.items()
             if count.qualifier is Qualifier.EXACT and not count.derived}
    total, parts = exact.get(Group.TOTAL), [exact[group] for group in PEOPLE if group in exact]
    if total is not None and parts and (sum(parts) > total or (len(parts) == len(PEOPLE) and sum(parts) != total)):
        return True
    return any(other.qualifier is Qualifier.EXACT and exact.get(other.group, other.value) != other.value
               for other in claim.other_values)


def _headline(stored: StoredClaim) -> list[str]:
    """The headline's exact number against the text's, where the reading kept both."""
    if not stored.title:
        return []
    found = []
    for other in stored.claim.other_values:
        count = stored.claim.counts.get(other.group)
        if (count and other.qualifier is Qualifier.EXACT and count.qualifier is Qualifier.EXACT
                and other.evidence.end <= len(stored.title) and other.value != count.value):
            found.append(f"{stored.outlet or 'an article'}: headline {other.value}, text {count.value} {other.group}")
    return found
