"""Sitemaps: news sitemaps with titles and publication dates, plain ones with addresses alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from extraction.entries import MOST, Found, made
from extraction.text import clean_text
from records.errors import UnreadableError
from records.news import ParsedFeed


def read_sitemap(text: str, mended: str | None, *, url: str, now: datetime) -> ParsedFeed:
    """The entries of a sitemap, the newest 2,000 where there are more.

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
    if _name(root) == "sitemapindex":
        first = next((link for one in root if (link := _fields(one).get("loc"))), "one of them")
        what = f"{url} is an index of sitemaps; name the one with news, such as {clean_text(first, 300)}"
        raise UnreadableError(what, rule="not-a-feed")
    found = list(_found(root))
    if len(found) > MOST:
        found = sorted(found, key=lambda one: one.published or "", reverse=True)[:MOST]
    said = clean_text(parser.error_log[0].message, 120) if parser.error_log else None
    return ParsedFeed(version="sitemap", title=None, entries=made(found, base=url, now=now),
                      broken="; ".join(part for part in (mended, said) if part) or None)


def _found(root: etree._Element) -> Iterator[Found]:
    for one in root:
        if _name(one) != "url":
            continue
        fields = _fields(one)
        published = fields.get("publication_date")
        yield Found(link=fields.get("loc"), title=fields.get("news:title"),
                    published=published or fields.get("lastmod"), lang=fields.get("news:language"),
                    undated=not published)


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
