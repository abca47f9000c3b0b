"""why, rescue, review and the sheet, as a person meets them."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

import desk
from homeward import sheet
from homeward.commands.review import Session
from storage import Store
from tests.command import CONFIG, Verb, open_paper, sentence
from tests.server import serving
from tests.telling_news import NOON, article, claim, reading


def tell(store: Store, n: int, children: int, *, text: str = "") -> None:
    read = reading(claim(children=children, date="2019-07-15"), text=text or " ".join(f"w{n}x{i}" for i in range(80)))
    desk.file(store, article(read, n, published="2019-07-15"), read, source=None, now=NOON + timedelta(hours=n))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A ledger in which 33 and 32 children dispute one flight."""
    with Store.open(tmp_path / "book.db") as store:
        for n, children in ((1, 33), (2, 33), (3, 32)):
            tell(store, n, children)
    return tmp_path / "book.db"


def test_a_dropped_address_is_explained_taken_back_in_and_kept_whatever_the_topic_rule_says(
        verb: Verb, tmp_path: Path) -> None:
    with serving() as server:
        open_paper(server)
        server.page("/b", "Cup final tonight", "The cup final is tonight at nine in the old stadium of the town, and "
                    "the town is full of people who came from far to see it, some of them on foot and some by train.")
        (tmp_path / "homeward.toml").write_text(CONFIG.format(url=server.url), "utf-8")
        assert verb("crawl", "--now", "2019-07-15T12:00:00").code == 0
        url = f"{server.url}/b?utm_source=x"
        why = verb("why", url)
        assert "was dropped" in why.out
        assert "at entry by off-topic" in why.out
        dropped = json.loads(verb("why", "--dropped", "--rule", "off-topic", "--json").out)["dropped"]
        assert [row["title"] for row in dropped] == ["Cup final tonight"]
        assert "is fetched at the next crawl" in verb("rescue", url, "--now", "2019-07-15T12:10:00").out
        assert "waits to be fetched" in sentence(verb("rescue", url), 1)
        done = verb("crawl", "--now", "2019-07-15T12:20:00")
        assert server.hits["/b"] == 1, done
        told = verb("why", url).out
        assert "a person took it back in" in told
        assert "wanted by a person" in told
        assert "is kept already, as article" in sentence(verb("rescue", url), 1)
        kept = verb("why", f"{server.url}/a").out
        assert "event 1: no event known goes with it" in kept
        assert "nobody" in kept


def test_why_says_what_it_does_not_know(ledger: Verb) -> None:
    assert "was never met" in sentence(ledger("why", "https://nowhere.test/1"), 1)
    assert "name an address or words" in sentence(ledger("why"), 2)
    assert "The Paper" in ledger("why", "children").out
    assert ledger("why", "zeppelin").out.startswith("Nothing is known")
    assert json.loads(ledger("why", "Cup", "--json").out)["dropped"][0]["rule"] == "off-topic"


def test_a_dispute_is_settled_by_accepting_a_claim_and_can_be_opened_again(verb: Verb, book: Path) -> None:
    queue = json.loads(verb("--db", str(book), "review", "--json").out)
    assert [one["claim_id"] for one in queue] == [1, 2, 3]
    assert "disputed: total; disputed: children" in verb("--db", str(book), "review", "--list").out
    done = verb("--db", str(book), "review", "--claim", "3", "--action", "accept", "--note", "the ministry's own list")
    assert "Correction 1 (accept)" in done.out
    shown = verb("--db", str(book), "show", "1").out
    assert "confirmed by a person" in shown
    assert "accepted in review" in shown
    assert verb("--db", str(book), "review").out.startswith("Nothing is in doubt")
    assert json.loads(verb("--db", str(book), "review", "--action", "undo", "--correction", "1", "--json").out)[
        "events"] == [1]
    lines = [json.loads(line) for line in verb("--db", str(book), "export", "corrections").out.splitlines()]
    assert [(line["action"], line["undone"]) for line in lines] == [("accept", True), ("undo", False)]


def test_review_says_what_it_needs(verb: Verb, book: Path) -> None:
    for asked, says in ((("--action", "accept"), "needs --claim N"), (("--claim", "1"), "say with --action"),
                        (("--action", "merge", "--event", "1"), "needs --event N and --into N"),
                        (("--action", "correct", "--claim", "1"), "--set SLOT=VALUE goes with"),
                        (("--action", "correct", "--claim", "1", "--set", "children"), "is no SLOT=VALUE"),
                        (("--action", "undo"), "needs --correction N")):
        assert says in sentence(verb("--db", str(book), "review", *asked), 2)
    assert "there is no claim 99" in sentence(verb("--db", str(book), "review", "--claim", "99", "--action", "accept"),
                                              1)
    assert "is no slot of a claim" in sentence(verb("--db", str(book), "review", "--claim", "1", "--action", "correct",
                                                    "--set", "colour=red"), 1)


def test_one_key_decides_and_what_is_settled_leaves_the_queue(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = iter("xnruq")
    with Store.open(book) as store:
        session = Session(store, store.doubts(), lambda: NOON + timedelta(days=1), key=lambda: next(keys))
        assert session.run() == "0 corrections made."
        assert [(one.action, one.claim_id, one.undone) for one in store.corrections()] == [
            ("reject", 2, True), ("undo", 2, False)]
    assert "“Came home: 33 children.”" in capsys.readouterr().out


def test_the_sheet_has_a_hashtag_for_every_column_and_says_what_became_of_numbers(verb: Verb, book: Path) -> None:
    with Store.open(book) as store:
        tell(store, 4, 90)
    verb("--db", str(book), "review", "--event", "2", "--into", "1", "--action", "merge")
    heads, tags, one, gone = csv.reader(io.StringIO(verb("--db", str(book), "export", "events", "--format", "hxl").out,
                                                    newline=""))
    assert (heads, tags) == (sheet.heads(), sheet.tags())
    assert all(tag.startswith("#") for tag in tags)
    assert len(set(tags)) == len(tags)
    row = dict(zip(heads, one, strict=True))
    assert (row["event_id"], row["record"], row["children"], row["cameo"], row["disputed"]) == (
        "1", "stands", "33", "0841", "total; children")
    assert "32 (Outlet 3)" in row["note"]
    assert row["quote"] == "Came home: 33 children."
    left = {name: value for name, value in zip(heads, gone, strict=True) if value}
    assert (left["event_id"], left["record"], left["merged_into"], "children" in left) == ("2", "merged", "1", False)
    assert "only" not in sentence(verb("--db", str(book), "export", "claims", "--format", "hxl"), 2)
