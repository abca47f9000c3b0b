"""The interval follows what each visit finds: properties over any visit, and feeds with habits of their own."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import policy, rhythm
from extraction.rhythm import asked_interval, skipped
from records.news import Endpoint, NextVisit, Outcome, Visit

NOW = datetime(2019, 7, 15, 8, 0, tzinfo=UTC)  # a Monday
DAY = 86_400.0
ENDPOINT = Endpoint(id=1, source_id="one", url="https://a.example/feed", interval=1000.0, visits=5, body_sha="x",
                    min_interval=300.0, max_interval=4000.0, last_success=NOW - timedelta(seconds=1000))
VISIT = Visit(endpoint_id=1, started_at=NOW, finished_at=NOW, outcome=Outcome.NOTHING_NEW, why="", status=200)


def plan(endpoint: Endpoint = ENDPOINT, dice: float = 0.5, **visit: object) -> NextVisit:
    return policy.next_visit(endpoint, replace(VISIT, **visit), dice=dice)  # type: ignore[arg-type]  # fields by name


def found(new: int, seen: int, gap: str = "") -> NextVisit:
    return plan(outcome=Outcome.NEW if new else Outcome.NOTHING_NEW, entries_new=new, entries_seen=seen, gap=gap)


def test_between_a_third_and_two_thirds_of_news_nothing_changes() -> None:
    assert [found(new, 30).interval for new in (10, 15, 20)] == [1000, 1000, 1000]


def test_more_news_shortens_the_interval_and_less_stretches_it_within_the_bounds() -> None:
    assert found(24, 30).interval == pytest.approx(625), "at that pace half would be new"
    assert found(30, 30).interval == 500
    assert found(9, 30).interval == 1500
    assert found(0, 30).interval == 1250
    assert plan(outcome=Outcome.UNCHANGED).interval == 1250
    quick = replace(ENDPOINT, interval=310.0, last_success=NOW - timedelta(seconds=310))
    assert plan(quick, outcome=Outcome.NEW, entries_new=9, entries_seen=9).interval == 300
    assert plan(replace(ENDPOINT, interval=3900.0, last_success=None)).interval == 4000


def test_an_outage_or_a_crawl_by_hand_teaches_nothing_wrong() -> None:
    long_ago = replace(ENDPOINT, last_success=NOW - timedelta(days=2))
    assert plan(long_ago, outcome=Outcome.NEW, entries_new=29, entries_seen=30).interval == 1000
    just_now = replace(ENDPOINT, last_success=NOW - timedelta(seconds=5))
    assert plan(just_now).interval == 1000
    assert plan(just_now, outcome=Outcome.NEW, entries_new=1, entries_seen=30).interval == 1000


def test_a_quiet_night_does_not_outrun_the_morning() -> None:
    busy = found(25, 30)
    assert busy.busiest == pytest.approx((25 - 2.5) / 30 / 1000)
    night = plan(replace(ENDPOINT, interval=800.0, busiest=busy.busiest))
    assert night.interval == pytest.approx(2 / 3 / busy.busiest, rel=0.01), "at the busiest pace two thirds are new"
    assert "as busy as it was" in night.why
    days = replace(ENDPOINT, busiest=busy.busiest, last_success=NOW - timedelta(days=6))
    assert plan(days).busiest == pytest.approx(busy.busiest / 4), "it fades"
    assert plan(replace(ENDPOINT, busiest=0.5), outcome=Outcome.TIMEOUT).busiest == 0.5
    assert plan(replace(ENDPOINT, visits=0), outcome=Outcome.NEW, entries_new=30, entries_seen=30).busiest == 0


def test_a_busy_endpoint_is_asked_on_in_an_outage_and_a_quiet_one_seldom() -> None:
    busy = replace(ENDPOINT, busiest=2 / 3 / 1500, failures=9)
    due = plan(busy, outcome=Outcome.TIMEOUT).next_due
    assert due - NOW == timedelta(seconds=1500), "in which what it shows may have changed altogether"
    assert plan(replace(busy, failures=60), outcome=Outcome.TIMEOUT).next_due - NOW == timedelta(days=1)
    asked = plan(busy, outcome=Outcome.THROTTLED, status=503, retry_after=4000.0)
    assert asked.next_due - NOW == timedelta(seconds=4000), "what it asks for goes above all"


def test_the_first_visit_teaches_nothing_but_what_its_dates_say() -> None:
    first = replace(ENDPOINT, visits=0)
    assert plan(first, outcome=Outcome.NEW, entries_new=30, entries_seen=30).interval == 1000
    steady = [NOW - timedelta(seconds=60 * n) for n in range(30)]
    pace = rhythm.pace_of(steady, NOW)
    assert pace == pytest.approx((15 - 0.5 * 15 ** 0.5) / 30 / 900)
    assert plan(first, outcome=Outcome.NEW, entries_new=30, entries_seen=30, pace=pace).interval < 1000 * 2
    fast = rhythm.pace_of([NOW - timedelta(seconds=30 * n) for n in range(30)], NOW)
    assert plan(first, outcome=Outcome.NEW, entries_new=30, entries_seen=30, pace=fast).interval < 1000


def test_dates_that_can_not_be_a_rhythm_are_none() -> None:
    assert rhythm.pace_of([NOW] * 30, NOW) == 0, "written in one go"
    assert rhythm.pace_of([NOW - timedelta(hours=n) for n in range(29)] + [None], NOW) == 0
    assert rhythm.pace_of([NOW + timedelta(hours=n) for n in range(30)], NOW) == 0
    assert rhythm.pace_of([], NOW) == 0


def test_a_gap_halves_the_interval_at_the_least() -> None:
    following = found(30, 30, gap="none was known")
    assert 400 < following.interval <= 500
    assert "much sooner" in following.why


@pytest.mark.parametrize(("known", "gap"), [
    ([False] * 30, True), ([True] + [False] * 29, True), ([True, True] + [False] * 28, True),
    ([True] * 3 + [False] * 27, False), ([False] * 29 + [True], False), ([False, False], False), ([], False),
    ([True, False, False], False), ([True] * 30, False)])
def test_a_visit_that_knows_nothing_of_what_it_meets_has_a_gap(known: list[bool], gap: bool) -> None:
    assert bool(rhythm.scrolled_off(ENDPOINT, known)) is gap
    assert not rhythm.scrolled_off(replace(ENDPOINT, visits=0), known), "a first visit has no gap behind it"


seconds = st.one_of(st.none(), st.floats(0, 1e9))


visits = st.builds(
    lambda new, known, **fields: replace(VISIT, entries_new=new, entries_seen=new + known, **fields),
    new=st.integers(0, 2000), known=st.integers(0, 2000), outcome=st.sampled_from(list(Outcome)),
    min_interval=seconds, retry_after=seconds, gap=st.sampled_from(["", "a gap"]))
endpoints = st.builds(
    lambda elapsed, **fields: replace(ENDPOINT, last_success=NOW - timedelta(seconds=elapsed), **fields),
    elapsed=st.floats(0, 1e7), interval=st.floats(300, 4000), failures=st.integers(0, 10_000),
    visits=st.integers(0, 99))


@given(endpoint=endpoints, visit=visits, dice=st.floats(0, 1, exclude_max=True))
def test_whatever_a_visit_finds_the_next_one_is_within_bounds_and_as_late_as_was_asked(
        endpoint: Endpoint, visit: Visit, dice: float) -> None:
    asked, retry = visit.min_interval, visit.retry_after
    following = policy.next_visit(endpoint, visit, dice=dice)
    wait = (following.next_due - NOW).total_seconds()
    assert wait >= min(retry or 0.0, DAY) - 1e-3
    assert wait <= DAY * 1.1 + 1, "a day and its jitter, whatever fails or is asked"
    assert following.active, "one visit alone gives nobody up"
    if visit.outcome.is_answer:
        assert wait >= min(asked or 0.0, DAY) - 1e-3
        assert following.interval <= max(4000.0, min(asked or 0.0, DAY))
        assert following.interval >= 300.0
    else:
        assert following.interval == endpoint.interval, "its rhythm is not forgotten for an outage"


@given(rate=st.floats(1 / 7200, 1 / 20), window=st.integers(5, 100), start=st.floats(300, 21_600),
       seed=st.integers(0, 999))
@settings(max_examples=60, deadline=None)
def test_a_feed_of_any_steady_rate_is_soon_met_half_known_and_misses_nothing(
        rate: float, window: int, start: float, seed: int) -> None:
    """`rate` entries a second, `window` of them shown. Once settled: no gap, and a third to two thirds known, unless
    a bound holds."""
    dice = random.Random(seed)
    endpoint = replace(ENDPOINT, interval=start, min_interval=300.0, max_interval=21_600.0)
    at, last = NOW, NOW - timedelta(seconds=start)
    shares, waits = [], []
    for turn in range(60):
        published = int((at - NOW).total_seconds() * rate) - int((last - NOW).total_seconds() * rate)
        new = min(published, window)
        gap = rhythm.scrolled_off(endpoint, [False] * new + [True] * (window - new))
        visit = replace(VISIT, finished_at=at, outcome=Outcome.NEW if new else Outcome.NOTHING_NEW, entries_new=new,
                        entries_seen=window, gap=gap)
        following = policy.next_visit(replace(endpoint, last_success=last), visit, dice=dice.random())
        if turn >= 40:
            waits.append(following.interval)
            shares.append(new / window)
            assert published <= window or following.interval <= 300.0 or rate * 300 * 1.1 > window, "missed entries"
        last, at, endpoint = at, following.next_due, replace(endpoint, interval=following.interval)
    share = sum(shares) / len(shares)
    coarse = 1.5 / window  # an entry more or less
    assert share <= 2 / 3 * 1.1 + coarse or min(waits) == 300.0
    assert share >= 1 / 3 * 0.9 - coarse or max(waits) == 21_600.0


@given(moment=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
       hours=st.frozensets(st.integers(0, 23)), days=st.frozensets(st.integers(0, 6)))
def test_a_feed_is_left_in_peace_when_it_asks_for_it(moment: datetime, hours: frozenset[int],
                                                     days: frozenset[int]) -> None:
    awake = rhythm.waking(moment, hours, days)
    assert moment <= awake <= moment + timedelta(days=7)
    if len(hours) < 24 and len(days) < 7:
        assert awake.hour not in hours
        assert awake.weekday() not in days


def test_the_hours_of_peace_move_the_next_visit_and_say_so() -> None:
    following = plan(skip_hours=(8, 9, 10), dice=0.0)
    assert following.next_due == NOW.replace(hour=11)
    assert "asks for peace until Mon 11:00" in following.why
    assert plan(skip_days=(0,), dice=0.0).next_due == NOW.replace(hour=0) + timedelta(days=1)


@pytest.mark.parametrize(("text", "hours", "days"), [
    ("<skipHours><hour>0</hour><hour>24</hour><hour>7</hour></skipHours>", (0, 7), ()),
    ("<skipdays><day>Sunday</day><day> sat </day><day>soon</day></skipdays>", (), (5, 6)),
    ("<skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(24)) + "</skipHours>", (), ()),
    ("<skipHours><hour>99</hour><hour>x</hour>", (), ()), ("", (), ())])
def test_the_hours_and_days_that_a_feed_names(text: str, hours: tuple[int, ...], days: tuple[int, ...]) -> None:
    assert skipped(f"<rss><channel>{text}<item/></channel></rss>") == (hours, days)
    assert skipped(f"<rss><channel>{'<item>x</item>' * 9000}{text}</channel></rss>") == (hours, days)


@pytest.mark.parametrize(("channel", "asked"), [
    ({"ttl": "60"}, 3600), ({"ttl": "-1"}, 0), ({"ttl": "soon"}, None), ({"ttl": "nan"}, None), ({}, None),
    ({"ttl": "9" * 400}, 7 * DAY), ({"sy_updateperiod": "hourly", "sy_updatefrequency": "2"}, 1800),
    ({"sy_updateperiod": "daily"}, DAY), ({"sy_updateperiod": "fortnightly"}, None)])
def test_the_interval_that_a_feed_asks_for(channel: dict[str, str], asked: float | None) -> None:
    assert asked_interval(channel) == asked


@pytest.mark.parametrize(("value", "wait"), [
    ("120", 120.0), ("Mon, 15 Jul 2019 08:10:00 GMT", 600.0), ("Mon, 15 Jul 2019 07:00:00 GMT", 0.0), (None, None),
    ("soon", None), ("-5", None), ("9" * 400, DAY), ("Mon, 15 Jul 9999 08:10:00 GMT", DAY), ("٣", None)])
def test_retry_after(value: str | None, wait: float | None) -> None:
    assert rhythm.retry_after(value, NOW) == wait


@pytest.mark.parametrize(("headers", "wait"), [
    ({"cache-control": "max-age=600"}, 600.0), ({"cache-control": "public, max-age=60, must-revalidate"}, 60.0),
    ({"cache-control": "no-cache, max-age=600"}, None), ({"cache-control": "max-age=0"}, None),
    ({"cache-control": "max-age=x"}, None), ({}, None), ({"cache-control": "max-age=" + "9" * 5000}, DAY),
    ({"cache-control": "max-age=600", "age": "100"}, 500.0), ({"cache-control": "max-age=600", "age": "900"}, None),
    ({"expires": "Mon, 15 Jul 2019 08:10:00 GMT"}, 600.0), ({"expires": "0"}, None),
    ({"expires": "Mon, 15 Jul 2019 08:10:00 GMT", "cache-control": "max-age=60"}, 60.0)])
def test_how_long_an_answer_stays_good(headers: dict[str, str], wait: float | None) -> None:
    assert rhythm.fresh_for(headers, NOW) == wait
