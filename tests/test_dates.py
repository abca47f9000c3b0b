"""Dates as papers of many countries write them: month names, calendars, names of zones, days that are none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extraction.calendars import from_jalali, month_named
from extraction.dates import find_date, read_date, within

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize("raw", [
    "15 تموز 2019", "١٥ تموز/يوليو ٢٠١٩", "الاثنين، 15 يوليو 2019", "15 جويلية 2019", "24 تیر 1398", "۱۳۹۸/۰۴/۲۴",
    "دوشنبه 24 تیر 1398", "15 июля 2019 г.", "понедельник, 15 июля 2019", "15 Temmuz 2019 Pazartesi", "15 juillet 2019",
    "lundi 15 juillet 2019", "Montag, 15. Juli 2019", "15 de julio de 2019", "15 juli 2019", "den 15 juli 2019",
    "15 korrik 2019", "15ê Tîrmehê 2019", "15 تەممووز 2019", "2019 жылғы 15 шілде", "15 шілде 2019 ж.",
    "2019-жылдын 15-июлу", "15 luglio 2019", "July 15th, 2019", "15/07/2019", "2019-07-15", "15.07.2019"])
def test_a_day_is_the_same_in_every_language(raw: str) -> None:
    written = read_date(raw)
    assert written is not None
    assert written.iso() == "2019-07-15"


@pytest.mark.parametrize("raw", [
    "2019-02-30", "30 February 2019", "30.02.2019", "30 février 2019", "31 de abril de 2019", "30 شباط 2019",
    "31 شهریور", "1399/13/01", "30 اسفند 1400", "05/06/2019", "15 Brumaire 2019", "25 ноября",
    "2019", "15 July 2019 25:00",
    "Mon, 15 Jul 2019 14:05:00 IST"])
def test_a_day_that_is_none_or_two_is_no_date(raw: str) -> None:
    assert read_date(raw) is None


@pytest.mark.parametrize(("raw", "country", "instant"), [
    ("Mon, 15 Jul 2019 14:05:00 IST", "IN", "2019-07-15T14:05:00+05:30"),
    ("Mon, 15 Jul 2019 14:05:00 IST", "IL", "2019-07-15T14:05:00+03:00"),
    ("Tue, 15 Jan 2019 14:05:00 IST", "IL", "2019-01-15T14:05:00+02:00"),
    ("Mon, 15 Jul 2019 14:05:00 IST", "IE", "2019-07-15T14:05:00+01:00"),
    ("2019-07-15 10:00 AST", "IQ", "2019-07-15T10:00:00+03:00"),
    ("15 Jul 2019 10:00 CST", "CN", "2019-07-15T10:00:00+08:00"),
    ("15 Jul 2019 10:00 CST", "US", "2019-07-15T10:00:00-05:00"),
    ("15 Jul 2019 10:00 CET", None, "2019-07-15T10:00:00+01:00"),
    ("15 июля 2019, 14:05 MSK", None, "2019-07-15T14:05:00+03:00")])
def test_a_zones_name_means_what_it_means_in_the_sources_country(
        raw: str, country: str | None, instant: str) -> None:
    written = read_date(raw, country)
    assert written is not None
    assert written.iso() == instant


@pytest.mark.parametrize(("raw", "hour", "minute"), [
    ("15 كانون الثاني 2020 الساعة 2:30 مساء", 14, 30), ("Samstag, 15. Juni 2019 um 14:05 Uhr", 14, 5),
    ("15 Mayıs 2019 | 14:05", 14, 5), ("۲۴ تیر ۱۳۹۸ - ۱۴:۰۵", 14, 5), ("Wednesday, February 25, 2026 - 21:07", 21, 7)])
def test_a_time_after_a_day_in_words_is_read(raw: str, hour: int, minute: int) -> None:
    written = read_date(raw)
    assert written is not None
    assert (written.timed, written.at.hour, written.at.minute) == (True, hour, minute)


@pytest.mark.parametrize(("text", "day"), [
    ("Syria | 24 November 2026 | 33 children return", "2026-11-24"), ("نشر في 15 تموز 2019 بغداد", "2019-07-15"),
    ("Posted on November 3, 2026 in News", "2026-11-03"), ("العراق 20-11-2026", "2026-11-20"),
    ("Baghdad 2026/11/20 10:30 said 700", "2026-11-20"), ("Tuesday at noon", None), ("5/6/2020 or so", None)])
def test_a_date_is_found_among_other_words(text: str, day: str | None) -> None:
    written = find_date(text)
    assert (written.iso() if written else None) == day


def test_only_days_since_1995_and_two_days_ahead_can_be_of_news() -> None:
    dated = {raw: within(read_date(raw), NOW) is not None for raw in (
        "1994-12-31", "1995-01-01", "2026-11-26", "2026-11-27", "1440/11/12")}
    assert [raw for raw, possible in dated.items() if possible] == ["1995-01-01", "2026-11-26"]


def test_the_solar_year_begins_in_march_and_leaps_like_the_sky() -> None:
    days = {year: str(from_jalali(year, 1, 1)) for year in (1398, 1399, 1403, 1404)}
    assert days == {1398: "2019-03-21", 1399: "2020-03-20", 1403: "2024-03-20", 1404: "2025-03-21"}
    assert str(from_jalali(1399, 12, 30)) == "2021-03-20"
    assert from_jalali(1400, 12, 30) is None
    assert month_named("listopad") is None, "October in Croatian, November in Polish"
