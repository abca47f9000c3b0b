"""When to come again: from how much of a visit was new, and from what the server and the feed ask for. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from records.news import Endpoint, Outcome, Visit

DAY = 86_400.0
AIM = 0.5  # of a visit's entries are new: between the two bounds nothing is changed
FEWEST_NEW, MOST_NEW = 1 / 3, 2 / 3
QUICKEST, SLOWEST = 0.5, 1.5  # the interval's change in one visit
CALMER = 1.25  # its change after a visit without anything new
STRIKES = 3  # killed readers in a row, before an endpoint is asked once a day only
FADES = 3 * DAY  # half-life of the busiest pace: longer than a weekend
MISSED = 1.5  # of what it shows was new, at the least, where nothing was known
PINNED = 2  # entries that may stay at the top of a feed for weeks, and prove nothing
BATCH = 300.0  # seconds: half a feed in less was written by a machine in one go, and says nothing of a rhythm
PATIENT = 24  # failures in a row, before a busy endpoint is asked as seldom as any other
FEWEST = 3  # entries of a feed by which an overlap can be told


def adapted(endpoint: Endpoint, visit: Visit) -> tuple[float, str]:
    """The next interval in seconds within the endpoint's bounds, and why, after a visit that was answered.

    Aimed at visits of which a third to two thirds are known: fewer known risk losing entries that scroll off, more
    cost the other side visits for nothing. What server or feed ask for goes above all, up to a day.
    """
    wished, why = _by_novelty(endpoint, visit)
    if endpoint.busiest * wished > MOST_NEW:
        wished = MOST_NEW / endpoint.busiest
        why = why if visit.gap else f"{why}; but it may get as busy as it was in the last days"
    wished = min(max(wished, endpoint.min_interval), endpoint.max_interval)
    asked = min(visit.min_interval or 0.0, DAY)
    return (asked, f"it asks for {asked:.0f} s between visits") if asked > wished else (wished, why)


def busiest(endpoint: Endpoint, visit: Visit) -> float:
    """The share of what an endpoint shows that is new, a second, at its busiest of the last days.

    A feed that rests at night publishes in the morning faster than any rhythm could follow that was learned overnight.
    The count is taken half its own deviation lower, so that chance alone makes no busy hour.
    """
    if endpoint.visits == 0:
        return visit.pace
    elapsed = _elapsed(endpoint, visit)
    count = max(visit.entries_new - 0.5 * math.sqrt(visit.entries_new), 0.0)
    now = count / max(visit.entries_seen, visit.entries_new, 1) / elapsed
    if visit.gap:
        now = max(now, MISSED / elapsed)
    return max(now, endpoint.busiest * math.exp2(-elapsed / FADES))


def pace_of(dates: Collection[datetime | None], now: datetime) -> float:
    """The share of a feed that was new, a second, in the shortest time in which half of it was published.

    For a first visit, when nothing else is known; 0 where dates are missing, ahead of their time, or all but the same.
    """
    past = sorted(date for date in dates if date is not None and date <= now)
    half = len(past) // 2
    if len(past) < len(dates) or half < FEWEST:
        return 0.0
    shortest = min((later - earlier).total_seconds() for earlier, later in zip(past, past[half:], strict=False))
    return (half - 0.5 * math.sqrt(half)) / len(past) / shortest if shortest >= BATCH else 0.0


def _elapsed(endpoint: Endpoint, visit: Visit) -> float:
    """Seconds since it last answered, and a minute at least: two visits by hand teach no pace."""
    since = (visit.finished_at - endpoint.last_success).total_seconds() if endpoint.last_success else endpoint.interval
    return max(since, 60.0)


def _by_novelty(endpoint: Endpoint, visit: Visit) -> tuple[float, str]:
    interval = endpoint.interval
    if endpoint.visits == 0:
        return interval, "its rhythm is not known yet"
    elapsed = _elapsed(endpoint, visit)
    if not visit.entries_new:
        return (interval * CALMER, "nothing new: later") if elapsed >= interval / 2 else (interval, "asked early")
    new = visit.entries_new / max(visit.entries_seen, visit.entries_new)
    pace = elapsed * AIM / new  # at which half of the entries would be new
    if visit.gap:
        return min(pace, interval * QUICKEST), "nothing it showed was known: much sooner"
    if new > MOST_NEW:
        return min(max(pace, interval * QUICKEST), interval), f"{new:.0%} was new: sooner"
    if new < FEWEST_NEW:
        return max(min(pace, interval * SLOWEST), interval), f"{new:.0%} was new: later"
    return interval, f"{new:.0%} was new: as before"


def backed_off(endpoint: Endpoint, visit: Visit) -> tuple[float, str]:
    """The wait in seconds after a visit that failed: doubled each time, a day at most, and never given up.

    At first no longer than it takes an endpoint at its busiest to show other things altogether: an outage of an hour
    would cost a day's news, as what it shows goes on scrolling.
    """
    if visit.outcome is Outcome.READER_KILLED and endpoint.strikes + 1 >= STRIKES:
        return DAY, f"it killed the reader {endpoint.strikes + 1} times: once a day"
    failures = endpoint.failures + 1
    wait = min(endpoint.interval * 2.0 ** min(failures - 1, 16), DAY)
    if endpoint.busiest and failures <= PATIENT:
        wait = min(wait, max(endpoint.interval, MOST_NEW / endpoint.busiest))
    return wait, f"failure {failures} in a row"


def waking(moment: datetime, hours: Collection[int], days: Collection[int]) -> datetime:
    """The first moment from `moment` on that lies in none of these hours (UTC) and days."""
    rested, step = moment, timedelta(hours=1)
    for _ in range(7 * 24):
        if rested.hour not in hours and rested.weekday() not in days:
            return rested
        rested = rested.replace(minute=0, second=0, microsecond=0) + step
    return moment  # it never wants to be visited; it is, all the same


def scrolled_off(endpoint: Endpoint, known: Collection[bool], interval: float | None = None) -> str:
    """Why entries may have come and gone since the visit before, in a sentence; "" where that can't be.

    `known` says of each entry, the newest first, whether it was known. Without a gap the oldest ones are; one or two
    known ones above them may be pinned.
    """
    seen, familiar = len(known), sum(known)
    if endpoint.visits == 0 or seen < FEWEST or familiar > min(PINNED, seen // 4) or list(known)[-1]:
        return ""
    many = "none" if not familiar else f"only {familiar}"
    asks = f"; it asks for {interval:.0f} s between visits" if interval and interval > endpoint.min_interval else ""
    return f"{many} of the {seen} entries of {endpoint.url} had been seen before: others may have come and gone{asks}"


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from a Retry-After header: a number or a date; None when there is none that can be read."""
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return min(float(value.strip()[:9]), DAY)
    return _until(value, now)


def fresh_for(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds for which an answer stays good: max-age less its Age, else Expires; None where it must not be kept."""
    parts = [part.strip().lower() for part in headers.get("cache-control", "").split(",")]
    if "no-cache" in parts or "no-store" in parts:
        return None
    ages = [part[8:].strip('"')[:9] for part in parts if part.startswith("max-age=")]
    if ages:
        age = headers.get("age", "").strip()[:9]
        spent = float(age) if age.isascii() and age.isdigit() else 0.0
        least = float(ages[0]) - spent if ages[0].isascii() and ages[0].isdigit() else 0.0
        return min(least, DAY) if least > 0 else None
    return _until(headers.get("expires", ""), now) or None


def _until(value: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    return min(max((moment - now).total_seconds(), 0.0), DAY)
