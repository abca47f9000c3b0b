"""homeward events: the ledger as a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import click

from alerts import words
from alerts.safe import plain
from homeward.frame import Country, Setup, Since, present, since_moment, with_setup
from homeward.ledger_json import event_json
from homeward.shown import BOLD, columns, paint, table, width_of
from homeward.sums import total_json, total_lines, totals_of, wrapped
from ledger.totals import Against
from records.ledger import Event
from records.words import Group, Qualifier, Status

HEDGES = {Qualifier.EXACT: "", Qualifier.ABOUT: "~", Qualifier.AT_LEAST: "≥", Qualifier.AT_MOST: "≤"}
COUNTS = (Group.TOTAL, Group.CHILDREN, Group.WOMEN, Group.MEN)


@click.command("events", epilog="Example: homeward events --nationality RU --since 30d")
@with_setup
@click.option("--nationality", "nationalities", multiple=True, type=Country(), help="Of this nationality (RU, FR …).")
@click.option("--status", "statuses", multiple=True, type=click.Choice([str(status) for status in Status]),
              help="Of this status.")
@click.option("--since", type=Since(), help="Changed since: 24h, 7d, or a date.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="At most so many.")
@click.option("--checks", is_flag=True, help="Only what does not add up, and totals to date against the events.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array instead of the table.")
def command(setup: Setup, nationalities: Sequence[str], statuses: Sequence[str], since: timedelta | datetime | None,
            limit: int, checks: bool, as_json: bool) -> None:
    """List events, the one that changed last first. A count in brackets is disputed, and `homeward show` says by whom;
    ≥, ≤ and ~ before it: at least, at most, about. ≤ before a date means on or before it. A group that none of the
    events counts has no column; where the names of countries do not fit, their codes stand."""
    with setup.store() as store:
        events = store.events(nationality=tuple(nationalities), status=tuple(statuses),
                              since=since_moment(since, present(None)) if since else None, limit=limit)
        totals = [one for one in totals_of(store) if not nationalities or one.total.nationality in nationalities] \
            if checks else []
    if checks:
        _checks([event for event in events if event.warnings], totals, as_json=as_json)
        return
    if as_json:
        click.echo(json.dumps([event_json(event) for event in events], ensure_ascii=False, indent=2))
        return
    if not events:
        click.echo("No event fits; `homeward status` says what was collected.")
        return
    counts = [group for group in COUNTS if any(_count(event, group) for event in events)]
    numbers = (0, *range(3, 3 + len(counts)), 5 + len(counts))
    heads = ("id", "date", "who", *map(str, counts), "way", "status", "sources")
    full, short = (table(heads, [_row(event, counts, codes=codes) for event in events], numbers=numbers, give=2)
                   for codes in (False, True))
    room = columns()
    click.echo(short if "…" in full or (room and width_of(full.partition("\n")[0]) > room) else full)


def _checks(events: Sequence[Event], totals: Sequence[Against], *, as_json: bool) -> None:
    if as_json:
        found = [{"event_id": event.id, "warning": warning} for event in events for warning in event.warnings]
        click.echo(json.dumps([*found, *map(total_json, totals)], ensure_ascii=False, indent=2))
        return
    own = [line for event in events for line in (
        f"  event {event.id}: {plain(words.headline(event))}",
        *(f"    {row}" for warning in event.warnings for row in wrapped(warning)))]
    parts = [[paint("Events whose own numbers do not add up", BOLD), *(own or ["  none"])],
             [paint("Totals to date against the events known here", BOLD), *(total_lines(totals) or ["  none"])]]
    click.echo("\n\n".join("\n".join(lines) for lines in parts))


def _row(event: Event, counts: Sequence[Group], *, codes: bool) -> list[object]:
    """`codes`: countries by their ISO codes, where the terminal is too narrow for all their names."""
    who = words.codes(event.value("nationality"))
    nationality = (",".join(who) if codes else words.countries(who)) or ("?" if codes else "not stated")
    return [event.id, _date(event), nationality, *(_count(event, group) for group in counts),
            f"{_place(event, 'origin')}→{_place(event, 'destination')}", event.value("status"), event.independent]


def _date(event: Event) -> str:
    """≤ where only the day of a report is known."""
    slot = event.slots.get("event_date")
    if slot is None or slot.preferred.value is None:
        return ""
    return ("≤" if slot.preferred.qualifier is Qualifier.AT_MOST else "") + str(slot.preferred.value)


def _count(event: Event, group: Group) -> str:
    slot = event.slots.get(str(group))
    if slot is None or slot.preferred.value is None:
        return ""
    shown = HEDGES[slot.preferred.qualifier] + words.number(int(slot.preferred.value))
    return f"({shown})" if slot.disputed else shown


def _place(event: Event, end: str) -> str:
    return str(event.value(f"{end}_country") or event.value(f"{end}_place") or "")
