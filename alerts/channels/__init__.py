"""One small sender for each way out.

Every sender takes (channel, message, thread, moments) and returns a receipt, or raises DeliveryError, which says
whether trying again can help and never shows a secret. A terminal is no channel: who looks is shown `terminal.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from alerts.channels.common import Moments
from records.errors import DeliveryError
from records.telling import Channel, Message, Thread

Sender = Callable[[Channel, Message, Thread, Moments], str]
SENDERS = {  # kind → module, loaded with its first message: a daemon that mails holds none of Slack's
    "email": "email", "slack-webhook": "slack_webhook", "slack-bot": "slack_bot", "webhook": "webhook",
    "apprise": "apprise"}
EMPTY = Thread()


def send(channel: Channel, message: Message, thread: Thread = EMPTY, *, at: datetime,
         now: datetime | None = None) -> str:
    """Send one message, once. `at` is its date, in the zone the reader sees, `now` the time of this attempt where that
    is another. Returns what the channel answered."""
    module = SENDERS.get(channel.kind)
    if module is None:
        raise DeliveryError(f'channel "{channel.id}" is of the kind "{channel.kind}", which is not one of '
                            f"{', '.join(SENDERS)}", again=False)
    sender: Sender = import_module(f"alerts.channels.{module}").send
    return sender(channel, message, thread, Moments(at, now or at))
