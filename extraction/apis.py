"""Answers of two query APIs: ReliefWeb's reports (version 2), and the posts of WordPress.

ReliefWeb: https://apidoc.reliefweb.int/result-structure. Its `next` link leaves the appname out, without which nothing
is answered since November 2025: the next page's address is made from our own. WordPress: /wp-json/wp/v2/posts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from extraction.entries import Found, made
from extraction.text import clean_text
from records.errors import UnreadableError
from records.news import ParsedFeed

_DEEPEST = 10_000  # results, behind which no page is asked for whatever the total


def loaded(text: str, url: str) -> object:
    """The JSON of an answer. Raises UnreadableError."""
    try:
        return json.loads(text.lstrip("\ufeff \t\r\n"), strict=False)
    except (ValueError, RecursionError) as error:
        what = f"{url} is JSON that can't be parsed ({type(error).__name__})"
        raise UnreadableError(what, rule="not-a-feed") from error


def read_reliefweb(text: str, *, url: str, now: datetime) -> ParsedFeed:
    """The reports of one page, and where the next page is. Raises UnreadableError with the API's own words."""
    answer = loaded(text, url)
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(data, list):
        said = answer.get("error") if isinstance(answer, dict) else None
        told = _text(said.get("message") if isinstance(said, dict) else said)
        raise UnreadableError(f"{url} is not ReliefWeb's answer to a query" + (f": {told[:200]}" if told else ""),
                              rule="not-a-feed")
    entries = made(_reports(data), base=url, now=now)
    if data and not entries:
        raise UnreadableError(f"{url} lists reports without address and title; ask for fields[include][]=title and "
                              "fields[include][]=url_alias", rule="not-a-feed")
    return ParsedFeed(version="reliefweb", title=None, entries=entries, next_page=_next(answer, len(data), url))


def is_wordpress(answer: object) -> bool:
    """Whether this is a list of WordPress posts; an empty list can't be told from any other."""
    return isinstance(answer, list) and bool(answer) and all(
        isinstance(post, dict) and isinstance(post.get("link"), str) and "title" in post for post in answer)


def read_wordpress(posts: object, *, url: str, now: datetime) -> ParsedFeed:
    """The posts as `is_wordpress` knows them."""
    assert isinstance(posts, list)
    return ParsedFeed(version="wordpress", title=None, entries=made(_posts(posts), base=url, now=now))


def _reports(data: list[Any]) -> Iterator[Found]:
    for one in data:
        fields = one.get("fields") if isinstance(one, dict) else None
        if not isinstance(fields, dict):
            continue
        date = fields.get("date") if isinstance(fields.get("date"), dict) else {}
        assert isinstance(date, dict)
        link = _text(fields.get("url_alias")) or _text(fields.get("url"))
        if not link and not _text(fields.get("title")):
            continue
        yield Found(guid=str(one.get("id") or "") or None, link=link, title=_text(fields.get("title")),
                    summaries=tuple(filter(None, (_text(fields.get("headline", {}).get("summary"))
                                                  if isinstance(fields.get("headline"), dict) else None,
                                                  _text(fields.get("body"))))),
                    published=_text(date.get("original")) or _text(date.get("created")),
                    authors=tuple(_names(fields.get("source"))), lang=next(iter(_names(fields.get("language"))), None))


def _names(value: object) -> Iterator[str]:
    """The short names of sources, the codes of languages."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Mapping):
            name = _text(one.get("code")) or _text(one.get("shortname")) or _text(one.get("name"))
            if name:
                yield name


def _next(answer: Mapping[str, Any], shown: int, url: str) -> str | None:
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    offset = next((int(value) for name, value in pairs if name == "offset" and value.isascii() and value.isdigit()), 0)
    total = answer.get("totalCount")
    after = offset + shown
    if not shown or not isinstance(total, int) or after >= min(total, _DEEPEST):
        return None
    pairs = [(name, value) for name, value in pairs if name != "offset"] + [("offset", str(after))]
    query = "&".join(f"{quote(name, safe='[]')}={quote(value, safe='')}" for name, value in pairs)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _posts(posts: list[Any]) -> Iterator[Found]:
    for post in posts:
        texts = (_rendered(post.get(name)) for name in ("excerpt", "content"))
        gmt = _text(post.get("date_gmt"))
        yield Found(guid=_rendered(post.get("guid")) or None, link=_text(post.get("link")),
                    title=_rendered(post.get("title")), summaries=tuple(filter(None, texts)),
                    published=f"{gmt}Z" if gmt else _text(post.get("date")))


def _rendered(value: object) -> str | None:
    return _text(value.get("rendered")) if isinstance(value, Mapping) else _text(value)


def _text(value: object) -> str | None:
    return clean_text(value, 20_000) if isinstance(value, str) and value.strip() else None
