"""The store as those see it who keep watch: the daemon's watchdog, `homeward status`, the nightly tidying."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.base import Base, to_moment, to_text
from storage.running import AWAKE

DUE = f"""
 select next_due as at, host from endpoints e
  where active = 1 and gone_at is null and next_due <= :now and (lease_until is null or lease_until <= :now)
    and {AWAKE.format(table="e")}
 union all select next_try as at, host from entries n
  where state = 'promised' and next_try <= :now and (lease_until is null or lease_until <= :now)
    and exists (select 1 from endpoints e where e.id = n.endpoint_id and e.active = 1 and {AWAKE.format(table="e")})"""
# `exists` and not `in`: the few entries that are promised are looked at, not all there are (0.6 s with 500,000).


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How the whole is doing, at one moment."""

    endpoints: int  # watched
    failing: int  # of these, whose last visit failed
    gone: int  # answered 410; not visited any more
    overdue: int  # visits and pages that could be done now and nobody is at
    oldest_due: datetime | None
    next_due: datetime | None
    oldest_success: datetime | None  # the endpoint whose last success is longest ago; None while one never answered
    oldest_source: str | None  # its source's name
    never: int  # watched endpoints that never answered
    last_success: datetime | None
    promised: int  # pages still to be fetched
    articles: int
    events: int
    deliveries: dict[str, int] = field(default_factory=dict)  # state → how many
    oldest_waiting: datetime | None = None  # the delivery that has waited longest
    outcomes: dict[str, int] = field(default_factory=dict)  # of watched endpoints' last visits → how many
    given_up: int = 0  # deliveries that failed for good lately
    given_up_why: str | None = None  # of the newest of these


GIVEN_UP = timedelta(days=3)  # how long a delivery that failed for good counts as trouble


class Watching(Base):
    """Verbs of the watch."""

    def overdue(self, now: datetime) -> int:
        """Visits and pages that could be done now and nobody is at; what a resting host holds back is not counted."""
        row = self.row(f"select count(*) as n from ({DUE}) where host is null or host not in"
                       " (select host from hosts where cool_until > :now)", {"now": to_text(now)})
        return int(row["n"]) if row else 0

    def last_progress(self) -> tuple[int, str] | None:
        """The newest run and when it last got on; changes whenever a crawl moves."""
        row = self.row("select id, progress_at from runs order by id desc limit 1")
        return (row["id"], row["progress_at"]) if row else None

    def state(self, now: datetime) -> State:
        at: dict[str, object] = {"now": to_text(now)}
        watched = self.row(
            "select count(*) as endpoints, coalesce(sum(failures > 0), 0) as failing,"
            " coalesce(sum(last_success is null), 0) as never, max(last_success) as last_success,"
            " min(max(next_due, :now)) as next_due from endpoints e where active = 1 and gone_at is null"
            f" and {AWAKE.format(table='e')}", at) or {}
        oldest = self.row("select e.last_success, s.name from endpoints e join sources s on s.id = e.source_id"
                          f" where e.active = 1 and e.gone_at is null and {AWAKE.format(table='e')}"
                          " order by e.last_success limit 1") or {}
        held = self.row(
            "select (select count(*) from articles) as articles,"
            " (select count(*) from events where merged_into is null) as events,"
            " (select count(*) from entries where state = 'promised') as promised,"
            " (select count(*) from endpoints where active = 1 and gone_at is not null) as gone,"
            " (select min(created_at) from deliveries where state in ('waiting', 'sending')) as waiting,"
            f" (select min(at) from ({DUE})) as due", at) or {}
        queue = self.rows("select state, count(*) as n from deliveries group by state")
        outcomes = self.rows("select coalesce(last_outcome, 'never') as outcome, count(*) as n from endpoints"
                             " where active = 1 group by 1 order by 1")
        failed = self.rows("select error from deliveries where state = 'failed' and next_try_at > ?"
                           " order by next_try_at desc", [to_text(now - GIVEN_UP)])
        return State(
            endpoints=watched["endpoints"], failing=watched["failing"], gone=held["gone"], overdue=self.overdue(now),
            oldest_due=to_moment(held["due"]), next_due=to_moment(watched["next_due"]),
            oldest_success=to_moment(oldest.get("last_success")), oldest_source=oldest.get("name"),
            never=watched["never"], last_success=to_moment(watched["last_success"]), promised=held["promised"],
            articles=held["articles"], events=held["events"], deliveries={row["state"]: row["n"] for row in queue},
            oldest_waiting=to_moment(held["waiting"]), outcomes={row["outcome"]: row["n"] for row in outcomes},
            given_up=len(failed), given_up_why=failed[0]["error"] if failed else None)

    def tidy(self, now: datetime, *, keep_visits: int = 90, keep_runs: int = 365) -> int:
        """Trim what only served the watch (old visits, runs, rests that are over), and hand the WAL back to the disk.

        Articles, versions, claims, revisions, drops and deliveries are never trimmed. `keep_…` are days.
        Returns how many rows went.
        """
        with self.write():
            gone = self.execute("delete from visits where finished_at < ?",
                                [to_text(now - timedelta(days=keep_visits))])
            gone += self.execute("delete from runs where ended_at is not null and ended_at < ?",
                                 [to_text(now - timedelta(days=keep_runs))])
            gone += self.execute("delete from gaps where at < ?", [to_text(now - timedelta(days=keep_visits))])
            gone += self.execute("delete from hosts where cool_until < ?", [to_text(now)])
        with self.sentences():
            self.db.execute("pragma optimize").fetchall()
            self.db.execute("pragma wal_checkpoint(truncate)").fetchall()
        return gone
