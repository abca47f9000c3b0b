"""The ledger's codes and values in plain English: countries, languages, dates, counts, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from babel import Locale, UnknownLocaleError

from records.ledger import Event, Slot, SlotValue
from records.words import Basis, Group, Kind, Qualifier, Status

ENGLISH = Locale("en")
HEDGE = {Qualifier.EXACT: "", Qualifier.ABOUT: "about ", Qualifier.AT_LEAST: "at least ", Qualifier.AT_MOST: "up to "}
NOUNS = {Group.TOTAL: ("person", "people"), Group.CHILDREN: ("child", "children"), Group.WOMEN: ("woman", "women"),
         Group.MEN: ("man", "men"), Group.FAMILIES: ("family", "families"), Group.GIRLS: ("girl", "girls"),
         Group.BOYS: ("boy", "boys"), Group.ORPHANS: ("orphan", "orphans")}
WHO = (Group.CHILDREN, Group.WOMEN, Group.MEN)  # groups that add up to people
DONE = {Kind.REPATRIATION: "brought home", Kind.HANDOVER: "handed over", Kind.RETURN: "returned",
        Kind.TRANSFER: "transferred", Kind.EXTRADITION: "extradited"}
FORMS = {  # what goes around what was done, and what follows the places
    Status.COMPLETED: ("", ""), Status.PLANNED: ("to be ", ""), Status.AGREED: ("to be ", ", as agreed"),
    Status.UNDER_WAY: ("being ", ""), Status.REFUSED: ("not ", ": refused"), Status.DENIED: ("", "")}
STATUS = {Status.UNDER_WAY: "under way"}
SLOTS = {"event_date": "date", "origin_country": "from", "origin_place": "from", "destination_country": "to",
         "destination_place": "to", "nationality": "nationality", "status": "status", "total": "people"}
FIGURES = {"held": "held", "requests": "requests to return", "repatriated_total": "brought home in all",
           "joined": "joined", "died": "died"}


def country(code: str | None) -> str:
    """The English name of an ISO alpha-2 code, or of several as "MK,XK"; whatever is no code, as it is."""
    if code and "," in code:
        return countries(code.split(","))
    return ENGLISH.territories.get(code, code) if code else ""


def countries(codes: Iterable[str], most: int = 3) -> str:
    names = [country(code) for code in codes]
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(names[:most]) if rest else listed(names)) + rest


def listed(names: Sequence[str]) -> str:
    """a, b and c"""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def heading(values: Sequence[str]) -> str:
    """About 33 children and 14 women: the values at the head of the sentence that says them."""
    text = listed(values)
    return text[:1].upper() + text[1:]


def codes(value: str | int | None) -> tuple[str, ...]:
    """The nationalities in a slot's value, which holds several as "DE,FR"."""
    return tuple(code for code in str(value).replace(",", " ").replace("+", " ").split() if code) if value else ()


def language(tag: str | None) -> str:
    """The English name of a language that is not English; "" for English and unknown."""
    if not tag or tag.split("-")[0].lower() in {"en", "und"}:
        return ""
    try:
        return Locale.parse(tag.split("-")[0]).get_display_name("en") or ""
    except (UnknownLocaleError, ValueError):
        return ""


def day(text: str | None) -> str:
    """15 July 2019, July 2019 or 2019, as precisely as the ISO text says; "" for none."""
    if not text:
        return ""
    try:
        if len(text) == 7:
            return f"{date.fromisoformat(text + '-01'):%B %Y}"
        if len(text) >= 10:
            moment = date.fromisoformat(text[:10])
            return f"{moment.day} {moment:%B %Y}"
    except ValueError:
        pass
    return text


def moment_text(moment: datetime | None) -> str:
    """15 July 2019, 05:58 UTC, in the zone the moment is given in; a zone without letters of its own gets its name."""
    if moment is None:
        return "never"
    zone = moment.tzname() or ""
    return f"{moment.day} {moment:%B %Y, %H:%M} {zone if zone.isalpha() else moment.tzinfo}"


def span_text(since: datetime, until: datetime) -> str:
    """14 July 2019, 08:00 to 15 July 2019, 08:00 CEST; the zone twice where the clocks were changed between."""
    begin, end = moment_text(since), moment_text(until)
    day_and_hour, _, zone = begin.rpartition(" ")
    return f"{day_and_hour if end.endswith(f' {zone}') else begin} to {end}"


def number(value: int) -> str:
    return f"{value:,}"


def people(group: Group, value: int, qualifier: Qualifier = Qualifier.EXACT) -> str:
    """at least 33 children"""
    return f"{HEDGE[qualifier]}{number(value)} {NOUNS[group][value != 1]}"


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def counts(event: Event) -> dict[Group, SlotValue]:
    """The counts an event has, in the order of the groups."""
    found = {group: event.slots[str(group)].preferred for group in Group if str(group) in event.slots}
    return {group: value for group, value in found.items() if isinstance(value.value, int)}


def distinct(event: Event) -> dict[Group, SlotValue]:
    """The counts without a total that says no more than one group does: 33 people who are 33 children."""
    have = counts(event)
    total = have.get(Group.TOTAL)
    same = total is not None and any(group in have and have[group].value == total.value for group in WHO)
    return {group: value for group, value in have.items() if not (same and group is Group.TOTAL)}


def who(event: Event, *, short: bool = False) -> str:
    """33 children; 33 people (14 women and 19 children); people, where no number is known."""
    said = {group: people(group, int(value.value or 0), value.qualifier) for group, value in distinct(event).items()}
    parts = [said[group] for group in WHO if group in said]
    if Group.TOTAL in said:
        return said[Group.TOTAL] if short or not parts else f"{said[Group.TOTAL]} ({listed(parts)})"
    if parts:
        return listed(parts)
    return next(iter(said.values()), "people")


def headline(event: Event, *, short: bool = False) -> str:
    """What happened, in one line: "33 children brought home from Iraq to Russia"."""
    to, home = country(_text(event, "destination_country")), codes(event.value("nationality"))
    origin = country(_text(event, "origin_country"))
    kind, status = Kind(_kind(event)), Status(_text(event, "status") or Status.COMPLETED)
    whom = who(event, short=short)
    if home and home != (_text(event, "destination_country"),):
        whom += f" ({countries(home)})" if "(" not in whom else f", {countries(home)},"
    before, after = FORMS[status]
    ways = [f"from {origin}" if origin and not short else "", f"to {to}" if to else ""]
    if status is Status.DENIED:  # "Denied: 12 women brought home" may be read as the women's being turned away
        verb = DONE[kind] if kind is Kind.RETURN else f"{'was' if _one(event) else 'were'} {DONE[kind]}"
        return " ".join(filter(None, ["Denied that", whom, verb, *ways]))
    if short and kind is Kind.REPATRIATION and status is Status.COMPLETED and to:
        return f"{whom} home to {to}"
    line = " ".join(filter(None, [whom, before + DONE[kind], *ways])) + after
    line += "" if short or counts(event) else ", number not known"
    return line if short else line[:1].upper() + line[1:]


def _one(event: Event) -> bool:
    """A single person: "1 child was"."""
    return [value.value for value in distinct(event).values()] == [1]


def disputed(event: Event) -> str:
    """What of an event is disputed: "number disputed", "date and number disputed"."""
    names = dict.fromkeys("number" if name in NOUNS else slot_label(name)
                          for name, slot in event.slots.items() if slot.disputed and slot.others)
    return f"{listed(sorted(names))} disputed" if names else ""


def _text(event: Event, name: str) -> str | None:
    value = event.value(name)
    return str(value) if value is not None else None


def _kind(event: Event) -> str:
    """The kind as reconciled, else as most claims say."""
    if event.value("kind"):
        return str(event.value("kind"))
    kinds = [str(stored.claim.kind) for stored in event.claims]
    return max(kinds, key=kinds.count) if kinds else Kind.REPATRIATION


def slot_label(name: str | None) -> str:
    if name in NOUNS:
        return NOUNS[Group(name)][1]
    return SLOTS.get(name or "", (name or "").replace("_", " "))


def slot_text(name: str | None, value: str | int | None) -> str:
    """A slot's value as a reader says it."""
    if value is None:
        return "not known"
    if name == "status":
        return STATUS.get(Status(str(value)), str(value)) if str(value) in set(Status) else str(value)
    if name == "nationality":
        return countries(codes(value), most=8)
    if name in {"origin_country", "destination_country"}:
        return country(str(value))
    if name == "event_date":
        return day(str(value))
    return number(value) if isinstance(value, int) else str(value)


def said_value(event: Event, name: str | None, value: str | int | None) -> str:
    """A slot's value with the hedge it is said with: "at least 107", where nobody says 107 itself."""
    return (HEDGE[hedge(event, name, value)] if isinstance(value, int) else "") + slot_text(name, value)


def counted(event: Event, name: str | None, value: str | int | None) -> str:
    """At least 33 children; "" for what is no number of people."""
    return people(Group(name), value, hedge(event, name, value)) if name in NOUNS and isinstance(value, int) else ""


def hedge(event: Event, name: str | None, value: str | int | None) -> Qualifier:
    """How the event's slot has this value: exact where anybody says it so, or where it is no longer known."""
    slot = event.slots.get(name or "")
    found = {one.qualifier for one in (slot.preferred, *slot.others) if one.value == value} if slot else set()
    if slot and slot.preferred.value == value:
        return slot.preferred.qualifier
    return Qualifier.EXACT if Qualifier.EXACT in found else min(found, default=Qualifier.EXACT)


def place(event: Event, end: str) -> str:
    """Baghdad, Iraq"""
    names = (_text(event, f"{end}_place"), country(_text(event, f"{end}_country")))
    return ", ".join(dict.fromkeys(name for name in names if name))


def when(event: Event) -> str:
    """15 July 2019; "on or before" where only the report's own day is known."""
    slot: Slot | None = event.slots.get("event_date")
    if slot is None or slot.preferred.value is None:
        return ""
    bases = {stored.claim.event_date_basis for stored in event.claims if stored.id in slot.preferred.claim_ids}
    reported = bases == {Basis.REPORTED}
    return ("on or before " if reported else "") + day(str(slot.preferred.value))


def told_shortly(event: Event) -> str:
    """The facts of an event in a few sentences, for forms without room: what happened, when, who says so."""
    status = slot_text("status", event.value("status"))
    facts = [headline(event), f"Date: {when(event) or 'not known'}", f"Status: {status}"]
    disputed = [slot_label(slot.name) for slot in event.slots.values() if slot.disputed]
    facts += [f"Disputed: {listed(list(dict.fromkeys(disputed)))}"] if disputed else []
    facts += [f"{plural(max(event.independent, 1), 'independent source')}: {event_outlets(event)}"]
    return ". ".join(facts) + "."


def event_outlets(event: Event) -> str:
    names = list(dict.fromkeys(stored.outlet for stored in event.claims if stored.outlet))
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "") or "an imported text"
