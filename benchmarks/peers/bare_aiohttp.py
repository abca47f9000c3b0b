"""The floor: fetch with aiohttp, sixteen at once, read with feedparser, keep in SQLite. Run by the peers' own Python.

python bare_aiohttp.py URLS DATABASE
"""

import asyncio
import sqlite3
import sys
from pathlib import Path

import aiohttp
import feedparser


async def main(urls, db):
    turn = asyncio.Semaphore(16)

    async def visit(session, url):
        async with turn:
            known = db.execute("select etag, modified from feeds where url = ?", (url,)).fetchone() or (None, None)
            headers = {
                name: value for name, value in zip(("If-None-Match", "If-Modified-Since"), known, strict=True) if value
            }
            async with session.get(url, headers=headers) as answer:
                if answer.status != 200:
                    return
                body = await answer.read()
            with db:
                db.executemany(
                    "insert or ignore into entries values (?, ?, ?, ?, ?)",
                    [
                        (url, entry.get("id"), entry.get("link"), entry.get("title"), entry.get("summary"))
                        for entry in feedparser.parse(body).entries
                    ],
                )
                db.execute(
                    "insert or replace into feeds values (?, ?, ?)",
                    (url, answer.headers.get("ETag"), answer.headers.get("Last-Modified")),
                )

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=16)) as session:
        await asyncio.gather(*(visit(session, url) for url in urls))


if __name__ == "__main__":
    kept = sqlite3.connect(sys.argv[2])
    kept.execute("create table if not exists feeds (url primary key, etag, modified)")
    kept.execute("create table if not exists entries (url, id, link, title, summary, primary key (url, id))")
    asyncio.run(main(Path(sys.argv[1]).read_text("utf-8").split(), kept))
