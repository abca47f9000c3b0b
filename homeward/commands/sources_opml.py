"""homeward sources import and export: subscription lists of other readers."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import click

from alerts.safe import plain
from config.adding import NewSource, add_sources
from config.model import Config
from extraction.discovery import identifier, site_name
from extraction.opml import Outline, read_opml
from homeward.apart import read_apart
from homeward.frame import Setup, typed, with_setup
from homeward.shown import counted
from records.errors import ConfigError
from records.news import EndpointKind

LARGEST = 10 * 1024 * 1024  # bytes of a list: 5,000 feeds take one


@click.command("import", short_help="Add the feeds of an OPML list.",
                 epilog="Example: homeward sources import subscriptions.opml")
@with_setup
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be added, and write nothing.")
def import_(setup: Setup, file: Path, dry_run: bool) -> None:
    """Add the feeds of an OPML list to the config, each as a source; those that are watched already are left out.

    Nothing is fetched: `homeward check --live` then tries each of them.
    """
    loaded = setup.config()
    outlines, wrong = read_apart(_read, str(file), _bytes(file), str(file))
    watched = {plan.url for plan in loaded.endpoints}
    new = [one for one in outlines if one.url not in watched]
    taken = set(loaded.sources_by_id)
    sources = []
    for one in new:
        sources.append(_source(one, taken))
        taken.add(sources[-1].id)
    told = [f"{counted(len(outlines), 'feed')} in {file}",
            *([f"{len(outlines) - len(new)} watched already"] if len(new) < len(outlines) else []),
            *([f"{counted(wrong, 'address that is', 'addresses that are')} none"] if wrong else [])]
    if sources and not dry_run:
        add_sources(setup.config_path, sources, os.environ)
    click.echo(f"{', '.join(told)}; {'would be added' if dry_run else 'added'} to {setup.config_path}: {len(sources)}.")
    if dry_run:
        for source in sources:
            click.echo(f"  {source.id}: {plain(source.name)}, {plain(source.urls[0][0])}")
    elif sources:
        click.echo(f"Next: {typed()} check --live")


@click.command("export", short_help="Write the feeds as an OPML list.",
                 epilog="Example: homeward sources export --opml -o homeward.opml")
@with_setup
@click.option("--opml", is_flag=True, help="As OPML; the only format there is, and so the default.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file; else standard output.")
def export_(setup: Setup, opml: bool, output: Path | None) -> None:
    """Write the feeds that are watched as an OPML list, which every feed reader takes in.

    Sitemaps, listings and other addresses that are no feeds are left out: a feed reader can't read them.
    """
    del opml
    text = write_opml(setup.config())
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        raise ConfigError(f"{output} can't be written ({error.strerror})") from error


def write_opml(loaded: Config) -> str:
    """The config's feeds, one outline a source that holds one each feed."""
    feeds = [plan for plan in loaded.endpoints if plan.kind is EndpointKind.FEED]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">',
             f"  <head><title>{escape('Homeward')}</title></head>", "  <body>"]
    for source_id, plans in groupby(feeds, key=lambda plan: plan.source_id):
        source = loaded.sources_by_id[source_id]
        name = quoteattr(plain(source.name))
        lines.append(f"    <outline text={name} title={name}>")
        lang = f" language={quoteattr(source.languages[0])}" if len(source.languages) == 1 else ""
        lines += [f'      <outline type="rss" text={name} title={name} xmlUrl={quoteattr(plan.url)}{lang}/>'
                  for plan in plans]
        lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _read(body: bytes, name: str) -> tuple[tuple[Outline, ...], int]:
    """In the child."""
    return read_opml(body, name=name)


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            body = opened.read(LARGEST + 1)
    except OSError as error:
        raise ConfigError(f"{file} can't be read ({error.strerror})") from error
    if len(body) > LARGEST:
        raise ConfigError(f"{file} is larger than {LARGEST // 2**20} MB; no list of feeds is")
    return body


def _source(one: Outline, taken: Iterable[str]) -> NewSource:
    name = plain(site_name(one.title, one.site or one.url))
    language = (one.language or "").split("-")[0].lower()
    known = language.isascii() and language.isalpha() and len(language) in (2, 3)
    return NewSource(id=identifier(one.site or one.url, taken), name=name, urls=[(one.url, EndpointKind.FEED)],
                     languages=(language,) if known else ())
