"""The ledger as an Atom feed (RFC 4287): an entry for each event, as it stands now, the last changed first.

An entry keeps its id for ever and moves its `updated` when the event changes, so that a feed reader shows it anew. What
an event is called is for the caller to say. Names of minors are covered by the store before anything comes here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from records.ledger import Event

ATOM = "http://www.w3.org/2005/Atom"
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 can't hold
SOURCES = 20  # links of an entry: a flood of coverage adds nothing
FEED = f"urn:uuid:{uuid5(NAMESPACE_URL, 'homeward/events')}"
Say = Callable[[Event], str]


def atom(events: Iterable[Event], *, title: Say, summary: Say, now: datetime) -> bytes:
    """The feed, as a UTF-8 document. `now` dates a feed without events only."""
    kept = sorted(events, key=lambda event: (_moment(event, now), event.id or 0), reverse=True)
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", FEED)
    _add(feed, "title", "Homeward: events")
    _add(feed, "updated", _text(_moment(kept[0], now) if kept else now))
    _add(_add(feed, "author"), "name", "Homeward")
    _add(feed, "generator", "Homeward")
    for event in kept:
        _entry(feed, event, title(event), summary(event), now)
    ElementTree.indent(feed)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _entry(feed: ElementTree.Element, event: Event, title: str, summary: str, now: datetime) -> None:
    entry = _add(feed, "entry")
    opened = event.opened_at or now
    _add(entry, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'homeward/event/{event.id}/{_text(opened)}')}")
    _add(entry, "title", title)
    _add(entry, "published", _text(opened))
    _add(entry, "updated", _text(_moment(event, now)))
    for place, (url, outlet) in enumerate(_links(event).items()):
        _add(entry, "link", rel="alternate" if place == 0 else "related", href=url, title=outlet)
    for slot, scheme in (("status", "status"), ("kind", "kind"), ("nationality", "nationality")):
        for term in str(event.value(slot) or "").split(","):
            if term:
                _add(entry, "category", term=term, scheme=f"urn:homeward:{scheme}")
    _add(entry, "summary", summary, type="text")


def _links(event: Event) -> dict[str, str]:
    """The web addresses of those who report it, the first to report first."""
    ordered = sorted(event.claims, key=lambda stored: (stored.filed_at, stored.id))
    found = {stored.url: stored.outlet or "" for stored in ordered
             if stored.url and urlsplit(stored.url).scheme in {"http", "https"}}
    return dict(list(found.items())[:SOURCES])


def _moment(event: Event, now: datetime) -> datetime:
    return event.changed_at or event.opened_at or now


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    found = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}",
                                   {key: FORBIDDEN.sub("", value) for key, value in attributes.items() if value})
    found.text = FORBIDDEN.sub("", text) or None
    return found
