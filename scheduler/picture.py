"""What a digest says beside what changed: who came home in the last months, and which plans are overdue."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts.times import BEFORE, HOME, by_month, first_month, last_day, month_names, overdue
from alerts.wanted import by_columns, wanted
from alerts.words import codes
from records.ledger import Event
from records.telling import Every, Subscription
from records.words import Status
from scheduler.periods import zone_of
from scheduler.views import Now
from storage.gathering import Home

PICTURED = {Every.DAILY, Every.WEEKLY}  # digests with a picture of the last months
DAY = timedelta(days=1)


def overdue_plans(view: Now, subscription: Subscription, since: datetime, until: datetime) -> tuple[Event, ...]:
    """The plans that became overdue in the span. What came by backfill alone is told by nobody, so neither is this."""
    if not subscription.overdue_days:
        return ()
    late = timedelta(days=subscription.overdue_days)
    plans = [plan for plan in view.plans_due(_dates(since - late, until - late), (since - late, until - late))
             if overdue([plan], [], days=subscription.overdue_days, since=since, until=until)]
    linked = view.carried_out([plan.id for plan in plans if plan.id is not None])
    plans = [plan for plan in plans if plan.id not in linked]
    first = min((day for plan in plans if (day := last_day(plan)) is not None), default=None)
    if first is None:
        return ()
    done = view.dated([Status.UNDER_WAY, Status.COMPLETED], since=f"{first - BEFORE:%Y}")
    return overdue(plans, done, days=subscription.overdue_days, since=since, until=until)


def returns(view: Now, subscription: Subscription, until: datetime) -> tuple[tuple[str, int], ...]:
    """For the picture: who came home in the last months, of those the subscription asks for."""
    if subscription.every not in PICTURED:
        return ()
    local = until.astimezone(zone_of(subscription))
    first = f"{first_month(local):%Y-%m}"
    asked = by_columns(subscription)
    if asked is None:  # it asks for words or sources, which the claims alone have
        return by_month([event for event in view.dated([Status.COMPLETED], since=first)
                         if wanted(subscription, event, ())], local)
    known = view.came_home(month_names(local), kinds=sorted(HOME), least=subscription.minimum_sources,
                           apart=bool(asked))
    besides = [(one.month, one.people) for one in known
               if all(values & _codes(one, name) for name, values in asked.items())]
    changed = [event for event in view.changed([Status.COMPLETED], since=first) if wanted(subscription, event, ())]
    return by_month(changed, local, besides)


def _codes(home: Home, name: str) -> set[str]:
    """What the filter of this name is held against."""
    if name == "nationality":
        return set(home.nationality)
    return set(codes({"destination": home.destination, "origin": home.origin, "status": Status.COMPLETED}[name]))


def _dates(first: datetime, last: datetime) -> set[str]:
    """Every day from the one to the other, their months and years: what a date may be that ends in between. A day more
    at the beginning: a plan is due when its last day is over."""
    days = [first - DAY + n * DAY for n in range((last - first).days + 3)]
    return {f"{day:{form}}" for day in days for form in ("%Y-%m-%d", "%Y-%m", "%Y")}
