"""Plain, well-formed RSS 2.0 and Atom by one pass of libxml2: a tenth of feedparser's time, and the same result.

    text | libxml2 | every element known and in its place? | what feedparser would have found   (else None)

Feedparser knows the oddities of twenty years; most feeds have none. Only what is listed here is read here. A feed with
anything else in it (an unlisted element, a relative link, a name with a mail address in it, markup where text belongs)
gives None, and feedparser reads it. A test holds the two together over every feed that there is to test with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from extraction.entries import Found

_ATOM, _DC = "{http://www.w3.org/2005/Atom}", "{http://purl.org/dc/elements/1.1/}"
_CONTENT, _SY = "{http://purl.org/rss/1.0/modules/content/}", "{http://purl.org/rss/1.0/modules/syndication/}"
_MEDIA, _SLASH = "{http://search.yahoo.com/mrss/}", "{http://purl.org/rss/1.0/modules/slash/}"
_WFW, _WORDPRESS = "{http://wellformedweb.org/CommentAPI/}", "{com-wordpress:feed-additions:1}"
_BURNER = "{http://rssnamespace.org/feedburner/ext/1.0}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
# Namespaces that make feedparser take the feed for another version, or its elements for others.
_MISLEADING = re.compile(r"purl\.org/rss/1\.0/$|my\.netscape|backend\.userland|blogs\.law\.harvard|newformat|necho"
                         r"|purl\.org/(?:echo|pie|atom)|modules/rss091", re.IGNORECASE)

_RSS_ITEM = {  # element: the part of an entry that it is; each at most once, but for authors
    "title": "title", "link": "link", "guid": "guid", "description": "summary", f"{_CONTENT}encoded": "content",
    "pubDate": "published", f"{_DC}date": "updated", "author": "author", f"{_DC}creator": "author",
    f"{_BURNER}origLink": "origin",
}
_ATOM_ENTRY = {f"{_ATOM}{name}": part for name, part in {
    "title": "title", "link": "link", "id": "guid", "summary": "summary", "content": "content",
    "published": "published", "updated": "updated", "author": "author"}.items()} | {f"{_BURNER}origLink": "origin"}
_PASSED = {  # by feedparser under names that nobody here asks for
    "category", "comments", "enclosure", "source", f"{_ATOM}category", f"{_DC}subject", f"{_WORDPRESS}post-id",
    f"{_SLASH}comments", f"{_WFW}comment", f"{_WFW}commentRss", f"{_MEDIA}content", f"{_MEDIA}thumbnail",
    f"{_MEDIA}credit",
}
_CHANNEL = {"title": "title", "language": "language", "ttl": "ttl", f"{_SY}updatePeriod": "sy_updateperiod",
            f"{_SY}updateFrequency": "sy_updatefrequency", f"{_ATOM}title": "title"}
_CHANNEL_PASSED = {
    "link", "description", "pubDate", "lastBuildDate", "generator", "copyright", "docs", "managingEditor", "webMaster",
    "category", "cloud", f"{_ATOM}link", f"{_SY}updateBase", *(f"{_ATOM}{name}" for name in (
        "id", "updated", "subtitle", "generator", "rights", "category", "icon", "logo"))}
_CHANNEL_FAMILIES = {  # what may stand in them
    "image": {"title", "url", "link", "width", "height", "description"}, "skipHours": {"hour"}, "skipDays": {"day"},
    f"{_ATOM}author": {f"{_ATOM}name", f"{_ATOM}email", f"{_ATOM}uri"}}
_RSS_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_TEXT_TYPES = (None, "text", "html", "text/html", "text/plain")
_PLAIN_LINK = re.compile(r"https?://[A-Za-z0-9.:-]+(?:[/?#][^\s\\\[\]<>\x00-\x20\x7f-\xa0]*)?")
_LOST_BY_JOINING = re.compile(r"[;?#](?:[;?#]|$)|&\w+;")  # an empty query, and what feedparser takes for an entity
_SCHEME = re.compile(r"(?!https?:)(?:tag|urn):[^\s\\]+")
_CP1252 = re.compile("[\x80-\x9f]")


class Odd(Exception):  # noqa: N818 - nothing is wrong, but feedparser is to read it
    """The feed has something in it that is not read here."""


@dataclass(slots=True)
class PlainFeed:
    """What feedparser would have found. `channel` holds the keys that `asked_interval` asks for."""

    version: str
    channel: dict[str, str] = field(default_factory=dict)
    entries: list[Found] = field(default_factory=list)


def read_plain(text: str) -> PlainFeed | None:
    """The feed, or None where feedparser must read it. `text` is decoded, without declaration and document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                             remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
        return _rss(root) if root.tag == "rss" else _atom(root) if root.tag == f"{_ATOM}feed" else None
    except (Odd, etree.XMLSyntaxError):
        return None


def _rss(root: Any) -> PlainFeed:
    _check(set(root.attrib) <= {"version", f"{_XML}lang"} and len(root) == 1 and root[0].tag == "channel")
    _check(not root[0].attrib and not any(map(_MISLEADING.search, root.nsmap.values())))
    version = root.get("version", "")
    feed = PlainFeed(_RSS_VERSIONS.get(version) or ("rss20" if version.startswith("2.") else "rss"))
    return _filled(feed, root[0], root.get(f"{_XML}lang"), "item", _RSS_ITEM)


def _atom(root: Any) -> PlainFeed:
    _check(set(root.attrib) <= {f"{_XML}lang", f"{_XML}base"})
    _check(not any(_MISLEADING.search(uri) for uri in root.nsmap.values()))
    return _filled(PlainFeed("atom10"), root, root.get(f"{_XML}lang"), f"{_ATOM}entry", _ATOM_ENTRY)


def _filled(feed: PlainFeed, channel: Any, lang: str | None, item: str, parts: dict[str, str]) -> PlainFeed:
    _check(lang != "")
    lang = lang.replace("_", "-") if lang else None
    items = []
    for child in channel:
        if child.tag == item:
            items.append(child)
        elif child.tag in _CHANNEL:
            name = _CHANNEL[child.tag]
            _check(name not in feed.channel)
            feed.channel[name] = _text(child, typed=item != "item")
        else:
            _pass(child)
    if lang:
        feed.channel.setdefault("language", lang)
    feed.entries = [_entry(one, parts, lang or None, feed.channel.get("language")) for one in items]
    return feed


def _pass(child: Any) -> None:
    """A part of the channel that is of no interest, but must be one that changes nothing else."""
    if child.tag in _CHANNEL_FAMILIES:
        _check(all(one.tag in _CHANNEL_FAMILIES[child.tag] and not len(one) for one in child) and not child.attrib)
        return
    _check(child.tag in _CHANNEL_PASSED and not len(child))
    _check(not {"lang", "base", f"{_XML}lang", f"{_XML}base"} & set(child.attrib))


def _entry(item: Any, parts: dict[str, str], lang: str | None, channel_lang: str | None) -> Found:
    _check(not item.attrib)
    found: dict[str, str] = {}
    authors: list[str] = []
    is_link, atom = True, parts is _ATOM_ENTRY
    for child in item:
        part = parts.get(child.tag)
        if part is None:
            _check(child.tag in _PASSED and _is_of(child, _PASSED))
            continue
        if part == "author":
            authors.append(_author(child, atom))
            continue
        if part == "link" and atom:
            if (href := _href(child)) is not None:
                found[part] = href
            continue
        _check(part not in found)
        if part == "guid" and not atom:
            _check(set(child.attrib) <= {"isPermaLink"})
            is_link = child.get("isPermaLink", "true") == "true"
            found[part] = _leaf(child)
        else:
            found[part] = _text(child, typed=atom and part in ("title", "summary", "content"))
    return _made(found, authors, is_link=is_link, lang=(lang if "title" in found else None) or channel_lang)


def _made(found: dict[str, str], authors: list[str], *, is_link: bool, lang: str | None) -> Found:
    guid = found.get("guid")
    for address in (found.get("link"), guid if is_link else None, found.get("origin")):
        _check(not address or _is_plain(address))
    link = found.get("link", guid if is_link else None)
    names = tuple(name for name in authors if name)
    dates = (found.get("published"), found.get("updated"))
    return Found(guid=guid, link=found.get("origin") or link, title=found.get("title"),
                 summaries=(found.get("summary", ""), *([found["content"]] if "content" in found else [])),
                 published=next((date for date in dates if date), None), authors=names, lang=lang)


def _author(child: Any, atom: bool) -> str:
    """Its name. Feedparser looks for a mail address in a bare one."""
    if not atom:
        name = _text(child)
        _check("@" not in name)
        return name
    _check(not child.attrib and all(not len(one) for one in child))
    names = [_leaf(one) for one in child if one.tag == f"{_ATOM}name" and not one.attrib]
    _check(len(names) == 1 and bool(names[0]) and _is_of(child, _CHANNEL_FAMILIES[f"{_ATOM}author"]))
    return names[0]


def _href(link: Any) -> str | None:
    """Where an Atom link leads, if it is the entry's page."""
    rel, kind, href = link.get("rel", "alternate").lower(), link.get("type", "text/html").lower(), link.get("href")
    _check(href is not None and not len(link) and not {"url", "uri", "lang", "base"} & set(link.attrib))
    _check(not any(name.startswith("{") for name in link.attrib))
    return href if rel == "alternate" and kind in ("html", "text/html", "application/xhtml+xml") else None


def _text(child: Any, *, typed: bool = False) -> str:
    """The text of an element that may have a type, where feedparser takes it as it is."""
    allowed = {"type", f"{_XML}base", f"{_XML}space"} if typed else set()
    _check(set(child.attrib) <= allowed and str(child.get("type", "text")).lower() in _TEXT_TYPES)
    return _leaf(child)


def _leaf(child: Any) -> str:
    _check(not len(child))
    text = (child.text or "").strip()
    if not text.isascii():
        _check(not _CP1252.search(text) and not _is_twice_encoded(text))
    return text


def _is_twice_encoded(text: str) -> bool:
    """UTF-8 that somebody took for Latin-1: feedparser mends it."""
    try:
        text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return False
    return True


def _is_plain(address: str) -> bool:
    """Joining it to any base gives the same again."""
    if _SCHEME.fullmatch(address):
        return not _LOST_BY_JOINING.search(address)
    return _PLAIN_LINK.fullmatch(address) is not None and not _LOST_BY_JOINING.search(address)


def _is_of(parent: Any, tags: Iterable[str]) -> bool:
    return all(child.tag in tags and not len(child) for child in parent)


def _check(plain: bool) -> None:
    if not plain:
        raise Odd
