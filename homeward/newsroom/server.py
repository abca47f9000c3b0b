"""One HTTP server for one address of an outlet: conditional GET as real servers do it, and a count of every answer."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread

HOLD_SECONDS = 60.0  # a held answer goes out after this all the same, so that no test waits for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the outlet has at a path."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    modified: datetime | None = None

    @property
    def etag(self) -> str:
        return '"' + hashlib.sha256(self.body).hexdigest()[:20] + '"'


class Server:
    """Serves `answer(path)` on 127.0.0.1 from its own thread until closed; counts answers by path and status."""

    def __init__(self, answer: Callable[[str], Answer]) -> None:
        self._answer = answer
        self._lock = Lock()
        self._hits: Counter[tuple[str, int]] = Counter()
        self._held: dict[str, tuple[Event, Event]] = {}  # path: somebody asked, let it go
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def base(self) -> str:
        return f"http://{self.host}"

    def close(self) -> None:
        for _, release in list(self._held.values()):
            release.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def hits(self) -> Counter[tuple[str, int]]:
        """How often each path was answered with each status, so far."""
        with self._lock:
            return Counter(self._hits)

    def forget_hits(self) -> None:
        with self._lock:
            self._hits.clear()

    @contextmanager
    def hold(self, path: str) -> Iterator[Event]:
        """While this lasts, answers for `path` wait; the event yielded is set as soon as somebody asks for it."""
        asked, release = Event(), Event()
        self._held[path] = (asked, release)
        try:
            yield asked
        finally:
            del self._held[path]
            release.set()

    def respond(self, path: str, if_none_match: str | None, if_modified_since: str | None) -> Answer:
        """The answer to one GET, counted: a 304 where the client has these very bytes already."""
        if (held := self._held.get(path)) is not None:
            held[0].set()
            held[1].wait(HOLD_SECONDS)
        answer = self._answer(path)
        if answer.status == 200 and _is_known(answer, if_none_match, if_modified_since):
            answer = Answer(status=304, body=answer.body, content_type=answer.content_type, modified=answer.modified)
        with self._lock:
            self._hits[path, answer.status] += 1
        return answer


def _is_known(answer: Answer, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """RFC 9110: an If-None-Match decides alone; only without one does If-Modified-Since count."""
    if if_none_match is not None:
        given = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        return answer.etag in given or "*" in given
    if if_modified_since is None or answer.modified is None:
        return False
    try:
        return answer.modified.replace(microsecond=0) <= parsedate_to_datetime(if_modified_since)
    except (ValueError, TypeError):
        return False


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "Newsroom"
        sys_version = ""
        timeout = 10

        def do_GET(self) -> None:
            asked = self.headers
            answer = server.respond(self.path, asked.get("If-None-Match"), asked.get("If-Modified-Since"))
            body = b"" if answer.status == 304 else answer.body
            try:
                self._send(answer, body)
            except ConnectionError:  # a client that was killed while it waited
                self.close_connection = True

        do_HEAD = do_GET  # noqa: N815 - the standard library's name

        def _send(self, answer: Answer, body: bytes) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            if answer.status in (200, 304):
                self.send_header("ETag", answer.etag)
                if answer.modified is not None:
                    self.send_header("Last-Modified", format_datetime(answer.modified.astimezone(UTC), usegmt=True))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """The hit counts say it all."""

    return Handler
