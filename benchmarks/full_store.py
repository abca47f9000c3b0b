"""A store filled to any size within minutes, to measure filing in: rows written straight into the tables.

What filing looks things up by is there for every article: addresses, indexed shingles (drawn at random, as many as a
text of 400 words has), events with their keys, claims, judgements, revisions, the full text (of 100 words each, for
the disk's sake).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import numpy as np

from ledger.keys import kept_keys
from ledger.reconcile import reconcile
from records.claims import Reading
from records.ledger import StoredClaim
from records.news import Article
from storage import Store
from storage.base import to_json, to_text

AT_ONCE = 2000  # articles in one transaction
INDEXED, SAMPLED = 14, 50
ROWS: dict[str, tuple[str, int]] = {
    "articles": ("id, url, outlet, lang, published, from_entry, relevant, why, filed_at, backfill, version_id", 11),
    "versions": ("id, article_id, n, text, text_sha, reading, seen_at, why", 8), "addresses": ("*", 3),
    "decisions": ("at, url, verdict, article_id, why", 5), "sketches": ("*", 3), "sketch_hashes": ("*", 2),
    "claims": (("id, article_id, version_id, n, main, kind, status, nationality, quote, quote_start, quote_end, "
                "claim, filed_at"), 13),
    "judgements": ("claim_id, event_id, why, at", 4), "event_keys": ("*", 2),
    "revisions": ("event_id, change, claim_id, at, quiet, why", 6),
}
Filed = tuple[Article, Reading, datetime]


class Filling:
    """Fills a store; articles `n` come from `article(n)`, and each `per_event` of them tell of one event."""

    def __init__(self, store: Store, article: Callable[[int], Filed], per_event: int) -> None:
        self.store, self.article, self.per_event = store, article, per_event
        self.draw = np.random.default_rng(1)
        self.event_id = 0
        self.rows: dict[str, list[tuple[object, ...]]] = {}

    def fill(self, first: int, last: int) -> None:
        """Articles number `first` up to `last`, in the ids that come after."""
        for start in range(first, last, AT_ONCE):
            self.rows = {table: [] for table in ROWS}
            with self.store.write():
                for n in range(start, min(start + AT_ONCE, last)):
                    self._add(n, *self.article(n))
                for table, (columns, width) in ROWS.items():
                    names = "" if columns == "*" else f"({columns})"
                    marks = ", ".join("?" * width)
                    sql = f"insert or ignore into {table} {names} values ({marks})"  # noqa: S608 - all named here
                    self.store.execute_many(sql, self.rows[table])

    def _add(self, n: int, article: Article, reading: Reading, moment: datetime) -> None:
        number, at, rows, draw = n + 1, to_text(moment), self.rows, self.draw
        claim = reading.claims[0]
        rows["articles"].append((number, article.url, article.outlet, "en", article.published, 0, 1, "made", at, 0,
                                 number))
        rows["versions"].append((number, number, 1, article.text, f"{number:064}", '{"minors":[]}', at, "made"))
        rows["addresses"].append((article.url, number, at))
        rows["decisions"].append((at, article.url, "new", number, "a text not known before"))
        sample = np.unique(draw.integers(0, 1 << 29, SAMPLED, dtype=np.uint32))
        rows["sketches"].append((number, 8 * SAMPLED, sample.astype("<u4").tobytes()))
        rows["sketch_hashes"] += [(int(value), number) for value in np.sort(draw.integers(0, 1 << 57, INDEXED))]
        rows["claims"].append((number, number, number, 0, 1, str(claim.kind), str(claim.status),
                               to_json(claim.nationality), claim.evidence.quote, 0, claim.evidence.end,
                               to_json(claim.to_json()), at))
        stored = StoredClaim(id=number, article_id=number, version_id=number, claim=claim, source_id=None,
                             outlet=article.outlet, source_kind="news", origin_id=number, lang="en", title=None,
                             published=article.published, url=article.url, filed_at=moment)
        first = n % self.per_event == 0 or not self.event_id
        if first:
            self.event_id = self.store.open_event(moment)
            made = reconcile(self.event_id, [stored], opened_at=moment, changed_at=moment)
            self.store.keep_event(replace(made, independent=self.per_event), (), told=True, now=moment)
        event_id = self.event_id
        rows["event_keys"] += [(key, event_id) for key in kept_keys([stored])]
        rows["judgements"].append((number, event_id, "made", at))
        rows["revisions"].append((event_id, "opened" if first else "source", number, at, 0, "made"))
