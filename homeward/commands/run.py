"""homeward run: the daemon, wired together."""

from __future__ import annotations

import asyncio
import logging
import sys
from dataclasses import replace
from datetime import UTC, datetime

import click

from config import missing_secrets
from config.model import Config
from homeward.children import Event, parse_line, run_worker, worker_command
from homeward.frame import Setup, need_endpoints, now_option, present, with_setup
from homeward.progress import Progress
from homeward.shown import counted
from records.errors import ConfigError
from scheduler.daemon import Daemon, Pulse, Work
from scheduler.lock import only_one
from scheduler.telling import Report, tell
from scheduler.worker import Pace
from storage import Store

log = logging.getLogger("homeward")
FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


@click.command("run", epilog="Example: homeward run. From cron: homeward run --once")
@with_setup
@click.option("--once", is_flag=True, help="Do what is due, tell what changed, and exit.")
@click.option("--verbose", is_flag=True, help="Log every visit and article.")
@now_option
def command(setup: Setup, once: bool, verbose: bool, now: datetime | None) -> int:
    """Crawl on schedule, send the digests that are due, and tidy up at night, until SIGTERM or Ctrl-C.

    A first signal lets pages under way arrive (crawl.grace seconds at most); a second one ends everything at once.
    Nothing is lost either way. One daemon at a time works on a database.
    """
    loaded = need_endpoints(setup.config())
    for channel in {subscription.channel for subscription in loaded.subscriptions}:
        lacking = missing_secrets(replace(loaded, channels={channel: loaded.channels[channel]}))
        if lacking:
            raise ConfigError(lacking[0])
    if now is not None and not once:
        raise click.UsageError("--now goes with --once only: a daemon lives in the present.")
    logging.basicConfig(level=logging.INFO, format=FORMAT, stream=sys.stderr)
    logging.getLogger("homeward.crawl").setLevel(logging.DEBUG if verbose else logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    with only_one(loaded.database, "homeward run --once" if once else "the daemon"):
        with Store.open(loaded.database) as store:  # made and brought up to date before anybody else opens it
            again = store.take_back(present(now))  # who held the lock before us is gone, and what it sent with it
        if again:
            log.warning("%s cut off by a crash; sent again under the same Message-ID",
                        counted(again, "message was", "messages were"))
        return run_once(loaded, now) if once else _daemon(loaded)


def run_once(loaded: Config, now: datetime | None) -> int:
    """One crawl until nothing is due, then one telling."""
    progress = Progress()
    code = run_worker(worker_command(loaded, now=now), progress.hear, loaded.crawl.grace)
    if not (code and progress.nothing_heard):
        click.echo(progress.summary())
    trouble = progress.trouble(code)
    if trouble:
        log.error("%s", trouble)  # and on: what was collected is told all the same
    report = _tell(loaded, now)
    if report.queued or report.sent or report.troubles:
        click.echo(f"{counted(report.queued, 'message')} queued, {report.sent} sent, {report.postponed} postponed, "
                   f"{report.failed} failed.")
    return 1 if code or progress.nothing_answered or report.failed or report.postponed else 0


def _daemon(loaded: Config) -> int:
    work = Work(tell=lambda: _tell(loaded, None), tidy=lambda: _tidy(loaded), pulse=lambda: _pulse(loaded))
    daemon = Daemon(worker_command(loaded, until_idle=False), work, pace=Pace(grace=loaded.crawl.grace), on_line=_hear)
    asyncio.run(daemon.run())
    return 0


def _tell(loaded: Config, now: datetime | None) -> Report:
    with Store.open(loaded.database) as store:
        return tell(store, loaded, present(now))


def _tidy(loaded: Config) -> None:
    with Store.open(loaded.database) as store:
        log.info("tidied: %d old rows of the watch trimmed", store.tidy(datetime.now(UTC)))


def _pulse(loaded: Config) -> Pulse:
    with Store.open(loaded.database) as store:
        return store.overdue(datetime.now(UTC)), store.last_progress()


def _hear(line: str) -> None:
    """The worker's progress in the daemon's log: articles at INFO, the rest where it was asked for."""
    event = parse_line(line)
    if event is None:
        return
    for fault in event.get("faults") or ():
        logging.getLogger("homeward.crawl").error("%s", fault)
    told = _sentence(event)
    if told:
        logging.getLogger("homeward.crawl").info("%s", told)


def _sentence(event: Event) -> str:
    kind, source = event["event"], event.get("source")
    if kind == "article":
        return f"{source}: {event.get('verdict')}: {event.get('title')} ({event.get('url')})"
    if kind == "visit":
        return f"{source}: {event.get('outcome')}: {event.get('why') or event.get('url')}"
    return ""
