"""A total to date against the events that are known: a check that is shown, and adds nothing to the ledger."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from extraction.claims.peoples import whose
from homeward.cli import cli
from ledger.reconcile import reconcile
from ledger.totals import Sum, Total, against
from records.claims import Evidence
from records.ledger import Event, StoredFigure
from records.words import Qualifier
from tests.telling_news import NOON, claim, stored

FLOWN = ((1, 30, "2018-12-30"), (2, 27, "2019-02-10"), (3, 33, "2019-07-10"))


def total(value: int, sentence: str = "in all", *, own: int | None = None, day: str | None = "2019-07-15",
          groups: tuple[str, ...] = ("children",), qualifier: Qualifier = Qualifier.EXACT) -> Total:
    figure = StoredFigure(id=1, article_id=9, what="repatriated_total", value=value, qualifier=qualifier, group=None,
                          place=None, evidence=Evidence(quote=sentence, start=0, end=len(sentence)), outlet="Paper",
                          url=None, published=day, filed_at=NOON, groups=groups)
    return Total(figure=figure, nationality="RU", own=frozenset({own} if own else ()))


def events(*more: Event) -> list[Event]:
    return [*(reconcile(n, [stored(n, claim("RU", children=count, date=date))]) for n, count, date in FLOWN), *more]


def one(n: int, nation: str = "RU", **said: Any) -> Event:
    return reconcile(n, [stored(n, claim(nation, **said))])


@pytest.mark.parametrize(("asked", "least", "most", "verdict"), [
    (total(90), 90, 90, Sum.SAME),
    (total(57, own=3), 57, 90, Sum.SAME),  # "before that 57": its own flight counts or does not
    (total(90, own=3), 57, 90, Sum.SAME),
    (total(274, "since 2017"), 0, 90, Sum.FEWER),
    (total(40), 90, 90, Sum.MORE),
    (total(40, qualifier=Qualifier.AT_LEAST), 90, 90, Sum.SAME),
    (total(85, qualifier=Qualifier.ABOUT), 90, 90, Sum.SAME),
    (total(30, "in 2018"), 30, 90, Sum.SAME),  # of that year, or since
    (total(60, "in 2019"), 60, 60, Sum.SAME),
    (total(57, day="2019-03-01"), 57, 57, Sum.SAME),  # what flew later is not in it
    (total(90, groups=()), 90, 90, Sum.SAME),
    (total(12, groups=("women",)), 0, 0, Sum.FEWER)])
def test_a_total_goes_with_the_events_of_its_people_and_years(asked: Total, least: int, most: int,
                                                              verdict: Sum) -> None:
    found = against(asked, events())
    assert found is not None
    assert (found.least, found.most, found.verdict) == (least, most, verdict)


def test_plans_transfers_other_nationalities_and_undated_events_are_in_no_sum() -> None:
    others = [one(4, "KZ", children=14, date="2019-05-01"), one(5, children=9),
              one(6, children=8, date="2019-05-02", status="planned"),
              one(7, total=150, date="2019-05-03", kind="transfer")]
    found = against(total(90), events(*others))
    assert found is not None
    assert (found.most, found.events) == (90, 3)
    assert against(total(90, day=None), events()) is None


def test_totals_are_shown_with_the_event_and_change_no_number(tmp_path: Path) -> None:
    book = str(tmp_path / "h.db")
    lines = [{"id": "1", "outlet": "TASS", "published": "2019-07-11", "text":
              "Russia brought home 33 children from Baghdad on 10 July 2019, the ombudsman said."},
             {"id": "2", "outlet": "RIA", "published": "2019-07-12", "text":
              "Russia brought home 33 children from Iraq on 10 July. In total, 20 children have been repatriated."}]
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    runner = CliRunner(env={"COLUMNS": "100"})
    assert runner.invoke(cli, ["import", "--db", book, str(tmp_path / "news.jsonl")]).exit_code == 0
    shown = runner.invoke(cli, ["show", "1", "--db", book]).output
    assert "RIA, 12 July 2019: 20 children of Russia in all" in shown
    checks = runner.invoke(cli, ["events", "--checks", "--db", book])
    assert "20 children of Russia in all" in checks.output
    assert "this ledger has 0 to 33 in 1 event up to then: that goes together" in checks.output
    assert all(len(line) <= 100 for line in checks.output.splitlines())
    (found,) = json.loads(runner.invoke(cli, ["events", "--checks", "--json", "--db", book]).output)
    assert (found["value"], found["verdict"], found["known_at_most"]) == (20, "same", 33)
    (event,) = json.loads(runner.invoke(cli, ["events", "--json", "--db", book]).output)
    assert (event["slots"]["children"]["value"], event["slots"]["children"]["others"]) == (33, [])


@pytest.mark.parametrize(("sentence", "lang", "told", "code"), [
    ("So far 288 children of Azerbaijani women have been returned.", "en", {"AZ"}, "AZ"),
    ("So far 288 Azerbaijani children have been returned.", "en", {"RU"}, "AZ"),
    ("В общей сложности возвращены 274 ребенка: 122 из Ирака и 152 из Сирии.", "ru", {"RU"}, "RU"),
    ("Iraq has handed over 828 children to their countries so far.", "en", {"AZ"}, None),
    ("In all 40 Russians and Kazakhs were brought home.", "en", {"RU"}, None),
    ("In all 40 were brought home.", "en", {"RU", "KZ"}, None)])
def test_a_total_is_of_the_people_its_sentence_names_or_else_its_article(sentence: str, lang: str, told: set[str],
                                                                         code: str | None) -> None:
    assert whose(sentence, lang, told) == code
