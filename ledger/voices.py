"""What is said of one slot and by whom: equal values together, the best supported first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from records.ledger import SlotValue, StoredClaim
from records.words import Qualifier

CONFIRMED = "confirmed by a person"
SORTED = (CONFIRMED, "most independent sources", "an official source", "an official is named", "the later report",
          "the smaller of two that are founded alike")  # by the places of a value's rank
OFFICIAL = {"government", "agency", "un", "court"}  # kinds of source that hand over or receive people themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One claim's word on one slot."""

    stored: StoredClaim
    value: str | int
    qualifier: Qualifier = Qualifier.EXACT
    standing: tuple[int, ...] = ()  # larger is better founded: stated over summed up, a day over a month
    aside: bool = False  # said besides the claim's own value

    @property
    def confirmed(self) -> bool:
        """A person accepted or corrected the claim, and this is what it says."""
        return self.stored.review is not None and not self.aside


def origins(claims: Iterable[StoredClaim]) -> set[str]:
    """The independent voices among claims: copies of one text are one, so is everything one source writes, and so
    is everything that is credited to one agency, however it was edited."""
    claims = list(claims)
    house = {c.article_id: c.source_id or c.outlet for c in claims}
    agency = {c.origin_id: c.credit for c in claims if c.credit}
    return {f"agency {agency[c.origin_id]}" if c.origin_id in agency
            else f"source {owner}" if (owner := house.get(c.origin_id)) else f"article {c.origin_id}" for c in claims}


def by_value(voices: Iterable[Voice]) -> tuple[SlotValue, ...]:
    """Equal values together, the best supported first: what a person confirmed, independent voices, offices and
    those they are quoted by, the later, the smaller."""
    groups: dict[tuple[str | int, Qualifier], list[Voice]] = {}
    for voice in voices:
        groups.setdefault((voice.value, voice.qualifier), []).append(voice)
    if len(groups) == 1:
        return (_value(*groups.values()),)
    made = [(_rank(said, value := _value(said)), value) for said in groups.values()]
    return tuple(value for _, value in sorted(made, key=lambda pair: pair[0]))


def _rank(said: Sequence[Voice], value: SlotValue) -> tuple[int, int, int, int, tuple[int, ...], str]:
    """What sorts a value. Of two equals the smaller is quoted: the careful choice of those who count events."""
    last = f"{value.value:012}" if isinstance(value.value, int) else value.value
    return (-int(value.confirmed), -value.independent, -int(any(v.stored.source_kind in OFFICIAL for v in said)),
            -int(any(in_office(v.stored) for v in said)),
            _backwards(max(when_said(voice.stored) for voice in said)), f"{last} {value.qualifier}")


def _value(said: Sequence[Voice]) -> SlotValue:
    """A value with all who say it."""
    ordered = sorted(said, key=lambda voice: (voice.standing, -voice.stored.id), reverse=True)
    claims = [voice.stored for voice in ordered]
    return SlotValue(
        value=said[0].value, qualifier=said[0].qualifier, claim_ids=tuple(dict.fromkeys(c.id for c in claims)),
        outlets=tuple(sorted({c.outlet or c.source_id or "an imported text" for c in claims})),
        independent=len(origins(claims)), confirmed=any(voice.confirmed for voice in said))


def in_office(stored: StoredClaim) -> bool:
    """Somebody in office is named for it: an institution, or a person by name and role. A "source" is nobody."""
    speaker = stored.claim.speaker
    return speaker is not None and bool(speaker.organisation or (speaker.name and speaker.role))


def why_first(first: SlotValue, second: SlotValue, voices: Sequence[Voice]) -> str:
    """What sorted the one value before the other."""
    ranks = [_rank([v for v in voices if (v.value, v.qualifier) == (value.value, value.qualifier)], value)
             for value in (first, second)]
    return SORTED[next(place for place, (a, b) in enumerate(zip(*ranks, strict=True)) if a != b)]


def rule(name: str, others: Sequence[SlotValue]) -> str:
    return name if others else "only value"


def when_said(stored: StoredClaim) -> str:
    """The day a claim was published, else filed."""
    return (stored.published or stored.filed_at.isoformat())[:10]


def _backwards(day: str) -> tuple[int, ...]:
    """Sorts later days first."""
    return tuple(-ord(character) for character in day)
