"""How often a feed asks to be visited: RSS ttl, skipHours and skipDays, and the syndication module's period."""

from __future__ import annotations

import math
import re
from typing import Any

_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_LONGEST_INTERVAL = 7 * 86_400.0  # a feed that asks for less than once a week is asked once a week
_HEAD = 20_000  # characters of a channel in which it may say so, before its items or after them
_HOURS = re.compile(r"<skipHours>(.{0,2000}?)</skipHours>", re.DOTALL | re.IGNORECASE)
_DAYS = re.compile(r"<skipDays>(.{0,1000}?)</skipDays>", re.DOTALL | re.IGNORECASE)
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(r"<day>\s*([A-Za-z]{3})[A-Za-z]*\s*</day>", re.IGNORECASE)
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def asked_interval(channel: Any) -> float | None:
    """Seconds the feed asks to be left alone: `ttl` in minutes, or updatePeriod by updateFrequency; None for neither.

    `channel` is feedparser's. At most a week, whatever it asks.
    """
    try:
        if channel.get("ttl"):
            return _bounded(float(channel["ttl"]) * 60)
        period = _PERIODS.get(str(channel.get("sy_updateperiod") or "").strip().lower())
        if period:
            return _bounded(period / max(float(channel.get("sy_updatefrequency") or 1), 1.0))
    except (ValueError, TypeError):  # "soon"; attributes where a number belongs
        return None
    return None


def _bounded(seconds: float) -> float | None:
    return None if math.isnan(seconds) else min(max(seconds, 0.0), _LONGEST_INTERVAL)


def skipped(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The hours of the day (UTC) and days of the week (0 is Monday) in which an RSS channel asks for no visits.

    All of them is no wish that can be granted, and counts as none. Hour 24 is midnight, as RSS 0.9x writes it.
    """
    edges = text if len(text) <= 2 * _HEAD else f"{text[:_HEAD]}\n{text[-_HEAD:]}"
    listed, named = _HOURS.search(edges), _DAYS.search(edges)
    hours = {int(hour) % 24 for hour in _HOUR.findall(listed[1]) if int(hour) <= 24} if listed else set()
    days = {_WEEK.index(day.lower()) for day in _DAY.findall(named[1]) if day.lower() in _WEEK} if named else set()
    return (tuple(sorted(hours)) if len(hours) < 24 else (), tuple(sorted(days)) if len(days) < 7 else ())
