"""The one spider of the one engine: it takes due work from the store until it is stopped or, if asked so, until idle.

    claim due endpoints and promised entries, one a host | request | visits.finish or pages.finish | claim again
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from config.networks import check_url
from crawler import pages, visits
from crawler.guard import running_reactor
from crawler.outcomes import Problem, explain, request_of
from crawler.progress import ListenerGoneError, say
from crawler.reply import Reply
from crawler.sites import site_of
from crawler.work import Work
from records.errors import ReaderError, StoreError
from records.news import Endpoint, Outcome, Promise

LOOK_AGAIN = 5.0  # seconds at most between two looks for due work
SHORTEST = 0.05  # seconds of the world between two looks, however fast the clock runs
GLANCE = 1.0  # seconds between two glances whether another program has changed the store: 40 µs each
SIGN_OF_LIFE = 30.0  # an idle worker moves progress_at this often
GRACE_SHARE = 0.8  # of the time until whoever asked us to stop kills us
Task = Endpoint | Promise
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Started:
    """Where and when a piece of work began."""

    host: str
    at: datetime


class Watch(Spider):
    """Work under way is counted by host, so that no host is asked twice at once and a slow one holds up nobody else."""

    name = "watch"

    def __init__(self, work: Work, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.work = work
        self.reason = "done"
        self._under_way: dict[tuple[str, int], Started] = {}  # by record's type and id
        self._local: set[asyncio.Task[None]] = set()  # what needs no request
        self._wake = asyncio.Event()
        self._stopping = False
        self._last_sign: datetime | None = None

    async def start(self) -> AsyncIterator[Request]:
        """Yield requests for as long as there is reason to."""
        self.work.fetch = self.fetch
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, partial(self.stop, "stopped"))
        try:
            while not self._stopping:
                self._wake.clear()
                for request in self._claim():
                    yield request
                if not self._under_way and self._is_done():
                    break
                await self._pause()
        except (StoreError, ListenerGoneError) as error:
            self._give_up(error)
        await self._drain()

    def stop(self, reason: str) -> None:
        """Claim nothing more and finish what is under way; called again, leave it."""
        if self._stopping:
            running_reactor().stop()
        self._stopping, self.reason = True, reason
        self._wake.set()

    def _claim(self) -> list[Request]:
        work, crawl = self.work, self.work.config.crawl
        by_host = Counter(started.host for started in self._under_way.values())
        busy = {host for host, n in by_host.items() if n >= crawl.per_host}
        terms: dict[str, Any] = {"now": work.clock.now(), "owner": work.owner, "lease": work.lease, "only": work.only}
        free = crawl.concurrency - len(self._under_way)
        # Some room is left for pages: what a sweep of a thousand feeds finds first is not to wait for its end.
        tasks: list[Task] = [*work.store.claim_endpoints(limit=free - free // 4, since=work.since, busy=busy, **terms)]
        busy |= {site_of(task.url) for task in tasks if isinstance(task, Endpoint)}
        tasks += work.store.claim_promises(limit=free - len(tasks), busy=busy, **terms)
        return [request for task in tasks if (request := self._begin(task))]

    def _begin(self, task: Task) -> Request | None:
        """The request of a task; None where none is needed, or none can be made."""
        if isinstance(task, Promise) and pages.settle_known(self.work, task):
            self._wake.set()
            return None
        self._under_way[_key(task)] = Started(site_of(_url(task)), self.work.clock.now())
        if not _url(task) and isinstance(task, Promise):
            why = f"an entry of {task.source_id} has no link"
            self._locally(task, pages.from_entry(self.work, task, "no-link", why))
            return None
        try:
            return self._request(task)
        except ValueError as error:
            problem = Problem(Outcome.REFUSED, f"{_url(task)} was not fetched: {error}")
            self._locally(task, self._came(task, problem))
            return None

    def _locally(self, task: Task, finishing: Coroutine[Any, Any, None]) -> None:
        running = asyncio.create_task(self._finish(task, finishing))
        self._local.add(running)
        running.add_done_callback(self._local.discard)

    def _request(self, task: Task) -> Request:
        """Raises ValueError for an address that no request can be made to."""
        objection = check_url(_url(task))
        if objection:
            raise ValueError(objection)
        crawl, feed = self.work.config.crawl, isinstance(task, Endpoint)
        meta = {"download_timeout": crawl.feed_timeout if feed else crawl.page_timeout,
                "download_maxsize": crawl.feed_max_bytes if feed else crawl.page_max_bytes,
                "allow_private": task.allow_private}
        headers = visits.validators(task) if isinstance(task, Endpoint) else {}
        return Request(_url(task), headers=headers, meta=meta, dont_filter=True,
                       callback=partial(self._answered, task=task), errback=partial(self._failed, task=task))

    async def fetch(self, url: str, endpoint: Endpoint, most_bytes: int | None) -> Reply | Problem:
        """One more address of an endpoint under way. It passes every middleware, and no scheduler: its host is ours."""
        objection = check_url(url)
        if objection:
            return Problem(Outcome.REFUSED, f"{url} was not fetched: {objection}")
        crawl = self.work.config.crawl
        request = Request(url, dont_filter=True, meta={
            "download_timeout": crawl.feed_timeout, "download_maxsize": most_bytes or crawl.feed_max_bytes,
            "allow_private": endpoint.allow_private})
        try:
            engine = self.crawler.engine
            assert engine is not None
            return Reply.of(await engine.download_async(request))
        except Exception as error:  # noqa: BLE001  whatever the downloader raises is an outcome
            return explain(error, url)

    async def _answered(self, response: Response, *, task: Task) -> None:
        await self._finish(task, self._came(task, response))

    async def _failed(self, failure: Failure, *, task: Task) -> None:
        await self._finish(task, self._came(task, failure))

    async def _came(self, task: Task, came: Response | Failure | Problem) -> None:
        if isinstance(came, Failure):
            came = _problem(came, _url(task))
        reply = came if isinstance(came, Problem) else Reply.of(came)
        if isinstance(task, Endpoint):
            await visits.finish(self.work, task, reply, self._under_way[_key(task)].at)
        else:
            await pages.finish(self.work, task, reply)

    async def _finish(self, task: Task, finishing: Awaitable[None]) -> None:
        """Whatever happens to one task, it ends here, and the others go on."""
        try:
            await finishing
        except (StoreError, ReaderError, ListenerGoneError) as error:
            self._give_up(error)
        except Exception as error:
            # A mistake of ours on one page: told, tried again, exit code 1. The next page may be fine.
            log.exception("%s could not be finished", _url(task) or task)
            self._fault(task, f"{_url(task)}: {type(error).__name__}: {error}")
        finally:
            self._under_way.pop(_key(task), None)
            self._wake.set()

    def _fault(self, task: Task, why: str) -> None:
        self.work.faults.append(why)
        if isinstance(task, Promise):
            try:
                pages.after_fault(self.work, task, why)
            except (StoreError, ListenerGoneError) as error:
                self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        told = isinstance(error, (StoreError, ReaderError))
        if told and str(error) not in self.work.faults:  # of several bodies at once
            self.work.faults.append(str(error))
        if not self._stopping:
            self.stop(f"failed: {error}" if told else "stopped")

    def _is_done(self) -> bool:
        """Nothing is under way here. Is there anything to wait for?"""
        work, now = self.work, self.work.clock.now()
        if self._last_sign is None or (now - self._last_sign).total_seconds() >= SIGN_OF_LIFE:
            self._last_sign = now
            work.store.progress(work.run_id, now)
            if not work.until_idle:
                say("idle", next=work.store.next_moment(now))
        return work.until_idle and not self._wake.is_set() and work.store.leased(now) == 0

    async def _pause(self) -> None:
        now, speed = self.work.clock.now(), self.work.clock.speed
        wait = longest = max(LOOK_AGAIN / speed, SHORTEST)
        for key, started in list(self._under_way.items()):
            # Never seen; should the engine lose a request, nobody waits for it for ever.
            if now - started.at > self.work.lease:
                self.work.faults.append(f"a request to {started.host} was lost in the engine")
                del self._under_way[key]
        if not self._under_way:
            moment = self.work.store.next_moment(now)
            wait = min(max((moment - now).total_seconds(), 0.5) / speed, longest) if moment else longest
        until = asyncio.get_running_loop().time() + wait
        while (left := until - asyncio.get_running_loop().time()) > 0:
            try:
                await asyncio.wait_for(self._wake.wait(), min(left, GLANCE))
            except TimeoutError:
                if not self.work.store.is_changed_elsewhere():
                    continue
            return

    async def _drain(self) -> None:
        """Wait for what is under way, for most of the grace; then release it."""
        deadline = asyncio.get_running_loop().time() + GRACE_SHARE * self.work.config.crawl.grace
        while self._under_way:
            self._wake.clear()
            left = deadline - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self._wake.wait(), left)
            except TimeoutError:
                log.warning("%d requests did not end within the grace; they are released", len(self._under_way))
                self.stop(self.reason)
                return


def _problem(failure: Failure, url: str) -> Problem:
    """The failure of a request for `url`, or of the one that it led to."""
    asked = request_of(failure)
    problem = explain(failure.value or OSError("no reason given"), asked.url)
    return problem if url in problem.why else replace(problem, why=f"{url} can't be had: {problem.why}")


def _url(task: Task) -> str:
    return task.url if isinstance(task, Endpoint) else task.entry.url or ""


def _key(task: Task) -> tuple[str, int]:
    return type(task).__name__, task.id
