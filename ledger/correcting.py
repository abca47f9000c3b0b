"""A person's corrections, applied to claims: what they change, and how they are found again in another reading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from records.claims import Claim, Count, Evidence
from records.errors import ClaimError
from records.words import Basis, Group, Kind, Precision, Qualifier, Status

COUNTS = tuple(str(group) for group in Group)
PLAIN = ("origin_country", "origin_place", "destination_country", "destination_place", "operation")
SLOTS = ("kind", "status", "nationality", *COUNTS, *PLAIN, "event_date", "ordinal", "main")
HEDGES = {"~": Qualifier.ABOUT, ">": Qualifier.AT_LEAST, "<": Qualifier.AT_MOST}
IDENTITY = {"nationality", "origin_country", "destination_country", "event_date", "ordinal", "operation", *COUNTS}
YES, NO, NOTHING = ("yes", "true", "1"), ("no", "false", "0"), ("", "none", "null", "-")


def parse(slot: str, said: str) -> Any:
    """A correction as a person writes it ("33", ">30", "RU,KZ", "none") as it is stored. Raises ClaimError."""
    if slot not in SLOTS:
        raise ClaimError(f'"{slot}" is no slot of a claim; there are {", ".join(SLOTS)}')
    text = said.strip()
    if text.lower() in NOTHING and slot not in ("kind", "status", "main"):
        return None
    if slot in COUNTS:
        hedge, digits = (text[0], text[1:]) if text[0] in HEDGES else ("", text)
        if not digits.isascii() or not digits.isdigit():
            raise ClaimError(f'{slot}="{said}" is no number such as 33, ~30, >30 or <30')
        return f"{hedge}{int(digits)}"
    return _plain(slot, text)


def _plain(slot: str, text: str) -> Any:  # noqa: PLR0911 - one for each kind of slot
    try:
        if slot == "kind":
            return str(Kind(text))
        if slot == "status":
            return str(Status(text))
        if slot == "ordinal":
            return int(text)
        if slot == "event_date":
            date.fromisoformat((text + "-01-01")[:10])
            _precision(text)
            return text
    except (ValueError, KeyError) as error:
        raise ClaimError(f'{slot}="{text}" can\'t be ({error})') from error
    if slot == "main":
        if text.lower() not in (*YES, *NO):
            raise ClaimError(f'main="{text}" is neither yes nor no')
        return text.lower() in YES
    codes = text.upper().split(",")
    if slot == "nationality" or slot.endswith("_country"):
        if not all(re.fullmatch("[A-Z]{2}", code) for code in codes) or (slot != "nationality" and len(codes) > 1):
            raise ClaimError(f'{slot}="{text}" is no ISO 3166-1 code such as RU')
        return sorted(codes) if slot == "nationality" else codes[0]
    return text


def _precision(text: str) -> Precision:
    return {10: Precision.DAY, 7: Precision.MONTH, 4: Precision.YEAR}[len(text)]


def corrected(claim: Claim, changes: Mapping[str, Any], text: str, quote: str | None = None) -> Claim:
    """The claim with these slots changed. A corrected number must stand in the article too: in digits in the claim's
    sentence or elsewhere in `text`, or in the words of `quote`. Raises ClaimError."""
    counts = {group: count for group, count in claim.counts.items() if not count.derived}
    plain: dict[str, Any] = {}
    for slot, value in changes.items():
        if slot in COUNTS:
            counts.pop(Group(slot), None)
            if value is not None:
                counts[Group(slot)] = _count(slot, value, claim.evidence, text, quote)
        else:
            plain |= _set(slot, value)
    if not any(slot in COUNTS for slot in changes):
        counts = dict(claim.counts)
    settled = {group for group in counts if str(group) in changes}
    others = tuple(other for other in claim.other_values if other.group not in settled)
    return replace(claim, counts=counts, other_values=others, **plain)


def _set(slot: str, value: Any) -> dict[str, Any]:
    if slot == "event_date":
        return {"event_date": value, "event_date_precision": _precision(value) if value else None,
                "event_date_basis": Basis.STATED if value else None}
    kinds: dict[str, Any] = {"kind": Kind, "status": Status, "nationality": lambda codes: tuple(codes or ())}
    return {slot: kinds[slot](value) if slot in kinds else value}


def _count(slot: str, value: str, sentence: Evidence, text: str, quote: str | None) -> Count:
    hedge = HEDGES.get(value[0], Qualifier.EXACT)
    number = int(value.lstrip("~><"))
    if quote:
        start = text.find(quote)
        if start < 0:
            raise ClaimError(f"“{quote}” does not stand in the article")
        evidence = Evidence(quote=quote, start=start, end=start + len(quote))
        digits = _digits(quote, number)
        return Count(value=number, qualifier=hedge, written=digits or quote, evidence=evidence)
    for place in (sentence, None):
        written = _digits(place.quote if place else text, number)
        if written:
            evidence = place or _line(text, written)
            return Count(value=number, qualifier=hedge, written=written, evidence=evidence)
    raise ClaimError(f"{slot} {number} does not stand in the article in digits; name the words that say it")


def _digits(text: str, number: int) -> str | None:
    """The number as it stands there in digits: "1500", "1,500", "1 500"."""
    grouped = f"{number:,}".replace(",", r"[,.\s\u00a0\u202f]?")
    found = re.search(rf"(?<![\d.,]){grouped}(?![\d]|[.,]\d)", text)
    return found.group() if found else None


def _line(text: str, written: str) -> Evidence:
    """The line of the text that the number stands in."""
    at = next(m.start() for m in re.finditer(rf"(?<![\d.,]){re.escape(written)}(?![\d]|[.,]\d)", text))
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return Evidence(quote=text[start:end], start=start, end=end)


def found_again(old: Claim, new: Sequence[Claim], *, same_text: bool) -> int | None:
    """Which claim of another reading says what `old` says: the same sentence, or in the same text one that overlaps
    it; of several the one most alike. None: the sentence is gone, and a person has to look again."""
    fits = [n for n, claim in enumerate(new) if _same_place(old.evidence, claim.evidence, same_text=same_text)]
    return max(fits, key=lambda n: (_likeness(old, new[n]), -n), default=None)


def _same_place(a: Evidence, b: Evidence, *, same_text: bool) -> bool:
    if " ".join(a.quote.split()) == " ".join(b.quote.split()):
        return True
    return same_text and a.start < b.end and b.start < a.end


def _likeness(a: Claim, b: Claim) -> tuple[int, ...]:
    said = [{(group, count.value) for group, count in claim.counts.items()} for claim in (a, b)]
    return (sum((a.main == b.main, a.nationality == b.nationality, a.event_date == b.event_date,
                 a.ordinal == b.ordinal, a.status == b.status)), len(said[0] & said[1]), a.evidence == b.evidence)
