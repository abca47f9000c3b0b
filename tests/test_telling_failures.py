"""What fails while telling, and who hears of it: recipients, channels, stand-ins, sources that fail and come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alerts import render
from records.errors import DeliveryError
from records.telling import Channel, Every
from scheduler.sending import GIVE_UP
from scheduler.telling import preview, tell
from storage import Store
from tests import tell as make
from tests.post import smtp_server
from tests.telling_store import NOON, OPENED, Sender, config, ledger, visited

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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
