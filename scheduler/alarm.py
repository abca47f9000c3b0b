"""A message past the queue, through every channel: for the one trouble that the queue itself may share."""

from __future__ import annotations

import logging
from datetime import datetime

from alerts import channels
from config.logs import event
from config.model import Config
from records.errors import DeliveryError
from records.telling import Message

log = logging.getLogger("homeward.alarm")


def sound(config: Config, sentence: str, now: datetime) -> int:
    """Send the sentence through each channel that somebody is subscribed to; returns how many took it. Never raises
    for a channel that fails; that is logged. It may be sent again: whoever calls decides how often."""
    sent = 0
    for channel_id in dict.fromkeys(subscription.channel for subscription in config.subscriptions):
        message = Message(key=f"alarm/{channel_id}/{now.isoformat()}", subject="Homeward needs somebody", text=sentence,
                          blocks=({"type": "section", "text": {"type": "plain_text", "text": sentence[:3000]}},))
        try:
            channels.send(config.channels[channel_id], message, at=now)
            sent += 1
        except DeliveryError as error:
            log.error("the alarm did not get out: %s", error, extra=event("alarm.failed", channel=channel_id))
    return sent
