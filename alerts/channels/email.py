"""A message as mail: text and HTML in one, threaded by its events, sent over SMTP with STARTTLS, TLS or neither.

Settings: host, port, tls ("starttls", "tls", "none"), user, from, ca_file, timeout. The secret is the password.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from alerts.channels.common import reason, secret, setting, timeout, trouble
from alerts.safe import header_text
from records.errors import DeliveryError
from records.telling import Channel, Message, Thread

PORTS = {"starttls": 587, "tls": 465, "none": 25}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
NO_LABEL = re.compile(r"[^A-Za-z0-9-]+")
REFERENCES = 12  # of a thread's messages: the header stays one that every server takes


def send(channel: Channel, message: Message, thread: Thread, at: datetime) -> str:
    """Hand the mail to the SMTP server; the receipt is the Message-ID, and who was refused where others were not."""
    try:
        mail = compose(channel, message, thread, at)
        server = _connect(channel)
        try:
            refused = server.send_message(mail, from_addr=sender(channel).addr_spec,
                                          to_addrs=[address(channel, one).addr_spec for one in channel.to])
        finally:
            with suppress(smtplib.SMTPException, OSError):  # the mail is accepted: a bad good-bye takes nothing back
                server.quit()
    except smtplib.SMTPRecipientsRefused as error:
        again = any(code < 500 for code, _ in error.recipients.values())
        raise trouble(channel, f"has no recipient the server takes: {_refusals(error.recipients)}", again=again,
                      way_out="" if again else f"mend `to` in [[channel]] \"{channel.id}\"") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise _explained(channel, error) from None
    return str(mail["Message-ID"]) + (f" but not to {_refusals(refused)}" if refused else "")


def compose(channel: Channel, message: Message, thread: Thread, at: datetime) -> EmailMessage:
    """The mail itself. Every value that comes from outside passes `header_text` first."""
    mail, domain = EmailMessage(policy=SMTP), sender(channel).domain
    mail["Subject"] = header_text(message.subject) or "Homeward"
    mail["From"] = sender(channel)
    mail["To"] = [address(channel, one) for one in channel.to]
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(message.key, domain)
    earlier = [message_id(key, domain) for key in thread.keys[-REFERENCES:] if key != message.key]
    if earlier:
        mail["In-Reply-To"] = earlier[-1]
        mail["References"] = " ".join(earlier)
    mail["List-Id"] = f"<{NO_LABEL.sub('-', message.key.split('/')[0])[:60]}.homeward.{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.text, cte="quoted-printable")
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    return mail


def message_id(key: str, domain: str) -> str:
    """The same key gives the same Message-ID for ever: a mail sent again after a crash is seen to be the same."""
    return f"<{sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def sender(channel: Channel) -> Address:
    return address(channel, setting(channel, "from"))


def address(channel: Channel, text: str) -> Address:
    """A mail address with or without a name; a DeliveryError that names the channel where it is none."""
    name, spec = parseaddr(text)
    user, _, domain = spec.rpartition("@")
    try:
        if not user or not domain or not text.isprintable() or header_text(spec) != spec:
            raise ValueError(text)
        return Address(display_name=header_text(name), username=user, domain=domain.encode("idna").decode("ascii"))
    except (ValueError, IndexError):
        raise trouble(channel, f'has "{text}" where a mail address belongs', again=False,
                      way_out=f"mend `from` and `to` in [[channel]] \"{channel.id}\"") from None


def _connect(channel: Channel) -> smtplib.SMTP:
    """A connection that is encrypted and logged in as the settings say."""
    tls, host = setting(channel, "tls", "starttls"), setting(channel, "host", "localhost")
    port, user = int(channel.settings.get("port", PORTS.get(tls, 587))), setting(channel, "user")
    if user and tls == "none" and host not in LOOPBACK:
        raise trouble(channel, f"would send its password to {host} unencrypted", again=False,
                      way_out=f'set tls = "starttls" or "tls" in [[channel]] \"{channel.id}\"')
    context = ssl.create_default_context(cafile=setting(channel, "ca_file") or None)
    server: smtplib.SMTP = (
        smtplib.SMTP_SSL(host, port, timeout=timeout(channel), context=context) if tls == "tls"
        else smtplib.SMTP(host, port, timeout=timeout(channel)))
    try:
        if tls == "starttls":
            server.starttls(context=context)
        if user:
            server.login(user, secret(channel, "password"))
    except BaseException:
        server.close()
        raise
    return server


def _explained(channel: Channel, error: Exception) -> DeliveryError:
    """What the server or the network said, and whether waiting helps: 4xx and broken connections, not 5xx."""
    where = f"{setting(channel, 'host', 'localhost')}:{channel.settings.get('port', 'default port')}"
    table = f"[[channel]] \"{channel.id}\""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return trouble(channel, f"was refused by {where}: user or password is wrong ({_said(error)})",
                       again=400 <= error.smtp_code < 500, way_out=f"check user and secret of {table}")
    if isinstance(error, smtplib.SMTPResponseException):
        again = not 500 <= error.smtp_code < 600
        return trouble(channel, f"was refused by {where}: {_said(error)}", again=again,
                       way_out="" if again else f"check {table}",
                       mendable=not again and not isinstance(error, smtplib.SMTPDataError))  # it is this very letter
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return trouble(channel, f"asks {where} for what it does not offer ({error})", again=False,
                       way_out=f"check tls and user of {table}")
    if isinstance(error, ssl.SSLCertVerificationError):
        return trouble(channel, f"does not trust the certificate of {where} ({error.verify_message})", again=True,
                       way_out=f"check host and ca_file of {table}")
    if isinstance(error, ValueError):
        return trouble(channel, f"has a setting that can't be used ({error})", again=False, way_out=f"check {table}")
    return trouble(channel, f"can't reach {where} ({reason(error)})", again=True)


def _said(error: smtplib.SMTPResponseException) -> str:
    text = error.smtp_error
    return f"{error.smtp_code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"


def _refusals(recipients: dict[str, tuple[int, bytes]]) -> str:
    said: Iterable[str] = (f"{to} ({code} {text.decode('utf-8', 'replace')})"
                           for to, (code, text) in recipients.items())
    return ", ".join(said)
