"""XML made harmless before a parser sees it, and what kind of document a text is."""

from __future__ import annotations

import re
import zlib

_INFLATED = 16 * 1024 * 1024  # bytes of a sitemap that comes as a .gz file; the largest allowed sitemap is 50 MB
_PROLOGUE = re.compile(r"(?:\s+|\ufeff|<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^\[>]|\[.*?\]\s*)*>)*",
                       re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_FEED_ROOT = re.compile(r"<(?:rss|feed|(?:\w+:)?rdf|urlset|sitemapindex|channel)[\s>]", re.IGNORECASE)
_FEED_ROOTS = {"rss", "feed", "rdf", "channel", "urlset", "sitemapindex", "cdf"}
_HTML_ROOTS = {"html", "head", "body", "meta", "title", "script", "div", "p", "br", "link", "h1", "table", "center"}
_XML_DECLARATION = re.compile(r"^[\s\ufeff]*<\?xml\b[^>]{0,500}\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE\b(?:[^\[<>]|<(?!\?xml))*?(?:\[(?:.*?\]\s*>|.*)|>)", re.DOTALL | re.IGNORECASE)
_DECLARES = re.compile(r"<!(?:ENTITY|ATTLIST|ELEMENT|NOTATION)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,400})|([0-9]{1,400}));?")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONG_TAG = re.compile(r"<([A-Za-z][\w:.-]{0,60})\s[^<>]{20000,}>")  # 40,000 attributes cost feedparser 10 CPU seconds
_LONG_NAME = re.compile(  # feedparser looks for a mail address in these, in quadratic time: 40 KB cost 4 to 9 seconds
    r"(<(?:[\w.-]{1,20}:)?(?:author|creator|managingEditor|webMaster|contributor|publisher|name|email)\b[^<>]*>"
    r"(?:<!\[CDATA\[)?[^<\]]{500})[^<\]]+", re.IGNORECASE)
_JUNK = 20_000  # characters before a feed that may be a server's warnings
_ITEM = re.compile(r"<(?:[\w.-]{1,20}:)?(?:item|entry|url)[\s>]")
_ITEM_END = re.compile(r"</(?:[\w.-]{1,20}:)?(?:item|entry|url)\s*>")


def inflated(body: bytes) -> bytes:
    """The content of a gzip file (`sitemap.xml.gz`), up to 16 MiB; other bytes as they are."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, _INFLATED)
    except zlib.error:
        return b""


def short_tags(markup: str) -> str:
    """The markup with tags of more than 20,000 characters bared of their attributes."""
    return _LONG_TAG.sub(r"<\1>", markup)


def kind_of(text: str) -> str:
    """`json`, `sitemap`, `xml` or `html`, told by how the text begins; `` for what is none of them."""
    start = _after_prologue(text)
    if text[start:start + 1] in ("{", "["):
        return "json"
    root = _ROOT.match(text, start)
    name = root.group(1).lower() if root else ""
    if name in _HTML_ROOTS or not name:
        junk = _FEED_ROOT.search(text, 0, _JUNK)  # a warning of PHP before the feed
        if junk is None or "<html" in text[:junk.start()].lower():
            return "html" if name or _looks_like_html(text) else ""
        name = junk.group().strip("<> \t\r\n").rpartition(":")[2].lower()
    return "sitemap" if name in ("urlset", "sitemapindex") else "xml"


def is_feed(text: str) -> bool:
    """Whether the root is one of a feed, known version or not."""
    root = _ROOT.match(text, _after_prologue(text))
    return root is not None and root.group(1).lower() in _FEED_ROOTS


def without_doctype(text: str) -> tuple[str, str | None]:
    """The document without its declaration and document type, and what was lost with them.

    Declared entities are never read: a chain of 25,000, of 0.7 MB, ends the process of whoever does.
    """
    text = _XML_DECLARATION.sub("", text, count=1)
    if not _DECLARES.search(text):
        return _DOCTYPE.sub("", text, count=1), None
    return _DECLARES.sub("<!-- ", _DOCTYPE.sub("", text)), "declared entities, which were not read"


def harmless(text: str, *, most: int) -> tuple[str, str | None]:
    """The document without what can't or must not be in it, cut after `most` items; and what was mended, in words."""
    mended = []
    root = _FEED_ROOT.search(text, 0, _JUNK)
    if root and _ROOT.search(text, 0, root.start()):
        mended.append("text before the document")
        text = text[root.start():]
    text, references = _REFERENCE.subn(_possible, text)
    if _CONTROL.search(text) or (references and "\ufffd" in text):
        mended.append("characters that can't be")
        text = _CONTROL.sub("", text)
    text, long_ones = _LONG_NAME.subn(r"\1", short_tags(text))
    if long_ones:
        mended.append("names of authors that were cut")
    if (end := _end_of(text, most)) is not None:
        mended.append(end[1])
        text = text[:end[0]]
    return text, ("; ".join(mended) or None)


def _after_prologue(text: str) -> int:
    found = _PROLOGUE.match(text, 0, 200_000)
    return found.end() if found else 0


def _looks_like_html(text: str) -> bool:
    return re.search(r"<(?:html|body|head|!doctype html)\b", text[:5000], re.IGNORECASE) is not None


def _possible(found: re.Match[str]) -> str:
    code = int(found.group(1), 16) if found.group(1) else int(found.group(2))
    if code in (9, 10, 13) or (32 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF and code & 0xFFFE != 0xFFFE):
        return found.group()
    return "\ufffd" if code > 31 else " "


def _end_of(text: str, most: int) -> tuple[int, str] | None:
    """Where the item after the last wanted one begins, or an item that breaks off after others, and in words why."""
    start, number = 0, 0
    for found in _ITEM.finditer(text):
        start, number = found.start(), number + 1
        if number > most:
            return start, f"more than {most} items"
    if number > 1 and not _ITEM_END.search(text, start) and _ITEM_END.search(text, 0, start):
        return start, "broke off within an item"
    return None
