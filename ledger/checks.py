"""Arithmetic that ought to hold. What fails is said, never hidden and never mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from records.ledger import Slot, StoredClaim
from records.words import Group, Qualifier

A_FAMILY = (2.5, 5.5)  # persons: Jadaa convoys had 3.4 to 4.0 (ANCHORS: 840/249, 858/240, 680/181, 935/236)
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
    parts = {group: value for group in (Group.CHILDREN, Group.WOMEN, Group.MEN)
             if (value := _exact(slots, group)) is not None}
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
    return [f"{total} people in {families} families are {each:.1f} a family"]


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
