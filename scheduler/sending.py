"""The queue is sent: each delivery is marked before the attempt and after it, and what fails is tried again or told.

    waiting deliveries | mark as sending | send | mark as sent, postponed (for all, or for some recipients) or failed
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from alerts import channels, notices
from config.model import Config
from records.errors import DeliveryError
from records.telling import Channel, Delivery, DeliveryState, Message, Thread
from scheduler.periods import zone_of
from storage import Store

BACKOFF_MOST = timedelta(hours=1)  # a server that is back after a day is found within the hour
LATE = timedelta(hours=1)  # greylisting and restarts are over by then; Apprise never says why it fails for good
GIVE_UP = timedelta(days=7)
AT_ONCE = 100  # deliveries sent in one go
TROUBLE = "(trouble)"  # in the place of a subscription's id; none can be called so


class Send(Protocol):
    def __call__(self, channel: Channel, message: Message, thread: Thread, *, at: datetime, now: datetime) -> str: ...


@dataclass
class Report:
    """What one telling came to; `troubles` are sentences for the log and the command line."""

    queued: int = 0
    sent: int = 0
    postponed: int = 0
    failed: int = 0
    troubles: list[str] = field(default_factory=list)


def send_waiting(store: Store, config: Config, now: datetime, report: Report, send: Send = channels.send) -> None:
    """Send what waits, one at a time."""
    started = time.monotonic()
    for _ in range(AT_ONCE):
        moment = now + timedelta(seconds=time.monotonic() - started)  # sending takes time, and leases count from it
        for delivery in store.claim_waiting(moment):
            _send_one(store, config, delivery, moment, report=report, send=send)
            break
        else:
            return


def _send_one(store: Store, config: Config, delivery: Delivery, now: datetime, *, report: Report,
              send: Send) -> None:
    message = delivery.message
    zone = next((zone_of(s) for s in config.subscriptions if s.id == delivery.subscription_id), ZoneInfo("UTC"))
    try:
        channel = config.channels.get(delivery.channel_id)
        if channel is None:
            raise DeliveryError(f'channel "{delivery.channel_id}" is no longer in the config', again=False)
        if delivery.owed:
            channel = replace(channel, to=tuple(one for one in delivery.owed if one in channel.to))
            if not channel.to:
                store.sent(delivery.id, now, "who it still waited for is no longer in the config")
                return
        thread = Thread(keys=message.references, receipt=store.thread(
            channel.id, message.events, before=delivery.id).receipt if message.event_id is not None else None)
        receipt = send(channel, message, thread, at=delivery.created_at.astimezone(zone), now=now)
    except DeliveryError as error:
        report.troubles.append(str(error))
        age = now - delivery.created_at
        if error.lasting or age > LATE:  # before it is marked: a crash between tells it again
            _tell_elsewhere(store, config, delivery, now, error, late=not error.lasting and age <= GIVE_UP)
        _undelivered(store, delivery, now, error, report)
    else:
        store.sent(delivery.id, now, receipt)
        report.sent += 1


def _undelivered(store: Store, delivery: Delivery, now: datetime, error: DeliveryError, report: Report) -> None:
    """What becomes of a delivery that not everybody has: it waits, for all or for some; it is out; it is given up."""
    mendable = error.mendable and not (delivery.owed and error.refused)
    waits = (error.again or mendable) and now - delivery.created_at <= GIVE_UP
    owed = error.owed if error.receipt is not None else delivery.owed
    if waits:
        # A wrong password is asked about once an hour: somebody mends it, and what it held up is told.
        next_try = now + (pause(delivery.attempts, error.retry_after) if error.again else BACKOFF_MOST)
        if error.retry_after is not None:
            store.rest(delivery.channel_id, next_try, str(error))
        store.postpone(delivery.id, next_try, str(error), owed=owed)
        report.postponed += 1
    elif error.receipt is not None or delivery.owed:
        store.sent(delivery.id, now, error.receipt or str(error), refused=error.refused or owed)
        report.sent += 1
    else:
        store.failed(delivery.id, str(error))
        report.failed += 1


def _tell_elsewhere(store: Store, config: Config, delivery: Delivery, now: datetime, error: DeliveryError, *,
                    late: bool) -> None:
    """That a channel fails until somebody mends it is told once, on the channel that stands in for it; `late`: that it
    has not delivered for an hour, and may or may not do so by itself."""
    channel = config.channels.get(delivery.channel_id)
    others = [one for one in config.channels if one != delivery.channel_id]
    stand_in = channel.fallback if channel and channel.fallback in config.channels else next(iter(others), None)
    if stand_in is None or delivery.subscription_id == TROUBLE:
        return
    period = f"{delivery.channel_id}-{delivery.id}{'-late' if late else ''}"
    message = notices.undelivered(f"trouble/{period}/1", delivery.channel_id, delivery.message.subject, str(error),
                                  waits=error.again or error.mendable, late=late)
    store.report_trouble(Delivery(id=0, subscription_id=TROUBLE, channel_id=stand_in, period=period, message=message,
                                  state=DeliveryState.WAITING, attempts=0, next_try_at=now, created_at=now),
                         delivery.channel_id, ("late",) if late else error.refused, now)


def pause(attempts: int, retry_after: float | None = None) -> timedelta:
    """n to the fourth seconds and a bit, at most an hour; what the other side asked for where it asked."""
    if retry_after is not None:
        return timedelta(seconds=min(retry_after, 86_400))
    return min(timedelta(seconds=15 + attempts ** 4), BACKOFF_MOST)
