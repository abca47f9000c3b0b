"""The archive as judging and reading anew need it: every claim that stands with its event, every article's text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from records.claims import Claim, Reading
from records.ledger import StoredClaim
from records.news import Article
from storage.base import Base, to_json
from storage.judging import COLUMNS, MARKS, stored_claim

EVERY = COLUMNS + f""", (select event_id from judgements where claim_id = c.id order by id desc limit 1) as event_id
from claims c join articles a on a.id = c.article_id and a.version_id = c.version_id
{MARKS}
where m.action is not 'reject' order by c.article_id, c.n
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

    def all_claims(self) -> tuple[list[StoredClaim], dict[int, int | None]]:
        """Every claim that stands and was not rejected, in the order the articles were filed; and the event of each."""
        rows = self.rows(EVERY)
        return [stored_claim(row) for row in rows], {row["id"]: row["event_id"] for row in rows}

    def claims_placed(self, version_id: int) -> list[tuple[Claim, int]]:
        """What a version was read to say, with the event of each claim that has one."""
        return [(Claim.from_json(json.loads(row["claim"])), row["event_id"]) for row in self.rows(
            "select c.claim, j.event_id from claims c join judgements j on j.id = "
            "(select max(id) from judgements where claim_id = c.id) "
            "where c.version_id = ? and j.event_id is not null order by c.n", (version_id,))]

    def events_standing(self) -> set[int]:
        return {row["id"] for row in self.rows("select id from events where merged_into is null and slots != '{}'")}

    def events_told(self) -> set[int]:
        return {row["id"] for row in self.rows("select id from events where told = 1")}

    def stored_articles(self) -> Iterator[Stored]:
        """Every article with its newest text, one after another."""
        for found in self.rows("select id from articles order by id"):
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
