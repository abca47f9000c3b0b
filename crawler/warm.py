"""Loaded once, by the process that reading children are forked from: parsers, lexicons, the language model.

A child that is forked shares 150 MB of these with the others and is there in milliseconds; one that loads them itself
takes 170 MB and two seconds. Nothing hostile is ever read in the process that forks: what is read here is our own.
Importing this module does the loading, for that is all that multiprocessing's fork server can be asked to do.
"""

from __future__ import annotations

import contextlib
import gc
import sys
from datetime import UTC, datetime

from crawler.reading import FeedBody, read_feed, read_page
from records.errors import UnreadableError
from records.news import EndpointKind, Entry, HowToRead, Page

TITLE = "Children flown home from a camp in north-east Syria"
SENTENCES = (
    "A plane with 33 children on board landed in the capital on Monday, the Foreign Ministry said in a statement.",
    "The children had lived in al-Hol camp in north-east Syria, where their parents are held by the authorities.",
    "A spokesman for the ministry said that doctors would look after them before they go to their relatives.",
    "It was the second flight of this year; the first one brought 27 women and children home in February.",
)
FEED = f"""<rss version="2.0"><channel><title>News</title>
<item><title>{TITLE}</title><link>http://a.example/1</link></item></channel></rss>"""
PAGE = f"""<!doctype html><html lang="en"><title>{TITLE}</title><body><article><h1>{TITLE}</h1>
{"".join(f"<p>{sentence}</p>" for sentence in SENTENCES)}</article></body></html>"""


def load() -> None:
    """Read a feed and a page, so that everything they need is in memory, and keep the collector's hands off it.

    Objects that the collector visits are written to, and what is written to is shared no longer.
    """
    at = datetime(2026, 1, 1, tzinfo=UTC)
    with contextlib.suppress(UnreadableError):
        read_feed(FeedBody(body=FEED.encode(), url="http://a.example/feed", content_type="application/rss+xml",
                           kind=EndpointKind.FEED, now=at, how=HowToRead()))
        url = "http://a.example/1"
        page = Page(url=url, requested_url=url, status=200, content_type="text/html; charset=utf-8",
                    body=PAGE.encode(), fetched_at=at)
        read_page(page, Entry(key="1", url=url, title=TITLE), None, True)
    gc.collect()
    gc.freeze()


try:
    load()
except Exception as error:  # noqa: BLE001 - a faulty installation is told where it is met: by the child that reads
    print(f"crawler: the readers could not be prepared ({type(error).__name__}: {error})", file=sys.stderr)
