"""The daemon's jobs, wired together on one config that may be replaced while they run."""

from __future__ import annotations

import logging
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from config.logs import Redactor, event
from config.model import Config
from homeward.children import Event, parse_line, worker_command
from records.errors import ConfigError, HomewardError
from scheduler.alarm import sound
from scheduler.daemon import Daemon, Launch, Pulse, Work
from scheduler.health import Reading, judge, missed
from scheduler.ping import Switch
from scheduler.telling import tell
from scheduler.worker import Pace
from storage import Store
from storage.sizes import is_outdated, sizes, sqlite_version

log = logging.getLogger("homeward")
crawl_log = logging.getLogger("homeward.crawl")
SUNDAY = 6
DAY = timedelta(days=1)
GLANCE_MS = 2_000  # a scrape waits no longer for another program than this


class Service:
    """What the daemon does, and what it says of itself. Its methods are called from different threads."""

    def __init__(self, loaded: Config, again: Callable[[], Config], redact: Redactor) -> None:
        """`again` loads and checks the config anew; it raises ConfigError."""
        self._loaded, self._again, self._redact = loaded, again, redact
        self._switch = Switch()
        self._readers: Counter[str] = Counter()  # why a reading child was started → how often
        self._text: IO[bytes] | None = None
        self._file = _identity(loaded.database)
        self.daemon = Daemon(self._launch(), Work(tell=self.tell, tidy=self.tidy, pulse=self.pulse, reload=self.reload,
                                                  tidy_now=self._is_untidy(), is_replaced=self.is_replaced),
                             on_line=self.hear)

    def _launch(self) -> Launch:
        """The worker is given the text that was checked: an edit half-way or a mistake in the file is not its affair
        until a SIGHUP has found it good."""
        before, self._text = self._text, tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as its worker
        self._text.write(self._loaded.text.encode())
        self._text.flush()
        if before is not None:
            before.close()
        number = self._text.fileno()
        command = [*worker_command(self._loaded, until_idle=False), "--text-fd", str(number)]
        return Launch(command=command, files=(number,), pace=Pace(grace=self._loaded.crawl.grace))

    def reload(self) -> Launch:
        """Take over the config as it is now. Raises ConfigError, and keeps the old one, where it can't be used."""
        fresh, old = self._again(), self._loaded
        if fresh.database != old.database:
            raise ConfigError(f"{fresh.path}: the database can't change while the daemon runs (from {old.database} to "
                              f"{fresh.database}); stop it and start it again")
        for name, was, now in (("health", old.daemon.health, fresh.daemon.health),
                               ("log", old.daemon.log, fresh.daemon.log)):
            if was != now:
                log.warning("[daemon] %s changed: that takes effect at the next start", name,
                            extra=event("config.later", key=name))
        self._redact.know(fresh.secrets)
        self._loaded = fresh
        return self._launch()

    def tell(self) -> None:
        """Tell what is due, note that it was done, and let the operator's switch know how all is."""
        now, loaded, sent = datetime.now(UTC), self._loaded, 0
        try:
            with Store.open(loaded.database, create=False) as store:
                sent = _told(store, loaded, now)
        except HomewardError as error:
            self._ping((str(error),), sent=False)
            raise
        if loaded.daemon.ping:
            self._ping(self.read().troubles, sent=bool(sent))

    def _ping(self, troubles: tuple[str, ...], *, sent: bool) -> None:
        loaded = self._loaded
        self._switch.report(loaded.daemon.ping, troubles, sent=sent, networks=loaded.crawl.allow_networks)

    def tidy(self) -> None:
        """Trim, then look whether the file is whole: quickly each day, thoroughly on Sundays."""
        now, loaded = datetime.now(UTC), self._loaded
        with Store.open(loaded.database, create=False) as store:
            gone = store.tidy(now, keep_visits=loaded.store.keep_visits, keep_runs=loaded.store.keep_runs)
            log.info("tidied: %d old rows of the watch trimmed", gone, extra=event("tidied", rows=gone))
            check = store.examine(now, full=now.weekday() == SUNDAY)
            store.mark_job("tidy", now, None if check.whole else check.said)
        if not check.whole:
            said = f"{loaded.database} is damaged ({check.said}); stop the daemon and restore a backup"
            log.critical("%s", said, extra=event("store.damaged"))
            sound(loaded, said, now)

    def _is_untidy(self) -> bool:
        """A daemon that never runs at night tidies when it starts."""
        with Store.open(self._loaded.database) as store:
            done = store.jobs().get("tidy")
        return done is None or done.done_at is None or datetime.now(UTC) - done.done_at > DAY

    def is_replaced(self) -> bool:
        """Whether another file has taken the database's place. One that is away for a moment is not replaced yet."""
        was, now = self._file, _identity(self._loaded.database)
        self._file = now or was
        return was is not None and now is not None and was != now

    def pulse(self) -> Pulse:
        with Store.open(self._loaded.database, create=False) as store:
            return store.overdue(datetime.now(UTC)), store.last_progress()

    def read(self) -> Reading:
        """How all is, now. Never raises: a store that can't be read is what is wrong."""
        at, loaded, inner = datetime.now(UTC), self._loaded, self.daemon.troubles()
        bare = Reading(at=at, troubles=tuple(inner), missed=0, state=None, worker_starts=self.daemon.worker_starts,
                       reader_starts=dict(self._readers), sqlite=sqlite_version(),
                       sqlite_outdated=is_outdated(sqlite_version()))
        try:
            with Store.open(loaded.database, readonly=True, busy_ms=GLANCE_MS) as store:
                state = store.state(at)
                troubles = judge(store, loaded, state, at, timedelta(hours=loaded.daemon.stale_hours))
                return replace(bare, troubles=(*troubles, *inner), state=state, jobs=store.jobs(),
                               missed=len(missed(store, loaded.subscriptions, at)), check=store.last_check(),
                               sizes=sizes(loaded.database))
        except (HomewardError, OSError) as error:
            return replace(bare, troubles=(str(error), *inner))

    def hear(self, line: str) -> None:
        """The worker's progress in the daemon's log: articles and visits at INFO, faults as errors."""
        said = parse_line(line)
        if said is None:
            return
        if said["event"] == "reader":
            self._readers[str(said.get("why"))] += 1
        if said["event"] == "article" and said.get("verdict") != "dropped":
            self.daemon.news()
        for fault in said.get("faults") or ():
            crawl_log.error("%s", fault, extra=event("crawl.fault"))
        told = _sentence(said)
        if told:
            crawl_log.info("%s", told, extra=event(f"crawl.{said['event']}", **_fields(said)))


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file this is, whatever its name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _told(store: Store, loaded: Config, now: datetime) -> int:
    """Tell, and mark that it was done or why not. Returns how many messages went out."""
    try:
        report = tell(store, loaded, now)
    except HomewardError as error:
        store.mark_job("tell", now, str(error))
        raise
    store.mark_job("tell", now)
    return report.sent


def _sentence(said: Event) -> str:
    kind, source = said["event"], said.get("source")
    if kind == "article":
        return f"{source}: {said.get('verdict')}: {said.get('title')} ({said.get('url')})"
    if kind == "visit":
        return f"{source}: {said.get('outcome')}: {said.get('why') or said.get('url')}"
    return ""


def _fields(said: Event) -> dict[str, object]:
    return {key: said[key] for key in ("source", "url", "verdict", "outcome") if key in said}
