"""One promised entry, from its page (or from itself) to the desk.

    known address? | page | read in a child | desk.file
    page that can't be had | again later, or read from the entry alone | desk.file
"""

from __future__ import annotations

from crawler import policy, rhythm
from crawler.outcomes import Problem
from crawler.policy import PageFate
from crawler.progress import say
from crawler.reading import ArticleRead, Unread
from crawler.reply import Reply
from crawler.sites import site_of
from crawler.work import Work
from records.ledger import Decision
from records.news import Drop, Page, Promise, Source


def settle_known(work: Work, promise: Promise) -> bool:
    """Settle an entry whose address is an article's already: another endpoint or a mirror promised it too."""
    if promise.entry.url is None or promise.again:
        return False
    source = source_of(work, promise)
    urls = {promise.entry.url, work.rooms.canonical(promise.entry.url, source.mirrors if source else ())}
    article_id = work.store.known_address(urls)
    if article_id is None:
        return False
    work.store.settle_entry(promise.id, article_id, "filed")
    say("known", source=promise.source_id, url=promise.entry.url, article=article_id)
    return True


async def finish(work: Work, promise: Promise, came: Reply | Problem) -> None:
    """File the page that came; or try again later; or file what the entry itself says, and say why."""
    if isinstance(came, Problem):
        await _without_page(work, promise, came, status=None)
    elif not came.is_success:
        outcome, why = came.outcome()
        wait = rhythm.retry_after(came.headers.get("retry-after"), work.clock.now())
        label = "challenge" if came.is_challenge else str(came.status)
        await _without_page(work, promise, Problem(outcome, why, wait), status=came.status, label=label)
    else:
        await _with_page(work, promise, came)


async def _with_page(work: Work, promise: Promise, reply: Reply) -> None:
    page = Page(url=reply.url, requested_url=reply.requested_url, status=reply.status, body=reply.body,
                content_type=reply.content_type, fetched_at=work.clock.now())
    read = await work.readers.read(work.rooms.read_page, page, promise.entry, source_of(work, promise), promise.rescued,
                                   what=reply.url)
    if isinstance(read, Unread):
        await from_entry(work, promise, read.rule, read.why)
    else:
        _file(work, promise, read)


async def _without_page(work: Work, promise: Promise, problem: Problem, *, status: int | None,
                        label: str | None = None) -> None:
    now = work.clock.now()
    rest = policy.rest_until(now, status=status, retry_after=problem.retry_after, failures=promise.tries)
    if rest and promise.entry.url:
        work.store.cool(site_of(promise.entry.url), rest, problem.why)
    if policy.page_fate(outcome=problem.outcome, status=status, tries=promise.tries) is PageFate.AGAIN:
        next_try = policy.page_again(now, promise.tries, problem.retry_after)
        work.store.postpone_promise(promise.id, next_try=next_try)
        say("postponed", source=promise.source_id, url=promise.entry.url, why=problem.why, next_try=next_try)
        return
    await from_entry(work, promise, label or str(problem.outcome).replace("_", "-"), problem.why)


async def from_entry(work: Work, promise: Promise, label: str, why: str) -> None:
    """File an article from what its feed says of it; drop it where that is nothing."""
    entry = promise.entry
    if promise.again:  # what was read of it before is more than its feed says now
        work.store.settle_entry(promise.id, None, "filed")
        say("known", source=promise.source_id, url=entry.url, why=why)
        return
    read = await work.readers.read(work.rooms.read_entry, entry, source_of(work, promise), label, work.clock.now(),
                                   promise.rescued, what=f"the entry {entry.title or entry.url or entry.key!r}")
    if isinstance(read, Unread):
        stage = "page" if entry.url else "entry"
        _drop(work, promise, stage, label if entry.url else read.rule, f"{why}; and {read.why}" if why else read.why)
    else:
        _file(work, promise, read, partial=why)


def after_fault(work: Work, promise: Promise, why: str) -> None:
    """A mistake of ours met this entry: it waits, longer each time, for the day on which the mistake is mended."""
    next_try = policy.after_fault(work.clock.now(), promise.tries)
    work.store.postpone_promise(promise.id, next_try=next_try)
    say("postponed", source=promise.source_id, url=promise.entry.url, why=why, next_try=next_try)


def _drop(work: Work, promise: Promise, stage: str, rule: str, why: str) -> None:
    entry = promise.entry
    work.store.drop_promise(promise.id, Drop(url=entry.url, title=entry.title, stage=stage, rule=rule, why=why,
                                             source_id=promise.source_id, at=work.clock.now()), run_id=work.run_id)
    say("drop", source=promise.source_id, url=entry.url, title=entry.title, rule=rule, why=why)


def _file(work: Work, promise: Promise, read: ArticleRead, partial: str | None = None) -> None:
    decision: Decision = work.rooms.file(
        work.store, read.article, read.reading, source=source_of(work, promise), now=work.clock.now(),
        backfill=promise.backfill, entry_id=promise.id, run_id=work.run_id)
    say("article", source=promise.source_id, url=read.article.url or promise.entry.url, title=read.article.title,
        verdict=decision.verdict, why=decision.why, article=decision.article_id, partial=partial,
        backfill=promise.backfill)


def source_of(work: Work, promise: Promise) -> Source | None:
    return work.config.sources_by_id.get(promise.source_id)
