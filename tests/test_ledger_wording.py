"""Two short texts of one form: what differs in them is the news. Copies of one text differ at their edges."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger.keeping import keep_once
from ledger.wording import other_words
from records.ledger import Verdict
from tests.test_ledger_keeping import arrival, known

FORM = "{} brought home {} children of Daesh fighters from the camp of al-Hol in Syria on {}, its ministry said"
ARABIC = "أعادت {} ستة أطفال من مخيم الهول في سوريا إلى الوطن اليوم حسبما أعلنت وزارة الخارجية"
PLAIN = FORM.format("Kazakhstan", 14, "Monday")


@pytest.mark.parametrize("other", [
    FORM.format("Kyrgyzstan", 14, "Monday"), FORM.format("Kazakhstan", 59, "Monday"),
    FORM.format("North Macedonia", 14, "Monday")])
def test_one_line_about_another_country_or_number_is_no_copy(other: str) -> None:
    told = keep_once(arrival(other, outlet="Basnews"), None, [known(PLAIN)])
    assert told.verdict is Verdict.NEW, told.why


def test_a_script_without_capitals_is_no_excuse() -> None:
    one, other = ARABIC.format("كازاخستان"), ARABIC.format("قيرغيزستان")
    assert other_words(one, other) == "كازاخستان, not قيرغيزستان"
    assert keep_once(arrival(other), None, [known(one)]).verdict is Verdict.NEW


@pytest.mark.parametrize("copy", [
    f"BAGHDAD (AFP) {PLAIN}", f"{PLAIN} - Reuters", f"Exclusive: {PLAIN}, according to the agency.", PLAIN.upper()])
def test_what_papers_put_around_a_short_text_makes_no_other_news(copy: str) -> None:
    told = keep_once(arrival(copy, outlet="Basnews"), None, [known(PLAIN)])
    assert told.verdict is Verdict.COPY, told.why


def test_another_papers_name_at_the_edge_of_a_longer_text_is_no_news() -> None:
    body = f"{PLAIN}. They were seen by doctors and will live with relatives, said the minister, who met them there"
    assert other_words(f"Rudaw {body}", f"Basnews {body}") == ""
    assert other_words(f"Rudaw {body}", f"Rudaw {body.replace('Kazakhstan', 'Jordan')}") == "Kazakhstan, not Jordan"


def test_the_sentence_before_a_paywall_is_no_text_of_which_another_is_a_copy() -> None:
    wall = "Subscribe to read the whole story"
    mine, theirs = f"Jordan takes back 12 women\n{wall}", f"Albania takes back 12 women\n{wall}"
    here, there = replace(arrival(mine), text_sha=wall), replace(known(theirs), text_sha=wall)
    assert keep_once(here, None, [there]).verdict is Verdict.NEW
    assert keep_once(here, None, [replace(known(mine), text_sha=wall)]).verdict is Verdict.KNOWN


def test_a_true_copy_is_found_though_a_nearer_text_tells_other_news() -> None:
    other = FORM.format("Kazakhstan", 15, "Monday")
    copy = f"LONDON {PLAIN} with thanks"
    told = keep_once(arrival(copy, outlet="Basnews"), None, [
        known(other, article_id=8, origin_id=8), known(PLAIN)])
    assert (told.verdict, told.origin_id) == (Verdict.COPY, 7)


def test_a_headline_of_its_own_over_the_same_wire_makes_no_other_news() -> None:
    body = f"{PLAIN}. They were seen by doctors and will live with relatives, said the minister, who met them there"
    wire, copy = "14 children flown home from Syria to Astana", "Fourteen children of women flown home from Damascus"
    there = replace(known(f"{wire}\n\n{body}"), title=wire)
    told = keep_once(replace(arrival(f"{copy}\n\n{body}", outlet="Basnews"), title=copy), None, [there])
    assert told.verdict is Verdict.COPY, told.why
