"""The store: everything Homeward remembers, in one SQLite file. Only this room speaks SQL."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from records.errors import StoreError
from storage.base import BUSY_MS, PRAGMAS, as_store_error
from storage.collecting import Collecting
from storage.copying import Copied, copy
from storage.filing import Filing
from storage.gathering import Gathering
from storage.library import Database, sqlite3
from storage.life import Life
from storage.marks import Marks
from storage.outages import Outages
from storage.rejudging import Rejudging
from storage.reviewing import Reviewing
from storage.schema import migrations
from storage.totals import Totals
from storage.tracing import Tracing
from storage.watching import Watching


def before(path: Path, migration: str) -> Path:
    """Where the file as it was before a migration is kept: "homeward.db.before-m002"."""
    return path.with_name(f"{path.name}.before-{migration.partition('_')[0]}")


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process at a time brings a file up to date: the copy of how it was must not be of a file half-way.

    The folder is locked. To open and close the file itself would let go the locks that SQLite holds on it.
    """
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


class Store(Collecting, Filing, Gathering, Totals, Tracing, Reviewing, Rejudging, Outages, Life, Marks, Watching):
    """A connection to the file with the verbs of all rooms. Bound to the thread that opened it."""

    @classmethod
    def open(cls, path: Path | str, *, create: bool = True, readonly: bool = False, busy_ms: int = BUSY_MS) -> Self:
        """Open the store at `path`, making it and bringing its tables up to date where allowed.

        Raises StoreError: no such file (with `create` False), not writable, damaged, or written by a newer Homeward.
        """
        path = Path(path)
        if not path.exists() and (readonly or not create):
            raise StoreError(f"there is no database at {path}; name another with --db, or start with `homeward crawl`")
        if path.is_dir() or not path.parent.is_dir():
            raise StoreError(f"{path} can't be a database: {'it is a folder' if path.is_dir() else 'no such folder'}")
        try:
            uri = f"{path.resolve().as_uri()}?mode={'ro' if readonly else 'rwc'}"
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=busy_ms / 1000)
            db = Database(connection, execute_plugins=False)
            store = cls(db, path, busy_ms)
            for pragma in PRAGMAS[2:] if readonly else PRAGMAS:
                db.execute(f"pragma {pragma}").fetchall()
            db.execute(f"pragma busy_timeout={busy_ms}").fetchall()
            store._bring_up_to_date(readonly=readonly)
        except sqlite3.DatabaseError as error:
            raise as_store_error(error, path, busy_ms) from error
        return store

    def _bring_up_to_date(self, *, readonly: bool) -> None:
        known = {migration.name for migration in migrations._migrations}
        newer = [done.name for done in migrations.applied(self.db) if done.name not in known]
        if newer:
            raise StoreError(f"{self.path} was written by a newer Homeward (it has {newer[-1]}); upgrade this one")
        if not migrations.pending(self.db):
            return
        if readonly:
            raise StoreError(f"{self.path} is not up to date; run any writing command once, such as `homeward crawl`")
        with alone(self.path):  # a second process waits here, and finds nothing pending
            pending = migrations.pending(self.db)
            if pending and migrations.applied(self.db):  # not a new file
                copy(self.db, self.path, before(self.path, pending[0].name), force=True)
            with self.write():
                migrations.apply(self.db)

    def copy_to(self, target: Path, *, force: bool = False) -> Copied:
        """A consistent, verified copy of the file as it is now. Raises StoreError."""
        return copy(self.db, self.path, target, force=force)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()
