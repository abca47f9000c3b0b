"""A digest's events as cards: each number beside the sentence that says it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest

from alerts import words
from alerts.quotes import Shown, told
from alerts.room import MAIL
from alerts.safe import name, plain
from alerts.sheet import Card, Rival, Saying, Shift, Told
from records.claims import Evidence
from records.ledger import Change, Event, Revision, Slot, SlotValue, StoredClaim
from records.words import Group, Qualifier, Status

ABOUT = 0.1  # how far from "about 300" a number may be and still be what was meant
COUNTED = {str(group) for group in Group}
PLAIN_SHOWN = Shown()


def card(event: Event, shifts: tuple[Revision, ...] = (), shown: Shown = PLAIN_SHOWN, *,
         overdue: bool = False) -> Card:
    """One event, in the room there is. What is left out of it is counted."""
    room = shown.room
    outlets = list({c.outlet or c.origin_id: c for c in sorted(event.claims, key=lambda c: c.filed_at)}.values())
    moves = tuple(_shift(event, revision, shown) for revision in shifts)
    quoted = {shift.saying.quote for shift in moves if shift.saying}
    facts = (("From", words.place(event, "origin")), ("To", words.place(event, "destination")),
             ("Nationality", words.countries(words.codes(event.value("nationality")), most=8)),
             ("Date", words.when(event)))
    counted = {str(group) for group in words.distinct(event)}
    disputed = [slot for slot in event.slots.values()
                if slot.others and slot.disputed and (slot.name not in COUNTED or slot.name in counted)]
    independent = max(event.independent, 1)
    return Card(
        note=f"The date, {words.day(str(event.value('event_date')))}, has passed, and no source read here says that it "
        "happened."
        if overdue else "", event_id=event.id or 0, headline=shown.remark(words.headline(event)),
        status=words.slot_text("status", event.value("status")) if event.value("status") else "",
        disputed=words.disputed(event),
        facts=tuple((label, name(value)) for label, value in facts if value),
        shifts=tuple(replace(one, repeated=one.saying is not None and following is not None
                             and following.saying is not None and one.saying.quote == following.saying.quote)
                     for one, following in zip_longest(moves, moves[1:])),
        sayings=tuple(one for one in _sayings(event, shown) if one.quote not in quoted),
        rivals=tuple(rival for slot in disputed for rival in _rivals(event, slot, shown)
                     if rival.saying is None or rival.saying.quote not in quoted),
        rivals_left=sum(max(len(_against(slot)) - room.rivals, 0) for slot in disputed),
        rule=shown.remark("; ".join(f"{_value(s.name, s.preferred.value)} ({s.rule})" for s in disputed if s.rule)),
        sources=tuple(told(c) for c in outlets[:room.sources]), sources_left=max(len(outlets) - room.sources, 0),
        support=words.plural(independent, "independent source"),
        warnings=tuple(words.heading((shown.remark(warning),)) for warning in event.warnings[:room.warnings]),
        warnings_left=max(len(event.warnings) - room.warnings, 0),
        unknown=_unknown(event, {label for label, value in facts if value}))


def _sayings(event: Event, shown: Shown) -> tuple[Saying, ...]:
    """One saying per quoted sentence, with every count it gives; else the sentence that reports the movement."""
    found: dict[tuple[int, str], Saying] = {}
    for group, chosen in words.distinct(event).items():
        stored = _claim(event, chosen.claim_ids, group, chosen)
        if stored is not None:
            _add(found, _saying(stored, group, chosen, shown), stored.id)
    if not found and event.claims:
        main = _claim(event, _status_ids(event)) or event.claims[0]
        _add(found, _saying(main, None, None, shown), main.id)
    return tuple(found.values())


def _add(found: dict[tuple[int, str], Saying], saying: Saying, claim_id: int) -> None:
    key = (claim_id, saying.quote)
    if key not in found:
        found[key] = saying
        return
    old = found[key]
    found[key] = replace(old, values=(*old.values, *saying.values), derived=old.derived or saying.derived,
                         written=(*old.written, *saying.written))


def _saying(stored: StoredClaim, group: Group | None, chosen: SlotValue | None, shown: Shown) -> Saying:
    claim = stored.claim
    evidence, written = _evidence(stored, group, chosen)
    spoken = evidence == claim.evidence and not _is_headline(stored, evidence)  # a headline is nobody's word
    count = claim.counts.get(group) if group else None
    value = (words.people(group, int(chosen.value or 0), chosen.qualifier),) if group and chosen else ()
    return Saying(values=value, quote=shown.quote(evidence, written), told=told(stored),
                  speaker=_speaker(stored) if spoken else "",
                  language=words.language(stored.lang), written=(written,) if written else (),
                  derived=" + ".join(count.parts) if count and count.derived and len(count.parts) > 1 else "")


def _evidence(stored: StoredClaim, group: Group | None, chosen: SlotValue | None) -> tuple[Evidence, str | None]:
    """The sentence to show for a value and the number as written there: the one that reports the movement where the
    number stands in it too, else the number's own; a sentence of the text before the headline."""
    claim = stored.claim
    said: list[tuple[int, Qualifier, str | None, Evidence | None]] = []
    if group and group in claim.counts:
        count = claim.counts[group]
        said.append((count.value, count.qualifier, count.written, count.evidence))
    said += [(o.value, o.qualifier, o.written, o.evidence) for o in claim.other_values if o.group == group]
    for exactly in (True, False):
        for value, qualifier, written, evidence in said:
            if chosen and value == chosen.value and (qualifier == chosen.qualifier or not exactly) and evidence:
                sentence = written is not None and re.search(rf"(?<!\w){re.escape(written)}(?!\w)",
                                                             claim.evidence.quote)
                own = not sentence or (_is_headline(stored, claim.evidence) and not _is_headline(stored, evidence))
                return (evidence if own else claim.evidence), written
    return claim.evidence, None


def _is_headline(stored: StoredClaim, evidence: Evidence) -> bool:
    """The title opens the text that offsets refer to."""
    return stored.title is not None and evidence.end <= len(stored.title)


def _speaker(stored: StoredClaim) -> str:
    speaker = stored.claim.speaker
    if speaker is None:
        return ""
    return name(", ".join(filter(None, (speaker.name, speaker.role, speaker.organisation))), MAIL.remark)


def _short_speaker(stored: StoredClaim | None) -> str:
    """The person with the office, else the organisation, else the outlet; of a headline the outlet."""
    if stored is None:
        return ""
    if _is_headline(stored, stored.claim.evidence):
        return told(stored).outlet
    speaker = stored.claim.speaker
    named = name(", ".join(filter(None, (speaker.name, speaker.role)))) if speaker and speaker.name else ""
    return named or name(speaker.organisation if speaker else "") or told(stored).outlet


def _claim(event: Event, ids: Iterable[int], group: Group | None = None,
           chosen: SlotValue | None = None) -> StoredClaim | None:
    """The claim that is shown for a value: of what has happened no plan, in English where there is one, in a sentence
    and not a headline, said by somebody named, the earliest."""
    wanted = set(ids)
    found = [stored for stored in event.claims if stored.id in wanted]

    def rank(stored: StoredClaim) -> tuple[bool, bool, bool, bool, datetime, int]:
        speaker = stored.claim.speaker
        headline = _is_headline(stored, _evidence(stored, group, chosen)[0])
        return (_is_ahead(stored, event), bool(words.language(stored.lang)), headline,
                speaker is None or speaker.name is None, stored.filed_at, stored.id)
    return min(found, key=rank, default=None)


def _is_ahead(stored: StoredClaim, event: Event) -> bool:
    """It tells of the plan, and the event has come further."""
    plans = {Status.PLANNED, Status.AGREED}
    return stored.claim.status in plans and event.value("status") not in plans


def _status_ids(event: Event) -> tuple[int, ...]:
    return event.slots["status"].preferred.claim_ids if "status" in event.slots else ()


def _rivals(event: Event, slot: Slot, shown: Shown) -> list[Rival]:
    rivals: dict[str, Rival] = {}
    for other in _against(slot)[:shown.room.rivals]:
        claims = [stored for stored in event.claims if stored.id in other.claim_ids]
        told_by = tuple(dict.fromkeys(told(stored) for stored in claims))[:shown.room.sources] or tuple(
            Told(outlet=name(outlet), day="") for outlet in other.outlets[:shown.room.sources])
        best = _claim(event, other.claim_ids, _group(slot.name), other)
        saying = _saying(best, _group(slot.name), other, shown) if best else None
        planned = bool(claims) and all(_is_ahead(stored, event) for stored in claims)
        rivals.setdefault(str(other.value), Rival(
            value=_value(slot.name, other.value, other.qualifier), told=told_by, saying=saying, planned=planned))
    return list(rivals.values())


def _against(slot: Slot) -> list[SlotValue]:
    """The values that contradict the one shown, those that stand for themselves first."""
    against = [other for other in slot.others if not allows(other, slot.preferred.value)]
    return sorted(against, key=lambda other: other.qualifier is not Qualifier.EXACT)


def allows(other: SlotValue, value: str | int | None) -> bool:
    """A hedge that the value satisfies is another way to say it: "more than thirty" beside 33."""
    if not isinstance(other.value, int) or not isinstance(value, int):
        return False
    return {Qualifier.EXACT: False, Qualifier.AT_LEAST: value >= other.value, Qualifier.AT_MOST: value <= other.value,
            Qualifier.ABOUT: abs(value - other.value) <= other.value * ABOUT}[other.qualifier]


def _group(name: str | None) -> Group | None:
    return Group(name) if name in COUNTED else None


def _value(name: str | None, value: str | int | None, qualifier: Qualifier = Qualifier.EXACT) -> str:
    group = _group(name)
    if group and isinstance(value, int):
        return words.people(group, value, qualifier)
    if name in {"origin_country", "origin_place", "destination_country", "destination_place"}:
        return plain(f"{words.slot_label(name)} {words.slot_text(name, value)}")
    return plain(words.slot_text(name, value))


def _shift(event: Event, revision: Revision, shown: Shown) -> Shift:
    if revision.change is Change.MERGED:
        return Shift(label="same event", old=f"told as event {revision.event_id}", new=f"is event {event.id}",
                     why=shown.remark(revision.why))
    group, slot = _group(revision.slot), event.slots.get(revision.slot or "")
    known = (slot.preferred, *slot.others) if slot else ()
    chosen = next((value for value in known if value.value == revision.new), None)
    stored = _claim(event, [revision.claim_id] if revision.claim_id else [])
    if stored and chosen and _is_headline(stored, _evidence(stored, group, chosen)[0]):  # others say it in a sentence
        stored = _claim(event, {*chosen.claim_ids, stored.id}, group, chosen)
    how = "changed" if revision.old is not None else "added"
    if revision.change is Change.DISPUTED:
        how = "settled" if revision.new is None else "disputed"
        stored = stored if how == "disputed" else None
    saying = _saying(stored, group, chosen, shown) if stored else None
    return Shift(how=how, label=words.slot_label(revision.slot),
                 old=plain(words.said_value(event, revision.slot, revision.old)),
                 new=plain(words.said_value(event, revision.slot, revision.new)), why=shown.remark(revision.why),
                 saying=saying, says=_short_speaker(stored))


def _unknown(event: Event, known: set[str]) -> str:
    missing = [] if words.counts(event) else ["how many"]
    names = {"From": "from where", "To": "to where", "Nationality": "nationality", "Date": "date"}
    return words.listed([*missing, *(text for name, text in names.items() if name not in known)])

