"""One visit of an endpoint, from its answer to the store.

    answer | outcome | unchanged? | read in a child | unknown entries | first look | store with validators and due time
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler import policy
from crawler.following import read_whole
from crawler.outcomes import Problem
from crawler.progress import say
from crawler.reading import FeedRead, Unread
from crawler.reply import Reply
from crawler.work import Work
from records.news import Endpoint, NextVisit, Outcome, SortedEntry, Visit

UNSURE = "unsure"  # instead of a body's sum: the same bytes next time are read all the same, and asked for whole
MOST_NEW = 2000  # unknown entries of one visit; a feed of 40,000 is a mistake or an attack


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visit came to before it is stored."""

    outcome: Outcome
    why: str = ""
    entries: Sequence[SortedEntry] = ()
    entries_seen: int = 0
    min_interval: float | None = None
    sha: str | None = None


def validators(endpoint: Endpoint) -> dict[str, str]:
    """The headers that let the server say "nothing new", byte for byte as it gave them."""
    if not policy.asks_conditionally(endpoint):
        return {}
    headers = {"If-None-Match": endpoint.etag, "If-Modified-Since": endpoint.last_modified}
    return {name: value for name, value in headers.items() if value}


async def finish(work: Work, endpoint: Endpoint, came: Reply | Problem, started_at: datetime) -> None:
    """Read what came, store the visit, say so."""
    if isinstance(came, Problem):
        seen, reply = Seen(came.outcome, came.why), None
        visit = Visit(endpoint_id=endpoint.id, started_at=started_at, finished_at=work.clock.now(),
                      outcome=came.outcome, why=came.why, retry_after=came.retry_after)
    else:
        seen, reply = await _read(work, endpoint, came), came
        visit = _visit(endpoint, reply, seen, started_at, work.clock.now())
    following = policy.next_visit(endpoint, visit, dice=random.random())  # noqa: S311 - spreads visits, no secret
    new = work.store.finish_visit(visit, seen.entries, following, run_id=work.run_id)
    _tell(endpoint, visit, following, new)


def _visit(endpoint: Endpoint, reply: Reply, seen: Seen, started_at: datetime, now: datetime) -> Visit:
    unchanged = reply.status == 304
    if seen.sha == UNSURE:
        reply = replace(reply, headers={name: value for name, value in reply.headers.items()
                                        if name not in ("etag", "last-modified")})
    return Visit(
        endpoint_id=endpoint.id, started_at=started_at, finished_at=now, outcome=seen.outcome, why=seen.why,
        status=reply.status, final_url=reply.url, permanent=reply.permanent and reply.url != endpoint.url,
        body_bytes=len(reply.body), entries_seen=seen.entries_seen, entries_new=len(seen.entries),
        etag=reply.headers.get("etag") or (endpoint.etag if unchanged else None),
        last_modified=reply.headers.get("last-modified") or (endpoint.last_modified if unchanged else None),
        body_sha=seen.sha or endpoint.body_sha,
        retry_after=policy.retry_after(reply.headers.get("retry-after"), now),
        min_interval=max(seen.min_interval or 0.0, policy.max_age(reply.headers.get("cache-control")) or 0.0) or None)


async def _read(work: Work, endpoint: Endpoint, reply: Reply) -> Seen:
    if reply.status == 304:
        return Seen(Outcome.UNCHANGED)
    if not reply.is_success:
        return Seen(*reply.outcome())
    sha = hashlib.sha256(reply.body).hexdigest()
    if sha == endpoint.body_sha:
        return Seen(Outcome.UNCHANGED, sha=sha)
    read = await read_whole(work, endpoint, reply)
    if isinstance(read, Unread):
        return Seen(Outcome.READER_KILLED if read.killed else Outcome.NOT_A_FEED, read.why)
    return _sort(work, endpoint, read, UNSURE if read.feed.unsure else sha)


def _sort(work: Work, endpoint: Endpoint, read: FeedRead, sha: str) -> Seen:
    feed, now = read.feed, work.clock.now()
    if not feed.entries:
        return Seen(Outcome.EMPTY, f"{endpoint.url} has no entries", min_interval=feed.min_interval, sha=sha)
    known = work.store.known_titles(endpoint.id, (entry.key for entry in feed.entries))
    fresh: dict[str, SortedEntry] = {}
    for entry, (on_topic, why) in zip(feed.entries, read.topics, strict=True):
        if entry.key in fresh or (entry.key in known and known[entry.key] == entry.title):
            continue
        if len(fresh) >= MOST_NEW:
            break
        fresh[entry.key] = policy.sort_entry(entry, on_topic=on_topic, why=why, endpoint=endpoint, now=now,
                                             fresh_hours=work.config.crawl.fresh_hours)
    mended = f"{endpoint.url} is broken and was read all the same: {feed.broken}" if feed.broken else ""
    return Seen(Outcome.NEW if fresh.keys() - known.keys() else Outcome.NOTHING_NEW, mended, tuple(fresh.values()),
                len(feed.entries), feed.min_interval, sha)


def _tell(endpoint: Endpoint, visit: Visit, following: NextVisit, new: int) -> None:
    say("visit", source=endpoint.source_id, url=endpoint.url, outcome=visit.outcome, status=visit.status,
        why=visit.why, entries=visit.entries_seen, new=new, next_due=following.next_due.isoformat(timespec="seconds"),
        plan=following.why)

