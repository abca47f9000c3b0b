"""Where a site's feeds may be: what its page links to, what its robots.txt names, what is usual. Nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from extraction.addresses import absolute
from extraction.decoding import decode
from extraction.page_tree import parsed
from extraction.text import plain_text
from records.errors import UnreadableError

USUAL = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds/posts/default")
_TYPES = re.compile(r"rss|atom|rdf|feed\+json|application/json", re.IGNORECASE)
_LOOKS_LIKE_A_FEED = re.compile(r"(?:^|[/._=-])(?:rss|atom|feeds?)(?:$|[/._=?-])|\.(?:rss|atom|rdf)$", re.IGNORECASE)
_NEWS_MAP = re.compile(r"news", re.IGNORECASE)
_MOST_LINKED, _MOST_MAPS = 12, 4


def declared(body: bytes, content_type: str | None, url: str) -> tuple[list[str], list[str]]:
    """The feeds that a page declares (link rel=alternate), and the links in it that look like feeds; [] without any."""
    try:
        tree = parsed(decode(body, content_type), url)
    except UnreadableError:
        return [], []
    first = tree.css_first("base[href]")
    base = absolute(first.attributes.get("href") or "", url) or url if first else url
    alternates = [absolute(node.attributes.get("href") or "", base) for node in tree.css("link[rel~=alternate][href]")
                  if _TYPES.search(node.attributes.get("type") or "")]
    linked = [absolute(node.attributes.get("href") or "", base) for node in tree.css("a[href]")
              if _LOOKS_LIKE_A_FEED.search(_path(node.attributes.get("href") or ""))]
    return _each_once(alternates), _each_once(linked)


def sitemaps(robots: bytes, url: str) -> list[str]:
    """The sitemaps that a robots.txt names, those of news first."""
    lines = robots[:500_000].decode("utf-8", "replace").splitlines()
    found = [absolute(line.partition(":")[2], url) for line in lines if line.strip().lower().startswith("sitemap:")]
    maps = sorted((one for one in found if one), key=lambda one: not _NEWS_MAP.search(one))
    return _each_once(maps)[:_MOST_MAPS]


def usual(url: str) -> list[str]:
    """Addresses at which many a site has its feed."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}{path}" for path in USUAL]


def identifier(url: str, taken: Iterable[str]) -> str:
    """A short id for a source, from its host: "thenational" for www.thenational.example; numbered where it is taken."""
    labels = [label for label in (urlsplit(url).hostname or "").split(".") if label not in ("www", "feeds", "rss", "m")]
    name = max(labels[:-1] or labels or ["source"], key=len)
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "source"
    known, number, found = set(taken), 2, base
    while found in known:
        found, number = f"{base}-{number}", number + 1
    return found


def site_name(title: str | None, url: str) -> str:
    """What a source may be called: its feed's title without the habitual additions, else its host."""
    bare = re.sub(r"\s*(?:[-–|:»]\s*)?(?:RSS|Atom|feed|latest news|home)\s*$", "", plain_text(title or "", 120),
                  flags=re.IGNORECASE).strip(" -–|:»")
    return bare or (urlsplit(url).hostname or url).removeprefix("www.")


def _path(href: str) -> str:
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _each_once(found: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(one for one in found if one))[:_MOST_LINKED]
