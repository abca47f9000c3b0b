"""Title, authors, outlet, lead and canonical address of a page: each a short ladder with one gatekeeper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from extraction.addresses import absolute, canonical, host_of, same_site
from extraction.jsonld import Object, texts
from extraction.text import normal_key, plain_text
from records.news import Source

Metas = dict[str, str]
_SEPARATOR = re.compile(r"\s+[|\u2013\u2014\u2022·»«:/-]+\s+|\s*[|»]\s*|:\s+(?=\S+$)")
_NO_TITLE = {"untitled", "home", "homepage", "404notfound", "notfound", "index", "news", "startseite", "justamoment"}
_BY = re.compile(r"^(?:by|von|par|por|di|da|door|от|автор|بقلم|yazan|written by|text|texte?)\s*:?\s+", re.IGNORECASE)
_NO_NAME = re.compile(
    r"https?:|www\.|@|\d{3}|^(?:admin|administrator|redaktion|editor|staff|redaction|author|unknown)$", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:,|;|\||/|\band\b|\bund\b|\bet\b|\by\b|\bи\b| و ?(?=\S+ \S+$))\s*")
_AUTHOR_META = ("author", "article:author_name", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author",
                "byl", "cxenseparse:author", "citation_author", "article:author", "twitter:data1")
_AUTHOR_MARKUP = ('[rel~="author"]', '[itemprop~="author"] [itemprop~="name"]', '[itemprop~="author"]', ".author-name",
                  ".byline-name", ".author a", ".byline a", '[class*="author__name" i]', ".author", ".byline")


def metas(tree: LexborHTMLParser) -> Metas:
    """Every `<meta>` by its lower-case name, property or itemprop; the first of a name counts."""
    found: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = (attributes.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def title(tree: LexborHTMLParser, data: Object, meta: Metas, sites: Sequence[str]) -> tuple[str | None, str | None]:
    """The headline without the name of the site, and the rung that gave it."""
    headings = [text for node in tree.css("h1")[:8] if (text := plain_text(node.html or "", 500))]
    names = [key for site in sites if (key := normal_key(site))]
    for raw, rung in _titles(tree, data, meta, headings):
        text = _without_site(plain_text(raw, 500), names, headings)
        key = normal_key(text)
        if len(key) >= 4 and key not in names and key not in _NO_TITLE:
            return text, rung
    return None, None


def authors(
        tree: LexborHTMLParser, data: Object, meta: Metas, sites: Sequence[str]) -> tuple[tuple[str, ...], str | None]:
    """The people who wrote it; never the outlet itself."""
    names = {normal_key(site) for site in sites}
    for raws, rung in _author_rungs(tree, data, meta):
        people = tuple(dict.fromkeys(name for raw in raws for name in _people(raw, names)))
        if people:
            return people[:10], rung
    return (), None


def outlet(data: Object, meta: Metas, source: Source | None, url: str) -> str | None:
    """The name shown: the source's, else what the page calls its site, else the host."""
    if source is not None:
        return source.name
    named = [meta.get("og:site_name", ""), *texts(data.get("publisher")), meta.get("application-name", "")]
    return next((text for raw in named if (text := plain_text(raw, 120))), host_of(url).removeprefix("www.") or None)


def lead(data: Object, meta: Metas, paragraphs: Sequence[str]) -> str | None:
    """What the page says of itself in a sentence or two, else its first paragraph."""
    said = [meta.get("og:description", ""), meta.get("description", ""), *texts(data.get("description"))]
    for raw in said:
        text = plain_text(raw, 1000)
        if len(text) >= 40:
            return text
    return paragraphs[0][:1000] if paragraphs else None


def canonical_address(tree: LexborHTMLParser, meta: Metas, url: str, mirrors: Sequence[str]) -> tuple[str, str]:
    """The page's own word for its address where it stays on the same site; else the address it was read at."""
    here = canonical(url, mirrors)
    link = tree.css_first('link[rel~="canonical" i]')
    for raw, rung in (((link.attributes.get("href") if link else None), "canonical"), (meta.get("og:url"), "og:url")):
        there = canonical(address, mirrors) if raw and (address := absolute(raw, url)) else None
        if there and same_site(there, here) and (urlsplit(there).path != "/" or urlsplit(here).path == "/"):
            return there, rung
    return here, "address"


def declared_language(tree: LexborHTMLParser, data: Object, meta: Metas) -> str | None:
    """The language the page declares, as it writes it."""
    root = tree.css_first("html")
    attributes = root.attributes if root else {}
    said = [attributes.get("lang"), attributes.get("xml:lang"), *texts(data.get("inLanguage")), meta.get("og:locale"),
            meta.get("content-language")]
    return next((raw.replace("_", "-") for raw in said if raw and re.match(r"[A-Za-z]{2,3}(?:[-_]|$)", raw)), None)


def site_names(data: Object, meta: Metas, source: Source | None, url: str) -> list[str]:
    """Everything this site may call itself: in titles these are cut off, among authors they are no people."""
    host = host_of(url).removeprefix("www.")
    named = [meta.get("og:site_name", ""), meta.get("application-name", ""), *texts(data.get("publisher")),
             source.name if source else "", host, host.split(".")[0], meta.get("twitter:site", "").lstrip("@")]
    return [name for name in dict.fromkeys(plain_text(raw, 120) for raw in named) if name]


def _titles(tree: LexborHTMLParser, data: Object, meta: Metas, headings: Sequence[str]) -> Iterator[tuple[str, str]]:
    for raw in texts(data.get("headline")):
        yield raw, "json-ld"
    for name in ("og:title", "twitter:title"):
        if name in meta:
            yield meta[name], name
    if len(headings) == 1:
        yield headings[0], "h1"
    node = tree.css_first("title")
    if node is not None:
        yield node.text() or "", "title"
    for heading in headings:
        yield heading, "h1"


def _without_site(text: str, names: Sequence[str], headings: Sequence[str]) -> str:
    """Cut " | Site" and "Site: " off; where a heading is one of the pieces, the heading is the title."""
    for heading in headings:
        if len(heading) >= 15 and heading != text and (text.startswith(heading) or text.endswith(heading)):
            return heading
    while found := list(_SEPARATOR.finditer(text)):
        last, first = found[-1], found[0]
        if _is_site(text[last.end():], names):
            text = text[:last.start()].rstrip()
        elif _is_site(text[:first.start()], names):
            text = text[first.end():].lstrip()
        else:
            break
    return text


def _is_site(piece: str, names: Sequence[str]) -> bool:
    key = normal_key(piece)
    return bool(key) and any(key == name or (len(name) >= 4 and len(key) >= 4 and (name in key or key in name)
                                             and len(key) <= 2 * len(name) + 4) for name in names)


def _author_rungs(tree: LexborHTMLParser, data: Object, meta: Metas) -> Iterator[tuple[list[str], str]]:
    yield texts(data.get("author")), "json-ld"
    for name in _AUTHOR_META:
        label = meta.get("twitter:label1", "").lower()
        if name in meta and (name != "twitter:data1" or label in ("written by", "verfasst von")):
            yield [meta[name]], "meta"
    for selector in _AUTHOR_MARKUP:
        yield [node.text() or "" for node in tree.css(selector)[:4] if len(node.text() or "") < 200], "markup"


def _people(raw: str, sites: set[str]) -> Iterator[str]:
    for piece in _JOINED.split(_BY.sub("", plain_text(raw, 300))):
        name = _BY.sub("", piece).strip(" .-–•")
        short = 3 <= len(name) <= 60 and len(name.split()) <= 5
        if short and not _NO_NAME.search(name) and normal_key(name) not in sites:
            yield name
