"""homeward sources add: a site's feeds found, shown, and the chosen one written into the config."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from alerts.safe import plain
from config.adding import NewSource, add_sources
from config.model import Config
from config.source_tables import SOURCE_KINDS
from extraction.discovery import identifier, site_name
from homeward.discovery import Candidate, discover
from homeward.frame import Country, Setup, typed, with_setup
from homeward.shown import cut, table
from homeward.source_lines import bare
from records.errors import ConfigError

TITLE = 24  # cells of a feed's title in the table; its address wants the room


@click.command("add", short_help="Find a site's feeds and watch the one you choose.",
                 epilog="Example: homeward sources add https://www.example.org --country FR")
@with_setup
@click.argument("url")
@click.option("--pick", type=click.IntRange(min=1), multiple=True, metavar="N",
              help="Take the candidate of this number, without asking; may be repeated.")
@click.option("--id", "source_id", metavar="ID", help="The source's id; made from its host where it is not given.")
@click.option("--name", metavar="TEXT", help="As digests name it; its feed's title where it is not given.")
@click.option("--kind", type=click.Choice(SOURCE_KINDS), default="news", show_default=True, help="What it is.")
@click.option("--country", type=Country(), help="Whose it is (IQ, SY, FR …).")
@click.option("--json", "as_json", is_flag=True, help="The candidates as a JSON array; writes nothing without --pick.")
def add(setup: Setup, url: str, pick: Sequence[int], source_id: str | None, name: str | None, kind: str,
        country: str | None, as_json: bool) -> None:
    """Find the feeds of a site (or take URL, where it is one), show them, and watch the one you choose.

    Looked for: the address itself, feeds that its page declares or links, JSON Feed, news sitemaps of its robots.txt,
    and usual addresses. The choice is added at the end of the config; all that stands in it stays as it is.
    """
    loaded = setup.config()
    found = discover(url, setup.config_path, datetime.now(UTC), lambda said: _tell(said, quiet=as_json))
    watched = {plan.url: plan.source_id for plan in loaded.endpoints}
    if as_json and not pick:
        click.echo(json.dumps([_json(one, watched) for one in found], ensure_ascii=False, indent=2))
        return
    if not as_json:
        _show(found, watched)
    chosen = _choose(found, pick)
    if not chosen:
        click.echo(f"Nothing was written; --pick N (1 to {len(found)}) takes one of them.")
        return
    for one in chosen:
        if one.url in watched:
            raise ConfigError(f'{one.url} is watched already, as an address of the source "{watched[one.url]}"')
    source = _source(loaded, chosen, source_id=source_id, name=name, kind=kind, country=country)
    add_sources(setup.config_path, [source], os.environ)
    if as_json:
        click.echo(json.dumps({"id": source.id, "name": source.name, "urls": [one.url for one in chosen]},
                              ensure_ascii=False))
        return
    click.echo(f'Added the source "{source.id}" ({plain(source.name)}) to {setup.config_path}. '
               f"Next: {typed()} crawl --source {source.id}")


def _tell(said: str, *, quiet: bool) -> None:
    if not quiet:
        click.echo(f"… {plain(said)}", err=True)


def _show(found: Sequence[Candidate], watched: dict[str, str]) -> None:
    click.echo(table(
        ("n", "title", "entries", "newest", "kind", "address"),
        [(number, cut(plain(one.title or (one.sample[0] if one.sample else "")), TITLE), one.entries,
          f"{one.newest:%Y-%m-%d}" if one.newest else "undated",
          f"{one.kind}, watched" if one.url in watched else one.kind, bare(one.url))
         for number, one in enumerate(found, 1)], numbers=(0, 2)))


def _choose(found: Sequence[Candidate], pick: Sequence[int]) -> list[Candidate]:
    """By number; asked for on a terminal. With one candidate and nobody to ask, that one is shown and not taken."""
    if not pick and sys.stdin.isatty() and sys.stdout.isatty():
        answer = click.prompt(f"Watch which one? (1 to {len(found)}, 0 for none)",
                              type=click.IntRange(0, len(found)), default=1)
        pick = [answer] if answer else []
    beyond = [number for number in pick if number > len(found)]
    if beyond:
        raise ConfigError(f"--pick {beyond[0]} is beyond the {len(found)} candidates; nothing was written")
    return [found[number - 1] for number in dict.fromkeys(pick)]


def _source(loaded: Config, chosen: Sequence[Candidate], *, source_id: str | None, name: str | None, kind: str,
            country: str | None) -> NewSource:
    first = chosen[0]
    languages = tuple(dict.fromkeys(one.lang for one in chosen if one.lang))
    if source_id is not None and source_id in loaded.sources_by_id:
        raise ConfigError(f'{loaded.path} has a source "{source_id}" already; name another with --id')
    return NewSource(
        id=source_id or identifier(first.url, loaded.sources_by_id),
        name=plain(name or site_name(first.title, first.url)), kind=kind, country=country, languages=languages,
        urls=[(one.url, one.kind) for one in chosen])


def _json(one: Candidate, watched: dict[str, str]) -> dict[str, object]:
    return {"url": one.url, "kind": str(one.kind), "title": one.title, "entries": one.entries,
            "newest": one.newest.isoformat() if one.newest else None, "found": one.how, "language": one.lang,
            "titles": list(one.sample), "watched_as": watched.get(one.url)}
