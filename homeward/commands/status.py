"""homeward status: for a glance, and for a monitor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import click

from alerts.safe import plain
from homeward.frame import Setup, Since, now_option, present, with_setup
from homeward.ledger_json import moment
from homeward.shown import RED, counted, isolate, paint, when
from records.news import Run
from records.telling import Health
from scheduler.health import judge
from scheduler.lock import holder
from storage.marks import Check, Mark
from storage.sizes import Sizes, is_outdated, sizes, sqlite_version
from storage.watching import State

DAY = timedelta(days=1)


@click.command("status", epilog="Example: homeward status --stale 3h || mail -s 'Homeward is stale' you@example.org")
@with_setup
@click.option("--stale", type=Since(), default="6h", show_default=True, help="How long nothing may move.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object; `troubles` is empty when all is well.")
@now_option
def command(setup: Setup, stale: timedelta | datetime, as_json: bool, now: datetime | None) -> int:
    """Say when what was done last and what is due next. Exit code 1 when something is stale or lost: nothing collected
    for longer than --stale, due work or a delivery lying about for longer, most sources failing, a digest that was not
    made, a message given up, a job of the daemon's that does not end, a damaged database."""
    at = present(now)
    patience = stale if isinstance(stale, timedelta) else at - stale
    loaded = setup.config_or_none()
    with setup.store() as store:
        state, run, database = store.state(at), store.last_run(), store.path
        life, jobs, check = store.health(at - DAY, at), store.jobs(), store.last_check()
        troubles = judge(store, loaded, state, at, patience)
    working, measured = holder(database), sizes(database)
    if as_json:
        click.echo(json.dumps(_json(state, run, working, troubles) | _keeping(jobs, check, measured) | {
            "failing_sources": [{"source": name, "why": why} for name, why in life.failing],
            "silent_sources": list(life.silent), "paused_sources": list(life.paused),
            "sources_that_may_have_missed_entries": list(life.missed),
            "changed_sources": [{"source": name, "note": note} for name, note in life.odd]},
            ensure_ascii=False, indent=2))
    else:
        alarms = [paint(f"!! {line}", RED) for line in troubles]
        click.echo("\n".join([*_lines(state, run, working), *_kept(jobs, check, measured), *_life(life), *alarms]))
    return 1 if troubles else 0


def _lines(state: State, run: Run | None, working: str | None) -> list[str]:
    sent = ", ".join(f"{number} {name}" for name, number in sorted(state.deliveries.items())) or "none"
    oldest = f"{counted(state.never, 'endpoint')} never answered" if state.never else \
        f"{when(state.oldest_success)}" + (f" ({state.oldest_source})" if state.oldest_source else "")
    return [f"Working now     {working or 'nobody'}", f"Last run        {_run(run)}",
            f"Watched         {counted(state.endpoints, 'endpoint')}; {state.failing} failing, {state.gone} gone",
            f"Last success    {when(state.last_success)}", f"Oldest success  {oldest}",
            f"Next due        {when(state.next_due)}; {state.overdue} due now", f"Pages to fetch  {state.promised}",
            f"Ledger          {counted(state.articles, 'article')}, {counted(state.events, 'event')}",
            f"Deliveries      {sent}"]


def _kept(jobs: Mapping[str, Mark], check: Check | None, measured: Sizes) -> list[str]:
    done = ", ".join(f"{name} {when(mark.done_at)}{' (failing since then)' if mark.why else ''}"
                     for name, mark in jobs.items()) or "none yet"
    looked = "never looked" if check is None else f"{'whole' if check.whole else 'damaged'}, seen {when(check.at)}"
    outdated = "; can be damaged in a rare race, see `homeward check`" if is_outdated(sqlite_version()) else ""
    size = f"{_size(measured.database)}, WAL {_size(measured.wal)}, {_size(measured.free)} free"
    return [f"Jobs done       {done}", f"Database        {size}; {looked}; SQLite {sqlite_version()}{outdated}"]


def _keeping(jobs: Mapping[str, Mark], check: Check | None, measured: Sizes) -> dict[str, object]:
    return {"jobs": {name: {"done_at": moment(mark.done_at), "tried_at": moment(mark.tried_at), "why": mark.why}
                     for name, mark in jobs.items()},
            "store": {"bytes": measured.database, "wal_bytes": measured.wal, "free_bytes": measured.free,
                      "checked_at": moment(check.at) if check else None, "whole": check.whole if check else None,
                      "sqlite": sqlite_version(), "sqlite_outdated": is_outdated(sqlite_version())}}


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.1f} MB"


def _life(life: Health) -> list[str]:
    failing = [f"  {isolate(plain(name))}: {plain(why)}" for name, why in life.failing]
    silent = [f"  {isolate(plain(name))}" for name in life.silent]
    odd = [f"  {isolate(plain(name))}: {plain(note)}" for name, note in life.odd]
    parts = {"Failing": failing, "Silent for longer than usual": silent, "Changed": odd,
             "Entries may have come and gone between two visits": [f"  {isolate(plain(one))}" for one in life.missed],
             "Paused, until `homeward sources resume`": [f"  {isolate(plain(one))}" for one in life.paused]}
    return [line for head, lines in parts.items() if lines for line in (head, *lines)]


def _run(run: Run | None) -> str:
    if run is None:
        return "never"
    ended = f"{when(run.ended_at)} ({run.reason})" if run.ended_at else "now, or it was killed"
    return (f"{when(run.started_at)} to {ended}; {counted(run.visits, 'visit')}, {run.answered} answered, "
            f"{counted(run.articles_new, 'new article')}")


def _json(state: State, run: Run | None, working: str | None, troubles: list[str]) -> dict[str, object]:
    return {
        "troubles": troubles, "working": working, "endpoints": state.endpoints, "failing": state.failing,
        "gone": state.gone, "never_answered": state.never, "overdue": state.overdue,
        "oldest_due": moment(state.oldest_due), "next_due": moment(state.next_due),
        "last_success": moment(state.last_success), "oldest_success": moment(state.oldest_success),
        "oldest_success_source": state.oldest_source, "pages_to_fetch": state.promised, "articles": state.articles,
        "events": state.events, "outcomes": state.outcomes,
        "given_up": state.given_up, "deliveries": state.deliveries, "oldest_waiting": moment(state.oldest_waiting),
        "last_run": {"id": run.id, "started_at": moment(run.started_at), "ended_at": moment(run.ended_at),
                     "reason": run.reason, "visits": run.visits, "answered": run.answered, "failed": run.failed,
                     "entries_new": run.entries_new, "articles_new": run.articles_new,
                     "dropped": run.dropped} if run else None}
