"""One visit of an endpoint, from its answer to the store.

    answer | outcome | unchanged? | read in a child | unknown entries | first look | store with validators and due time
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from datetime import datetime

from crawler import policy, rhythm
from crawler.following import read_whole
from crawler.outcomes import Problem
from crawler.progress import say
from crawler.reading import Unread
from crawler.reply import Reply
from crawler.sorting import Seen, sort
from crawler.work import Work
from records.news import Endpoint, NextVisit, Outcome, Visit

UNSURE = "unsure"  # instead of a body's sum: the same bytes next time are read all the same, and asked for whole


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
                      outcome=came.outcome, why=came.why, retry_after=came.retry_after,
                      skip_hours=endpoint.skip_hours, skip_days=endpoint.skip_days)
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
    asks = seen if seen.read else endpoint  # an unchanged feed asks for what it asked before
    return Visit(
        endpoint_id=endpoint.id, started_at=started_at, finished_at=now, outcome=seen.outcome, why=seen.why,
        status=reply.status, final_url=reply.url, permanent=reply.permanent and reply.url != endpoint.url,
        body_bytes=len(reply.body), entries_seen=seen.entries_seen, entries_new=seen.entries_new,
        etag=reply.headers.get("etag") or (endpoint.etag if unchanged else None),
        last_modified=reply.headers.get("last-modified") or (endpoint.last_modified if unchanged else None),
        body_sha=seen.sha or endpoint.body_sha,
        retry_after=rhythm.retry_after(reply.headers.get("retry-after"), now),
        min_interval=max(asks.asked or 0.0, rhythm.fresh_for(reply.headers, now) or 0.0) or None,
        asked=asks.asked, skip_hours=asks.skip_hours, skip_days=asks.skip_days, gap=seen.gap,
        pace=seen.pace)


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
    return sort(work, endpoint, read, UNSURE if read.feed.unsure else sha)


def _tell(endpoint: Endpoint, visit: Visit, following: NextVisit, new: int) -> None:
    say("visit", source=endpoint.source_id, url=endpoint.url, outcome=visit.outcome, status=visit.status,
        why=visit.why, entries=visit.entries_seen, new=new, next_due=following.next_due.isoformat(timespec="seconds"),
        plan=following.why, gap=visit.gap)
