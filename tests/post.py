"""Where messages arrive in tests: a real SMTP server, and a Slack that refuses what Slack refuses. Both on port 0."""

from __future__ import annotations

import json
import ssl
import threading
from asyncio import Server
from collections.abc import Iterator, Mapping
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
    """What was posted and accepted, and the next answers that are not "ok": (status, error, Retry-After)."""

    url: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[int, str, str | None]] = field(default_factory=list)
    requests: int = 0
    refused: list[str] = field(default_factory=list)


class SlackHandler(BaseHTTPRequestHandler):
    slack: Slack

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.slack.requests += 1
        bot = self.path.endswith("/chat.postMessage")
        if self.slack.answers:
            status, error, wait = self.slack.answers.pop(0)
            return self._answer(status, bot, error, wait)
        if not bot and self.path != HOOK:
            return self._answer(404, bot, "no_service")
        if bot and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._answer(200, bot, "invalid_auth")
        post = json.loads(body)
        wrong = problem(post)
        if wrong:
            self.slack.refused.append(wrong)
            return self._answer(200 if bot else 400, bot, "invalid_blocks")
        self.slack.posts.append(post)
        return self._answer(200, bot, "")

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


def problem(post: Mapping[str, Any]) -> str | None:
    """Why Slack would refuse this post, by its reference for blocks and text objects; None where it would not."""
    blocks = post.get("blocks", [])
    if not post.get("text"):
        return "no_text"
    if len(blocks) > 50:
        return f"{len(blocks)} blocks"
    if len(json.dumps(blocks, ensure_ascii=False)) > 13_200:
        return "msg_blocks_too_long"
    return next((wrong for block in blocks if (wrong := _block_problem(block))), None)


def _block_problem(block: Mapping[str, Any]) -> str | None:
    kind = block.get("type")
    fields = {"header": {"type", "text"}, "section": {"type", "text"}, "context": {"type", "elements"},
              "divider": {"type"}}
    if kind not in fields or set(block) != fields[kind]:
        return f"a block of type {kind} with {sorted(block)}"
    if kind == "header":
        return _text_problem(block["text"], {"plain_text"}, 150)
    if kind == "section":
        return _text_problem(block["text"], {"mrkdwn", "plain_text"}, 3_000)
    if kind == "context":
        if not 1 <= len(block["elements"]) <= 10:
            return f"{len(block['elements'])} elements in a context"
        return next((wrong for one in block["elements"]
                     if (wrong := _text_problem(one, {"mrkdwn", "plain_text"}, 3_000))), None)
    return None


def _text_problem(text: Mapping[str, Any], kinds: set[str], most: int) -> str | None:
    allowed = {"type", "text", "verbatim"} if text.get("type") == "mrkdwn" else {"type", "text", "emoji"}
    if text.get("type") not in kinds or not set(text) <= allowed:
        return f"a text object {text}"
    if not 1 <= len(text["text"]) <= most:
        return f"a text of {len(text['text'])} characters where {most} are allowed"
    return None
