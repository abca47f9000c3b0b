"""A crawl's own book-keeping: runs, leases, when work is due next, hosts to be left alone, robots.txt as last read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from records.news import Run
from storage.base import Base, Row, to_moment, to_text

LEASED = ("endpoints", "entries")
AWAKE = "not exists (select 1 from pauses p where p.id in ({table}.source_id, {table}.asked_url))"  # nobody paused it
LATEST = datetime(9999, 1, 1, tzinfo=UTC)
SETTLED = timedelta(minutes=1)  # a run that has lasted so long is no failed start
HORIZON = timedelta(days=8)  # no wait is longer than a week (skipDays): what lies beyond comes of a wrong clock
AHEAD = (  # what must not lie in the far future: table, column, and what it becomes
    ("endpoints", "next_due", ":now"), ("endpoints", "lease_until", "null"), ("entries", "next_try", ":now"),
    ("entries", "lease_until", "null"), ("endpoints", "last_visit", ":now"), ("hosts", "cool_until", ":now"),
    ("deliveries", "next_try_at", ":now"), ("channel_rests", "until", ":now"))


def host_of(url: str) -> str:
    """The name by which a server is treated politely: host without "www.", and its port where that is unusual."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:  # an address no request can be made to; the guard says so
        return ""
    return host if port in (None, {"http": 80, "https": 443}.get(parts.scheme)) else f"{host}:{port}"


class Running(Base):
    """Runs, leases, hosts."""

    def start_run(self, now: datetime, pid: int) -> int:
        with self.write():
            return self.add("runs", {"started_at": to_text(now), "progress_at": to_text(now), "pid": pid})

    def _forget_the_future(self, now: datetime) -> None:
        """A clock that was far ahead for an hour left times at which nobody would ever wake: they are now.

        Inside a transaction.
        """
        for table, column, instead in AHEAD:
            self.execute(f"update {table} set {column} = {instead} where {column} > :far",
                         {"now": to_text(now), "far": to_text(min(now, LATEST) + HORIZON)})

    def progress(self, run_id: int, now: datetime) -> None:
        """The run is alive and getting on; the watchdog looks at this."""
        with self.write():
            self.execute("update runs set progress_at = ? where id = ?", (to_text(now), run_id))

    def end_run(self, run_id: int, now: datetime, reason: str) -> None:
        with self.write():
            self.execute("update runs set ended_at = :now, progress_at = :now, reason = :reason where id = :id",
                         {"now": to_text(now), "reason": reason, "id": run_id})

    def count(self, run_id: int | None, now: datetime, *, visits: int = 0, answered: int = 0, failed: int = 0,
              entries_new: int = 0, articles_new: int = 0, dropped: int = 0) -> None:
        """Add to a run's counts, inside the transaction of what is counted."""
        if run_id is None:
            return
        self.execute("update runs set visits = visits + ?, answered = answered + ?, failed = failed + ?, "
                     "entries_new = entries_new + ?, articles_new = articles_new + ?, dropped = dropped + ?, "
                     "progress_at = ? where id = ?",
                     (visits, answered, failed, entries_new, articles_new, dropped, to_text(now), run_id))

    def run(self, run_id: int) -> Run | None:
        row = self.row("select * from runs where id = ?", (run_id,))
        return _run(row) if row else None

    def last_run(self) -> Run | None:
        row = self.row("select * from runs order by id desc limit 1")
        return _run(row) if row else None

    def failed_run(self, now: datetime) -> Run | None:
        """The newest run that has ended, where it failed and none since has been at work for a while."""
        for row in self.rows("select * from runs order by id desc limit 2"):
            run = _run(row)
            if run.ended_at is not None:
                return run if (run.reason or "").startswith("failed") else None
            if now - run.started_at > SETTLED:
                return None
        return None

    def release(self, owner: str) -> None:
        """Give back what this owner leased; somebody else may claim it at once."""
        with self.write():
            for table in LEASED:
                self.execute(f"update {table} set lease_until = null, lease_owner = null "
                             "where lease_owner = ?", (owner,))

    def owners(self) -> set[str]:
        """Everybody who holds a lease, expired or not."""
        return {row["lease_owner"] for table in LEASED for row in self.rows(
            f"select distinct lease_owner from {table} where lease_owner is not null")}

    def leased(self, now: datetime) -> int:
        """How many endpoints and entries somebody is at work on."""
        return sum(self.rows(f"select count(*) as n from {table} where lease_until > ?",
                             (to_text(now),))[0]["n"] for table in LEASED)

    def next_moment(self, now: datetime) -> datetime | None:
        """When the next endpoint or entry is due, or a lease or a host's rest ends; None when nothing is watched."""
        row = self.row(
            "select min(at) as at from (select min(next_due) as at from endpoints e where active = 1 "
            f"and gone_at is null and lease_until is null and {AWAKE.format(table='e')} union all "
            "select min(t.next_try) from entries t join endpoints e on e.id = t.endpoint_id where t.state = 'promised' "
            f"and t.lease_until is null and e.active = 1 and {AWAKE.format(table='e')} "
            "union all select min(lease_until) from endpoints union all "
            "select min(lease_until) from entries where lease_until is not null "
            "union all select min(cool_until) from hosts where cool_until > ?)",
            (to_text(now),))
        return to_moment(row["at"]) if row else None

    def cooling(self, host: str, now: datetime) -> datetime | None:
        """Until when this host is to be left alone, if it is."""
        row = self.row("select cool_until from hosts where host = ? and cool_until > ?", (host, to_text(now)))
        return to_moment(row["cool_until"]) if row else None

    def cool(self, host: str, until: datetime, why: str) -> None:
        """Leave a host alone until then; a longer rest asked for earlier stands."""
        with self.write():
            self.execute("insert into hosts (host, cool_until, why) values (?, ?, ?) on conflict (host) do update set "
                         "cool_until = excluded.cool_until, why = excluded.why where excluded.cool_until > cool_until",
                         (host, to_text(until), why))

    def robots(self, authority: str) -> tuple[int, str, datetime] | None:
        """Status, text and time of the last robots.txt that could be had from "scheme://host:port"."""
        row = self.row("select * from robots where authority = ?", (authority,))
        fetched = to_moment(row["fetched_at"]) if row else None
        return (row["status"], row["body"], fetched) if row and fetched else None

    def keep_robots(self, authority: str, status: int, body: str, now: datetime) -> None:
        with self.write():
            self.execute("insert into robots (authority, status, body, fetched_at) values (?, ?, ?, ?) "
                         "on conflict (authority) do update set status = excluded.status, body = excluded.body, "
                         "fetched_at = excluded.fetched_at", (authority, status, body, to_text(now)))


def _run(row: Row) -> Run:
    started = to_moment(row["started_at"])
    assert started is not None
    same = ("id", "reason", "visits", "answered", "failed", "entries_new", "articles_new", "dropped")
    return Run(**{name: row[name] for name in same}, started_at=started, ended_at=to_moment(row["ended_at"]))
