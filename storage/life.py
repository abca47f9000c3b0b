"""Proof of life: what was asked of the world in a span of time, what answered, what fell silent, what was dropped."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby

from records.telling import Health
from storage.base import to_json, to_moment, to_text
from storage.habits import BACK_AFTER, is_silent, volume_note
from storage.running import AWAKE
from storage.source_health import ANSWERS, HABIT, SourcesHealth

LONG = timedelta(hours=12)  # a shorter span is no time to look at weeks


class Life(SourcesHealth):
    """What the digest's foot says of the collecting."""

    def untried(self) -> int:
        """Endpoints that are watched and were never yet visited."""
        row = self.row("select count(*) as n from endpoints e"
                       f" where active = 1 and gone_at is null and last_visit is null and {AWAKE.format(table='e')}")
        return int(row["n"]) if row else 0

    def health(self, since: datetime, until: datetime) -> Health:
        """Proof of life for visits and drops after `since` and up to `until`. `failing` is the state now."""
        span: dict[str, object] = {"since": to_text(since), "until": to_text(until), "answers": to_json(ANSWERS)}
        asked = self.row(
            "select count(distinct endpoint_id) as asked, coalesce(sum(entries_seen), 0) as seen,"
            " coalesce(sum(entries_new), 0) as new,"
            " count(distinct iif(outcome in (select value from json_each(:answers)), endpoint_id, null)) as answered"
            " from visits where finished_at > :since and finished_at <= :until", span) or {}
        watched = self.row("select count(*) as n, min(last_success) as oldest, max(last_success) as newest"
                           " from endpoints e where active = 1 and gone_at is null"
                           f" and {AWAKE.format(table='e')}") or {}
        articles = self.row("select count(*) as n from articles where filed_at > :since and filed_at <= :until",
                            span) or {}
        drops = self.rows("select rule, count(*) as n from drops where at > :since and at <= :until"
                          " group by rule order by n desc, rule", span)
        long = until - since >= LONG
        return Health(endpoints=watched["n"], asked=asked["asked"], answered=asked["answered"], paused=self._paused(),
                      missed=self._missed(span), odd=self._odd(until) if long else (),
                      failing=self._failing(), silent=self._silent(until), back=self._back(span, since),
                      entries_seen=asked["seen"],
                      entries_new=asked["new"], articles_new=articles["n"],
                      drops={row["rule"]: row["n"] for row in drops},
                      oldest_success=to_moment(watched["oldest"]), last_success=to_moment(watched["newest"]))

    def _failing(self) -> tuple[tuple[str, str], ...]:
        rows = self.rows("select s.name, e.last_why, e.url, e.failures from endpoints e join sources s"
                         " on s.id = e.source_id where e.active = 1 and (e.failures > 0 or e.gone_at is not null"
                         f" or (e.visits = 0 and e.last_visit is not null)) and {AWAKE.format(table='e')}"
                         " order by e.failures desc, s.name, e.id")
        return tuple((row["name"], row["last_why"] or f"{row['url']} did not answer") for row in rows)

    def _paused(self) -> tuple[str, ...]:
        return tuple(row["name"] for row in self.rows(
            "select distinct s.name from endpoints e join sources s on s.id = e.source_id"
            f" where e.active = 1 and not ({AWAKE.format(table='e')}) order by s.name"))

    def _missed(self, span: dict[str, object]) -> tuple[str, ...]:
        """Sources of which entries may have come and gone between two visits."""
        return tuple(row["name"] for row in self.rows(
            "select distinct s.name from gaps g join endpoints e on e.id = g.endpoint_id join sources s"
            " on s.id = e.source_id where g.at > :since and g.at <= :until and e.active = 1 order by s.name", span))

    def _odd(self, until: datetime) -> tuple[tuple[str, str], ...]:
        """What has changed about sources that answer: their volume, what is read from their pages."""
        silent, weeks, notes = self._rhythm(until), self._weeks(until), self._notes(until)
        rows = self.rows("select e.id, e.source_id, s.name, e.visits > 0 and e.failures = 0 and e.gone_at is null"
                         f" and {AWAKE.format(table='e')} as well from endpoints e join sources s on s.id = e.source_id"
                         " where e.active = 1 order by s.name, s.id, e.id")
        found = []
        for (name, source_id), group in groupby(rows, key=lambda row: (row["name"], row["source_id"])):
            volume = [volume_note(weeks[row["id"]]) for row in group if row["well"] and row["id"] not in silent]
            found += [(name, note) for note in (*notes.get(source_id, ()), *volume) if note]
        return tuple(found)

    def _back(self, span: dict[str, object], since: datetime) -> tuple[str, ...]:
        """Sources with an endpoint that answered in the span, just after many failures in a row, and answers still.

        From the failures, which are few: looked at are the visits that follow one, and each endpoint's first.
        """
        rows = self.rows(
            "with failed as (select endpoint_id, id from visits where finished_at > :since and finished_at <= :until"
            " and outcome not in (select value from json_each(:answers)) union all"
            " select e.id, (select max(id) from visits b where b.endpoint_id = e.id and b.id < :first)"
            " from endpoints e),"
            " came as (select f.endpoint_id, (select min(id) from visits n where n.endpoint_id = f.endpoint_id"
            " and n.id > f.id) as id from failed f)"
            " select distinct s.name from came c join visits v on v.id = c.id join endpoints e on e.id = c.endpoint_id"
            " join sources s on s.id = e.source_id where e.active = 1 and e.gone_at is null and e.failures = 0"
            " and v.finished_at > :since and v.finished_at <= :until"
            " and v.outcome in (select value from json_each(:answers)) and :least = (select count(*) from"
            " (select outcome from visits b where b.endpoint_id = v.endpoint_id and b.id < v.id"
            " order by b.id desc limit :least) where outcome not in (select value from json_each(:answers)))"
            " order by s.name", {**span, "least": BACK_AFTER, "first": self.visit_after(since)})
        return tuple(row["name"] for row in rows)

    def _silent(self, until: datetime) -> tuple[str, ...]:
        """Sources that answer but have had nothing new for far longer than is usual for them."""
        rows = self.rows(
            "select s.name, min(v.finished_at) as first, max(v.finished_at) as last, count(*) as n"
            " from visits v join endpoints e on e.id = v.endpoint_id join sources s on s.id = e.source_id"
            " where e.active = 1 and e.gone_at is null and e.failures = 0 and v.entries_new > 0"
            f" and {AWAKE.format(table='e')} and v.finished_at > ? and v.finished_at <= ?"
            " group by e.id order by s.name", [to_text(until - HABIT), to_text(until)])
        return tuple(dict.fromkeys(row["name"] for row in rows if is_silent(
            to_moment(row["first"]), to_moment(row["last"]), row["n"], until)))
