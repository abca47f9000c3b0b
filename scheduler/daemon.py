"""The daemon: a handful of jobs on a clock, and the crawl worker as a child.

    watch  every 5 s    does the worker get on? tell systemd that we do
    tell   every 30 s, and 1 s after an article was filed: due subscriptions → queue → send → ping   (in a thread)
    tidy   03:30 UTC    checkpoint the WAL, trim old visits, look whether the file is whole   (in a thread)
    worker              `python -m crawler work …`, kept by scheduler.worker

SIGTERM and SIGINT end it within the grace, a second one at once; SIGHUP has the config read again.
When work is due stands in the store; nothing here holds a schedule of endpoints. Killing any of this loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from config.logs import event
from records.errors import HomewardError
from scheduler.notify import notify
from scheduler.worker import Pace, Worker

log = logging.getLogger("homeward.daemon")
OFTEN = 3  # failures of the worker in a row: the first one may be the machine's
Pulse = tuple[int, object]  # pieces of work that are due, and when the last progress was


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """How often each job runs, in seconds."""

    watch: float = 5.0
    tell: float = 30.0
    after_news: float = 1.0  # a telling so soon after an article was filed: those that come together are told together
    between: float = 2.0  # from one telling's start to the next one's, at least
    tell_longest: float = 900.0  # a telling that takes longer is stuck: systemd's watchdog is not fed any more
    tidy_at: tuple[int, int] = (3, 30)  # UTC; inside no country's change of clocks that matters to UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How the crawl worker is started."""

    command: Sequence[str]
    pace: Pace = field(default_factory=Pace)
    files: Sequence[int] = ()  # open files that it gets


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What the jobs do. Each is called in a thread of its own and opens its own store."""

    tell: Callable[[], object]
    tidy: Callable[[], object]
    pulse: Callable[[], Pulse]
    is_replaced: Callable[[], bool] = lambda: False  # since it was asked last, another file has become the database
    tidy_now: bool = False  # it is more than a day since it was done: a laptop that is never on at night
    reload: Callable[[], Launch] | None = None  # take over a new config; raises HomewardError and keeps the old one


@dataclass(slots=True)
class Daemon:
    """One run of the daemon, from `run` to its end."""

    launch: Launch
    work: Work
    hours: Hours = field(default_factory=Hours)
    on_line: Callable[[str], None] = lambda line: None
    _signals: int = 0
    _busy: dict[str, float] = field(default_factory=dict)  # job → since when (monotonic)
    _worker: Worker | None = None
    _jobs: AsyncIOScheduler | None = None
    _news: bool = False
    _told_at: float = 0.0  # monotonic
    _reloading: asyncio.Task[None] | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT. Where a thread hangs beyond the grace, the process is ended here."""
        self._worker = worker = Worker(self.launch.command, pace=self.launch.pace, on_line=self.on_line,
                                       files=self.launch.files)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_signal)
        loop.add_signal_handler(signal.SIGHUP, self._on_hangup)
        self._jobs = scheduler = self._scheduler()
        scheduler.start()
        keeping = asyncio.create_task(worker.keep())
        notify("READY=1")
        log.info("started; the worker's grace is %g s", worker.pace.grace, extra=event("daemon.started"))
        await self._stop.wait()
        notify("STOPPING=1")
        scheduler.remove_all_jobs()
        worker.stop()
        await keeping
        quiet = await self._until_quiet(worker.pace.grace)
        scheduler.shutdown(wait=False)
        if not quiet:  # asyncio would wait for the thread for ever
            log.warning("stopped while the job %s was at work; a delivery under way is marked and will be sent again",
                        next(iter(self._busy)), extra=event("daemon.cut_off"))
            leave(0)
        log.info("stopped", extra=event("daemon.stopped"))

    def troubles(self) -> list[str]:
        """What is wrong inside: a job that hangs, a worker that will not stay. Any thread may ask."""
        worker = self._worker
        found = [f"The daemon's job {name} has been at work for more than {self.hours.tell_longest:.0f} s."
                 for name in self._stuck()]
        if worker is not None and worker.failing >= OFTEN:
            found.append(f"The crawl worker ended by itself {worker.failing} times in a row, at last with code "
                         f"{worker.last_code}; see the daemon's log.")
        return found

    @property
    def worker_starts(self) -> int:
        return self._worker.starts if self._worker is not None else 0

    def _stuck(self) -> list[str]:
        return [name for name, since in list(self._busy.items())
                if time.monotonic() - since > self.hours.tell_longest]

    def _scheduler(self) -> AsyncIOScheduler:
        # Never a missed telling because the machine was busy or asleep, and one for any number of missed ones.
        scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={
            "coalesce": True, "max_instances": 1, "misfire_grace_time": None})
        scheduler.add_listener(_on_event, EVENT_JOB_MAX_INSTANCES | EVENT_JOB_ERROR)
        hour, minute = self.hours.tidy_at
        # A coroutine function each: a plain one would run in the scheduler's own threads, unseen by `_busy`.
        scheduler.add_job(self._watch, "interval", seconds=self.hours.watch, id="watch")
        scheduler.add_job(self._tell, "interval", seconds=self.hours.tell, id="tell", next_run_time=datetime.now(UTC))
        at_once = {"next_run_time": datetime.now(UTC)} if self.work.tidy_now else {}
        scheduler.add_job(self._tidy, "cron", hour=hour, minute=minute, id="tidy", **at_once)
        return scheduler

    def news(self) -> None:
        """Something was filed: tell soon. To be called in the daemon's loop, as `on_line` is."""
        self._news = True
        self._hasten()

    def _hasten(self) -> None:
        if not self._news or "tell" in self._busy or self._jobs is None or self._stop.is_set():
            return
        self._news = False
        wait = max(self.hours.after_news, self.hours.between - (time.monotonic() - self._told_at))
        job, soon = self._jobs.get_job("tell"), datetime.now(UTC) + timedelta(seconds=wait)
        if job is not None and job.next_run_time > soon:
            job.modify(next_run_time=soon)

    async def _tell(self) -> None:
        self._told_at = time.monotonic()
        await self._in_thread("tell", self.work.tell)
        self._hasten()

    async def _tidy(self) -> None:
        await self._in_thread("tidy", self.work.tidy)

    async def _watch(self) -> None:
        assert self._worker is not None, "made before the jobs start"
        if self.work.is_replaced():
            log.error("the database was replaced by another file while the daemon ran; the crawl worker is ended, and "
                      "goes on with the new one", extra=event("store.replaced"))
            self._worker.restart()
        try:
            waiting, progress = await asyncio.to_thread(self.work.pulse)
        except HomewardError as error:  # systemd's watchdog is not fed meanwhile
            log.error("watch: %s", error, extra=event("job.failed", job="watch"))
            return
        self._worker.watch(waiting=waiting, progress=progress)
        slow = self._stuck()
        if slow:
            log.error("the job %s has been at work for more than %.0f s", slow[0], self.hours.tell_longest,
                      extra=event("job.stuck", job=slow[0]))
        else:
            notify(f"WATCHDOG=1\nSTATUS={waiting} pieces of work are due; worker started {self._worker.starts} times")

    async def _in_thread(self, name: str, job: Callable[[], object]) -> None:
        self._busy[name] = time.monotonic()
        try:
            await asyncio.to_thread(job)
        except HomewardError as error:  # expected trouble: one sentence, and again at the next tick
            log.error("%s: %s", name, error, extra=event("job.failed", job=name))
        finally:
            self._busy.pop(name, None)

    async def _until_quiet(self, patience: float) -> bool:
        """Wait for jobs that are still in their threads."""
        end = time.monotonic() + patience
        while self._busy and time.monotonic() < end:
            await asyncio.sleep(0.05)
        return not self._busy

    def _on_signal(self) -> None:
        self._signals += 1
        if self._signals == 1:
            assert self._worker is not None, "made before signals are heard"
            log.info("stopping: at most %g s for the crawl worker; a second signal ends everything at once",
                     self._worker.pace.grace, extra=event("daemon.stopping"))
            self._stop.set()
            return
        if self._worker is not None:
            self._worker.kill()
        leave(1)


    def _on_hangup(self) -> None:
        if self.work.reload is not None and self._reloading is None and not self._stop.is_set():
            self._reloading = asyncio.create_task(self._reload(self.work.reload))

    async def _reload(self, reload: Callable[[], Launch]) -> None:
        notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")
        try:
            launch = await asyncio.to_thread(reload)
        except HomewardError as error:
            log.error("the new config was refused, the old one stays: %s", error, extra=event("config.refused"))
        else:
            assert self._worker is not None, "made before signals are heard"
            self._worker.take(launch.command, launch.pace, launch.files)
            log.info("the new config was taken over; the crawl worker starts anew with it", extra=event("config.taken"))
        finally:
            self._reloading = None
            notify("READY=1")


def leave(code: int) -> None:
    """End this process now, whatever its threads do. Nothing is lost by it: see the store's leases and states."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _on_event(came: JobEvent) -> None:
    if came.code == EVENT_JOB_MAX_INSTANCES:
        log.warning("the job %s is still at work; this turn is left out", came.job_id,
                    extra=event("job.left_out", job=came.job_id))
    else:
        log.error("the job %s failed: %r", came.job_id, getattr(came, "exception", None),
                  extra=event("job.fault", job=came.job_id))
