"""The other floor: a plain Scrapy spider, sixteen at once, feedparser, SQLite. Run by Homeward's own Python.

python bare_scrapy.py URLS DATABASE
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import feedparser
import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

FIELDS = ("id", "link", "title", "summary")


class Bare(scrapy.Spider):
    name = "bare"

    def __init__(self, urls: list[str], db: sqlite3.Connection) -> None:
        super().__init__()
        self.urls, self.db = urls, db

    async def start(self) -> AsyncIterator[Any]:
        for url in self.urls:
            known = self.db.execute("select etag, modified from feeds where url = ?", (url,)).fetchone() or (None, None)
            names = ("If-None-Match", "If-Modified-Since")
            yield scrapy.Request(url, headers={name: value for name, value in zip(names, known, strict=True) if value})

    def parse(self, response: Response) -> Iterator[Any]:
        if response.status == 200:
            entries = feedparser.parse(response.body).entries
            with self.db:
                self.db.executemany(
                    "insert or ignore into entries values (?, ?, ?, ?, ?)",
                    [(response.url, *(entry.get(name) for name in FIELDS)) for entry in entries],
                )
                self.db.execute(
                    "insert or replace into feeds values (?, ?, ?)",
                    (response.url, response.headers.get("ETag"), response.headers.get("Last-Modified")),
                )
        yield from ()


def main() -> None:
    db = sqlite3.connect(sys.argv[2])
    db.execute("create table if not exists feeds (url primary key, etag, modified)")
    db.execute("create table if not exists entries (url, id, link, title, summary, primary key (url, id))")
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": 16,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
            "LOG_LEVEL": "ERROR",
            "DOWNLOAD_DELAY": 0,
            "TELNETCONSOLE_ENABLED": False,
            "HTTPERROR_ALLOW_ALL": True,
            "ROBOTSTXT_OBEY": False,
        }
    )
    process.crawl(Bare, urls=Path(sys.argv[1]).read_text("utf-8").split(), db=db)
    process.start()


if __name__ == "__main__":
    main()
