"""What is usual for a source and what is not: volume, silence, rungs, gaps, a first visit that failed, pauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.summary import life
from crawler.sites import site_of
from records.health import Condition, EndpointHealth
from records.news import EndpointPlan, Entry, NextVisit, Outcome, SortedEntry, Source, Visit
from storage import Store
from storage.habits import Read, Week, return_note, rung_notes, volume_note
from storage.library import Database
from storage.schema import migrations
from tests.tell import digest

NOW = datetime(2019, 7, 15, 8, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://a.example/feed"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "h.db") as opened:
        opened.register([Source(id="a", name="A")], [EndpointPlan(source_id="a", url=URL)], NOW - 70 * DAY)
        yield opened


def visit(store: Store, at: datetime, outcome: Outcome = Outcome.NEW, new: int = 1, gap: str = "") -> None:
    """One visit that brings `new` entries never seen."""
    entries = [SortedEntry(backfill=False, entry=Entry(key=f"{at}{n}", url=None, title="t")) for n in range(new)]
    store.finish_visit(Visit(endpoint_id=1, started_at=at, finished_at=at, outcome=outcome, why="", status=200,
                             entries_seen=new, gap=gap),
                       entries, NextVisit(next_due=at + DAY, interval=900, why=""), run_id=None)


def health(store: Store, at: datetime = NOW) -> EndpointHealth:
    (source,) = store.source_health(at)
    (endpoint,) = source.endpoints
    return endpoint


def habit(store: Store, weeks: int = 8, new: int = 10) -> None:
    """A visit a day with so many entries, for weeks, up to a week ago."""
    visit(store, NOW - 69 * DAY, new=30)  # the very first visit is history, and no habit
    for day in range(7 * (weeks + 1), 7, -1):
        visit(store, NOW - day * DAY + DAY / 2, new=new)


def test_an_endpoint_that_was_never_asked_is_untried_and_one_whose_probe_failed_says_so(store: Store) -> None:
    assert health(store).condition is Condition.UNTRIED
    visit(store, NOW - DAY, Outcome.NOT_A_FEED, new=0)
    assert health(store).condition is Condition.MUTE
    assert "has given no entry since it is watched" in health(store).notes[0]
    visit(store, NOW - DAY / 2, Outcome.EMPTY, new=0)
    assert health(store).condition is Condition.MUTE, "a page that lists nothing is no success either"
    assert store.health(NOW - DAY, NOW).failing[0][0] == "A", "and the digest names it"
    visit(store, NOW - DAY / 4)
    assert health(store).condition is Condition.WELL
    assert health(store).history == "xo+"
    assert store.health(NOW - DAY, NOW).failing == ()


def test_volume_that_is_off_by_two_deviations_is_told(store: Store) -> None:
    habit(store)
    for day in reversed(range(7)):
        visit(store, NOW - day * DAY - DAY / 2, new=10)
    assert health(store).condition is Condition.WELL
    assert (health(store).new_week, health(store).usual_week) == (70, 70)
    assert store.health(NOW - DAY, NOW).odd == ()
    few = NOW + 7 * DAY
    for day in reversed(range(7)):
        visit(store, few - day * DAY - DAY / 2, new=2)
    found = health(store, few)
    assert found.condition is Condition.ODD
    assert found.notes[0].startswith("unusually few new entries: 14 in the last 7 days, and 70 ±")
    ((name, note),) = store.health(few - DAY, few).odd
    assert (name, note) == ("A", found.notes[0])
    assert store.health(few - timedelta(hours=1), few).odd == (), "an instant message does not look at weeks"


def test_silence_beyond_its_own_habit_is_told(store: Store) -> None:
    habit(store, new=1)
    visit(store, NOW - timedelta(hours=1), Outcome.UNCHANGED, new=0)
    assert health(store).condition is Condition.SILENT
    assert "far longer than usual" in health(store).notes[0]


def test_a_gap_is_told_for_a_week(store: Store) -> None:
    visit(store, NOW - 3 * DAY)
    visit(store, NOW - 2 * DAY, gap="none of the 30 entries had been seen before")
    visit(store, NOW - DAY, gap="none of the 20 entries had been seen before")
    assert health(store).notes == ("none of the 20 entries had been seen before (2 times this week)",)
    assert health(store).condition is Condition.ODD
    assert store.health(NOW - 2 * DAY, NOW).missed == ("A",)
    assert store.health(NOW - DAY / 2, NOW).missed == ()
    assert store.rows("select since, entries from gaps order by id desc limit 1") == [
        {"since": (NOW - 2 * DAY).isoformat(timespec="microseconds"), "entries": 1}]
    assert health(store, NOW + 8 * DAY).condition is Condition.WELL


def test_failing_gone_and_back_again(store: Store) -> None:
    visit(store, NOW - 9 * DAY)
    for day in range(8, 1, -1):
        visit(store, NOW - day * DAY, Outcome.TIMEOUT, new=0)
    found = health(store)
    assert (found.condition, found.asked, found.answered) == (Condition.FAILING, 5, 0)
    assert found.notes[0].startswith("failed 7 times in a row")
    visit(store, NOW - DAY)
    assert health(store).notes == ("answers again, after 7 failures in a row",)
    with store.write():
        store.execute("update endpoints set gone_at = ?", ("2019",))
    assert health(store).condition is Condition.GONE


def test_what_is_paused_is_not_claimed_not_overdue_and_not_failing(store: Store) -> None:
    visit(store, NOW - 2 * DAY, Outcome.TIMEOUT, new=0)
    terms = {"now": NOW, "owner": "me", "limit": 9, "lease": timedelta(minutes=1)}
    for what in ("a", URL):
        assert store.pause(what, NOW)
        assert not store.pause(what, NOW)
        assert store.paused() == {what: NOW}
        assert store.claim_endpoints(**terms) == []  # type: ignore[arg-type]
        assert (store.overdue(NOW), store.next_moment(NOW)) == (0, None)
        assert (store.state(NOW).endpoints, store.outages(1)) == (0, [])
        life = store.health(NOW - DAY, NOW)
        assert (life.paused, life.failing, life.endpoints) == (("A",), (), 0)
        assert health(store).condition is Condition.PAUSED
        assert store.resume(what)
        assert not store.resume(what)
    assert [one.url for one in store.claim_endpoints(**terms)] == [URL]  # type: ignore[arg-type]


def test_an_entry_of_a_paused_source_waits(store: Store) -> None:
    visit(store, NOW - DAY)
    store.pause("a", NOW)
    assert store.claim_promises(now=NOW, owner="me", limit=9, lease=timedelta(minutes=1)) == []
    store.resume("a")
    assert len(store.claim_promises(now=NOW, owner="me", limit=9, lease=timedelta(minutes=1))) == 1


def full(rung: str, n: int = 10) -> list[Read]:
    return [Read({"title": "json-ld", "published": rung}) for _ in range(n)]


def test_a_rung_that_stopped_answering_is_told() -> None:
    assert rung_notes(full("json-ld"), full("json-ld", 20)) == []
    (note,) = rung_notes(full("address"), full("json-ld", 20))
    assert note.startswith("the publication date of its pages came from json-ld and now comes from address")
    gone = [replace(one, ladder={"title": "json-ld"}) for one in full("x")]
    assert "now comes from nowhere" in rung_notes(gone, full("json-ld", 20))[0]
    assert rung_notes(full("address", 4), full("json-ld", 20)) == [], "four articles prove nothing"
    mixed = full("json-ld", 5) + full("meta", 5)
    assert rung_notes(full("address"), mixed * 2) == [], "there was no one rung to lose"


def test_pages_that_can_not_be_read_any_more_are_told() -> None:
    walled = [Read({}, "paywall")] * 7 + full("json-ld", 3)
    (note,) = rung_notes(walled, full("json-ld", 20))
    assert note == "7 of its last 10 articles are filed from the feed alone (paywall); 0% were before"
    assert rung_notes(walled, walled * 2) == [], "it was always so"
    assert len(rung_notes(walled, [])) == 1, "a new source whose pages can't be had from the first day"


@given(st.lists(st.builds(Week, st.integers(0, 9999), st.integers(0, 7)), min_size=1, max_size=9))
def test_a_volume_within_its_habit_is_never_told(weeks: list[Week]) -> None:
    counts = [week.new for week in weeks[1:] if week.days >= 5]
    told = volume_note(weeks)
    if told:
        assert len(counts) >= 4
        assert not min(counts) <= weeks[0].new <= max(counts) or len(set(counts)) > 1
    if len(set(counts)) == 1 and abs(weeks[0].new - counts[0]) < 5:
        assert told is None


@given(st.lists(st.booleans(), max_size=40))
def test_a_return_is_told_only_of_who_is_back(answers: list[bool]) -> None:
    told = return_note(answers)
    assert (told is not None) == (bool(answers) and answers[-1] and "0" * 6 in "".join("01"[one] for one in answers))


def test_a_database_of_the_first_release_is_brought_up_to_date_with_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    db = Database(path)
    migrations.apply(db, stop_before="m002_source_health")
    db.execute("insert into sources (id, name, kind) values ('a', 'A', 'news')")
    db.execute("insert into endpoints (source_id, asked_url, url, host, kind, interval, min_interval, max_interval, "
               "next_due) values ('a', ?, ?, 'feeds.a.co.uk', 'feed', 900, 300, 7200, '2019')",
               ("https://feeds.a.co.uk/", "https://feeds.a.co.uk/"))
    db.conn.commit()
    db.conn.close()
    with Store.open(path) as store:
        store.site_of = site_of
        store.register([Source(id="a", name="A")], [EndpointPlan(source_id="a", url="https://feeds.a.co.uk/")], NOW)
        (endpoint,) = store.claim_endpoints(now=NOW, owner="me", limit=9, lease=timedelta(minutes=1))
        assert (endpoint.skip_hours, endpoint.asked, endpoint.busiest) == ((), None, 0.0)
        assert store.rows("select host from endpoints") == [{"host": "a.co.uk"}], "politeness counts by domain now"


def test_the_digests_proof_of_life_says_what_rests_what_was_missed_and_what_changed() -> None:
    told = digest({"health": {"endpoints": 3, "asked": 3, "answered": 3, "paused": ["One"], "missed": ["Two"]}})
    assert told.health is not None
    told = replace(told, health=replace(told.health, odd=(("Three", "unusually few new entries"),)))
    lines = dict(life(told))
    assert lines["Paused"].startswith("One")
    assert lines["May have missed"].startswith("Two")
    assert lines["Changed"] == "Three: unusually few new entries"
