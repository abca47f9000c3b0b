"""homeward crawl: one crawl now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import click

from homeward.children import Event, run_worker, worker_command
from homeward.frame import Setup, need_endpoints, now_option, with_setup
from homeward.progress import Progress
from records.errors import ConfigError, HomewardError
from scheduler.lock import only_one
from storage import Store


@click.command("crawl", epilog="Example: homeward crawl --source shafaq --source rudaw")
@with_setup
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source; due or not.")
@click.option("--all", "every", is_flag=True, help="Every endpoint, due or not.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: visits, articles, drops, the end.")
@now_option
def command(setup: Setup, sources: Sequence[str], every: bool, as_json: bool, now: datetime | None) -> int:
    """Visit what is due, fetch the pages that look on-topic, and file what they say.

    Exit code 1 when the crawl was cut short or none of the endpoints it visited answered.
    """
    loaded = need_endpoints(setup.config())
    for each in sources:
        if each not in loaded.sources_by_id:
            known = ", ".join(sorted(loaded.sources_by_id)[:12])
            raise ConfigError(f'{loaded.path} has no source "{each}"; it has {known}' + (
                " …" if len(loaded.sources_by_id) > 12 else ""))
    progress = Progress()

    def hear(event: Event) -> None:
        if as_json:
            click.echo(json.dumps(event, ensure_ascii=False))
        progress.hear(event, quiet=as_json)

    with only_one(loaded.database, "homeward crawl"):
        with Store.open(loaded.database) as store:  # what is wrong with it is told once, before anything is started
            rested = sorted(store.paused().keys() & set(sources))
        if rested:
            raise HomewardError(f"{rested[0]} is paused; `homeward sources resume {rested[0]}` ends that")
        code = run_worker(worker_command(loaded, sources=sources, every=every or bool(sources), now=now), hear,
                          loaded.crawl.grace)
    if not as_json and not (code and progress.nothing_heard):
        click.echo(progress.summary())
    trouble = progress.trouble(code)
    if trouble:
        raise HomewardError(trouble)
    return 1 if code or progress.nothing_answered else 0
