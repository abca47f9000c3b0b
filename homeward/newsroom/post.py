"""The other end: a mailbox that speaks SMTP and a Slack hook, on loopback. They take what is sent and keep it.

The mailbox speaks as much of RFC 5321 as a client needs that sends without TLS and without a login. The hook refuses,
with Slack's own words, what Slack would refuse: see `slack_rules`.
"""

from __future__ import annotations

import json
import socketserver
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any

from homeward.newsroom.slack_rules import refusal

HOOK_PATH = "/services/T0DEMO/B0DEMO/room"
LARGEST_MAIL = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message as it was received."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        found = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    def part(self, subtype: str) -> str | None:
        """The text of the first text/`subtype` part."""
        for part in self.message.walk():
            if part.get_content_type() == f"text/{subtype}":
                return str(part.get_content())
        return None


class Running:
    """A socket server in a thread of its own, from entering the context to leaving it."""

    def __init__(self, server: socketserver.TCPServer) -> None:
        self._server = server
        self._port = int(server.server_address[1])
        self._thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self) -> int:
        return self._port

    def start(self) -> None:
        self._thread.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Mailbox(Running):
    """An SMTP server on 127.0.0.1 that accepts every message and keeps it. `refuse` makes it answer 451 for a while."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._mails: list[Mail] = []
        self.refuse = False
        super().__init__(_SmtpServer(("127.0.0.1", 0), _smtp_handler(self)))

    def __enter__(self) -> Mailbox:
        self.start()
        return self

    @property
    def mails(self) -> tuple[Mail, ...]:
        with self._lock:
            return tuple(self._mails)

    def take(self, mail: Mail) -> None:
        with self._lock:
            self._mails.append(mail)


class _SmtpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def _smtp_handler(box: Mailbox) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        timeout = 30

        def handle(self) -> None:
            self.sender, self.recipients = "", list[str]()
            verbs: dict[str, Callable[[str], str]] = {
                "HELO": self.hello, "EHLO": self.hello, "NOOP": self.noop, "RSET": self.reset, "MAIL": self.mail,
                "RCPT": self.rcpt, "DATA": self.data}
            self.say("220 newsroom ESMTP")
            while line := self.rfile.readline(4096):
                verb, _, rest = line.decode("latin-1").strip().partition(" ")
                if verb.upper() == "QUIT":
                    self.say("221 bye")
                    return
                answer = verbs.get(verb.upper())
                self.say(answer(rest) if answer else "502 not known here")

        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def hello(self, _: str) -> str:
            return f"250-newsroom\r\n250-8BITMIME\r\n250 SIZE {LARGEST_MAIL}"

        def noop(self, _: str) -> str:
            return "250 OK"

        def reset(self, _: str) -> str:
            self.sender, self.recipients = "", []
            return "250 OK"

        def mail(self, rest: str) -> str:
            if box.refuse:
                return "451 the mailbox is closed for the moment"
            self.sender = _address(rest)
            return "250 OK"

        def rcpt(self, rest: str) -> str:
            self.recipients.append(_address(rest))
            return "250 OK"

        def data(self, _: str) -> str:
            if not self.recipients:
                return "503 for whom?"
            self.say("354 go ahead")
            lines, size = [], 0
            while (line := self.rfile.readline(LARGEST_MAIL)) not in (b".\r\n", b""):
                size += len(line)
                lines.append(line[1:] if line.startswith(b".") else line)  # RFC 5321, 4.5.2: dot-stuffing undone
            if size > LARGEST_MAIL:
                return "552 too large"
            box.take(Mail(sender=self.sender, recipients=tuple(self.recipients), raw=b"".join(lines)))
            return f"250 kept as number {len(box.mails)}"

    return Handler


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]


class SlackHook(Running):
    """An incoming webhook on 127.0.0.1 that keeps the payloads it accepts."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._payloads: list[Mapping[str, Any]] = []
        super().__init__(ThreadingHTTPServer(("127.0.0.1", 0), _hook_handler(self)))

    def __enter__(self) -> SlackHook:
        self.start()
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{HOOK_PATH}"

    @property
    def payloads(self) -> tuple[Mapping[str, Any], ...]:
        with self._lock:
            return tuple(self._payloads)

    def receive(self, path: str, body: bytes) -> tuple[int, str]:
        """Slack's status and word for this payload; keeps it when it is in order."""
        if path != HOOK_PATH:
            return 404, "no_service"
        try:
            payload = json.loads(body)
        except ValueError:
            return 400, "invalid_payload"
        if (fault := refusal(payload)) is not None:
            return 400, fault.word
        with self._lock:
            self._payloads.append(payload)
        return 200, "ok"


def _hook_handler(hook: SlackHook) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, word = hook.receive(self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(word)))
            self.end_headers()
            self.wfile.write(word.encode())

        def log_message(self, *args: object) -> None:
            """What was accepted is kept; there is no log."""

    return Handler
