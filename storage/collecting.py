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
    Drop,
    Endpoint,
    EndpointKind,
    EndpointPlan,
    Entry,
    NextVisit,
    Outcome,
    Promise,
    SortedEntry,
    Source,
    Visit,
)
from storage.base import Row, to_json, to_moment, to_text
from storage.running import Running, host_of

__all__ = ["Collecting", "host_of"]

# A row per host, the longest due first; a host that is busy or cooling gives none. %s: table, due column, conditions.
CLAIM = """
update {table} set lease_until = :until, lease_owner = :owner where id in (
  select id from (
    select t.id, t.{due} as due, row_number() over (partition by coalesce(t.host, t.id) order by t.{due}, t.id) as place
    from {table} t {join}
    where {which} and (t.lease_until is null or t.lease_until <= :now)
      and (t.host is null or t.host not in (select value from json_each(:busy)))
      and (t.host is null or t.host not in (select host from hosts where cool_until > :now))
      and (:only is null or e.source_id in (select value from json_each(:only)))
  ) where place = 1 order by due, id limit :limit
) returning id
"""
CLAIM_ENDPOINTS = CLAIM.format(
    table="endpoints", due="next_due", join="join endpoints e on e.id = t.id",
    which="t.active = 1 and t.gone_at is null and (t.next_due <= :now or coalesce(t.last_visit, '') < :since)")
CLAIM_PROMISES = CLAIM.format(
    table="entries", due="next_try", join="join endpoints e on e.id = t.endpoint_id",
    which="t.state = 'promised' and t.next_try <= :now and e.active = 1")
READ = (Outcome.NEW, Outcome.NOTHING_NEW, Outcome.UNCHANGED)  # the endpoint's entries are known now


class Collecting(Running):
    """Endpoints, visits, entries."""

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
            {"source": plan.source_id, "url": plan.url, "host": host_of(plan.url), "kind": str(plan.kind),
             "fetch": plan.fetch, "pattern": plan.link_pattern, "private": int(plan.allow_private),
             "interval": plan.interval, "least": plan.min_interval, "most": plan.max_interval, "now": to_text(now),
             "select": plan.select, "pages": plan.pages})

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

    def known_titles(self, endpoint_id: int, keys: Iterable[str]) -> dict[str, str | None]:
        """Which of these entries the endpoint promised before, by key, with the title they had."""
        return {row["key"]: row["title"] for row in self.rows(
            "select key, title from entries where endpoint_id = ? and key in (select value from json_each(?))",
            (endpoint_id, to_json(list(keys))))}

    def known_address(self, urls: Collection[str]) -> int | None:
        """The article that is known under one of these canonical addresses."""
        row = self.row("select article_id as id from addresses where url in (select value from json_each(:urls)) union "
                       "select id from articles where url in (select value from json_each(:urls)) limit 1",
                       {"urls": to_json(sorted(urls))})
        return row["id"] if row else None

    def finish_visit(self, visit: Visit, entries: Sequence[SortedEntry], following: NextVisit, *,
                     run_id: int | None = None) -> int:
        """Keep a visit whole, in one transaction: its unknown entries, its validators, its row, when it is due again.

        Returns how many entries were not known before. A known one whose title changed is promised anew; the others
        are left as they are.
        """
        with self.write():
            fresh = [entry for entry in entries if self._add_entry(visit, entry)]
            self._keep_working_state(visit, following, len(fresh))
            self.add("visits", {
                "endpoint_id": visit.endpoint_id, "run_id": run_id, "started_at": to_text(visit.started_at),
                "finished_at": to_text(visit.finished_at), "outcome": str(visit.outcome), "why": visit.why,
                "status": visit.status, "final_url": visit.final_url, "body_bytes": visit.body_bytes,
                "entries_seen": visit.entries_seen, "entries_new": len(fresh)})
            self.count(run_id, visit.finished_at, visits=1, answered=int(visit.outcome.is_answer),
                       failed=int(not visit.outcome.is_answer), entries_new=len(fresh),
                       dropped=sum(entry.drop is not None for entry in fresh))
        return len(fresh)

    def _add_entry(self, visit: Visit, sorted_: SortedEntry) -> bool:
        entry, seen = sorted_.entry, to_text(visit.finished_at)
        added = self.rows(
            "insert into entries (endpoint_id, key, url, host, title, summary, published, published_raw, authors, "
            "lang, first_seen, backfill, state, next_try) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "on conflict (endpoint_id, key) do update set title = excluded.title, summary = excluded.summary, "
            "backfill = excluded.backfill, again = 1, state = 'promised', tries = 0, next_try = excluded.next_try "
            "where excluded.state = 'promised' and title is not excluded.title returning id, again",
            (visit.endpoint_id, entry.key, entry.url, host_of(entry.url) if entry.url else None, entry.title,
             entry.summary, to_text(entry.published) if entry.published else None, entry.published_raw,
             to_json(entry.authors), entry.lang, seen, int(sorted_.backfill),
             "dropped" if sorted_.drop else "promised", seen))
        if added and sorted_.drop:  # a conflict with a drop changes nothing and returns nothing
            self._add_drop(sorted_.drop, added[0]["id"])
        return bool(added) and not added[0]["again"]

    def _keep_working_state(self, visit: Visit, following: NextVisit, new: int) -> None:
        answered, moved = visit.outcome.is_answer, visit.final_url if visit.permanent else None
        self.execute(
            "update endpoints set lease_until = null, lease_owner = null, last_visit = :at, last_outcome = :outcome, "
            "last_why = :why, next_due = :due, interval = :interval, gone_at = :gone, conditional = :conditional, "
            "last_success = case when :answered then :at else last_success end, "
            "last_new = case when :new then :at else last_new end, "
            "visits = visits + :read, failures = case when :answered then 0 else failures + 1 end, "
            "strikes = case when :killed then strikes + 1 when :answered then 0 else strikes end, "
            "moved_seen = case when not :answered then moved_seen when :moved is null then 0 "
            "when :moved = moved_to then moved_seen + 1 else 1 end, "
            "moved_to = case when :answered then :moved else moved_to end where id = :id",
            {"id": visit.endpoint_id, "at": to_text(visit.finished_at), "outcome": str(visit.outcome),
             "why": visit.why or following.why, "due": to_text(following.next_due), "interval": following.interval,
             "gone": None if following.active else to_text(visit.finished_at), "answered": int(answered), "new": new,
             "conditional": int(following.conditional), "moved": moved, "read": int(visit.outcome in READ),
             "killed": int(visit.outcome is Outcome.READER_KILLED)})
        if answered:
            self.execute("update endpoints set etag = ?, last_modified = ?, body_sha = ? where id = ?",
                         (visit.etag, visit.last_modified, visit.body_sha, visit.endpoint_id))
        if following.url:  # what another address said of its body proves nothing here
            self.execute("update endpoints set url = ?, host = ?, etag = null, last_modified = null, body_sha = null, "
                         "moved_to = null, moved_seen = 0 where id = ?",
                         (following.url, host_of(following.url), visit.endpoint_id))
        if following.cool_until:
            url = self.rows("select url from endpoints where id = ?", (visit.endpoint_id,))[0]["url"]
            self.cool(host_of(visit.final_url or url), following.cool_until, visit.why)

    def postpone_promise(self, entry_id: int, *, next_try: datetime, tried: bool = True) -> None:
        """Try this entry's page again later; `tried` counts the attempt."""
        with self.write():
            self.execute("update entries set next_try = ?, tries = tries + ?, lease_until = null, lease_owner = null "
                         "where id = ?", (to_text(next_try), int(tried), entry_id))

    def drop_promise(self, entry_id: int, drop: Drop, *, run_id: int | None = None) -> None:
        """Give an entry up, with the rule that dropped it."""
        with self.write():
            self._add_drop(drop, entry_id)
            self.settle_entry(entry_id, None, "dropped")
            self.count(run_id, drop.at, dropped=1)

    def settle_entry(self, entry_id: int, article_id: int | None, state: str) -> None:
        """An entry has come to its end: "filed" under an article (None: the one it has), or "dropped"."""
        with self.write():
            self.execute("update entries set state = ?, article_id = coalesce(?, article_id), lease_until = null, "
                         "lease_owner = null where id = ?", (state, article_id, entry_id))

    def _add_drop(self, drop: Drop, entry_id: int | None) -> None:
        self.add("drops", {"at": to_text(drop.at), "url": drop.url, "title": drop.title, "stage": drop.stage,
                           "rule": drop.rule, "why": drop.why, "source_id": drop.source_id, "entry_id": entry_id})


def _endpoint(row: Row) -> Endpoint:
    same = ("id", "source_id", "url", "fetch", "interval", "etag", "last_modified", "body_sha", "visits", "failures",
            "link_pattern", "min_interval", "max_interval", "strikes", "moved_to", "moved_seen", "pages")
    return Endpoint(**{name: row[name] for name in same}, kind=EndpointKind(row["kind"]),
                    allow_private=bool(row["allow_private"]), conditional=bool(row["conditional"]),
                    select=row["select_css"], last_success=to_moment(row["last_success"]),
                    last_outcome=Outcome(row["last_outcome"]) if row["last_outcome"] else None)


def _promise(row: Row) -> Promise:
    entry = Entry(key=row["key"], url=row["url"], title=row["title"], summary=row["summary"],
                  published=to_moment(row["published"]), published_raw=row["published_raw"],
                  authors=tuple(json.loads(row["authors"])), lang=row["lang"])
    return Promise(id=row["id"], endpoint_id=row["endpoint_id"], source_id=row["source_id"], entry=entry,
                   backfill=bool(row["backfill"]), tries=row["tries"], allow_private=bool(row["allow_private"]),
                   again=bool(row["again"] and row["article_id"]), rescued=bool(row["rescued"]))
