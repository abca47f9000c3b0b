"""Tell what changed: due subscriptions are gathered, chosen, rendered and queued; what waits is sent.

    due subscriptions | what changed since | choose | keep a page | render | queue   (one transaction with the cursor)
    waiting deliveries | mark as sending | send | mark as sent, postponed or failed

Killed at any point it loses nothing: before the queue nothing was told and the cursor stands; after it the delivery
waits; found in `sending` it is sent again with the same Message-ID.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from alerts import channels, render
from alerts.choose import RETOLD, as_told, choose
from alerts.summary import alarm
from config.model import Config
from records.errors import ArchiveError, HomewardError
from records.telling import Cursor, Delivery, DeliveryState, Digest, Every, Message, Subscription
from scheduler import archive
from scheduler.outages import prepare_errors
from scheduler.periods import SPAN, due, is_quiet
from scheduler.picture import overdue_plans, returns
from scheduler.sending import Report, Send, send_waiting
from scheduler.views import Now, Past
from storage import Store

log = logging.getLogger(__name__)
HOUR = timedelta(hours=1)
FIRST_ROUND = timedelta(minutes=10)  # how long a first digest waits for endpoints that were never visited


def tell(store: Store, config: Config, now: datetime, send: Send = channels.send) -> Report:
    """Queue every digest that is due, then send what waits. One subscription's or channel's trouble stops no other."""
    report = Report()
    for subscription in config.subscriptions:
        try:
            report.queued += prepare(store, config, subscription, now) + prepare_errors(store, subscription, now)
        except HomewardError as error:
            report.troubles.append(f'subscription "{subscription.id}": {error}')
    send_waiting(store, config, now, report, send)
    for trouble in report.troubles:
        log.warning("%s", trouble)
    return report


def prepare(store: Store, config: Config, subscription: Subscription, now: datetime) -> int:
    """Queue the subscription's digest where one is due; returns how many messages that made."""
    was = store.cursor(subscription.id)
    start = was or first_cursor(store, subscription, now)
    instant = subscription.every is Every.INSTANT
    period = due(subscription, now, start.until)
    most = None
    if period is not None and instant and not _nothing_since(store, start):
        most = _room(store, subscription, start, now)
    if period is None or (not most if instant else _too_early(store, start, now)):
        if was is None:
            store.queue([], start, was=None)
        return 0
    digest, last_figure = gather(store, subscription, start, period, now)
    made: list[Message] = []
    if worth_sending(digest):
        digest = replace(digest, page=_kept(store, config, digest))
        made = render.messages(digest, thread=lambda events: store.thread(subscription.channel, events).keys, most=most)
    deliveries = [Delivery(id=0, subscription_id=subscription.id, channel_id=subscription.channel,
                           period=digest.period, message=message, state=DeliveryState.WAITING, attempts=0,
                           next_try_at=now, created_at=now, after_revision=digest.after_revision,
                           last_revision=digest.last_revision) for message in made]
    cursor = Cursor(subscription_id=subscription.id, last_revision=digest.last_revision, last_figure=last_figure,
                    until=now, seen_at=start.seen_at)
    return len(deliveries) if store.queue(deliveries, cursor, was=was) else 0


def _kept(store: Store, config: Config, digest: Digest) -> str | None:
    """The address of the digest's page in the archive. One that can't be written is told once and stops nothing."""
    if config.archive is None:
        return None
    try:
        address = archive.keep(config.archive, digest)
    except ArchiveError as error:
        log.warning("%s", error)
        archive.report(store, config, digest, error)
        return None
    archive.mended(store)
    return address


def first_cursor(store: Store, subscription: Subscription, now: datetime) -> Cursor:
    """A subscription met for the first time looks back over one period, never over the whole archive."""
    since = now - SPAN[subscription.every]
    return _cursor_at(store, subscription, since, now)


def _cursor_at(store: Store, subscription: Subscription, since: datetime, now: datetime) -> Cursor:
    return Cursor(subscription_id=subscription.id, last_revision=store.revision_before(since),
                  last_figure=store.figure_before(since), until=since, seen_at=now)


def _nothing_since(store: Store, cursor: Cursor) -> bool:
    return store.last_revision() == cursor.last_revision and store.last_figure() == cursor.last_figure


def _room(store: Store, subscription: Subscription, cursor: Cursor, now: datetime) -> int:
    """How many instant messages may be made now: one for all after quiet hours, none where the hour is full."""
    free = subscription.most_an_hour - store.queued_between(subscription.id, now - HOUR, now)
    if free > 1 and subscription.quiet_hours is not None:
        waited = [revision.at for revision in store.revisions(after=cursor.last_revision)]
        waited += [figure.filed_at for figure in store.figures(after=cursor.last_figure)]
        return 1 if any(is_quiet(subscription, moment) for moment in waited) else free
    return max(free, 0)


def _too_early(store: Store, cursor: Cursor, now: datetime) -> bool:
    """Just started and the first round of visits is not finished: a digest now would report on half of it."""
    return timedelta(0) <= now - cursor.seen_at < FIRST_ROUND and store.untried() > 0


def gather(store: Store, subscription: Subscription, cursor: Cursor, period: str, now: datetime, *,
           quiet: bool = False, replay: bool = False) -> tuple[Digest, int]:
    """Read what changed since the cursor, and choose. Returns the digest and the last figure it goes up to.

    With `quiet`, what was filed without being told (backfill, imports) is told as well. With `replay`, nothing is told
    that was filed after `now`, and everything is shown as it stood then.
    """
    view = Past(store, now).at(now) if replay else Now(store)
    last, last_figure = (store.revision_before(now), store.figure_before(now)) if replay else \
        (store.last_revision(), store.last_figure())
    revisions = [replace(revision, quiet=False) for revision in
                 store.revisions(after=cursor.last_revision, upto=last, quiet=quiet)]
    instant, since = subscription.every is Every.INSTANT, min(cursor.until, now)
    if not quiet:
        histories = store.histories({one.event_id for one in revisions if one.change in RETOLD})
        revisions = [as_told(one, histories.get(one.event_id, ())) for one in revisions]
    fresh = f"r{last}" if last > cursor.last_revision else f"f{last_figure}"  # what makes an instant period's key new
    figures = store.figures(after=cursor.last_figure, upto=last_figure, quiet=quiet)
    digest = choose(
        subscription, period=fresh if instant else period, since=since, until=now,
        after_revision=cursor.last_revision, last_revision=last, revisions=revisions,
        events=view.events(revision.event_id for revision in revisions),
        figures=[figure for figure in figures if not (instant and store.is_repeated(figure))],
        overdue=() if instant else overdue_plans(view, subscription, since, now),
        months=returns(view, subscription, now), health=None if instant else store.health(since, now))
    return digest, last_figure


def worth_sending(digest: Digest) -> bool:
    """A quiet day is told where the subscription wants proof of life; a day when collecting failed always is."""
    if digest.subscription.every is Every.INSTANT:
        return not digest.quiet or bool(digest.figures)
    return bool(not digest.quiet or digest.figures or digest.subscription.quiet_days
                or alarm(digest))


def preview(store: Store, subscription: Subscription, since: datetime, until: datetime, *,
            quiet: bool = False) -> Digest:
    """The digest of any span, for a person who asks; nothing is queued and no cursor moves. `quiet`: see `gather`."""
    cursor = _cursor_at(store, subscription, since, until)
    digest, _ = gather(store, replace(subscription, every=Every.DAILY), cursor, "preview", until, quiet=quiet,
                       replay=True)
    return digest
