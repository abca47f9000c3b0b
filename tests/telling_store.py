"""What tests of telling share: a store with a ledger to tell of, a config, and somebody who takes what is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.model import Config
from records.errors import DeliveryError
from records.ledger import Event, Revision, StoredFigure
from records.telling import Channel, Message, Subscription, Thread
from storage import Store
from tests import tell as make
from tests.post import HOOK, TOKEN
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
