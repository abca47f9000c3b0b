"""The archive judged and read anew: nothing changes by itself, what changes is shown, and nobody is alerted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import desk
import ledger.grouping
from desk.rejudging import read_anew, rejudge
from desk.reviewing import merge_events, review_claim
from extraction.pages import article_from_text
from ledger.identity import Match
from records.claims import Claim
from records.ledger import StoredClaim
from records.review import Action
from storage import Store
from tests.command import Verb
from tests.telling_news import NOON, article, claim, reading

THEN = NOON + timedelta(days=9)
NEWS = (claim(children=33, date="2019-07-15"), claim(children=33, date="2019-07-15"),
        claim("KZ", way="IQ>KZ", children=14, date="2019-11-27"), claim(children=27, date="2019-02-10"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "h.db") as opened:
        yield opened


def tell(store: Store, *reports: Claim) -> None:
    for n, said in enumerate(reports, 1):
        read = reading(said, text=" ".join(f"w{n}x{word}" for word in range(80)))
        desk.file(store, article(read, n), read, source=None, now=NOON + timedelta(hours=n))


def groups(store: Store) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in store.export_claims():
        if row["event_id"] is not None:
            found.setdefault(row["event_id"], []).append(row["claim_id"])
    return found


def test_by_the_same_rules_nothing_changes(store: Store) -> None:
    tell(store, *NEWS)
    before, last = groups(store), store.last_revision()
    done = rejudge(store, now=THEN)
    assert (done.moved, done.claims, store.events_revised(last)) == (0, 4, [])
    assert (groups(store), store.last_revision()) == (before, last)


def test_by_other_rules_events_part_keep_their_numbers_and_nobody_is_told(store: Store,
                                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    tell(store, *NEWS)
    last = store.last_revision()
    monkeypatch.setattr(ledger.grouping, "match", lambda *_: None)
    done = rejudge(store, now=THEN)
    assert groups(store) == {1: [1], 2: [3], 3: [4], 4: [2]}
    assert (done.moved, done.last_event) == (1, 3)
    assert store.revisions(after=last, quiet=False) == []
    assert store.was_told(4), "its claim was told of, as event 1"
    monkeypatch.undo()
    last = rejudge(store, now=THEN).last_revision
    assert (store.events_revised(last, "merged"), groups(store)) == ([4], {1: [1, 2], 2: [3], 3: [4]})
    assert [row["fate"] for row in store.export_retired()] == ["merged"]


def test_corrections_hold_when_all_is_judged_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(store, *NEWS, claim(children=27, date="2019-02-10"))
    review_claim(store, Action.SPLIT, 2, now=THEN)
    merge_events(store, 2, 1, now=THEN)
    review_claim(store, Action.REJECT, 5, now=THEN)
    before = groups(store)
    assert rejudge(store, now=THEN).moved == 0
    assert groups(store) == before

    def whatever_is_near(one: StoredClaim, other: StoredClaim) -> Match:
        return Match(rank=(7.0,), why="whatever is near")
    monkeypatch.setattr(ledger.grouping, "match", whatever_is_near)
    rejudge(store, now=THEN)
    held = {claim_id: event for event, claims in groups(store).items() for claim_id in claims}
    assert held[1] != held[2]
    assert held[1] == held[3]
    assert 5 not in held


STORY = ("Iraq handed over 33 Russian children of Daesh members to Russia on Monday, the Foreign Ministry said. "
         "They flew from Baghdad to Moscow.")


def test_what_the_engine_now_reads_otherwise_is_read_anew_quietly(store: Store) -> None:
    told = article_from_text(STORY, title="Children fly home", published="2019-07-15", lang="en", imported_id="a")
    desk.file(store, told, desk.read(told), source=None, now=NOON)
    assert [one for _, one in read_anew(store) if one is not None] == []
    right = desk.read(told)
    (held,) = store.rows("select id, claim from claims where main = 1")
    wrong = json.loads(held["claim"]) | {"nationality": ["FR"]}
    with store.write():  # as an earlier engine may have read it
        store.execute("update claims set claim = ? where id = ?", (json.dumps(wrong), held["id"]))
        store.execute("update versions set reading = json_set(reading, '$.claims[0].nationality', json('[\"FR\"]'))")
    rejudge(store, now=THEN)
    last, (event,) = store.last_revision(), store.events()
    assert event.value("nationality") == "FR"
    done = rejudge(store, now=THEN, reread=True)
    (after,) = store.events()
    assert (done.articles_read, after.id, after.value("nationality")) == (1, event.id, "RU")
    assert store.revisions(after=last, quiet=False) == []
    assert len(right.claims) == len(list(store.export_claims()))
    assert [row["why"] for row in store.rows("select why from versions")][-1] == "the same text, read anew"


def test_a_run_that_was_interrupted_goes_on_where_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(store, *NEWS)
    monkeypatch.setattr(desk.rejudging, "BATCH", 1)
    monkeypatch.setattr(ledger.grouping, "match", lambda *_: None)

    def interrupt(stage: str, number: int) -> None:
        if number == 2:
            raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        rejudge(store, now=THEN, progress=interrupt)
    assert groups(store) == {1: [1], 2: [3], 3: [4], 4: [2]}
    seen: list[tuple[str, int]] = []
    done = rejudge(store, now=THEN, progress=lambda *said: seen.append(said))
    assert (done.resumed, done.claims, seen) == (True, 2, [("events", 1), ("events", 2)])
    assert not rejudge(store, now=THEN).resumed


def test_the_command_shows_what_would_change_and_changes_nothing(verb: Verb, tmp_path: Path) -> None:
    with Store.open(tmp_path / "x.db") as store:
        tell(store, *NEWS)
        with store.write():
            store.execute("update judgements set event_id = 3 where claim_id = 2")
    done = verb("--db", "x.db", "rejudge")
    assert "1 claim would be moved" in done.out
    assert "Nothing was changed; --apply does it." in done.out
    assert list(tmp_path.glob(".rejudge*")) == []
    assert "1 claim moved" in verb("--db", "x.db", "rejudge", "--apply").out
    told = json.loads(verb("--db", "x.db", "rejudge", "--json").out)
    assert (told["applied"], told["claims_moved"], told["changed"]) == (False, 0, {})
