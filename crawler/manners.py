"""What every request must pass, its redirects included: the guard, and the rest a host has asked for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from config.networks import check_url, is_public
from crawler.guard import installed_guard
from crawler.outcomes import NotFetched
from crawler.sites import site_of
from records.news import Outcome


class Manners:
    """Downloader middleware, run for each request and again for each redirect."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Manners:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise NotFetched, or let the request pass, queued with others of its host."""
        objection = check_url(request.url) or await self._private(request)
        if objection:
            raise NotFetched(Outcome.REFUSED, f"{request.url} was not fetched: {objection}")
        host = site_of(request.url)
        self._let_rest(request, host)
        request.meta["download_slot"] = host

    async def _private(self, request: Request) -> str | None:
        """The resolver lets the operator's own networks through; only endpoints that lie in them may lead there."""
        guard = installed_guard()
        if not guard.networks or request.meta.get("allow_private"):
            return None
        for address in await guard.lookup(urlsplit(request.url).hostname or ""):
            if guard.is_listed(address) and not is_public(address):
                return f"{address} is not a public address, and its source is"
        return None

    def _let_rest(self, request: Request, host: str) -> None:
        work: Any = getattr(self._crawler.spider, "work", None)
        if work is None:
            return
        until = work.store.cooling(host, work.clock.now())
        if until is not None:
            seconds = (until - work.clock.now()).total_seconds()
            raise NotFetched(Outcome.THROTTLED, f"{host} asked to be left alone until {until:%Y-%m-%d %H:%M} UTC",
                             max(seconds, 1.0))


class Redirects(RedirectMiddleware):
    """Redirects without a Referer: nobody needs to know where we come from."""

    def handle_referer(self, request: Request, response: Response) -> None:
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Nothing to warn of: the missing Referer is meant."""
