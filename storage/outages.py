"""What goes wrong, told once: endpoints that keep failing, channels that fail for good."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from records.telling import Delivery, Outage
from storage.base import Row, to_json, to_moment, to_text
from storage.running import AWAKE
from storage.telling import Telling


class Outages(Telling):
    """Each verb that queues a message remembers in the same transaction that it did."""

    def outages(self, failures: int) -> list[Outage]:
        """Endpoints that failed at least so often in a row, the worst first; those that are gone for good too."""
        rows = self.rows(
            "select e.id, s.name, e.url, e.failures, e.last_why, e.last_success from endpoints e"
            " join sources s on s.id = e.source_id where e.active = 1 and (e.failures >= ? or e.gone_at is not null)"
            f" and {AWAKE.format(table='e')} order by e.failures desc, s.name, e.id", [failures])
        return [_outage(row) for row in rows]

    def told_outages(self, subscription_id: str) -> dict[int, bool]:
        """Endpoints that the subscription was told fail, and whether they are back; what is no longer watched is
        left out."""
        rows = self.rows(
            "select o.endpoint_id, e.failures = 0 and e.gone_at is null and e.last_success > o.told_at as back"
            " from outages o join endpoints e on e.id = o.endpoint_id where o.subscription_id = ? and e.active = 1",
            [subscription_id])
        return {row["endpoint_id"]: bool(row["back"]) for row in rows}

    def endpoints_named(self, ids: Collection[int]) -> list[Outage]:
        rows = self.rows(
            "select e.id, s.name, e.url, e.failures, e.last_why, e.last_success from endpoints e join sources s"
            " on s.id = e.source_id where e.id in (select value from json_each(?)) order by s.name, e.id",
            [to_json(sorted(ids))])
        return [_outage(row) for row in rows]

    def last_notice(self, subscription_id: str, kinds: Sequence[str]) -> datetime | None:
        """When the subscription was last sent a message whose period begins with one of these."""
        row = self.row(
            "select max(created_at) as last from deliveries where subscription_id = ? and exists"
            " (select 1 from json_each(?) k where period like k.value || '-%')",
            [subscription_id, to_json(list(kinds))])
        return to_moment(row["last"]) if row else None

    def queue_notice(self, delivery: Delivery, now: datetime, *, failing: Collection[int],
                     back: Collection[int]) -> bool:
        """Write a message on failing and returned endpoints, and that it was told; False where it is known already."""
        with self.write():
            if self.is_known(delivery):
                return False
            self.add_delivery(delivery)
            mine = delivery.subscription_id
            self.execute_many("delete from outages where subscription_id = ? and endpoint_id = ?",
                              [(mine, one) for one in sorted(back)])
            self.execute_many("insert or replace into outages values (?, ?, ?)",
                              [(mine, one, to_text(now)) for one in sorted(failing)])
        return True

    def report_trouble(self, delivery: Delivery, channel_id: str, whom: Sequence[str], now: datetime) -> bool:
        """Queue the message that a channel fails for good, once until it works again; True where that was done."""
        with self.write():
            new = self.execute("insert or ignore into troubles values (?, ?, ?)",
                               [channel_id, ", ".join(sorted(whom)), to_text(now)])
            if new and not self.is_known(delivery):
                self.add_delivery(delivery)
        return bool(new)

    def trouble_is_over(self, channel_id: str) -> None:
        """What was reported of it may be reported again, should it come again."""
        if self.row("select 1 from troubles where channel_id = ?", [channel_id]):
            with self.write():
                self.execute("delete from troubles where channel_id = ?", [channel_id])


def _outage(row: Row) -> Outage:
    return Outage(endpoint_id=row["id"], source=row["name"], url=row["url"], failures=row["failures"],
                  why=row["last_why"] or f"{row['url']} did not answer", since=to_moment(row["last_success"]))
