"""The archive as judging and reading anew need it: every claim that stands with its event, every article's text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from records.claims import Claim, Reading
from records.news import Article
from storage.base import Base, to_json

LOOSE = """
select c.id from claims c join articles a on a.id = c.article_id and a.version_id = c.version_id
left join judgements j on j.id = (select max(id) from judgements where claim_id = c.id)
left join review_marks m on m.claim_id = c.id
where c.id > ? and j.event_id is null and m.action is not 'reject' order by c.id limit ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An article with its newest text, as it was read."""

    article_id: int
    version_id: int
    article: Article
    source_kind: str
    wanted: bool  # a person took it in, whatever its topic


class Rejudging(Base):
    """Reading all of it."""

    def events_after(self, event_id: int, most: int) -> list[int]:
        """The next events that stand, in the order they were opened."""
        return [row["id"] for row in self.rows("select id from events where id > ? and merged_into is null "
                                               "and slots != '{}' order by id limit ?", (event_id, most))]

    def loose_claims(self, claim_id: int, most: int) -> list[int]:
        """The next claims that stand, were not rejected and belong to no event."""
        return [row["id"] for row in self.rows(LOOSE, (claim_id, most))]

    def last_event(self) -> int:
        return int(self.rows("select coalesce(max(id), 0) as id from events")[0]["id"])

    def events_revised(self, after: int, fate: str = "") -> list[int]:
        """The events with a revision later than this one; `fate`: of those only the "merged" or the "emptied"."""
        return [row["id"] for row in self.rows(
            "select id from events where id in (select event_id from revisions where id > :after) and (:fate = '' or "
            "(:fate = 'merged' and merged_into is not null) or (:fate = 'emptied' and merged_into is null and "
            "slots = '{}')) order by id", {"after": after, "fate": fate})]

    def meta(self, key: str) -> str | None:
        row = self.row("select value from meta where key = ?", (key,))
        return row["value"] if row else None

    def set_meta(self, key: str, value: str | None) -> None:
        """Remember a word about the store itself; None forgets it."""
        if value is None:
            self.execute("delete from meta where key = ?", (key,))
        else:
            self.execute("insert or replace into meta (key, value) values (?, ?)", (key, value))

    def claims_placed(self, version_id: int) -> list[tuple[Claim, int]]:
        """What a version was read to say, with the event of each claim that has one."""
        return [(Claim.from_json(json.loads(row["claim"])), row["event_id"]) for row in self.rows(
            "select c.claim, j.event_id from claims c join judgements j on j.id = "
            "(select max(id) from judgements where claim_id = c.id) "
            "where c.version_id = ? and j.event_id is not null order by c.n", (version_id,))]

    def stored_articles(self, after: int = 0, most: int = 500) -> Iterator[Stored]:
        """The next articles with their newest texts, one after another."""
        for found in self.rows("select id from articles where id > ? order by id limit ?", (after, most)):
            row = self.rows(
                "select a.*, v.title as headline, v.text, v.ladder, exists (select 1 from entries e where "
                "e.article_id = a.id and e.rescued = 1) as wanted from articles a "
                "join versions v on v.id = a.version_id where a.id = ?", (found["id"],))[0]
            same = ("url", "source_id", "outlet", "text", "lang", "published", "modified", "lead", "why_partial",
                    "imported_id")
            yield Stored(
                article_id=row["id"], version_id=row["version_id"], source_kind=row["source_kind"],
                wanted=bool(row["wanted"]), article=Article(
                    **{name: row[name] for name in same}, title=row["headline"], from_entry=bool(row["from_entry"]),
                    authors=tuple(json.loads(row["authors"])),
                    ladder=tuple((field, rung) for field, rung in json.loads(row["ladder"]))))

    def is_other_reading(self, stored: Stored, reading: Reading) -> bool:
        """Whether an article's text says something else than it was read to say."""
        kept = reading.to_json()
        del kept["text"]
        row = self.rows("select reading from versions where id = ?", (stored.version_id,))[0]
        return bool(json.loads(row["reading"]) != json.loads(to_json(kept)))
