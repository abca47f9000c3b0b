"""One article's way into the ledger, through a real file: filed whole or not at all, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import desk
from records.claims import Claim, Reading
from records.errors import StoreError
from records.ledger import Change, Decision, Verdict
from records.news import Article, EndpointPlan, Entry, NextVisit, Outcome, SortedEntry, Visit
from storage import Store
from tests.telling_news import MINISTRY, NOON, PRESSTV, article, claim, reading

LONG = " ".join(f"word{n} of this story alone" for n in range(60))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "h.db") as opened:
        yield opened


def tell(store: Store, n: int, *said: Claim, text: str | None = None, backfill: bool = False,
         **more: str) -> Decision:
    """File article `n`, whose text is its own unless given."""
    read = reading(*said, text=f"{text or LONG.replace('word', f'w{n}x')}")
    return desk.file(store, article(read, n, **more), read, source=None, now=NOON + timedelta(hours=n),
                     backfill=backfill)


def told(store: Store, quiet: bool = False) -> list[tuple[str, str | None, object, object]]:
    return [(str(one.change), one.slot, one.old, one.new) for one in store.revisions(quiet=quiet)]


CHILDREN = claim(children=33, date="2019-07-15", reported=True)


def test_a_new_article_opens_an_event_with_its_claim_and_its_quote(store: Store) -> None:
    decision = tell(store, 1, CHILDREN)
    assert (decision.verdict, decision.article_id) == (Verdict.NEW, 1)
    (event,) = store.events()
    assert event.id is not None
    held = store.event(event.id)
    assert held is not None
    assert (held.value("children"), held.value("destination_country"), held.independent) == (33, "RU", 1)
    assert held.claims[0].url == "https://news.test/1"
    assert held.claims[0].claim.evidence.quote == "Came home: 33 children."
    assert told(store) == [("opened", None, None, None)]


def test_a_second_outlet_with_another_number_revises_or_disputes_and_a_third_adds_a_source(store: Store) -> None:
    tell(store, 1, CHILDREN, published="2019-07-15")
    tell(store, 2, claim(children=32, date="2019-07-15", reported=True), published="2019-07-16")
    assert ("revised", "children", 33, 32) in told(store)
    tell(store, 3, CHILDREN, published="2019-07-16")
    assert told(store)[-1][:4] == ("revised", "children", 32, 33)
    before = store.last_revision()
    tell(store, 4, CHILDREN, published="2019-07-16")
    assert [one.change for one in store.revisions(after=before)] == [Change.SOURCE]
    (event,) = store.events()
    assert (event.value("children"), event.slots["children"].disputed, event.independent) == (33, True, 4)


def test_a_plan_and_its_execution_are_one_event_whose_status_changes(store: Store) -> None:
    tell(store, 1, claim("UZ", way="IQ>UZ", children=65, status="planned", operation="Mehr-2", date="2019-09-10",
                         reported=True))
    tell(store, 2, claim("UZ", way="IQ>UZ", children=64, operation="Mehr-2", date="2019-10-10"))
    assert ("status", "status", "planned", "completed") in told(store)
    assert len(store.events()) == 1


def test_a_wire_text_under_another_masthead_is_a_copy_and_adds_a_source_that_is_not_independent(store: Store) -> None:
    tell(store, 1, CHILDREN, text=LONG)
    copy = tell(store, 2, CHILDREN, text=f"BAGHDAD AFP {LONG} Copyright AFP")
    assert (copy.verdict, copy.origin_id) == (Verdict.COPY, 1)
    (event,) = store.events()
    assert event.independent == 1
    assert [one[0] for one in told(store)] == ["opened", "source"]


def test_many_mastheads_of_one_text_are_all_found_to_be_copies(store: Store) -> None:
    tell(store, 1, CHILDREN, text=LONG)
    assert {tell(store, n, CHILDREN, text=f"Paper {n} prints {LONG}").verdict for n in range(2, 80)} == {Verdict.COPY}
    assert store.events()[0].independent == 1


def test_the_same_article_at_a_mirror_is_known_and_changes_nothing(store: Store) -> None:
    first = reading(CHILDREN, text=LONG)
    desk.file(store, article(first, 1, outlet="Press TV"), first, source=PRESSTV, now=NOON)
    again = desk.file(store, article(first, 2, outlet="Press TV"), first, source=PRESSTV, now=NOON)
    assert (again.verdict, again.article_id) == (Verdict.KNOWN, 1)
    assert len(store.rows("select * from articles")) == 1
    assert store.known_address({"https://news.test/2"}) == 1
    assert [one[0] for one in told(store)] == ["opened"]


def test_an_edited_article_is_a_version_whose_claims_replace_the_old_ones(store: Store) -> None:
    tell(store, 1, CHILDREN, text=LONG)
    edited = tell(store, 1, claim(children=27, date="2019-07-15", reported=True), text=f"{LONG} corrected")
    assert (edited.verdict, edited.article_id) == (Verdict.VERSION, 1)
    (event,) = store.events()
    assert (event.value("children"), event.slots["children"].others, event.independent) == (27, (), 1)
    assert ("revised", "children", 33, 27) in told(store)
    assert len(store.rows("select * from claims")) == 2
    assert [row["n"] for row in store.rows("select n from versions order by n")] == [1, 2]
    assert len(list(store.export_claims())) == 1


def test_a_headline_edit_alone_alerts_nobody(store: Store) -> None:
    tell(store, 1, CHILDREN, text=LONG, title="Home")
    before = store.last_revision()
    assert tell(store, 1, CHILDREN, text=LONG, title="Home at last").verdict is Verdict.VERSION
    assert store.revisions(after=before, quiet=False) == []


def test_a_corrected_article_may_move_to_another_event_and_the_first_forgets_it(store: Store) -> None:
    tell(store, 1, claim("RU", children=33, date="2019-07-15"), text=LONG)
    tell(store, 1, claim("KZ", way="IQ>KZ", children=33, date="2019-07-15"), text=f"{LONG} corrected")
    assert [event.value("nationality") for event in store.events()] == ["KZ"]
    assert ("revised", "children", 33, None) in told(store)


def test_an_irrelevant_article_leaves_a_drop_with_its_reason_and_nothing_else(store: Store) -> None:
    read = reading(text="Four antiquities came home.", relevant=False, why="antiquities, no people")
    decision = desk.file(store, article(read, 1, title="Tablets"), read, source=None, now=NOON)
    assert (decision.verdict, decision.why) == (Verdict.DROPPED, "antiquities, no people")
    assert store.rows("select * from articles") == []
    (drop,) = store.rows("select stage, rule, why, url from drops")
    assert drop == {"stage": "relevance", "rule": "off-topic", "why": "antiquities, no people",
                    "url": "https://news.test/1"}


def test_a_paywall_at_a_known_address_takes_no_claim_back(store: Store) -> None:
    tell(store, 1, CHILDREN, text=LONG)
    wall = reading(text="Subscribe to read on.", relevant=False, why="nothing of the topic")
    decision = desk.file(store, article(wall, 1), wall, source=None, now=NOON)
    assert (decision.verdict, decision.article_id) == (Verdict.KNOWN, 1)
    assert store.events()[0].value("children") == 33


def test_mentions_open_events_quietly_until_an_article_reports_them(store: Store) -> None:
    past = claim(children=27, date="2019-02-10", main=False)
    tell(store, 1, CHILDREN, past)
    assert told(store) == [("opened", None, None, None)]
    assert len(store.events()) == 2
    tell(store, 2, replace(past, main=True))
    assert [one[0] for one in told(store)] == ["opened", "opened"]
    assert len(store.events()) == 2


def test_backfill_is_filed_and_tells_nobody_and_fresh_news_of_it_is_told_as_new(store: Store) -> None:
    tell(store, 1, CHILDREN, backfill=True)
    assert told(store) == []
    assert told(store, quiet=True) == [("opened", None, None, None)]
    tell(store, 2, CHILDREN)
    assert [one[0] for one in told(store)] == ["opened"]


def test_the_three_movements_of_one_article_are_three_events(store: Store) -> None:
    tell(store, 1, CHILDREN, claim(children=27, date="2019-02-10", main=False),
         claim(children=30, date="2018-12-30", main=False))
    assert sorted(str(event.value("children")) for event in store.events()) == ["27", "30", "33"]


def test_an_article_that_tells_two_stories_as_one_flight_merges_their_events(store: Store) -> None:
    kosovo = claim("XK", way="SY>XK", total=11, date="2021-07-17")
    skopje = claim("MK", way="SY>MK", total=23, date="2021-07-18")
    tell(store, 1, kosovo)
    tell(store, 2, skopje)
    tell(store, 3, claim("MK+XK", way="SY>", total=34, date="2021-07-17"), replace(kosovo, main=False),
         replace(skopje, main=False))
    (event,) = store.events()
    assert (event.value("nationality"), event.value("total"), event.independent) == ("MK,XK", 34, 3)
    gone = [row["id"] for row in store.rows("select id from events where merged_into = ?", (event.id,))]
    assert gone
    assert [one.event_id for one in store.revisions(quiet=True) if one.change is Change.MERGED] == gone
    assert {row["event_id"] for row in store.export_claims()} == {event.id}
    assert {row["event_id"] for row in store.rows("select event_id from event_keys")} == {event.id}


def test_imported_lines_keep_their_ids_and_rows_even_as_duplicates_at_one_address(store: Store) -> None:
    read = reading(CHILDREN, text=LONG)
    for name in ("en001", "en002"):
        desk.file(store, article(read, 1, imported_id=name), read, source=None, now=NOON)
    rows = list(store.export_claims())
    assert [(row["id"], row["main"]) for row in rows] == [("en001", True), ("en002", True)]
    assert len({row["event_id"] for row in rows}) == 1
    again = desk.file(store, article(read, 1, imported_id="en002"), read, source=None, now=NOON)
    assert again.verdict is Verdict.KNOWN


def promise(store: Store) -> int:
    """A promised entry, as a crawl leaves it."""
    plan = EndpointPlan(source_id="presstv", url="https://news.test/feed")
    store.register([PRESSTV], [plan], NOON)
    visit = Visit(endpoint_id=1, started_at=NOON, finished_at=NOON, outcome=Outcome.NEW, why="", entries_seen=1)
    entry = SortedEntry(entry=Entry(key="a", url="https://news.test/1", title="Home"), backfill=False)
    store.finish_visit(visit, [entry], NextVisit(next_due=NOON, interval=900, why=""), run_id=None)
    return int(store.rows("select id from entries")[0]["id"])


def test_filing_settles_the_promised_entry_and_counts_in_its_run(store: Store) -> None:
    entry_id, run_id, read = promise(store), store.start_run(NOON, 1), reading(CHILDREN, text=LONG)
    desk.file(store, article(read, 1), read, source=PRESSTV, now=NOON, entry_id=entry_id, run_id=run_id)
    assert store.rows("select state, article_id from entries") == [{"state": "filed", "article_id": 1}]
    run = store.last_run()
    assert run is not None
    assert (run.articles_new, run.dropped) == (1, 0)


def test_a_dropped_article_settles_its_entry_as_dropped(store: Store) -> None:
    entry_id, read = promise(store), reading(text="Tablets came home.", relevant=False, why="antiquities")
    desk.file(store, article(read, 1), read, source=PRESSTV, now=NOON, entry_id=entry_id)
    assert store.rows("select state, article_id from entries") == [{"state": "dropped", "article_id": None}]
    assert store.rows("select entry_id from drops") == [{"entry_id": entry_id}]


def test_an_article_is_filed_whole_or_not_at_all(store: Store) -> None:
    entry_id, read = promise(store), reading(CHILDREN, text=LONG, held=1500)
    store.db.execute("create trigger full before insert on revisions begin select raise(abort, 'disk is full'); end")
    with pytest.raises(StoreError, match="disk"):
        desk.file(store, article(read, 1), read, source=PRESSTV, now=NOON, entry_id=entry_id)
    for table in ("articles", "versions", "claims", "figures", "events", "judgements", "addresses", "sketches",
                  "sketch_hashes", "event_keys", "decisions", "drops"):
        assert store.rows(f"select * from {table}") == [], table
    assert store.rows("select state from entries") == [{"state": "promised"}]
    store.db.execute("drop trigger full")
    assert desk.file(store, article(read, 1), read, source=PRESSTV, now=NOON, entry_id=entry_id).article_id == 1


def test_every_decision_and_every_judgement_says_why(store: Store) -> None:
    tell(store, 1, CHILDREN)
    tell(store, 2, CHILDREN)
    assert all(row["why"] for table in ("decisions", "judgements", "revisions", "versions")
               for row in store.rows(f"select why from {table}"))


def test_an_official_source_counts_as_official(store: Store) -> None:
    tell(store, 1, CHILDREN, published="2019-07-16")
    read = reading(claim(children=32, date="2019-07-15", reported=True), text="other words of the ministry")
    desk.file(store, article(read, 2, published="2019-07-15"), read, source=MINISTRY, now=NOON)
    assert store.events()[0].value("children") == 32


def test_a_reading_can_be_had_from_the_desk() -> None:
    text = "Iraq handed over 33 Russian children of Daesh members to Russia in Baghdad on Wednesday."
    read = desk.read(Article(url=None, source_id=None, outlet=None, title=None, text=text, published="2019-07-12"))
    assert isinstance(read, Reading)
    assert read.text == text
