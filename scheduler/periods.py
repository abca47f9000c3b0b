"""When a subscription is due: its newest period, once per local day, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from datetime import time as day_time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from records.errors import ConfigError
from records.telling import Every, Subscription

SPAN = {Every.INSTANT: timedelta(hours=1), Every.HOURLY: timedelta(hours=1), Every.DAILY: timedelta(days=1),
        Every.WEEKLY: timedelta(days=7)}  # what a subscription's first digest looks back over
HUSHED = {Every.INSTANT, Every.HOURLY}  # a daily or weekly digest has an hour of its own
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def due(subscription: Subscription, now: datetime, last: datetime) -> str | None:
    """The period to be told, where the newest one began after `last`; None where it was told.

    Several missed periods are one: what they hold is told together. A `last` in the future (the clock was set back) is
    no reason to be silent: the store refuses a period that was told before. In quiet hours nothing is due. The moment
    of a day is its hour in the subscription's zone; an hour that the clocks skip counts as the one after, one that
    comes twice as the first.
    """
    if subscription.every in HUSHED and is_quiet(subscription, now):
        return None
    if subscription.every is Every.INSTANT:
        return "now"
    key, began = _newest(subscription, now.astimezone(zone_of(subscription)))
    return key if began > last or last > now else None


def is_quiet(subscription: Subscription, moment: datetime) -> bool:
    """Whether the moment is in the subscription's quiet hours, as its own clocks show them."""
    if subscription.quiet_hours is None:
        return False
    begin, end = subscription.quiet_hours
    hour = moment.astimezone(zone_of(subscription)).hour
    return begin <= hour < end if begin <= end else hour >= begin or hour < end


def _newest(subscription: Subscription, local: datetime) -> tuple[str, datetime]:
    """The newest period that has begun: its key and the moment it began."""
    if subscription.every is Every.HOURLY:
        hour = local.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return f"{hour:%Y-%m-%dT%HZ}", hour
    weekly = subscription.every is Every.WEEKLY
    back = (local.weekday() - WEEKDAYS.index(subscription.weekday)) % 7 if weekly else 0
    step = timedelta(days=7 if weekly else 1)
    day = local.date() - timedelta(days=back)
    while (began := _moment(day, subscription.hour, local)) > local.astimezone(UTC):
        day -= step
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}" if weekly else day.isoformat(), began


def _moment(day: date, hour: int, local: datetime) -> datetime:
    return datetime.combine(day, day_time(hour), tzinfo=local.tzinfo).astimezone(UTC)


def zone_of(subscription: Subscription) -> ZoneInfo:
    try:
        return ZoneInfo(subscription.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError(f'zone "{subscription.zone}" is no IANA time zone, such as Europe/Berlin') from None
