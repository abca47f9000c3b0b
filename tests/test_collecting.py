"""Endpoints, visits and entries in the store: leases, one transaction a visit, hosts, runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from records.errors import StoreError
from records.news import Drop, Endpoint, EndpointPlan, Entry, NextVisit, Outcome, SortedEntry, Source, Visit
from storage import Store
from storage.running import host_of

NOW = datetime(2019, 7, 15, 8, 0, tzinfo=UTC)
LEASE = timedelta(minutes=10)
SOURCES = (Source(id="a", name="A"), Source(id="b", name="B", mirrors=("b.example",)))
PLANS = (EndpointPlan(source_id="a", url="https://www.a.example/feed"),
         EndpointPlan(source_id="a", url="https://a.example/two"),
         EndpointPlan(source_id="b", url="https://b.example/feed", fetch="all", allow_private=True))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "h.db") as opened:
        opened.register(SOURCES, PLANS, NOW)
        yield opened


def claim(store: Store, now: datetime = NOW, owner: str = "me", limit: int = 10, **more: object) -> list[Endpoint]:
    return store.claim_endpoints(now=now, owner=owner, limit=limit, lease=LEASE, **more)  # type: ignore[arg-type]


def visited(endpoint: Endpoint, outcome: Outcome = Outcome.NEW, at: datetime = NOW, **more: object) -> Visit:
    return replace(Visit(endpoint_id=endpoint.id, started_at=at, finished_at=at, outcome=outcome, why="w", etag='"1"',
                         body_sha="s"), **more)  # type: ignore[arg-type]


def then(at: datetime = NOW, **more: object) -> NextVisit:
    return replace(NextVisit(next_due=at + timedelta(hours=1), interval=3600.0, why="plan"),
                   **more)  # type: ignore[arg-type]


def promise(key: str, url: str | None = "https://a.example/1", drop: Drop | None = None) -> SortedEntry:
    entry = Entry(key=key, url=url, title="t", authors=("x",), published=NOW)
    return SortedEntry(entry=entry, backfill=False, drop=drop)


def test_work_is_leased_once_and_one_a_host(store: Store) -> None:
    first = claim(store)
    assert sorted(e.url for e in first) == ["https://b.example/feed", "https://www.a.example/feed"]
    second = claim(store, owner="other")
    assert [e.url for e in second] == ["https://a.example/two"], "the other endpoint of a host whose first is leased"
    assert claim(store) == []
    assert store.owners() == {"me", "other"}
    assert store.leased(NOW) == 3
    assert len(claim(store, now=NOW + LEASE)) == 2, "a lease that ran out"
    store.release("me")
    assert store.owners() == {"other"}


def test_busy_and_cooling_hosts_and_other_sources_are_left_alone(store: Store) -> None:
    assert [e.source_id for e in claim(store, only=["b"])] == ["b"]
    assert claim(store, busy=["a.example"]) == []
    store.cool("a.example", NOW + timedelta(minutes=5), "429")
    store.cool("a.example", NOW + timedelta(minutes=1), "a shorter rest does not shorten it")
    assert store.cooling("a.example", NOW) == NOW + timedelta(minutes=5)
    assert claim(store) == []
    assert store.next_moment(NOW) is not None
    assert store.cooling("a.example", NOW + timedelta(minutes=6)) is None
    assert [e.source_id for e in claim(store, now=NOW + timedelta(minutes=6))] == ["a"]


def test_a_visit_is_kept_whole(store: Store) -> None:
    endpoint = next(e for e in claim(store) if e.source_id == "a")
    assert (endpoint.visits, endpoint.last_outcome, endpoint.conditional) == (0, None, True)
    drop = Drop(url="https://a.example/2", title="t", stage="entry", rule="off-topic", why="w", source_id="a", at=NOW)
    run = store.start_run(NOW, 1)
    entries = [promise("k1"), promise("k2", drop=drop), promise("k1")]
    assert store.finish_visit(visited(endpoint, entries_seen=3), entries, then(), run_id=run) == 2
    assert store.known_titles(endpoint.id, ["k1", "k3"]) == {"k1": "t"}
    again = claim(store, now=NOW + timedelta(hours=1), only=["a"], busy=[])
    again = [e for e in again if e.id == endpoint.id] or claim(store, now=NOW + timedelta(hours=1), only=["a"])
    found = again[0]
    assert (found.etag, found.body_sha, found.visits, found.interval) == ('"1"', "s", 1, 3600.0)
    assert found.last_outcome is Outcome.NEW
    assert store.finish_visit(visited(endpoint), entries, then(), run_id=run) == 0
    ended = store.run(run)
    assert ended is not None
    assert (ended.visits, ended.answered, ended.entries_new, ended.dropped) == (2, 2, 2, 1)
    assert store.rows("select rule, entry_id from drops") == [{"rule": "off-topic", "entry_id": 2}]


def test_entries_and_validators_stand_or_fall_together(store: Store) -> None:
    endpoint = claim(store)[0]
    broken = SortedEntry(entry=Entry(key="k2", url=None, title=None), backfill=False,
                         drop=Drop(url=None, title=None, stage="entry", rule=None, why="w",  # type: ignore[arg-type]
                                   source_id=None, at=NOW))
    with pytest.raises(StoreError):
        store.finish_visit(visited(endpoint), [promise("k1"), broken], then(), run_id=None)
    assert store.rows("select * from entries") == []
    assert store.rows("select etag from endpoints where etag is not null") == []
    assert store.rows("select * from visits") == []


def test_a_failure_keeps_the_validators_and_the_next_answer_clears_it(store: Store) -> None:
    endpoint = claim(store)[0]
    store.finish_visit(visited(endpoint), [], then(), run_id=None)
    store.finish_visit(visited(endpoint, Outcome.READER_KILLED, etag=None, body_sha=None), [], then(), run_id=None)
    row = store.rows("select * from endpoints where id = ?", (endpoint.id,))[0]
    assert (row["etag"], row["failures"], row["strikes"], row["visits"]) == ('"1"', 1, 1, 1)
    store.finish_visit(visited(endpoint, Outcome.UNCHANGED), [], then(), run_id=None)
    row = store.rows("select * from endpoints where id = ?", (endpoint.id,))[0]
    assert (row["failures"], row["strikes"], row["visits"], row["last_why"]) == (0, 0, 2, "w")


def test_a_permanent_redirect_is_counted_and_followed(store: Store) -> None:
    endpoint = next(e for e in claim(store) if e.source_id == "b")
    moved = visited(endpoint, final_url="https://c.example/feed", permanent=True)
    for _ in range(2):
        store.finish_visit(moved, [], then(), run_id=None)
    store.finish_visit(visited(endpoint, Outcome.TIMEOUT), [], then(), run_id=None)
    row = store.rows("select * from endpoints where id = ?", (endpoint.id,))[0]
    assert (row["moved_to"], row["moved_seen"]) == ("https://c.example/feed", 2), "an outage in between counts nothing"
    store.finish_visit(moved, [], then(url="https://c.example/feed"), run_id=None)
    row = store.rows("select * from endpoints where id = ?", (endpoint.id,))[0]
    assert (row["url"], row["host"], row["etag"], row["moved_seen"]) == ("https://c.example/feed", "c.example", None, 0)
    store.register(SOURCES, PLANS, NOW)
    assert store.rows("select url from endpoints where id = ?", (endpoint.id,))[0]["url"] == "https://c.example/feed"


def test_what_the_config_no_longer_names_rests_and_gone_is_asked_anew_after_that(store: Store) -> None:
    endpoint = next(e for e in claim(store) if e.source_id == "b")
    store.finish_visit(visited(endpoint, Outcome.GONE), [], then(active=False), run_id=None)
    later = NOW + timedelta(days=1)
    store.register(SOURCES, PLANS, later)
    assert claim(store, now=later, only=["b"]) == [], "still in the config: still gone"
    store.register(SOURCES[:1], PLANS[:2], later)
    store.register(SOURCES, PLANS, later)
    assert [e.id for e in claim(store, now=later, only=["b"])] == [endpoint.id]


def test_every_endpoint_can_be_asked_for_once(store: Store) -> None:
    for endpoint in claim(store):
        store.finish_visit(visited(endpoint), [], then(), run_id=None)
    soon = NOW + timedelta(seconds=1)
    due = claim(store, now=soon, since=soon)
    assert len(due) == 2
    for endpoint in due:
        store.finish_visit(visited(endpoint, at=soon), [], then(soon), run_id=None)
    assert [e.url for e in claim(store, now=soon, since=soon)] == ["https://www.a.example/feed"]


def test_promises_are_leased_postponed_settled_and_dropped(store: Store) -> None:
    endpoint = next(e for e in claim(store) if e.source_id == "b")
    store.finish_visit(visited(endpoint), [promise("k1"), promise("k2", "https://x.example/2"), promise("k3", None),
                                           promise("k4", None)], then(), run_id=None)
    terms = {"now": NOW, "owner": "me", "lease": LEASE}
    claimed = store.claim_promises(limit=10, **terms)  # type: ignore[arg-type]
    assert [(p.entry.key, p.source_id, p.allow_private, p.tries) for p in claimed] == [
        (key, "b", True, 0) for key in ("k1", "k2", "k3", "k4")]
    assert claimed[0].entry == promise("k1").entry
    assert store.claim_promises(limit=10, **terms) == []  # type: ignore[arg-type]
    store.postpone_promise(claimed[0].id, next_try=NOW + timedelta(minutes=5))
    store.settle_entry(claimed[1].id, 7, "filed")
    store.drop_promise(claimed[2].id, Drop(url=None, title=None, stage="page", rule="no-text", why="w", source_id="b",
                                           at=NOW))
    store.release("me")
    later = store.claim_promises(limit=10, now=NOW + timedelta(minutes=5), owner="me", lease=LEASE)
    assert {(p.entry.key, p.tries) for p in later} == {("k4", 0), ("k1", 1)}
    assert store.rows("select key, state, article_id from entries where state <> 'promised'") == [
        {"key": "k2", "state": "filed", "article_id": 7}, {"key": "k3", "state": "dropped", "article_id": None}]


def test_a_changed_title_is_promised_anew(store: Store) -> None:
    endpoint = next(e for e in claim(store) if e.source_id == "b")
    drop = Drop(url=None, title="t", stage="entry", rule="off-topic", why="w", source_id="b", at=NOW)
    store.finish_visit(visited(endpoint), [promise("k1"), promise("k2", drop=drop)], then(), run_id=None)
    store.settle_entry(1, 7, "filed")

    def changed(key: str, **more: Any) -> SortedEntry:
        again = promise(key, **more)
        return replace(again, entry=replace(again.entry, title="32, not 33"))

    assert store.finish_visit(visited(endpoint), [changed("k1", drop=drop)], then(), run_id=None) == 0
    assert store.rows("select state from entries where id = 1") == [{"state": "filed"}], "off topic now: left alone"
    assert store.finish_visit(visited(endpoint), [changed("k1"), changed("k2")], then(), run_id=None) == 0
    first, second = (store.claim_promises(limit=1, now=NOW, owner="me", lease=LEASE)[0] for _ in range(2))
    assert (first.entry.title, first.again) == ("32, not 33", True)
    assert (second.entry.title, second.again) == ("32, not 33", False), "it has no article yet"
    store.settle_entry(1, None, "filed")
    assert store.rows("select article_id from entries where id = 1") == [{"article_id": 7}]


def test_a_run_is_opened_moves_and_ends(store: Store) -> None:
    run = store.start_run(NOW, 123)
    store.progress(run, NOW + timedelta(minutes=1))
    last = store.last_run()
    assert last is not None
    assert last.ended_at is None
    store.end_run(run, NOW + timedelta(minutes=2), "done")
    last = store.last_run()
    assert last is not None
    assert (last.id, last.reason, last.ended_at) == (run, "done", NOW + timedelta(minutes=2))


def test_robots_txt_is_kept_by_authority(store: Store) -> None:
    assert store.robots("https://a.example") is None
    store.keep_robots("https://a.example", 200, "Disallow: /", NOW)
    store.keep_robots("https://a.example", 404, "", NOW + timedelta(1))
    assert store.robots("https://a.example") == (404, "", NOW + timedelta(1))


@pytest.mark.parametrize(("url", "host"), [
    ("https://www.A.example/x", "a.example"), ("http://a.example:80/", "a.example"),
    ("https://a.example:80/", "a.example:80"), ("http://127.0.0.1:8123/f", "127.0.0.1:8123"), ("http://[::1", "")])
def test_the_host_that_politeness_counts(url: str, host: str) -> None:
    assert host_of(url) == host


def test_a_clock_that_was_far_ahead_leaves_nothing_asleep_for_years(store: Store) -> None:
    """A machine that woke in 2199 visited everything; put right, it must not wait for 2199 again."""
    wrong, right = NOW + timedelta(days=65_000), NOW + timedelta(minutes=30)
    for endpoint in (*claim(store, now=wrong), *claim(store, now=wrong, owner="another")):
        store.finish_visit(visited(endpoint, at=wrong), [], then(wrong))
    for endpoint in claim(store, now=wrong):  # its host was busy before
        store.finish_visit(visited(endpoint, at=wrong), [], then(wrong))
    assert claim(store, now=right) == []
    store.register(SOURCES, PLANS, right)
    assert claim(store, now=right) != []
