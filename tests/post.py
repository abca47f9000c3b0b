"""Where messages arrive in tests: a real SMTP server, and a Slack that refuses what Slack refuses. Both on port 0."""

from __future__ import annotations

import json
import ssl
import threading
import time
from asyncio import Server
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as email_policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from homeward.newsroom.slack_rules import refusal

USER, PASSWORD = "analyst", "open-sesame-7f3"
HOOK, TOKEN = "/services/T0001/B0001/hook-secret-91c", "xoxb-token-secret-55e"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A fresh certificate for 127.0.0.1 and its key, as two PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "post")])
    now = datetime.now(UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256()))
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                          serialization.NoEncryption()))
    return public, private


@dataclass
class Mailbox:
    """What arrived, byte for byte, and what is to go wrong: the next answers to RCPT and DATA."""

    port: int = 0
    login: bool = False
    letters: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    rcpt: dict[str, str] = field(default_factory=dict)  # address → the server's refusal
    data: list[str] = field(default_factory=list)  # refusals of the next letters; "hang up" cuts the line
    encrypted: list[bool] = field(default_factory=list)

    def read(self) -> list[EmailMessage]:
        return [message_from_bytes(letter, policy=email_policy) for letter in self.letters]

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope,  # noqa: N802 - aiosmtpd's names
                          to: str, options: list[str]) -> str:
        if self.login and not session.authenticated:
            return "530 log in first"
        if to in self.rcpt:
            return self.rcpt[to]
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.data.pop(0) if self.data else "250 OK"
        if answer == "hang up":
            assert server.transport is not None
            server.transport.close()
            return "421 gone"
        if answer.startswith("250"):
            self.letters.append(cast(bytes, envelope.content))
            self.recipients.append(list(envelope.rcpt_tos))
            assert server.transport is not None
            self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        return answer


class Office(Controller):
    """The controller with a port of the system's choice: its own start knocks at the port it was given."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd's own


@contextmanager
def smtp_server(*, tls: str = "none", auth: bool = False, folder: Path | None = None,
                port: int = 0) -> Iterator[Mailbox]:
    """A mailbox behind a real SMTP server on loopback; `tls` is none, starttls or tls (with its files in `folder`)."""
    mailbox, context = Mailbox(login=auth), None
    if folder is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate(folder))

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = LoginPassword(login=USER.encode(), password=PASSWORD.encode())
        return AuthResult(success=data == right, handled=False)

    controller = Office(
        mailbox, hostname="127.0.0.1", port=port, ready_timeout=10, decode_data=False,
        tls_context=context if tls == "starttls" else None, require_starttls=tls == "starttls",
        ssl_context=context if tls == "tls" else None, auth_require_tls=tls == "starttls",
        authenticator=check if auth else None)
    controller.start()
    try:
        mailbox.port = controller.port
        yield mailbox
    finally:
        controller.stop()


@dataclass
class Slack:
    """What was posted and accepted, and the next answers that are not "ok": (status, error, Retry-After).

    Slack takes one message a second and bears short bursts: `burst` messages at once, then one for each second that
    `clock` shows to have passed.
    """

    url: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[int, str, str | None]] = field(default_factory=list)
    requests: int = 0
    refused: list[str] = field(default_factory=list)
    burst: float = 20
    clock: Callable[[], float] = time.monotonic
    rate: float = 1.0  # messages a second
    _tokens: float = 0
    _at: float | None = None

    def too_many(self) -> bool:
        """Takes one message's worth of patience where there is some."""
        now = self.clock()
        self._tokens = self.burst if self._at is None else min(self.burst, self._tokens + (now - self._at) * self.rate)
        self._at = now
        if self._tokens < 1:
            return True
        self._tokens -= 1
        return False


class SlackHandler(BaseHTTPRequestHandler):
    slack: Slack

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.slack.requests += 1
        bot = self.path.endswith("/chat.postMessage")
        if self.slack.answers:
            status, error, wait = self.slack.answers.pop(0)
            return self._answer(status, bot, error, wait)
        if self.slack.too_many():
            return self._answer(429, bot, "ratelimited" if bot else "rate_limited", "1")
        error = self._refusal(body, bot=bot)
        if error == "no_service":
            return self._answer(404, bot, error)
        return self._answer(400 if error and not bot else 200, bot, error)

    def _refusal(self, body: bytes, *, bot: bool) -> str:
        """Slack's word against the request; "" for one that it takes and keeps."""
        if not bot and self.path != HOOK:
            return "no_service"
        if bot and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return "invalid_auth"
        try:
            post = json.loads(body)
        except ValueError:
            return "invalid_json" if bot else "invalid_payload"
        wrong = refusal(post, bot=bot)
        if wrong:
            self.slack.refused.append(str(wrong))
            return wrong.word
        self.slack.posts.append(post)
        return ""

    def _answer(self, status: int, bot: bool, error: str, wait: str | None = None) -> None:
        told = {"ok": not error, **({"error": error} if error else {"ts": f"15632.{len(self.slack.posts):06}"})}
        body = (json.dumps(told) if bot else error or "ok").encode()
        self.send_response(status)
        if wait is not None:
            self.send_header("Retry-After", wait)
        self.send_header("Content-Type", "application/json" if bot else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Nothing on stderr."""


@contextmanager
def slack_server() -> Iterator[Slack]:
    slack = Slack()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (SlackHandler,), {"slack": slack}))
    slack.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield slack
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

