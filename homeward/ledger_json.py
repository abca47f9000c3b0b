"""Events, claims and revisions as JSON, for `--json`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from records.ledger import Event, Revision, Slot, SlotValue, StoredClaim


def moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None


def event_json(event: Event, revisions: list[Revision] | None = None,
               withdrawn: Sequence[StoredClaim] = ()) -> dict[str, Any]:
    """An event with its slots; with `revisions` (an empty list will do) also its claims and history."""
    found: dict[str, Any] = {
        "event_id": event.id, "independent_sources": event.independent,
        "slots": {name: _slot(slot) for name, slot in event.slots.items()}, "warnings": list(event.warnings),
        "opened_at": moment(event.opened_at), "changed_at": moment(event.changed_at), "merged_into": event.merged_into,
        "links": [{"event_id": other, "why": why} for other, why in event.links]}
    if revisions is not None:
        found |= {"claims": [claim_json(claim) for claim in event.claims],
                  "withdrawn_claims": [claim_json(claim) for claim in withdrawn],
                  "revisions": [revision_json(revision) for revision in revisions]}
    return found


def _slot(slot: Slot) -> dict[str, Any]:
    return {**_value(slot.preferred), "rule": slot.rule, "disputed": slot.disputed,
            "others": [_value(other) for other in slot.others]}


def _value(value: SlotValue) -> dict[str, Any]:
    return {"value": value.value, "qualifier": str(value.qualifier), "claim_ids": list(value.claim_ids),
            "outlets": list(value.outlets), "independent": value.independent, "confirmed": value.confirmed}


def claim_json(stored: StoredClaim) -> dict[str, Any]:
    return {"claim_id": stored.id, "article_id": stored.article_id, "outlet": stored.outlet, "url": stored.url,
            "title": stored.title, "published": stored.published, "lang": stored.lang, "origin_id": stored.origin_id,
            "credit": stored.credit, "review": stored.review, **stored.claim.to_json()}


def revision_json(revision: Revision) -> dict[str, Any]:
    return {"revision_id": revision.id, "event_id": revision.event_id, "change": str(revision.change),
            "slot": revision.slot, "old": revision.old, "new": revision.new, "claim_id": revision.claim_id,
            "at": moment(revision.at), "quiet": revision.quiet, "why": revision.why}
