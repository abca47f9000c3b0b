"""What changed of an event, from its state before and after a claim joined: the revisions to be kept and told.

    before, after | opened? | slots one by one | disputes that arose or ended | else one more source
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ledger.counting import PEOPLE
from ledger.spans import DAYS_APART, days_apart
from records.ledger import Change, Event, Revision, Slot, SlotValue
from records.words import Group, Qualifier

COUNTS = tuple(str(group) for group in Group)
TOLD = ("status", "nationality", *COUNTS, "event_date", "destination_country", "origin_country")
KEPT = ("origin_place", "destination_place", "ordinal", "operation")  # kept as revisions, too small to be told


def revise(before: Event | None, after: Event, *, claim_ids: Sequence[int], now: datetime, quiet: bool,
           told_before: bool) -> tuple[Revision, ...]:
    """The revisions that a filed article causes on one event, newest state `after`.

    `quiet`: backfill, or a mere mention in an article about something else. `told_before`: the event's opening has been
    told, or was open to be; a quiet event that is now reported as news opens for its readers only now.
    """
    assert after.id is not None
    base = Revision(id=None, event_id=after.id, change=Change.OPENED, at=now, quiet=quiet,
                    claim_id=claim_ids[0] if claim_ids else None)
    if before is None or not before.slots:
        return (replace(base, why="no event was known that goes with it"),)
    found: list[Revision] = []
    if not told_before and not quiet:
        found.append(replace(base, why="known from the past or from mentions; reported as news only now"))
    for name in (*TOLD, *KEPT):
        found += _slot(base, name, before, after)
    untold = not found if quiet else all(revision.quiet for revision in found)
    if untold and _new_voices(before, after, claim_ids):
        found.append(replace(base, change=Change.SOURCE, why="says what is known"))
    return tuple(found)


def merged(event_id: int, into: int, *, now: datetime, quiet: bool, why: str = "") -> Revision:
    """The revision on an event that proved to be another one."""
    return Revision(id=None, event_id=event_id, change=Change.MERGED, at=now, old=event_id, new=into, quiet=quiet,
                    why=f"{why or 'one article tells of both as one flight'}: it is event {into}")


def _slot(base: Revision, name: str, before: Event, after: Event) -> list[Revision]:
    old, new = before.slots.get(name), after.slots.get(name)
    was, now = (slot.preferred.value if slot else None for slot in (old, new))
    if was != now:
        change = Change.STATUS if name == "status" else Change.REVISED
        quiet = base.quiet or name in KEPT or _finer(name, before, after)
        claim_id = _claim(new) or base.claim_id
        return [replace(base, change=change, slot=name, old=was, new=now, quiet=quiet, claim_id=claim_id,
                        why=new.rule if new else _why_gone(name, after))]
    if name not in COUNTS or old is None or new is None:
        return []
    known = {value.value for value in _against(old)}
    arisen = [value for value in _against(new) if value.value not in known]
    if arisen:
        return [replace(base, change=Change.DISPUTED, slot=name, old=now, new=value.value, claim_id=value.claim_ids[0],
                        why=f"{_who(value)} {'says' if len(value.outlets) < 2 else 'say'} otherwise")
                for value in arisen if value.claim_ids]
    if old.disputed and not new.disputed:
        return [replace(base, change=Change.DISPUTED, slot=name, old=now, new=None, why="all sources agree now")]
    return []


def _finer(name: str, before: Event, after: Event) -> bool:
    """The same said more precisely is no news: a day for its month or for "on or before", the day before the arrival,
    a country at last, the women among people counted already, one number split by state."""
    old, new = before.slots.get(name), after.slots.get(name)
    if new is None:
        return _by_state(name, after)
    if name == "event_date":
        was, now = (str(slot.preferred.value) if slot else "" for slot in (old, new))
        return now.startswith(was) or days_apart(was, now) <= DAYS_APART or (
            old is not None and old.preferred.qualifier is Qualifier.AT_MOST and now <= was)
    return old is None and (name not in COUNTS or any(str(group) in before.slots for group in (Group.TOTAL, *PEOPLE)))


def _by_state(name: str, after: Event) -> bool:
    return any(other.startswith(f"{name}:") for other in after.slots)


def _why_gone(name: str, after: Event) -> str:
    return "counted state by state now" if _by_state(name, after) else "nobody says so any more"


def _against(slot: Slot) -> list[SlotValue]:
    """Exact values that contradict the preferred one."""
    return [value for value in slot.others if value.qualifier is Qualifier.EXACT] if slot.disputed else []


def _who(value: SlotValue) -> str:
    return ", ".join(value.outlets[:3]) or "a source"


def _claim(slot: Slot | None) -> int | None:
    return slot.preferred.claim_ids[0] if slot and slot.preferred.claim_ids else None


def _new_voices(before: Event, after: Event, claim_ids: Sequence[int]) -> bool:
    """An article tells of the event that did not before; a new version of one that did is no new voice."""
    before_told = {stored.article_id for stored in before.claims}
    return any(stored.article_id not in before_told for stored in after.claims if stored.id in claim_ids)
