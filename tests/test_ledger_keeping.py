"""Is this article known? New, another version, known again, or a copy: each with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ledger.keeping import Arrival, Known, keep_once
from ledger.sketches import sketch
from records.ledger import Verdict
from tests.telling_news import claim

TEXT = ("Thirty-three children of Daesh members came home from Baghdad on Monday after coordination between the Iraqi "
        "foreign ministry and the Russian embassy its spokesman said in a statement released in the capital")


def arrival(text: str = TEXT, **more: Any) -> Arrival:
    return Arrival(**{"text_sha": text, "title": "Home", "source_id": None, "outlet": "Rudaw", "from_entry": False,
                      "has_own_id": False, "sketch": sketch(text), "text": text, **more})


def known(text: str = TEXT, **more: Any) -> Known:
    return Known(**{"article_id": 7, "version_id": 70, "text_sha": text, "title": "Home", "source_id": None,
                    "outlet": "Rudaw", "origin_id": 7, "from_entry": False, "sketch": sketch(text),
                    "text": text, **more})


def test_the_same_address_with_the_same_text_is_known() -> None:
    assert keep_once(arrival(), known(), []).verdict is Verdict.KNOWN


def test_an_edited_text_or_headline_at_the_same_address_is_a_version() -> None:
    edited = keep_once(arrival(TEXT + " and 2 women"), known(), [])
    assert (edited.verdict, edited.article_id) == (Verdict.VERSION, 7)
    assert "the text has changed" in edited.why
    assert "the headline has changed" in keep_once(arrival(title="Back home"), known(), []).why


def test_a_feed_entry_never_replaces_the_page_but_the_page_replaces_the_entry() -> None:
    assert keep_once(arrival("33 children came home", from_entry=True), known(), []).verdict is Verdict.KNOWN
    assert keep_once(arrival(), known("33 children came home", from_entry=True), []).verdict is Verdict.VERSION


def test_the_same_text_of_the_same_outlet_elsewhere_is_a_mirror_and_known() -> None:
    assert keep_once(arrival(), None, [known()]).verdict is Verdict.KNOWN


def test_the_same_text_under_another_masthead_is_a_copy_of_its_origin() -> None:
    copy = keep_once(arrival(outlet="Basnews"), None, [known(article_id=9, origin_id=7)])
    assert (copy.verdict, copy.origin_id) == (Verdict.COPY, 7)


def test_an_imported_line_keeps_its_row_though_its_text_is_known() -> None:
    assert keep_once(arrival(has_own_id=True), None, [known()]).verdict is Verdict.COPY


def test_nearly_the_same_text_is_a_copy_and_says_how_near() -> None:
    copy = keep_once(arrival(f"BAGHDAD (AFP) {TEXT} Copyright AFP", outlet="Basnews"), None, [known()])
    assert copy.verdict is Verdict.COPY
    assert "of its text with article 7" in copy.why


def test_notices_from_one_form_that_tell_other_numbers_are_not_copies() -> None:
    form = TEXT.replace("Thirty-three", "The {} group of families with {}")
    old, new = form.format("30th", 840), form.format("31st", 858)
    said = (claim("IQ", way="SY>IQ", ordinal=30, total=840),)
    there = replace(known(old), claims=said)
    told = keep_once(arrival(new, claims=(claim("IQ", way="SY>IQ", ordinal=31, total=858),)), None, [there])
    assert told.verdict is Verdict.NEW
    assert "number 31, not 30" in told.why
    copied = arrival(f"{old} Copyright Basnews", outlet="Basnews", claims=said)
    assert keep_once(copied, None, [there]).verdict is Verdict.COPY


def test_another_text_is_new() -> None:
    other = "Norway brought five orphans home from the camp of al-Hol through Erbil early on Monday its minister said"
    assert keep_once(arrival(other), None, [known()]).verdict is Verdict.NEW
