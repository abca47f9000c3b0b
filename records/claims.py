"""What an article says: evidence, counts, claims, figures, officials, and the reading that holds them.

Offsets are Unicode code points in `Reading.text`: the title, a blank line and the text; the text alone without a title.
A number that does not stand in its quote is refused here, by the record itself, wherever it was made.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from records.errors import ClaimError
from records.words import Basis, FigureKind, Group, Kind, Precision, Qualifier, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The exact quote with its place; `text[start:end] == quote`."""

    quote: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not self.quote or self.end - self.start != len(self.quote):
            raise ClaimError(f"evidence at {self.start}:{self.end} has a quote of {len(self.quote)} characters")

    def to_json(self) -> dict[str, Any]:
        return {"quote": self.quote, "start": self.start, "end": self.end}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Evidence:
        return cls(quote=data["quote"], start=data["start"], end=data["end"])

__all__ = [
    "Basis", "Claim", "Count", "Evidence", "Figure", "FigureKind", "Group", "Kind", "Official", "OtherValue",
    "Precision", "Qualifier", "Reading", "Speaker", "Status", "check_number",
]


def _digits(written: str) -> str:
    """The decimal digits of any script in a written number, as ASCII."""
    return "".join(str(unicodedata.decimal(c)) for c in written if unicodedata.decimal(c, None) is not None)


def check_number(value: int, written: str, evidence: Evidence) -> None:
    """Raise ClaimError unless `written` stands in the quote and, where it is in digits alone, says `value`.

    A number partly in words ("2,2 тысячи", "thirty-three") is read by the extraction room; here its letters must stand.
    """
    if not written or written not in evidence.quote:
        raise ClaimError(f"the number {value} ({written!r}) does not stand in its quote at {evidence.start}")
    digits = _digits(written)
    if digits and not any(c.isalpha() for c in written) and int(digits) != value:
        raise ClaimError(f"{written!r} at {evidence.start} does not say {value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many of one group. Stated (with `written` and evidence) or derived (a sum, with its `parts`)."""

    value: int
    qualifier: Qualifier = Qualifier.EXACT
    written: str | None = None  # as it stands in the quote: "33", "thirty-three", "٣٣"
    evidence: Evidence | None = None
    derived: bool = False
    parts: tuple[str, ...] = ()  # what a derived count adds up: ("children 14", "women 5")

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ClaimError(f"a count of {self.value}")
        if self.derived:
            if not self.parts:
                raise ClaimError(f"the derived count {self.value} does not name its parts")
        elif self.evidence is None or self.written is None:
            raise ClaimError(f"the count {self.value} has no evidence")
        else:
            check_number(self.value, self.written, self.evidence)

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"value": self.value, "qualifier": str(self.qualifier)}
        if self.derived:
            found |= {"derived": True, "parts": list(self.parts)}
        if self.evidence is not None:
            found["evidence"] = self.evidence.to_json()
        if self.written is not None:
            found["written"] = self.written
        return found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Count:
        return cls(value=data["value"], qualifier=Qualifier(data["qualifier"]), written=data.get("written"),
                   evidence=Evidence.from_json(data["evidence"]) if data.get("evidence") else None,
                   derived=data.get("derived", False), parts=tuple(data.get("parts", ())))


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherValue:
    """What the article says besides the value chosen: "more than thirty" beside 33."""

    group: Group
    value: int
    qualifier: Qualifier
    written: str
    evidence: Evidence

    def __post_init__(self) -> None:
        check_number(self.value, self.written, self.evidence)

    def to_json(self) -> dict[str, Any]:
        return {"count": str(self.group), "value": self.value, "qualifier": str(self.qualifier),
                "written": self.written, "evidence": self.evidence.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> OtherValue:
        return cls(group=Group(data["count"]), value=data["value"], qualifier=Qualifier(data["qualifier"]),
                   written=data["written"], evidence=Evidence.from_json(data["evidence"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who says it. `name` None: "an unnamed official", "the ministry"."""

    name: str | None
    role: str | None = None
    organisation: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "role": self.role, "organisation": self.organisation}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one article says of one movement of people. `main` marks the event the article reports."""

    main: bool
    kind: Kind
    status: Status
    evidence: Evidence  # the sentence that reports the movement
    nationality: tuple[str, ...] = ()  # ISO alpha-2 (XK for Kosovo), sorted; () mixed and unstated
    counts: Mapping[Group, Count] = field(default_factory=dict)
    other_values: tuple[OtherValue, ...] = ()
    origin_country: str | None = None
    origin_place: str | None = None
    destination_country: str | None = None
    destination_place: str | None = None
    event_date: str | None = None  # ISO 8601, as long as its precision: 2019-07-15, 2019-07, 2019
    event_date_precision: Precision | None = None
    event_date_basis: Basis | None = None
    ordinal: int | None = None  # the 30th group
    operation: str | None = None  # "Zhusan", "Rusafa"
    speaker: Speaker | None = None
    uncounted: bool = False  # others moved whom nobody counted ("20 children and their mothers"): no sum is the total

    def __post_init__(self) -> None:
        long = {None: None, Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.event_date_precision]
        if (len(self.event_date) if self.event_date else None) != long:
            raise ClaimError(f"the date {self.event_date} does not have the precision {self.event_date_precision}")

    def to_json(self) -> dict[str, Any]:
        return {
            "main": self.main, "kind": str(self.kind), "status": str(self.status),
            "nationality": list(self.nationality),
            "counts": {str(group): count.to_json() for group, count in self.counts.items()},
            "other_values": [value.to_json() for value in self.other_values],
            "origin_country": self.origin_country, "origin_place": self.origin_place,
            "destination_country": self.destination_country, "destination_place": self.destination_place,
            "event_date": self.event_date,
            "event_date_precision": str(self.event_date_precision) if self.event_date_precision else None,
            "event_date_basis": str(self.event_date_basis) if self.event_date_basis else None,
            "ordinal": self.ordinal, "operation": self.operation,
            "speaker": self.speaker.to_json() if self.speaker else None,
            "evidence": self.evidence.to_json(), "uncounted": self.uncounted,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Claim:
        precision, basis, speaker = data["event_date_precision"], data["event_date_basis"], data["speaker"]
        same = ("main", "origin_country", "origin_place", "destination_country", "destination_place", "event_date",
                "ordinal", "operation")
        return cls(**{key: data[key] for key in same}, kind=Kind(data["kind"]), status=Status(data["status"]),
                   nationality=tuple(data["nationality"]), evidence=Evidence.from_json(data["evidence"]),
                   counts={Group(group): Count.from_json(count) for group, count in data["counts"].items()},
                   other_values=tuple(OtherValue.from_json(value) for value in data["other_values"]),
                   event_date_precision=Precision(precision) if precision else None,
                   event_date_basis=Basis(basis) if basis else None,
                   speaker=Speaker(**speaker) if speaker else None, uncounted=data.get("uncounted", False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that belongs to no single movement: people held, requests, repatriated in total, joined, died."""

    what: FigureKind
    value: int
    written: str
    evidence: Evidence
    qualifier: Qualifier = Qualifier.EXACT
    group: str | None = None  # as the text says: "women and children"
    groups: tuple[str, ...] = ()  # the same in the words of Group, in the order of the text; () where none is known
    place: str | None = None  # ISO alpha-2, or a camp's or prison's name

    def __post_init__(self) -> None:
        check_number(self.value, self.written, self.evidence)

    def to_json(self) -> dict[str, Any]:
        return {"what": str(self.what), "value": self.value, "qualifier": str(self.qualifier), "group": self.group,
                "groups": list(self.groups), "place": self.place, "written": self.written,
                "evidence": self.evidence.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Figure:
        return cls(what=FigureKind(data["what"]), value=data["value"], qualifier=Qualifier(data["qualifier"]),
                   group=data["group"], groups=tuple(data.get("groups", ())), place=data["place"],
                   written=data["written"],
                   evidence=Evidence.from_json(data["evidence"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """A named person with a public role who acts or speaks. Never a minor."""

    name: str
    role: str | None = None
    organisation: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "role": self.role, "organisation": self.organisation}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that one article says. `text` is what offsets refer to."""

    text: str
    lang: str  # BCP 47, "und" when unknown
    relevant: bool
    why: str  # the reason for or against, in a few words
    claims: tuple[Claim, ...] = ()
    figures: tuple[Figure, ...] = ()
    officials: tuple[Official, ...] = ()
    minors: tuple[Evidence, ...] = ()  # names of minors, where they stand: every output withholds them

    def __post_init__(self) -> None:
        for evidence in self.all_evidence():
            if self.text[evidence.start:evidence.end] != evidence.quote:
                raise ClaimError(f"the quote at {evidence.start}:{evidence.end} does not stand in the text")

    def all_evidence(self) -> list[Evidence]:
        """Every quote in the reading, claims' counts and other values included."""
        counts = [c.evidence for claim in self.claims for c in claim.counts.values() if c.evidence is not None]
        others = [value.evidence for claim in self.claims for value in claim.other_values]
        return [*(c.evidence for c in self.claims), *counts, *others, *(f.evidence for f in self.figures), *self.minors]

    @property
    def main(self) -> Claim | None:
        return next((claim for claim in self.claims if claim.main), None)

    def to_json(self) -> dict[str, Any]:
        return {"lang": self.lang, "relevant": self.relevant, "why": self.why, "text": self.text,
                "claims": [c.to_json() for c in self.claims], "figures": [f.to_json() for f in self.figures],
                "officials": [o.to_json() for o in self.officials], "minors": [m.to_json() for m in self.minors]}
