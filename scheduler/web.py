"""The health address: `/healthz` for whoever restarts or alarms, `/metrics` for Prometheus. Read only, no password.

It runs in threads of the supervisor, so that it answers while a mail is being sent, and says 503 where something hangs.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socket import AF_INET, AF_INET6

from config.logs import event
from records.errors import HomewardError
from scheduler.health import Reading
from scheduler.metrics import page

log = logging.getLogger("homeward.health")
TIMEOUT = 10.0  # seconds for a request to arrive whole
MOST = 16  # requests answered side by side; others wait


class Health:
    """The server, from `with` to the end of it."""

    def __init__(self, address: tuple[str, int], read: Callable[[], Reading]) -> None:
        """Listen. Raises HomewardError where the address can't be had."""
        handler = type("Handler", (_Handler,), {
            "read": staticmethod(read), "room": threading.Semaphore(MOST), "open": not _is_loopback(address[0])})
        server = type("Server", (ThreadingHTTPServer,), {
            "daemon_threads": True, "address_family": AF_INET6 if ":" in address[0] else AF_INET})
        try:
            self._server: ThreadingHTTPServer = server(address, handler)
        except OSError as error:
            raise HomewardError(f"the health address {address[0]}:{address[1]} can't be had ({error.strerror}); "
                                "another program may listen there: name another in [daemon] health") from error
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Health:
        self._thread.start()
        log.info("answering /healthz and /metrics on port %d", self.port,
                 extra=event("health.listening", port=self.port))
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    read: Callable[[], Reading]
    room: threading.Semaphore
    open: bool  # to other machines, which may know this one by any name
    timeout = TIMEOUT
    server_version = sys_version = "Homeward"

    def do_GET(self) -> None:
        if not self.open and not _is_direct(self.headers.get("Host", "")):
            self._answer(403, b"ask by address, not by name\n", "text/plain")
            return
        with self.room:
            if self.path == "/healthz":
                self._healthz()
            elif self.path == "/metrics":
                self._answer(200, *page(type(self).read(), self.headers.get("Accept", "")))
            else:
                self._answer(404, b"there are /healthz and /metrics\n", "text/plain")

    do_HEAD = do_GET  # noqa: N815

    def _healthz(self) -> None:
        reading = type(self).read()
        said = {"ok": not reading.troubles, "at": reading.at.isoformat(timespec="seconds"),
                "reasons": list(reading.troubles)}
        self._answer(503 if reading.troubles else 200, json.dumps(said, ensure_ascii=False).encode() + b"\n",
                     "application/json")

    def _answer(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        log.debug("asked: %s", format % args, extra=event("health.asked"))


def _is_loopback(host: str) -> bool:
    return ip_address(host).is_loopback


def _is_direct(host: str) -> bool:
    """Asked by address or as localhost: a web page whose name was made to point here can't read it (DNS rebinding)."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() and not host.endswith("]") else host
    if name in {"", "localhost"}:
        return True
    try:
        return bool(ip_address(name.strip("[]")))
    except ValueError:
        return False
