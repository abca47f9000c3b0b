"""Scrapy's HTTP/1.1 handler, with idle connections closed soon and response headers bounded."""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from twisted.web._newclient import HEADER, STATUS

# Twisted keeps them 240 s: 2,000 hosts polled once held 2,013 file descriptors; with 5 s 400 hosts fell back to 13.
# Three outlast the pause between two requests to one host.
IDLE_SECONDS = 3
# No limit of Scrapy's counts headers: an endless run of header lines took 959 MB in 20 s.
MOST_HEADER_BYTES = 256 * 1024


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Gives up a connection whose response headers don't end."""

    _header_bytes = 0

    def request(self, request: Any) -> Any:
        self._header_bytes = 0
        return super().request(request)

    def dataReceived(self, bytes: bytes) -> None:  # noqa: A002, N802 - Twisted's names
        parser: Any = self._parser
        if parser is not None and parser.state in (STATUS, HEADER):
            self._header_bytes += len(bytes)
            if self._header_bytes > MOST_HEADER_BYTES:
                transport: Any = self.transport
                transport.abortConnection()
                return
        super().dataReceived(bytes)  # type: ignore[no-untyped-call]  # Twisted's


class BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> BoundedProtocol:  # noqa: N802 - Twisted's name
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted's


class ShortPool(HTTP11DownloadHandler):
    """The handler that settings.DOWNLOAD_HANDLERS names. Its `_pool` is private to Scrapy; a test guards it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.cachedConnectionTimeout = IDLE_SECONDS
        self._pool._factory = BoundedFactory
