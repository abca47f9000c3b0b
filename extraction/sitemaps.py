"""Sitemaps: of news with titles and publication dates, plain ones with addresses alone, and indexes of either.

An index leads to its newest sitemaps only: those of the archive hold nothing that is new.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

from lxml import etree

from extraction.addresses import absolute, date_in_address, same_site
from extraction.dates import EARLIEST, Written, read_date, within
from extraction.entries import MOST, Found, made
from extraction.text import clean_text
from records.errors import UnreadableError
from records.news import ParsedFeed, Part

CHILDREN = 4  # sitemaps of one index that are read: of news there is one, of a site that splits by day or section a few
RECENT = timedelta(days=3)  # a child that changed so long before the newest is archive
NEWS = timedelta(days=14)  # a page that changed before that is no news, and a plain sitemap lists all there ever were
UNDATED = 200  # addresses taken of a plain sitemap that dates nothing: as many from its end
_NAMED = re.compile(r"news|latest|today|aktuell|recent", re.IGNORECASE)
_OTHER = re.compile(r"image|video|categor|(?<![a-z])tags?(?![a-z])|author|static|product|user", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")


def read_sitemap(text: str, mended: str | None, *, url: str, now: datetime) -> ParsedFeed:
    """The entries of a sitemap, the newest 2,000 where there are more; or the sitemaps of an index, to be followed.

    `lastmod` says when a page changed and not when its news is from: it is kept raw and gives no date.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True,
                             remove_comments=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        what = f"{url} can't be parsed as a sitemap ({type(error).__name__})"
        raise UnreadableError(what, rule="not-a-feed") from error
    if root is None:
        raise UnreadableError(f"{url} can't be parsed as a sitemap", rule="not-a-feed")
    said = clean_text(parser.error_log[0].message, 120) if parser.error_log else None
    broken = "; ".join(part for part in (mended, said) if part) or None
    if _name(root) == "sitemapindex":
        return _index(root, broken, url=url, now=now)
    found = _worth_a_look([_fields(one) for one in root if _name(one) == "url"], now)
    if len(found) > MOST:
        found = sorted(found, key=lambda one: one.published or "", reverse=True)[:MOST]
    return ParsedFeed(version="sitemap", title=None, entries=made(found, base=url, now=now), broken=broken)


def _index(root: etree._Element, broken: str | None, *, url: str, now: datetime) -> ParsedFeed:
    """The newest children by `lastmod`; where none has one, those that are named after news, or counted highest."""
    listed = []
    for place, one in enumerate(root):
        fields = _fields(one)
        link = absolute(fields.get("loc", ""), url)
        if link and same_site(link, url) and link != url:
            changed = within(read_date(fields.get("lastmod", "")), now)
            listed.append((link, changed.utc() if changed else None, place))
    if not listed:
        raise UnreadableError(f"{url} is an index that names no sitemap of its site", rule="not-a-feed")
    plain = [one for one in listed if not _OTHER.search(_path(one[0]))] or listed
    dated = [(link, changed) for link, changed, _ in plain if changed is not None]
    if dated:
        newest = max(changed for _, changed in dated)
        chosen = [link for link, changed in sorted(dated, key=lambda one: (bool(_NAMED.search(_path(one[0]))), one[1]),
                                                   reverse=True) if newest - changed <= RECENT]
    else:
        named = [one for one in plain if _NAMED.search(_path(one[0]))] or plain
        chosen = [link for link, _, _ in sorted(named, key=_counted, reverse=True)]
    return ParsedFeed(version="sitemap-index", title=None, entries=(), broken=broken,
                      follow=tuple(Part(url=link) for link in chosen[:CHILDREN]), unsure=len(dated) < len(plain))


def _counted(one: tuple[str, datetime | None, int]) -> tuple[list[int], int]:
    """`post-sitemap12.xml` is newer than `post-sitemap2.xml`, `sitemap-2026-11.xml` than `sitemap-2025-12.xml`."""
    return [int(number[:9]) for number in _NUMBERS.findall(_path(one[0]))], -one[2]


def _worth_a_look(listed: Sequence[dict[str, str]], now: datetime) -> list[Found]:
    """All of a news sitemap; of a plain one the pages that changed lately, or its two ends where nothing is dated."""
    news = [fields for fields in listed if "publication_date" in fields or "news:title" in fields]
    if news:
        return [_entry(fields) for fields in listed]
    days = [_day(fields, now) for fields in listed]
    if any(days):
        oldest = (now - NEWS).date()
        return [_entry(fields) for fields, day in zip(listed, days, strict=True) if day and day.day >= oldest]
    ends = listed if len(listed) <= 2 * UNDATED else [*listed[:UNDATED], *listed[-UNDATED:]]
    return [_entry(fields) for fields in ends]


def _day(fields: dict[str, str], now: datetime) -> Written | None:
    changed = within(read_date(fields.get("lastmod", "")), now)
    day = None if changed else date_in_address(fields.get("loc", ""))
    if day is not None and day >= EARLIEST:
        return Written(at=datetime(day.year, day.month, day.day, tzinfo=now.tzinfo), timed=False)
    return changed


def _entry(fields: dict[str, str]) -> Found:
    published = fields.get("publication_date")
    return Found(link=fields.get("loc"), title=fields.get("news:title"), published=published or fields.get("lastmod"),
                 lang=fields.get("news:language"), undated=not published)


def _fields(url: etree._Element) -> dict[str, str]:
    """The texts within one `<url>`; title and language of the news extension under `news:`, as others have such too."""
    fields: dict[str, str] = {}
    for node in url.iter():
        if not isinstance(node.tag, str) or not (node.text or "").strip():
            continue
        name = _name(node)
        news = "sitemap-news" in node.tag or node.prefix == "news"
        fields.setdefault(f"news:{name}" if news and name in ("title", "language") else name, (node.text or "").strip())
    return fields


def _name(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def _path(url: str) -> str:
    return unquote(urlsplit(url).path + "?" + urlsplit(url).query)
