"""JSON-LD as pages really write it: broken, nested, in lists; the one object that describes this article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from extraction.addresses import canonical

Object = Mapping[str, Any]
_ARTICLE = re.compile(r"(?:Article|Report|BlogPosting|Posting|NewsItem|Review|Interview)$")
_SOFT = re.compile(r",(\s*[}\]])")
_WRAPPER = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$",
                      re.DOTALL)
_DESCENT = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "about")  # never itemListElement: other articles
_MOST = 40  # scripts and objects looked at


def article_object(tree: LexborHTMLParser, url: str) -> Object:
    """The NewsArticle (or kin) of this page, {} without one. Of several that of this address, else the first dated.

    One without a date has that of the WebPage it stands on, which is where WordPress's commonest plug-in puts it.
    """
    objects = list(_objects(tree))
    found = [one for one in objects if _ARTICLE.search(_type(one))]
    here = canonical(url)
    article = next((one for one in found if any(canonical(address) == here for address in _addresses(one))), None)
    if article is None:
        article = next((one for one in found if one.get("datePublished")), found[0] if found else {})
    if not article.get("datePublished"):
        page = next((one for one in objects if one.get("@type") == "WebPage" and one.get("datePublished")), {})
        article = {**article, **{name: page[name] for name in ("datePublished", "dateModified") if name in page}}
    return article


def texts(value: object) -> list[str]:
    """The names in a value that may be a text, an object with a name, or a list of either."""
    if isinstance(value, str):
        return [unescape(value)]
    if isinstance(value, Mapping):
        return texts(value.get("name"))
    if isinstance(value, list):
        return [text for one in value[:20] for text in texts(one)]
    return []


def _type(one: Object) -> str:
    kind = one.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return next((name for name in kinds if isinstance(name, str) and _ARTICLE.search(name)), "")


def _addresses(one: Object) -> Iterator[str]:
    for name in ("url", "mainEntityOfPage", "@id"):
        value = one.get(name)
        if isinstance(value, Mapping):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and value:
            yield value


def _objects(tree: LexborHTMLParser) -> Iterator[Object]:
    for script in tree.css('script[type*="ld+json" i]')[:_MOST]:
        yield from _within(_loaded(script.text() or ""), 0)


def _within(value: object, depth: int) -> Iterator[Object]:
    if depth > 4:
        return
    if isinstance(value, list):
        for one in value[:_MOST]:
            yield from _within(one, depth + 1)
    elif isinstance(value, Mapping):
        yield value
        for name in _DESCENT:
            if name in value:
                yield from _within(value[name], depth + 1)


def _loaded(text: str) -> object:
    """The value, with comments and trailing commas forgiven; None where that is not enough."""
    text = _WRAPPER.sub("", text.strip()).strip().rstrip(";")
    for attempt in (text, _SOFT.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None
