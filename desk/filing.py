"""One article's way into the ledger, whether it came from a live crawl, an archive or an import.

    relevant? | known? new, version, copy | write | claims: which event? | reconcile | what changed? | entry settled

All of it is one write transaction, begun immediate: what is read in it can't be outdated by another process, and an
article is filed whole or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from desk.judging import judge_claims
from desk.reviewing import carry_over
from ledger.credits import agency_of, credit_of
from ledger.keeping import Arrival, Known, keep_once
from ledger.sketches import SMALL, Sketch, sketch
from records.claims import Reading
from records.ledger import Decision, Verdict
from records.news import Article, Drop, Source
from storage import Store
from storage.filing import KnownArticle


def file(store: Store, article: Article, reading: Reading, *, source: Source | None, now: datetime,
         backfill: bool = False, entry_id: int | None = None, run_id: int | None = None) -> Decision:
    """File a read article; returns what was decided and why. Raises StoreError, with nothing written.

    `backfill`: old news, filed and never alerted. `entry_id`: the promised entry that this settles.
    """
    with store.write():
        decision = _file(store, article, reading, source=source, now=now, backfill=backfill)
        if decision.verdict is Verdict.DROPPED:
            store.add_drop(Drop(url=article.url, title=article.title, stage="relevance", rule="off-topic",
                                why=decision.why, source_id=article.source_id, at=now), entry_id)
        if entry_id is not None:
            store.settle_entry(entry_id, decision.article_id, "filed" if decision.article_id else "dropped")
        store.note_decision(decision, article.url, now)
        store.count(run_id, now, articles_new=int(decision.verdict in (Verdict.NEW, Verdict.COPY)),
                    dropped=int(decision.verdict is Verdict.DROPPED))
    return decision


def _file(store: Store, article: Article, reading: Reading, *, source: Source | None, now: datetime,
          backfill: bool) -> Decision:
    addresses = {*article.addresses, *([article.url] if article.url else [])}
    # A line imported under an id of its own keeps its row, whoever has its address already.
    found = store.article_imported(article.imported_id) if article.imported_id else store.article_at(addresses)
    if not reading.relevant:
        return _off_topic(reading, found)
    whole = f"{article.title or ''}\n{article.text}"
    drawn, text_sha = sketch(whole), sha_of(article.text)
    near = [] if found else store.articles_near(drawn.index, text_sha)
    arrival = Arrival(text_sha=text_sha, title=article.title, source_id=article.source_id, outlet=article.outlet,
                      from_entry=article.from_entry, has_own_id=article.imported_id is not None, sketch=drawn,
                      claims=reading.claims, text=whole if drawn.size <= SMALL else "", published=article.published,
                      is_agency=is_agency(article.outlet, source.kind if source else "news"))
    decision = keep_once(arrival, _known(store, found) if found else None, [_known(store, one) for one in near])
    if decision.verdict is Verdict.KNOWN:
        assert decision.article_id is not None
        store.add_addresses(decision.article_id, addresses, now)
        return decision
    return _keep(store, article, reading, decision, source=source, now=now, backfill=backfill, drawn=drawn,
                 text_sha=text_sha, addresses=sorted(addresses))


def _off_topic(reading: Reading, found: KnownArticle | None) -> Decision:
    """Dropped; or, at the address of an article that is kept, left as it was: a paywall's page takes no claim back."""
    if found is None:
        return Decision(verdict=Verdict.DROPPED, why=reading.why)
    return Decision(verdict=Verdict.KNOWN, article_id=found.article_id, version_id=found.version_id,
                    why=f"what is known of it stands; its page now shows something else ({reading.why})")


def _keep(store: Store, article: Article, reading: Reading, decision: Decision, *, source: Source | None,
          now: datetime, backfill: bool, drawn: Sketch, text_sha: str, addresses: Sequence[str]) -> Decision:
    """Write a new article, a copy or a version, and judge what it claims."""
    article_id, credit = decision.article_id, credit_of_article(article, source.kind if source else "news")
    events_before = store.events_with_claims(store.events_of_article(article_id)) if article_id else ()
    first = article_id is None
    if article_id is None:
        article_id = store.add_article(article, reading, source_kind=source.kind if source else "news",
                                       origin_id=decision.origin_id, backfill=backfill, now=now,
                                       credit=credit)
        if decision.adopts is not None:
            store.adopt(decision.adopts, article_id)
    version_id = store.add_version(article_id, article, reading, text_sha=text_sha, now=now, why=decision.why,
                                   credit=credit, first=first)
    store.add_addresses(article_id, addresses, now)
    # A copy is found through its origin: forty mastheads of one text would make its shingles look like boilerplate.
    store.keep_sketch(article_id, drawn.size, drawn.sample, drawn.index if decision.origin_id is None else ())
    new_numbers = decision.verdict in {Verdict.NEW, Verdict.VERSION}  # a copy's figures are its origin's
    claim_ids = store.add_reading(article_id, version_id, reading, now=now, quiet=backfill or not new_numbers)
    tied = decision.verdict is Verdict.VERSION and carry_over(store, article_id, reading.claims, claim_ids,
                                                              reading.text)
    judge_claims(store, reading.claims, claim_ids, events_before=events_before, now=now, quiet=backfill, tied=tied)
    return Decision(verdict=decision.verdict, why=decision.why, article_id=article_id, version_id=version_id,
                    origin_id=decision.origin_id, adopts=decision.adopts)


def is_agency(outlet: str | None, kind: str) -> bool:
    """Whether an outlet is an agency, whose texts others print."""
    return kind == "wire" or (outlet is not None and agency_of(outlet) is not None)


def credit_of_article(article: Article, kind: str) -> str | None:
    """The agency whose text it is: as the text says, as its author line says, or the outlet itself."""
    credited = credit_of(article.text) or next(filter(None, map(agency_of, article.authors)), None)
    if credited is None and article.outlet and is_agency(article.outlet, kind):
        return agency_of(article.outlet) or article.outlet
    return credited


def _known(store: Store, found: KnownArticle) -> Known:
    return Known(article_id=found.article_id, version_id=found.version_id, text_sha=found.text_sha, title=found.title,
                 source_id=found.source_id, outlet=found.outlet, origin_id=found.origin_id, from_entry=found.from_entry,
                 sketch=Sketch(size=found.size, sample=found.sample), claims=store.claims_said(found.version_id),
                 root_published=found.root_published, root_is_agency=is_agency(found.root_outlet, found.root_kind),
                 text=found.text if found.size <= SMALL else "")


def sha_of(text: str) -> str:
    """Of the words alone: another line break or quotation mark makes no other text."""
    return hashlib.sha256(" ".join(text.split()).casefold().encode()).hexdigest()
