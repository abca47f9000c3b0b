"""What the senders share: settings of a channel, and errors that tell no secret."""

from __future__ import annotations

import logging
import math
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from alerts.safe import plain, shorten
from records.errors import DeliveryError
from records.telling import Channel

TIMEOUT = 30.0  # seconds for each exchange with a server; three of them stay below the lease of a sending delivery

# slack_sdk writes whole requests, with the secret hook address, to a logger of level NOTSET or DEBUG: it gets this one.
SILENT = logging.Logger("homeward.slack", level=logging.CRITICAL + 1)


class Moments(NamedTuple):
    """The date of the message, in the reader's zone, and the time of this attempt to send it."""

    at: datetime
    now: datetime


def setting(channel: Channel, name: str, default: str = "") -> str:
    return str(channel.settings.get(name, default))


def timeout(channel: Channel) -> float:
    return float(channel.settings.get("timeout", TIMEOUT))


def secret(channel: Channel, what: str) -> str:
    """The channel's secret; a DeliveryError where it has none."""
    if channel.secret:
        return channel.secret
    raise trouble(channel, f"has no {what}", way_out="name the environment variable or file that holds it", again=False)


def trouble(channel: Channel, said: str, *, again: bool, way_out: str = "",
            retry_after: float | None = None, mendable: bool | None = None, receipt: str | None = None,
            owed: tuple[str, ...] = (), refused: tuple[str, ...] = ()) -> DeliveryError:
    """One sentence that names the channel, without its secret, whoever put it there. The rest: see DeliveryError.

    Where there is a way out, the channel is what is to be mended, unless `mendable` says otherwise.
    """
    text = f'channel "{channel.id}" {said}' + (f"; {way_out}" if way_out else "")
    for private in _private(channel):
        text = text.replace(private, "***")
    return DeliveryError(shorten(plain(text), 500), again=again, retry_after=retry_after, receipt=receipt, owed=owed,
                         refused=refused, mendable=bool(way_out) if mendable is None else mendable)


def _private(channel: Channel) -> list[str]:
    """The secret as it may show up in an error: whole, and the path of a hook address."""
    if not channel.secret:
        return []
    path = urlsplit(channel.secret).path if channel.kind in {"slack-webhook", "apprise"} else ""
    return [channel.secret, *([path] if len(path) > 1 else [])]


def seconds(text: str | None) -> float | None:
    """Retry-After in seconds; None where it is missing, a date, or no number that a clock can add ("nan", "inf")."""
    try:
        found = float(text) if text else math.nan
    except ValueError:
        return None
    return max(found, 0.0) if math.isfinite(found) else None


def reason(error: Exception) -> str:
    """What the system says, without the number and the wrapping that Python puts around it: "Connection refused"."""
    inner = getattr(error, "reason", None)
    cause = inner if isinstance(inner, Exception) else error
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
