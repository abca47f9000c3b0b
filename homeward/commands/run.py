"""homeward run: the daemon, and what is due done once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import click

from config import logs, missing_secrets
from config.model import Config
from homeward.children import run_worker, worker_command
from homeward.frame import Setup, need_endpoints, now_option, present, with_setup
from homeward.progress import Progress
from homeward.service import Service
from homeward.shown import counted
from records.errors import ConfigError
from scheduler.lock import only_one
from scheduler.telling import tell
from storage import Store

log = logging.getLogger("homeward")


@click.command("run", epilog="Example: homeward run. From cron: homeward run --once")
@with_setup
@click.option("--once", is_flag=True, help="Do what is due, tell what changed, and exit.")
@click.option("-v", "--verbose", count=True, help="Log every visit and article; twice: all there is to log.")
@now_option
def command(setup: Setup, once: bool, verbose: int, now: datetime | None) -> int:
    """Crawl on schedule, send the digests that are due, and tidy up at night, until SIGTERM or Ctrl-C.

    A first signal lets pages under way arrive (crawl.grace seconds at most); a second one ends everything at once.
    Nothing is lost either way. SIGHUP has the config read again; one with a mistake is refused and the old one kept.
    One daemon at a time works on a database.
    """
    loaded = checked(setup)
    if now is not None and not once:
        raise click.UsageError("--now goes with --once only: a daemon lives in the present.")
    redact = logs.Redactor(loaded.secrets)
    logs.begin(loaded.daemon.log, logging.DEBUG if verbose > 1 else logging.INFO, redact)
    logging.getLogger("homeward.crawl").setLevel(logging.DEBUG if verbose else logging.WARNING)
    with only_one(loaded.database, "homeward run --once" if once else "the daemon"):
        with Store.open(loaded.database) as store:  # made and brought up to date before anybody else opens it
            again = store.take_back(present(now))  # who held the lock before us is gone, and what it sent with it
        if again:
            log.warning("%s cut off by a crash; sent again under the same Message-ID",
                        counted(again, "message was", "messages were"),
                        extra=logs.event("delivery.again", number=again))
        if once:
            return run_once(loaded, now)
        service = Service(loaded, lambda: checked(setup), redact)
        with _health(loaded, service):
            asyncio.run(service.daemon.run())
        return 0


def checked(setup: Setup) -> Config:
    """The config, if a daemon can work with it: something to watch, and the secrets that its messages need."""
    loaded = need_endpoints(setup.config())
    for channel in {subscription.channel for subscription in loaded.subscriptions}:
        lacking = missing_secrets(replace(loaded, channels={channel: loaded.channels[channel]}))
        if lacking:
            raise ConfigError(lacking[0])
    return loaded


@contextlib.contextmanager
def _health(loaded: Config, service: Service) -> Iterator[None]:
    if loaded.daemon.health is None:
        yield
        return
    from scheduler.web import Health  # noqa: PLC0415 - 4 MB that a daemon without it need not hold

    with Health(loaded.daemon.health, service.read):
        yield


def run_once(loaded: Config, now: datetime | None) -> int:
    """One crawl until nothing is due, then one telling."""
    progress = Progress()
    code = run_worker(worker_command(loaded, now=now), progress.hear, loaded.crawl.grace)
    if not (code and progress.nothing_heard):
        click.echo(progress.summary())
    trouble = progress.trouble(code)
    if trouble:
        log.error("%s", trouble, extra=logs.event("crawl.trouble"))  # and on: what was collected is told all the same
    with Store.open(loaded.database) as store:
        report = tell(store, loaded, present(now))
        store.mark_job("tell", present(now))
    if report.queued or report.sent or report.troubles:
        click.echo(f"{counted(report.queued, 'message')} queued, {report.sent} sent, {report.postponed} postponed, "
                   f"{report.failed} failed.")
    return 1 if code or progress.nothing_answered or report.failed or report.postponed else 0
