"""Addresses fetched for a person (`extract URL`, `sources add`, `check --live`): same guard, robots.txt, caps, pace."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from config.model import CrawlSettings
from config.networks import check_url
from crawler.outcomes import explain, request_of
from crawler.reply import Reply
from crawler.settings import with_config

logging.getLogger("scrapy").setLevel(logging.ERROR)
Said = dict[str, object]


class Few(Spider):
    """A request for each address; its answer printed as one JSON object as soon as it is there."""

    name = "few"

    def __init__(self, urls: Sequence[str], *, allow_private: bool, key: str | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls, self.allow_private = urls, allow_private
        self.headers = {"Authorization": f"Token {key}"} if key else {}  # dropped where a redirect leads away
        self.open = dict.fromkeys(urls)  # not answered yet
        self.all_well = True

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            objection = check_url(url)
            if objection:
                self.say({"requested_url": url, "outcome": "refused", "error": f"{url} was not fetched: {objection}"})
                continue
            yield Request(url, callback=self.came, errback=self.failed, dont_filter=True,
                          headers=self.headers, meta={"allow_private": self.allow_private}, cb_kwargs={"asked": url})

    def came(self, response: Response, asked: str) -> None:
        reply = Reply.of(response)
        outcome, why = ("ok", None) if reply.is_success else reply.outcome()
        self.say({"requested_url": asked, "url": reply.url, "status": reply.status, "outcome": outcome,
                  "error": why, "content_type": reply.content_type, "headers": dict(reply.headers),
                  "body": base64.b64encode(reply.body).decode("ascii")})

    def failed(self, failure: Failure) -> None:
        request = request_of(failure)
        asked = request.cb_kwargs["asked"]
        problem = explain(failure.value or OSError("no reason given"), asked)
        self.say({"requested_url": asked, "outcome": problem.outcome, "error": problem.why})

    def say(self, answer: Said) -> None:
        self.open.pop(str(answer["requested_url"]), None)
        self.all_well = self.all_well and answer["outcome"] == "ok"
        print(json.dumps(answer), flush=True)


def fetch_few(urls: Sequence[str], crawl: CrawlSettings, *, key: str | None = None) -> int:
    """Print each answer as one JSON object a line, in the order in which they come.

    Exit code 0 where all are pages (2xx), 1 where one is anything else; `error` says what.
    """
    process = AsyncCrawlerProcess(with_config(crawl) | {"CONCURRENT_REQUESTS": crawl.concurrency})
    crawler = process.create_crawler(Few)
    process.crawl(crawler, urls=list(dict.fromkeys(urls)), allow_private=bool(crawl.allow_networks),
                  key=key)
    process.start()
    spider = crawler.spider
    assert isinstance(spider, Few)
    for url in list(spider.open):
        spider.say({"requested_url": url, "outcome": "unreachable", "error": f"{url}: no answer"})
    return 0 if spider.all_well else 1
