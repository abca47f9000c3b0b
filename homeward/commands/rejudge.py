"""homeward rejudge: the whole archive by the rules as they are now; what would change is shown before it does."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from alerts import words
from alerts.safe import plain
from desk.rejudging import ReadAnew, Rejudged, read_anew, rejudge
from homeward.frame import Setup, now_option, present, with_setup
from homeward.shown import BOLD, DIM, counted, paint
from records.errors import StoreError
from records.ledger import Change, Revision
from storage import Store

EVERY = 50  # articles between two signs of life


@click.command("rejudge", epilog="Example: homeward rejudge --reread --apply")
@with_setup
@click.option("--apply", "apply_it", is_flag=True, help="Make the changes. Without it nothing is changed.")
@click.option("--reread", is_flag=True, help="First read every stored text again, by the reading as it is now.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=40, show_default=True, help="Show so many events.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object instead.")
@now_option
def command(setup: Setup, apply_it: bool, reread: bool, limit: int, as_json: bool, now: datetime | None) -> None:
    """Judge every claim of the archive anew, and say which events would be merged, parted, opened or numbered
    otherwise. Events keep their numbers where most of their claims stay together; corrections hold; nobody is alerted.

    Without --apply the judging is done in a copy beside the database, which needs as much room on the disk again.
    """
    with setup.store() as store:
        readings = _read(store) if reread else []
        path = store.path
        if not apply_it:
            done = _in_a_copy(store, readings, present(now))
    if apply_it:
        with Store.open(path) as store:
            done = rejudge(store, now=present(now), readings=readings)
    click.echo(json.dumps(as_object(done) | {"applied": apply_it}, ensure_ascii=False, indent=2) if as_json
               else told(done, applied=apply_it, limit=limit))


def _read(store: Store) -> list[ReadAnew]:
    """The articles that are read otherwise now, with progress on a terminal."""
    found = []
    for number, anew in enumerate(read_anew(store), 1):
        if anew is not None:
            found.append(anew)
        if sys.stderr.isatty() and number % EVERY == 0:
            click.echo(f"\r{number} read, {len(found)} otherwise than before", nl=False, err=True)
    if sys.stderr.isatty():
        click.echo("", err=True)
    return found


def _in_a_copy(store: Store, readings: list[ReadAnew], now: datetime) -> Rejudged:
    """What it would come to, found by doing it to a copy. Raises StoreError where there is no room for one."""
    folder = store.path.resolve().parent
    if shutil.disk_usage(folder).free < 2 * store.path.stat().st_size:
        raise StoreError(f"{folder} has no room for a copy of {store.path.name}, in which to try it out; make room, or "
                         "judge anew with --apply after a backup")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".rejudge-") as place:
        store.copy_to(Path(place) / "copy.db")
        with Store.open(Path(place) / "copy.db") as copy:
            return rejudge(copy, now=now, readings=readings)


def as_object(done: Rejudged) -> dict[str, Any]:
    return {"articles_read_otherwise": done.articles_read, "claims": done.claims, "claims_moved": done.moved,
            "opened": list(done.opened), "emptied": list(done.emptied),
            "merged": [{"event_id": event, "into": into} for event, into in done.merged],
            "changed": {event: [{"slot": one.slot, "change": str(one.change), "old": one.old, "new": one.new,
                                 "why": one.why} for one in revisions] for event, revisions in done.changed.items()}}


def told(done: Rejudged, *, applied: bool, limit: int) -> str:
    would = "" if applied else "would be "
    if done.nothing:
        return f"{counted(done.claims, 'claim')} judged anew: nothing {'changed' if applied else 'would change'}."
    lines = [paint(f"{counted(done.claims, 'claim')} judged anew"
                   + (f", {counted(done.articles_read, 'article')} read otherwise" if done.articles_read else "")
                   + f": {counted(done.moved, 'claim')} {would}moved; {len(done.opened)} events {would}opened, "
                   f"{len(done.merged)} merged, {len(done.emptied)} emptied; "
                   f"{len(done.changed)} {'changed' if applied else 'would change'} in all.", BOLD)]
    for event_id, revisions in list(done.changed.items())[:limit]:
        lines += [f"Event {event_id}", *(f"  {_line(one)}" for one in revisions)]
        lines += [] if revisions else ["  only who says so"]
    if len(done.changed) > limit:
        lines.append(f"… and {len(done.changed) - limit} more; --limit shows them.")
    return "\n".join([*lines, *([] if applied else ["Nothing was changed; --apply does it."])])


def _line(revision: Revision) -> str:
    if revision.change is Change.MERGED:
        return f"merged into event {revision.new}"
    if revision.change is Change.OPENED:
        return "new"
    old, new = (words.slot_text(revision.slot, value) for value in (revision.old, revision.new))
    return f"{words.slot_label(revision.slot or '')}: {plain(old)} → {plain(new)} {paint(plain(revision.why), DIM)}"
