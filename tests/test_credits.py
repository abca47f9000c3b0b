"""Whose text it is: forty mastheads of one agency's text are one voice, and the agency's own text is the origin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import desk
from ledger.credits import credit_of
from ledger.keeping import is_earlier
from records.ledger import Verdict
from records.news import Source
from storage import Store
from tests.telling_news import NOON, article, claim, reading

CHILDREN = claim(children=33, date="2019-07-15")
LONG = " ".join(f"word{n} of this story alone" for n in range(60))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "h.db") as opened:
        yield opened


@pytest.mark.parametrize(("text", "agency"), [
    ("BAGHDAD (AFP) - Iraq handed over children", "AFP"), ("MOSCOW, July 10 (Reuters) – They came", "Reuters"),
    ("МОСКВА, 10 февраля. /ТАСС/. Дети", "TASS"), ("МОСКВА, 10 фев — РИА Новости. Самолет", "RIA Novosti"),
    ("بغداد (أ ف ب) - أعلنت", "AFP"), ("They came home.\nSource: Tigris Wire", "Tigris Wire"),
    ("They came home. (AP)", "AP"), ("They came home.\n© 2019 AFP", "AFP"), ("They came home — Reuters", "Reuters"),
    ("They came home.\nCopyright Agence France-Presse. All rights reserved", "AFP"),
    ("They came home, Reuters reported. Then they left", None), ("They came.\nSource: Iraqi Foreign Ministry", None),
    ("The camp (SDF) - guarded by many", None), ("BAGHDAD — Children came home", None), ("", None)])
def test_datelines_and_credit_lines_name_the_agency_and_attributions_do_not(text: str, agency: str | None) -> None:
    assert credit_of(text) == agency


def tell(store: Store, n: int, text: str, outlet: str = "", *, published: str | None = None,
         source: Source | None = None) -> Verdict:
    said = reading(CHILDREN, text=text)
    return desk.file(store, article(said, n, outlet=outlet, published=published), said, source=source,
                     now=NOON + timedelta(hours=n)).verdict


def test_mastheads_that_edit_an_agencys_text_beyond_recognition_are_one_voice(store: Store) -> None:
    for n in range(1, 41):
        rewritten = " ".join(f"w{n}x{word}" for word in range(80))
        assert tell(store, n, f"{rewritten}\nSource: Tigris Wire") is Verdict.NEW
    (event,) = store.events()
    assert event.independent == 1
    tell(store, 50, " ".join(f"own{word}" for word in range(80)))
    assert store.events()[0].independent == 2


def test_the_agencys_own_text_is_the_origin_though_it_comes_last(store: Store) -> None:
    tell(store, 1, LONG, "The Paper")
    tell(store, 2, f"{LONG} said", "The Post")
    assert tell(store, 3, LONG, "Tigris", source=Source(id="tigris", name="Tigris", kind="wire")) is Verdict.COPY
    assert {row["id"]: row["origin_id"] for row in store.rows("select id, origin_id from articles")} == {
        1: 3, 2: 3, 3: None}
    assert tell(store, 4, f"{LONG} added", "The Mail") is Verdict.COPY
    assert store.rows("select origin_id from articles where id = 4") == [{"origin_id": 3}]
    assert store.events()[0].independent == 1


def test_of_papers_the_one_that_printed_first_is_the_origin(store: Store) -> None:
    tell(store, 1, LONG, "The Paper", published="2019-07-16")
    tell(store, 2, LONG, "The Post", published="2019-07-15")
    tell(store, 3, LONG, "The Mail", published="2019-07-15")
    assert [row["origin_id"] for row in store.rows("select origin_id from articles order by id")] == [2, None, 2]


def test_times_are_compared_where_both_say_them() -> None:
    assert is_earlier("2019-07-15T10:00:00+03:00", "2019-07-15T08:00:00+00:00")
    assert not is_earlier("2019-07-15T10:00:00", "2019-07-15")
    assert not is_earlier("2019-07", "2019-08-01")
    assert not is_earlier(None, "2019-08-01")
