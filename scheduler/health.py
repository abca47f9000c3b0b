"""What is wrong, a sentence each: found by comparing what is due with what was done, by nobody's word.

`homeward status` asks from outside, the daemon's own `/healthz` and its ping from inside; all three judge alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from config.model import Config
from records.errors import HomewardError
from records.telling import Every, Subscription
from scheduler.lock import held_since, holder
from scheduler.periods import due
from storage import Store
from storage.marks import Check, Mark
from storage.sizes import Sizes
from storage.watching import State

LATE = {"tell": timedelta(minutes=15), "tidy": timedelta(hours=30)}  # after so long a job should have ended again
MADE_WITHIN = timedelta(hours=1)  # a digest should be in the queue so long after its hour at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How all is, at one moment."""

    at: datetime
    troubles: tuple[str, ...]
    missed: int  # digests
    state: State | None  # None: the store could not be read, and `troubles` says so
    sizes: Sizes | None = None
    jobs: Mapping[str, Mark] = field(default_factory=dict)
    check: Check | None = None
    worker_starts: int = 0
    reader_starts: Mapping[str, int] = field(default_factory=dict)  # why → how often
    sqlite: str = ""
    sqlite_outdated: bool = False


def judge(store: Store, config: Config | None, state: State, at: datetime, patience: timedelta) -> list[str]:
    """Everything that is wrong. `config` is None where only a database was named: nobody's digests are missed then."""
    subscriptions = config.subscriptions if config else ()
    return [*find_troubles(state, at, patience), *missed(store, subscriptions, at),
            *_failed(store, at), *late(store.jobs().values(), at, _daemon_since(store)), *damage(store.last_check())]


def find_troubles(state: State, at: datetime, patience: timedelta) -> list[str]:
    """What is stale, failing or given up."""
    found = []
    if not state.endpoints:
        found.append("Nothing is watched; `homeward crawl` or `homeward run` takes the config's sources in.")
    elif state.last_success is None:
        found.append(f"None of the {_counted(state.endpoints, 'endpoint')} has ever answered.")
    elif at - state.last_success > patience:
        found.append(f"No endpoint has answered since {_when(state.last_success)}.")
    if state.overdue and state.oldest_due is not None and at - state.oldest_due > patience:
        found.append(f"{_counted(state.overdue, 'visit or page', 'visits and pages')} should have been done since "
                     f"{_when(state.oldest_due)}; is `homeward run` running?")
    if state.endpoints and state.failing * 2 > state.endpoints:
        found.append(f"{state.failing} of {_counted(state.endpoints, 'endpoint')} failed at their last visit.")
    if state.oldest_waiting is not None and at - state.oldest_waiting > patience:
        found.append(f"A digest has been waiting to be sent since {_when(state.oldest_waiting)}.")
    if state.given_up:
        found.append(f"{_counted(state.given_up, 'message was', 'messages were')} given up in the last days: "
                     f"{state.given_up_why}")
    return found


def _failed(store: Store, at: datetime) -> list[str]:
    run = store.failed_run(at)
    return [] if run is None else [f"The crawl of {_when(run.started_at)} could not go on; it {run.reason}."]


def missed(store: Store, subscriptions: Iterable[Subscription], at: datetime) -> list[str]:
    """Digests whose hour has come and gone without one. A subscription that was never met misses none."""
    found = []
    for told in subscriptions:
        cursor, then = store.cursor(told.id), at - MADE_WITHIN
        if cursor is None or told.every is Every.INSTANT or cursor.until > then:
            continue
        try:
            period = due(told, then, cursor.until)
        except HomewardError as error:
            found.append(f'Subscription "{told.id}": {error}')
            continue
        if period is not None:
            found.append(f'The digest "{told.id}" of {period} was not made; the last one goes up to '
                         f"{_when(cursor.until)}.")
    return found


def late(jobs: Iterable[Mark], at: datetime, since: datetime | None) -> list[str]:
    """Jobs of a daemon that works `since` then, and that have not come to their end for too long; None: none works."""
    found = []
    for job in jobs:
        ended = max(filter(None, (job.done_at, since)), default=None)
        if since is not None and ended is not None and at - ended > LATE.get(job.job, timedelta.max):
            found.append(f"The daemon's job {job.job} has not come to its end since {_when(ended)}"
                         f"{f': {job.why}' if job.why else ''}.")
    return found


def damage(check: Check | None) -> list[str]:
    if check is None or check.whole:
        return []
    return [f"The database is damaged ({check.said}; found {_when(check.at)}); stop the daemon and restore a backup."]


def _daemon_since(store: Store) -> datetime | None:
    """Since when the daemon has worked on this database; None where none does."""
    who = holder(store.path)
    return held_since(store.path) if who is not None and who.startswith("the daemon") else None


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
