"""Rules of telling: filters, quiet hours, caps, overdue plans, recipients, failures told once, rules on the past."""

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
from records.errors import DeliveryError
from records.ledger import Revision
from records.telling import Channel, Every, Subscription
from scheduler.periods import due, is_quiet
from scheduler.rehearsal import rehearse, unmatched
from scheduler.sending import GIVE_UP
from scheduler.telling import preview, tell
from storage import Store
from tests import tell as make
from tests.post import smtp_server
from tests.telling_news import article, claim, reading
from tests.test_alerts import chosen, event, ids
from tests.test_telling import NOON, OPENED, REVISED, Sender, config, ledger, visited

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


def test_one_greylisted_recipient_is_tried_again_alone(tmp_path: Path) -> None:
    with smtp_server() as box, ledger(tmp_path / "h.db", [OPENED]) as store:
        asked = config(box.port)
        both = replace(asked.channels["desk"], to=("ana@ngo.example", "Ben <ben@ngo.example>"))
        asked = replace(asked, channels={"desk": both})
        box.rcpt = {"ben@ngo.example": "451 greylisted"}
        assert tell(store, asked, NOON).postponed == 1
        box.rcpt = {}
        store.told = (*store.told, make.revision(2, {"event": 2, "change": "opened"}))
        hourly = replace(asked, subscriptions=(replace(asked.subscriptions[0], id="more", every=Every.HOURLY),))
        tell(store, hourly, NOON + timedelta(seconds=5))  # nobody else waits for him
        assert box.recipients == [["ana@ngo.example"], ["ana@ngo.example", "ben@ngo.example"]]
        report = tell(store, asked, NOON + timedelta(minutes=1))
        assert (report.sent, box.recipients[2]) == (1, ["ben@ngo.example"])
        first, _, third = box.read()
        assert first["Message-ID"] == third["Message-ID"]
        assert {delivery.state for delivery in store.deliveries()} == {"sent"}


def test_a_recipient_who_is_taken_out_is_waited_for_no_longer(tmp_path: Path) -> None:
    owed = DeliveryError("sent to all but ben", again=True, receipt="<1> but not to ben", owed=("ben@ngo.example",))
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        assert tell(store, config(), NOON, Sender(owed)).postponed == 1
        sender = Sender()
        tell(store, config(), NOON + HOUR, sender)  # only Ana is in it
        assert sender.sent == []
        assert [delivery.state for delivery in store.deliveries()] == ["sent"]


def two_ways(**asked: Any) -> Any:
    plain = config(**asked)
    ops = Channel(id="ops", kind="slack-bot", to=("#ops",))
    return replace(plain, channels={**plain.channels, "ops": ops})


def test_a_lasting_failure_is_told_once_on_another_channel_and_again_after_it_was_mended(tmp_path: Path) -> None:
    wrong = DeliveryError('channel "desk" was refused: password is wrong', again=False, mendable=True)
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        sender = Sender(wrong)
        tell(store, two_ways(), NOON, sender)
        (notice, _), = sender.sent
        assert notice.subject == "Homeward can't deliver through “desk”"
        assert "NOT DELIVERED" in notice.text
        assert "- 34 children home to Russia" in notice.text
        assert "password is wrong" in notice.text
        for hour in (1, 2, 3):
            sender.failures = [wrong]
            tell(store, two_ways(), NOON + hour * HOUR + timedelta(seconds=hour), sender)
        assert len(sender.sent) == 1
        tell(store, two_ways(), NOON + 5 * HOUR, sender)  # mended: what waited goes out
        assert [message.key for message, _ in sender.sent[1:]] == ["returns/2019-07-16/1"]
        sender.failures = [wrong]
        tell(store, two_ways(), NOON + DAY, sender)
        assert [message.key.split("/")[0] for message, _ in sender.sent] == ["trouble", "returns", "trouble"]


def test_a_failing_stand_in_is_told_to_nobody_and_giving_up_is_told(tmp_path: Path) -> None:
    down = DeliveryError("down", again=True)
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        for moment in (NOON, NOON + GIVE_UP + DAY, NOON + GIVE_UP + 2 * DAY):
            tell(store, two_ways(quiet_days=False), moment, Sender(*[down] * 9))
        assert sorted({d.subscription_id for d in store.deliveries()}) == ["(trouble)", "returns"]
        assert sorted(d.period.removeprefix("desk-") for d in store.deliveries() if d.subscription_id == "(trouble)"
                      ) == ["1", "2-late"]  # given up after a week; the next one is an hour late


def test_a_channel_that_is_an_hour_late_is_told_on_its_stand_in_once(tmp_path: Path) -> None:
    """Apprise does not always say why it fails for good, and a mail server that is down is worth knowing of."""
    down = DeliveryError('channel "desk" can\'t reach 127.0.0.1:25 (Connection refused)', again=True)
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        sender = Sender()
        for minutes in (0, 20, 50, 70, 140, 300, 500):
            sender.failures = [down]
            tell(store, two_ways(), NOON + timedelta(minutes=minutes), sender)
        (notice, _), = sender.sent
        assert notice.subject == "“desk” has not delivered for an hour"
        assert "Connection refused" in notice.text
        tell(store, two_ways(), NOON + timedelta(minutes=900), sender)
        assert [message.key.split("/")[0] for message, _ in sender.sent] == ["trouble", "returns"]
        assert store.rows("select * from troubles") == []


def errors(store: Store, now: datetime, sender: Sender, **more: Any) -> list[str]:
    before = len(sender.sent)
    asked = config(every=Every.INSTANT, errors=True, **more)
    tell(store, asked, now, sender)
    return [message.subject for message, _ in sender.sent[before:]]


def fail(store: Store, endpoint_id: int, failures: int, success: datetime | None = None) -> None:
    with store.write():
        store.execute("update endpoints set failures = ?, last_why = 'it answered <b>500</b>',"
                      " last_success = coalesce(?, last_success) where id = ?",
                      [failures, success.isoformat(timespec="microseconds") if success else None, endpoint_id])


def test_failing_sources_are_told_once_a_day_at_most_and_once_when_they_are_back(tmp_path: Path) -> None:
    sender = Sender()
    with Store.open(tmp_path / "h.db") as store:
        visited(store, (1, NOON - HOUR, "new", 3, 1), (2, NOON - HOUR, "new", 3, 1), (3, NOON - HOUR, "new", 3, 1))
        fail(store, 1, 5)
        assert errors(store, NOON, sender) == []
        fail(store, 1, 6)
        assert errors(store, NOON + HOUR, sender) == ["One is failing"]
        assert "6 failures in a row, last answer 16 July 2019, 11:00 UTC" in sender.sent[0][0].text
        assert "<b>500</b>" not in str(sender.sent[0][0].blocks)
        fail(store, 2, 9)
        assert [errors(store, NOON + n * HOUR, sender) for n in (2, 12, 24)] == [[], [], []]
        fail(store, 1, 0, NOON + 25 * HOUR)
        assert errors(store, NOON + 25 * HOUR, sender) == ["Two is failing; One is back"]
        fail(store, 2, 0, NOON + 25 * HOUR + timedelta(minutes=9))
        assert errors(store, NOON + 25 * HOUR + timedelta(minutes=10), sender) == []  # returns are gathered
        assert errors(store, NOON + 26 * HOUR, sender) == ["Two is back"]
        assert errors(store, NOON + 60 * HOUR, sender) == []
        assert tell(store, config(every=Every.INSTANT, id="other"), NOON + 60 * HOUR, sender).queued == 0


def test_a_source_that_came_back_stands_in_the_foot(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        bad = [(1, NOON - (8 - n) * HOUR, "http_error", 0, 0) for n in range(6)]
        visited(store, (1, NOON - 30 * HOUR, "new", 3, 1), *bad, (1, NOON - HOUR, "new", 3, 1),
                (2, NOON - 2 * HOUR, "http_error", 0, 0), (2, NOON - HOUR, "new", 3, 1))
        assert store.health(NOON - DAY, NOON).back == ("One",)
        assert store.health(NOON, NOON + DAY).back == ()
        assert "Back again: One" in render.text(preview(store, config().subscriptions[0], NOON - DAY, NOON))


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
