"""An event as it stood before its last revisions: what a digest of that day would have said. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from alerts.choose import voices
from records.ledger import Change, Event, Revision, Slot, SlotValue, StoredClaim
from records.words import Group

GROUPS = {str(group): group for group in Group}


def as_of(event: Event, claims: Sequence[StoredClaim], later: Sequence[Revision]) -> Event:
    """The event before `later`, all of its revisions since, in the order they were made; `claims` are those it held
    then. The rule that chose a value then is not known any more, nor are sums that did not come out then."""
    slots: dict[str, Slot] = dict(event.slots)
    for revision in reversed(later):
        if revision.slot is not None:
            _undo(slots, event.slots.get(revision.slot), revision, claims)
    held = {stored.id for stored in claims}
    moved = {revision.slot for revision in later}
    merged = any(revision.change is Change.MERGED for revision in later)
    return replace(event, claims=tuple(claims), independent=voices(claims) or event.independent,
                   slots={name: _held(slot, held) if claims else slot for name, slot in slots.items()},
                   warnings=() if moved & set(GROUPS) else event.warnings,
                   merged_into=None if merged else event.merged_into)


def _undo(slots: dict[str, Slot], now: Slot | None, revision: Revision, claims: Sequence[StoredClaim]) -> None:
    name = revision.slot or ""
    slot = slots.get(name)
    if revision.change is Change.DISPUTED and slot is not None:
        slots[name] = replace(slot, disputed=revision.new is None)
    if revision.change not in {Change.REVISED, Change.STATUS}:
        return
    if revision.old is None:
        slots.pop(name, None)
        return
    known = [*((now.preferred, *now.others) if now else ()), *((slot.preferred, *slot.others) if slot else ())]
    value = next((one for one in known if one.value == revision.old), None) or SlotValue(
        value=revision.old, claim_ids=tuple(stored.id for stored in claims if _says(stored, name, revision.old)))
    others = {one.value: one for one in known if one.value != revision.old}
    slots[name] = Slot(name=name, preferred=value, rule="", others=tuple(others.values()),
                       disputed=slot.disputed if slot else False)


def _says(stored: StoredClaim, name: str, value: str | int) -> bool:
    claim = stored.claim
    if name in GROUPS:
        count = claim.counts.get(GROUPS[name])
        return count is not None and count.value == value
    if name == "nationality":
        return ",".join(claim.nationality) == value
    return str(getattr(claim, name, None)) == str(value)


def _held(slot: Slot, held: set[int]) -> Slot:
    """Only what somebody had said by then."""
    others = tuple(replace(other, claim_ids=tuple(one for one in other.claim_ids if one in held))
                   for other in slot.others if not other.claim_ids or held & set(other.claim_ids))
    ids = tuple(one for one in slot.preferred.claim_ids if one in held)
    return replace(slot, preferred=replace(slot.preferred, claim_ids=ids), others=others,
                   disputed=slot.disputed and bool(others))
