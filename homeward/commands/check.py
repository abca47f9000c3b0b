"""homeward check: everything that can be wrong before it goes wrong at night."""

from __future__ import annotations

import os
import pyexpat
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec

import click

from alerts import channels
from config import missing_secrets
from config.model import Config
from extraction.feeds import read_feed
from homeward.apart import Apart
from homeward.children import Fetched, fetch_all
from homeward.frame import Setup, with_setup
from homeward.shown import BOLD, RED, Counter, counted, paint
from records.errors import DeliveryError, HomewardError
from records.news import EndpointPlan, HowToRead, Page, ParsedFeed
from records.telling import Message
from scheduler.rehearsal import unmatched
from storage import Store
from storage.sizes import is_outdated, sqlite_version

EXPAT = (2, 7, 0)  # earlier ones are crashed by one feed of chained entities (CVE-2024-8176)
FREE = 200 * 1024 * 1024  # bytes: a month of a thousand feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: fine, worth knowing ("note"), or wrong."""

    state: str  # ok, note, wrong
    text: str


@click.command("check", epilog="Example: homeward check --live --source shafaq")
@with_setup
@click.option("--live", is_flag=True, help="Visit every endpoint once and say what it answers; nothing is stored.")
@click.option("--source", "sources", multiple=True, metavar="ID", help="With --live: only this source.")
@click.option("--send-test", is_flag=True, help="Send a test message through every channel.")
def command(setup: Setup, live: bool, sources: tuple[str, ...], send_test: bool) -> int:
    """Check the config, the database, the libraries below, the channels, and with --live the sources.

    Exit code 1 when something is wrong; a note is only worth knowing.
    """
    loaded = setup.config()
    wrong = 0
    for finding in _all(loaded, live=live, sources=sources, send_test=send_test):
        wrong += finding.state == "wrong"
        mark = paint("wrong", RED) if finding.state == "wrong" else paint(finding.state.ljust(5), BOLD)
        click.echo(f"{mark}  {finding.text}")
    return 1 if wrong else 0


def _all(loaded: Config, *, live: bool, sources: tuple[str, ...], send_test: bool) -> Iterator[Finding]:
    yield from _config(loaded)
    yield from _archive(loaded)
    yield from _database(loaded)
    yield from libraries(sqlite_version(), pyexpat.EXPAT_VERSION)
    if send_test:
        yield from _channels(loaded)
    if live:
        yield from _live(loaded, sources)


def _config(loaded: Config) -> Iterator[Finding]:
    yield Finding(state="ok" if loaded.endpoints else "wrong", text=(
        f"{loaded.path}: {counted(len(loaded.sources), 'source')}, {counted(len(loaded.endpoints), 'endpoint')}, "
        f"{counted(len(loaded.channels), 'channel')}, {counted(len(loaded.subscriptions), 'subscription')}"))
    if not loaded.crawl.contact:
        yield Finding(state="note", text="[crawl] contact is empty: the owners of sites can't reach you")
    if not loaded.subscriptions:
        yield Finding(state="note", text="there is no [[subscription]]: the daemon collects and tells nobody")
    for sentence in missing_secrets(loaded):
        yield Finding(state="wrong", text=sentence)
    if any(channel.kind == "apprise" for channel in loaded.channels.values()) and find_spec("apprise") is None:
        yield Finding(state="wrong", text='a [[channel]] of the kind "apprise" needs Apprise, which is not installed; '
                      "pip install 'homeward[apprise]'")


def _archive(loaded: Config) -> Iterator[Finding]:
    """The folder in which digests are kept, where one is asked for."""
    if loaded.archive is None:
        return
    folder = loaded.archive.folder
    near = next(path for path in (folder, *folder.parents) if path.exists())
    if not near.is_dir() or not os.access(near, os.W_OK | os.X_OK):
        yield Finding(state="wrong", text=f"[digest] archive: {folder} can't be written to, so digests are not kept")
    elif loaded.archive.url is None:
        yield Finding(state="note", text="[digest] has no public_url: digests are kept, and no message links to them")
    else:
        yield Finding(state="ok", text=f"[digest] archive: {folder}, served at {loaded.archive.url}")


def _database(loaded: Config) -> Iterator[Finding]:
    path = loaded.database
    if path.exists():
        try:
            with Store.open(path) as store:
                store.try_write()
                said = [row["quick_check"] for row in store.rows("pragma quick_check(3)")]
                barren = [unmatched(store, rule, datetime.now(UTC)) for rule in loaded.subscriptions]
            yield from (Finding(state="note", text=sentence) for sentence in barren if sentence)
            yield Finding(state="ok" if said == ["ok"] else "wrong", text=f"{path}: " + (
                "whole and up to date" if said == ["ok"] else f"damaged ({said[0]}); restore a backup"))
        except HomewardError as error:
            yield Finding(state="wrong", text=str(error))
    elif path.parent.is_dir() and os.access(path.parent, os.W_OK):
        yield Finding(state="ok", text=f"{path}: not there yet; the first crawl makes it")
    else:
        yield Finding(state="wrong", text=f"{path}: its folder does not exist or can't be written to")
        return
    free = shutil.disk_usage(path.parent).free
    if free < FREE:
        yield Finding(state="wrong", text=f"only {free // 1_000_000} MB are free where {path} lies")


def libraries(sqlite: str, expat: str) -> Iterator[Finding]:
    """What is known against the versions of SQLite and expat that Homeward runs on."""
    fine = not is_outdated(sqlite)
    yield Finding(state="ok" if fine else "note", text=f"SQLite {sqlite}" + (
        "" if fine else ": versions before 3.51.3 can damage a database in a rare race; `pip install pysqlite3` has a "
        "newer one"))
    number = expat.removeprefix("expat_")
    fine = _version(number) >= EXPAT
    yield Finding(state="ok" if fine else "note", text=f"expat {number}" + (
        "" if fine else ": versions before 2.7.0 are crashed by a hostile feed (CVE-2024-8176); feeds are read in "
        "children that may crash, so that costs one feed; a newer Python has a newer expat"))


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def _channels(loaded: Config) -> Iterator[Finding]:
    now = datetime.now(UTC)
    if not loaded.channels:
        yield Finding(state="note", text="there is no [[channel]] to send a test through")
    for channel in loaded.channels.values():
        text = f"This is a test of the channel \"{channel.id}\" by `homeward check --send-test`. It works."
        message = Message(key=f"test/{channel.id}/{now.isoformat()}", subject="Homeward: a test message", text=text,
                          blocks=({"type": "section", "text": {"type": "mrkdwn", "text": text}},))
        try:
            channels.send(channel, message, at=now)
        except DeliveryError as error:
            yield Finding(state="wrong", text=str(error))
        else:
            yield Finding(state="ok", text=f'[[channel]] "{channel.id}": a test message was sent')


def _live(loaded: Config, sources: tuple[str, ...]) -> Iterator[Finding]:
    """Every endpoint fetched once, in one child under the crawl's own manners; a sentence for each as it comes."""
    unknown = sorted(set(sources) - set(loaded.sources_by_id))
    if unknown:
        raise click.UsageError(f'{loaded.path} has no source "{unknown[0]}".')
    plans = {plan.url: plan for plan in loaded.endpoints if not sources or plan.source_id in sources}
    wrong = 0
    with Apart() as child, Counter("endpoints asked", len(plans)) as counter:
        for fetched in fetch_all(list(plans), loaded.path, datetime.now(UTC)) if plans else ():
            finding = _visited(plans[fetched.url], fetched, child)
            wrong += finding.state == "wrong"
            counter.clear()
            yield finding
            counter.count()
    told = f"{len(plans) - wrong} of {counted(len(plans), 'endpoint')} gave entries"
    yield Finding(state="wrong" if wrong == len(plans) else "ok", text=told + (
        "; is this machine on the network?" if wrong == len(plans) else ""))


def _visited(plan: EndpointPlan, fetched: Fetched, child: Apart) -> Finding:
    """What an endpoint's answer comes to, in a sentence that begins with its source."""
    name = f"{plan.source_id}: {plan.url}"
    if fetched.page is None:
        return Finding(state="wrong", text=f"{plan.source_id}: {fetched.why or f'{plan.url}: {fetched.outcome}'}")
    try:
        feed = child.read(_read, plan.url, fetched.page, plan)
    except HomewardError as error:
        return Finding(state="wrong", text=f"{plan.source_id}: {error}")
    if not feed.entries and feed.follow:
        parts = counted(len(feed.follow), "part")
        return Finding(state="ok", text=f"{name} leads to {parts}, such as {feed.follow[0].url}")
    if not feed.entries:
        return Finding(state="wrong", text=f"{name} answers, and has no entry")
    broken = f"; {feed.broken}" if feed.broken else ""
    moved = f", from {fetched.page.url}" if fetched.page.url != plan.url else ""
    newest = max((entry.published for entry in feed.entries if entry.published), default=None)
    dated = f", the newest of {newest:%Y-%m-%d %H:%M} UTC" if newest else ", undated"
    return Finding(state="ok", text=f"{name} gives {counted(len(feed.entries), 'entry', 'entries')}{dated}{moved}"
                   f"{broken}")


def _read(page: Page, plan: EndpointPlan) -> ParsedFeed:
    """In the child: the endpoint's bytes as a feed."""
    return read_feed(page.body, url=page.url, content_type=page.content_type, kind=plan.kind, now=page.fetched_at,
                     how=HowToRead(link_pattern=plan.link_pattern, select=plan.select))
