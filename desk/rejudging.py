"""The archive judged anew after a change of rules, and read anew after a change of the reading.

    texts read anew | events one after another, with what is near, sorted by the rules as they are (ledger/grouping.py)
    | claims that stand in none | how far it has come is kept with each batch

Nobody is alerted. Events keep their numbers as far as most of their claims stay together; what a person decided in
review holds. A batch is one transaction: what is in memory is one batch's, and an interrupted run goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import extraction.claims
from desk.filing import credit_of_article, sha_of
from desk.judging import Judging
from desk.reviewing import carry_over
from ledger.correcting import found_again
from records.claims import Reading
from storage import Store
from storage.rejudging import Stored

ANEW = "judged anew"
BATCH = 100  # articles or events a transaction: some tenths of a second, in which nothing else can write
STAGES = ("read", "events", "loose")
Progress = Callable[[str, int], None]  # stage, how many are done


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnew:
    """An article whose text now says something else than when it was read."""

    stored: Stored
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudged:
    """What judging anew came to. Which events changed and how, the store's revisions after `last_revision` say."""

    last_revision: int  # before it
    last_event: int
    articles_read: int = 0  # whose reading is another one now
    claims: int = 0
    moved: int = 0  # claims that belong to another event now
    resumed: bool = False  # an interrupted run was gone on with; the figures are of this part

    def plus(self, *, read: int = 0, claims: int = 0, moved: int = 0) -> Rejudged:
        return replace(self, articles_read=self.articles_read + read, claims=self.claims + claims,
                       moved=self.moved + moved)


@dataclass(slots=True, kw_only=True)
class _Mark:
    """How far a run has come, as it is kept in the store."""

    stage: str
    after: int = 0

    @classmethod
    def of(cls, store: Store) -> _Mark | None:
        said = store.meta("rejudge")
        return cls(**json.loads(said)) if said else None

    def keep(self, store: Store) -> None:
        store.set_meta("rejudge", json.dumps({"stage": self.stage, "after": self.after}))


def read_anew(store: Store, after: int = 0) -> Iterator[tuple[int, ReadAnew | None]]:
    """Each article's id and, where its text is read otherwise than it was, the new reading."""
    for stored in store.stored_articles(after):
        reading = extraction.claims.read_claims(stored.article, wanted=stored.wanted)
        other = store.is_other_reading(stored, reading)
        yield stored.article_id, ReadAnew(stored=stored, reading=reading) if other else None


def rejudge(store: Store, *, now: datetime, reread: bool = False, progress: Progress | None = None) -> Rejudged:
    """Judge every claim anew and write what differs, batch by batch. Where an earlier run was interrupted it goes on
    from there."""
    mark = _Mark.of(store)
    done = Rejudged(last_revision=store.last_revision(), last_event=store.last_event(), resumed=mark is not None)
    mark = mark or _Mark(stage="read" if reread else "events")
    for stage in STAGES[STAGES.index(mark.stage):]:
        mark = mark if mark.stage == stage else _Mark(stage=stage)
        step = {"read": _read_batch, "events": _events_batch, "loose": _loose_batch}[stage]
        count = 0
        while (one := step(store, mark, now)) is not None:
            number, read, claims, moved = one
            count, done = count + number, done.plus(read=read, claims=claims, moved=moved)
            if progress is not None:
                progress(stage, count)
    with store.write():
        store.set_meta("rejudge", None)
    return done


def _read_batch(store: Store, mark: _Mark, now: datetime) -> tuple[int, int, int, int] | None:
    """Read a batch of texts, outside the transaction, and write what is read otherwise."""
    found = []
    for number, one in enumerate(read_anew(store, mark.after), 1):
        found.append(one)
        if number == BATCH:
            break
    if not found:
        return None
    moved = read = 0
    with store.write():
        for _, anew in found:
            if anew is not None:
                moved, read = moved + _keep_reading(store, anew, now), read + 1
        mark.after = found[-1][0]
        mark.keep(store)
    return len(found), read, 0, moved


def _events_batch(store: Store, mark: _Mark, now: datetime) -> tuple[int, int, int, int] | None:
    ids = store.events_after(mark.after, BATCH)
    if not ids:
        return None
    claims = moved = 0
    with store.write():
        for event_id in ids:
            for event in store.events_with_claims([event_id]):  # none where one before it took it in
                judging = Judging(store, now=now, quiet=True, before=(), why=ANEW, tied=True)
                judging.settle(event.claims, was={one.id: event_id for one in event.claims}, afresh=True)
                judging.touch([event_id])
                judging.close()
                claims, moved = claims + len(event.claims), moved + judging.moved
        mark.after = ids[-1]
        mark.keep(store)
    return len(ids), 0, claims, moved


def _loose_batch(store: Store, mark: _Mark, now: datetime) -> tuple[int, int, int, int] | None:
    """Claims that said too little for an event, or belong to none any more."""
    ids = store.loose_claims(mark.after, BATCH)
    if not ids:
        return None
    with store.write():
        for claim_id in ids:
            judging = Judging(store, now=now, quiet=True, before=(), why=ANEW, tied=True)
            judging.settle([store.claim(claim_id)])
            judging.close()
        mark.after = ids[-1]
        mark.keep(store)
    return len(ids), 0, len(ids), 0


def _keep_reading(store: Store, anew: ReadAnew, now: datetime) -> int:
    """Write a new reading as a version; its claims take the places of those that they say again. How many moved."""
    article, article_id, reading = anew.stored.article, anew.stored.article_id, anew.reading
    before = store.events_with_claims(store.events_of_article(article_id))
    placed = store.claims_placed(anew.stored.version_id)
    version_id = store.add_version(article_id, article, reading, text_sha=sha_of(article.text), now=now,
                                   why="the same text, read anew",
                                   credit=credit_of_article(article, anew.stored.source_kind))
    ids = store.add_reading(article_id, version_id, reading, now=now, quiet=True)
    carry_over(store, article_id, reading.claims, ids, reading.text)
    was: dict[int, int] = {}
    for old, event_id in placed:
        n = found_again(old, reading.claims, same_text=True)
        if n is not None:
            was.setdefault(ids[n], event_id)
    judging = Judging(store, now=now, quiet=True, before=before, why=ANEW, tied=True, edited=False)
    judging.settle([store.claim(one) for one in _main_first(ids, reading) if not store.is_rejected(one)], was=was)
    judging.close()
    return judging.moved + sum(store.event_of(claim) != event for claim, event in was.items())


def _main_first(ids: Sequence[int], reading: Reading) -> list[int]:
    return [one for _, one in sorted(zip((not claim.main for claim in reading.claims), ids, strict=True))]
