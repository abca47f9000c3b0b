"""homeward rejudge: the whole archive by the rules as they are now; what would change is shown before it does."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from alerts import words
from alerts.safe import plain
from desk.rejudging import Rejudged, rejudge
from homeward.frame import Setup, now_option, present, with_setup
from homeward.shown import BOLD, DIM, counted, paint
from records.errors import StoreError
from records.ledger import Change, Revision
from storage import Store

SAID = {"read": "texts read anew", "events": "events judged anew", "loose": "claims without event judged anew"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What judging anew came to, as far as it is shown."""

    done: Rejudged
    opened: list[int]
    merged: list[tuple[int, int]]
    emptied: list[int]
    changed: int  # events in all
    shown: dict[int, list[Revision]]  # the first of them


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
    With it, it is done batch by batch while the daemon may run; a run that was interrupted goes on where it was.
    """
    with setup.store() as store:
        path = store.path
        if not apply_it:
            outcome = _in_a_copy(store, present(now), reread=reread, limit=limit)
    if apply_it:
        with Store.open(path) as store:
            outcome = _judge(store, present(now), reread=reread, limit=limit)
    click.echo(json.dumps(as_object(outcome) | {"applied": apply_it}, ensure_ascii=False, indent=2) if as_json
               else told(outcome, applied=apply_it))


def _judge(store: Store, now: datetime, *, reread: bool, limit: int) -> Outcome:
    done = rejudge(store, now=now, reread=reread, progress=_progress if sys.stderr.isatty() else None)
    if sys.stderr.isatty():
        click.echo("", err=True)
    merged = [(one, event.merged_into or 0) for one in store.events_revised(done.last_revision, "merged")
              if (event := store.event(one))]
    changed = store.events_revised(done.last_revision)
    return Outcome(done=done, opened=[one for one in changed if one > done.last_event], merged=merged,
                   emptied=store.events_revised(done.last_revision, "emptied"), changed=len(changed),
                   shown={one: store.revisions(after=done.last_revision, event_id=one, quiet=True)
                          for one in changed[:limit]})


def _progress(stage: str, number: int) -> None:
    click.echo(f"\r{SAID[stage]}: {number}   ", nl=False, err=True)


def _in_a_copy(store: Store, now: datetime, *, reread: bool, limit: int) -> Outcome:
    """What it would come to, found by doing it to a copy. Raises StoreError where there is no room for one."""
    folder = store.path.resolve().parent
    if shutil.disk_usage(folder).free < 2 * store.path.stat().st_size:
        raise StoreError(f"{folder} has no room for a copy of {store.path.name}, in which to try it out; make room, or "
                         "judge anew with --apply after a backup")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".rejudge-") as place:
        store.copy_to(Path(place) / "copy.db")
        with Store.open(Path(place) / "copy.db") as copy:
            return _judge(copy, now, reread=reread, limit=limit)


def as_object(outcome: Outcome) -> dict[str, Any]:
    done = outcome.done
    return {"articles_read_otherwise": done.articles_read, "claims": done.claims, "claims_moved": done.moved,
            "resumed": done.resumed, "opened": outcome.opened, "emptied": outcome.emptied,
            "merged": [{"event_id": event, "into": into} for event, into in outcome.merged],
            "events_changed": outcome.changed,
            "changed": {event: [{"slot": one.slot, "change": str(one.change), "old": one.old, "new": one.new,
                                 "why": one.why} for one in revisions] for event, revisions in outcome.shown.items()}}


def told(outcome: Outcome, *, applied: bool) -> str:
    would, done = "" if applied else "would be ", outcome.done
    after = "; an interrupted run was gone on with" if done.resumed else ""
    if not (done.articles_read or done.moved or outcome.changed):
        return (f"{counted(done.claims, 'claim')} judged anew{after}: "
                f"nothing {'changed' if applied else 'would change'}.")
    lines = [paint(f"{counted(done.claims, 'claim')} judged anew{after}"
                   + (f", {counted(done.articles_read, 'article')} read otherwise" if done.articles_read else "")
                   + f": {counted(done.moved, 'claim')} {would}moved; {len(outcome.opened)} events {would}opened, "
                   f"{len(outcome.merged)} merged, {len(outcome.emptied)} emptied; "
                   f"{outcome.changed} {'changed' if applied else 'would change'} in all.", BOLD)]
    for event_id, revisions in outcome.shown.items():
        lines += [f"Event {event_id}", *(f"  {_line(one)}" for one in revisions)]
    if outcome.changed > len(outcome.shown):
        lines.append(f"… and {outcome.changed - len(outcome.shown)} more; --limit shows them.")
    return "\n".join([*lines, *([] if applied else ["Nothing was changed; --apply does it."])])


def _line(revision: Revision) -> str:
    if revision.change is Change.MERGED:
        return f"merged into event {revision.new}"
    if revision.change is Change.OPENED:
        return "new"
    old, new = (words.slot_text(revision.slot, value) for value in (revision.old, revision.new))
    return f"{words.slot_label(revision.slot or '')}: {plain(old)} → {plain(new)} {paint(plain(revision.why), DIM)}"
