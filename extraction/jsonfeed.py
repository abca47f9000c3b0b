"""JSON Feed 1 and 1.1, which feedparser does not know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from extraction.entries import Found, made
from extraction.text import clean_text
from records.errors import UnreadableError
from records.news import ParsedFeed

_VERSION = "jsonfeed.org/version/"


def read_feed_object(feed: Any, *, url: str, now: datetime) -> ParsedFeed:
    """The entries of a JSON Feed; other JSON is no feed."""
    feed = feed if isinstance(feed, dict) else {}
    version, items = _text(feed.get("version")), feed.get("items")
    if not isinstance(items, list) or not (version and (_VERSION in version or version in ("1", "1.0", "1.1"))):
        raise UnreadableError(f"{url} is JSON, but not a JSON Feed", rule="not-a-feed")
    number = version.rpartition("/")[2].replace(".", "")
    return ParsedFeed(version="json" + clean_text("10" if number == "1" else number, 4),
                      title=clean_text(_text(feed.get("title")) or "", 500) or None,
                      entries=made(_found(items, _text(feed.get("language"))), base=url, now=now))


def _found(items: list[Any], lang: str | None) -> Iterator[Found]:
    for item in items:
        if not isinstance(item, dict):
            continue
        texts = (_text(item.get(name)) or "" for name in ("summary", "content_text", "content_html"))
        yield Found(
            guid=_text(item.get("id")), link=_text(item.get("url")) or _text(item.get("external_url")),
            title=_text(item.get("title")), summaries=tuple(texts), authors=_authors(item),
            published=_text(item.get("date_published")) or _text(item.get("date_modified")),
            lang=_text(item.get("language")) or lang)


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    listed = item.get("authors")
    people = listed if isinstance(listed, list) else [item.get("author")]
    return tuple(name for person in people if isinstance(person, dict) and (name := _text(person.get("name"))))


def _text(value: Any) -> str | None:
    """A string, or a number where a sloppy writer put one for an id."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return str(value)
    except ValueError:  # a number of more digits than Python will write
        return None
