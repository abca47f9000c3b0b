"""homeward sources: who is watched, and how they do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import click

from alerts.safe import plain
from config.model import Config
from homeward import source_lines
from homeward.commands.sources_add import add
from homeward.commands.sources_opml import export_, import_
from homeward.commands.sources_recall import recall
from homeward.frame import Setup, now_option, present, with_setup
from homeward.shown import counted, table
from records.errors import ConfigError
from records.health import Condition, SourceHealth
from storage import Store

BAD = (Condition.GONE, Condition.MUTE, Condition.FAILING)


@click.group("sources", epilog="Example: homeward sources add https://www.example.org")
def command() -> None:
    """The sources: list them, add one by its address, take an OPML list in or out, see how they do, let one rest."""


@command.command("list", short_help="Every source of the config.",
                 epilog="Example: homeward sources list --json")
@with_setup
@click.option("--json", "as_json", is_flag=True, help="A JSON array of sources with their endpoints.")
@now_option
def list_(setup: Setup, as_json: bool, now: datetime | None) -> None:
    """Every source of the config: who it is, how many addresses it has, how they do."""
    loaded = setup.config()
    health = {one.source_id: one for one in _health(loaded, present(now))}
    rested = _paused(loaded)
    if as_json:
        click.echo(json.dumps(source_lines.listed(loaded, health, rested), ensure_ascii=False, indent=2))
        return
    rows = []
    for source in loaded.sources:
        urls = [plan.url for plan in loaded.endpoints if plan.source_id == source.id]
        condition = source_lines.condition(source.id, urls, health.get(source.id), rested)
        found = health.get(source.id)
        new = sum(one.new_week for one in found.endpoints) if found else 0
        rows.append((source.id, source.name, source.kind, source.country, _few(source.languages), len(urls),
                     condition, new))
    click.echo(table(("id", "source", "kind", "of", "lang", "addr", "condition", "new 7d"), rows, numbers=(5, 7),
                     give=1))
    click.echo(f"\n{counted(len(loaded.sources), 'source')}, {counted(len(loaded.endpoints), 'address', 'addresses')}; "
               "`homeward sources health` says more of each address.")


def _few(languages: Sequence[str]) -> str:
    """Three of them, so that the name beside them can be read."""
    return " ".join(languages[:3]) + (" …" if len(languages) > 3 else "")


@command.command("health", short_help="How each address does, and what has changed about it.",
                 epilog="Example: homeward sources health --source shafaq")
@with_setup
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array of sources with their endpoints and notes.")
@now_option
def health_(setup: Setup, sources: Sequence[str], as_json: bool, now: datetime | None) -> int:
    """How each address does: its last visits, its volume against what is usual, and what has changed about it.

    Exit code 1 when an address fails, has never given an entry, or is gone. A letter a visit, the newest last: + new
    entries, . nothing new, o empty, x failed.
    """
    loaded = setup.config()
    _known(loaded, sources)
    at = present(now)
    found = [one for one in _health(loaded, at) if not sources or one.source_id in sources]
    endpoints = [endpoint for one in found for endpoint in one.endpoints]
    if as_json:
        click.echo(json.dumps([source_lines.as_json(one) for one in found], ensure_ascii=False, indent=2))
    elif not endpoints:
        click.echo("Nothing was visited yet; `homeward crawl` does it, `homeward check --live` tries each address.")
    else:
        click.echo("\n".join(source_lines.health(found, at)))
    return 1 if any(endpoint.condition in BAD for endpoint in endpoints) else 0


@command.command("pause", short_help="Let a source or one of its addresses rest.",
                 epilog="Example: homeward sources pause presstv")
@with_setup
@click.argument("what", metavar="ID|URL")
@now_option
def pause(setup: Setup, what: str, now: datetime | None) -> None:
    """Let a source, or one of its addresses, rest: it is not visited until it is resumed, whatever is restarted."""
    name = _named(setup.config(), what)
    with setup.store(write=True) as store:
        done = store.pause(what, present(now))
    click.echo(f"{name} rests; `homeward sources resume {what}` ends that." if done else f"{name} rests already.")


@command.command("resume", short_help="End a pause.",
                 epilog="Example: homeward sources resume presstv")
@with_setup
@click.argument("what", metavar="ID|URL")
def resume(setup: Setup, what: str) -> None:
    """End a pause: what is due is visited at the next crawl."""
    with setup.store(write=True) as store:
        if not store.resume(what):
            rested = ", ".join(store.paused()) or "nothing is"
            raise ConfigError(f'"{what}" is not paused; what is: {rested}')
    click.echo(f"{plain(what)} is watched again.")


command.add_command(add)
command.add_command(import_)
command.add_command(export_)
command.add_command(recall)


def _health(loaded: Config, at: datetime) -> list[SourceHealth]:
    """From the database as it is; nothing where there is none yet. Sources that the config has dropped are left out."""
    if not loaded.database.exists():
        return []
    with _opened(loaded) as store:
        return [one for one in store.source_health(at) if one.source_id in loaded.sources_by_id]


def _paused(loaded: Config) -> dict[str, datetime]:
    if not loaded.database.exists():
        return {}
    with _opened(loaded) as store:
        return store.paused()


def _opened(loaded: Config) -> Store:
    """To read from, brought up to date first: a database of an older Homeward lacks what is asked for here."""
    Store.open(loaded.database, create=False).close()
    return Store.open(loaded.database, readonly=True)


def _known(loaded: Config, sources: Sequence[str]) -> None:
    for each in sources:
        if each not in loaded.sources_by_id:
            raise ConfigError(f'{loaded.path} has no source "{each}"; `homeward sources list` shows those it has')


def _named(loaded: Config, what: str) -> str:
    """A source or an address of the config, as a person calls it. Raises ConfigError for what is neither."""
    source = loaded.sources_by_id.get(what)
    if source is not None:
        return f"{plain(source.name)} ({what})"
    if any(plan.url == what for plan in loaded.endpoints):
        return what
    raise ConfigError(f'{loaded.path} has neither a source nor an address "{what}"; `homeward sources list` shows the '
                      "ids of its sources, `homeward sources health` their addresses")


