"""Sixteen hostile feeds, as they come over the wire. Each is what one real parser or client of the trade died of."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable, Iterator

GOOD = (
    "<item><title>A good entry</title><link>http://127.0.0.1/good/{0}</link>"
    "<guid>{0}</guid><description>Bread.</description></item>"
)
ENDLESS = 3_500 * 1024 * 1024  # bytes: nobody reads so far; the farm does not stay at it for ever either
BOMB = 1_500 * 1024 * 1024


def _rss(items: str, *, before: str = "", encoding: str = "utf-8") -> bytes:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>{before}<rss version="2.0"><channel><title>Hostile</title>'
        f"<link>http://127.0.0.1/</link>{items}</channel></rss>"
    ).encode()


async def _whole(body: bytes, *more: str) -> AsyncIterator[bytes]:
    heads = "".join(
        f"{line}\r\n" for line in ("Content-Type: application/rss+xml", f"Content-Length: {len(body)}", *more)
    )
    yield f"HTTP/1.1 200 OK\r\n{heads}\r\n".encode() + body


def _two(bad: str, *, before: str = "", encoding: str = "utf-8") -> Callable[[], AsyncIterator[bytes]]:
    """A good entry, the bad one, a good entry."""
    return lambda: _whole(_rss(GOOD.format(1) + bad + GOOD.format(2), before=before, encoding=encoding))


def _chain() -> AsyncIterator[bytes]:
    entities = "".join(f'<!ENTITY e{n} "&e{n - 1};">' for n in range(1, 25_000))
    return _whole(
        _rss(
            "<item><title>&e24999;</title></item>" + GOOD.format(1),
            before=f'<!DOCTYPE rss [<!ENTITY e0 "x">{entities}]>',
        )
    )


def _laughs() -> AsyncIterator[bytes]:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return _whole(
        _rss(
            "<item><title>&a9;</title></item>" + GOOD.format(1), before=f'<!DOCTYPE rss [<!ENTITY a0 "lol">{entities}]>'
        )
    )


def _gzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()


async def _bomb() -> AsyncIterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
    blank = b" " * (1024 * 1024)
    for packed in _gzipped(blank for _ in range(BOMB // len(blank))):
        yield packed


async def _drip() -> AsyncIterator[bytes]:
    body = _rss(GOOD.format(1) * 20)
    yield f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    for at in range(len(body)):
        yield body[at : at + 1]
        await asyncio.sleep(1)


async def _endless() -> AsyncIterator[bytes]:
    yield (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\r\n"
        + _rss("").split(b"</channel>")[0]
    )
    many = "".join(GOOD.format(n) for n in range(2000)).encode()
    for _ in range(ENDLESS // len(many)):
        yield many


async def _doubly() -> AsyncIterator[bytes]:
    body = gzip.compress(gzip.compress(b" " * (200 * 1024 * 1024)))
    async for chunk in _whole(body, "Content-Encoding: gzip, gzip"):
        yield chunk


HOSTILE: dict[str, Callable[[], AsyncIterator[bytes]]] = {
    "chain": _chain,
    "laughs": _laughs,
    "surrogate": _two("<item><title>&#xD800;</title><guid>s</guid></item>"),
    "beyond-unicode": _two("<item><title>&#x110000;</title><guid>b</guid></item>"),
    "nul": _two("<item><title>a\0b</title><guid>n</guid></item>"),
    "year-0": _two("<item><title>y</title><guid>y0</guid><pubDate>Mon, 01 Jan 0000 00:00:00 GMT</pubDate></item>"),
    "year-10000": _two("<item><title>y</title><guid>y1</guid><pubDate>10000-01-01T00:00:00Z</pubDate></item>"),
    "no-id": _two("<item><description>no title, link or id</description></item>"),
    "same-id": _two(GOOD.format(1)),
    "charset": _two("<item><title>c</title><guid>c</guid></item>", encoding="undefined"),
    "author": _two(f"<item><title>a</title><guid>a</guid><author>{'a.' * 15_000}</author></item>"),
    "style": _two(
        "<item><title>s</title><guid>st</guid><description>"
        f'&lt;p style="{"a:b " * 7_500}"&gt;x&lt;/p&gt;</description></item>'
    ),
    "bomb": _bomb,
    "double-gzip": _doubly,
    "drip": _drip,
    "endless": _endless,
}
