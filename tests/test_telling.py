"""When somebody is told, exactly once: periods and clocks, the queue, crashes, servers that are down, proof of life."""


from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from records.errors import DeliveryError
from records.telling import Every, Subscription
from scheduler.periods import due
from scheduler.sending import GIVE_UP, Report, pause
from scheduler.telling import prepare, tell
from tests import tell as make
from tests.post import slack_server, smtp_server
from tests.telling_store import NOON, OPENED, REVISED, ZONES, Sender, config, ledger, slack_config


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [0, 2, 8])
def test_a_daily_digest_is_due_once_per_local_day_all_year(zone: str, hour: int) -> None:
    mine = Subscription(id="x", channel="y", hour=hour, zone=zone)
    now, last, keys = datetime(2018, 12, 30, tzinfo=UTC), datetime(2018, 12, 28, tzinfo=UTC), []
    while now < datetime(2020, 1, 5, tzinfo=UTC):
        key = due(mine, now, last)
        if key is not None:
            keys.append(key)
            last = now
            local = now.astimezone(ZoneInfo(zone))
            if key.startswith("2019"):
                assert key == local.date().isoformat()
                assert local.hour == hour or (hour < 8 and local.hour == hour + 1)  # an hour the clocks skip
        now += timedelta(minutes=30)
    days = [key for key in keys if key.startswith("2019")]
    assert len(days) == len(set(days)) == 365


def test_a_day_that_a_country_skipped_is_not_told() -> None:
    mine = Subscription(id="x", channel="y", zone="Pacific/Apia")
    now, last, keys = datetime(2011, 12, 28, tzinfo=UTC), datetime(2011, 12, 27, 20, tzinfo=UTC), []
    while now < datetime(2012, 1, 2, tzinfo=UTC):
        if key := due(mine, now, last):
            keys.append(key)
            last = now
        now += timedelta(minutes=15)
    assert keys == ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01", "2012-01-02"]


def test_weekly_and_hourly_and_instant_periods() -> None:
    weekly = Subscription(id="x", channel="y", every=Every.WEEKLY, weekday="wed", zone="Europe/Berlin")
    assert due(weekly, NOON, NOON - timedelta(days=7)) == "2019-W28"
    assert due(weekly, NOON, NOON - timedelta(days=6)) is None
    assert due(weekly, NOON + timedelta(days=1), NOON) == "2019-W29"
    hourly = replace(weekly, every=Every.HOURLY)
    assert due(hourly, NOON, NOON - timedelta(hours=1)) == "2019-07-16T12Z"
    assert due(hourly, NOON + timedelta(minutes=59), NOON) is None
    assert due(replace(weekly, every=Every.INSTANT), NOON, NOON) == "now"


def test_a_new_subscription_looks_back_one_period_and_is_told_once(tmp_path: Path) -> None:
    with smtp_server() as box, ledger(tmp_path / "h.db", [OPENED]) as store:
        for minutes in (0, 1, 60):
            tell(store, config(box.port), NOON + timedelta(minutes=minutes))
        (mail,) = box.read()
        assert mail["Subject"].startswith("34 children home to Russia")
        cursor = store.cursor("returns")
        assert cursor is not None
        assert (cursor.last_revision, cursor.until, cursor.seen_at) == (1, NOON, NOON)


def test_the_archive_is_not_told_to_a_newcomer(tmp_path: Path) -> None:
    with ledger(tmp_path / "h.db", [OPENED, {"event": 2, "change": "opened"}]) as store:
        store.db.execute("pragma foreign_keys=off")
        with store.write():
            for moment in ("2019-07-07T12:00:00.000000+00:00", "2019-07-16T12:00:00.000000+00:00"):
                store.add("revisions", {"event_id": 1, "change": "opened", "at": moment, "quiet": 0, "why": ""})
        sender = Sender()
        tell(store, config(), NOON, sender)
        ((message, _),) = sender.sent
        assert message.events == (2,)


def test_three_missed_days_are_one_digest(tmp_path: Path) -> None:
    sender = Sender()
    with ledger(tmp_path / "h.db") as store:
        tell(store, config(), NOON, sender)
        store.told = tuple(make.revision(n, one) for n, one in enumerate([OPENED, {"event": 2, "change": "opened"}], 1))
        tell(store, config(), NOON + timedelta(days=3), sender)
        tell(store, config(), NOON + timedelta(days=3, hours=1), sender)
    assert [message.key for message, _ in sender.sent] == ["returns/2019-07-16/1", "returns/2019-07-19/1"]
    assert sender.sent[1][0].events == (2, 1)


def test_a_later_mail_about_an_event_answers_the_earlier_one(tmp_path: Path) -> None:
    with smtp_server() as box, ledger(tmp_path / "h.db", [OPENED, {"event": 2, "change": "opened"}]) as store:
        tell(store, config(box.port), NOON)
        for day, change in ((1, REVISED), (2, {**REVISED, "event": 2}), (3, {**REVISED, "new": 36})):
            store.told = (*store.told, make.revision(len(store.told) + 1, change))
            tell(store, config(box.port), NOON + timedelta(days=day))
        ids = [mail["Message-ID"] for mail in box.read()]
        assert [mail["In-Reply-To"] for mail in box.read()] == [None, ids[0], ids[0], ids[1]]
        assert box.read()[3]["References"].split() == [ids[0], ids[1]]


def test_instant_alerts_are_one_per_event_and_hang_on_the_first_in_slack(tmp_path: Path) -> None:
    with slack_server() as slack, ledger(tmp_path / "h.db", [OPENED, {"event": 2, "change": "opened"}]) as store:
        asked = slack_config("slack-bot", slack.url + "/api/", every=Every.INSTANT)
        tell(store, asked, NOON)
        tell(store, asked, NOON + timedelta(minutes=1))
        store.told = (*store.told, make.revision(3, {**REVISED, "event": 2}), make.revision(4, REVISED))
        tell(store, asked, NOON + timedelta(minutes=2))
        assert [post.get("thread_ts") for post in slack.posts] == [None, None, "15632.000001", "15632.000002"]
        assert slack.refused == []


def test_killed_while_sending_it_is_sent_again_as_the_same_mail(tmp_path: Path) -> None:
    """A real child, killed with SIGKILL after the server took the letter and before that was written down."""
    with smtp_server() as box:
        child = ("import os, signal, sys\nfrom pathlib import Path\nfrom alerts import channels\n"
                 "from scheduler.telling import tell\n"
                 "from tests.telling_store import NOON, OPENED, config, ledger\n"
                 "def send(*args, **kwargs):\n"
                 "    channels.send(*args, **kwargs)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
                 f"tell(ledger(Path({str(tmp_path / 'h.db')!r}), [OPENED]), config({box.port}), NOON, send)\n")
        ended = subprocess.run([sys.executable, "-c", child], check=False, timeout=50,
                               env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)})
        assert ended.returncode == -signal.SIGKILL
        with ledger(tmp_path / "h.db", [OPENED]) as store:
            assert [d.state for d in store.deliveries()] == ["sending"]
            tell(store, config(box.port), NOON + timedelta(minutes=1))  # its sender may still be alive
            assert len(box.letters) == 1
            tell(store, config(box.port), NOON + timedelta(minutes=11))
            tell(store, config(box.port), NOON + timedelta(minutes=40))
            assert [d.state for d in store.deliveries()] == ["sent"]
    first, second = box.read()
    assert first["Message-ID"] == second["Message-ID"]


def test_the_only_sender_takes_back_at_once_what_a_dead_one_was_sending(tmp_path: Path) -> None:
    with smtp_server() as box, ledger(tmp_path / "h.db", [OPENED]) as store:
        assert prepare(store, config(), config().subscriptions[0], NOON) == 1
        assert len(store.claim_waiting(NOON)) == 1  # and there it was killed
        assert store.take_back(NOON + timedelta(seconds=1)) == 1
        tell(store, config(box.port), NOON + timedelta(seconds=2))
        assert [d.state for d in store.deliveries()] == ["sent"]
        assert store.take_back(NOON + timedelta(seconds=3)) == 0
        assert len(box.letters) == 1


def test_killed_between_queue_and_send_it_is_sent_once(tmp_path: Path) -> None:
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        assert prepare(store, config(), config().subscriptions[0], NOON) == 1
    with smtp_server() as box, ledger(tmp_path / "h.db", [OPENED]) as store:
        tell(store, config(box.port), NOON + timedelta(seconds=5))
        assert len(box.letters) == 1


def test_killed_inside_the_queue_nothing_is_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        monkeypatch.setattr(store, "execute", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            prepare(store, config(), config().subscriptions[0], NOON)
        monkeypatch.undo()
        assert store.deliveries() == []
        assert store.cursor("returns") is None
        assert prepare(store, config(), config().subscriptions[0], NOON) == 1


def test_a_mail_server_that_is_down_for_a_day_costs_the_delay_only(tmp_path: Path) -> None:
    with socket.socket() as held, ledger(tmp_path / "h.db", [OPENED]) as store:
        held.bind(("127.0.0.1", 0))
        port, report = held.getsockname()[1], Report()
        for minutes in range(0, 24 * 60, 5):
            report = tell(store, config(port), NOON + timedelta(minutes=minutes))
            assert report.sent == report.failed == 0
        (waiting,) = [d for d in store.deliveries() if d.period == "2019-07-16"]
        assert "can't reach 127.0.0.1" in (waiting.error or "")
        assert 25 <= waiting.attempts <= 40
        held.close()
        with smtp_server(port=port) as box:
            for minutes in range(24 * 60, 25 * 60 + 5, 5):
                tell(store, config(port), NOON + timedelta(minutes=minutes))
            assert [mail["Subject"].split(";")[0] for mail in box.read()] == [
                "34 children home to Russia", "Collecting failed: no endpoint is being watched"]


def test_after_an_outage_the_older_comes_first_and_a_poisoned_one_holds_up_nobody_for_long(tmp_path: Path) -> None:
    down = DeliveryError("down", again=True)
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        sender = Sender(*[down] * 8)
        for minutes in (0, 1, 5, 10, 20, 40, 70, 130):  # eight attempts, the next one is an hour away
            tell(store, config(), NOON + timedelta(minutes=minutes), sender)
        hourly = config(every=Every.HOURLY, id="hourly")
        store.told = (*store.told, make.revision(2, {"event": 2, "change": "opened"}))
        tell(store, hourly, NOON + timedelta(minutes=131), sender)
        assert sender.sent == []
        tell(store, hourly, NOON + timedelta(minutes=131 + 70), Sender(down))
        assert {delivery.state for delivery in store.deliveries()} == {"waiting", "sent"}
        tell(store, hourly, NOON + timedelta(minutes=131 + 140), sender)
        assert sender.sent[0][0].key == "returns/2019-07-16/1"


def test_slack_that_asked_to_wait_is_left_alone_over_a_restart(tmp_path: Path) -> None:
    with slack_server() as slack:
        asked = slack_config("slack-webhook", slack.url)
        slack.answers = [(429, "ratelimited", "37")]
        with ledger(tmp_path / "h.db", [OPENED]) as store:
            tell(store, asked, NOON)
        with ledger(tmp_path / "h.db", [OPENED, {"event": 2, "change": "opened"}]) as store:
            second = replace(asked, subscriptions=(*asked.subscriptions, replace(asked.subscriptions[0], id="second")))
            tell(store, second, NOON + timedelta(seconds=36))
            assert slack.requests == 1
            report = tell(store, second, NOON + timedelta(seconds=38))
            assert (slack.requests, report.sent) == (3, 2)


def test_a_clock_set_back_tells_nothing_twice_and_goes_on(tmp_path: Path) -> None:
    sender = Sender()
    with ledger(tmp_path / "h.db") as store:
        tell(store, config(), NOON, sender)
        tell(store, config(), NOON + timedelta(days=365), sender)
        store.told = (make.revision(1, OPENED),)
        for day in (0, 0, 1, 1, 2):
            tell(store, config(), NOON + timedelta(days=day, minutes=5), sender)
    assert [message.key.split("/")[1] for message, _ in sender.sent] == [
        "2019-07-16", "2020-07-15", "2019-07-17", "2019-07-18"]
    assert [message.events for message, _ in sender.sent] == [(), (), (1,), ()]


def test_two_programs_at_once_tell_it_once(tmp_path: Path) -> None:
    asked = config(every=Every.INSTANT).subscriptions[0]
    with ledger(tmp_path / "h.db", [OPENED]) as one, ledger(tmp_path / "h.db", [OPENED, REVISED]) as two:
        seen = one.cursor("returns")
        assert prepare(two, config(), asked, NOON) == 1
        monkey = pytest.MonkeyPatch()
        monkey.setattr(one, "cursor", _first(seen, one.cursor))
        assert prepare(one, config(), asked, NOON) == 0
        assert len(one.deliveries()) == 1
        monkey.undo()


def _first(value: Any, then: Any) -> Any:
    answers = [value]
    return lambda subscription: answers.pop() if answers else then(subscription)


def test_failures_that_last_are_given_up_and_said(tmp_path: Path) -> None:
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        report = tell(store, config(), NOON, Sender(DeliveryError('channel "desk" was refused', again=False)))
        assert (report.failed, report.troubles) == (1, ['channel "desk" was refused'])
        gone = replace(config(), channels={})
        assert tell(store, gone, NOON + timedelta(days=1)).troubles == ['channel "desk" is no longer in the config']
        late = DeliveryError("down", again=True)
        for moment in (NOON + timedelta(days=2), NOON + timedelta(days=2, seconds=1) + GIVE_UP):
            with ledger(tmp_path / "h.db", [OPENED]) as again:
                report = tell(again, config(), moment, Sender(late, late))
        assert report.failed == 1


def test_what_a_broken_channel_held_up_is_told_once_it_is_mended(tmp_path: Path) -> None:
    """A wrong password or a revoked hook is no fault of the message: nothing of what it brings may be lost."""
    broken = DeliveryError("the password is wrong; check it", again=False, mendable=True)
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        sender = Sender(broken)
        assert tell(store, config(), NOON, sender).postponed == 1
        assert tell(store, config(), NOON + timedelta(minutes=59), sender).sent == 0  # once an hour is enough
        assert tell(store, config(), NOON + timedelta(minutes=61), sender).sent == 1
        assert [delivery.state for delivery in store.deliveries()] == ["sent"]


def test_one_bad_zone_stops_nobody_else(tmp_path: Path) -> None:
    good = config()
    bad = replace(good.subscriptions[0], id="bad", zone="Mars/Base")
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        sender = Sender()
        report = tell(store, replace(good, subscriptions=(bad, *good.subscriptions)), NOON, sender)
        assert len(sender.sent) == 1
        assert report.troubles == ['subscription "bad": zone "Mars/Base" is no IANA time zone, such as Europe/Berlin']


def test_the_pause_grows_to_an_hour_and_obeys_the_other_side() -> None:
    assert [pause(n).total_seconds() for n in (1, 2, 5, 20)] == [16, 31, 640, 3600]
    assert pause(1, 37).total_seconds() == 37
