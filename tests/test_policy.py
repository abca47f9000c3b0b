"""When to come again, what to remember of a visit, what becomes of an entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler import policy
from crawler.policy import PageFate
from records.news import Endpoint, Entry, NextVisit, Outcome, Visit

NOW = datetime(2019, 7, 15, 8, 0, tzinfo=UTC)
ENDPOINT = Endpoint(id=1, source_id="one", url="https://a.example/feed", interval=1000.0, visits=5, body_sha="x",
                    min_interval=300.0, max_interval=4000.0)
VISIT = Visit(endpoint_id=1, started_at=NOW, finished_at=NOW, outcome=Outcome.NOTHING_NEW, why="", status=200)


def plan(endpoint: Endpoint = ENDPOINT, dice: float = 0.5, **visit: object) -> NextVisit:
    return policy.next_visit(endpoint, replace(VISIT, **visit), dice=dice)  # type: ignore[arg-type]  # fields by name


def wait(following: NextVisit) -> float:
    return (following.next_due - NOW).total_seconds()


def test_visits_that_fall_together_spread() -> None:
    assert wait(plan(dice=0.0)) == pytest.approx(0.9 * 1250)
    assert wait(plan(dice=0.99)) == pytest.approx(1.098 * 1250)
    first = replace(ENDPOINT, visits=0)
    assert wait(plan(first, dice=0.0)) == pytest.approx(0.5 * 1000)
    assert wait(plan(first, dice=0.98)) == pytest.approx(0.99 * 1000)


def test_a_server_that_asks_for_a_pause_gets_it_a_day_at_most() -> None:
    following = plan(min_interval=7200.0, dice=0.0)
    assert wait(following) == 7200
    assert following.interval == 7200
    assert "7200" in following.why
    assert wait(plan(retry_after=50_000.0)) == 50_000
    assert wait(plan(retry_after=9e9)) == 86_400


@pytest.mark.parametrize(("failures", "expected"), [(0, 1000), (1, 2000), (4, 16_000), (7, 86_400), (5000, 86_400)])
def test_failure_backs_off_up_to_a_day_and_never_gives_up(failures: int, expected: float) -> None:
    following = plan(replace(ENDPOINT, failures=failures), outcome=Outcome.TIMEOUT)
    assert wait(following) == pytest.approx(expected)
    assert following.active
    assert following.interval == 1000, "its rhythm is not forgotten for an outage"


def test_a_feed_that_kills_its_reader_is_asked_once_a_day_after_three_times() -> None:
    assert wait(plan(replace(ENDPOINT, strikes=1), outcome=Outcome.READER_KILLED)) == pytest.approx(1000)
    assert wait(plan(replace(ENDPOINT, strikes=2), outcome=Outcome.READER_KILLED)) == pytest.approx(86_400)


def test_gone_is_believed_the_second_time() -> None:
    assert plan(outcome=Outcome.GONE, status=410).active
    assert not plan(replace(ENDPOINT, last_outcome=Outcome.GONE), outcome=Outcome.GONE, status=410).active
    assert plan(replace(ENDPOINT, last_outcome=Outcome.GONE), outcome=Outcome.TIMEOUT).active


def test_a_permanent_redirect_is_believed_the_third_time() -> None:
    moved: dict[str, Any] = {"final_url": "https://b.example/feed", "permanent": True}
    assert plan(replace(ENDPOINT, moved_to="https://b.example/feed", moved_seen=1), **moved).url is None
    twice = replace(ENDPOINT, moved_to="https://b.example/feed", moved_seen=2)
    assert plan(twice, **moved).url == "https://b.example/feed"
    assert plan(replace(twice, moved_to="https://c.example/feed"), **moved).url is None, "it led elsewhere before"
    assert plan(twice, **moved | {"permanent": False}).url is None
    assert plan(twice, **moved, outcome=Outcome.HTTP_ERROR).url is None, "what is there is no feed"


def test_429_and_503_rest_the_whole_host() -> None:
    assert plan(outcome=Outcome.THROTTLED, status=429, retry_after=60.0).cool_until == NOW + timedelta(seconds=60)
    assert plan(outcome=Outcome.THROTTLED, status=429).cool_until == NOW + timedelta(minutes=15)
    assert plan(outcome=Outcome.HTTP_ERROR, status=503).cool_until == NOW + timedelta(minutes=2)
    assert plan(replace(ENDPOINT, failures=999), outcome=Outcome.THROTTLED, status=429).cool_until == NOW + timedelta(1)
    assert plan(outcome=Outcome.HTTP_ERROR, status=500).cool_until is None


def test_news_under_the_old_validators_switches_conditional_get_off() -> None:
    tagged = replace(ENDPOINT, etag='"1"', last_modified="Mon")
    assert not plan(tagged, outcome=Outcome.NEW, etag='"1"', last_modified="Tue").conditional
    assert plan(tagged, outcome=Outcome.NEW, etag='"2"', last_modified="Mon").conditional
    assert plan(tagged, outcome=Outcome.NOTHING_NEW, etag='"1"').conditional, "other bytes, the same news: harmless"
    assert not plan(replace(ENDPOINT, last_modified="Mon"), outcome=Outcome.NEW, last_modified="Mon").conditional
    assert plan(ENDPOINT, outcome=Outcome.NEW).conditional
    assert not plan(replace(ENDPOINT, conditional=False), outcome=Outcome.NEW).conditional, "it stays off"


def test_every_sixteenth_visit_is_unconditional() -> None:
    asked = [policy.asks_conditionally(replace(ENDPOINT, visits=n)) for n in range(1, 33)]
    assert asked.count(False) == 2
    assert not policy.asks_conditionally(replace(ENDPOINT, conditional=False))
    assert not policy.asks_conditionally(replace(ENDPOINT, body_sha=None))


def entry(**fields: object) -> Entry:
    return Entry(**{"key": "k", "url": "https://a.example/1", "title": "t"} | fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(("first", "age", "expected"), [
    (True, timedelta(hours=47), False), (True, timedelta(hours=49), True), (True, None, True),
    (False, timedelta(days=13), False), (False, timedelta(days=15), True), (False, None, False),
    (True, timedelta(days=-400), False)])
def test_what_is_backfill(first: bool, age: timedelta | None, expected: bool) -> None:
    published = None if age is None else NOW - age
    assert policy.is_backfill(entry(published=published), first=first, now=NOW, fresh_hours=48) is expected


@pytest.mark.parametrize(("fields", "on_topic", "fetch", "rule"), [
    ({}, True, "matching", None),
    ({}, False, "matching", "off-topic"),
    ({}, False, "all", None),
    ({"url": None}, True, "matching", None),
    ({"url": None}, False, "all", "no-link"),
    ({"url": "file:///etc/passwd"}, True, "all", "refused-address"),
    ({"url": "https://user:pw@a.example/"}, True, "all", "refused-address")])
def test_an_entry_is_promised_or_dropped_by_a_rule(fields: dict[str, object], on_topic: bool,
                                                   fetch: str, rule: str | None) -> None:
    sorted_ = policy.sort_entry(entry(**fields), on_topic=on_topic, why="migrants",
                                endpoint=replace(ENDPOINT, fetch=fetch), now=NOW, fresh_hours=48)
    assert (sorted_.drop.rule if sorted_.drop else None) == rule


@pytest.mark.parametrize(("outcome", "status", "fates"), [
    (Outcome.HTTP_ERROR, 404, "E"), (Outcome.HTTP_ERROR, 403, "E"), (Outcome.GONE, 410, "E"),
    (Outcome.ROBOTS, None, "E"), (Outcome.TOO_LARGE, None, "E"), (Outcome.REFUSED, None, "E"),
    (Outcome.HTTP_ERROR, 500, "AAE"), (Outcome.TIMEOUT, None, "AAE"), (Outcome.UNREACHABLE, None, "AAE"),
    (Outcome.THROTTLED, 429, "AAE")])
def test_a_page_that_may_come_later_is_tried_three_times(outcome: Outcome, status: int | None, fates: str) -> None:
    for tries, letter in enumerate(fates):
        expected = PageFate.AGAIN if letter == "A" else PageFate.FROM_ENTRY
        assert policy.page_fate(outcome=outcome, status=status, tries=tries) is expected
    assert policy.page_again(NOW, 0, None) == NOW + timedelta(minutes=5)
    assert policy.page_again(NOW, 1, 7200.0) == NOW + timedelta(hours=2)
