"""When somebody is told, exactly once: periods and clocks, the queue, crashes, servers that are down, proof of life."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.model import Config
from desk import file, read
from records.errors import DeliveryError
from records.ledger import Event, Revision, StoredFigure
from records.news import Article
from records.telling import Channel, Every, Message, Subscription, Thread
from scheduler.periods import due
from scheduler.sending import GIVE_UP, Report, pause
from scheduler.telling import prepare, preview, tell
from storage import Store
from tests import tell as make
from tests.post import HOOK, TOKEN, Mailbox, slack_server, smtp_server
from tests.test_alerts import event

NOON = datetime(2019, 7, 16, 12, 0, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago",
         "Asia/Kolkata", "Africa/Cairo", "Asia/Tehran", "Pacific/Apia", "Europe/London", "America/Havana")


class Ledger(Store):
    """The real store with the ledger's part handed to it, so that a test says what changed in a line."""

    told: tuple[Revision, ...] = ()
    numbers: tuple[StoredFigure, ...] = ()
    things: dict[int, Event] = {}  # noqa: RUF012 - replaced per test, never changed in place

    def last_revision(self) -> int:
        return max((revision.id or 0 for revision in self.told), default=0)

    def last_figure(self) -> int:
        return max((figure.id for figure in self.numbers), default=0)

    def revisions(self, *, after: int = 0, upto: int | None = None, event_id: int | None = None,
                  quiet: bool = False, since: datetime | None = None) -> list[Revision]:
        return [r for r in self.told if after < (r.id or 0) <= (upto or 10**9)]

    def figures(self, *, after: int = 0, upto: int | None = None, quiet: bool = False,
                since: datetime | None = None) -> list[StoredFigure]:
        return [f for f in self.numbers if after < f.id <= (upto or 10**9)]

    def events_at_once(self, ids: Iterable[int]) -> list[Event]:
        return [self.things[one] for one in ids if one in self.things]

    def histories(self, ids: Collection[int]) -> dict[int, list[Revision]]:
        return {one: [r for r in self.told if r.event_id == one] for one in ids}


def ledger(path: Path, changes: Sequence[dict[str, Any]] = (), *, events: Sequence[int] = (1, 2)) -> Ledger:
    store = Ledger.open(path)
    store.told = tuple(make.revision(n, one) for n, one in enumerate(changes, 1))
    store.things = {n: make.event(event(n)) for n in events}
    return store


def config(port: int = 9, **asked: Any) -> Config:
    wish: dict[str, Any] = {"id": "returns", "channel": "desk", "hour": 8, "zone": "UTC", **asked}
    desk = Channel(id="desk", kind="email", to=("ana@ngo.example",), settings={
        "host": "127.0.0.1", "port": port, "tls": "none", "from": "hw@ngo.example", "timeout": 5})
    return Config(path=None, database=Path("x"), channels={"desk": desk}, subscriptions=(Subscription(**wish),))


def slack_config(kind: str, url: str, **asked: Any) -> Config:
    secret = TOKEN if kind == "slack-bot" else "https://hooks.slack.com" + HOOK
    channel = Channel(id="desk", kind=kind, to=("#returns",), secret=secret, settings={"base_url": url})
    return replace(config(**asked), channels={"desk": channel})


class Sender:
    """Keeps what it is given, or fails as told."""

    def __init__(self, *failures: DeliveryError) -> None:
        self.sent: list[tuple[Message, Thread]] = []
        self.failures = list(failures)

    def __call__(self, channel: Channel, message: Message, thread: Thread, *, at: datetime,
                 now: datetime) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((message, thread))
        return f"receipt-{len(self.sent)}"


OPENED = {"event": 1, "change": "opened"}
REVISED = {"event": 1, "change": "revised", "slot": "children", "old": 33, "new": 34, "claim": 101}


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
                 "from tests.test_telling import NOON, OPENED, config, ledger, tell\n"
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


def visited(store: Store, *visits: tuple[int, datetime, str, int, int]) -> None:
    """Visits of endpoints 1, 2, … of sources "One", "Two", …: (endpoint, when, outcome, seen, new)."""
    with store.write():
        for number in sorted({visit[0] for visit in visits}):
            name = ("One", "Two", "Three")[number - 1]
            mine = [visit for visit in visits if visit[0] == number]
            good = [when for _, when, outcome, _, _ in mine if outcome in {"new", "nothing_new"}]
            failed = mine[-1][2] not in {"new", "nothing_new"}
            store.execute("insert into sources (id, name, kind) values (?, ?, 'news')", [name, name])
            store.add("endpoints", {
                "source_id": name, "url": f"https://{name}.example/feed", "host": f"{name}.example",
                "asked_url": f"https://{name}.example/feed", "kind": "feed", "interval": 900.0,
                "min_interval": 300.0, "max_interval": 21600.0, "next_due": "", "visits": len(mine),
                "last_visit": mine[-1][1].isoformat(timespec="microseconds"),
                "failures": int(failed), "last_why": f"https://{name}.example/feed answered 500" if failed else "",
                "last_success": max(good).isoformat(timespec="microseconds") if good else None})
        for number, when, outcome, seen, new in visits:
            moment = when.isoformat(timespec="microseconds")
            store.add("visits", {"endpoint_id": number, "started_at": moment, "finished_at": moment, "why": "",
                                 "outcome": outcome, "body_bytes": 1, "entries_seen": seen, "entries_new": new})


def test_proof_of_life_counts_what_was_asked_and_names_who_fails_or_is_silent(tmp_path: Path) -> None:
    def hours(number: float) -> datetime:
        return NOON - timedelta(hours=number)
    with Store.open(tmp_path / "h.db") as store:
        habit = [(3, hours(72 + 2 * n), "new", 5, 1) for n in range(6)]
        visited(store, (1, hours(30), "new", 9, 9), (1, hours(3), "new", 10, 2), (1, hours(1), "nothing_new", 10, 0),
                (2, hours(29), "new", 4, 4), (2, hours(2), "http_error", 0, 0), *habit,
                (3, hours(1), "nothing_new", 5, 0))
        with store.write():
            for rule in ("off-topic", "off-topic", "http-404"):
                store.add("drops", {"at": hours(2).isoformat(timespec="microseconds"), "stage": "entry", "rule": rule,
                                    "why": "x"})
        found = store.health(hours(24), NOON)
    assert (found.endpoints, found.asked, found.answered) == (3, 3, 2)
    assert (found.entries_seen, found.entries_new, found.articles_new) == (25, 2, 0)
    assert found.drops == {"off-topic": 2, "http-404": 1}
    assert found.failing == (("Two", "https://Two.example/feed answered 500"),)
    assert found.silent == ("Three",)
    assert (found.oldest_success, found.last_success) == (hours(29), hours(1))


def test_a_first_digest_waits_for_the_first_round_but_not_for_ever(tmp_path: Path) -> None:
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        with store.write():
            store.execute("insert into sources (id, name, kind) values ('a', 'A', 'news')")
            store.add("endpoints", {"source_id": "a", "url": "https://a.example", "asked_url": "https://a.example",
                                    "host": "a.example", "kind": "feed", "interval": 9.0,
                                    "min_interval": 3.0, "max_interval": 21.0, "next_due": ""})
        sender = Sender()
        for minutes in (0, 5, 9, 10, 11):
            tell(store, config(), NOON + timedelta(minutes=minutes), sender)
            assert len(sender.sent) == (minutes >= 10)


def test_a_quiet_day_is_kept_from_who_does_not_want_it_but_not_a_dead_one(tmp_path: Path) -> None:
    sender = Sender()
    with ledger(tmp_path / "h.db") as store:
        visited(store, (1, NOON - timedelta(hours=1), "nothing_new", 3, 0))
        tell(store, config(quiet_days=False), NOON, sender)
        assert sender.sent == []
        tell(store, config(quiet_days=False), NOON + timedelta(days=1), sender)
    ((message, _),) = sender.sent
    assert message.subject == "Collecting failed: 0 of 1 endpoint answered"


def test_a_preview_queues_nothing(tmp_path: Path) -> None:
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        found = preview(store, config().subscriptions[0], NOON - timedelta(days=1), NOON)
        assert [one.id for one in found.opened] == [1]
        assert store.deliveries() == []
        assert store.cursor("returns") is None


def told_of(store: Store, box: Mailbox, moment: datetime, *articles: tuple[str, str, str, str]) -> list[str]:
    """File articles (outlet, day, title, text) through the real desk, tell, and return the new mails' subjects."""
    for outlet, published, title, text in articles:
        article = Article(url=f"https://{outlet.replace(' ', '').lower()}.example/{published}", source_id=None,
                          outlet=outlet, title=title, text=text, lang="en", published=published, fetched_at=moment)
        file(store, article, read(article), source=None, now=moment)
    before = len(box.letters)
    tell(store, config(box.port), moment + timedelta(minutes=1))
    return [mail["Subject"] for mail in box.read()[before:]]


def test_news_through_the_real_desk_is_told_as_new_then_as_disputed_then_not_again(tmp_path: Path) -> None:
    first = ("Press TV", "2019-07-15", "33 children of Russian Daesh militants return home from Iraq", """
The Iraqi Foreign Ministry's spokesman, Ahmad al-Sahhaf, announced on Monday that 33 Russian children had been
repatriated from Baghdad to Russia.""")
    second = ("Rudaw", "2019-07-16", "Iraq sends 32 Russian children home", """
Iraq repatriated 32 Russian children from Baghdad to Russia on Monday, the children's rights commissioner Anna
Kuznetsova told reporters on July 16.""")
    third = ("Daily Star", "2019-07-17", "Russian children flown home", """
Russia brought home 33 Russian children from Baghdad on Monday July 15, officials said.""")
    with smtp_server() as box, Store.open(tmp_path / "h.db") as store:
        assert told_of(store, box, NOON, first) == ["33 children home to Russia"]
        (subject,) = told_of(store, box, NOON + timedelta(days=1), second)
        assert "33" in subject
        assert "32" in subject
        (subject,) = told_of(store, box, NOON + timedelta(days=2), third)
        assert "33 children" not in subject
        text = box.read()[1].get_body(("plain",))
        assert text is not None
        assert "Iraq repatriated 32 Russian children from Baghdad" in text.get_content()
        assert "https://rudaw.example/2019-07-16" in text.get_content()
        assert box.read()[1]["In-Reply-To"] == box.read()[0]["Message-ID"]
