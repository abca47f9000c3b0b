"""What a reading child runs: plain functions of picklable values, for `spawn` children that can be killed.

Importing this module is light (no Scrapy, no pydantic); the heavy libraries load with the first page.
"""

from __future__ import annotations

import resource
from datetime import datetime
from typing import TYPE_CHECKING

from records.claims import Reading
from records.news import Article, EndpointKind, Entry, HowToRead, Page, ParsedFeed, Source

if TYPE_CHECKING:
    from extraction.claims import Topic


def limits(memory: int, cpu_seconds: int | None = None) -> None:
    """For a child's beginning: it dies rather than take more than `memory` bytes, or `cpu_seconds` in all its life."""
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu_seconds)):
        if most is not None:
            hard = resource.getrlimit(what)[1]
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def feed_job(  # noqa: PLR0917  a pool hands on positions
        body: bytes, url: str, content_type: str | None, kind: EndpointKind, now: datetime,
        how: HowToRead | None = None) -> tuple[ParsedFeed, tuple[Topic, ...]]:
    """The entries of an endpoint, each with a first look at its topic, in the same order. Raises UnreadableError."""
    from extraction.feeds import PLAIN, read_feed  # noqa: PLC0415  libraries and lexicons load in the child, when needed

    feed = read_feed(body, url=url, content_type=content_type, kind=kind, now=now, how=how or PLAIN)
    from extraction.first_look import first_look  # noqa: PLC0415

    return feed, tuple(first_look(entry, feed.version) for entry in feed.entries)


def page_job(page: Page, entry: Entry | None, source: Source | None, wanted: bool = False) -> tuple[Article, Reading]:
    """A page's article and what it says; of a `wanted` one whatever its topic. Raises UnreadableError."""
    from extraction.pages import read_page  # noqa: PLC0415

    article = read_page(page, entry=entry, source=source)
    from extraction.claims import read_claims  # noqa: PLC0415

    return article, read_claims(article, wanted=wanted)


def entry_job(entry: Entry, source: Source | None, why_partial: str, fetched_at: datetime,
              wanted: bool = False) -> tuple[Article, Reading]:
    """The same from an entry alone, where its page can't be had. Raises UnreadableError."""
    from extraction.pages import article_from_entry  # noqa: PLC0415

    article = article_from_entry(entry, source=source, why_partial=why_partial, fetched_at=fetched_at)
    from extraction.claims import read_claims  # noqa: PLC0415

    return article, read_claims(article, wanted=wanted)
