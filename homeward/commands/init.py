"""homeward init: a first config from the bundled catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from config.catalogue import GRADES, catalogue, choose
from config.regions import REGIONS, countries_of
from config.source_tables import SOURCE_KINDS
from config.writing import first_config
from homeward.frame import Country, Setup, typed, with_setup
from homeward.shown import counted, table
from records.errors import ConfigError


@click.command("init", epilog="Example: homeward init --language en --region iraq-and-syria --contact you@example.org")
@with_setup
@click.option("--language", "languages", multiple=True, metavar="TAG", help="Sources in this language (en, ar, ckb …).")
@click.option("--country", "countries", multiple=True, type=Country(), help="Sources of this country (IQ, SY, FR …).")
@click.option("--region", "regions", multiple=True, type=click.Choice(list(REGIONS)), metavar="NAME",
              help="Sources of the countries of this region: " + ", ".join(REGIONS) + ".")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(SOURCE_KINDS), help="Sources of this kind.")
@click.option("--grade", "grades", multiple=True, type=click.Choice(list(GRADES)), default=["A"], show_default=True,
              help="How well an address is attested: A a public audit of this year, B a maintained list, C a rumour, "
              "X only failures were seen.")
@click.option("--contact", default="", metavar="ADDRESS", help="Your mail address or page, for the owners of sites.")
@click.option("--list", "listing", is_flag=True, help="Show what would be chosen, and write nothing.")
@click.option("--force", is_flag=True, help="Write over a config that is there.")
def command(setup: Setup, languages: Sequence[str], countries: Sequence[str], regions: Sequence[str],
            kinds: Sequence[str], grades: Sequence[str], contact: str, listing: bool, force: bool) -> None:
    """Write a commented homeward.toml that watches sources of the bundled catalogue.

    Languages, regions, countries and kinds narrow each other; two of one sort widen it. Without a choice of yours:
    about thirty well attested feeds in English and Arabic that follow this news closely.
    """
    wanted = {*countries, *countries_of(regions)}
    chosen = choose(languages=languages, countries=wanted, kinds=kinds, grades=grades)
    if not chosen:
        known = sorted({endpoint.language or "" for source in catalogue() for endpoint in source.endpoint})
        raise ConfigError("no source of the catalogue fits that choice; try --grade A --grade B as well; countries are "
                          f"ISO codes such as SY, and the languages there are: {', '.join(known)}")
    if listing:
        click.echo(table(("id", "source", "kind", "of", "lang", "grade", "address"),
                         [(e.id, s.name, s.kind, s.country, e.language, e.grade, e.url) for s, e in chosen]))
        return
    _write(setup.config_path, first_config(chosen, contact=contact), force=force)
    sources = {source.id for source, _ in chosen}
    click.echo(f"Wrote {setup.config_path}: {counted(len(chosen), 'endpoint')} of {counted(len(sources), 'source')}.")
    if not contact:
        click.echo("Please set `contact` in it, so that the owners of sites can reach you.")
    click.echo(f"Next: {typed()} crawl, and then {typed()} digest --since 7d --backfill")


def _write(path: Path, text: str, *, force: bool) -> None:
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise ConfigError(f"{path} is there already; name another with --config, or write over it with --force"
                          ) from error
    except OSError as error:
        raise ConfigError(f"{path} can't be written ({error.strerror})") from error
