"""homeward status: for a glance, and for a monitor."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import click

from alerts.safe import plain
from homeward.frame import Setup, Since, now_option, present, with_setup
from homeward.ledger_json import moment
from homeward.shown import RED, counted, isolate, paint, when
from records.news import Run
from records.telling import Health
from scheduler.lock import holder
from storage.watching import State

DAY = timedelta(days=1)


@click.command("status", epilog="Example: homeward status --stale 3h || mail -s 'Homeward is stale' you@example.org")
@with_setup
@click.option("--stale", type=Since(), default="6h", show_default=True, help="How long nothing may move.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object; `troubles` is empty when all is well.")
@now_option
def command(setup: Setup, stale: timedelta | datetime, as_json: bool, now: datetime | None) -> int:
    """Say when what was done last and what is due next. Exit code 1 when something is stale: nothing collected for
    longer than --stale, due work or a delivery lying about for longer, most sources failing."""
    at = present(now)
    patience = stale if isinstance(stale, timedelta) else at - stale
    with setup.store() as store:
        state, run, database = store.state(at), store.last_run(), store.path
        life = store.health(at - DAY, at)
    troubles = find_troubles(state, at, patience)
    working = holder(database)
    if as_json:
        click.echo(json.dumps(_json(state, run, working, troubles) | {
            "failing_sources": [{"source": name, "why": why} for name, why in life.failing],
            "silent_sources": list(life.silent), "paused_sources": list(life.paused),
            "sources_that_may_have_missed_entries": list(life.missed),
            "changed_sources": [{"source": name, "note": note} for name, note in life.odd]},
            ensure_ascii=False, indent=2))
    else:
        alarms = [paint(f"!! {line}", RED) for line in troubles]
        click.echo("\n".join([*_lines(state, run, working), *_life(life), *alarms]))
    return 1 if troubles else 0


def find_troubles(state: State, at: datetime, patience: timedelta) -> list[str]:
    """What is stale, a sentence each."""
    found = []
    if not state.endpoints:
        found.append("Nothing is watched; `homeward crawl` or `homeward run` takes the config's sources in.")
    elif state.last_success is None:
        found.append(f"None of the {counted(state.endpoints, 'endpoint')} has ever answered.")
    elif at - state.last_success > patience:
        found.append(f"No endpoint has answered since {when(state.last_success)}.")
    if state.overdue and state.oldest_due is not None and at - state.oldest_due > patience:
        found.append(f"{counted(state.overdue, 'visit or page', 'visits and pages')} should have been done since "
                     f"{when(state.oldest_due)}; is `homeward run` running?")
    if state.endpoints and state.failing * 2 > state.endpoints:
        found.append(f"{state.failing} of {counted(state.endpoints, 'endpoint')} failed at their last visit.")
    if state.oldest_waiting is not None and at - state.oldest_waiting > patience:
        found.append(f"A digest has been waiting to be sent since {when(state.oldest_waiting)}.")
    return found


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
        "events": state.events, "deliveries": state.deliveries, "oldest_waiting": moment(state.oldest_waiting),
        "last_run": {"id": run.id, "started_at": moment(run.started_at), "ended_at": moment(run.ended_at),
                     "reason": run.reason, "visits": run.visits, "answered": run.answered, "failed": run.failed,
                     "entries_new": run.entries_new, "articles_new": run.articles_new,
                     "dropped": run.dropped} if run else None}
