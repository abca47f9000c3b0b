"""What an article leaves in the file: versions, quotes at their offsets, sketches that find it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import desk
from ledger.sketches import sketch
from storage import Store
from tests.telling_news import NOON, article, claim, reading

TEXT = " ".join(f"sentence {n} about the flight home" for n in range(50))
SAID = reading(claim(children=33, date="2019-07-15"), text=TEXT, held=1500, officials=("Ahmad al-Sahhaf",))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "h.db") as opened:
        yield opened


def test_every_claim_and_figure_stands_at_its_offsets_in_its_version(store: Store) -> None:
    desk.file(store, article(SAID, 1), SAID, source=None, now=NOON)
    for table in ("claims", "figures"):
        (row,) = store.rows(f"select t.quote, t.quote_start, t.quote_end, v.text from {table} t "
                            "join versions v on v.id = t.version_id")
        assert row["text"][row["quote_start"]:row["quote_end"]] == row["quote"]
    assert store.rows("select name from officials") == [{"name": "Ahmad al-Sahhaf"}]


def test_a_claim_is_stored_whole_and_read_back_the_same(store: Store) -> None:
    desk.file(store, article(SAID, 1), SAID, source=None, now=NOON)
    assert store.claims_said(1) == SAID.claims
    assert store.claim(1).claim == SAID.claims[0]
    (row,) = store.rows("select main, kind, status, nationality, event_date from claims")
    assert row == {"main": 1, "kind": "repatriation", "status": "completed", "nationality": '["RU"]',
                   "event_date": "2019-07-15"}


def test_an_article_is_met_by_any_of_its_addresses_by_its_id_and_by_its_words(store: Store) -> None:
    one = article(SAID, 1, addresses=("https://m.news.test/1",), imported_id="en001")
    desk.file(store, one, SAID, source=None, now=NOON)
    for url in ("https://news.test/1", "https://m.news.test/1"):
        found = store.article_at([url])
        assert found is not None
        assert found.article_id == 1
    by_id = store.article_imported("en001")
    assert by_id is not None
    assert by_id.article_id == 1
    assert [near.article_id for near in store.articles_near(sketch(f"BAGHDAD {SAID.text} AFP").index, "x")] == [1]
    assert store.article_at(["https://news.test/2"]) is None
    assert store.articles_near(sketch("quite another story about tablets of clay from Ur").index, "x") == []


def test_an_address_of_one_article_is_never_taken_by_another(store: Store) -> None:
    desk.file(store, article(SAID, 1), SAID, source=None, now=NOON)
    other = reading(claim("NO", way="SY>NO", children=5), text="five orphans arrive from Erbil in the morning")
    desk.file(store, article(other, 2, addresses=("https://news.test/x",)), other, source=None, now=NOON)
    store_address = {row["url"]: row["article_id"] for row in store.rows("select url, article_id from addresses")}
    assert store_address == {"https://news.test/1": 1, "https://news.test/2": 2, "https://news.test/x": 2}


def test_boilerplate_that_stands_everywhere_finds_nothing(store: Store) -> None:
    with store.write():
        for n in range(1, 70):
            store.execute("insert into sketch_hashes (hash, article_id) values (7, ?)", (n,))
    assert store.articles_near([7], "x") == []


def test_earlier_versions_stay_word_for_word(store: Store) -> None:
    desk.file(store, article(SAID, 1), SAID, source=None, now=NOON)
    edited = reading(claim(children=32, date="2019-07-15"), text=f"{TEXT} corrected")
    desk.file(store, article(edited, 1), edited, source=None, now=NOON)
    rows = store.rows("select n, text, reading, why from versions order by n")
    assert [row["text"] for row in rows] == [SAID.text, edited.text]
    assert json.loads(rows[0]["reading"])["claims"] == [one.to_json() for one in SAID.claims]
    assert rows[1]["why"] == "the same address, and the text has changed"


def test_figures_of_old_news_and_of_copies_are_quiet(store: Store) -> None:
    desk.file(store, article(SAID, 1), SAID, source=None, now=NOON)
    copy = article(SAID, 2)
    desk.file(store, copy, SAID, source=None, now=NOON)
    old = reading(claim("FR", way="SY>FR", children=7), text="seven children arrive at Roissy", held=200)
    desk.file(store, article(old, 3), old, source=None, now=NOON, backfill=True)
    assert [row["quiet"] for row in store.rows("select quiet from figures order by id")] == [0, 1, 1]


ODD = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120)


@settings(deadline=None, max_examples=60)
@given(text=ODD, title=st.one_of(st.none(), ODD), outlet=ODD)
def test_any_text_can_be_filed_and_is_read_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, text: str,
                                                          title: str | None, outlet: str) -> None:
    said = reading(claim(children=33), text=text)
    with Store.open(tmp_path_factory.mktemp("odd") / "h.db") as store:
        desk.file(store, article(said, 1, title=title, outlet=outlet), said, source=None, now=NOON)
        (row,) = store.rows("select text, title from versions")
        assert (row["text"], row["title"]) == (said.text, title)
        store.search(text)
        store.search(title or outlet)
