"""The store: everything Homeward remembers, in one SQLite file. Only this room speaks SQL."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from records.errors import StoreError
from storage.base import BUSY_MS, PRAGMAS, as_store_error
from storage.collecting import Collecting
from storage.filing import Filing
from storage.library import Database, sqlite3
from storage.life import Life
from storage.outages import Outages
from storage.rejudging import Rejudging
from storage.reviewing import Reviewing
from storage.schema import migrations
from storage.tracing import Tracing
from storage.watching import Watching


class Store(Collecting, Filing, Tracing, Reviewing, Rejudging, Outages, Life, Watching):
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
        with self.write():  # one at a time: a second process waits here, and finds nothing pending
            migrations.apply(self.db)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()
