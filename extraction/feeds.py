"""An endpoint's bytes to entries. What it is, is told by its content; what the config calls it, only settles listings.

    bytes | inflate | decode | what is it? | make harmless | plain? else feedparser; JSON, lxml or lexbor | entries

The caller runs this in a killable child with a deadline: feedparser has quadratic corners (40 KB of author: 9 seconds).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import feedparser

from extraction import apis, gdelt
from extraction.decoding import decode
from extraction.entries import MOST, Found, made
from extraction.jsonfeed import read_feed_object
from extraction.listings import read_listing
from extraction.markup import harmless, inflated, is_feed, kind_of, without_doctype
from extraction.plain_feeds import read_plain
from extraction.rhythm import asked_interval, skipped
from extraction.sitemaps import read_sitemap
from extraction.text import plain_text
from records.errors import UnreadableError
from records.news import EndpointKind, HowToRead, ParsedFeed

PLAIN = HowToRead()


def read_feed(  # noqa: PLR0911  one return a kind
        body: bytes, *, url: str, content_type: str | None, kind: EndpointKind, now: datetime,
        how: HowToRead = PLAIN) -> ParsedFeed:
    """The entries of a feed (RSS, Atom, JSON Feed), a sitemap, a listing page, or an answer of an API that we know.

    A feed without entries is a feed; damage is mended where entries can be had, and told in `broken`. Raises
    UnreadableError with the rule `empty` (no bytes) or `not-a-feed`, and never anything else.
    """
    if kind is EndpointKind.GDELT and gdelt.is_file(body):
        return gdelt.read_file(body, url=url, now=now)
    text = decode(inflated(body), content_type)
    if not text.strip("\x00\ufeff\ufffd \t\r\n"):
        raise UnreadableError(f"{url} answered with nothing in it", rule="empty")
    if kind is EndpointKind.GDELT:
        return gdelt.read_list(text, url=url, since=how.since)
    if kind is EndpointKind.RELIEFWEB:
        return apis.read_reliefweb(text, url=url, now=now)
    text, lost = without_doctype(text)
    found = kind_of(text)
    if found == "json":
        answer = apis.loaded(text, url)
        return (apis.read_wordpress(answer, url=url, now=now) if apis.is_wordpress(answer)
                else read_feed_object(answer, url=url, now=now))
    if found == "sitemap":
        text, mended = harmless(text, most=50_000)
        return read_sitemap(text, _joined(lost, mended), url=url, now=now)
    if found == "html" and kind is EndpointKind.LISTING:
        return read_listing(text, url=url, now=now, link_pattern=how.link_pattern, select=how.select)
    if found != "xml":
        what = "a web page" if found == "html" else "neither XML nor JSON"
        hint = "; if it lists articles, set kind = \"listing\"" if found == "html" else ""
        raise UnreadableError(f"{url} is {what} and not a feed{hint}", rule="not-a-feed")
    text, mended = harmless(text, most=MOST)
    return _read_xml(text, _joined(lost, mended), url=url, now=now, country=how.country)


def _read_xml(text: str, mended: str | None, *, url: str, now: datetime, country: str | None) -> ParsedFeed:
    plain = read_plain(text)
    if plain is not None:
        return _feed(plain.version, plain.channel, plain.entries, mended, text, url=url, now=now, country=country)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed = feedparser.parse(text.encode("utf-8", "replace"), response_headers=headers,
                                  sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # feedparser lets errors of any class out of hostile documents
        raise UnreadableError(f"{url} can't be parsed as a feed ({type(error).__name__})", rule="not-a-feed") from error
    version, listed = parsed.get("version") or "", parsed.get("entries") or []
    if not version and not listed and not is_feed(text):
        raise UnreadableError(f"{url} is XML, but not a feed", rule="not-a-feed")
    channel = parsed.get("feed") or {}
    complaint = parsed.get("bozo_exception") if parsed.get("bozo") else None
    return _feed(version or "unknown", channel, _found(listed, channel.get("language")),
                 _joined(mended, _said(complaint)), text, url=url, now=now, country=country)


def _feed(version: str, channel: Any, found: Iterable[Found], broken: str | None, text: str, *, url: str,
          now: datetime, country: str | None) -> ParsedFeed:
    hours, days = skipped(text)
    return ParsedFeed(version=version, title=plain_text(str(channel.get("title") or ""), 500) or None,
                      entries=made(found, base=url, now=now, country=country), broken=broken,
                      min_interval=asked_interval(channel), skip_hours=hours, skip_days=days)


def _found(listed: list[Any], lang: str | None) -> Iterator[Found]:
    for item in listed:
        contents = [str(content.get("value") or "") for content in item.get("content") or ()]
        detail = item.get("title_detail") or {}
        # dict.get: feedparser's own access to a missing `updated` answers with `published` and a deprecation warning
        dates = (dict.get(item, name) for name in ("published", "updated", "created"))
        yield Found(
            guid=item.get("id"), link=item.get("feedburner_origlink") or item.get("link"), title=item.get("title"),
            summaries=(str(item.get("summary") or ""), *contents[:3]), published=next((d for d in dates if d), None),
            authors=_authors(item), lang=detail.get("language") or lang)


def _authors(item: Any) -> tuple[str, ...]:
    names = [str(author.get("name") or "") for author in item.get("authors") or () if hasattr(author, "get")]
    return tuple(name for name in names if name) or ((str(item["author"]),) if item.get("author") else ())


def _joined(*parts: str | None) -> str | None:
    return "; ".join(part for part in parts if part) or None


def _said(complaint: object) -> str | None:
    if complaint is None:
        return None
    return f"{type(complaint).__name__}: {plain_text(str(complaint), 120)}"
