"""One flight for several states: whose people it carried; which claims count everybody, which one state's part."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.voices import Voice, by_value, rule
from records.ledger import Slot, SlotValue, StoredClaim
from records.words import Group, Qualifier

SEVERAL = "one flight for several states"


def nationality_slot(heard: Sequence[StoredClaim], held: Sequence[StoredClaim]) -> Slot | None:
    """The states whose people moved, as "DE,FR". Several states' parts of one flight add up to all of them."""
    for claims in (heard, held):
        voices = [Voice(stored=c, value=",".join(c.claim.nationality)) for c in claims if c.claim.nationality]
        if voices:
            break
    else:
        return None
    values = by_value(voices)
    sets = [set(c.claim.nationality) for c in held if c.claim.nationality]
    if any(not (a <= b or b <= a) for a in sets for b in sets):
        whole = _all(set().union(*sets), voices)
        others = tuple(value for value in values if value.value != whole.value)
        return Slot(name="nationality", preferred=whole, others=others, rule=SEVERAL)
    return Slot(name="nationality", preferred=values[0], others=values[1:],
                rule=rule("most independent sources", values[1:]))


def every_destination(values: Sequence[SlotValue]) -> Slot:
    """A flight for several states goes to each of them: "MK,XK"."""
    if len(values) == 1:
        return Slot(name="destination_country", preferred=values[0], rule=rule("", ()))
    return Slot(name="destination_country", rule=SEVERAL, others=tuple(values), preferred=SlotValue(
        value=",".join(sorted(str(value.value) for value in values)), independent=max(v.independent for v in values),
        claim_ids=tuple(sorted({one for value in values for one in value.claim_ids})),
        outlets=tuple(sorted({one for value in values for one in value.outlets}))))


def of_everybody(claims: Sequence[StoredClaim], nationality: Slot | None) -> tuple[StoredClaim, ...]:
    """The claims that count everybody, not one state's part of a flight for several."""
    states = _states(nationality.preferred) if nationality else set()
    return tuple(c for c in claims if not c.claim.nationality or set(c.claim.nationality) >= states)


def of_parts(claims: Sequence[StoredClaim], nationality: Slot | None) -> dict[str, tuple[StoredClaim, ...]]:
    """The other claims, by the states whose part they count."""
    whole = {c.id for c in of_everybody(claims, nationality)}
    parts: dict[str, list[StoredClaim]] = {}
    for stored in claims:
        if stored.id not in whole:
            parts.setdefault("+".join(stored.claim.nationality), []).append(stored)
    return {states: tuple(found) for states, found in sorted(parts.items())}


def sum_of_parts(slots: Sequence[Slot]) -> Slot | None:
    """The people of all states together, where nobody counts them; of states that are not counted twice."""
    parts = {slot.name.partition(":")[2]: slot.preferred for slot in slots if slot.name.startswith(f"{Group.TOTAL}:")}
    if len(parts) < 2 or any("+" in states for states in parts):
        return None
    said = parts.values()
    exact = all(value.qualifier is Qualifier.EXACT for value in said)
    return Slot(name=str(Group.TOTAL), rule="the states' parts added up", preferred=SlotValue(
        value=sum(int(value.value or 0) for value in said), qualifier=Qualifier.EXACT if exact else Qualifier.ABOUT,
        claim_ids=tuple(sorted({one for value in said for one in value.claim_ids})),
        outlets=tuple(sorted({one for value in said for one in value.outlets})),
        independent=min(value.independent for value in said)))


def _states(value: SlotValue) -> set[str]:
    return set(str(value.value).split(","))


def _all(union: set[str], voices: Sequence[Voice]) -> SlotValue:
    return by_value(Voice(stored=voice.stored, value=",".join(sorted(union))) for voice in voices)[0]
