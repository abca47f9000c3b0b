"""Sources that keep failing, told to those who ask for it: once a day at most, and once more when they are back."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts import notices
from records.telling import Delivery, DeliveryState, Outage, Subscription
from scheduler.periods import is_quiet, zone_of
from storage import Store

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)  # returns are gathered for so long: a network that is back brings all sources at once


def prepare_errors(store: Store, subscription: Subscription, now: datetime) -> int:
    """Queue a message where sources began to fail, or came back, and enough time has passed since the last one."""
    if not subscription.errors or is_quiet(subscription, now):
        return 0
    told = store.told_outages(subscription.id)
    failing = [one for one in store.outages(subscription.errors_after) if one.endpoint_id not in told]
    back = store.endpoints_named([endpoint_id for endpoint_id, is_back in told.items() if is_back])
    if failing and _lately(store.last_notice(subscription.id, ["errors"]), now, DAY):
        failing = []
    if not failing and (not back or _lately(store.last_notice(subscription.id, ["errors", "back"]), now, HOUR)):
        return 0
    return int(_queue(store, subscription, now, failing, back))


def _lately(last: datetime | None, now: datetime, span: timedelta) -> bool:
    """Less than the span ago; one from the future (the clock was set back) holds up nobody."""
    return last is not None and timedelta(0) <= now - last < span


def _queue(store: Store, subscription: Subscription, now: datetime, failing: list[Outage], back: list[Outage]) -> bool:
    period = f"{'errors' if failing else 'back'}-{now:%Y-%m-%dT%H:%MZ}"
    message = notices.outages(f"{subscription.id}/{period}/1", failing, back, zone=zone_of(subscription),
                              subscription=subscription.id)
    delivery = Delivery(id=0, subscription_id=subscription.id, channel_id=subscription.channel, period=period,
                        message=message, state=DeliveryState.WAITING, attempts=0, next_try_at=now, created_at=now)
    return store.queue_notice(delivery, now, failing=[one.endpoint_id for one in failing],
                              back=[one.endpoint_id for one in back])
