"""A small HTTP server that answers as it is told and counts who asked for what."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. With `etag`, a matching If-None-Match gets a 304."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0  # before the first byte
    etag: str | None = None
    raw: bytes | None = None  # sent as it is, instead of everything above


MISSING = Answer(b"not here", 404)


@dataclass(frozen=True, slots=True)
class Asked:
    path: str
    headers: Mapping[str, str]
    at: float
    method: str = "GET"
    body: bytes = b""


@dataclass(slots=True)
class Server:
    """What each path answers, whatever is asked for after a `?`; one without an answer is a 404, /robots.txt too."""

    port: int = 0
    answers: dict[str, Answer | Callable[[Asked], Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    accepted: int = 0  # connections, in all
    open: int = 0  # connections, now
    changed: threading.Condition = field(default_factory=threading.Condition)  # told of every connection that ends

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def hits(self) -> Counter[str]:
        return Counter(asked.path for asked in self.asked)

    def forget(self) -> None:
        self.asked.clear()
        self.statuses.clear()

    def feed(self, path: str, links: Mapping[str, str], *, etag: str | None = None, date: str = "",
             **more: Any) -> None:
        """An RSS feed of link → title."""
        items = "".join(f"<item><title>{title}</title><link>{link if '//' in link else self.url + link}</link>"
                        f"<guid>{link}</guid>{date and f'<pubDate>{date}</pubDate>'}</item>"
                        for link, title in links.items())
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>A feed</title>{items}</channel></rss>'
        self.answers[path] = Answer(body.encode(), etag=etag, headers={"Content-Type": "application/rss+xml"}, **more)

    def page(self, path: str, title: str, text: str, **more: Any) -> None:
        paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n"))
        body = (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>'
                f"<article><h1>{title}</h1>{paragraphs}</article></body></html>")
        self.answers[path] = Answer(body.encode(), headers={"Content-Type": "text/html; charset=utf-8"}, **more)


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.path, dict(self.headers), time.monotonic(), self.command, body)
            server.asked.append(asked)
            answer = server.answers.get(self.path) or server.answers.get(self.path.partition("?")[0], MISSING)
            if callable(answer):
                answer = answer(asked)
            time.sleep(answer.delay)
            self.give(answer)

        do_POST = do_GET  # noqa: N815 - the name that http.server looks for

        def give(self, answer: Answer) -> None:
            try:
                if answer.raw is not None:
                    self.wfile.write(answer.raw)
                    self.close_connection = True
                    return
                same = answer.etag is not None and self.headers.get("If-None-Match") == answer.etag
                status, body = (304, b"") if same else (answer.status, answer.body)
                server.statuses[status] += 1
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **answer.headers,
                                    **({"ETag": answer.etag} if answer.etag else {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                if not same:
                    self.wfile.write(body)
            except OSError:  # the other side has gone; some tests want exactly that
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            del args

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def process_request_thread(self, request: Any, client_address: Any) -> None:
            with server.changed:
                server.accepted, server.open = server.accepted + 1, server.open + 1
            try:
                super().process_request_thread(request, client_address)
            finally:
                with server.changed:
                    server.open -= 1
                    server.changed.notify_all()

        def handle_error(self, request: Any, client_address: Any) -> None:
            del request, client_address  # a client that was killed

    with Quiet((host, 0), Handler) as http:
        server.port = http.server_address[1]
        thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
