"""The jobs of a reading child: picklable both ways, light to import, limited."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing import get_context

import pytest
from pebble import ProcessPool

from extraction.job import entry_job, feed_job, limits, page_job
from records.errors import UnreadableError
from records.news import EndpointKind, Entry, Page, Source

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
RSS = (b"<rss version='2.0'><channel><title>x</title><item><title>Iraq repatriates 12 children of ISIS members"
       b" to Russia</title><link>https://a.example/1</link></item>"
       b"<item><title>Bakery wins prize for its bread</title></item></channel></rss>")
PAGE = (b"<html lang=en><body><h1>Iraq hands 12 children over to Russia</h1><p>Iraq handed 12 children of ISIS members"
        b" over to Russia on Tuesday, the foreign ministry in Baghdad said, and they flew to Moscow.</p></body></html>")
ENDPOINT = ("https://a.example/rss", None, EndpointKind.FEED, NOW, None)
SOURCE = Source(id="a", name="A")


@pytest.fixture(scope="module")
def child() -> Iterator[ProcessPool]:
    with ProcessPool(max_workers=1, initializer=limits, initargs=(1 << 30, 60), context=get_context("spawn")) as pool:
        yield pool


def test_a_feed_comes_back_with_a_look_at_each_entry(child: ProcessPool) -> None:
    feed, topics = child.schedule(feed_job, args=(RSS, *ENDPOINT)).result()
    assert [entry.url for entry in feed.entries] == ["https://a.example/1", None]
    assert [topic.relevant for topic in topics] == [True, False]


def test_a_page_and_an_entry_come_back_with_their_reading(child: ProcessPool) -> None:
    page = Page(url="https://a.example/1", requested_url="https://a.example/1", status=200, content_type="text/html",
                body=PAGE, fetched_at=NOW)
    title = "Iraq hands 12 children over to Russia"
    entry = Entry(key="k", url="https://a.example/1", title=title, summary="They flew.")
    article, reading = child.schedule(page_job, args=(page, entry, SOURCE)).result()
    assert (article.source_id, article.lang) == ("a", "en")
    assert reading.text == f"{article.title}\n\n{article.text}"
    article, reading = child.schedule(entry_job, args=(entry, SOURCE, "403", NOW)).result()
    assert (article.why_partial, reading.text) == ("403", f"{entry.title}\n\nThey flew.")


def test_what_can_not_be_read_comes_back_as_a_sentence(child: ProcessPool) -> None:
    with pytest.raises(UnreadableError, match=r"a\.example/rss is a web page") as told:
        child.schedule(feed_job, args=(PAGE, *ENDPOINT)).result()
    assert told.value.rule == "not-a-feed"


def test_a_child_dies_rather_than_take_more_memory_than_it_may(child: ProcessPool) -> None:
    with pytest.raises(MemoryError):
        child.schedule(bytearray, args=(1 << 31,)).result()


def test_the_jobs_are_light_to_import() -> None:
    heavy = "scrapy, twisted, pydantic, trafilatura, feedparser, lxml, numpy, selectolax"
    code = f"import sys, extraction.job; print([name for name in {heavy.split(', ')!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
