"""What a person decided in review, and what is worth a look. Corrections are only added; marks and ties follow them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from records.claims import Claim
from records.review import MARKING, Action, Correction, Doubt, Tie
from storage.base import Base, Row, to_json, to_moment, to_text
from storage.masks import cover, covered, minors_of

NOT_UNDONE = "not exists (select 1 from corrections u where u.undoes = c.id)"
REASONS = 8  # rows a claim may have in the queue, on average
STANDS = """ and c.version_id = (select version_id from articles where id = c.article_id)
 and not exists (select 1 from review_marks m where m.claim_id = c.id)"""
HELD_NOW = STANDS + " and j.id = (select max(id) from judgements where claim_id = j.claim_id)"
DISPUTED = f"""
select c.id as claim, e.id as event_id, 'disputed: ' || s.key as why, 0 as rank
 from events e join json_each(e.slots) s join json_tree(s.value) p join claims c on c.id = p.value
 where e.disputed = 1 and e.merged_into is null and json_extract(s.value, '$.disputed')
 and p.type = 'integer' and p.path like '%.claims' {STANDS}
"""
WARNED = f"""
select c.id as claim, e.id as event_id, 'does not add up: ' || w.value as why, 1 as rank
 from events e join json_each(e.warnings) w join judgements j on j.event_id = e.id join claims c on c.id = j.claim_id
 where e.warnings != '[]' and e.merged_into is null and c.main = 1 {HELD_NOW}
"""
LOOSE = f"""
select c.id as claim, j.event_id, 'joined on little ground: ' || j.why as why, 3 as rank
 from judgements j join claims c on c.id = j.claim_id where j.sure = 0 {HELD_NOW}
"""
LOST = f"""
select c.claim_id as claim, null as event_id, 'correction ' || c.id || ' no longer finds its sentence' as why, 2 as rank
 from corrections c join claims k on k.id = c.claim_id join articles a on a.id = k.article_id
 where {NOT_UNDONE} and c.action in ('accept', 'correct', 'reject') and k.version_id != a.version_id
 and not exists (select 1 from review_marks m join claims mk on mk.id = m.claim_id
   where m.correction_id = c.id and mk.version_id = a.version_id)
 and c.id = (select max(id) from corrections l where l.claim_id = c.claim_id
   and l.action in ('accept', 'correct', 'reject'))
"""


class Reviewing(Base):
    """Corrections, the marks and ties they leave on claims, and the queue of doubts."""

    def add_correction(self, correction: Correction) -> int:
        return self.add("corrections", {
            "at": to_text(correction.at), "action": str(correction.action), "claim_id": correction.claim_id,
            "other_id": correction.other_id, "event_id": correction.event_id, "into_id": correction.into_id,
            "changes": to_json(dict(correction.changes)), "quote": correction.quote, "note": correction.note,
            "undoes": correction.undoes})

    def correction(self, correction_id: int) -> Correction | None:
        row = self.row(f"select c.*, not {NOT_UNDONE} as undone from corrections c where id = ?", (correction_id,))
        return _correction(row) if row else None

    def corrections(self) -> list[Correction]:
        """All of them, oldest first, undone ones too."""
        return [_correction(row) for row in self.rows(
            f"select c.*, not {NOT_UNDONE} as undone from corrections c order by id")]

    def corrections_of(self, article_id: int) -> list[Correction]:
        """Those in force that were said of any version's claims of an article, oldest first."""
        return [_correction(row) for row in self.rows(
            f"select c.*, 0 as undone from corrections c where {NOT_UNDONE} and c.action != 'undo' and exists ("
            "select 1 from claims k where k.article_id = ? and k.id in (c.claim_id, c.other_id)) order by c.id",
            (article_id,))]

    def last_marking(self, claim_id: int) -> Correction | None:
        """The newest correction in force of what this claim says."""
        row = self.row(f"select c.*, 0 as undone from corrections c where c.claim_id = ? and {NOT_UNDONE} "
                       "and c.action in (select value from json_each(?)) order by c.id desc limit 1",
                       (claim_id, to_json([str(action) for action in MARKING])))
        return _correction(row) if row else None

    def mark(self, claim_id: int, correction_id: int, action: Action, claim: Claim | None) -> None:
        self.execute("insert or replace into review_marks (claim_id, correction_id, action, claim) values (?, ?, ?, ?)",
                     (claim_id, correction_id, str(action), to_json(claim.to_json()) if claim else None))

    def unmark(self, claim_id: int) -> None:
        self.execute("delete from review_marks where claim_id = ?", (claim_id,))

    def marked(self, correction_id: int) -> list[int]:
        """The claims that this correction now marks."""
        return [row["claim_id"] for row in self.rows(
            "select claim_id from review_marks where correction_id = ? order by claim_id", (correction_id,))]

    def is_rejected(self, claim_id: int) -> bool:
        return self.row("select 1 from review_marks where claim_id = ? and action = 'reject'", (claim_id,)) is not None

    def tie(self, tie: Tie) -> None:
        self.execute("insert or ignore into review_ties (claim_id, other_id, together, correction_id) "
                     "values (?, ?, ?, ?)", (tie.claim_id, tie.other_id, int(tie.together), tie.correction_id))

    def untie(self, correction_id: int) -> None:
        self.execute("delete from review_ties where correction_id = ?", (correction_id,))

    def has_ties(self) -> bool:
        """Whether a person ever put claims together or apart."""
        return self.row("select 1 from review_ties limit 1") is not None

    def ties(self, claims: Collection[int] | None = None) -> list[Tie]:
        """The ties of these claims, or all."""
        among = to_json(sorted(claims)) if claims is not None else None
        return [Tie(claim_id=row["claim_id"], other_id=row["other_id"], together=bool(row["together"]),
                    correction_id=row["correction_id"]) for row in self.rows(
            "select * from review_ties where :among is null or claim_id in (select value from json_each(:among))"
            " or other_id in (select value from json_each(:among)) order by correction_id, claim_id, other_id",
            {"among": among})]

    def original_claim(self, claim_id: int) -> tuple[int, int, Claim] | None:
        """(article, version, what was read), whatever was corrected since."""
        row = self.row("select article_id, version_id, claim from claims where id = ?", (claim_id,))
        return (row["article_id"], row["version_id"], Claim.from_json(json.loads(row["claim"]))) if row else None

    def reading_text(self, version_id: int) -> str:
        """The text that a version's offsets refer to."""
        row = self.rows("select title, text from versions where id = ?", (version_id,))[0]
        return f"{row['title']}\n\n{row['text']}" if row["title"] else str(row["text"])

    def stands(self, claim_id: int) -> bool:
        """Whether a claim is of its article's newest version."""
        return self.row("select 1 from claims c join articles a on a.id = c.article_id and a.version_id = c.version_id"
                        " where c.id = ?", (claim_id,)) is not None

    def part_event(self, event_id: int, now: datetime) -> None:
        """An event that was merged away stands for itself again; its claims follow."""
        self.execute("update events set merged_into = null, changed_at = ? where id = ?", (to_text(now), event_id))

    def moved_by(self, correction_id: int) -> list[Row]:
        """Claims that a correction moved and that are still there: (claim_id, event_id, before)."""
        return self.rows(
            "select j.claim_id, j.event_id, (select p.event_id from judgements p where p.claim_id = j.claim_id "
            "and p.id < j.id order by p.id desc limit 1) as before from judgements j where j.correction_id = ? "
            "and j.id = (select max(id) from judgements where claim_id = j.claim_id) order by j.claim_id",
            (correction_id,))

    def doubts(self, limit: int = 200) -> list[Doubt]:
        """What is worth a person's look: each claim once, with its reasons; disputes first, of the newest events."""
        rows = self.rows(f"select distinct * from ({DISPUTED} union all {WARNED} union all {LOST} union all {LOOSE}) "
                         "order by rank, event_id desc, claim limit ?", (limit * REASONS,))
        found: dict[int, list[Row]] = {}
        for row in rows:
            found.setdefault(row["claim"], []).append(row)
        return [Doubt(claim_id=claim, event_id=why[0]["event_id"], rank=why[0]["rank"],
                      why="; ".join(row["why"] for row in why)) for claim, why in found.items()][:limit]

    def export_corrections(self) -> Iterator[dict[str, Any]]:
        """Each correction as labelled data: the article's text, what was read of it, and what a person says."""
        for row in self.rows(
                f"select c.*, not {NOT_UNDONE} as undone, k.claim as read_claim, k.article_id, a.url, a.imported_id, "
                "a.outlet, a.lang, a.published, v.title, v.text, json_extract(v.reading, '$.minors') as minors, "
                "o.article_id as other_article, m.claim as says from corrections c "
                "left join claims k on k.id = c.claim_id left join versions v on v.id = k.version_id "
                "left join articles a on a.id = k.article_id left join claims o on o.id = c.other_id "
                "left join review_marks m on m.correction_id = c.id and m.claim_id = c.claim_id order by c.id"):
            yield _labelled(row)


def _labelled(row: Row) -> dict[str, Any]:
    minors = minors_of(json.loads(row["minors"] or "[]"))
    text = f"{row['title']}\n\n{row['text']}" if row["title"] else row["text"] or ""
    read = covered(json.loads(row["read_claim"]), minors) if row["read_claim"] else None
    said = covered(json.loads(row["says"]), minors) if row["says"] else None
    return {"correction_id": row["id"], "at": row["at"], "action": row["action"],
            "id": row["imported_id"] or row["url"], "claim_id": row["claim_id"], "other_claim_id": row["other_id"],
            "event_id": row["event_id"], "into_event_id": row["into_id"], "changes": json.loads(row["changes"]),
            "undoes": row["undoes"], "undone": bool(row["undone"]), "note": row["note"], "url": row["url"],
            "outlet": row["outlet"], "lang": row["lang"], "published": row["published"], "read": read,
            "says": said if said else read if row["action"] == "accept" else None, "text": cover(text, minors)}


def _correction(row: Row) -> Correction:
    at = to_moment(row["at"])
    assert at is not None
    same = ("id", "claim_id", "other_id", "event_id", "into_id", "quote", "note", "undoes")
    return Correction(**{name: row[name] for name in same}, action=Action(row["action"]), at=at,
                      changes=json.loads(row["changes"]), undone=bool(row["undone"]))
