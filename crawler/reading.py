"""What a reading child runs. Imported by every child: nothing of Scrapy, the store or the config in here."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.leash import die_with_parent
from extraction.job import entry_job, feed_job, limits, page_job
from records.claims import Reading
from records.errors import UnreadableError
from records.news import Article, EndpointKind, Entry, HowToRead, Page, ParsedFeed, Source


@dataclass(frozen=True, slots=True)
class Unread:
    """A body that gave nothing. `killed`: the child ran too long, too large, or crashed on it."""

    rule: str
    why: str
    killed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRead:
    """A feed with a first look at each of its entries: on topic or not, and why."""

    feed: ParsedFeed
    topics: tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRead:
    article: Article
    reading: Reading


def confine(memory: int) -> None:
    """Run first in each child: no more memory than this, and Ctrl-C is the worker's business."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    limits(memory)


def guarded(job: Callable[..., Any], *args: Any) -> Any:
    """Run a job; bytes that can't be read come back as a value (an exception may not survive the way home)."""
    try:
        return job(*args)
    except UnreadableError as error:
        return Unread(error.rule, str(error))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedBody:
    """The bytes of one endpoint, and what is needed to read them."""

    body: bytes
    url: str
    content_type: str | None
    kind: EndpointKind
    now: datetime
    how: HowToRead


def read_feed(came: FeedBody) -> FeedRead:
    feed, topics = feed_job(came.body, url=came.url, content_type=came.content_type, kind=came.kind, now=came.now,
                            how=came.how)
    return FeedRead(feed=feed, topics=tuple((topic.relevant, topic.why) for topic in topics))


def read_page(page: Page, entry: Entry, source: Source | None, wanted: bool = False) -> ArticleRead:
    article, reading = page_job(page, entry, source, wanted)
    return ArticleRead(article=article, reading=reading)


def read_entry(entry: Entry, source: Source | None, why_partial: str, fetched_at: datetime,
               wanted: bool = False) -> ArticleRead:
    article, reading = entry_job(entry, source, why_partial, fetched_at, wanted)
    return ArticleRead(article=article, reading=reading)
