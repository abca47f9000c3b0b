"""A feed that was read, against what its endpoint promised before: what is known, renamed, new, and what it missed.

    entries | known keys | known under another name | first look | promised or dropped
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crawler import identity, policy, rhythm
from crawler.identity import PastEntry, Recognised
from crawler.reading import FeedRead
from crawler.work import Work
from records.news import Endpoint, Entry, Outcome, SortedEntry

MOST_NEW = 2000  # unknown entries of one visit; a feed of 40,000 is a mistake or an attack
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visit came to before it is stored."""

    outcome: Outcome
    why: str = ""
    entries: Sequence[SortedEntry] = ()
    entries_seen: int = 0
    entries_new: int = 0
    asked: float | None = None  # seconds, by the feed itself
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    gap: str = ""
    pace: float = 0.0
    sha: str | None = None
    read: bool = False  # the feed itself was read: what it asks for is what holds now


def sort(work: Work, endpoint: Endpoint, read: FeedRead, sha: str) -> Seen:
    """Decide of every entry. Reads the store, writes nothing."""
    feed = read.feed
    seen = Seen(Outcome.EMPTY, f"{endpoint.url} has no entries", sha=sha, read=True, asked=feed.min_interval,
                skip_hours=feed.skip_hours, skip_days=feed.skip_days)
    if not feed.entries:
        return seen
    known = work.store.known_titles(endpoint.id, (entry.key for entry in feed.entries))
    unknown = [entry for entry in feed.entries if entry.key not in known][:MOST_NEW]
    renamed = _recognise(work, endpoint, feed.entries, unknown)
    fresh = _fresh(work, endpoint, read, known, renamed)
    new = sum(1 for entry in unknown if entry.key not in renamed.pairs)
    gap = rhythm.scrolled_off(endpoint, [entry.key in known or entry.key in renamed.pairs
                                         for entry in _newest_first(feed.entries)], feed.min_interval)
    why = [f"{endpoint.url} is broken and was read all the same: {feed.broken}"] if feed.broken else []
    if renamed.storm:
        why.append(f"{len(renamed.pairs)} entries of {endpoint.url} came under new names and were known")
    return replace(seen, outcome=Outcome.NEW if new else Outcome.NOTHING_NEW,
                   why="; ".join([*why, *filter(None, [gap])]), entries=fresh, entries_seen=len(feed.entries),
                   entries_new=new, gap=gap,
                   pace=rhythm.pace_of([entry.published for entry in feed.entries], work.clock.now()))


def _recognise(work: Work, endpoint: Endpoint, seen: Sequence[Entry], unknown: Sequence[Entry]) -> Recognised:
    if not unknown or endpoint.visits == 0:
        return Recognised()
    if identity.is_storm_like(len(unknown), len(seen)):
        source = work.config.sources_by_id.get(endpoint.source_id)
        mirrors = source.mirrors if source else ()
        bulk = identity.in_bulk(unknown, seen, _past(work, endpoint), lambda url: work.rooms.canonical(url, mirrors))
        if bulk.storm:
            return bulk
    urls = [entry.url for entry in unknown if entry.url]
    return identity.by_address(unknown, seen, _past(work, endpoint, urls))


def _past(work: Work, endpoint: Endpoint, urls: Sequence[str] | None = None) -> list[PastEntry]:
    return [PastEntry(key=key, url=url, title=title, summary=summary)
            for key, url, title, summary in work.store.past_entries(endpoint.id, urls)]


def _fresh(work: Work, endpoint: Endpoint, read: FeedRead, known: dict[str, str | None],
           renamed: Recognised) -> tuple[SortedEntry, ...]:
    """The entries that change something: new ones, renamed ones, known ones with another title."""
    now, fresh_hours = work.clock.now(), work.config.crawl.fresh_hours
    fresh: dict[str, SortedEntry] = {}
    for entry, (on_topic, why) in zip(read.feed.entries, read.topics, strict=True):
        if entry.key in fresh or (entry.key in known and known[entry.key] == entry.title):
            continue
        if len(fresh) >= MOST_NEW:
            break
        sorted_ = policy.sort_entry(entry, on_topic=on_topic, why=why, endpoint=endpoint, now=now,
                                    fresh_hours=fresh_hours, bulk=renamed.storm)
        fresh[entry.key] = policy.renamed(sorted_, renamed.pairs.get(entry.key), silently=renamed.storm)
    return tuple(fresh.values())


def _newest_first(entries: Sequence[Entry]) -> Sequence[Entry]:
    """By date where all have one; else as the feed lists them."""
    if not all(entry.published for entry in entries):
        return entries
    return sorted(entries, key=lambda entry: entry.published or EARLIEST, reverse=True)
