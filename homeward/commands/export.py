"""homeward export: the ledger for other programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import click

from alerts import words
from explorer.atom import atom
from homeward import sheet
from homeward.frame import Setup, with_setup
from homeward.lines import InputError
from storage import Store

FEED_MOST = 200  # events in a feed: more than a reader keeps
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what makes a spreadsheet run a cell
WHAT = ("events", "claims", "figures", "articles", "corrections", "retired")
FORMS = ("jsonl", "csv", "hxl", "atom")
OF_EVENTS = ("hxl", "atom")
Rows = Callable[[], Iterator[Mapping[str, Any]]]


@click.command("export", epilog="Example: homeward export events --format csv --output events.csv")
@with_setup
@click.argument("what", type=click.Choice(WHAT))
@click.option("--format", "form", type=click.Choice(FORMS), default="jsonl", show_default=True)
@click.option("--output", "-o", default="-", metavar="FILE", help="Standard output by default.")
def command(setup: Setup, what: str, form: str, output: str) -> None:
    """Write events, claims, figures or articles out, one a line; what a person corrected in review, as labelled data;
    or the numbers of events that were merged or deleted ("retired"), for sheets that follow them.

    `--format hxl` writes events as the sheet that trackers keep, with HXL hashtags in the second line; merged and
    deleted events are in it too, marked so. `--format atom` writes a feed of the events last changed, for feed readers.
    In CSV a claim has a column for each count (total, children …), for its hedge and whether it is only added up;
    other lists are JSON in their cell, and a cell that a spreadsheet would run as a formula begins with an apostrophe.
    """
    if form in OF_EVENTS and what != "events":
        raise click.UsageError(f"{form} is a form of events; write `homeward export events --format {form}`.")
    with setup.store() as store, _open(output) as out:
        if form == "hxl":
            _hxl(store, out)
        elif form == "atom":
            out.write(_atom(store))
        if form in OF_EVENTS:
            return
        write: Callable[[Rows, TextIO], None] = _csv if form == "csv" else _jsonl
        rows = _rows(store, what)
        write((lambda: map(sheet.flat_claim, rows())) if (what, form) == ("claims", "csv") else rows, out)


def _atom(store: Store) -> str:
    events = store.events_with_claims(event.id for event in store.events(limit=FEED_MOST) if event.id is not None)
    return atom(events, title=words.headline, summary=words.told_shortly, now=datetime.now(UTC)).decode()


def _rows(store: Store, what: str) -> Rows:
    return {"events": store.export_events, "claims": store.export_claims, "figures": store.export_figures,
            "articles": store.export_articles, "corrections": store.export_corrections,
            "retired": store.export_retired}[what]


def _jsonl(rows: Rows, out: TextIO) -> None:
    for row in rows():
        out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _csv(rows: Rows, out: TextIO) -> None:
    columns = list(dict.fromkeys(name for row in rows() for name in row))  # once for the heads, once for the rows
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows():
        writer.writerow([cell(row.get(name)) for name in columns])


def _hxl(store: Store, out: TextIO) -> None:
    writer = csv.writer(out)
    writer.writerow(sheet.heads())
    writer.writerow(sheet.tags())
    for row in sheet.rows(store.every_event()):
        writer.writerow([cell(value) for value in row])


def cell(value: object) -> object:
    """A value as a CSV cell that no spreadsheet takes for a formula."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(FORMULA) else text


@contextmanager
def _open(name: str) -> Iterator[TextIO]:
    if name == "-":
        yield sys.stdout
        return
    try:
        file = Path(name).open("w", encoding="utf-8", newline="")  # noqa: SIM115 - closed below
    except OSError as error:
        raise InputError(f"{name} can't be written ({error.strerror})") from error
    with file:
        yield file
