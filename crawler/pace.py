"""The delay between two requests to one site: as configured, longer where it answers slowly or its robots.txt asks so.

Scrapy's AutoThrottle forgets what it learned when a site's slot is collected after a minute of rest, which lies between
any two polls, and wears down a Crawl-delay. This one remembers, and has that for its floor.
"""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

SLOWEST = 30.0  # seconds: a site that needs longer for an answer is left to its own timeouts
KEEP = 4096  # sites remembered
CRAWL_DELAY = "crawl_delay"  # of a request's meta: seconds that its robots.txt asks for between two requests
JITTER = 0.5  # of the delay, either way; a Crawl-delay is never shortened


class Pace:
    """Downloader middleware: adapts a site's delay to the time in which it answered."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._least = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._floors: dict[str, float] = {}  # site → Crawl-delay
        self._delays: dict[str, float] = {}  # site → learned

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pace:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Take a Crawl-delay to heart, which the robots middleware before this one has noted."""
        site, delay = request.meta.get("download_slot"), request.meta.get(CRAWL_DELAY, 0.0)
        if site and delay > self._floors.get(site, 0.0):
            _remember(self._floors, site, delay)
            self._set(site, max(self._delays.get(site, 0.0), self._floor(site)))

    async def process_response(self, request: Request, response: Response) -> Response:
        site, latency = request.meta.get("download_slot"), request.meta.get("download_latency")
        if site and latency is not None and self._least > 0:  # a delay of 0 is the operator's wish for none
            self._set(site, adapted(self._delays.get(site, self._least), latency, floor=self._floor(site),
                                    well=response.status < 400))
        return response

    def _floor(self, site: str) -> float:
        return max(self._least, self._floors.get(site, 0.0))

    def _set(self, site: str, delay: float) -> None:
        """For the slot of this site that there is, and for the next one made."""
        _remember(self._delays, site, delay)
        jitter = 0.0 if delay <= self._floors.get(site, 0.0) else JITTER
        engine: Any = self._crawler.engine
        engine.downloader.per_slot_settings[site] = {"delay": delay, "jitter": jitter}
        if site in engine.downloader.slots:
            slot = engine.downloader.slots[site]
            slot.delay, slot.jitter = delay, jitter


def adapted(delay: float, latency: float, *, floor: float, well: bool) -> float:
    """The next delay in seconds: towards the time that the last answer took, half of the way at a time.

    An error is quickly said and makes nothing faster. Never below `floor`, nor above half a minute.
    """
    wished = max(latency, (delay + latency) / 2)
    if not well:
        wished = max(wished, delay)
    return max(floor, min(wished, SLOWEST))


def _remember(kept: dict[str, float], site: str, value: float) -> None:
    kept.pop(site, None)
    if len(kept) >= KEEP:
        kept.pop(next(iter(kept)))
    kept[site] = value
