"""An endpoint with all that it leads to: sitemaps of an index, GDELT's files, the next pages of a listing or an API.

    body | read | its parts, each fetched and read | next pages while they hold something unknown | one reading

Bounded in number, time and size; a part that can't be had costs its own entries and is told, not those of the others.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.outcomes import Problem
from crawler.reading import FeedBody, FeedRead, Unread
from crawler.reply import Reply
from crawler.work import Work
from records.news import Endpoint, Entry, HowToRead, Part

MOST_PARTS = 24  # addresses beside the endpoint's own in one visit
LONGEST = timedelta(minutes=4)  # for all of them: well within the lease
DEEPEST = 2  # an index may lead to indexes once


async def read_whole(work: Work, endpoint: Endpoint, reply: Reply) -> FeedRead | Unread:
    """The reading of an answer and of what it leads to; Unread where the answer, or all its parts, gave nothing."""
    first = await _read(work, endpoint, reply.body, reply.url, reply.content_type)
    if isinstance(first, Unread) or not (first.feed.follow or (first.feed.next_page and endpoint.pages > 1)):
        return first
    return await _Following(work, endpoint, first).all()


async def _read(work: Work, endpoint: Endpoint, body: bytes, url: str, content_type: str | None) -> FeedRead | Unread:
    source = work.config.sources_by_id.get(endpoint.source_id)
    how = HowToRead(link_pattern=endpoint.link_pattern, select=endpoint.select, since=endpoint.last_success,
                  country=source.country if source else None)
    read = await work.readers.read(work.rooms.read_feed, FeedBody(
        body=body, url=url, content_type=content_type, kind=endpoint.kind, now=work.clock.now(), how=how), what=url)
    assert isinstance(read, FeedRead | Unread)
    return read


class _Following:
    """One visit's way through the parts of an endpoint."""

    def __init__(self, work: Work, endpoint: Endpoint, first: FeedRead) -> None:
        self._work, self._endpoint, self._first = work, endpoint, first
        self._until: datetime = work.clock.now() + LONGEST
        self._entries: dict[str, tuple[Entry, tuple[bool, str]]] = {}
        self._seen = {endpoint.url}
        self._failed: list[str] = []
        self._had = 0

    async def all(self) -> FeedRead | Unread:
        self._keep(self._first)
        await self._parts(self._first.feed.follow)
        await self._pages(self._first)
        if self._failed and not self._had and not self._entries:
            return Unread("parts", self._failed[0])
        kept = list(self._entries.values())
        feed = self._first.feed
        told = [feed.broken, self._told()]
        return FeedRead(feed=replace(
            feed, entries=tuple(entry for entry, _ in kept), broken="; ".join(filter(None, told)) or None,
            unsure=feed.unsure or bool(self._failed)), topics=tuple(topic for _, topic in kept))

    async def _parts(self, parts: tuple[Part, ...]) -> None:
        queue = deque((part, 1) for part in parts)
        while queue and self._may_go_on():
            part, depth = queue.popleft()
            if part.url in self._seen:
                continue
            read = await self._fetched(part)
            if read is not None:
                self._keep(read)
                if depth < DEEPEST:
                    queue.extend((inner, depth + 1) for inner in read.feed.follow)
        if queue:
            self._failed.append(f"{len(queue)} of the parts of {self._endpoint.url} were left for the next visit")

    async def _pages(self, page: FeedRead) -> None:
        """The next pages, as many as the endpoint may have, for as long as one holds something unknown."""
        for _ in range(self._endpoint.pages - 1):
            where = page.feed.next_page
            if where is None or where in self._seen or not self._holds_unknown(page) or not self._may_go_on():
                return
            read = await self._fetched(Part(url=where))
            if read is None:
                return
            self._keep(read)
            page = read

    def _holds_unknown(self, page: FeedRead) -> bool:
        keys = {entry.key for entry in page.feed.entries}
        return bool(keys - self._work.store.known_titles(self._endpoint.id, keys).keys())

    async def _fetched(self, part: Part) -> FeedRead | None:
        self._seen.add(part.url)
        came = await self._work.fetch(part.url, self._endpoint, part.most_bytes)
        if isinstance(came, Problem) or not came.is_success:
            why = came.why if isinstance(came, Problem) else came.outcome()[1]
            self._failed.append(why)
            return None
        if part.md5 and hashlib.md5(came.body, usedforsecurity=False).hexdigest() != part.md5:
            self._failed.append(f"{part.url} is not the file that its list promised: its MD5 sum differs")
            return None
        read = await _read(self._work, self._endpoint, came.body, came.url, came.content_type)
        if isinstance(read, Unread):
            self._failed.append(read.why)
            return None
        self._had += 1
        return read

    def _keep(self, read: FeedRead) -> None:
        for entry, topic in zip(read.feed.entries, read.topics, strict=True):
            self._entries.setdefault(entry.key, (entry, topic))

    def _may_go_on(self) -> bool:
        return len(self._seen) <= MOST_PARTS and self._work.clock.now() < self._until

    def _told(self) -> str | None:
        if not self._failed:
            return None
        return f"{len(self._failed)} of its parts could not be read: {self._failed[0]}"
