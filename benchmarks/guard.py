"""Every way to a private address that we know of, tried on the crawl's own engine, and how often one led inside.

    python -m benchmarks.guard

Two servers on loopback: 127.0.0.1 stands for what must never be reached, 127.0.5.5 for the public web (the one network
that this crawl may fetch from). Addresses in every spelling, names that lead inside, names that change their mind, and
redirects, robots.txt's own included. A row each: the way, the address, what was said. Exit code 1 where one got
through, or where the public stand-in could not be reached (then nothing was tested).
"""

from __future__ import annotations

import logging
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from twisted.python.failure import Failure
from zope.interface import implementer

from config.model import CrawlSettings
from config.networks import check_url
from crawler.guard import GuardedResolver
from crawler.outcomes import explain, request_of
from crawler.settings import with_config

INSIDE, OUTSIDE = "127.0.0.1", "127.0.5.5"
LITERALS = (
    "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "017700000001", "0x7f000001",  # noqa: S104
    "0x7f.1", "0177.0.0.1", "0x7f.0x0.0x0.0x1", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fc00::1]",
    "127。0。0。1", "①②⑦.⓪.⓪.①", "localhost", "LOCALHOST")
ELSEWHERE = ("169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "198.18.0.1", "224.0.0.1",
             "255.255.255.255", "0xa9fea9fe", "2852039166", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]")
NAMES = {"loop.test": [INSIDE], "private.test": ["10.0.0.1"], "six.test": ["::1"], "mapped.test": ["::ffff:127.0.0.1"],
         "nat.test": ["64:ff9b::7f00:1"], "metadata.test": ["169.254.169.254"], "all.test": [INSIDE, "::1", "10.0.0.1"]}
REBINDING = "rebinding.test"  # the public stand-in when asked first, then inside, in turns
LETTERS = ("file:///etc/passwd", "ftp://{inside}/", "gopher://{inside}/", "data:text/plain,x", "javascript:alert(1)",
           "//{inside}/", "http:\\\\{inside}\\", "http://public.test@{inside}/", "http://{inside}#@public.test/",
           "http://{inside} /", "http://{inside}/\r\nHost: x", "http://public.test:22/", "http://public.test:6379/")
REDIRECTS = {"/r/loopback": "http://{inside}/", "/r/decimal": "http://2130706433:{port}/", "/r/localhost":
             "http://localhost:{port}/", "/r/metadata": "http://169.254.169.254/latest/meta-data/",
             "/r/name": "http://loop.test:{port}/", "/r/file": "file:///etc/passwd", "/r/schemeless": "//{inside}/",
             "/r/twice": "/r/loopback", "/r/six": "http://[::1]:{port}/", "/r/mapped": "http://[::ffff:7f00:1]:{port}/"}


@dataclass(frozen=True, slots=True)
class Way:
    """One way that was tried."""

    kind: str
    url: str
    said: str = ""


@dataclass(slots=True)
class Servers:
    """The port that both share, and who was hit: (address of the server, path)."""

    port: int = 0
    hits: list[tuple[str, str]] = field(default_factory=list)

    def fill(self, text: str) -> str:
        return text.replace("{inside}", f"{INSIDE}:{self.port}").replace("{port}", str(self.port))


SERVERS = Servers()


class Handler(BaseHTTPRequestHandler):
    """Both servers; the outer one redirects inside."""

    def do_GET(self) -> None:
        SERVERS.hits.append((self.connection.getsockname()[0], self.path))
        host = (self.headers.get("Host") or "").partition(":")[0]
        to = SERVERS.fill(REDIRECTS.get(self.path, ""))
        if host == "robots.test" and self.path == "/robots.txt":
            to = f"http://{INSIDE}:{SERVERS.port}/robots.txt"
        body = b"" if to else b'<meta http-equiv="refresh" content="0;url=http://127.0.0.1/">a public page'
        self.send_response(302 if to else 200 if self.path != "/robots.txt" else 404)
        if to:
            self.send_header("Location", to)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        del args


@implementer(IHostnameResolver)
class Names:
    """Names of ours; literals and localhost as the system reads them. Nothing is asked of the network."""

    def __init__(self) -> None:
        self.asked = 0

    def resolveHostName(self, receiver: Any, host: str, port: int = 0, *_: Any) -> object:  # noqa: N802 - Twisted's
        receiver.resolutionBegan(None)
        for address in self.answer(host):
            kind: Callable[..., Any] = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()
        return None

    def answer(self, host: str) -> list[str]:
        if host == REBINDING:
            self.asked += 1
            return [OUTSIDE if self.asked % 2 else INSIDE]
        if host.endswith(".test"):
            return NAMES.get(host, [OUTSIDE])
        if host.lower() == "localhost":
            return [INSIDE, "::1"]
        try:
            return [str(ip_address(host.strip("[]")))]
        except ValueError:
            try:
                return [socket.inet_ntoa(socket.inet_aton(host))]
            except OSError:
                return []


class Guard(GuardedResolver):
    """The crawl's guard over names of ours, which forgets what it knew: each look-up is a new chance to lie."""

    def __init__(self, reactor: Any, networks: Any) -> None:
        super().__init__(reactor, networks)
        self._inner = Names()

    def resolveHostName(self, resolutionReceiver: Any, hostName: str, *rest: Any, **more: Any) -> Any:  # noqa: N802, N803
        if hostName == REBINDING:
            self._known.pop(REBINDING, None)
        return super().resolveHostName(resolutionReceiver, hostName, *rest, **more)


class Tries(Spider):
    """Each way once (rebinding six times), and what came of it."""

    name = "tries"

    def __init__(self, ways: list[Way], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.ways, self.done = ways, list[Way]()

    async def start(self) -> AsyncIterator[Request]:
        for way in self.ways:
            objection = check_url(way.url)
            if objection:
                self.done.append(Way(way.kind, way.url, f"not asked for: {objection}"))
                continue
            # allow_private: an endpoint of the operator's own network, which must still reach nothing else
            yield Request(way.url, dont_filter=True, callback=self.came, errback=self.failed, cb_kwargs={"way": way},
                          meta={"allow_private": True, "download_timeout": 5})

    def came(self, response: Response, way: Way) -> None:
        self.done.append(Way(way.kind, way.url, f"{response.status} from {response.ip_address}"))

    def failed(self, failure: Failure) -> None:
        request = request_of(failure)
        way = request.cb_kwargs["way"]
        self.done.append(Way(way.kind, way.url, explain(failure.value or OSError("?"), request.url).why))


def ways() -> list[Way]:
    """All of them, for the port that the servers have."""
    port = SERVERS.port
    return [
        *(Way("spelling", f"http://{literal}:{port}/") for literal in LITERALS),
        *(Way("elsewhere", f"http://{literal}/") for literal in ELSEWHERE),
        *(Way("name", f"http://{name}:{port}/") for name in NAMES),
        *(Way("letters", SERVERS.fill(text)) for text in LETTERS),
        *(Way("redirect", f"http://{OUTSIDE}:{port}{path}") for path in REDIRECTS),
        Way("robots.txt", f"http://robots.test:{port}/"),
        *(Way("rebinding", f"http://{REBINDING}:{port}/{n}") for n in range(6)),
        Way("control", f"http://public.test:{port}/")]


def run() -> list[Way]:
    """Try all ways; SERVERS.hits says who was reached."""
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    with ThreadingHTTPServer(("", 0), Handler) as http:
        SERVERS.port = http.server_address[1]
        threading.Thread(target=http.serve_forever, daemon=True).start()
        crawl = CrawlSettings(delay=0, allow_networks=(f"{OUTSIDE}/32",))
        process = AsyncCrawlerProcess(with_config(crawl) | {"TWISTED_DNS_RESOLVER": "benchmarks.guard.Guard"})
        crawler = process.create_crawler(Tries)
        process.crawl(crawler, ways=ways())
        process.start()
        http.shutdown()
    spider = crawler.spider
    assert isinstance(spider, Tries)
    place = {way.url: number for number, way in enumerate(spider.ways)}
    return sorted(spider.done, key=lambda way: place[way.url])


def main() -> int:
    done = run()
    for way in done:
        print(f"{way.kind:<11} {way.url!r:<58.58} {way.said}")
    inside = [hit for hit in SERVERS.hits if hit[0] != OUTSIDE]
    reached = any(way.kind == "control" and way.said.startswith("200") for way in done)
    print(f"\n{len(done)} ways tried: {len(inside)} hits on the private server, {len(SERVERS.hits) - len(inside)} "
          f"on the public stand-in, which was {'' if reached else 'NOT '}reached")
    return 1 if inside or not reached else 0


if __name__ == "__main__":
    from benchmarks import guard  # the engine looks the resolver up by its module's name

    sys.exit(guard.main())
