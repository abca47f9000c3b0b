"""A visit's end in the store: its entries, its validators, when it is due again; and the entries' own ends.

A visit's entries are stored in the same transaction as the validators that would make the server say "nothing new".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from records.news import Drop, NextVisit, Outcome, SortedEntry, Visit
from storage.base import Row, to_json, to_text
from storage.running import Running, host_of

READ = (Outcome.NEW, Outcome.NOTHING_NEW, Outcome.UNCHANGED)  # the endpoint's entries are known now
ROWS = 50  # entries in one statement, of the 32,766 values that it may have
ADD_ENTRIES = """
insert into entries (endpoint_id, key, url, host, title, summary, published, published_raw, authors, lang, first_seen,
  backfill, state, next_try) values {rows}
on conflict (endpoint_id, key) do update set title = excluded.title, summary = excluded.summary,
  backfill = excluded.backfill, again = 1, state = 'promised', tries = 0, next_try = excluded.next_try
  where excluded.state = 'promised' and title is not excluded.title
returning id, key, again
"""
ADD_DROP = "insert into drops (at, url, title, stage, rule, why, source_id, entry_id) values (?, ?, ?, ?, ?, ?, ?, ?)"


class Visiting(Running):
    """Visits and entries."""

    site_of: Callable[[str], str] = staticmethod(host_of)
    """Whom an address belongs to, as politeness counts; the crawl puts the registered domain's in its place."""

    def known_titles(self, endpoint_id: int, keys: Iterable[str]) -> dict[str, str | None]:
        """Which of these entries the endpoint promised before, by key, with the title they had."""
        return {row["key"]: row["title"] for row in self.rows(
            "select key, title from entries where endpoint_id = ? and key in (select value from json_each(?))",
            (endpoint_id, to_json(list(keys))))}

    def past_entries(self, endpoint_id: int, urls: Collection[str] | None = None) -> list[
            tuple[str, str | None, str | None, str | None]]:
        """Key, address, title and summary of what the endpoint promised under one of these addresses.

        Without any: of all it ever promised, the newest 20,000.
        """
        listed = "" if urls is None else "and url in (select value from json_each(:urls)) "
        return [(row["key"], row["url"], row["title"], row["summary"]) for row in self.rows(
            f"select key, url, title, summary from entries where endpoint_id = :id {listed}"
            "order by id desc limit 20000", {"id": endpoint_id, "urls": to_json(sorted(urls or ()))})]

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
            fresh = self._add_entries(visit, entries)
            self._keep_working_state(visit, following, len(fresh))
            self.add("visits", {
                "endpoint_id": visit.endpoint_id, "run_id": run_id, "started_at": to_text(visit.started_at),
                "finished_at": to_text(visit.finished_at), "outcome": str(visit.outcome), "why": visit.why,
                "status": visit.status, "final_url": visit.final_url, "body_bytes": visit.body_bytes,
                "entries_seen": visit.entries_seen, "entries_new": len(fresh)})
            if visit.gap:
                self._add_gap(visit)
            self.count(run_id, visit.finished_at, visits=1, answered=int(visit.outcome.is_answer),
                       failed=int(not visit.outcome.is_answer), entries_new=len(fresh),
                       dropped=sum(entry.drop is not None for entry in fresh))
        return len(fresh)

    def _add_gap(self, visit: Visit) -> None:
        self.execute(
            "insert into gaps (endpoint_id, at, since, entries, why) select :id, :at, (select max(finished_at) from "
            "visits where endpoint_id = :id and finished_at < :at and entries_seen > 0), :entries, :why",
            {"id": visit.endpoint_id, "at": to_text(visit.finished_at), "entries": visit.entries_seen,
             "why": visit.gap})

    def _rename(self, visit: Visit, sorted_: SortedEntry) -> None:
        """The row of an entry that came under another key takes it; silently, it takes its title too."""
        title = sorted_.entry.title
        self.execute("update or ignore entries set key = :key, title = iif(:silently, :title, title) "
                     "where endpoint_id = :endpoint and key = :old",
                     {"key": sorted_.entry.key, "old": sorted_.replaces, "endpoint": visit.endpoint_id,
                      "title": title, "silently": int(sorted_.silently)})

    def _add_entries(self, visit: Visit, entries: Sequence[SortedEntry]) -> list[SortedEntry]:
        """Those that were not known; their drops too. Many rows in a statement: a new feed has thirty."""
        firsts = {sorted_.entry.key: sorted_ for sorted_ in reversed(entries)}
        entries = [sorted_ for sorted_ in entries if firsts[sorted_.entry.key] is sorted_]
        for sorted_ in entries:
            if sorted_.replaces:
                self._rename(visit, sorted_)
        kept: dict[str, Row] = {}
        for start in range(0, len(entries), ROWS):
            part = [self._row(visit, sorted_) for sorted_ in entries[start:start + ROWS]]
            marks = ", ".join([f"({', '.join('?' * len(part[0]))})"] * len(part))
            kept |= {row["key"]: row for row in self.rows(
                ADD_ENTRIES.format(rows=marks), [value for row in part for value in row])}
        added = [(sorted_, row) for sorted_ in entries if (row := kept.get(sorted_.entry.key))]
        # A conflict with a drop changes nothing and returns nothing.
        self.execute_many(ADD_DROP, [_drop(sorted_.drop, row["id"]) for sorted_, row in added if sorted_.drop])
        return [sorted_ for sorted_, row in added if not row["again"]]

    def _row(self, visit: Visit, sorted_: SortedEntry) -> tuple[object, ...]:
        entry, seen = sorted_.entry, to_text(visit.finished_at)
        return (visit.endpoint_id, entry.key, entry.url, self.site_of(entry.url) if entry.url else None, entry.title,
                entry.summary, to_text(entry.published) if entry.published else None, entry.published_raw,
                to_json(entry.authors) if entry.authors else "[]", entry.lang, seen, int(sorted_.backfill),
                "dropped" if sorted_.drop else "promised", seen)

    def _keep_working_state(self, visit: Visit, following: NextVisit, new: int) -> None:
        answered, moved = visit.outcome.is_answer, visit.final_url if visit.permanent else None
        self.execute(
            "update endpoints set lease_until = null, lease_owner = null, last_visit = :at, last_outcome = :outcome, "
            "last_why = :why, next_due = :due, interval = :interval, gone_at = :gone, conditional = :conditional, "
            "busiest = :busiest, "
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
             "conditional": int(following.conditional), "busiest": following.busiest,
             "moved": moved, "read": int(visit.outcome in READ),
             "killed": int(visit.outcome is Outcome.READER_KILLED)})
        if answered:
            self.execute("update endpoints set etag = ?, last_modified = ?, body_sha = ?, asked = ?, skip_hours = ?, "
                         "skip_days = ? where id = ?",
                         (visit.etag, visit.last_modified, visit.body_sha, visit.asked, to_json(visit.skip_hours),
                          to_json(visit.skip_days), visit.endpoint_id))
        if following.url:  # what another address said of its body proves nothing here
            self.execute("update endpoints set url = ?, host = ?, etag = null, last_modified = null, body_sha = null, "
                         "moved_to = null, moved_seen = 0 where id = ?",
                         (following.url, self.site_of(following.url), visit.endpoint_id))
        if following.cool_until:
            url = self.rows("select url from endpoints where id = ?", (visit.endpoint_id,))[0]["url"]
            self.cool(self.site_of(visit.final_url or url), following.cool_until, visit.why)

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
        self.execute(ADD_DROP, _drop(drop, entry_id))


def _drop(drop: Drop, entry_id: int | None) -> tuple[object, ...]:
    return (to_text(drop.at), drop.url, drop.title, drop.stage, drop.rule, drop.why, drop.source_id, entry_id)
