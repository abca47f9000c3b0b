"""Listing pages: a front page, a section, a tag or a search, read for the links that lead to articles.

What an article's address looks like (`link_pattern`) outlives a redesign, what the page looks like does not: links are
judged by their address first, by their looks where none fits, and a title is looked for wherever a design may put it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extraction.addresses import absolute, canonical, date_in_address, host_of
from extraction.dates import find_date, within
from extraction.entries import MOST, Found, made
from extraction.page_tree import parsed
from extraction.text import clean_text
from records.errors import UnreadableError
from records.news import ParsedFeed

_ID = re.compile(r"\d{5,}")
_NO_ARTICLE = re.compile(r"/(?:tags?|category|categories|topics?|authors?|search|login|page|about|contact|privacy|video"
                         r"|live)(?:/|$)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|zip|css|js|xml|rss)$", re.IGNORECASE)
_HEADINGS = "h1, h2, h3, h4, h5, h6, [class*=title i], [class*=headline i]"
_HEADLINE, _WORDS = 15, 3  # characters and words from which a link's text may be a headline ("Read more" is none)
_LONG_BOX = 1_500  # characters: a box around a link with more text is no teaser
_UP = 5  # boxes around a link that may belong to it alone
_NEXT = re.compile(r"\b(?:next|older|weiter|nächste|suivante?|siguiente|volgende|nästa|sonraki"
                   r"|следующая|далее)\b|^[›»→]$|التالي|بعدی|دواتر", re.IGNORECASE)


_PAGE_NAMES = ("page", "p", "paged", "pg", "seite")


@dataclass(slots=True)
class Link:
    """An article's link: where it first stands, and the best words that lead to it."""

    url: str
    label: str
    nodes: list[LexborNode]


def read_listing(text: str, *, url: str, now: datetime, link_pattern: str | None = None,
                 select: str | None = None) -> ParsedFeed:
    """The links that match `link_pattern`; without one, or where none does, those that look like the site's articles.

    `select` names the boxes to look in. A title is a link's longest text, or the heading of the box that leads nowhere
    else; a date is in the address (the pattern's groups `y`, `m` and `d`), or in that box.
    """
    tree = parsed(text, url)
    wanted = _compiled(link_pattern, url)
    base_node = tree.css_first("base[href]")
    base = (absolute(base_node.attributes.get("href") or "", url) if base_node else None) or url
    boxes, broken = _boxes(tree, select, url)
    links = _links(boxes, base, url, wanted)
    if wanted is not None and not links:
        links = _links(boxes, base, url, None)
        broken.append(f"no link matches its link_pattern; {len(links)} were taken by their looks")
    title = tree.css_first("title")
    found = [_found(link, base, wanted, now) for link in list(links.values())[:MOST]]
    return ParsedFeed(version="listing", title=(clean_text(title.text(), 500) or None) if title else None,
                      entries=made(found, base=base, now=now), broken="; ".join(broken) or None,
                      next_page=_next_page(tree, base, url))


def _compiled(link_pattern: str | None, url: str) -> re.Pattern[str] | None:
    try:
        return re.compile(link_pattern) if link_pattern else None
    except re.error as error:
        what = f"the link_pattern of {url} is no regular expression: {error}"
        raise UnreadableError(what, rule="not-a-feed") from error


def _boxes(tree: LexborHTMLParser, select: str | None, url: str) -> tuple[list[LexborNode], list[str]]:
    """The selected boxes, else the whole page; and what was wrong with the selector."""
    whole = [tree.root] if tree.root is not None else []
    if not select:
        return whole, []
    try:
        boxes = tree.css(select)
    except Exception as error:  # selectolax says so with exceptions of several classes
        raise UnreadableError(f"the select of {url} is no CSS selector: {select}", rule="not-a-feed") from error
    return (boxes, []) if boxes else (whole, ["nothing matches its select; the whole page was read"])


def _links(boxes: list[LexborNode], base: str, page: str, wanted: re.Pattern[str] | None) -> dict[str, Link]:
    """Each article's link once, by its canonical address, in the order of the page."""
    links: dict[str, Link] = {}
    for node in (node for box in boxes for node in box.css("a[href]")):
        link = absolute(node.attributes.get("href") or "", base)
        if link is None:
            continue
        link = link.partition("#")[0]
        name, label = canonical(link), _label(node)
        if wanted is not None and not wanted.search(link) and not wanted.search(name):
            continue
        if name not in links and len(links) >= 5 * MOST:
            continue
        known = links.setdefault(name, Link(link, label, []))
        known.nodes.append(node)
        known.label = max(known.label, label, key=len)
    if wanted is None:
        return {name: link for name, link in links.items() if _article_like(name, link, page)}
    outside = {name: link for name, link in links.items() if not all(_is_inside(node) for node in link.nodes)}
    return outside or links


def _label(node: LexborNode) -> str:
    heading = node.css_first(_HEADINGS)
    own = clean_text((heading.text() if heading else "") or "", 500) or clean_text(node.text() or "", 500)
    if own:
        return own
    image = node.css_first("img[alt]")
    return clean_text(node.attributes.get("title") or (image.attributes.get("alt") if image else "") or "", 500)


def _article_like(name: str, link: Link, page: str) -> bool:
    """A dated address, a number or a slug in it, and a text that may be a headline; on the same site, not in a menu."""
    if host_of(name).removeprefix("www.") != host_of(page).removeprefix("www.") or name == canonical(page):
        return False
    path = urlsplit(name).path
    if _FILE.search(path) or _NO_ARTICLE.search(path) or not _is_headline(link.label):
        return False
    last = path.rstrip("/").rpartition("/")[2]
    slug = last.count("-") >= 3 or ("%" in last and len(last) > 40)
    told = slug or date_in_address(name) is not None or _ID.search(path + name.rpartition("?")[2]) is not None
    return told and not all(_is_inside(node) for node in link.nodes)


def _is_headline(text: str) -> bool:
    return len(text) >= _HEADLINE and len(text.split()) >= _WORDS


def _is_inside(node: LexborNode) -> bool:
    """Within the page's own menus."""
    here: LexborNode | None = node
    while here is not None:
        if here.tag in ("nav", "footer") or here.attributes.get("role") in ("navigation", "contentinfo"):
            return True
        here = here.parent
    return False


def _found(link: Link, base: str, wanted: re.Pattern[str] | None, now: datetime) -> Found:
    box = max((_own_box(node, base) for node in link.nodes), key=_size)
    title = link.label
    if box is not None and not _is_headline(title):
        headings = (clean_text(node.text() or "", 500) for node in box.css(_HEADINGS))
        title = max(title, *headings, "", key=len)
    return Found(link=link.url, title=title, published=_date_of(link, box, wanted, now))


def _own_box(node: LexborNode, base: str) -> LexborNode | None:
    """The largest box around a link that leads nowhere else: its teaser."""
    own, box = None, node.parent
    here = canonical(absolute(node.attributes.get("href") or "", base) or "")
    for _ in range(_UP):
        if box is None or box.tag in ("body", "html", "main", "-undef") or len(box.text() or "") > _LONG_BOX:
            break
        ways = {canonical(way) for one in box.css("a[href]") if (way := absolute(one.attributes["href"] or "", base))}
        if any(way != here and not _NO_ARTICLE.search(urlsplit(way).path) for way in ways):
            break
        own, box = box, box.parent
    return own


def _size(box: LexborNode | None) -> int:
    return len(box.text() or "") if box is not None else 0


def _date_of(link: Link, box: LexborNode | None, wanted: re.Pattern[str] | None, now: datetime) -> str | None:
    """The one `<time>` of the box; else the date in the address; else the one that is written in the box."""
    times = box.css("time[datetime]") if box is not None else []
    if len(times) == 1:
        return times[0].attributes.get("datetime")
    if day := _named_date(link.url, wanted):
        return day
    if box is None:
        return None
    for text in (clean_text(node.text() or "", 80) for node in box.css("time, [class*=date i], [class*=time i]")):
        if (written := within(find_date(text), now)) is not None:
            return written.iso()
    title = clean_text(link.label)
    rest = clean_text(box.text(separator=" ") or "", _LONG_BOX).replace(title, " ") if title else ""
    written = within(find_date(rest), now)
    return written.iso() if written else None


def _named_date(url: str, wanted: re.Pattern[str] | None) -> str | None:
    found = wanted and (wanted.search(url) or wanted.search(canonical(url)))
    named = found.groupdict() if found else {}
    return "-".join(named[name] for name in "ymd") if all(named.get(name) for name in "ymd") else None


def _next_page(tree: LexborHTMLParser, base: str, page: str) -> str | None:
    """Where the older ones are: `rel=next`, a link that says so, or the number after this page's."""
    marked = tree.css_first("link[rel~=next i][href], a[rel~=next i][href]")
    nodes = [marked] if marked else [
        node for node in tree.css("a[href]") if _NEXT.search(_said(node)) and len(_said(node)) <= 40]
    here = _number(page)
    after = {"2"} if here == 0 else {str(here + 1), str(here + 2)}  # of a site that counts from 0 as well
    nodes += [node for node in tree.css("a[href]")[:5_000] if (node.text() or "").strip() in after]
    for node in nodes:
        link = absolute(node.attributes.get("href") or "", base)
        if link and host_of(link) == host_of(page) and _number(link) in {here + 1, here + 2 * (here == 0)}:
            return link
    return None


def _said(node: LexborNode) -> str:
    return clean_text(f"{node.text() or ''} {node.attributes.get('aria-label') or ''}", 80)


def _number(url: str) -> int:
    """Which page an address asks for: `?page=2`, `/page/2/`; 0 where it says nothing."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if name.lower() in _PAGE_NAMES and value.isascii() and value.isdigit():
            return int(value[:6])
    found = re.search(r"/(?:page|seite|p)[/-](\d{1,5})(?:/|$)|-p(\d{1,5})(?:/|$)", parts.path)
    return int(found.group(1) or found.group(2)) if found else 0
