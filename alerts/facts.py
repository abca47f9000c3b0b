"""A digest's events and figures as cards: each number beside the sentence that says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest

from alerts import words
from alerts.safe import host, isolated, link, name, plain, shorten
from alerts.sheet import Card, Rival, Saying, Shift, Told
from records.claims import Evidence
from records.ledger import Change, Event, Revision, Slot, SlotValue, StoredClaim, StoredFigure
from records.words import Group, Qualifier, Status

QUOTE_CAP = 420  # characters; a sentence of news is rarely longer, a list of names or a page without stops is
SOURCES = 6  # named under an event; the rest is counted
REMARK_CAP = 300  # characters of a rule, a warning, a speaker with role and organisation
WARNINGS = 5  # shown per event
RIVALS = 4  # other values named per slot
ABOUT = 0.1  # how far from "about 300" a number may be and still be what was meant
Withhold = Callable[[str], str]
COUNTED = {str(group) for group in Group}


def as_it_is(text: str) -> str:
    """The hook for withholding names, where the store has withheld them already."""
    return text


def card(event: Event, shifts: tuple[Revision, ...] = (), withhold: Withhold = as_it_is) -> Card:
    """One event. `withhold` masks what must not be shown in a quote."""
    outlets = list({c.outlet or c.origin_id: c for c in sorted(event.claims, key=lambda c: c.filed_at)}.values())
    moves = tuple(_shift(event, revision, withhold) for revision in shifts)
    shown = {shift.saying.quote for shift in moves if shift.saying}
    facts = (("From", words.place(event, "origin")), ("To", words.place(event, "destination")),
             ("Nationality", words.countries(words.codes(event.value("nationality")), most=8)),
             ("Date", words.when(event)))
    counted = {str(group) for group in words.distinct(event)}
    disputed = [slot for slot in event.slots.values()
                if slot.others and slot.disputed and (slot.name not in COUNTED or slot.name in counted)]
    independent = max(event.independent, 1)
    return Card(
        event_id=event.id or 0, headline=name(words.headline(event), REMARK_CAP),
        status=words.slot_text("status", event.value("status")) if event.value("status") else "",
        facts=tuple((label, name(value)) for label, value in facts if value),
        shifts=tuple(replace(one, repeated=one.saying is not None and following is not None
                             and following.saying is not None and one.saying.quote == following.saying.quote)
                     for one, following in zip_longest(moves, moves[1:])),
        sayings=tuple(one for one in _sayings(event, withhold) if one.quote not in shown),
        rivals=tuple(rival for slot in disputed for rival in _rivals(event, slot, withhold)
                     if rival.saying is None or rival.saying.quote not in shown),
        rule=name("; ".join(f"{_value(s.name, s.preferred.value)} ({s.rule})" for s in disputed if s.rule), REMARK_CAP),
        sources=tuple(told(c) for c in outlets[:SOURCES]), sources_left=max(len(outlets) - SOURCES, 0),
        support=words.plural(independent, "independent source"),
        warnings=tuple(name(warning, REMARK_CAP) for warning in event.warnings[:WARNINGS]),
        unknown=_unknown(event, {label for label, value in facts if value}))


def told(claim: StoredClaim | StoredFigure) -> Told:
    return Told(outlet=name(claim.outlet) or host(claim.url) or "an imported text", day=words.day(claim.published),
                url=link(claim.url), host=host(claim.url), note=_note(claim))


def _note(claim: StoredClaim | StoredFigure) -> str:
    if isinstance(claim, StoredClaim) and claim.origin_id != claim.article_id:
        return "a copy"
    return "from its feed alone" if claim.from_entry else ""


def excerpt(evidence: Evidence, written: str | None = None) -> str:
    """The quote; of a very long one the part around the number, with marks where it was cut."""
    quote = plain(evidence.quote)
    if len(quote) <= QUOTE_CAP:
        return quote
    at = max(quote.find(plain(written)), 0) if written else 0
    start = max(0, min(at - QUOTE_CAP // 2, len(quote) - QUOTE_CAP))
    return ("…" if start else "") + shorten(quote[start:], QUOTE_CAP)


def _sayings(event: Event, withhold: Withhold) -> tuple[Saying, ...]:
    """One saying per quoted sentence, with every count it gives; else the sentence that reports the movement."""
    found: dict[tuple[int, str], Saying] = {}
    for group, chosen in words.distinct(event).items():
        stored = _claim(event, chosen.claim_ids, group, chosen)
        if stored is not None:
            _add(found, _saying(stored, group, chosen, withhold), stored.id)
    if not found and event.claims:
        main = _claim(event, _status_ids(event)) or event.claims[0]
        _add(found, _saying(main, None, None, withhold), main.id)
    return tuple(found.values())


def _add(found: dict[tuple[int, str], Saying], saying: Saying, claim_id: int) -> None:
    key = (claim_id, saying.quote)
    if key not in found:
        found[key] = saying
        return
    old = found[key]
    found[key] = replace(old, values=(*old.values, *saying.values), derived=old.derived or saying.derived,
                         written=(*old.written, *saying.written))


def _saying(stored: StoredClaim, group: Group | None, chosen: SlotValue | None, withhold: Withhold) -> Saying:
    claim = stored.claim
    evidence, written = _evidence(stored, group, chosen)
    spoken = evidence == claim.evidence and not _is_headline(stored, evidence)  # a headline is nobody's word
    count = claim.counts.get(group) if group else None
    value = (words.people(group, int(chosen.value or 0), chosen.qualifier),) if group and chosen else ()
    return Saying(values=value, quote=withhold(excerpt(evidence, written)), told=told(stored),
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
    return name(", ".join(filter(None, (speaker.name, speaker.role, speaker.organisation))), REMARK_CAP)


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
    """The claim that is shown for a value: in English where there is one, in a sentence and not a headline, said by
    somebody named, the earliest."""
    wanted = set(ids)
    found = [stored for stored in event.claims if stored.id in wanted]

    def rank(stored: StoredClaim) -> tuple[bool, bool, bool, datetime, int]:
        speaker = stored.claim.speaker
        return (bool(words.language(stored.lang)), _is_headline(stored, _evidence(stored, group, chosen)[0]),
                speaker is None or speaker.name is None, stored.filed_at, stored.id)
    return min(found, key=rank, default=None)


def _status_ids(event: Event) -> tuple[int, ...]:
    return event.slots["status"].preferred.claim_ids if "status" in event.slots else ()


def _rivals(event: Event, slot: Slot, withhold: Withhold) -> list[Rival]:
    rivals: dict[str, Rival] = {}
    against = [other for other in slot.others if not allows(other, slot.preferred.value)]
    for other in sorted(against, key=lambda o: o.qualifier is not Qualifier.EXACT)[:RIVALS]:
        claims = [stored for stored in event.claims if stored.id in other.claim_ids]
        told_by = tuple(dict.fromkeys(told(stored) for stored in claims))[:SOURCES] or tuple(
            Told(outlet=name(outlet), day="") for outlet in other.outlets[:SOURCES])
        shown = _claim(event, other.claim_ids, _group(slot.name), other)
        saying = _saying(shown, _group(slot.name), other, withhold) if shown else None
        ahead = claims and all(c.claim.status in {Status.PLANNED, Status.AGREED} for c in claims)
        planned = bool(ahead) and event.value("status") not in {Status.PLANNED, Status.AGREED}
        rivals.setdefault(str(other.value), Rival(
            value=_value(slot.name, other.value, other.qualifier), told=told_by, saying=saying, planned=planned))
    return list(rivals.values())


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


def _shift(event: Event, revision: Revision, withhold: Withhold) -> Shift:
    if revision.change is Change.MERGED:
        return Shift(label="same event", old=f"told as event {revision.event_id}", new=f"is event {event.id}",
                     why=name(revision.why, REMARK_CAP))
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
    saying = _saying(stored, group, chosen, withhold) if stored else None
    return Shift(how=how, label=words.slot_label(revision.slot),
                 old=plain(words.slot_text(revision.slot, revision.old)),
                 new=plain(words.slot_text(revision.slot, revision.new)), why=name(revision.why, REMARK_CAP),
                 saying=saying, says=_short_speaker(stored))


def _unknown(event: Event, known: set[str]) -> str:
    missing = [] if words.counts(event) else ["how many"]
    names = {"From": "from where", "To": "to where", "Nationality": "nationality", "Date": "date"}
    return words.listed([*missing, *(text for name, text in names.items() if name not in known)])


def figure(stored: StoredFigure, withhold: Withhold = as_it_is) -> Saying:
    """A number that belongs to no single movement: "at least 1,500 women and children held in Iraq"."""
    hedge, what = words.HEDGE[stored.qualifier], words.FIGURES.get(stored.what, stored.what.replace("_", " "))
    language = words.language(stored.lang)
    group = plain(stored.group) or "people"
    whom = "" if stored.what == "requests" else f" “{isolated(group)}”" if language and stored.group else f" {group}"
    where = plain(words.country(stored.place))
    place = "" if not where else f" in {where}" if stored.what in {"held", "died"} else f" ({where})"
    return Saying(values=(f"{hedge}{words.number(stored.value)}{whom} {what}{place}",),
                  quote=withhold(excerpt(stored.evidence)), told=told(stored), language=language)
