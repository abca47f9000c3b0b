"""What is watched and what it promised: endpoints, visits, entries, and who works on which under which lease.

    register | claim_endpoints | finish_visit | claim_promises | settle, postpone or drop

Work is claimed by a lease that expires, so that a killed worker loses nothing. A visit's entries are stored in the same
transaction as the validators that would make the server say "nothing new".
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from records.news import (
    Endpoint,
    EndpointKind,
    EndpointPlan,
    Entry,
    Outcome,
    Promise,
    Source,
)
from storage.base import Row, to_json, to_moment, to_text
from storage.running import AWAKE
from storage.visiting import Visiting

# A row per host, the longest due first; a host that is busy or cooling gives none. %s: table, due column, conditions.
CLAIM = """
update {table} set lease_until = :until, lease_owner = :owner where id in (
  select id from (
    select t.id, t.{due} as due, row_number() over (partition by coalesce(t.host, t.id) order by t.{due}, t.id) as place
    from {table} t {join}
    where {which} and {awake} and (t.lease_until is null or t.lease_until <= :now)
      and (t.host is null or t.host not in (select value from json_each(:busy)))
      and (t.host is null or t.host not in (select host from hosts where cool_until > :now))
      and (:only is null or e.source_id in (select value from json_each(:only)))
  ) where place = 1 order by due, id limit :limit
) returning id
"""
CLAIM_ENDPOINTS = CLAIM.format(
    awake=AWAKE.format(table="e"), table="endpoints", due="next_due", join="join endpoints e on e.id = t.id",
    which="t.active = 1 and t.gone_at is null and (t.next_due <= :now or coalesce(t.last_visit, '') < :since)")
CLAIM_PROMISES = CLAIM.format(
    awake=AWAKE.format(table="e"), table="entries", due="next_try", join="join endpoints e on e.id = t.endpoint_id",
    which="t.state = 'promised' and t.next_try <= :now and e.active = 1")


class Collecting(Visiting):
    """Endpoints and who is at work on them."""

    def register(self, sources: Iterable[Source], plans: Sequence[EndpointPlan], now: datetime) -> None:
        """Watch exactly these. A new endpoint is due at once; one that is no longer asked for becomes inactive."""
        with self.write():
            self.execute("update sources set active = 0")
            for source in sources:
                self._register_source(source)
            listed = to_json([plan.url for plan in plans])
            self.execute("update endpoints set active = 0 where asked_url not in (select value from json_each(?))",
                         (listed,))
            for plan in plans:
                self._register_endpoint(plan, now)
            self._settle_sites()
            self._forget_the_future(now)

    def _register_source(self, source: Source) -> None:
        self.execute(
            "insert into sources (id, name, kind, country, languages, state_media, mirrors) "
            "values (?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set name = excluded.name, kind = excluded.kind, "
            "country = excluded.country, languages = excluded.languages, state_media = excluded.state_media, "
            "mirrors = excluded.mirrors, active = 1",
            (source.id, source.name, source.kind, source.country, to_json(source.languages), source.state_media,
             to_json(source.mirrors)))

    def _register_endpoint(self, plan: EndpointPlan, now: datetime) -> None:
        self.execute(
            "insert into endpoints (source_id, asked_url, url, host, kind, fetch, link_pattern, allow_private, "
            "interval, min_interval, max_interval, next_due, select_css, pages) "
            "values (:source, :url, :url, :host, :kind, :fetch, :pattern, :private, :interval, :least, :most, :now, "
            ":select, :pages) "
            "on conflict (asked_url) do update set source_id = excluded.source_id, kind = excluded.kind, "
            "fetch = excluded.fetch, link_pattern = excluded.link_pattern, allow_private = excluded.allow_private, "
            "min_interval = excluded.min_interval, max_interval = excluded.max_interval, "
            "select_css = excluded.select_css, pages = excluded.pages, "
            "interval = max(excluded.min_interval, min(interval, excluded.max_interval)), "
            "gone_at = case when active then gone_at end, active = 1",
            {"source": plan.source_id, "url": plan.url, "host": self.site_of(plan.url), "kind": str(plan.kind),
             "fetch": plan.fetch, "pattern": plan.link_pattern, "private": int(plan.allow_private),
             "interval": plan.interval, "least": plan.min_interval, "most": plan.max_interval, "now": to_text(now),
             "select": plan.select, "pages": plan.pages})

    def _settle_sites(self) -> None:
        """Endpoints and promised entries under the names that politeness counts by now. Inside a transaction."""
        for table, which in (("endpoints", "true"), ("entries", "state = 'promised' and url is not null")):
            stale = [(site, row["id"]) for row in self.rows(f"select id, url, host from {table} where {which}")
                     if (site := self.site_of(row["url"])) != row["host"]]
            self.execute_many(f"update {table} set host = ? where id = ?", stale)

    def claim_endpoints(self, *, now: datetime, owner: str, limit: int, lease: timedelta, only: Collection[str] = (),
                        since: datetime | None = None, busy: Collection[str] = ()) -> list[Endpoint]:
        """Lease due endpoints, at most one a host and none of a host in `busy` or cooling.

        `only` names sources. With `since`, endpoints that were last visited before it count as due.
        """
        ids = self._claim(CLAIM_ENDPOINTS, now=now, owner=owner, limit=limit, lease=lease, only=only, busy=busy,
                          since=to_text(since) if since else "")
        return [_endpoint(row) for row in self._by_id("select * from endpoints", "id", ids)]

    def claim_promises(self, *, now: datetime, owner: str, limit: int, lease: timedelta, only: Collection[str] = (),
                       busy: Collection[str] = ()) -> list[Promise]:
        """Lease entries whose page is to be fetched now, at most one a host and none of a host in `busy` or cooling."""
        ids = self._claim(CLAIM_PROMISES, now=now, owner=owner, limit=limit, lease=lease, only=only, busy=busy)
        return [_promise(row) for row in self._by_id(
            "select t.*, e.source_id, e.allow_private from entries t join endpoints e on e.id = t.endpoint_id",
            "t.id", ids)]

    def _claim(self, sql: str, *, now: datetime, owner: str, limit: int, lease: timedelta, only: Collection[str],
               busy: Collection[str], **more: str) -> list[int]:
        if limit <= 0:
            return []
        with self.write():
            return [row["id"] for row in self.rows(sql, {
                "now": to_text(now), "until": to_text(now + lease), "owner": owner, "limit": limit,
                "busy": to_json(sorted(busy)), "only": to_json(sorted(only)) if only else None, **more})]

    def _by_id(self, select: str, column: str, ids: Sequence[int]) -> list[Row]:
        marks = ",".join("?" * len(ids))
        return self.rows(f"{select} where {column} in ({marks})", ids)


def _endpoint(row: Row) -> Endpoint:
    same = ("id", "source_id", "url", "fetch", "interval", "etag", "last_modified", "body_sha", "visits", "failures",
            "link_pattern", "min_interval", "max_interval", "strikes", "moved_to", "moved_seen",
            "asked", "busiest", "pages")
    return Endpoint(**{name: row[name] for name in same}, kind=EndpointKind(row["kind"]),
                    allow_private=bool(row["allow_private"]), conditional=bool(row["conditional"]),
                    select=row["select_css"], last_success=to_moment(row["last_success"]),
                    skip_hours=tuple(json.loads(row["skip_hours"])),
                    skip_days=tuple(json.loads(row["skip_days"])),
                    last_outcome=Outcome(row["last_outcome"]) if row["last_outcome"] else None)


def _promise(row: Row) -> Promise:
    entry = Entry(key=row["key"], url=row["url"], title=row["title"], summary=row["summary"],
                  published=to_moment(row["published"]), published_raw=row["published_raw"],
                  authors=tuple(json.loads(row["authors"])), lang=row["lang"])
    return Promise(id=row["id"], endpoint_id=row["endpoint_id"], source_id=row["source_id"], entry=entry,
                   backfill=bool(row["backfill"]), tries=row["tries"], allow_private=bool(row["allow_private"]),
                   again=bool(row["again"] and row["article_id"]), rescued=bool(row["rescued"]))
