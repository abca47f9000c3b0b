"""The rooms that the crawl hands its finds to: extraction in the reading children, the desk in the worker."""

from __future__ import annotations

from typing import Any

from crawler.reading import read_entry, read_feed, read_page
from crawler.work import Rooms
from extraction.addresses import canonical


def rooms() -> Rooms:
    return Rooms(read_feed=read_feed, read_page=read_page, read_entry=read_entry, file=file, canonical=canonical)


def file(*args: Any, **kwargs: Any) -> Any:
    """What desk.file does. It is imported with the first article: a sweep of feeds needs none of it, nor numpy."""
    from desk import file as file_  # noqa: PLC0415

    return file_(*args, **kwargs)
