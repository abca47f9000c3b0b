"""A thousand feeds on loopback, in a process of its own, so that serving them is nobody's CPU time.

    python -m benchmarks.peers.farm --port 8097 --feeds 1000

`/f/N` is feed N: 30 entries, about 37 kB, an ETag and a Last-Modified that are obeyed. `/hostile/KIND` is a
hostile one. `/_ctl/stats`, `/_ctl/reset` and `/_ctl/publish?n=20` (so many feeds get a new entry each) are for whoever
measures. It listens on fifty addresses 127.0.0.1 … 127.0.0.50, so that feeds have hosts to be polite to.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.utils import formatdate
from urllib.parse import parse_qs, urlsplit

from benchmarks.peers.hostile import HOSTILE

HOSTS = tuple(f"127.0.0.{n}" for n in range(1, 51))
ENTRIES = 30
WORDS = (
    "council",
    "market",
    "harbour",
    "budget",
    "school",
    "winter",
    "teachers",
    "railway",
    "bridge",
    "museum",
    "harvest",
    "festival",
    "minister",
    "library",
    "hospital",
    "engineers",
    "river",
    "tender",
    "forecast",
    "valley",
    "stadium",
    "opening",
    "repairs",
    "union",
    "wages",
    "orchard",
    "factory",
    "ferry",
    "concert",
    "exhibition",
    "district",
    "traffic",
    "season",
    "tournament",
    "quarter",
    "growth",
    "price",
    "bread",
    "flour",
    "water",
    "supply",
    "village",
    "mayor",
    "court",
    "ruling",
)


@dataclass
class Farm:
    feeds: int
    port: int
    versions: Counter[int] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    published: float = 0.0

    def body(self, n: int) -> bytes:
        """Feed `n`. The same for the same version: entries are made from their numbers."""
        extra = self.versions[n]
        host = HOSTS[n % len(HOSTS)]
        items = [self._entry(n, k, host) for k in range(ENTRIES + extra - 1, extra - 1, -1)]
        link = f"http://{host}:{self.port}/home/{n}"
        head = f"<title>Gazette {n}</title><link>{link}</link><description>News of {n}</description>"
        opening = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0">'
        return f"{opening}<channel>{head}{''.join(items)}</channel></rss>".encode()

    def country(self, n: int) -> str:
        """Whose children feed `n` tells of: another country for each of twenty feeds that publish at once."""
        return COUNTRIES[n * len(COUNTRIES) // self.feeds % len(COUNTRIES)]

    def _dice(self, n: int, k: int) -> random.Random:
        return random.Random(n * 10_007 + k)  # noqa: S311 - the same filler each time, no secret

    def _entry(self, n: int, k: int, host: str) -> str:
        words = self._dice(n, k)
        if k >= ENTRIES:
            children = 11 + (n * 7 + k) % 60
            title = f"{children} children brought home from al-Hol camp"
            country = self.country(n)
            text = f"{children} children were brought home from al-Hol camp in Syria to {country}, a ministry said."
        else:
            title = " ".join(words.choices(WORDS, k=8)).capitalize()
            text = ". ".join(" ".join(words.choices(WORDS, k=12)).capitalize() for _ in range(11))
        when = formatdate(time.time() - 3600 * (ENTRIES - k) if k < ENTRIES else self.published)
        return (
            f"<item><title>{title}</title><link>http://{host}:{self.port}/a/{n}/{k}</link>"
            f'<guid isPermaLink="false">{n}-{k}</guid>'
            f"<pubDate>{when}</pubDate><description>{text}.</description></item>"
        )

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        parts = path.strip("/").split("/")
        if parts[0] == "f" and parts[1].isdecimal():
            n = int(parts[1])
            etag = f'"{n}-{self.versions[n]}"'
            same = {"ETag": etag, "Last-Modified": formatdate(1_700_000_000 + self.versions[n], usegmt=True)}
            asked = "if-none-match" in headers or "if-modified-since" in headers
            self.statuses["conditional" if asked else "unconditional"] += 1
            if headers.get("if-none-match") == etag:
                return 304, same, b""
            return 200, same | {"Content-Type": "application/rss+xml; charset=utf-8"}, self.body(n)
        if parts[0] == "a":
            n, k = int(parts[1]), int(parts[2])
            words = self._dice(n, k)
            title = f"{11 + (n * 7 + k) % 60} children brought home from al-Hol camp"
            text = "".join(f"<p>{' '.join(words.choices(WORDS, k=60)).capitalize()}.</p>" for _ in range(4))
            lead = (
                f"<p>{title.replace('children', 'children were', 1)} in Syria to {self.country(n)} on "
                f"{time.strftime('%A')}, the Foreign Ministry said.</p>"
            )
            return (
                200,
                {"Content-Type": "text/html; charset=utf-8"},
                (
                    f"<html><head><title>{title}</title></head><body>"
                    f"<article><h1>{title}</h1>{lead}{text}</article></body></html>"
                ).encode(),
            )
        return 404, {}, b""

    def control(self, path: str) -> bytes:
        asked = urlsplit(path)
        if asked.path.endswith("reset"):
            self.statuses.clear()
        if asked.path.endswith("publish"):
            many = int(parse_qs(asked.query)["n"][0])
            self.published = time.time()
            for n in range(0, self.feeds, max(self.feeds // many, 1)):
                self.versions[n] += 1
        return json.dumps(self.statuses).encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := (await reader.readline()).decode("latin-1").split():
                headers = {}
                while line := (await reader.readline()).strip():
                    name, _, value = line.decode("latin-1").partition(":")
                    headers[name.strip().lower()] = value.strip()
                if request[1].startswith("/hostile/"):
                    self.statuses["hostile"] += 1
                    await _pour(writer, HOSTILE[request[1].removeprefix("/hostile/")]())
                    return
                control = request[1].startswith("/_ctl/")
                status, more, body = (
                    (200, {}, self.control(request[1])) if control else self.answer(request[1], headers)
                )
                if not control:
                    self.statuses[str(status)] += 1
                length = {} if status == 304 else {"Content-Length": str(len(body))}
                lines = "".join(f"{name}: {value}\r\n" for name, value in (more | length).items())
                writer.write(f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode() + body)
                await writer.drain()
                if headers.get("connection", "").lower() == "close" or request[2] == "HTTP/1.0":
                    return
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


COUNTRIES = (
    "Denmark",
    "Finland",
    "Belgium",
    "Norway",
    "Austria",
    "Sweden",
    "Canada",
    "Albania",
    "Kosovo",
    "Germany",
    "France",
    "Spain",
    "Italy",
    "Poland",
    "Ukraine",
    "Georgia",
    "Tajikistan",
    "Australia",
    "Ireland",
    "Uzbekistan",
)


async def _pour(writer: asyncio.StreamWriter, chunks: AsyncIterator[bytes]) -> None:
    async for chunk in chunks:
        writer.write(chunk)
        await writer.drain()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--feeds", type=int, default=1000)
    asked = parser.parse_args()
    farm = Farm(feeds=asked.feeds, port=asked.port)
    first = await asyncio.start_server(farm.serve, HOSTS[0], asked.port, backlog=1024)
    farm.port = int(first.sockets[0].getsockname()[1])
    for host in HOSTS[1:]:
        await asyncio.start_server(farm.serve, host, farm.port, backlog=256)
    print(farm.port, flush=True)
    await first.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
