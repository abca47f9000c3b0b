"""What a visit teaches about the next one, and what becomes of an entry. Pure: values in, values and reasons out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from config.networks import check_url
from crawler.rhythm import DAY, adapted, backed_off, busiest, waking
from records.news import Drop, Endpoint, Entry, NextVisit, Outcome, SortedEntry, Visit

SIGHTINGS = 3  # of the same permanent redirect, before it is believed
FULL_EVERY = 16  # visits: one without validators, which finds a server that answers 304 for a changed feed
RATE_LIMITED = 900.0  # a 429 that names no time
OVERLOADED = 120.0  # a 503 that names none
OLD = timedelta(days=14)  # an entry older than this is history, even when it is seen for the first time
PAGE_TRIES = 3
PAGE_AGAIN = (timedelta(minutes=5), timedelta(minutes=30))  # after the first and the second try


def asks_conditionally(endpoint: Endpoint) -> bool:
    """Send the validators of the last body? Not to a liar, not on every 16th visit."""
    return endpoint.conditional and endpoint.body_sha is not None and endpoint.visits % FULL_EVERY != 0


def has_lied(endpoint: Endpoint, visit: Visit) -> bool:
    """The body has news and the validators say it has none: asked conditionally, the server would have hidden it."""
    if visit.outcome is not Outcome.NEW or endpoint.visits == 0:
        return False
    if visit.etag or endpoint.etag:
        return visit.etag == endpoint.etag
    return visit.last_modified is not None and visit.last_modified == endpoint.last_modified


def next_visit(endpoint: Endpoint, visit: Visit, *, dice: float) -> NextVisit:
    """When to come again and what to remember. `dice` in [0, 1) spreads endpoints that would keep step."""
    if visit.outcome.is_answer:
        pace = busiest(endpoint, visit)
        interval, why = adapted(replace(endpoint, busiest=pace), visit)
        # The first visits all fall together when a config is new; the second ones spread over half an interval.
        wait = interval * (0.5 + 0.5 * dice if endpoint.visits == 0 else 0.9 + 0.2 * dice)
        wait = max(wait, min(visit.min_interval or 0.0, DAY))
    else:
        interval, pace = endpoint.interval, endpoint.busiest
        wait, why = backed_off(endpoint, visit)
        wait *= 0.9 + 0.2 * dice
    wait = max(wait, min(visit.retry_after or 0.0, DAY))
    gone = visit.outcome is Outcome.GONE and endpoint.last_outcome is Outcome.GONE
    lied = has_lied(endpoint, visit)
    if gone or lied:
        why = "it is gone: 410 twice in a row" if gone else "its validators lie: the whole body from now on"
    due = visit.finished_at + timedelta(seconds=wait)
    awake = waking(due, visit.skip_hours, visit.skip_days)
    if awake > due:  # those who wait for the same hour don't all come on its stroke
        due = awake + timedelta(seconds=min(wait, 600.0) * dice)
        why = f"{why}; it asks for peace until {awake:%a %H:%M}"
    return NextVisit(
        next_due=due, interval=interval, why=why, active=not gone, busiest=pace,
        url=_new_address(endpoint, visit), conditional=endpoint.conditional and not lied,
        cool_until=rest_until(visit.finished_at, status=visit.status, retry_after=visit.retry_after,
                              failures=endpoint.failures))


def rest_until(now: datetime, *, status: int | None, retry_after: float | None, failures: int) -> datetime | None:
    """Until when a whole host is left alone after this answer; None when it asked for nothing of the kind."""
    if status not in (429, 503):
        return None
    wait = retry_after or (RATE_LIMITED if status == 429 else OVERLOADED) * 2.0 ** min(failures, 8)
    return now + timedelta(seconds=min(wait, DAY))


def _new_address(endpoint: Endpoint, visit: Visit) -> str | None:
    if not (visit.permanent and visit.final_url and visit.outcome.is_answer):
        return None
    seen = endpoint.moved_seen + 1 if endpoint.moved_to == visit.final_url else 1
    return visit.final_url if seen >= SIGHTINGS else None


def is_backfill(entry: Entry, *, first: bool, now: datetime, fresh_hours: float) -> bool:
    """Filed without an alert: on an endpoint's first visit (and among entries re-published in bulk) what is old or
    undated, later what is very old.
    """
    if entry.published is None:
        return first
    return entry.published < now - (timedelta(hours=fresh_hours) if first else OLD)


def sort_entry(entry: Entry, *, on_topic: bool, why: str, endpoint: Endpoint, now: datetime, fresh_hours: float,
               bulk: bool = False) -> SortedEntry:
    """Promise an unknown entry's page, or drop it by a rule. `on_topic` and `why` are the first look at its title;
    `bulk`: it came with many old ones under new names.
    """
    def dropped(rule: str, sentence: str) -> Drop:
        return Drop(url=entry.url, title=entry.title, stage="entry", rule=rule, why=sentence,
                    source_id=endpoint.source_id, at=now)

    objection = check_url(entry.url) if entry.url else None
    drop = None
    if not on_topic and endpoint.fetch == "matching":
        drop = dropped("off-topic", why)
    elif not on_topic and entry.url is None:
        drop = dropped("no-link", f"an entry of {endpoint.url} has no link and is not on topic ({why})")
    elif objection:
        drop = dropped("refused-address", f"{entry.url} would not be fetched: {objection}")
    return SortedEntry(entry=entry, drop=drop, backfill=is_backfill(
        entry, first=endpoint.visits == 0 or bulk, now=now, fresh_hours=fresh_hours))


class PageFate(Enum):
    """What becomes of an entry whose page did not come."""

    AGAIN = "again"
    FROM_ENTRY = "from_entry"


def page_fate(*, outcome: Outcome, status: int | None, tries: int) -> PageFate:
    """Try again what may get better, three times in all; file the rest from what the entry itself says."""
    passing = outcome in (Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.THROTTLED) or (status or 0) >= 500
    return PageFate.AGAIN if passing and tries + 1 < PAGE_TRIES else PageFate.FROM_ENTRY


def page_again(now: datetime, tries: int, retry_after: float | None) -> datetime:
    wait = PAGE_AGAIN[min(tries, len(PAGE_AGAIN) - 1)]
    return now + max(wait, timedelta(seconds=min(retry_after or 0.0, DAY)))


def after_fault(now: datetime, tries: int) -> datetime:
    return now + timedelta(seconds=min(PAGE_AGAIN[0].total_seconds() * 4.0 ** min(tries, 16), DAY))


def renamed(entry: SortedEntry, old_key: str | None, *, silently: bool) -> SortedEntry:
    """An entry that takes the place of one promised under `old_key`; the entry itself where it replaces none."""
    return replace(entry, replaces=old_key, silently=silently) if old_key else entry
