"""homeward rescue: a dropped address taken back in."""

from __future__ import annotations

import json
from datetime import datetime

import click

from alerts.safe import plain
from homeward.addresses import traced
from homeward.commands.why import lead_out
from homeward.frame import Setup, now_option, present, with_setup
from records.errors import StoreError


@click.command("rescue", epilog="Example: homeward rescue https://news.example/2019/07/15/children")
@with_setup
@click.argument("url", metavar="URL")
@click.option("--json", "as_json", is_flag=True, help="A JSON object instead.")
@now_option
def command(setup: Setup, url: str, as_json: bool, now: datetime | None) -> None:
    """Take URL back in, which a rule had dropped: its page is fetched at the next crawl, and kept whatever the topic
    rule says of it. `homeward why --dropped` lists what was dropped."""
    at = present(now)
    with setup.store(write=True) as store:
        trace = traced(store, url)
        back = [entry for entry in trace.entries if entry["state"] == "dropped"]
        if not back:
            raise StoreError(f"{url} {lead_out(store, trace)}")
        watched = [entry for entry in back if entry["active"]]
        if not watched:
            raise StoreError(f"{url} was promised by {back[0]['endpoint']}, which is watched no longer; put its source "
                             "back into the config, run `homeward crawl`, and try again")
        store.rescue([watched[0]["id"]], at)
    dropped = [drop for drop in trace.drops if drop["entry_id"] == watched[0]["id"]]
    if as_json:
        click.echo(json.dumps({"url": watched[0]["url"], "source": watched[0]["source_id"],
                               "drops": dropped}, ensure_ascii=False))
        return
    why = f", which {dropped[-1]['rule']} had dropped ({plain(dropped[-1]['why'])})" if dropped else ""
    click.echo(f"{watched[0]['url']} of {plain(watched[0]['source'])}{why}, is fetched at the next crawl.")
