"""One address, fetched for a person (`extract URL`, `sources add`, `check --live`): same guard, robots.txt, caps."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from config.model import CrawlSettings
from config.networks import check_url
from crawler.outcomes import explain
from crawler.reply import Reply
from crawler.settings import with_config

logging.getLogger("scrapy").setLevel(logging.ERROR)


class One(Spider):
    """A single request; its answer as the object that is printed."""

    name = "one"

    def __init__(self, url: str, *, allow_private: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url
        self.allow_private = allow_private
        self.answer: dict[str, object] = {"requested_url": url, "outcome": "unreachable", "error": f"{url}: no answer"}

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.url, callback=self.came, errback=self.failed, dont_filter=True,
                      meta={"allow_private": self.allow_private})

    def came(self, response: Response) -> None:
        reply = Reply.of(response)
        outcome, why = ("ok", None) if reply.is_success else reply.outcome()
        self.answer = {"requested_url": self.url, "url": reply.url, "status": reply.status, "outcome": outcome,
                       "error": why, "content_type": reply.content_type, "headers": dict(reply.headers),
                       "body": base64.b64encode(reply.body).decode("ascii")}

    def failed(self, failure: Failure) -> None:
        problem = explain(failure.value or OSError("no reason given"), self.url)
        self.answer = {"requested_url": self.url, "outcome": problem.outcome, "error": problem.why}


def fetch_one(url: str, crawl: CrawlSettings) -> int:
    """Print the answer as one JSON object. Exit code 0 for a page (2xx), 1 for anything else; `error` says what."""
    objection = check_url(url)
    answer: dict[str, object] = {"requested_url": url, "outcome": "refused",
                                 "error": f"{url} was not fetched: {objection}"}
    if objection is None:
        process = AsyncCrawlerProcess(with_config(crawl))
        crawler = process.create_crawler(One)
        process.crawl(crawler, url=url, allow_private=bool(crawl.allow_networks))
        process.start()
        spider = crawler.spider
        assert isinstance(spider, One)
        answer = spider.answer
    print(json.dumps(answer), flush=True)
    return 0 if answer["outcome"] == "ok" else 1
