"""A message as JSON to a program of the reader's own, signed so that it can trust it.

    Homeward-Id         the message's key: the same for every attempt, so that one that comes twice is known
    Homeward-Timestamp  when this attempt was made, in seconds since 1970: refuse what is older than a few minutes
    Homeward-Signature  "sha256=" and the HMAC-SHA256, in hex, of the timestamp, a full stop and the body

Settings: url, timeout. The secret is the signing key. Redirects are not followed; any 2xx answer is a yes.
"""

from __future__ import annotations

import hmac
import json
import ssl
from datetime import datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from alerts.channels.common import Moments, reason, seconds, secret, setting, timeout, trouble
from records.telling import Channel, Message, Thread

PASSING = {408, 425, 429}  # beside every 5xx
MENDABLE = {301, 302, 307, 308, 401, 403, 404, 405, 410}  # the address or the key is wrong, not the message
ANSWER_MOST = 2_000  # bytes of an answer that are read


def send(channel: Channel, message: Message, thread: Thread, moments: Moments) -> str:
    """Post it; the receipt is the status and the first bytes of the answer."""
    data = body(message, thread, moments.at)
    stamp = str(int(moments.now.timestamp()))
    headers = {"Content-Type": "application/json", "User-Agent": "Homeward", "Homeward-Id": message.key,
               "Homeward-Timestamp": stamp,
               "Homeward-Signature": signature(secret(channel, "signing key"), stamp, data)}
    url = urlsplit(setting(channel, "url"))
    try:
        connection = (HTTPSConnection(url.hostname or "", url.port, timeout=timeout(channel),
                                      context=ssl.create_default_context()) if url.scheme == "https"
                      else HTTPConnection(url.hostname or "", url.port, timeout=timeout(channel)))
        try:
            connection.request("POST", (url.path or "/") + (f"?{url.query}" if url.query else ""), data, headers)
            answer = connection.getresponse()
            said = answer.read(ANSWER_MOST).decode("utf-8", "replace")
        finally:
            connection.close()
    except (OSError, HTTPException, ValueError) as error:
        raise trouble(channel, f"can't reach {url.hostname} ({reason(error)})", again=True) from None
    if 200 <= answer.status < 300:
        return f"{answer.status} {said[:200]}".strip()
    again = answer.status in PASSING or answer.status >= 500
    raise trouble(channel, f"was refused by {url.hostname}: {answer.status} {said[:200]}",
                  again=again, mendable=answer.status in MENDABLE,
                  retry_after=_wait(answer, moments.now) if again else None,
                  way_out="" if again else f"check url and key of [[channel]] \"{channel.id}\"")


def body(message: Message, thread: Thread, at: datetime) -> bytes:
    """The JSON, in bytes: what is signed is what is sent."""
    return json.dumps({
        "id": message.key, "at": at.isoformat(), "subject": message.subject, "text": message.text,
        "html": message.html, "page": message.page, "event": message.event_id, "events": list(message.events),
        "thread": list(thread.keys)}, ensure_ascii=False).encode()


def signature(key: str, stamp: str, data: bytes) -> str:
    """As the receiver computes it too; compare with `hmac.compare_digest`."""
    return "sha256=" + hmac.new(key.encode(), stamp.encode() + b"." + data, sha256).hexdigest()


def _wait(answer: HTTPResponse, now: datetime) -> float | None:
    """Retry-After in seconds, be it a number or a date."""
    text = answer.headers.get("Retry-After")
    found = seconds(text)
    if found is not None or not text:
        return found
    try:
        return max((parsedate_to_datetime(text) - now).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None
