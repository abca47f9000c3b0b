"""Rules of telling: filters, quiet hours, caps, overdue plans, rules on the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts import picture, render
from alerts.times import by_month, overdue
from alerts.wanted import barren
from desk import file
from records.ledger import Revision
from records.telling import Every, Subscription
from scheduler.periods import due, is_quiet
from scheduler.rehearsal import rehearse, unmatched
from scheduler.telling import tell
from storage import Store
from tests import tell as make
from tests.telling_news import article, claim, reading
from tests.telling_store import NOON, OPENED, REVISED, Sender, config, ledger
from tests.test_alerts import chosen, event, ids

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEW = [{"event": 1, "change": "opened"}]


def known(**more: Any) -> dict[str, Any]:
    one = event(1, kind="repatriation", **more)
    one["claims"][0] |= {"title": "Thirty-four fly home", "quote": "34 children of Operation Zhusan flew home.",
                         "speaker": {"name": "Ana Lyst", "role": "spokeswoman", "organisation": "Foreign Ministry"}}
    return one


@pytest.mark.parametrize(("asked", "told"), [
    ({"kind": ["repatriation"]}, True), ({"kind": ["transfer", "extradition"]}, False),
    ({"source_kind": ["news"]}, True), ({"source_kind": ["government"]}, False),
    ({"text": ["operation ZHUSAN"]}, True), ({"text": ["Rusafa", "foreign  ministry"]}, True),
    ({"text": ["thirty-four"]}, True), ({"text": ["Rusafa"]}, False),
    ({"text": ["Zhusan"], "kind": ["transfer"]}, False)])
def test_filters_by_kind_source_and_words(asked: dict[str, Any], told: bool) -> None:
    found = chosen(NEW, known(), **asked)
    assert found.quiet is not told
    assert ("You asked for:" in render.text(found)) is True


def test_figures_obey_the_words_and_the_kind_of_source() -> None:
    row = {"what": "held", "value": 1500, "place": "IQ", "quote": "1500 are held in Rusafa"}
    for asked, told in (({"text": ("rusafa",)}, 1), ({"text": ("Roj",)}, 0), ({"source_kind": ("un",)}, 0)):
        data = {"subscription": asked, "figures": [row]}
        assert len(make.digest(data).figures) == told


def test_a_filter_that_lets_nothing_through_is_named() -> None:
    rule = make.subscription({"nationality": ["RU", "KZ"], "text": ["Zhusan", "Rusafa"], "minimum_sources": 3})
    assert barren(rule, [make.event(known())]) == ('nationality "KZ"', 'text "Rusafa"', "minimum_sources 3")


def plan(date: str, number: int = 1, opened: datetime = NOON - 90 * DAY, **slots: Any) -> Any:
    data = event(number, status="planned", event_date={"value": date, "claims": [number * 100 + 1]}, **slots)
    data["claims"][0] |= {"date": date, "status": "planned"}
    return replace(make.event(data), opened_at=opened)


@pytest.mark.parametrize(("date", "moment"), [
    ("2019-07-01", datetime(2019, 7, 9, tzinfo=UTC)), ("2019-06", datetime(2019, 7, 8, tzinfo=UTC)),
    ("2018", datetime(2019, 1, 8, tzinfo=UTC))])
def test_a_plan_is_overdue_once_some_days_after_all_that_its_date_may_mean(date: str, moment: datetime) -> None:
    mine = plan(date, opened=moment - 300 * DAY)
    told = [day for day in range(-400, 100) if overdue(
        [mine], [], days=7, since=NOON + (day - 1) * DAY, until=NOON + day * DAY)]
    assert len(told) == 1
    assert NOON + told[0] * DAY - moment < DAY
    late = plan(date, opened=NOON)  # heard of when it was over: a week later it is told
    assert overdue([late], [], days=7, since=NOON + 6 * DAY, until=NOON + 7 * DAY) == (late,)


def test_a_plan_that_something_followed_or_without_a_day_of_its_own_is_not_overdue() -> None:
    mine = plan("2019-07-01")
    span: dict[str, Any] = {"days": 7, "since": NOON - 30 * DAY, "until": NOON}
    assert overdue([mine], [], **span)
    flown = make.event(event(2, event_date="2019-07-03"))
    assert not overdue([mine], [flown], **span)
    assert overdue([mine], [make.event(event(2, event_date="2019-07-03", destination_country="KZ"))], **span)
    assert overdue([mine], [make.event(event(2, event_date="2018-07-03"))], **span)
    reported = event(1, status="planned", event_date={"value": "2019-07-01", "claims": [101]})
    reported["claims"][0] |= {"date": "2019-07-01", "basis": "reported"}
    assert not overdue([make.event(reported)], [], **span)
    assert not overdue([make.event(event(1, status="planned"))], [], **span)


def test_an_overdue_plan_through_the_real_store_is_told_once_and_a_backfilled_one_never(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        for number, (nation, backfill) in enumerate((("RU", False), ("KZ", True)), 1):
            read = reading(claim(nation, way=f"IQ>{nation}", date="2019-07-20", status="planned", children=40 + number))
            file(store, article(read, number, published="2019-07-16"), read, source=None, now=NOON, backfill=backfill)
        sender = Sender()
        for day in range(1, 16):
            tell(store, config(), NOON + day * DAY, sender)
    late = [message for message, _ in sender.sent if "verdue" in message.subject]
    (only,) = late
    assert only.subject == "Overdue: 41 children to be brought home to Russia"
    assert "The date, 20 July 2019, has passed, and no source read here says that it happened." in only.text


def test_who_came_home_by_month() -> None:
    some = [make.event({**event(1), "slots": {**event(1)["slots"], **slots}}) for slots in (
        {"event_date": "2019-07-10"}, {"event_date": "2019-07", "total": 50}, {"event_date": "2018-07-10"},
        {"event_date": "2018-08-01"}, {"event_date": "2019"}, {"event_date": "2019-06-01", "status": "planned"},
        {"event_date": "2019-05-01", "kind": "transfer"})]
    found = by_month(some, NOON)
    assert [month for month, _ in found][::11] == ["2018-08", "2019-07"]
    assert {month: n for month, n in found if n} == {"2018-08": 34, "2019-07": 84}
    bars = picture.bars(found)
    assert picture.said(bars).endswith("2019: 34 in August 2018, 84 in July 2019, none known in the other months")
    assert picture.line(bars) == "▄▁▁▁▁▁▁▁▁▁▁█"
    assert by_month([], NOON) == ()
    assert max(bar.height for bar in bars) == picture.HEIGHT


def test_quiet_hours_are_local_and_may_pass_midnight() -> None:
    night = Subscription(id="x", channel="y", every=Every.INSTANT, zone="Asia/Kolkata", quiet_hours=(22, 7))
    hours = [hour for hour in range(24) if is_quiet(night, datetime(2019, 7, 16, hour, 45, tzinfo=UTC))]
    assert hours == [0, *range(16, 24)]  # 22:15 to 06:15 in Kolkata
    noon = replace(night, quiet_hours=(12, 14), zone="UTC", every=Every.HOURLY)
    assert [due(noon, NOON + n * HOUR, NOON - HOUR) is None for n in range(3)] == [True, True, False]
    assert due(replace(noon, every=Every.DAILY, hour=12), NOON, NOON - DAY) == "2019-07-16"
    assert not is_quiet(replace(night, quiet_hours=(5, 5)), NOON)


def at(number: int, change: dict[str, Any], moment: datetime) -> Revision:
    return replace(make.revision(number, change), at=moment)


def test_what_waits_in_quiet_hours_is_gathered_into_one(tmp_path: Path) -> None:
    asked, sender = config(every=Every.INSTANT, quiet_hours=(22, 7)), Sender()
    night = datetime(2019, 7, 16, 23, tzinfo=UTC)
    with ledger(tmp_path / "h.db", events=(1, 2, 3)) as store:
        tell(store, asked, NOON, sender)
        store.told = tuple(at(n, {"event": n, "change": "opened"}, night + n * HOUR) for n in (1, 2, 3))
        for hour in range(1, 9):
            tell(store, asked, night + hour * HOUR, sender)
        assert len(sender.sent) == 1
        store.told = (*store.told, at(4, REVISED, night + 10 * HOUR), at(5, {**REVISED, "event": 2}, night + 10 * HOUR))
        tell(store, asked, night + 10 * HOUR, sender)
    message = sender.sent[0][0]
    assert message.events == (3, 2, 1)
    assert message.event_id is None
    assert "Instant alerts, gathered, “returns”" in message.text
    assert [one.event_id for one, _ in sender.sent[1:]] == [2, 1]  # by day each has a message of its own


def test_above_the_cap_of_an_hour_the_overflow_is_one_message(tmp_path: Path) -> None:
    asked, sender = config(every=Every.INSTANT, most_an_hour=3), Sender()
    changes = [{"event": n, "change": "opened"} for n in range(1, 31)]
    with ledger(tmp_path / "h.db", changes[:10], events=range(1, 31)) as store:
        tell(store, asked, NOON, sender)
        assert [len(message.events) for message, _ in sender.sent] == [1, 1, 8]
        store.told = tuple(make.revision(n, one) for n, one in enumerate(changes, 1))
        for minutes in (1, 20, 59):
            tell(store, asked, NOON + timedelta(minutes=minutes), sender)
        assert len(sender.sent) == 3
        tell(store, asked, NOON + timedelta(minutes=61), sender)
        tell(store, asked, NOON + timedelta(minutes=62), sender)
        store.told = (*store.told, make.revision(31, {**REVISED, "event": 7}))
        tell(store, asked, NOON - 400 * DAY, sender)  # the clock was set back: what lies ahead fills no hour
    assert [len(message.events) for message, _ in sender.sent] == [1, 1, 8, 1, 1, 18, 1]
    assert sorted(n for message, _ in sender.sent[:6] for n in message.events) == list(range(1, 31))


def filed(store: Store, *news: tuple[datetime, str, int], backfill: bool = False) -> None:
    """An article a piece of news: (when, nationality, children)."""
    for number, (moment, nation, children) in enumerate(news, store.last_revision() + 1):
        read = reading(claim(nation, way=f"IQ>{nation}", date=f"{moment:%Y-%m-%d}", children=children))
        file(store, article(read, number, published=f"{moment:%Y-%m-%d}"), read, source=None, now=moment,
             backfill=backfill)


def test_a_rule_is_tried_on_the_past(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        night = NOON + 12 * HOUR
        filed(store, (NOON - 40 * DAY, "RU", 33), (NOON, "KZ", 14), (night, "RU", 27), (night + HOUR, "UZ", 64))
        rule = config(nationality=("RU", "UZ")).subscriptions[0]
        found = rehearse(store, rule, NOON - 60 * DAY, NOON + 2 * DAY)
        told = [(f"{one.at:%m-%d %H:%M}", one.subjects) for one in found if not one.quiet]
        assert told == [("06-07 08:00", ("33 children home to Russia",)),
                        ("07-17 08:00", ("64 children home to Uzbekistan; 27 children home to Russia",))]
        assert sum(one.quiet for one in found) == 47  # from a week before the first news to yesterday
        at_once = replace(rule, every=Every.INSTANT, quiet_hours=(22, 7))
        assert [(f"{one.at:%m-%d %H:%M}", len(one.subjects)) for one in rehearse(
            store, at_once, NOON - 60 * DAY, NOON + 2 * DAY)] == [("06-06 12:00", 1), ("07-17 07:00", 1)]
        assert rehearse(store, replace(at_once, nationality=("FR",)), NOON - 60 * DAY, NOON) == []
        assert store.deliveries() == []


def test_a_rule_that_matches_nothing_says_so(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        rule = config(nationality=("RU",)).subscriptions[0]
        assert "has no event from the last 90 days" in (unmatched(store, rule, NOON) or "")
        filed(store, (NOON, "RU", 33), backfill=True)
        assert unmatched(store, rule, NOON + DAY) is None
        assert unmatched(store, config().subscriptions[0], NOON + 300 * DAY) is None  # it has no filter
        assert "has no event" in (unmatched(store, rule, NOON + 91 * DAY) or "")
        said = unmatched(store, replace(rule, nationality=("FR",), status=("completed",)), NOON) or ""
        assert 'matches nothing of the last 90 days (1 event); alone, nationality "FR" matches nothing' in said
        said = unmatched(store, replace(rule, text=("came home", "Zhusan")), NOON) or ""
        assert said.endswith('nobody said "Zhusan" in the last 90 days')


def test_a_backfill_and_a_second_reading_alert_nobody(tmp_path: Path) -> None:
    sender, asked = Sender(), config(every=Every.INSTANT)
    with Store.open(tmp_path / "h.db") as store:
        tell(store, asked, NOON, sender)
        filed(store, (NOON, "RU", 33), backfill=True)
        tell(store, asked, NOON + HOUR, sender)
        read = reading(claim("RU", way="IQ>RU", date="2019-07-16", children=33))
        file(store, article(read, 1, published="2019-07-16"), read, source=None, now=NOON + HOUR, backfill=True)
        tell(store, asked, NOON + 2 * HOUR, sender)
        assert sender.sent == []
        filed(store, (NOON + 3 * HOUR, "KZ", 14))
        tell(store, asked, NOON + 3 * HOUR, sender)
    assert [message.subject for message, _ in sender.sent] == ["14 children home to Kazakhstan"]


def test_an_instant_digest_over_its_cap_keeps_what_each_event_says() -> None:
    found = chosen([{"event": n, "change": "opened"} for n in (1, 2, 3)] + [{**REVISED, "event": 4, "claim": 401}],
                   *(event(n) for n in (1, 2, 3, 4)), every="instant")
    assert ids(found) == ([3, 2, 1], [4], [])
    messages = render.messages(found, most=2)
    assert [message.key.rsplit("/", 1)[1] for message in messages] == ["e3", "gathered"]
    assert messages[1].subject == "35 children home to Russia; 34 children home to Russia; 1 number revised"
    assert len(render.messages(found, most=4)) == len(render.messages(found)) == 4


@pytest.mark.parametrize("lacking", ["outlet", "url", "published", "title", "lang", "counts", "date", "speaker"])
def test_an_article_that_lacks_a_value_is_told_all_the_same(lacking: str) -> None:
    one = known(event_date={"value": "2019-07-15", "claims": [101]})
    one["claims"][0] |= {"date": "2019-07-15", "lang": "en"}
    one["claims"][0][lacking] = {"counts": {}, "lang": "und"}.get(lacking)
    one["slots"].pop({"date": "event_date", "counts": "children"}.get(lacking, ""), None)
    for every in ("daily", "instant"):
        (message,) = render.messages(chosen(NEW, one, every=every))
        assert "None" not in message.text + str(message.html) + str(message.blocks) + message.subject
        assert ("34 children home" in message.subject) is (lacking != "counts")


@pytest.mark.parametrize("slots", [{}, {"status": "planned"}, {"children": None, "total": None}, {"nationality": None}])
def test_an_event_without_most_slots_is_told_all_the_same(slots: dict[str, Any]) -> None:
    bare = {"id": 1, "slots": slots, "claims": []}
    (message,) = render.messages(chosen(NEW, bare, every="instant"))
    assert "eople" in message.subject
    assert "None" not in message.text


def test_a_broken_template_costs_no_other_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        templates, sender = render._environment, Sender()
        broken = templates.from_string("{{ page.no_such_value }}")
        monkeypatch.setattr(templates, "get_template", lambda name: broken)
        report = tell(store, config(), NOON, sender)
        assert "a message can't be written into alerts/templates/digest.html.j2" in report.troubles[0]
        assert (sender.sent, store.cursor("returns")) == ([], None)
        monkeypatch.undo()
        assert tell(store, config(), NOON + HOUR, sender).sent == 1
