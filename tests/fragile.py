"""A reader with a parser's bug in it. The real ones are mended against every body known to crash or to hold them."""

from __future__ import annotations

import ctypes

from crawler.reading import FeedBody, FeedRead, read_feed

CRASHES, HANGS = b"<!-- this crashes the parser -->", b"<!-- this never ends -->"


def fragile_feed(came: FeedBody) -> FeedRead:
    if CRASHES in came.body:
        ctypes.string_at(0)
    while HANGS in came.body:
        pass
    return read_feed(came)
