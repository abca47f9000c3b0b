"""What command line, digests and exports ask of the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import desk
from records.claims import Claim
from records.words import Group
from storage import Store
from storage.masks import cover
from tests.telling_news import NOON, article, claim, reading


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "h.db") as opened:
        yield opened


def tell(store: Store, n: int, *said: Claim, title: str | None = None, held: int | None = None,
         minors: tuple[str, ...] = (), backfill: bool = False) -> None:
    names = " and ".join(minors)
    read = reading(*said, text=f"words of report {n} only, with {names}. ", held=held, minors=minors)
    desk.file(store, article(read, n, title=title), read, source=None, now=NOON + timedelta(hours=n),
              backfill=backfill)


RUSSIA, FRANCE = claim("RU", children=33, date="2019-07-15"), claim("FR", way="SY>FR", children=12, date="2019-06-10")
PLAN = claim("TJ", way="IQ>TJ", children=75, status="planned")


def test_events_are_listed_by_nationality_status_and_time_the_last_changed_first(store: Store) -> None:
    for n, said in enumerate((RUSSIA, FRANCE, PLAN), 1):
        tell(store, n, said)
    assert [event.value("nationality") for event in store.events()] == ["TJ", "FR", "RU"]
    assert [event.value("children") for event in store.events(nationality=["RU", "FR"])] == [12, 33]
    assert [event.value("children") for event in store.events(status=["planned"])] == [75]
    assert len(store.events(since=NOON + timedelta(hours=2))) == 2
    assert len(store.events(limit=1)) == 1


def test_an_event_comes_with_every_claim_its_quote_and_its_address(store: Store) -> None:
    tell(store, 1, RUSSIA, title="Home")
    tell(store, 2, RUSSIA)
    event = store.event(1)
    assert event is not None
    assert [(one.outlet, one.url, one.title) for one in event.claims] == [
        ("Outlet 1", "https://news.test/1", "Home"), ("Outlet 2", "https://news.test/2", None)]
    assert all(one.claim.evidence.quote == "Came home: 33 children." for one in event.claims)
    assert store.event(99) is None


def test_an_event_is_read_back_as_it_was_reconciled(store: Store) -> None:
    tell(store, 1, RUSSIA)
    tell(store, 2, claim("RU", children=32, date="2019-07-15"))
    event = store.event(1)
    assert event is not None
    children = event.slots["children"]
    assert {children.preferred.value, *(other.value for other in children.others)} == {32, 33}
    assert children.disputed
    assert event.opened_at == NOON + timedelta(hours=1)
    assert event.changed_at == NOON + timedelta(hours=2)


def test_revisions_are_told_from_a_mark_to_a_mark_loud_or_all(store: Store) -> None:
    tell(store, 1, RUSSIA)
    mark = store.last_revision()
    tell(store, 2, claim("RU", children=32, date="2019-07-15"))
    tell(store, 3, FRANCE, backfill=True)
    last = store.last_revision()
    assert {one.event_id for one in store.revisions(after=mark)} == {1}
    assert {one.event_id for one in store.revisions(after=mark, quiet=True)} == {1, 2}
    assert store.revisions(after=mark, upto=mark) == []
    assert [one.id for one in store.revisions(quiet=True)] == list(range(1, last + 1))
    assert {one.event_id for one in store.revisions(event_id=2, quiet=True)} == {2}
    assert store.revision_before(NOON + timedelta(hours=2)) == mark


def test_what_an_edit_took_back_is_kept_and_what_it_left_is_not_repeated(store: Store) -> None:
    tell(store, 1, claim("RU", children=32, date="2019-07-15"), FRANCE)
    tell(store, 1, RUSSIA, FRANCE)
    russia, france = store.event(1), store.event(2)
    assert russia is not None
    assert france is not None
    assert [one.claim.counts[Group.CHILDREN].value for one in russia.claims] == [33]
    assert [one.claim.counts[Group.CHILDREN].value for one in store.withdrawn(russia)] == [32]
    assert store.withdrawn(france) == ()


def test_figures_are_told_with_their_article_and_not_those_of_an_earlier_version(store: Store) -> None:
    tell(store, 1, RUSSIA, held=1500)
    (figure,) = store.figures()
    assert (figure.what, figure.value, figure.place, figure.url) == ("held", 1500, "IQ", "https://news.test/1")
    assert store.figures(after=store.last_figure()) == []
    tell(store, 1, RUSSIA, held=1400)
    assert [one.value for one in store.figures(quiet=True)] == [1400]


def test_a_text_is_found_by_its_words_whatever_they_hold(store: Store) -> None:
    tell(store, 1, RUSSIA, title="Home from Baghdad")
    assert [row["id"] for row in store.search("baghdad report")] == [1]
    assert store.search("tablets") == []
    for odd in ("", '"', "a AND", "NEAR(", "title:x*", "\0"):
        store.search(odd)


def test_names_of_minors_are_withheld_from_events_and_every_export(store: Store) -> None:
    tell(store, 1, RUSSIA, held=1500, minors=("Amina Petrova",), title="Amina Petrova is home")
    told = [*store.export_claims(), *store.export_articles(), *store.export_figures(), *store.export_events()]
    assert "Amina" not in json.dumps(told, ensure_ascii=False)
    (exported,) = store.export_articles()
    assert "█████ ███████." in exported["text"]
    (kept,) = store.rows("select text from versions")
    assert "Amina Petrova" in kept["text"]
    assert len(exported["text"]) == len(kept["text"])
    assert store.search("Amina")[0]["title"] == "█████ ███████ is home"
    held = store.event(1)
    assert held is not None
    assert held.claims[0].title == "█████ ███████ is home"
    (row,) = store.export_claims()
    start, end = row["evidence"]["start"], row["evidence"]["end"]
    assert kept["text"][start:end] == row["evidence"]["quote"]


def test_a_minors_first_name_alone_is_covered_too_but_not_another_bearers() -> None:
    said = "Amina Petrova came. Amina smiled; Amina Orlova, a minister, and Olga Petrova did not."
    shown = cover(said, ((0, 13, "Amina Petrova"),))
    assert shown == "█████ ███████ came. █████ smiled; Amina Orlova, a minister, and Olga Petrova did not."


def test_a_minor_named_in_a_quote_is_covered_there_for_every_reader(store: Store) -> None:
    text = "Amina, 9, came home with 33 children."
    read = reading(RUSSIA, text=text)
    said = read.claims[0]
    start = read.text.index(text)
    moved = Claim.from_json(json.loads(json.dumps(said.to_json()).replace(
        json.dumps(said.evidence.to_json()), json.dumps({"quote": text, "start": start, "end": start + len(text)}))))
    named = type(read)(text=read.text, lang="en", relevant=True, why="", claims=(moved,),
                       minors=(type(said.evidence)(quote="Amina", start=start, end=start + 5),))
    desk.file(store, article(named, 1, title=None), named, source=None, now=NOON)
    event = store.event(1)
    assert event is not None
    assert event.claims[0].claim.evidence.quote == text.replace("Amina", "█████")
    assert "Amina" not in json.dumps(list(store.export_claims()), ensure_ascii=False)


def test_exported_claims_carry_the_contract_and_their_event(store: Store) -> None:
    tell(store, 1, RUSSIA, claim("RU", children=27, date="2019-02-10", main=False))
    main, mention = store.export_claims()
    assert (main["id"], main["main"], mention["main"]) == ("https://news.test/1", True, False)
    assert main["event_id"] != mention["event_id"]
    assert main["counts"]["children"]["value"] == 33
    assert Claim.from_json(main) == store.claim(main["claim_id"]).claim


def test_exported_events_hold_the_value_the_rule_and_the_others(store: Store) -> None:
    tell(store, 1, RUSSIA)
    tell(store, 2, claim("RU", children=32, date="2019-07-15"))
    (row,) = store.export_events()
    assert (row["nationality"], row["disputed"], row["independent"]) == (["RU"], True, 2)
    assert row["slots"]["children"]["others"][0]["outlets"]
