"""What an article leaves behind: its row, versions, addresses, claims, figures, officials; what was dropped and why.

All verbs that write belong inside one `write()` of the desk, so that an article is filed whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from records.claims import Claim, Figure, Reading
from records.ledger import Decision
from records.news import Article, Drop
from records.words import Group
from storage.base import Base, Row, to_json, to_text

NEAREST = 8  # articles a new text is held against; 1.6 were met on average
COMMON = 64  # a shingle that stands in more articles is boilerplate (a promo, a disclaimer) and finds nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownArticle:
    """An article as the desk looks it up: what keeping once needs to know."""

    article_id: int
    version_id: int
    text_sha: str
    title: str | None
    source_id: str | None
    outlet: str | None
    origin_id: int
    from_entry: bool
    size: int
    sample: bytes
    text: str  # headline and text of a short one; "" of a longer
    root_published: str | None = None
    root_outlet: str | None = None
    root_kind: str = "news"


KNOWN = """
select a.id, a.version_id, v.text_sha, v.title, a.source_id, a.outlet, coalesce(a.origin_id, a.id) as origin,
  a.from_entry, s.n, s.sketch, r.published as root_published, r.outlet as root_outlet, r.source_kind as root_kind,
  iif(coalesce(s.n, 0) <= 256, coalesce(v.title, '') || char(10) || v.text, '') as whole  -- longer ones are sampled
from articles a join versions v on v.id = a.version_id join articles r on r.id = coalesce(a.origin_id, a.id)
left join sketches s on s.article_id = a.id where a.id in ("""
AT_ADDRESS = f"""{KNOWN}select article_id from addresses where url in (select value from json_each(?)))
order by a.id limit 1"""
UNDER_ID = f"{KNOWN}select id from articles where imported_id = ?)"
UNDER_HASHES = f"""
select s.article_id from json_each(?) k join sketch_hashes s on s.hash = k.value
where not exists (select 1 from sketch_hashes where hash = k.value limit 1 offset {COMMON})
group by s.article_id order by count(*) desc, s.article_id limit {NEAREST}
"""
BY_ID = f"{KNOWN}select value from json_each(?)) order by a.id"


class Filing(Base):
    """Articles and what they say."""

    def article_at(self, urls: Collection[str]) -> KnownArticle | None:
        """The article known under one of these canonical addresses."""
        row = self.row(AT_ADDRESS, (to_json(sorted(urls)),))
        return _known(row) if row else None

    def article_imported(self, imported_id: str) -> KnownArticle | None:
        """The article that was imported under this id."""
        row = self.row(UNDER_ID, (imported_id,))
        return _known(row) if row else None

    def articles_near(self, hashes: Sequence[int], text_sha: str) -> list[KnownArticle]:
        """Articles with the very text, and those that share most indexed shingles. What it costs does not grow."""
        ids = {row["article_id"] for row in self.rows(
            "select article_id from versions where text_sha = ? order by id limit ?", (text_sha, NEAREST))}
        ids |= {row["article_id"] for row in self.rows(UNDER_HASHES, (to_json(list(hashes)),))}
        return [_known(row) for row in self.rows(BY_ID, (to_json(sorted(ids)),))] if ids else []

    def claims_said(self, version_id: int) -> tuple[Claim, ...]:
        """What a version of an article claims."""
        return tuple(Claim.from_json(json.loads(row["claim"])) for row in self.rows(
            "select claim from claims where version_id = ? order by n", (version_id,)))

    def add_article(self, article: Article, reading: Reading, *, source_kind: str, origin_id: int | None,
                    credit: str | None, backfill: bool, now: datetime) -> int:
        """A new article's row, without its text; `add_version` follows."""
        return self.add("articles", {
            "url": article.url, "source_id": article.source_id, "outlet": article.outlet, "source_kind": source_kind,
            "imported_id": article.imported_id, "lang": reading.lang, "title": article.title,
            "published": article.published, "modified": article.modified, "authors": to_json(article.authors),
            "lead": article.lead, "from_entry": int(article.from_entry), "why_partial": article.why_partial,
            "relevant": int(reading.relevant), "why": reading.why, "origin_id": origin_id, "credit": credit,
            "filed_at": to_text(now), "backfill": int(backfill)})

    def add_version(self, article_id: int, article: Article, reading: Reading, *, text_sha: str, now: datetime,
                    why: str, credit: str | None = None, first: bool = False) -> int:
        """One more text of an article, which holds from now on; earlier ones stay. `first`: it has none yet."""
        n = 1 if first else self.rows("select coalesce(max(n), 0) + 1 as n from versions where article_id = ?",
                                      (article_id,))[0]["n"]
        kept = reading.to_json()
        del kept["text"]  # title and text have columns of their own
        version_id = self.add("versions", {
            "article_id": article_id, "n": n, "title": article.title, "text": article.text,
            "text_sha": text_sha, "reading": to_json(kept), "ladder": to_json(article.ladder),
            "seen_at": to_text(now), "why": why})
        if first:
            self.execute("update articles set version_id = ? where id = ?", (version_id, article_id))
            return version_id
        self.execute("update articles set version_id = ?, title = ?, modified = coalesce(?, modified), lang = ?, "
                     "from_entry = ?, why_partial = ?, published = coalesce(published, ?), "
                     "credit = coalesce(?, credit) where id = ?",
                     (version_id, article.title, article.modified, reading.lang, int(article.from_entry),
                      article.why_partial, article.published, credit, article_id))
        return version_id

    def adopt(self, root_id: int, article_id: int) -> None:
        """The article is the origin of what was thought to be one, and of all its copies."""
        self.execute("update articles set origin_id = ? where id = ? or origin_id = ?", (article_id, root_id, root_id))

    def add_addresses(self, article_id: int, urls: Collection[str], now: datetime) -> None:
        self.execute_many("insert into addresses (url, article_id, seen_at) values (?, ?, ?) on conflict do nothing",
                          [(url, article_id, to_text(now)) for url in sorted(urls)])

    def keep_sketch(self, article_id: int, size: int, sample: bytes, index: Sequence[int]) -> None:
        """The sketch of an article's newest text; an edited text is found by its old shingles too."""
        self.execute("insert into sketches (article_id, n, sketch) values (?, ?, ?) on conflict (article_id) do update "
                     "set n = excluded.n, sketch = excluded.sketch", (article_id, size, sample))
        self.execute_many("insert into sketch_hashes (hash, article_id) values (?, ?) on conflict do nothing",
                          [(value, article_id) for value in sorted(index)])

    def add_reading(self, article_id: int, version_id: int, reading: Reading, *, now: datetime, quiet: bool,
                    figures: bool = True) -> list[int]:
        """Claims, figures and officials of a version; returns the claims' ids in the reading's order. A figure that an
        earlier text of the article gave is quiet: an edit tells only the numbers it brings."""
        ids = [self._add_claim(article_id, version_id, n, reading, now) for n in range(len(reading.claims))]
        for figure in reading.figures if figures else ():
            self.add("figures", {
                "article_id": article_id, "version_id": version_id, "what": str(figure.what), "value": figure.value,
                "qualifier": str(figure.qualifier), "group": figure.group, "place": figure.place,
                "quote": figure.evidence.quote, "quote_start": figure.evidence.start,
                "quote_end": figure.evidence.end, "figure": to_json(figure.to_json()), "filed_at": to_text(now),
                "quiet": int(quiet or self._is_said(article_id, version_id, figure))})
        for official in reading.officials:
            self.add("officials", {"article_id": article_id, "version_id": version_id, **official.to_json()})
        return ids

    def _is_said(self, article_id: int, version_id: int, figure: Figure) -> bool:
        """By an earlier text of the article, or by the one it copies."""
        return self.row(
            "select 1 from figures where article_id in (:id, (select origin_id from articles where id = :id))"
            " and version_id <> :version and what = :what and value = :value and place is :place",
            {"id": article_id, "version": version_id, "what": str(figure.what), "value": figure.value,
             "place": figure.place}) is not None

    def _add_claim(self, article_id: int, version_id: int, n: int, reading: Reading, now: datetime) -> int:
        claim = reading.claims[n]
        total = claim.counts.get(Group.TOTAL)
        return self.add("claims", {
            "article_id": article_id, "version_id": version_id, "n": n, "main": int(claim.main),
            "kind": str(claim.kind), "status": str(claim.status), "nationality": to_json(claim.nationality),
            "total": total.value if total else None, "origin_country": claim.origin_country,
            "destination_country": claim.destination_country, "event_date": claim.event_date,
            "ordinal": claim.ordinal, "operation": claim.operation, "quote": claim.evidence.quote,
            "quote_start": claim.evidence.start, "quote_end": claim.evidence.end, "claim": to_json(claim.to_json()),
            "minors": to_json([name.to_json() for name in reading.minors]), "filed_at": to_text(now)})

    def add_drop(self, drop: Drop, entry_id: int | None = None) -> int:
        """Something was not kept: by which stage and rule, and why."""
        return self.add("drops", {"at": to_text(drop.at), "url": drop.url, "title": drop.title, "stage": drop.stage,
                                  "rule": drop.rule, "why": drop.why, "source_id": drop.source_id,
                                  "entry_id": entry_id})

    def note_decision(self, decision: Decision, url: str | None, now: datetime) -> None:
        """What was decided of an article that left no row of its own, for `why URL`."""
        self.add("decisions", {"at": to_text(now), "url": url, "verdict": str(decision.verdict),
                               "article_id": decision.article_id, "origin_id": decision.origin_id, "why": decision.why})


def _known(row: Row) -> KnownArticle:
    return KnownArticle(article_id=row["id"], version_id=row["version_id"], text_sha=row["text_sha"],
                        title=row["title"], source_id=row["source_id"], outlet=row["outlet"], origin_id=row["origin"],
                        from_entry=bool(row["from_entry"]), size=row["n"] or 0, sample=row["sketch"] or b"",
                        root_published=row["root_published"], root_outlet=row["root_outlet"],
                        root_kind=row["root_kind"], text=row["whole"])
