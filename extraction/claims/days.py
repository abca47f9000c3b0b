"""Days and dates, resolved against the day of publication; never one that text and that day do not support."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from records.words import Basis, Precision

YEARS = range(1990, 2101)


@dataclass(frozen=True, slots=True)
class Day:
    """A resolved date: `iso` as long as its precision says."""

    iso: str
    precision: Precision
    basis: Basis


@dataclass(frozen=True, slots=True)
class Published:
    """When an article appeared: a day, a month, a year, or not known."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def exact(self) -> date | None:
        return date(self.year, self.month, self.day) if self.year and self.month and self.day else None

    @property
    def last(self) -> date | None:
        """The latest day it may have appeared."""
        if not self.year:
            return None
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def as_day(self) -> Day | None:
        if not self.year:
            return None
        if not self.month:
            return Day(f"{self.year:04}", Precision.YEAR, Basis.REPORTED)
        if not self.day:
            return Day(f"{self.year:04}-{self.month:02}", Precision.MONTH, Basis.REPORTED)
        return Day(f"{self.year:04}-{self.month:02}-{self.day:02}", Precision.DAY, Basis.REPORTED)


def published_of(text: str | None) -> Published:
    """Read an ISO 8601 time, day, month or year; what is none of these is "not known"."""
    match = re.match(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ]|$)", text or "")
    if not match or int(match[1]) not in YEARS:
        return Published()
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        date(year or 1, month or 1, day or 1)
    except ValueError:
        return Published()
    return Published(year, month, day)


@dataclass(frozen=True, slots=True)
class Mention:
    """A date as written, at tokens[start:end]; parts that are not written are None."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    shift: int | None = None  # days from the day of publication: 0 today, -1 yesterday
    last_year: bool = False
    last_month: bool = False
    months_back: int | None = None
    span: bool = False  # "2018-2021", "March and June 2019", "since 2017": a time, not a day
    future: bool = False

    def resolve(self, published: Published, *, planned: bool = False) -> Day | None:
        """The day, month or year meant; None where it can't be known from the text and the day of publication."""
        today = published.exact
        if self.span:
            return None
        if self.shift is not None:
            return relative(today + timedelta(days=self.shift)) if today else None
        if self.month:
            return self.in_month(published, ahead=planned or self.future)
        if self.weekday is not None and today is not None:
            ahead = (self.weekday - today.isoweekday()) % 7
            if planned or self.future:  # "due on Wednesday", printed on a Wednesday, is due that day
                return relative(today + timedelta(days=ahead or 7 * self.future))
            return relative(today - timedelta(days=(today.isoweekday() - self.weekday) % 7))
        return self.coarse(published)

    def in_month(self, published: Published, *, ahead: bool) -> Day | None:
        """A named month, with its day where there is one; without a year the last such before the publication."""
        assert self.month is not None
        year, last, month = self.year, published.last, self.month
        if self.last_year and published.year:
            year = published.year - 1
        if year is None and last is not None:
            year = last.year
            day = date(year, month, min(self.day or 1, monthrange(year, month)[1]))
            year -= day > last + timedelta(days=45 if ahead else 1)
        if year is None or (self.day or 1) > monthrange(year, month)[1]:
            return None
        basis = Basis.STATED if self.year else Basis.RELATIVE
        if self.day is None:
            return Day(f"{year:04}-{month:02}", Precision.MONTH, basis)
        return Day(f"{year:04}-{month:02}-{self.day:02}", Precision.DAY, basis)

    def coarse(self, published: Published) -> Day | None:
        """ "last month", "last year", "in 2019"."""
        if self.months_back is not None and published.year and published.month:
            months = published.year * 12 + published.month - 1 - self.months_back
            return Day(f"{months // 12:04}-{months % 12 + 1:02}", Precision.MONTH, Basis.RELATIVE)
        if self.last_year and published.year:
            return Day(f"{published.year - 1:04}", Precision.YEAR, Basis.RELATIVE)
        return Day(f"{self.year:04}", Precision.YEAR, Basis.STATED) if self.year else None


def relative(day: date) -> Day:
    return Day(day.isoformat(), Precision.DAY, Basis.RELATIVE)
