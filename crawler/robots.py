"""robots.txt by RFC 9309, asked once a day and authority.

Scrapy's own middleware lets all but the first of several waiting requests through (since 2.14), reads the body of an
error as rules, and allows everything when nothing answers. Here: 2xx are rules, 4xx allows, anything else forbids until
it answers; while it doesn't, the last rules that could be had hold on for a month.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured, StopDownload

from crawler.clock import Clock
from crawler.outcomes import NotFetched, explain
from crawler.pace import CRAWL_DELAY
from crawler.settings import ROBOTS_NAME
from records.news import Outcome

FRESH = timedelta(hours=24)
AGAIN = timedelta(minutes=15)  # after one that could not be had
OLDEST = timedelta(days=30)
LARGEST = 500 * 1024  # RFC 9309 2.5: at least this much is read; what follows is not
MOST_BYTES = 5 * 1024 * 1024  # of one that is packed, or says its length
TIMEOUT = 15.0
LONGEST_DELAY = 60.0
KEEP = 4096  # authorities in memory
EXEMPT = "robots_exempt"


@dataclass(frozen=True, slots=True)
class Rules:
    """What one authority allows until `until`."""

    until: datetime
    parser: Any = None  # Protego; None: everything, or nothing when there is an error
    error: Exception | None = None  # why there are none: nothing there may be fetched

    def allow(self, url: str) -> bool:
        return self.parser is None or bool(self.parser.can_fetch(url, ROBOTS_NAME))

    @property
    def delay(self) -> float:
        return min(float(self.parser.crawl_delay(ROBOTS_NAME) or 0), LONGEST_DELAY) if self.parser else 0.0


class RobotsMiddleware:
    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("HOMEWARD_OBEY_ROBOTS", True):
            raise NotConfigured("robots.txt is not obeyed: crawl.obey_robots is false")
        self._crawler = crawler
        self._rules: dict[str, Rules] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._clock = Clock()
        crawler.signals.connect(self._cut, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise NotFetched unless the rules of its authority allow the request."""
        if request.meta.get(EXEMPT):
            return
        parts = urlsplit(request.url)
        authority = f"{parts.scheme}://{parts.netloc}"
        rules = await self._rules_of(authority, request)
        if isinstance(rules.error, NotFetched):
            raise rules.error
        if rules.error is not None:
            problem = explain(rules.error, request.url)
            raise NotFetched(problem.outcome, f"{problem.why} (asked for its robots.txt)", problem.retry_after)
        if not rules.allow(request.url):
            raise NotFetched(Outcome.ROBOTS, f"{authority}/robots.txt does not allow {request.url}")
        if rules.delay:
            request.meta[CRAWL_DELAY] = rules.delay

    async def _rules_of(self, authority: str, request: Request) -> Rules:
        lock = self._locks.setdefault(authority, asyncio.Lock())
        async with lock:  # one asks, the others wait for the same answer
            known = self._rules.pop(authority, None)
            if known is None or known.until <= self._now():
                known = self._stored(authority, FRESH) or await self._ask(authority, request)
            if len(self._rules) >= KEEP:
                self._rules.pop(next(iter(self._rules)))
            self._rules[authority] = known
            return known

    def _stored(self, authority: str, age: timedelta) -> Rules | None:
        store = self._store()
        found = store.robots(authority) if store else None
        if found is None or found[2] + age <= self._now():
            return None
        status, body, fetched_at = found
        return Rules(until=max(fetched_at + FRESH, self._now() + AGAIN),
                     parser=Protego.parse(body) if _is_success(status) else None)

    async def _ask(self, authority: str, request: Request) -> Rules:
        meta = {EXEMPT: True, "download_timeout": TIMEOUT, "download_maxsize": MOST_BYTES,
                "allow_private": request.meta.get("allow_private", False)}
        url = f"{authority}/robots.txt"
        try:
            response = await self._crawler.engine.download_async(Request(url, meta=meta, dont_filter=True))
        except Exception as error:  # noqa: BLE001 - whatever keeps it from us, its pages must wait
            failed = error
        else:
            if _is_success(response.status) or (400 <= response.status < 500 and response.status != 429):
                body = response.body[:LARGEST].decode("utf-8", "replace") if _is_success(response.status) else ""
                return self._keep(authority, response.status, body)
            failed = NotFetched(Outcome.ROBOTS, f"{url} answered {response.status}; until it can be read, no page may")
        return self._stored(authority, OLDEST) or Rules(until=self._now() + AGAIN, error=failed)

    def _keep(self, authority: str, status: int, body: str) -> Rules:
        store, now = self._store(), self._now()
        if store:
            store.keep_robots(authority, status, body.replace("\0", ""), now)
        return Rules(until=now + FRESH, parser=Protego.parse(body) if _is_success(status) else None)

    def _cut(self, data: bytes, request: Request) -> None:
        if request.meta.get(EXEMPT):
            request.meta["robots_bytes"] = request.meta.get("robots_bytes", 0) + len(data)
            if request.meta["robots_bytes"] > LARGEST:
                raise StopDownload(fail=False)

    def _store(self) -> Any:
        work = getattr(self._crawler.spider, "work", None)
        return work.store if work else None

    def _now(self) -> datetime:
        work = getattr(self._crawler.spider, "work", None)
        return work.clock.now() if work else self._clock.now()


def _is_success(status: int) -> bool:
    return 200 <= status < 300
