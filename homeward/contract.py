"""A reading as `extract` prints it: the JSON that the documentation promises, and nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from records.claims import Claim, Count, Figure, Reading

CLAIM = ("main", "kind", "status", "nationality", "counts", "other_values", "origin_country", "origin_place",
         "destination_country", "destination_place", "event_date", "event_date_precision", "event_date_basis",
         "ordinal", "speaker", "evidence")
FIGURE = ("what", "value", "qualifier", "group", "place", "evidence")
OTHER = ("count", "value", "qualifier", "evidence")


def reading_json(identity: str, reading: Reading) -> dict[str, Any]:
    return {"id": identity, "lang": reading.lang, "relevant": reading.relevant, "text": reading.text,
            "claims": [_claim(claim) for claim in reading.claims],
            "figures": [_figure(figure) for figure in reading.figures],
            "officials": [official.to_json() for official in reading.officials]}


def _claim(claim: Claim) -> dict[str, Any]:
    whole = _only(CLAIM, claim.to_json())
    return whole | {"counts": {str(group): _count(count) for group, count in claim.counts.items()},
                    "other_values": [_only(OTHER, value.to_json()) for value in claim.other_values]}


def _count(count: Count) -> dict[str, Any]:
    found: dict[str, Any] = {"value": count.value, "qualifier": str(count.qualifier)}
    if count.derived:
        found |= {"derived": True}
    if count.evidence is not None:
        found |= {"evidence": count.evidence.to_json()}
    return found


def _figure(figure: Figure) -> dict[str, Any]:
    return _only(FIGURE, figure.to_json())


def _only(keys: tuple[str, ...], data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in keys}
