"""The health of each source: its visits, its volume, what is read from its pages; and pauses, which a person orders."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from records.health import Condition, EndpointHealth, SourceHealth
from records.news import EndpointKind, Outcome
from storage.base import Base, Row, to_json, to_moment, to_text
from storage.habits import Read, Week, is_silent, return_note, rung_notes, usual, volume_note

HABIT = timedelta(days=60)  # how far back what is usual is read from
DAY, WEEK = timedelta(days=1), timedelta(days=7)
WEEKS = 9  # this one, and those it is compared with
VISITS = 30  # shown, and looked through for a return
LAST = 20  # articles of the last week whose rungs are compared
ANSWERS = [str(outcome) for outcome in Outcome if outcome.is_answer]
LETTERS = {Outcome.NEW: "+", Outcome.NOTHING_NEW: ".", Outcome.UNCHANGED: ".", Outcome.EMPTY: "o"}


class SourcesHealth(Base):
    """Verbs on sources as a person looks after them."""

    def pause(self, what: str, now: datetime) -> bool:
        """Let a source (its id) or an endpoint (its address) rest until it is resumed; False where it does already."""
        with self.write():
            return self.execute("insert or ignore into pauses values (?, ?)", (what, to_text(now))) > 0

    def resume(self, what: str) -> bool:
        """End a pause; False where there was none."""
        with self.write():
            return self.execute("delete from pauses where id = ?", (what,)) > 0

    def paused(self) -> dict[str, datetime]:
        """What rests, and since when."""
        return {row["id"]: at for row in self.rows("select id, at from pauses order by id")
                if (at := to_moment(row["at"]))}

    def gaps(self, since: datetime, until: datetime) -> dict[int, list[str]]:
        """Why entries of an endpoint may have come and gone between two visits; endpoint → sentences, newest first."""
        found: dict[int, list[str]] = defaultdict(list)
        for row in self.rows("select endpoint_id, why from gaps where at > ? and at <= ? order by id desc",
                             (to_text(since), to_text(until))):
            found[row["endpoint_id"]].append(row["why"])
        return found

    def source_health(self, until: datetime) -> list[SourceHealth]:
        """Every source that is watched, with its endpoints as they do at `until`."""
        rows = self.rows("select e.*, s.name from endpoints e join sources s on s.id = e.source_id where e.active = 1 "
                         "order by s.name, s.id, e.id")
        paused, gaps = self.paused(), self.gaps(until - WEEK, until)
        weeks, rhythm = self._weeks(until), self._rhythm(until)
        notes, first = self._notes(until), self.visit_after(until - WEEK)
        found = []
        for (name, source_id), group in groupby(rows, key=lambda row: (row["name"], row["source_id"])):
            endpoints = [self._endpoint(row, weeks[row["id"]], gaps.get(row["id"], []), until=until, first=first,
                                        silent=row["id"] in rhythm,
                                        paused=row["source_id"] in paused or row["asked_url"] in paused)
                         for row in group]
            found.append(SourceHealth(source_id=source_id, source=name, endpoints=tuple(endpoints),
                                      notes=tuple(notes.get(source_id, ()))))
        return found

    def _endpoint(self, row: Row, weeks: Sequence[Week], gaps: Sequence[str], *, until: datetime, first: int,
                  silent: bool, paused: bool) -> EndpointHealth:
        outcomes = [Outcome(past["outcome"]) for past in self.rows(
            "select outcome from visits where endpoint_id = ? and finished_at <= ? order by id desc limit ?",
            (row["id"], to_text(until), VISITS))][::-1]
        week = self.row("select count(*) as n, coalesce(sum(outcome in (select value from json_each(?))), 0)"
                        " as answered from visits where endpoint_id = ? and id >= ? and finished_at <= ?",
                        (to_json(ANSWERS), row["id"], first, to_text(until))) or {}
        odd = [*([f"{gaps[0]} ({len(gaps)} times this week)" if len(gaps) > 1 else gaps[0]] if gaps else []),
               *filter(None, [volume_note(weeks)])]
        condition = _condition(row, silent=silent, odd=bool(odd), paused=paused)
        habit = usual(weeks)
        back = return_note([outcome.is_answer for outcome in outcomes])
        return EndpointHealth(
            endpoint_id=row["id"], source_id=row["source_id"], source=row["name"], url=row["asked_url"],
            kind=EndpointKind(row["kind"]), condition=condition,
            notes=tuple(note for note in (_note(condition, row), *odd, back) if note),
            history="".join(LETTERS.get(outcome, "x") for outcome in outcomes), asked=week["n"],
            answered=week["answered"], new_week=weeks[0].new, usual_week=habit[0] if habit else None,
            interval=row["interval"], next_due=to_moment(row["next_due"]), last_visit=to_moment(row["last_visit"]),
            last_success=to_moment(row["last_success"]), last_new=to_moment(row["last_new"]))

    def _weeks(self, until: datetime) -> dict[int, list[Week]]:
        """New entries week by week, this one first. An endpoint's very first visit is history and not counted."""
        days: dict[int, list[Week]] = defaultdict(lambda: [Week()] * WEEKS)
        edges = [self.visit_after(until - DAY * age) for age in range(7 * WEEKS + 1)]
        spans = to_json([[age, low, high] for age, (high, low) in enumerate(pairwise(edges))])
        for row in self.rows(  # a look into the index for each endpoint and day, however many visits it had
                "with firsts as materialized (select e.id, (select min(id) from visits f where f.endpoint_id = e.id)"
                " as first from endpoints e where e.active = 1), days as materialized (select value ->> 0 as age,"
                " value ->> 1 as low, value ->> 2 as high from json_each(?))"
                " select f.id, d.age / 7 as week, count(*) as days from firsts f cross join days d"
                " where d.high > f.first and exists (select 1 from visits v where v.endpoint_id = f.id"
                " and v.id >= max(d.low, f.first + 1) and v.id < d.high) group by 1, 2", [spans]):
            days[row["id"]][row["week"]] = Week(0, row["days"])
        for row in self.rows(
                "select endpoint_id as id, cast((julianday(:until) - julianday(finished_at)) / 7 as integer) as week, "
                "sum(entries_new) as new from visits v where entries_new > 0 and finished_at > :since "
                "and finished_at <= :until and id > (select min(id) from visits f where f.endpoint_id = v.endpoint_id) "
                "group by 1, 2", {"until": to_text(until), "since": to_text(until - WEEK * WEEKS)}):
            week = min(row["week"], WEEKS - 1)
            before = days[row["id"]][week]
            days[row["id"]][week] = Week(before.new + row["new"], max(before.days, 1))
        return days

    def visit_after(self, moment: datetime) -> int:
        """The number of the first visit that ended after it; one that is still to come where there was none."""
        row = self.row("select id from visits where finished_at > ? order by finished_at limit 1", [to_text(moment)])
        return int(row["id"]) if row else 2**62

    def _rhythm(self, until: datetime) -> set[int]:
        """Endpoints that are silent beyond their own habit."""
        return {row["id"] for row in self.rows(
            "select endpoint_id as id, min(finished_at) as first, max(finished_at) as last, count(*) as n from visits "
            "where entries_new > 0 and finished_at > ? and finished_at <= ? group by 1",
            (to_text(until - HABIT), to_text(until))) if is_silent(
                to_moment(row["first"]), to_moment(row["last"]), row["n"], until)}

    def _notes(self, until: datetime) -> dict[str, list[str]]:
        """Of each source's articles: the last week's newest against those before."""
        reads: dict[str, tuple[list[Read], list[Read]]] = defaultdict(lambda: ([], []))
        week_ago = to_text(until - WEEK)
        for row in self.rows(
                "select a.source_id, a.filed_at, a.from_entry, a.why_partial, v.ladder from articles a "
                "join versions v on v.id = a.version_id where a.source_id is not null and a.imported_id is null "
                "and a.filed_at > ? and a.filed_at <= ? order by a.id desc", (to_text(until - HABIT), to_text(until))):
            lately, before = reads[row["source_id"]]
            read = Read(dict(json.loads(row["ladder"])), (row["why_partial"] or "?") if row["from_entry"] else None)
            if row["filed_at"] <= week_ago:
                before.append(read)
            elif len(lately) < LAST:
                lately.append(read)
        return {source: notes for source, (lately, before) in reads.items() if (notes := rung_notes(lately, before))}


def _condition(row: Row, *, silent: bool, odd: bool, paused: bool) -> Condition:
    return next(condition for condition, holds in (
        (Condition.PAUSED, paused), (Condition.GONE, row["gone_at"] is not None),
        (Condition.UNTRIED, row["last_visit"] is None), (Condition.MUTE, not row["visits"]),
        (Condition.FAILING, row["failures"] > 0), (Condition.SILENT, silent), (Condition.ODD, odd),
        (Condition.WELL, True)) if holds)


def _note(condition: Condition, row: Row) -> str | None:
    why = row["last_why"] or f"{row['url']} did not answer"
    last_new = f"{to_moment(row['last_new']):%Y-%m-%d}" if row["last_new"] else "it is watched"
    return {
        Condition.MUTE: f"has given no entry since it is watched: {why}",
        Condition.FAILING: f"failed {row['failures']} times in a row: {why}" if row["failures"] > 1 else why,
        Condition.GONE: f"{row['url']} answered 410 twice: it is gone, and not asked any more",
        Condition.SILENT: f"nothing new since {last_new}, which is far longer than usual",
    }.get(condition)
