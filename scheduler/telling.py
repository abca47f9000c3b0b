"""Tell what changed: due subscriptions are gathered, chosen, rendered and queued; what waits is sent.

    due subscriptions | what changed since | choose | render | queue   (one transaction with the cursor)
    waiting deliveries | mark as sending | send | mark as sent, postponed or failed

Killed at any point it loses nothing: before the queue nothing was told and the cursor stands; after it the delivery
waits; found in `sending` it is sent again with the same Message-ID.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from alerts import channels, render
from alerts.choose import choose
from alerts.summary import alarm
from config.model import Config
from records.errors import DeliveryError, HomewardError
from records.ledger import Event
from records.telling import (
    Channel,
    Cursor,
    Delivery,
    DeliveryState,
    Digest,
    Every,
    Message,
    Subscription,
    Thread,
)
from scheduler.periods import SPAN, due, zone_of
from storage import Store

log = logging.getLogger(__name__)
FIRST_ROUND = timedelta(minutes=10)  # how long a first digest waits for endpoints that were never visited
BACKOFF_MOST = timedelta(hours=1)  # a server that is back after a day is found within the hour
GIVE_UP = timedelta(days=7)
AT_ONCE = 100  # deliveries sent in one go


class Send(Protocol):
    def __call__(self, channel: Channel, message: Message, thread: Thread, *, at: datetime) -> str: ...


@dataclass
class Report:
    """What one telling came to; `troubles` are sentences for the log and the command line."""

    queued: int = 0
    sent: int = 0
    postponed: int = 0
    failed: int = 0
    troubles: list[str] = field(default_factory=list)


def tell(store: Store, config: Config, now: datetime, send: Send = channels.send) -> Report:
    """Queue every digest that is due, then send what waits. One subscription's or channel's trouble stops no other."""
    report = Report()
    for subscription in config.subscriptions:
        try:
            report.queued += prepare(store, subscription, now)
        except HomewardError as error:
            report.troubles.append(f'subscription "{subscription.id}": {error}')
    send_waiting(store, config, now, report, send)
    for trouble in report.troubles:
        log.warning("%s", trouble)
    return report


def prepare(store: Store, subscription: Subscription, now: datetime) -> int:
    """Queue the subscription's digest where one is due; returns how many messages that made."""
    was = store.cursor(subscription.id)
    start = was or first_cursor(store, subscription, now)
    instant = subscription.every is Every.INSTANT
    period = due(subscription, now, start.until)
    if period is None or (_nothing_since(store, start) if instant else _too_early(store, start, now)):
        if was is None:
            store.queue([], start, was=None)
        return 0
    digest, last_figure = gather(store, subscription, start, period, now)
    made = render.messages(digest, thread=lambda events: store.thread(subscription.channel, events).keys) \
        if worth_sending(digest) else []
    deliveries = [Delivery(id=0, subscription_id=subscription.id, channel_id=subscription.channel,
                           period=digest.period, message=message, state=DeliveryState.WAITING, attempts=0,
                           next_try_at=now, created_at=now, after_revision=digest.after_revision,
                           last_revision=digest.last_revision) for message in made]
    cursor = Cursor(subscription_id=subscription.id, last_revision=digest.last_revision, last_figure=last_figure,
                    until=now, seen_at=start.seen_at)
    return len(deliveries) if store.queue(deliveries, cursor, was=was) else 0


def first_cursor(store: Store, subscription: Subscription, now: datetime) -> Cursor:
    """A subscription met for the first time looks back over one period, never over the whole archive."""
    since = now - SPAN[subscription.every]
    return _cursor_at(store, subscription, since, now)


def _cursor_at(store: Store, subscription: Subscription, since: datetime, now: datetime) -> Cursor:
    return Cursor(subscription_id=subscription.id, last_revision=store.revision_before(since),
                  last_figure=store.figure_before(since), until=since, seen_at=now)


def _nothing_since(store: Store, cursor: Cursor) -> bool:
    return store.last_revision() == cursor.last_revision


def _too_early(store: Store, cursor: Cursor, now: datetime) -> bool:
    """Just started and the first round of visits is not finished: a digest now would report on half of it."""
    return timedelta(0) <= now - cursor.seen_at < FIRST_ROUND and store.untried() > 0


def gather(store: Store, subscription: Subscription, cursor: Cursor, period: str, now: datetime, *,
           quiet: bool = False, replay: bool = False) -> tuple[Digest, int]:
    """Read what changed since the cursor, and choose. Returns the digest and the last figure it goes up to.

    With `quiet`, what was filed without being told (backfill, imports) is told as well. With `replay`, nothing is told
    that was filed after `now`; events are shown as they have become all the same.
    """
    last, last_figure = (store.revision_before(now), store.figure_before(now)) if replay else \
        (store.last_revision(), store.last_figure())
    revisions = [replace(revision, quiet=False) for revision in
                 store.revisions(after=cursor.last_revision, upto=last, quiet=quiet)]
    instant = subscription.every is Every.INSTANT
    digest = choose(
        subscription, period=f"r{last}" if instant else period, since=min(cursor.until, now), until=now,
        after_revision=cursor.last_revision, last_revision=last, revisions=revisions,
        events=_events(store, (revision.event_id for revision in revisions)),
        figures=() if instant else store.figures(after=cursor.last_figure, upto=last_figure, quiet=quiet),
        health=None if instant else store.health(min(cursor.until, now), now))
    return digest, last_figure


def _events(store: Store, ids: Iterable[int]) -> dict[int, Event]:
    """The events and, where one was merged away, the one it lives on in."""
    found: dict[int, Event] = {}
    waiting = list(dict.fromkeys(ids))
    while waiting:
        event = store.event(waiting.pop())
        if event is not None and event.id is not None:
            found[event.id] = event
            if event.merged_into is not None and event.merged_into not in found:
                waiting.append(event.merged_into)
    return found


def worth_sending(digest: Digest) -> bool:
    """A quiet day is told where the subscription wants proof of life; a day when collecting failed always is."""
    if digest.subscription.every is Every.INSTANT:
        return not digest.quiet
    return bool(not digest.quiet or digest.figures or digest.subscription.quiet_days
                or alarm(digest))


def send_waiting(store: Store, config: Config, now: datetime, report: Report, send: Send = channels.send) -> None:
    """Send what waits, one at a time; each is marked before the attempt and after it."""
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
        thread = Thread(keys=message.references, receipt=store.thread(
            channel.id, message.events, before=delivery.id).receipt if message.event_id is not None else None)
        receipt = send(channel, message, thread, at=delivery.created_at.astimezone(zone))
    except DeliveryError as error:
        _undelivered(store, delivery, now, error, report)
    else:
        store.sent(delivery.id, now, receipt)
        report.sent += 1


def _undelivered(store: Store, delivery: Delivery, now: datetime, error: DeliveryError, report: Report) -> None:
    report.troubles.append(str(error))
    if not (error.again or error.mendable) or now - delivery.created_at > GIVE_UP:
        store.failed(delivery.id, str(error))
        report.failed += 1
        return
    # A wrong password is asked about once an hour: somebody mends it, and what it held up is told.
    next_try = now + (pause(delivery.attempts, error.retry_after) if error.again else BACKOFF_MOST)
    if error.retry_after is not None:
        store.rest(delivery.channel_id, next_try, str(error))
    store.postpone(delivery.id, next_try, str(error))
    report.postponed += 1


def pause(attempts: int, retry_after: float | None = None) -> timedelta:
    """n to the fourth seconds and a bit, at most an hour; what the other side asked for where it asked."""
    if retry_after is not None:
        return timedelta(seconds=min(retry_after, 86_400))
    return min(timedelta(seconds=15 + attempts ** 4), BACKOFF_MOST)


def preview(store: Store, subscription: Subscription, since: datetime, until: datetime, *,
            quiet: bool = False) -> Digest:
    """The digest of any span, for a person who asks; nothing is queued and no cursor moves. `quiet`: see `gather`."""
    cursor = _cursor_at(store, subscription, since, until)
    digest, _ = gather(store, replace(subscription, every=Every.DAILY), cursor, "preview", until, quiet=quiet,
                       replay=True)
    return digest
