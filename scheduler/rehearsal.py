"""What a rule would have sent: subscriptions tried on the past. Nothing is queued, no cursor moves.

Events are shown as they stood at each of the moments, rebuilt from the revisions since.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts import render, words
from alerts.choose import as_told, choose
from alerts.summary import subject
from alerts.wanted import FILTERS, barren, notable, said, spoken, wanted
from records.ledger import Revision, StoredFigure
from records.telling import Digest, Every, Subscription
from scheduler.periods import due, is_quiet
from scheduler.picture import overdue_plans
from scheduler.views import Now, Past
from storage import Store

LOOK_BACK = timedelta(days=90)  # in which a rule should have matched something
WEEK = timedelta(days=7)
STEP = timedelta(minutes=15)  # the finest difference between time zones


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What would have been sent at one time."""

    at: datetime
    subjects: tuple[str, ...]  # of its messages; () a quiet day
    quiet: bool = False


def rehearse(store: Store, subscription: Subscription, since: datetime, until: datetime) -> list[Sending]:
    """The sendings of a span, in order. A subscription that began then would have got these. Where the ledger is
    younger than the span, a week before its first change is where it begins."""
    revisions = store.revisions(since=since)
    first = min((revision.at for revision in revisions), default=until)
    since = max(since, first - WEEK)
    past, figures = Past(store, since), store.figures(since=since)
    if subscription.every is Every.INSTANT:
        figures = [one for one in figures if notable(one) and not store.is_repeated(one)]
    found, last = [], since
    changes = sorted({one.at for one in revisions if one.at <= until} | {one.filed_at for one in figures
                                                                         if one.filed_at <= until})
    for moment, period in _moments(subscription, changes, since, until):
        digest = _digest(past.at(moment), subscription, revisions, figures, since=last, until=moment, period=period)
        last = moment
        if not digest.quiet or digest.figures:
            found.append(Sending(at=moment, subjects=_subjects(subscription, digest)))
        elif subscription.quiet_days and subscription.every is not Every.INSTANT:
            found.append(Sending(at=moment, subjects=(), quiet=True))
    return found


def _moments(subscription: Subscription, changes: list[datetime], since: datetime,
             until: datetime) -> Iterator[tuple[datetime, str]]:
    """When something is due: at each change for an instant subscription, or when its quiet hours are over."""
    moment, last, waiting = since, since, changes
    instant = subscription.every is Every.INSTANT
    while moment <= until:
        if not instant and (period := due(subscription, moment, last)):
            yield moment, period
            last = moment
        elif instant and waiting and waiting[0] <= moment and not is_quiet(subscription, moment):
            yield moment, f"at-{moment:%Y%m%dT%H%M%S%f}"
            waiting = [one for one in waiting if one > moment]
        later = moment + STEP
        following = next((one for one in waiting if moment < one < later), later) if instant else later
        moment = following


def _digest(view: Now, subscription: Subscription, revisions: list[Revision], figures: list[StoredFigure], *,
            since: datetime, until: datetime, period: str) -> Digest:
    instant = subscription.every is Every.INSTANT
    told = [as_told(one, view.store.revisions(event_id=one.event_id, quiet=True)) for one in revisions
            if since < one.at <= until]
    return choose(subscription, period=period, since=since, until=until, after_revision=0, last_revision=0,
                  revisions=told, events=view.events(revision.event_id for revision in told),
                  figures=[one for one in figures if since < one.filed_at <= until],
                  overdue=() if instant else overdue_plans(view, subscription, since, until))


def _subjects(subscription: Subscription, digest: Digest) -> tuple[str, ...]:
    if subscription.every is not Every.INSTANT:
        return (subject(digest),)
    slept = any(is_quiet(subscription, revision.at) for _, run in (*digest.revised, *digest.status) for revision in run)
    slept = slept or any(is_quiet(subscription, one.opened_at) for one in digest.opened if one.opened_at)
    slept = slept or any(is_quiet(subscription, one.filed_at) for one in digest.figures)
    most = 1 if slept else subscription.most_an_hour
    return tuple(message.subject for message in render.messages(digest, most=most))


def unmatched(store: Store, subscription: Subscription, now: datetime) -> str | None:
    """A sentence where the subscription's filters, or some of its words, match nothing of the last 90 days. None where
    all is well, or where it has no filter."""
    if all(getattr(subscription, name) in {(), 1} for name in FILTERS):
        return None
    since = now - LOOK_BACK
    events = store.events_with_claims({r.event_id for r in store.revisions(since=since, quiet=True)})
    if not events:
        return f'[[subscription]] "{subscription.id}": the ledger has no event from the last 90 days to try it on'
    if not any(wanted(subscription, event, ()) for event in events):
        alone = barren(subscription, events)
        why = f"; alone, {', '.join(alone)} match nothing" if len(alone) > 1 else \
            f"; alone, {alone[0]} matches nothing" if alone else "; each of its filters does alone, all together don't"
        return (f'[[subscription]] "{subscription.id}" matches nothing of the last 90 days '
                f"({words.plural(len(events), 'event')}){why}")
    texts = [text for event in events for text in said(event)]
    never = [phrase for phrase in subscription.text if not spoken([phrase], texts)]
    if never:
        named = ", ".join(f'"{one}"' for one in never)
        return f'[[subscription]] "{subscription.id}": nobody said {named} in the last 90 days'
    return None
