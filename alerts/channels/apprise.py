"""A message through Apprise (Telegram, Matrix, ntfy, Teams and more), an extra: pip install 'homeward[apprise]'.

The secret is one Apprise address, such as "ntfys://host/topic": it often holds a token. Only the text part is sent.
Apprise answers yes or no. Why not stands in its log alone, for most services with the status of the answer
("…, error=401."): that number is taken from there, and nothing else, for its log has tokens and whole addresses.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from alerts.channels.common import Moments, reason, secret, trouble
from records.telling import Channel, Message, Thread

PING = re.compile(r"(?<![\w.])@(?=[\w!&])")
STATUS = re.compile(r"\berror=(\d{3})\b")
MENDABLE = {400, 401, 403, 404, 405, 410}  # a token or an address is wrong, not a few lines of text (Telegram: 400)
PASSING = {408, 425, 429}  # beside every 5xx


def send(channel: Channel, message: Message, thread: Thread, moments: Moments) -> str:
    """Hand it to Apprise. Neither `thread` nor `moments` are used."""
    try:
        import apprise  # noqa: PLC0415 - an extra that most do without
    except ImportError:
        raise trouble(channel, "needs Apprise, which is not installed", again=False,
                      way_out="pip install 'homeward[apprise]'") from None
    with _statuses() as seen:
        service = apprise.Apprise.instantiate(secret(channel, "Apprise address"))
        if service is None:
            raise trouble(channel, "has a secret that is no Apprise address", again=False,
                          way_out="github.com/caronc/apprise lists their forms")
        try:
            taken = service.notify(title=pinging_nobody(message.subject), body=pinging_nobody(message.text),
                                   body_format=apprise.NotifyFormat.TEXT)
        except (OSError, TypeError, ValueError) as error:
            raise trouble(channel, f"could not send ({reason(error)})", again=True) from None
    if taken:
        return "handed to Apprise"
    if not seen:
        raise trouble(channel, "was refused by the service behind it, or did not reach it", again=True)
    status = seen[-1]
    again = status in PASSING or status >= 500
    raise trouble(channel, f"was refused by the service behind it: {status}", again=again, mendable=status in MENDABLE,
                  way_out="" if again else f"check the token and address in the secret of [[channel]] \"{channel.id}\"")


def pinging_nobody(text: str) -> str:
    """`@everyone`, `@here` and `<@1234>` as letters, with an invisible space behind the sign: Discord, Slack, Teams and
    others behind Apprise call people by them, and what a stranger wrote calls nobody. A mail address stays one."""
    return PING.sub("@\u200b", text)


@contextmanager
def _statuses() -> Iterator[list[int]]:
    """The statuses that Apprise logs meanwhile; what it logs goes nowhere else."""
    log, seen = logging.getLogger("apprise"), list[int]()

    class Reader(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.extend(int(found) for found in STATUS.findall(record.getMessage()))

    reader = Reader(logging.WARNING)
    before = log.level, log.propagate
    log.setLevel(logging.WARNING)
    log.propagate = False
    log.addHandler(reader)
    try:
        yield seen
    finally:
        log.removeHandler(reader)
        log.setLevel(before[0])
        log.propagate = before[1]
