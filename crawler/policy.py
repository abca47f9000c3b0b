"""What a visit teaches about the next one, and what becomes of an entry. Pure: values in, values and reasons out."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum

from config.networks import check_url
from records.news import Drop, Endpoint, Entry, NextVisit, Outcome, SortedEntry, Visit

DAY = 86_400.0
QUICKER, SLOWER = 0.75, 1.25  # how the interval follows an endpoint's own rhythm
SIGHTINGS = 3  # of the same permanent redirect, before it is believed
STRIKES = 3  # killed readers in a row, before an endpoint is asked once a day only
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
        interval, why = _adapted(endpoint, visit)
        # The first visits all fall together when a config is new; the second ones spread over half an interval.
        wait = interval * (0.5 + 0.5 * dice if endpoint.visits == 0 else 0.9 + 0.2 * dice)
        wait = max(wait, min(visit.min_interval or 0.0, DAY))
    else:
        interval = endpoint.interval
        wait, why = _backed_off(endpoint, visit)
        wait *= 0.9 + 0.2 * dice
    wait = max(wait, min(visit.retry_after or 0.0, DAY))
    gone = visit.outcome is Outcome.GONE and endpoint.last_outcome is Outcome.GONE
    lied = has_lied(endpoint, visit)
    if gone or lied:
        why = "it is gone: 410 twice in a row" if gone else "its validators lie: the whole body from now on"
    return NextVisit(
        next_due=visit.finished_at + timedelta(seconds=wait), interval=interval, why=why, active=not gone,
        url=_new_address(endpoint, visit), conditional=endpoint.conditional and not lied,
        cool_until=rest_until(visit.finished_at, status=visit.status, retry_after=visit.retry_after,
                              failures=endpoint.failures))


def _adapted(endpoint: Endpoint, visit: Visit) -> tuple[float, str]:
    factor = QUICKER if visit.outcome is Outcome.NEW else SLOWER
    wished = min(max(endpoint.interval * factor, endpoint.min_interval), endpoint.max_interval)
    asked = min(visit.min_interval or 0.0, DAY)
    if asked > wished:
        return asked, f"it asks for {asked:.0f} s between visits"
    return wished, "news: sooner" if visit.outcome is Outcome.NEW else "no news: later"


def _backed_off(endpoint: Endpoint, visit: Visit) -> tuple[float, str]:
    if visit.outcome is Outcome.READER_KILLED and endpoint.strikes + 1 >= STRIKES:
        return DAY, f"it killed the reader {endpoint.strikes + 1} times: once a day"
    failures = endpoint.failures + 1
    return min(endpoint.interval * 2.0 ** min(failures - 1, 16), DAY), f"failure {failures} in a row"


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
    """Filed without an alert: on an endpoint's first visit what is old or undated, later what is very old."""
    if entry.published is None:
        return first
    return entry.published < now - (timedelta(hours=fresh_hours) if first else OLD)


def sort_entry(entry: Entry, *, on_topic: bool, why: str, endpoint: Endpoint, now: datetime,
               fresh_hours: float) -> SortedEntry:
    """Promise an unknown entry's page, or drop it by a rule. `on_topic` and `why` are the first look at its title."""
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
        entry, first=endpoint.visits == 0, now=now, fresh_hours=fresh_hours))


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


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from a Retry-After header: a number or a date; None when there is none that can be read."""
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return min(float(value.strip()[:9]), DAY)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    return min(max((moment - now).total_seconds(), 0.0), DAY)


def max_age(value: str | None) -> float | None:
    """Seconds from a Cache-Control header's max-age; None without one, or where the answer must not be kept."""
    parts = [part.strip().lower() for part in (value or "").split(",")]
    if "no-cache" in parts or "no-store" in parts:
        return None
    ages = [part[8:].strip('"')[:9] for part in parts if part.startswith("max-age=")]
    return min(float(ages[0]), DAY) or None if ages and ages[0].isascii() and ages[0].isdigit() else None
