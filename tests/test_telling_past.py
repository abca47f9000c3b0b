"""The past told as it stood, judging anew told to nobody, official figures told at once: through the real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import ledger.grouping
from alerts import render
from alerts.asof import as_of
from alerts.figures import phrase
from alerts.times import by_month
from alerts.wanted import wanted
from desk import file, read
from desk.reviewing import review_claim
from extraction.pages import article_from_text
from homeward.cli import cli
from records.claims import Evidence, Figure, Official
from records.news import Source
from records.review import Action
from records.telling import Every
from records.words import FigureKind
from scheduler.picture import returns
from scheduler.rehearsal import rehearse
from scheduler.telling import preview, tell
from scheduler.views import Now, Past
from storage import Store
from tests import tell as make
from tests.telling_news import article, claim, reading
from tests.telling_store import NOON, Sender, config
from tests.test_alerts import event

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def filed(store: Store, number: int, moment: Any, *said: Any, **more: Any) -> None:
    read = reading(*said, text=" ".join(f"w{number}x{word}" for word in range(60)))
    file(store, article(read, number, published=f"{moment:%Y-%m-%d}", **more), read, source=None, now=moment)


def revised(store: Store) -> None:
    """33 children on Monday; on Wednesday two say 27, on Friday it is denied."""
    filed(store, 1, NOON, claim("RU", date="2019-07-15", children=33))
    filed(store, 2, NOON + 2 * DAY, claim("RU", date="2019-07-15", children=27))
    filed(store, 3, NOON + 2 * DAY + HOUR, claim("RU", date="2019-07-15", children=27))


def test_a_rehearsal_shows_each_day_the_numbers_of_that_day(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        revised(store)
        (now,) = store.events()
        assert now.value("children") == 27
        rule = config(quiet_days=False).subscriptions[0]
        told = [one.subjects for one in rehearse(store, rule, NOON - DAY, NOON + 4 * DAY)]
        assert told == [("33 children home to Russia",), ("Russia: children revised 33 → 27",)]
        seen = preview(store, rule, NOON - DAY, NOON + DAY)
        assert "33 children brought home" in render.text(seen)
        assert "27" not in render.text(seen)
        assert dict(seen.months)["2019-07"] == 33
        assert dict(preview(store, rule, NOON, NOON + 3 * DAY).months)["2019-07"] == 27


def test_what_was_told_then_is_what_a_rehearsal_says_would_have_been(tmp_path: Path) -> None:
    """The daemon of those days against today's rehearsal of them, over plans, merges, disputes and denials."""
    sender, asked = Sender(), config(quiet_days=False)
    with Store.open(tmp_path / "h.db") as store:
        tell(store, asked, NOON - DAY, sender)
        news = [(0, claim("RU", date="2019-07-15", children=33)), (1, claim("KZ", date="2019-07-16", children=14)),
                (1, claim("UZ", date="2019-07-20", status="planned", women=64)),
                (2, claim("RU", date="2019-07-15", children=32)), (3, claim("KZ", date="2019-07-16", children=47)),
                (3, claim("KZ", date="2019-07-16", children=47)), (6, claim("UZ", date="2019-07-20", women=64)),
                (7, claim("RU", date="2019-07-15", children=32)), (8, claim("RU", date="2019-07-15", children=32)),
                (9, claim("TJ", date="2019-07-21", status="planned", children=75))]
        number = 0
        for day in range(25):
            for when, said in news:
                if when == day:
                    number += 1
                    filed(store, number, NOON + day * DAY + number * HOUR / 10, said)
            tell(store, asked, NOON + day * DAY + 20 * HOUR, sender)
        then = [message.subject for message, _ in sender.sent if "ollecting" not in message.subject]
        rule = asked.subscriptions[0]
        again = [subject for one in rehearse(store, rule, NOON - DAY, NOON + 25 * DAY) for subject in one.subjects]
    assert [subject.split("; collecting")[0] for message, _ in sender.sent
            if (subject := message.subject) and not subject.startswith("Collecting")] == again
    assert any("verdue: 75 children" in subject for subject in again), then
    assert not any("verdue: 64" in subject for subject in again)


def test_an_event_before_its_revisions_is_what_was_said_of_it() -> None:
    now = make.event(event(1, origins=[1, 2], children={
        "value": 34, "claims": [102], "disputed": True, "others": [{"value": 33, "claims": [101]}]}, status="denied"))
    steps: list[dict[str, Any]] = [
        {"event": 1, "change": "revised", "slot": "children", "old": 33, "new": 34, "claim": 102},
        {"event": 1, "change": "disputed", "slot": "children", "old": 34, "new": 33},
        {"event": 1, "change": "status", "slot": "status", "old": "completed", "new": "denied"},
        {"event": 1, "change": "revised", "slot": "total", "old": None, "new": 40}]
    changes = [make.revision(n, one) for n, one in enumerate(steps, 1)]
    then = as_of(now, [one for one in now.claims if one.id == 101], changes)
    assert (then.value("children"), then.value("status"), then.independent) == (33, "completed", 1)
    assert not then.slots["children"].disputed
    assert then.slots["children"].preferred.claim_ids == (101,)
    assert as_of(now, now.claims, []) == replace(now, independent=2)


def test_judging_anew_alerts_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, sender = tmp_path / "h.db", Sender()
    instant, daily = config(every=Every.INSTANT, id="now"), config(quiet_days=False)
    both = replace(daily, subscriptions=(*daily.subscriptions, *instant.subscriptions))
    with Store.open(path) as store:
        filed(store, 1, NOON, claim("RU", date="2019-07-15", children=33))
        filed(store, 2, NOON + HOUR, claim("RU", date="2019-07-15", children=33))
        filed(store, 3, NOON + HOUR, claim("KZ", date="2019-07-16", children=14))
        tell(store, both, NOON + HOUR, sender)
        before = len(sender.sent)
        assert before == 3
    monkeypatch.setattr(ledger.grouping, "match", lambda *_: None)  # each for itself
    done = CliRunner().invoke(cli, ["rejudge", "--apply", "--db", str(path)])
    assert "1 claim moved" in done.output
    with Store.open(path) as store:
        assert len(store.events()) == 3
        for hour in (3, 30):
            tell(store, both, NOON + hour * HOUR, sender)
    assert "emptied" in CliRunner().invoke(cli, ["rejudge", "--apply", "--reread", "--db", str(path)]).output
    with Store.open(path) as store:  # the engine reads nothing in these made-up texts: every event loses its claims
        assert store.events() == []
        for hour in (31, 60):
            tell(store, both, NOON + hour * HOUR, sender)
        told = [message.subject for message, _ in sender.sent[before:]]
        assert [subject for subject in told if not subject.startswith("Collecting failed")] == []
        filed(store, 4, NOON + 70 * HOUR, claim("UZ", way="IQ>UZ", date="2019-07-19", children=64))
        tell(store, both, NOON + 71 * HOUR, sender)
    assert sender.sent[-1][0].subject == "64 children home to Uzbekistan"


def test_a_plan_that_a_link_shows_to_be_carried_out_is_not_overdue(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        filed(store, 1, NOON, claim("TJ", way="IQ>TJ", date="2019-07-18", status="planned", children=75))
        filed(store, 2, NOON + DAY, claim("", way="IQ>", date="2019-07-18", children=12, kind="transfer"))
        plan, done = 1, 2
        with store.write():
            store.link_events(done, [(plan, "a plan and what came of it, in other numbers: 75 and 12")], NOON + DAY)
        assert Now(store).carried_out([plan]) == {plan}
        assert Past(store, NOON).at(NOON + HOUR).carried_out([plan]) == set()
        sender = Sender()
        for day in range(1, 20):
            tell(store, config(quiet_days=False), NOON + day * DAY, sender)
        assert not any("verdue" in message.subject for message, _ in sender.sent)
        with store.write():
            store.execute("delete from event_links")
        late = preview(store, config().subscriptions[0], NOON + 2 * DAY, NOON + 20 * DAY).overdue
        assert [one.id for one in late] == [plan]


def figured(store: Store, number: int, moment: Any, value: int, *, official: str = "", source: Source | None = None,
            backfill: bool = False, **more: Any) -> None:
    said = f"{official or 'The paper'} said {value} children had been brought home in all."
    whole = reading(text=said, officials=(official,) if official else ())
    figure = Figure(what=FigureKind.REPATRIATED_TOTAL, value=value, written=str(value), place="RU", group="children",
                    groups=("children",), evidence=Evidence(quote=said, start=0, end=len(said)))
    read = replace(whole, figures=(figure,), officials=(Official(name=official, role="ombudswoman"),) if official
                   else ())
    file(store, article(read, number, published=f"{moment:%Y-%m-%d}", **more), read, source=source, now=moment,
         backfill=backfill)


def test_a_new_official_figure_is_an_instant_message_and_no_other_is(tmp_path: Path) -> None:
    sender, asked = Sender(), config(every=Every.INSTANT)
    with Store.open(tmp_path / "h.db") as store:
        tell(store, asked, NOON, sender)
        figured(store, 1, NOON + HOUR, 130)  # nobody in office says so
        figured(store, 2, NOON + HOUR, 145, official="Anna Kuznetsova")
        tell(store, asked, NOON + HOUR, sender)
        figured(store, 3, NOON + 2 * HOUR, 145, official="Anna Kuznetsova")  # again
        figured(store, 4, NOON + 2 * HOUR, 150, source=Source(id="mofa", name="Ministry", kind="government"))
        figured(store, 5, NOON + 3 * HOUR, 160, official="Anna Kuznetsova", backfill=True)
        for hour in range(2, 6):
            tell(store, asked, NOON + hour * HOUR, sender)
        said = [message.subject for message, _ in sender.sent]
        assert said == ["145 children brought home in all (Russia), says Anna Kuznetsova, ombudswoman",
                        "150 children brought home in all (Russia), says Outlet 4"]
        assert "had been brought home in all" in sender.sent[0][0].text
        rule = asked.subscriptions[0]
        told = [subject for one in rehearse(store, rule, NOON, NOON + DAY) for subject in one.subjects]
        assert told == said
        sender.sent.clear()
        capped = config(every=Every.INSTANT, id="capped", most_an_hour=2)
        tell(store, capped, NOON + 6 * HOUR, sender)
        for number in range(10, 15):
            figured(store, number, NOON + 6 * HOUR, 200 + number, official="Anna Kuznetsova")
        tell(store, capped, NOON + 7 * HOUR, sender)
    assert [message.subject for message, _ in sender.sent] == [
        "214 children brought home in all (Russia), says Anna Kuznetsova, ombudswoman",
        "213 children brought home in all (Russia), says Anna Kuznetsova, ombudswoman; 3 more figures"]
    assert len({message.key for message, _ in sender.sent}) == 2


def test_an_edit_tells_the_numbers_it_brings_and_no_others(tmp_path: Path) -> None:
    sender, asked = Sender(), config(quiet_days=False)
    with Store.open(tmp_path / "h.db") as store:
        tell(store, asked, NOON, sender)
        for day, value in enumerate((130, 145, 130)):  # at one address: edited, and edited back
            figured(store, 1, NOON + day * DAY + HOUR, value, official="Anna Kuznetsova")
            tell(store, asked, NOON + (day + 1) * DAY, sender)
        assert len(store.figures(quiet=True)) > len(store.figures())
    said = [message.subject for message, _ in sender.sent]  # nothing is collected here, which is an alarm
    assert [subject.removesuffix("; collecting failed") for subject in said if "all (" in subject] == [
        f"No movement changed; {value} children brought home in all (Russia)" for value in (130, 145)]


def test_the_past_does_not_know_what_was_corrected_since(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        filed(store, 1, NOON, claim("RU", date="2019-07-15", children=33))
        review_claim(store, Action.REJECT, 1, now=NOON + DAY)
        assert [one.id for one in store.claims_at(1, NOON + HOUR)] == [1]
        assert store.claims_at(1, NOON + 2 * DAY) == ()


def test_a_figure_of_another_language_says_in_english_whom_it_counts(tmp_path: Path) -> None:
    """Read by the engine, kept, and told: what the lexicon knows is translated, what it does not know is quoted."""
    story = ("أعلنت وزارة الخارجية العراقية يوم الاثنين ترحيل 33 طفلا روسيا من بغداد إلى موسكو بالتنسيق مع السفارة "
             "الروسية. ولا تزال أكثر من 500 امرأة محتجزة في السجون العراقية بتهمة الانتماء إلى داعش.")
    with Store.open(tmp_path / "h.db") as store:
        told = article_from_text(story, title="ترحيل 33 طفلا روسيا", published="2019-07-15", lang="ar", imported_id="a")
        file(store, told, read(told), source=None, now=NOON)
        (held,) = store.figures()
        assert (held.group, held.groups) == ("امرأة", ("women",))
        assert phrase(held) == "at least 500 women held in Iraq"
        assert phrase(replace(held, groups=())) == "at least 500 people (“\u2068امرأة\u2069”, Arabic) held in Iraq"
        assert phrase(replace(held, lang="en", group="foreign women")) == "at least 500 foreign women held in Iraq"
        text = render.text(preview(store, config().subscriptions[0], NOON - HOUR, NOON + HOUR))
        assert "At least 500 women held in Iraq" in text


def test_the_picture_is_summed_in_the_store_as_its_events_say(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        filed(store, 1, NOON, claim("RU", date="2019-07-15", children=33))
        filed(store, 2, NOON, claim("KZ", date="2019-06-10", women=14, children=30))
        filed(store, 3, NOON, claim("KZ", date="2019-06-20", total=9))
        filed(store, 4, NOON, claim("UZ", date="2019-07-02", status="planned", women=64))
        filed(store, 5, NOON, claim("", way="SY>IQ", date="2019-07-03", total=150, kind="transfer"))
        for asked in ({}, {"nationality": ("KZ",)}, {"destination": ("RU", "UZ")}, {"minimum_sources": 2}):
            rule = config(**asked).subscriptions[0]
            by_events = [event for event in store.dated(["completed"]) if wanted(rule, event, ())]
            assert returns(Now(store), rule, NOON + DAY) == by_month(by_events, NOON + DAY)
        assert dict(returns(Now(store), config().subscriptions[0], NOON + DAY))["2019-06"] == 53
