"""What every kind of endpoint gives: entries with identity, cleaned and capped, links absolute, dates strict."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from extraction.addresses import absolute
from extraction.dates import read_date, within
from extraction.text import clean_text, plain_text
from records.news import Entry

MOST = 2_000  # entries of one reading: 40,000 items cost 3.2 CPU seconds, and no feed of news is longer
_TITLE, _GUID, _SUMMARY, _NAME = 500, 2_000, 5_000, 200  # characters kept
_LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entry as the endpoint writes it, before anything is checked. Title and summaries may hold markup."""

    guid: str | None = None
    link: str | None = None
    title: str | None = None
    summaries: tuple[str, ...] = ()  # description, content …: the longest is kept
    published: str | None = None
    authors: tuple[str, ...] = ()
    lang: str | None = None
    undated: bool = False  # `published` is another date (a sitemap's lastmod): kept raw, never taken for the news'


def made(found: Iterable[Found], *, base: str, now: datetime, country: str | None = None) -> tuple[Entry, ...]:
    """The entries, each once, at most 2,000. One without link, title and summary is one all the same: it is counted."""
    entries: list[Entry] = []
    listed = list(found)[:MOST]
    repeated = _ids_of_several_links(listed)
    seen: set[str] = set()
    for one in listed:
        entry = _entry(one, base, now, repeated, country)
        if entry.key not in seen:
            seen.add(entry.key)
            entries.append(entry)
    return tuple(entries)


def language(raw: str | None) -> str | None:
    """A language tag as declared, or None for what is no tag."""
    tag = (raw or "").strip().replace("_", "-")
    return tag if _LANG.match(tag) else None


def _ids_of_several_links(found: Sequence[Found]) -> set[str]:
    """Guids that stand for more than one link: there the link is part of the identity, for all of them alike."""
    pairs = {(one.guid, one.link) for one in found if one.guid}
    return {guid for guid, times in Counter(guid for guid, _ in pairs).items() if guid and times > 1}


def _entry(found: Found, base: str, now: datetime, repeated: set[str], country: str | None) -> Entry:
    guid = clean_text(found.guid or "", _GUID)
    url = absolute(found.link, base) if found.link else None
    title = plain_text(found.title or "", _TITLE)
    summary = max((plain_text(text, _SUMMARY) for text in found.summaries), key=len, default="")
    identity = [guid] if guid else [url] if url else [title, summary]
    if found.guid in repeated and url:
        identity.append(url)
    raw = clean_text(found.published or "", 100)
    written = None if found.undated else within(read_date(raw, country), now)
    return Entry(
        key=sha256("\n".join(part or "" for part in identity).encode()).hexdigest(), url=url,
        title=title or None, summary=summary or None, published=written.utc() if written else None,
        published_raw=raw or None, lang=language(found.lang),
        authors=tuple(dict.fromkeys(name for raw_name in found.authors[:10] if (name := plain_text(raw_name, _NAME)))))
