"""What the watch sees: work that is due, what is stale, and what the nightly tidying trims."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from records.news import EndpointPlan, Outcome, Source, Visit
from records.news import NextVisit as Following
from scheduler.health import find_troubles
from storage import Store

NOW = datetime(2019, 7, 15, 8, tzinfo=UTC)


def _visit(store: Store, url: str, at: datetime, outcome: Outcome, next_due: datetime) -> None:
    endpoint, = (e for e in store.claim_endpoints(now=at, owner="t", limit=9, lease=timedelta(minutes=5), since=at)
                 if e.url == url)
    store.finish_visit(Visit(endpoint_id=endpoint.id, started_at=at, finished_at=at, outcome=outcome, why="",
                             status=200), [], Following(next_due=next_due, interval=900, why="test"), run_id=None)
    store.release("t")


def test_the_watch_sees_what_is_due_and_what_is_stale(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        assert find_troubles(store.state(NOW), NOW, timedelta(hours=6)) == [
            "Nothing is watched; `homeward crawl` or `homeward run` takes the config's sources in."]
        assert store.last_progress() is None
        store.register([Source(id="a", name="A")], [EndpointPlan(source_id="a", url="https://a.example/feed"),
                                                    EndpointPlan(source_id="a", url="https://b.example/feed")], NOW)
        later = NOW + timedelta(hours=1)
        assert store.overdue(later) == 2
        assert "has ever answered" in find_troubles(store.state(later), later, timedelta(hours=6))[0]
        _visit(store, "https://a.example/feed", later, Outcome.NOTHING_NEW, later + timedelta(minutes=15))
        _visit(store, "https://b.example/feed", later, Outcome.NOTHING_NEW, later + timedelta(minutes=15))
        state = store.state(later)
        assert (state.overdue, state.next_due, state.last_success) == (0, later + timedelta(minutes=15), later)
        assert find_troubles(state, later, timedelta(hours=6)) == []
        evening = later + timedelta(hours=8)
        troubles = find_troubles(store.state(evening), evening, timedelta(hours=6))
        assert troubles[0].startswith("No endpoint has answered since 2019-07-15 09:00")
        assert "is `homeward run` running?" in troubles[1]
        store.cool("b.example", evening + timedelta(hours=1), "429")
        assert store.overdue(evening) == 1, "what a resting host holds back is nobody's fault"


def test_tidying_keeps_what_is_news_and_trims_what_was_watch(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        store.register([Source(id="a", name="A")], [EndpointPlan(source_id="a", url="https://a.example/feed")], NOW)
        _visit(store, "https://a.example/feed", NOW, Outcome.NOTHING_NEW, NOW)
        store.end_run(store.start_run(NOW, 1), NOW, "done")
        store.cool("a.example", NOW + timedelta(hours=1), "429")
        progress = store.last_progress()
        assert progress is not None
        assert store.tidy(NOW + timedelta(days=30)) == 1  # the rest of the host
        assert store.tidy(NOW + timedelta(days=100)) == 1  # the visit
        assert store.tidy(NOW + timedelta(days=400)) == 1  # the run
        assert store.state(NOW).endpoints == 1
    assert (tmp_path / "h.db-wal").exists() is False or (tmp_path / "h.db-wal").stat().st_size == 0
