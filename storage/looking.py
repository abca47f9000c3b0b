"""The store as readers ask it: events, revisions, figures, exports. Nothing here writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from records.claims import Evidence
from records.ledger import Change, Event, Revision, StoredFigure
from records.words import Group, Qualifier, cameo
from storage.base import Row, to_json, to_moment, to_text
from storage.judging import Judging, event_of
from storage.masks import cover, cover_names, covered, minors_of

NOW_HELD = """
from claims c join articles a on a.id = c.article_id and a.version_id = c.version_id
join versions v on v.id = c.version_id
left join judgements j on j.id = (select max(id) from judgements where claim_id = c.id)
left join review_marks m on m.claim_id = c.id
"""
EXPORTED = ("select coalesce(m.claim, c.claim) as claim, c.id as claim_id, m.action as review, "
            "iif(m.action is 'reject', null, j.event_id) as event_id, a.id as article_id, a.imported_id, a.url, "
            "a.outlet, a.source_id, a.published, a.lang, a.title, coalesce(a.origin_id, a.id) as origin_id, "
            "json_extract(v.reading, '$.minors') as minors " + NOW_HELD + "order by c.id")
ARTICLES = ("select a.*, v.text, v.n as version, json_extract(v.reading, '$.minors') as minors from articles a "
            "join versions v on v.id = a.version_id order by a.id")
# Columns of every event, in this order, whether it has them or not.
EXPORTED_SLOTS = ("status", "kind", "event_date", "nationality", *map(str, Group), "origin_country", "origin_place",
                  "destination_country", "destination_place", "ordinal", "operation")
FIGURES = ("select f.*, a.outlet, a.source_kind, a.url, a.published, a.lang, a.from_entry, "
           "a.imported_id, json_extract(v.reading, '$.minors') as minors, (select json_group_array(json_array(o.name, "
           "o.role)) from officials o where o.version_id = f.version_id) as officials from figures f "
           "join articles a on a.id = f.article_id join versions v on v.id = f.version_id ")
SHORTEST_NAME = 3  # letters of a last name that is looked for in a sentence


class Looking(Judging):
    """What the command line, the digests and the exports ask."""

    def events(self, *, nationality: Sequence[str] = (), status: Sequence[str] = (), since: datetime | None = None,
               limit: int = 50) -> list[Event]:
        """Events without their claims, the last changed first. `since` is about when they changed."""
        rows = self.rows(
            "select * from events where merged_into is null and slots != '{}'"
            " and (:since is null or changed_at >= :since)"
            " and (:status = '[]' or status in (select value from json_each(:status)))"
            " and (:nation = '[]' or exists (select 1 from json_each(events.nationality) n"
            " where n.value in (select value from json_each(:nation))))"
            " order by changed_at desc, id desc limit :limit",
            {"since": to_text(since) if since else None, "status": to_json(list(status)),
             "nation": to_json(list(nationality)), "limit": limit})
        return [event_of(row) for row in rows]

    def event(self, event_id: int) -> Event | None:
        """One event with all its claims; a merged one as it was left, with `merged_into`."""
        row = self.row("select * from events where id = ?", (event_id,))
        if row is None:
            return None
        links = self.rows("select l.other_id, l.why from event_links l join events e on e.id = l.other_id "
                          "where l.event_id = ? and e.merged_into is null and e.slots != '{}' order by l.other_id",
                          (event_id,))
        return replace(event_of(row), claims=() if row["merged_into"] else self._held([event_id]).get(event_id, ()),
                       links=tuple((link["other_id"], link["why"]) for link in links))

    def dated(self, status: Sequence[str], *, since: str = "") -> list[Event]:
        """Events of these statuses, with their claims, whose date begins in or after `since` ("2019-07")."""
        rows = self.rows(
            "select id from events where merged_into is null and event_date >= :since"
            " and status in (select value from json_each(:status))",
            {"since": since, "status": to_json(list(status))})
        return self.events_with_claims(row["id"] for row in rows)

    def revisions(self, *, after: int = 0, upto: int | None = None, event_id: int | None = None,
                  quiet: bool = False, since: datetime | None = None) -> list[Revision]:
        """Revisions in the order they were made; `quiet` takes those of backfill and mere mentions along."""
        rows = self.rows(
            "select * from revisions where id > :after and (:upto is null or id <= :upto)"
            " and (:event is null or event_id = :event) and (:quiet or quiet = 0)"
            " and (:since is null or at >= :since) order by id",
            {"after": after, "upto": upto, "event": event_id, "quiet": int(quiet),
             "since": to_text(since) if since else None})
        return [revision_of(row) for row in rows]

    def last_revision(self) -> int:
        return int(self.rows("select coalesce(max(id), 0) as id from revisions")[0]["id"])

    def revision_before(self, moment: datetime) -> int:
        """The last revision made before this moment; 0 where there is none."""
        row = self.rows("select coalesce(max(id), 0) as id from revisions where at < ?", (to_text(moment),))[0]
        return int(row["id"])

    def figures(self, *, after: int = 0, upto: int | None = None, quiet: bool = False,
                since: datetime | None = None) -> list[StoredFigure]:
        """Those of the newest texts, and of earlier ones those that the newest repeats: an edit takes no news back."""
        rows = self.rows(
            FIGURES + "where f.id > :after and (:upto is null or f.id <= :upto) and (:quiet or f.quiet = 0)"
            " and (:since is null or f.filed_at >= :since) and (a.version_id = f.version_id or exists (select 1 from"
            " figures n where n.version_id = a.version_id and n.what = f.what and n.value = f.value)) order by f.id",
            {"after": after, "upto": upto, "quiet": int(quiet), "since": to_text(since) if since else None})
        return [figure_of(row) for row in rows]

    def last_figure(self) -> int:
        return int(self.rows("select coalesce(max(id), 0) as id from figures")[0]["id"])

    def figure_before(self, moment: datetime) -> int:
        """The last figure filed before this moment; 0 where there is none."""
        return int(self.rows("select coalesce(max(id), 0) as id from figures where filed_at < ?",
                             (to_text(moment),))[0]["id"])

    def search(self, text: str, limit: int = 20) -> list[Row]:
        """Articles whose title or text has these words, the best match first."""
        words = " ".join('"' + word.replace('"', '""') + '"' for word in text.replace("\0", " ").split())
        if not words:
            return []
        found = self.rows(
            "select a.id, a.title, a.outlet, a.published, a.url, json_extract(v.reading, '$.minors') as minors "
            "from versions_fts f join versions v on v.id = f.rowid join articles a on a.version_id = v.id "
            "where versions_fts match ? order by f.rank limit ?", (words, limit))
        return [{**row, "title": cover(row["title"] or "", minors_of(json.loads(row.pop("minors") or "[]")))}
                for row in found]

    def export_claims(self) -> Iterator[dict[str, Any]]:
        """Each claim as `extract` prints it, with where it comes from and the event it belongs to."""
        for row in self.rows(EXPORTED):
            minors = minors_of(json.loads(row["minors"] or "[]"))
            claim = covered(json.loads(row["claim"]), minors)
            yield {"id": row["imported_id"] or row["url"], "claim_id": row["claim_id"], "event_id": row["event_id"],
                   "article_id": row["article_id"], "origin_id": row["origin_id"], "url": row["url"],
                   "outlet": row["outlet"], "source": row["source_id"], "published": row["published"],
                   "lang": row["lang"], "title": cover(row["title"], minors) if row["title"] else None,
                   "review": row["review"], **claim}

    def export_events(self) -> Iterator[dict[str, Any]]:
        """Each event with the value to quote of every slot, its rule and whether it is disputed."""
        for row in self.rows("select * from events where slots != '{}' order by id"):
            event = event_of(row)
            yield {"event_id": event.id, **{name: event.value(name) for name in (*EXPORTED_SLOTS, *event.slots)},
                   "nationality": json.loads(row["nationality"]),
                   "cameo": cameo(event.value("kind"), event.value("status")), "independent": event.independent,
                   "disputed": bool(row["disputed"]), "warnings": list(event.warnings),
                   "opened_at": row["opened_at"], "changed_at": row["changed_at"], "merged_into": row["merged_into"],
                   "slots": json.loads(row["slots"])}

    def every_event(self) -> Iterator[Event]:
        """Every event there ever was, with its claims; merged and deleted ones too."""
        for row in self.rows("select id from events order by id"):
            event = self.event(row["id"])
            if event is not None:
                yield event

    def export_retired(self) -> Iterator[dict[str, Any]]:
        """The events whose numbers stand no longer, for sheets that follow them: merged into which, or deleted."""
        for row in self.rows("select id, merged_into, changed_at from events "
                             "where merged_into is not null or slots = '{}' order by id"):
            yield {"event_id": row["id"], "fate": "merged" if row["merged_into"] else "deleted",
                   "into": row["merged_into"], "at": row["changed_at"]}

    def export_figures(self) -> Iterator[dict[str, Any]]:
        for row in self.rows(FIGURES + "where a.version_id = f.version_id order by f.id"):
            minors = minors_of(json.loads(row["minors"] or "[]"))
            yield {"id": row["imported_id"] or row["url"], "outlet": row["outlet"], "url": row["url"],
                   "published": row["published"], **covered(json.loads(row["figure"]), minors)}

    def export_articles(self) -> Iterator[dict[str, Any]]:
        """Each article with its newest text, names of minors covered."""
        for row in self.rows(ARTICLES):
            minors = minors_of(json.loads(row["minors"] or "[]"))
            lead = len(row["title"]) + 2 if row["title"] else 0  # a blank line between title and text
            yield {"id": row["imported_id"] or row["url"], "article_id": row["id"], "url": row["url"],
                   "outlet": row["outlet"], "source": row["source_id"], "lang": row["lang"],
                   "title": cover(row["title"], minors) if row["title"] else None, "published": row["published"],
                   "modified": row["modified"], "version": row["version"], "from_entry": bool(row["from_entry"]),
                   "why_partial": row["why_partial"], "origin_id": row["origin_id"], "filed_at": row["filed_at"],
                   "text": cover(row["text"], minors, lead)}


def revision_of(row: Row) -> Revision:
    """A row of `revisions` as the record."""
    at = to_moment(row["at"])
    assert at is not None
    return Revision(id=row["id"], event_id=row["event_id"], change=Change(row["change"]), at=at, slot=row["slot"],
                    old=json.loads(row["old"]) if row["old"] else None,
                    new=json.loads(row["new"]) if row["new"] else None, claim_id=row["claim_id"],
                    quiet=bool(row["quiet"]), why=row["why"])


def figure_of(row: Row) -> StoredFigure:
    """A row of FIGURES as the record, names of minors covered."""
    filed = to_moment(row["filed_at"])
    assert filed is not None
    minors = minors_of(json.loads(row["minors"] or "[]"))
    quote = cover(row["quote"], minors, row["quote_start"])
    said, official = json.loads(row["figure"]), _named(json.loads(row["officials"]), row["quote"])
    return StoredFigure(
        groups=tuple(said.get("groups", ())), official=cover_names(official, minors),
        id=row["id"], article_id=row["article_id"], what=row["what"], value=row["value"],
        qualifier=Qualifier(row["qualifier"]), group=row["group"], place=row["place"],
        evidence=Evidence(quote=quote, start=row["quote_start"], end=row["quote_end"]), outlet=row["outlet"],
        url=row["url"], published=row["published"], filed_at=filed, quiet=bool(row["quiet"]),
        lang=row["lang"], from_entry=bool(row["from_entry"]),
        source_kind=row["source_kind"])


def _named(officials: Sequence[Sequence[str | None]], quote: str) -> str:
    """The official whose name, or last name, stands in the sentence: "Tatiana Moskalkova, ombudswoman"; "" for none."""
    for name, role in officials:
        last = (name or "").split()[-1:]
        if last and len(last[0]) >= SHORTEST_NAME and re.search(rf"(?<!\w){re.escape(last[0])}(?!\w)", quote):
            return ", ".join(filter(None, (name, role)))
    return ""
