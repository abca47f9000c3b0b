"""The archive judged anew after a change of rules, and read anew after a change of the reading.

    texts read anew | claims in the order they were filed | replay (ledger) | which event is which | what differs is
    written, with quiet revisions

Nobody is alerted. Events keep their numbers as far as most of their claims stay together; what a person decided in
review holds. All claims are in memory, some 4 kB each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

import extraction.claims
from desk.filing import credit_of_article, sha_of
from desk.reviewing import carry_over
from ledger.correcting import found_again
from ledger.keys import kept_keys
from ledger.reconcile import reconcile
from ledger.replay import Placed, Shelf, names
from ledger.revising import merged, revise
from records.claims import Reading
from records.ledger import Change, Event, Joining, Revision, StoredClaim
from storage import Store
from storage.judging import CANDIDATES, KEY_MOST
from storage.rejudging import Stored

ANEW = "judged anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnew:
    """An article whose text now says something else than when it was read."""

    stored: Stored
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudged:
    """What judging anew came to."""

    articles_read: int = 0  # whose reading is another one now
    claims: int = 0
    moved: int = 0  # claims that belong to another event now
    opened: tuple[int, ...] = ()
    merged: tuple[tuple[int, int], ...] = ()
    emptied: tuple[int, ...] = ()
    changed: Mapping[int, tuple[Revision, ...]] = field(default_factory=dict)  # by event, slot by slot

    @property
    def nothing(self) -> bool:
        return not (self.articles_read or self.moved or self.changed)


def read_anew(store: Store) -> Iterator[ReadAnew | None]:
    """Each article's text read again: the reading where it differs from the stored one, else None."""
    for stored in store.stored_articles():
        reading = extraction.claims.read_claims(stored.article, wanted=stored.wanted)
        yield ReadAnew(stored=stored, reading=reading) if store.is_other_reading(stored, reading) else None


def rejudge(store: Store, *, now: datetime, readings: Iterable[ReadAnew] = ()) -> Rejudged:
    """Judge every claim anew and write what differs, in one transaction."""
    with store.write():
        read = 0
        heirs: dict[int, int] = {}
        for anew in readings:
            heirs |= _keep_reading(store, anew, now)
            read += 1
        claims, was = store.all_claims()
        shelf = Shelf(under_key=KEY_MOST, candidates=CANDIDATES, ties=store.ties())
        for _, of_one in groupby(claims, key=lambda one: one.article_id):
            shelf.take(tuple(of_one))
        return _write(store, claims, was, shelf, heirs=heirs, now=now, read=read)


def _keep_reading(store: Store, anew: ReadAnew, now: datetime) -> dict[int, int]:
    """Write a new reading as a version; which of its claims takes whose place in which event."""
    article, article_id, reading = anew.stored.article, anew.stored.article_id, anew.reading
    version_id = store.add_version(article_id, article, reading, text_sha=sha_of(article.text), now=now,
                                   why="the same text, read anew",
                                   credit=credit_of_article(article, anew.stored.source_kind))
    ids = store.add_reading(article_id, version_id, reading, now=now, quiet=True)
    carry_over(store, article_id, reading.claims, ids, reading.text)
    heirs: dict[int, int] = {}
    for old, event_id in store.claims_placed(anew.stored.version_id):
        n = found_again(old, reading.claims, same_text=True)
        if n is not None:
            heirs.setdefault(ids[n], event_id)
    return heirs


def _write(store: Store, claims: list[StoredClaim], held: Mapping[int, int | None], shelf: Shelf, *,
           heirs: Mapping[int, int], now: datetime, read: int) -> Rejudged:
    was = {claim: event if event is not None else heirs.get(claim) for claim, event in held.items()}
    named = names(shelf.placed, was)
    opened = []
    for number in sorted({where.number for where in shelf.placed.values()} - set(named)):
        named[number] = store.open_event(now)
        opened.append(named[number])
    moved = _move(store, shelf.placed, named, held, now)
    moved += sum(claim in shelf.placed and named[shelf.placed[claim].number] != event for claim, event in heirs.items())
    left = {event for event in was.values() if event is not None} | store.events_standing()
    lost = left - set(named.values())
    gone = _merged_into(lost, shelf.placed, named, was)
    changed = {}
    before = {event.id: event for event in store.events_with_claims({*named.values(), *lost}) if event.id is not None}
    by_event: dict[int, list[StoredClaim]] = defaultdict(list)
    for stored in claims:
        if stored.id in shelf.placed:
            by_event[named[shelf.placed[stored.id].number]].append(stored)
    told = _told(store, shelf.placed, named, was)
    for event_id in sorted({*named.values(), *lost}):
        revisions = _bring_up_to_date(store, event_id, by_event.get(event_id, []), before.get(event_id), now=now,
                                      told=event_id in told, is_new=event_id in opened, into=gone.get(event_id))
        if revisions:
            changed[event_id] = revisions
    return Rejudged(articles_read=read, claims=len(claims), moved=moved, opened=tuple(opened),
                    merged=tuple(sorted(gone.items())), changed=changed,
                    emptied=tuple(sorted(one for one in lost - set(gone) if one in changed)))


def _move(store: Store, placed: Mapping[int, Placed], named: Mapping[int, int], was: Mapping[int, int | None],
          now: datetime) -> int:
    moved = 0
    for claim_id, where in placed.items():
        event_id = named[where.number]
        if was.get(claim_id) != event_id:
            moved += was.get(claim_id) is not None
            store.judge(claim_id, replace(where.joining, why=f"{ANEW}: {where.joining.why}"), event_id, now)
        links = [(named[other], why) for other, why in where.joining.linked if other in named]
        store.link_events(event_id, links, now)
    for claim_id, event in was.items():
        if event is not None and claim_id not in placed:
            store.judge(claim_id, Joining(event_id=None, why=f"{ANEW}: it says too little"), None, now)
            moved += 1
    return moved


def _merged_into(lost: Iterable[int], placed: Mapping[int, Placed], named: Mapping[int, int],
                 was: Mapping[int, int | None]) -> dict[int, int]:
    """Of events that are none any more: the one that took most of their claims."""
    took: dict[int, Counter[int]] = defaultdict(Counter)
    for claim_id, where in placed.items():
        if (event := was.get(claim_id)) is not None:
            took[event][named[where.number]] += 1
    return {event: took[event].most_common(1)[0][0] for event in sorted(lost) if took.get(event)}


def _told(store: Store, placed: Mapping[int, Placed], named: Mapping[int, int],
          was: Mapping[int, int | None]) -> set[int]:
    """The events whose claims have been told of, under whichever number."""
    known = store.events_told()
    return {named[where.number] for claim_id, where in placed.items() if was.get(claim_id) in known}


def _bring_up_to_date(store: Store, event_id: int, claims: list[StoredClaim], before: Event | None, *, now: datetime,
                      told: bool, is_new: bool, into: int | None) -> tuple[Revision, ...]:
    after = reconcile(event_id, claims, opened_at=before.opened_at if before else now, changed_at=now)
    if into is not None:
        store.merge_event(event_id, into, ANEW, now)
        revisions: tuple[Revision, ...] = (merged(event_id, into, now=now, quiet=True, why=ANEW),)
        store.add_revisions(revisions)
        return revisions
    if before and (before.slots, before.warnings, before.independent) == (after.slots, after.warnings,
                                                                          after.independent):
        return ()
    found = revise(None if is_new else before, after, claim_ids=[], now=now, quiet=True, told_before=True)
    revisions = tuple(replace(one, why=f"{ANEW}; {one.why}") for one in found if one.change is not Change.SOURCE)
    store.keep_event(after, kept_keys(claims), told=told, now=now)
    store.add_revisions(revisions)
    return revisions
