"""What a person decides in review: it holds, it is told, it survives another reading, and it can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import desk
from desk.reviewing import merge_events, review_claim, undo
from ledger.correcting import corrected, found_again, parse
from records.claims import Claim
from records.errors import ClaimError, StoreError
from records.ledger import Event, Verdict
from records.review import Action
from storage import Store
from tests.telling_news import NOON, article, claim, reading


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "h.db") as opened:
        yield opened


def words(n: int) -> str:
    return " ".join(f"w{n}x{word}" for word in range(80))


def tell(store: Store, n: int, *said: Claim, text: str | None = None, backfill: bool = False) -> Verdict:
    read = reading(*said, text=words(n) if text is None else text)
    return desk.file(store, article(read, n), read, source=None, now=NOON + timedelta(hours=n),
                     backfill=backfill).verdict


def events(store: Store) -> list[Event]:
    return sorted(store.events(), key=lambda event: event.id or 0)


def held(store: Store, event_id: int) -> set[int]:
    event = store.event(event_id)
    assert event is not None
    return {claim.id for claim in event.claims}


THEN = NOON + timedelta(days=1)
DAY: dict[str, Any] = {"date": "2019-07-15"}


def disputed(store: Store) -> None:
    """33 say two outlets, 32 says one."""
    for n, children in ((1, 33), (2, 33), (3, 32)):
        tell(store, n, claim(children=children, **DAY))


def test_an_accepted_claim_is_the_one_to_quote_and_ends_the_dispute(store: Store) -> None:
    disputed(store)
    assert events(store)[0].disputed
    before = store.last_revision()
    done = review_claim(store, Action.ACCEPT, 3, now=THEN)
    (event,) = events(store)
    slot = event.slots["children"]
    assert (slot.preferred.value, slot.rule, slot.preferred.confirmed, event.disputed) == (
        32, "confirmed by a person", True, False)
    assert {other.value for other in slot.others} == {33}
    told = store.revisions(after=before)
    assert [(one.slot, one.old, one.new) for one in told if one.slot == "children"] == [("children", 33, 32)]
    assert told[0].why.startswith("accepted in review")
    undo(store, done.correction_id, now=THEN)
    assert (events(store)[0].value("children"), events(store)[0].disputed) == (33, True)


def test_a_corrected_number_must_stand_in_the_article(store: Store) -> None:
    tell(store, 1, claim(children=33, **DAY), text=f"{words(1)}. In fact 27 flew, said the envoy, and 1,500 stayed.")
    review_claim(store, Action.CORRECT, 1, now=THEN, changes={"children": "27"})
    (event,) = events(store)
    assert event.value("children") == 27
    held = store.event(1)
    assert held is not None
    evidence = held.claims[0].claim.counts["children"].evidence  # type: ignore[index]
    assert evidence is not None
    assert "27 flew" in evidence.quote
    assert store.reading_text(1)[evidence.start:evidence.end] == evidence.quote
    with pytest.raises(ClaimError, match="does not stand in the article"):
        review_claim(store, Action.CORRECT, 1, now=THEN, changes={"children": "500"})
    assert len(store.corrections()) == 1
    assert json.loads(store.rows("select claim from claims")[0]["claim"])["counts"]["children"]["value"] == 33


def test_a_rejected_claim_counts_for_nothing_until_it_is_taken_back(store: Store) -> None:
    disputed(store)
    done = review_claim(store, Action.REJECT, 3, now=THEN)
    (event,) = events(store)
    assert (event.disputed, event.independent, event.slots["children"].others) == (False, 2, ())
    (row,) = [row for row in store.export_claims() if row["claim_id"] == 3]
    assert (row["review"], row["event_id"]) == ("reject", None)
    undo(store, done.correction_id, now=THEN)
    assert (events(store)[0].disputed, events(store)[0].independent) == (True, 3)


def test_an_event_whose_only_claim_is_rejected_is_no_event_any_more(store: Store) -> None:
    tell(store, 1, claim(children=33, **DAY))
    review_claim(store, Action.REJECT, 1, now=THEN)
    assert events(store) == []
    assert [(row["event_id"], row["fate"]) for row in store.export_retired()] == [(1, "deleted")]


def test_two_events_are_merged_and_parted_again(store: Store) -> None:
    tell(store, 1, claim("KZ", way="IQ>KZ", children=14, date="2019-11-27"))
    tell(store, 2, claim("KZ", way="IQ>KZ", children=33, date="2019-12-20"))
    done = merge_events(store, 2, 1, now=THEN)
    (event,) = events(store)
    assert held(store, 1) == {1, 2}
    assert event.disputed
    assert [(row["event_id"], row["fate"], row["into"]) for row in store.export_retired()] == [(2, "merged", 1)]
    tell(store, 3, claim("KZ", way="IQ>KZ", children=33, date="2019-12-20"))
    assert held(store, 1) == {1, 2, 3}, "what would have joined the one joins the other"
    undo(store, done.correction_id, now=THEN)
    assert (held(store, 1), held(store, 2)) == ({1, 3}, {2})


def test_a_claim_that_is_split_off_stays_apart_whatever_comes(store: Store) -> None:
    for n in (1, 2):
        tell(store, n, claim(children=33, **DAY))
    done = review_claim(store, Action.SPLIT, 2, now=THEN)
    assert [held(store, 1), held(store, 2)] == [{1}, {2}]
    assert tell(store, 2, claim(children=33, **DAY), text=f"{words(2)} edited") is Verdict.VERSION
    assert [held(store, 1), held(store, 2)] == [{1}, {3}]
    with pytest.raises(StoreError, match="nothing to split it from"):
        review_claim(store, Action.SPLIT, 1, now=THEN)
    with pytest.raises(StoreError, match="stands no longer"):
        review_claim(store, Action.SPLIT, 2, now=THEN)
    undo(store, done.correction_id, now=THEN)
    with pytest.raises(StoreError, match="in force"):
        undo(store, done.correction_id, now=THEN)


def test_a_claim_can_be_given_to_the_event_it_belongs_to(store: Store) -> None:
    tell(store, 1, claim(children=33, **DAY))
    tell(store, 2, claim(children=33, **DAY))
    tell(store, 3, claim("KZ", way="IQ>KZ", children=12, **DAY))
    review_claim(store, Action.SPLIT, 2, now=THEN, into=2)
    assert [held(store, 1), held(store, 2)] == [{1}, {2, 3}]


def test_a_corrected_nationality_takes_the_claim_to_another_event(store: Store) -> None:
    tell(store, 1, claim("RU", way="IQ>", children=33, **DAY))
    tell(store, 2, claim("KZ", way="IQ>", children=33, **DAY))
    done = review_claim(store, Action.CORRECT, 2, now=THEN, changes={"nationality": ["RU"]})
    assert held(store, 1) == {1, 2}
    undo(store, done.correction_id, now=THEN)
    assert [held(store, 1), held(store, 2)] == [{1}, {2}]


def test_corrections_survive_an_edited_text_while_their_sentence_stands(store: Store) -> None:
    tell(store, 1, claim(children=33, **DAY), text=f"{words(1)} 27 flew")
    review_claim(store, Action.CORRECT, 1, now=THEN, changes={"children": "27"})
    tell(store, 1, claim(children=33, **DAY), text=f"{words(1)} only 27 flew")
    assert events(store)[0].value("children") == 27
    tell(store, 1, claim(children=31, **DAY), text=f"{words(1)} only 27 flew")
    assert events(store)[0].value("children") == 31, "another sentence is for a person to look at again"
    assert "no longer finds its sentence" in store.doubts()[0].why


def test_the_queue_holds_disputes_and_sums_and_what_was_reviewed_leaves_it(store: Store) -> None:
    disputed(store)
    tell(store, 4, claim("FR", way="SY>FR", total=30, children=20, women=25, date="2019-06-10"))
    assert [(doubt.claim_id, doubt.why.split(":")[0]) for doubt in store.doubts()] == [
        (1, "disputed"), (2, "disputed"), (3, "disputed"), (4, "does not add up")]
    review_claim(store, Action.ACCEPT, 1, now=THEN)
    review_claim(store, Action.ACCEPT, 4, now=THEN)
    assert store.doubts() == []


def test_what_backfill_brought_is_corrected_without_telling_anybody(store: Store) -> None:
    for n, children in ((1, 33), (2, 32)):
        tell(store, n, claim(children=children, **DAY), backfill=True)
    review_claim(store, Action.ACCEPT, 1, now=THEN)
    assert store.revisions(quiet=False) == []


def test_corrections_are_exported_as_labelled_data(store: Store) -> None:
    tell(store, 1, claim(children=33, **DAY), text=f"{words(1)} 27 flew")
    done = review_claim(store, Action.CORRECT, 1, now=THEN, changes={"children": "27"}, note="the envoy says so")
    undo(store, done.correction_id, now=THEN)
    review_claim(store, Action.CORRECT, 1, now=THEN, changes={"children": "27"})
    first, undone, second = store.export_corrections()
    assert (first["undone"], undone["action"], undone["undoes"], second["undone"]) == (True, "undo", 1, False)
    assert first["note"] == "the envoy says so"
    assert second["read"]["counts"]["children"]["value"] == 33
    assert second["says"]["counts"]["children"]["value"] == 27
    quote = second["says"]["counts"]["children"]["evidence"]
    assert second["text"][quote["start"]:quote["end"]] == quote["quote"]


def test_what_a_person_writes_is_checked() -> None:
    assert [parse("children", text) for text in ("33", ">30", "~20", "none")] == ["33", ">30", "~20", None]
    assert parse("nationality", "ru,kz") == ["KZ", "RU"]
    assert (parse("event_date", "2019-07"), parse("main", "no"), parse("ordinal", "30")) == ("2019-07", False, 30)
    for slot, text in (("children", "many"), ("status", "done"), ("event_date", "15 July"), ("nationality", "Russia"),
                       ("main", "perhaps"), ("colour", "red"), ("event_date", "2019-7-1")):
        with pytest.raises(ClaimError):
            parse(slot, text)


def test_words_can_give_a_number_and_derived_sums_follow() -> None:
    said = claim(children=30, women=3)
    text = f"{said.evidence.quote} Thirty-three children in all, said the envoy."
    right = corrected(said, {"children": "33", "women": None}, text, "Thirty-three children")
    assert {str(group): count.value for group, count in right.counts.items()} == {"children": 33}
    with pytest.raises(ClaimError, match="does not stand in the article"):
        corrected(said, {"children": "33"}, text)
    with pytest.raises(ClaimError, match="does not stand in the article"):
        corrected(said, {"children": "33"}, text, "Forty children")


def test_a_claim_is_found_again_by_its_sentence() -> None:
    now, past = claim(children=33), claim(children=27, main=False)
    assert found_again(now, [claim(children=12), now], same_text=False) == 1
    assert found_again(now, [past], same_text=False) is None
    assert found_again(now, [past], same_text=True) == 0, "the same place in the same text"
