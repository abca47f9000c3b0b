"""The sheet that people of this field keep by hand, one event a row: its columns with their HXL hashtags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from records.ledger import Event, Slot, StoredClaim
from records.words import Group, Qualifier, Status, cameo

PLANS = (Status.PLANNED, Status.AGREED)
HEDGES = {Qualifier.ABOUT: "about ", Qualifier.AT_LEAST: "at least ", Qualifier.AT_MOST: "up to "}
LIST = "; "  # between values of one cell
Cell = Callable[[Event, "StoredClaim | None"], Any]


def _slot(name: str) -> Cell:
    return lambda event, first: event.value(name)


def _of_claims(value: Callable[[StoredClaim], str | None]) -> Cell:
    """What all claims say, each thing once."""
    return lambda event, first: LIST.join(dict.fromkeys(said for claim in event.claims if (said := value(claim))))


def _speaker(part: str) -> Cell:
    return lambda event, first: (getattr(first.claim.speaker, part) if first is not None and first.claim.speaker
                                 else None)


def _qualifier(event: Event, first: StoredClaim | None) -> str | None:
    slot = event.slots.get(Group.TOTAL) or next((event.slots[group] for group in Group if group in event.slots), None)
    return str(slot.preferred.qualifier) if slot else None


def _precision(event: Event, first: StoredClaim | None) -> str | None:
    return {10: "day", 7: "month", 4: "year"}.get(len(str(event.value("event_date") or "")))


def _reported(event: Event, first: StoredClaim | None) -> str | None:
    """The first report's day."""
    return min((claim.published[:10] for claim in event.claims if claim.published), default=None)


def _count_kind(event: Event, first: StoredClaim | None) -> str:
    return "planned" if event.value("status") in PLANS else "delta"


def _note(event: Event, first: StoredClaim | None) -> str:
    """Who says otherwise, what does not add up, what it is related to."""
    others = [f"{slot.name}: {_said(slot)}" for slot in event.slots.values() if slot.others]
    return LIST.join([*others, *event.warnings, *(f"see event {other}: {why}" for other, why in event.links)])


def _said(slot: Slot) -> str:
    return " / ".join(f"{HEDGES.get(other.qualifier, '')}{other.value} ({', '.join(other.outlets)})"
                      for other in slot.others)


def _rules(event: Event, first: StoredClaim | None) -> str:
    """By which rule each number was chosen that somebody gives otherwise."""
    return LIST.join(f"{name}: {slot.rule}" for name, slot in event.slots.items() if slot.others)


def _fate(event: Event, first: StoredClaim | None) -> str:
    return "merged" if event.merged_into is not None else "stands" if event.slots else "deleted"


def _disputed(event: Event, first: StoredClaim | None) -> str:
    return LIST.join(name for name, slot in event.slots.items() if slot.disputed)


COLUMNS: tuple[tuple[str, str, Cell], ...] = (
    ("event_id", "#event+id", lambda event, first: event.id),
    ("record", "#meta+record+status", _fate),
    ("merged_into", "#event+id+merged", lambda event, first: event.merged_into),
    ("event_name", "#event+name", _slot("operation")),
    ("ordinal", "#event+num", _slot("ordinal")),
    ("transfer_type", "#event+type", _slot("kind")),
    ("cameo", "#event+code+v_cameo", lambda event, first: cameo(event.value("kind"), event.value("status"))),
    ("status", "#status", _slot("status")),
    ("event_date", "#date+occurred", _slot("event_date")),
    ("date_precision", "#date+occurred+precision", _precision),
    ("reported_at", "#date+reported", _reported),
    ("from_country", "#country+origin+code+v_iso2", _slot("origin_country")),
    ("from_site", "#loc+origin+name", _slot("origin_place")),
    ("to_country", "#country+dest+code+v_iso2", _slot("destination_country")),
    ("to_site", "#loc+dest+name", _slot("destination_place")),
    ("nationality", "#population+nationality+code+v_iso2", _slot("nationality")),
    ("total", "#affected+total", _slot("total")),
    ("children", "#affected+children", _slot("children")),
    ("women", "#affected+f+adult", _slot("women")),
    ("men", "#affected+m+adult", _slot("men")),
    ("girls", "#affected+f+children", _slot("girls")),
    ("boys", "#affected+m+children", _slot("boys")),
    ("families", "#affected+hh", _slot("families")),
    ("orphans", "#affected+children+orphans", _slot("orphans")),
    ("count_kind", "#meta+count+type", _count_kind),
    ("qualifier", "#meta+count+qualifier", _qualifier),
    ("official_name", "#contact+official+name", _speaker("name")),
    ("official_role", "#contact+official+role", _speaker("role")),
    ("institution", "#org+official+name", _speaker("organisation")),
    ("independent_sources", "#meta+source+num", lambda event, first: event.independent),
    ("outlets", "#meta+source+name", _of_claims(lambda claim: claim.outlet)),
    ("urls", "#meta+source+url", _of_claims(lambda claim: claim.url)),
    ("origin_wire", "#meta+source+origin", _of_claims(lambda claim: claim.credit)),
    ("languages", "#meta+source+lang", _of_claims(lambda claim: claim.lang)),
    ("published_at", "#date+published", _of_claims(lambda claim: claim.published)),
    ("quote", "#description+quote", lambda event, first: first.claim.evidence.quote if first is not None else None),
    ("disputed", "#meta+disputed", _disputed),
    ("note", "#description+note", _note),
    ("preferred_rule", "#meta+rule", _rules),
    ("changed_at", "#date+updated", lambda event, first: event.changed_at.isoformat() if event.changed_at else None),
)


def heads() -> list[str]:
    return [name for name, _, _ in COLUMNS]


def tags() -> list[str]:
    return [tag for _, tag, _ in COLUMNS]


def rows(events: Iterable[Event]) -> Iterator[list[Any]]:
    """A row per event; of one that was merged away or deleted only which it was and what became of it."""
    for event in events:
        gone = _fate(event, None) != "stands"
        first = _first(event)
        yield [cell(event, first) if not gone or name in ("event_id", "record", "merged_into", "changed_at") else None
               for name, _, cell in COLUMNS]


def _first(event: Event) -> StoredClaim | None:
    """The claim whose sentence stands for the event: of those that give the number to quote, one with a speaker."""
    slot = event.slots.get(Group.TOTAL) or next((event.slots[group] for group in Group if group in event.slots), None)
    giving = set(slot.preferred.claim_ids) if slot else set()
    return min(event.claims, default=None, key=lambda claim: (
        claim.id not in giving, not claim.claim.main, claim.claim.speaker is None, claim.id))


def flat_claim(row: Mapping[str, Any]) -> dict[str, Any]:
    """A claim as a spreadsheet has it: a column for each count and its hedge, for the quote, for the speaker."""
    counts, speaker, evidence = row["counts"], row["speaker"] or {}, row["evidence"]
    flat = {name: value for name, value in row.items()
            if name not in ("counts", "other_values", "speaker", "evidence", "nationality")}
    flat["nationality"] = LIST.join(row["nationality"])
    for group in map(str, Group):
        count = counts.get(group, {})
        flat |= {group: count.get("value"), f"{group}_qualifier": count.get("qualifier"),
                 f"{group}_derived": count.get("derived", False) if count else None}
    also = (f"{one['count']} {HEDGES.get(Qualifier(one['qualifier']), '')}{one['value']}"
            for one in row["other_values"])
    return flat | {"also_said": LIST.join(also), "speaker_name": speaker.get("name"),
                   "speaker_role": speaker.get("role"), "speaker_organisation": speaker.get("organisation"),
                   "quote": evidence["quote"], "quote_start": evidence["start"], "quote_end": evidence["end"]}
