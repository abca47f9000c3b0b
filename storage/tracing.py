"""What became of an address: seen where, dropped by which rule, merged into what, judged into which event, told to
whom; and a dropped one taken back in."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.base import Row, to_json, to_text
from storage.looking import Looking
from storage.masks import cover, minors_of

AMONG = " in (select value from json_each(?))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Everything the store knows of an address. Rows as they stand in the tables, names of minors covered."""

    entries: Sequence[Row] = ()  # where it was promised
    drops: Sequence[Row] = ()
    decisions: Sequence[Row] = ()
    article: Row | None = None
    versions: Sequence[Row] = ()
    copies: Sequence[Row] = ()  # of the same text, this one left out
    claims: Sequence[Row] = ()  # of the newest version, with the event and why
    told: Sequence[Row] = ()  # deliveries that told of what it changed

    @property
    def known(self) -> bool:
        return bool(self.entries or self.drops or self.decisions or self.article)


class Tracing(Looking):
    """Questions about one address, and about what was dropped."""

    def mirrors(self) -> list[str]:
        """For each source that has mirrors, its hosts as JSON."""
        return [row["mirrors"] for row in self.rows("select mirrors from sources where mirrors != '[]' order by id")]

    def never_met(self, urls: Collection[str]) -> set[str]:
        """Which of these canonical addresses no endpoint promised and no article has."""
        asked = to_json(sorted(urls))
        return {row["value"] for row in self.rows(
            "select value from json_each(?) where value not in (select url from entries where url is not null) "
            "and value not in (select url from addresses) "
            "and value not in (select url from articles where url is not null)", (asked,))}

    def trace(self, urls: Collection[str]) -> Trace:
        """What became of an address, which may be written in any of these ways."""
        asked = to_json(sorted(urls))
        found = self.row("select article_id from addresses where url" + AMONG + " union select id from articles "
                         "where url" + AMONG + " order by 1 limit 1", (asked, asked))
        entries = self._entries(urls, found["article_id"] if found else None)
        article_id = found["article_id"] if found else next(
            (entry["article_id"] for entry in entries if entry["article_id"]), None)
        every = to_json(sorted({*urls, *(entry["url"] for entry in entries if entry["url"])}))
        drops = self.rows("select * from drops where url" + AMONG + " order by id", (every,))
        decisions = self.rows("select * from decisions where url" + AMONG + " or article_id = ? order by id",
                              (every, article_id))
        if article_id is None:
            return Trace(entries=entries, drops=drops, decisions=decisions)
        return Trace(entries=entries, drops=drops, decisions=decisions, article=self._article(article_id),
                     versions=self.rows("select id, n, seen_at, why from versions where article_id = ? order by n",
                                        (article_id,)),
                     copies=self._copies(article_id), claims=self._claims_of(article_id), told=self._told(article_id))

    def _entries(self, urls: Collection[str], article_id: int | None) -> list[Row]:
        """Entries at these addresses, with whatever tracking their feed adds, and those that led to the article."""
        spans = " or ".join(["(t.url >= ? and t.url < ?)"] * len(urls))  # "?" and what begins with it
        bounds = [bound for url in sorted(urls) for bound in (f"{url}?", f"{url}@")]
        return self.rows(
            "select t.*, e.url as endpoint, e.source_id, e.active, s.name as source from entries t "
            "join endpoints e on e.id = t.endpoint_id join sources s on s.id = e.source_id "
            f"where t.url{AMONG} or t.id in (select id from entries where article_id = ?) or {spans} order by t.id",
            (to_json(sorted(urls)), article_id, *bounds))

    def _article(self, article_id: int) -> Row:
        row = self.rows("select a.*, json_extract(v.reading, '$.minors') as minors from articles a "
                        "join versions v on v.id = a.version_id where a.id = ?", (article_id,))[0]
        minors = minors_of(_json(row.pop("minors")))
        return row | {"title": cover(row["title"], minors) if row["title"] else None}

    def _copies(self, article_id: int) -> list[Row]:
        return self.rows(
            "select id, outlet, url, origin_id from articles where id != :id and coalesce(origin_id, id) = "
            "(select coalesce(origin_id, id) from articles where id = :id) order by id", {"id": article_id})

    def _claims_of(self, article_id: int) -> list[Row]:
        return [row | {"quote": cover(row["quote"], minors_of(_json(row.pop("minors"))), row["quote_start"])}
                for row in self.rows(
            "select c.id, c.main, c.kind, c.status, c.quote, c.quote_start, j.event_id, j.why, j.at, "
            "m.action as review, json_extract(v.reading, '$.minors') as minors from claims c "
            "join versions v on v.id = c.version_id "
            "join articles a on a.id = c.article_id and a.version_id = c.version_id "
            "left join judgements j on j.id = (select max(id) from judgements where claim_id = c.id) "
            "left join review_marks m on m.claim_id = c.id where c.article_id = ? order by c.n", (article_id,))]

    def _told(self, article_id: int) -> list[Row]:
        """Deliveries that told of a change which one of the article's claims caused."""
        return self.rows(
            "select d.id, d.subscription_id, d.channel_id, d.state, d.sent_at, d.created_at, d.error, "
            "group_concat(distinct de.event_id) as events from revisions r "
            "join delivery_events de on de.event_id = r.event_id join deliveries d on d.id = de.delivery_id "
            "where r.event_id in (select j.event_id from claims c join judgements j on j.claim_id = c.id "
            "  where c.article_id = :id) and r.quiet = 0 "
            "and r.claim_id in (select id from claims where article_id = :id) "
            "and r.id > d.after_revision and r.id <= d.last_revision group by d.id order by d.id", {"id": article_id})

    def dropped(self, *, words: str = "", rule: str | None = None, stage: str | None = None,
                since: datetime | None = None, limit: int = 50) -> list[Row]:
        """What was dropped, the last first; `words` stand in its title, address or reason."""
        like = [f"%{word}%" for word in words.replace("%", r"\%").replace("_", r"\_").split()]
        said = " and (coalesce(d.title, '') || ' ' || coalesce(d.url, '') || ' ' || d.why) like ? escape '\\'"
        return self.rows(
            "select d.*, s.name as source from drops d left join sources s on s.id = d.source_id where 1"
            + said * len(like) + " and (? is null or d.rule = ?) and (? is null or d.stage = ?)"
            " and (? is null or d.at >= ?) order by d.id desc limit ?",
            (*like, rule, rule, stage, stage, *[to_text(since) if since else None] * 2, limit))

    def rules(self) -> list[Row]:
        """How many were dropped by each rule at each stage, and how many of them were taken back in."""
        return self.rows("select stage, rule, count(*) as n, count(rescued_at) as rescued from drops "
                         "group by stage, rule order by n desc, stage, rule")

    def rescue(self, entry_ids: Collection[int], now: datetime) -> None:
        """Promise dropped entries again: their pages are fetched next, and kept whatever the topic rule says."""
        with self.write():
            for entry_id in sorted(entry_ids):
                self.execute("update entries set state = 'promised', rescued = 1, again = 0, tries = 0, next_try = ?, "
                             "lease_until = null, lease_owner = null where id = ? and state = 'dropped'",
                             (to_text(now), entry_id))
                self.execute("update drops set rescued_at = ? where entry_id = ?", (to_text(now), entry_id))


def _json(text: str | None) -> list[Row]:
    found: list[Row] = json.loads(text or "[]")
    return found
