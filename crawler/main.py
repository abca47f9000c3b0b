"""The worker as a process: config and store opened, one engine run, everything given back at the end."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess

from config import logs
from config.model import Config
from crawler.clock import Clock
from crawler.leash import works
from crawler.machine import suited_readers
from crawler.pool import Readers
from crawler.progress import ListenerGoneError, say
from crawler.settings import with_config
from crawler.sites import site_of
from crawler.spider import Watch
from crawler.work import Rooms, Work
from storage import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line of `python -m crawler work` says."""

    database: Path
    sources: Collection[str] = ()  # these only
    every: bool = False  # all endpoints, due or not
    until_idle: bool = False
    now: datetime | None = None
    speed: float = 1.0  # of the clock


def run(config: Config, options: Options, rooms: Rooms) -> int:
    """Crawl. Returns the exit code: 0 done or stopped when asked, 1 something on our side went wrong."""
    clock = Clock(options.now, options.speed)
    with Store.open(options.database) as store:
        store.site_of = site_of
        store.register(config.sources, config.endpoints, clock.now())
        owner = f"{socket.gethostname()}:{os.getpid()}"
        release_the_dead(store, owner)
        began = clock.now()
        run_id = store.start_run(began, os.getpid())
        crawl = config.crawl
        readers = Readers(children=crawl.readers or suited_readers(), deadline=crawl.read_timeout,
                          memory=crawl.read_memory, on_start=_say_started)
        work = Work(store=store, config=config, clock=clock, readers=readers, rooms=rooms, owner=owner, run_id=run_id,
                    only=frozenset(options.sources), since=began if options.every else None,
                    until_idle=options.until_idle)
        reason = "failed: the engine ended before its time"
        try:
            reason = _crawl(work)
        finally:
            readers.stop()
            store.release(owner)
            store.end_run(run_id, clock.now(), reason)
        return _conclude(work, reason)


def _say_started(why: str) -> None:
    with contextlib.suppress(ListenerGoneError):  # the spider finds out by itself
        say("reader", why=why)


def _crawl(work: Work) -> str:
    logs.begin(work.config.daemon.log, logging.WARNING, logs.Redactor(work.config.secrets))
    process = AsyncCrawlerProcess(with_config(work.config.crawl))
    crawler = process.create_crawler(Watch)
    process.crawl(crawler, work=work)
    say("start", run=work.run_id, pid=os.getpid())
    process.start(install_signal_handlers=False)
    spider = crawler.spider
    assert isinstance(spider, Watch)
    finished = crawler.stats.get_value("finish_reason") in ("finished", None)  # None: stopped for the second time
    return spider.reason if finished or spider.reason != "done" else "failed: the engine could not go on; see its log"


def _conclude(work: Work, reason: str) -> int:
    run = work.store.run(work.run_id)
    assert run is not None
    try:
        say("done", run=run.id, reason=reason, visits=run.visits, answered=run.answered, failed=run.failed,
            entries_new=run.entries_new, articles_new=run.articles_new, dropped=run.dropped, faults=work.faults)
    except ListenerGoneError:
        return 1
    return 1 if work.faults or reason.startswith("failed") else 0


def release_the_dead(store: Store, owner: str) -> None:
    """Give back what workers leased that were killed on this machine; they can't do it any more."""
    here = socket.gethostname()
    for other in store.owners():
        host, _, pid = other.rpartition(":")
        if other == owner or (host == here and not works(int(pid))):
            store.release(other)
