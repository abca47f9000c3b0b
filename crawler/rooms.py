"""The rooms that the crawl hands its finds to: extraction in the reading children, the desk in the worker."""

from __future__ import annotations

from crawler.reading import read_entry, read_feed, read_page
from crawler.work import Rooms
from desk import file
from extraction.addresses import canonical


def rooms() -> Rooms:
    return Rooms(read_feed=read_feed, read_page=read_page, read_entry=read_entry, file=file, canonical=canonical)
