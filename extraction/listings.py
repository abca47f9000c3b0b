"""Listing pages: a front page or a section, read for the links that lead to articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extraction.addresses import absolute, canonical, date_in_address, host_of
from extraction.entries import MOST, Found, made
from extraction.page_tree import parsed
from extraction.text import clean_text
from records.errors import UnreadableError
from records.news import ParsedFeed

_ID = re.compile(r"\d{5,}")
_NO_ARTICLE = re.compile(r"/(?:tags?|category|categories|topics?|authors?|search|login|page|about|contact|privacy|video"
                         r"|live)(?:/|$)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|zip|css|js|xml|rss)$", re.IGNORECASE)


def read_listing(text: str, *, url: str, now: datetime, link_pattern: str | None = None) -> ParsedFeed:
    """The links of a page that match `link_pattern`; without one, those that look like articles of the same site.

    A link's title is the longest text that leads to it; its date the one `<time>` beside it.
    """
    tree = parsed(text, url)
    try:
        wanted = re.compile(link_pattern) if link_pattern else None
    except re.error as error:
        what = f"the link_pattern of {url} is no regular expression: {error}"
        raise UnreadableError(what, rule="not-a-feed") from error
    base_node = tree.css_first("base[href]")
    base = absolute(base_node.attributes.get("href") or "", url) if base_node else None
    title = tree.css_first("title")
    return ParsedFeed(version="listing", title=(clean_text(title.text(), 500) or None) if title else None,
                      entries=made(_found(tree, base or url, url, wanted), base=base or url, now=now))


def _found(tree: LexborHTMLParser, base: str, page: str, wanted: re.Pattern[str] | None) -> Iterator[Found]:
    """Each article's link once, where it first stands."""
    links: dict[str, tuple[str, str, LexborNode]] = {}
    for node in tree.css("a[href]"):
        link = absolute(node.attributes.get("href") or "", base)
        if link is None or (wanted is not None and not wanted.search(link)):
            continue
        link = link.partition("#")[0]
        name, label = canonical(link), clean_text(node.text() or "", 500) or _label(node)
        known = links.get(name)
        if known is None and len(links) < 5 * MOST:
            links[name] = (link, label, node)
        elif known is not None and len(label) > len(known[1]):
            links[name] = (known[0], label, node)
    for name, (link, label, node) in links.items():
        if wanted is not None or _article_like(name, label, page):
            yield Found(link=link, title=label, published=_time_beside(node, base))


def _label(node: LexborNode) -> str:
    image = node.css_first("img[alt]")
    return clean_text(node.attributes.get("title") or (image.attributes.get("alt") if image else "") or "", 500)


def _article_like(link: str, label: str, page: str) -> bool:
    """A dated address, a number or a slug in it, and a text long enough for a headline; on the same site."""
    if host_of(link).removeprefix("www.") != host_of(page).removeprefix("www.") or link == canonical(page):
        return False
    path = urlsplit(link).path
    if _FILE.search(path) or _NO_ARTICLE.search(path) or len(label) < 15 or len(label.split()) < 3:
        return False
    last = path.rstrip("/").rpartition("/")[2]
    slug = last.count("-") >= 3 or ("%" in last and len(last) > 40)
    return slug or date_in_address(link) is not None or _ID.search(path + link.rpartition("?")[2]) is not None


def _time_beside(node: LexborNode, base: str) -> str | None:
    """The date of the only `<time>` in the smallest box around the link that has one, if the box leads nowhere else."""
    box: LexborNode | None = node
    for _ in range(4):
        box = box.parent if box is not None else None
        if box is None or box.tag in ("body", "html", "main"):
            return None
        times = box.css("time[datetime]")
        if times:
            links = (absolute(one.attributes["href"] or "", base) for one in box.css("a[href]"))
            ways = {canonical(link) for link in links if link}
            return times[0].attributes.get("datetime") if len(times) == 1 and len(ways) == 1 else None
    return None
