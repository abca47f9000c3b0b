"""A message through Apprise (Telegram, Matrix, ntfy, Teams and more), an extra: pip install 'homeward[apprise]'.

The secret is one Apprise address, such as "ntfys://host/topic": it often holds a token. Only the text part is sent.
"""

from __future__ import annotations

import logging

from alerts.channels.common import Moments, reason, secret, trouble
from records.telling import Channel, Message, Thread


def send(channel: Channel, message: Message, thread: Thread, moments: Moments) -> str:
    """Hand it to Apprise, which says yes or no and not why. Neither `thread` nor `moments` are used."""
    try:
        import apprise  # noqa: PLC0415 - an extra that most do without
    except ImportError:
        raise trouble(channel, "needs Apprise, which is not installed", again=False,
                      way_out="pip install 'homeward[apprise]'") from None
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it logs whole addresses, tokens included
    service = apprise.Apprise.instantiate(secret(channel, "Apprise address"))
    if service is None:
        raise trouble(channel, "has a secret that is no Apprise address", again=False,
                      way_out="github.com/caronc/apprise lists their forms")
    try:
        taken = service.notify(title=message.subject, body=message.text, body_format=apprise.NotifyFormat.TEXT)
    except (OSError, TypeError, ValueError) as error:
        raise trouble(channel, f"could not send ({reason(error)})", again=True) from None
    if not taken:
        raise trouble(channel, "was refused by the service behind it, or did not reach it", again=True)
    return "handed to Apprise"
