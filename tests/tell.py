"""Digests for tests, read from a short JSON; `python -m tests.tell` writes what each case's rendering is now.

A case is a folder in tests/cases/digests/: `input.json` and the expected `digest.txt`, `digest.html`, `blocks.json`.
Look at the difference before you commit it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from alerts import render
from alerts.choose import choose
from alerts.wanted import FILTERS
from records.claims import Claim, Count, Evidence, OtherValue, Speaker
from records.ledger import Change, Event, Revision, Slot, SlotValue, StoredClaim, StoredFigure
from records.telling import Digest, Every, Health, Subscription
from records.words import Basis, Group, Kind, Precision, Qualifier, Status

CASES = Path(__file__).parent / "cases" / "digests"


def evidence(quote: str, start: int = 1000) -> Evidence:
    """A quote that stands behind the title, or from `start` on."""
    return Evidence(quote=quote, start=start, end=start + len(quote))


def claim(data: Mapping[str, Any]) -> StoredClaim:
    """{"id", "outlet", "quote", "counts": {"children": [33, "33"]}, …}; what is missing has an ordinary value."""
    quote, date = evidence(data["quote"], 0 if data["quote"] == data.get("title") else 1000), data.get("date")
    counts = {Group(group): Count(value=value, written=written, evidence=quote,
                                  qualifier=Qualifier(rest[0]) if rest else Qualifier.EXACT)
              for group, (value, written, *rest) in data.get("counts", {}).items()}
    counts |= {Group(group): Count(value=value, derived=True, parts=tuple(parts))
               for group, (value, *parts) in data.get("sums", {}).items()}
    others = tuple(OtherValue(group=Group(group), value=value, qualifier=Qualifier(how), written=written,
                              evidence=evidence(said)) for group, value, how, written, said in data.get("others", ()))
    read = Claim(
        main=True, kind=Kind(data.get("kind", "repatriation")), status=Status(data.get("status", "completed")),
        evidence=quote, counts=counts, other_values=others, event_date=date,
        event_date_precision={10: Precision.DAY, 7: Precision.MONTH, 4: Precision.YEAR}[len(date)] if date else None,
        event_date_basis=Basis(data.get("basis", "stated")) if date else None,
        speaker=Speaker(**data["speaker"]) if data.get("speaker") else None)
    return StoredClaim(
        id=data["id"], article_id=data["id"], version_id=data["id"], claim=read, source_id=None,
        outlet=data.get("outlet"), source_kind="news", origin_id=data.get("origin", data["id"]),
        lang=data.get("lang", "en"), published=data.get("published", date), url=data.get("url"),
        title=data.get("title"), from_entry=data.get("from_entry", False),
        filed_at=datetime.fromisoformat(data.get("filed", "2019-07-15T09:00:00+00:00")))


def slot(name: str, data: Any) -> Slot:
    """A bare value, or {"value", "claims", "rule", "how", "disputed", "others": [{"value", "claims"}]}."""
    data = data if isinstance(data, Mapping) else {"value": data}

    def value(given: Mapping[str, Any]) -> SlotValue:
        return SlotValue(value=given["value"], qualifier=Qualifier(given.get("how", "exact")),
                         claim_ids=tuple(given.get("claims", ())), outlets=tuple(given.get("outlets", ())))
    return Slot(name=name, preferred=value(data), rule=data.get("rule", "only value"),
                others=tuple(value(other) for other in data.get("others", ())), disputed=data.get("disputed", False))


def event(data: Mapping[str, Any]) -> Event:
    return Event(id=data["id"], slots={name: slot(name, value) for name, value in data.get("slots", {}).items()},
                 claims=tuple(claim(one) for one in data.get("claims", ())), independent=data.get("independent", 1),
                 warnings=tuple(data.get("warnings", ())), merged_into=data.get("merged_into"))


def revision(number: int, data: Mapping[str, Any]) -> Revision:
    return Revision(id=number, event_id=data["event"], change=Change(data["change"]), slot=data.get("slot"),
                    at=datetime.fromisoformat("2019-07-15T09:00:00+00:00"), old=data.get("old"), new=data.get("new"),
                    claim_id=data.get("claim"), quiet=data.get("quiet", False), why=data.get("why", ""))


def figure(number: int, data: Mapping[str, Any]) -> StoredFigure:
    return StoredFigure(
        id=number, article_id=number, what=data["what"], value=data["value"], group=data.get("group"),
        groups=tuple(data.get("groups", ())), official=data.get("official", ""),
        source_kind=data.get("source_kind", "news"),
        qualifier=Qualifier(data.get("how", "exact")), place=data.get("place"), evidence=evidence(data["quote"]),
        outlet=data.get("outlet"), url=data.get("url"), published=data.get("published"),
        filed_at=datetime.fromisoformat("2019-07-15T09:00:00+00:00"), lang=data.get("lang", "en"))


def health(data: Mapping[str, Any]) -> Health:
    times = {name: datetime.fromisoformat(data[name]) for name in ("oldest_success", "last_success") if name in data}
    return Health(**{**data, **times, "failing": tuple((name, why) for name, why in data.get("failing", ())),
                     "silent": tuple(data.get("silent", ())), "back": tuple(data.get("back", ()))})


def subscription(data: Mapping[str, Any]) -> Subscription:
    lists = {name: tuple(data[name]) for name in FILTERS[:-1] if name in data}
    return Subscription(**{"id": "returns", "channel": "desk", "zone": "Europe/Berlin", **data, **lists,
                           "every": Every(data.get("every", "daily"))})


def digest(data: Mapping[str, Any]) -> Digest:
    """The digest that `choose` makes of a case's input."""
    return choose(
        subscription(data.get("subscription", {})), period=data.get("period", "2019-07-16"),
        since=datetime.fromisoformat(data.get("since", "2019-07-15T06:00:00+00:00")),
        until=datetime.fromisoformat(data.get("until", "2019-07-16T06:00:00+00:00")), after_revision=0,
        last_revision=len(data.get("revisions", ())),
        revisions=[revision(n, one) for n, one in enumerate(data.get("revisions", ()), 1)],
        events={one["id"]: event(one) for one in data.get("events", ())},
        figures=[figure(n, one) for n, one in enumerate(data.get("figures", ()), 1)],
        overdue=[event(one) for one in data.get("overdue", ())], months=[tuple(one) for one in data.get("months", ())],
        health=health(data["health"]) if "health" in data else None)


def load(name: str) -> Digest:
    return digest(json.loads((CASES / name / "input.json").read_text("utf-8")))


def rendered(name: str) -> dict[str, str]:
    """The files of a case as they come out now."""
    made = render.messages(load(name))
    blocks = json.dumps([list(message.blocks) for message in made], ensure_ascii=False, indent=1)
    return {"digest.txt": "\n".join(f"Subject: {m.subject}\n\n{m.text}" for m in made),
            "digest.html": "\n".join(m.html or "" for m in made), "blocks.json": blocks + "\n"}


def main() -> None:
    for folder in sorted(CASES.iterdir()):
        for file, content in rendered(folder.name).items():
            (folder / file).write_text(content, "utf-8")


if __name__ == "__main__":
    main()
