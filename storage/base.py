"""The connection: pragmas, the one kind of write transaction, and errors turned into sentences.

sqlite-utils takes pysqlite3 where it is installed (SQLite 3.53; the system's 3.40 has the WAL-reset bug), so the errors
are imported from there and the standard library's sqlite3 is never opened on the same file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from records.errors import StoreBusyError, StoreError
from storage.library import Database, sqlite3

BUSY_MS = 10_000  # how long a write waits for another program's; a reader of ours holds none that long
PRAGMAS = (
    "journal_mode=wal",
    "synchronous=normal",
    f"busy_timeout={BUSY_MS}",
    "foreign_keys=on",
    "cache_size=-32768",
    "temp_store=memory",
    "journal_size_limit=67108864",
    "wal_autocheckpoint=4000",  # pages: a page that many articles touch is written back once, not every 16 articles
)
TOLD = {  # a word of what SQLite says, and what it means to whoever can mend it
    "readonly": "{path} can't be written ({error}); give this user write permission on it and its folder",
    "read-only": "{path} can't be written ({error}); give this user write permission on it and its folder",
    "disk is full": "the disk that holds {path} is full; free some space and start again: nothing was lost",
    "not a database": "{path} is damaged or is not a Homeward database ({error}); restore a backup of it",
    "malformed": "{path} is damaged or is not a Homeward database ({error}); restore a backup of it",
    "already exists": "{path} is a database of another program ({error}); name another with --db",
    "unable to open": "{path} can't be opened ({error}); check that its folder exists and may be read",
    "disk i/o error": "{path} can't be read or written ({error}); check the disk that holds it",
}
Row = dict[str, Any]


def to_text(moment: datetime) -> str:
    """An aware datetime as the store keeps it: UTC, microseconds, "+00:00"; text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def to_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Base:
    """One connection of one thread. The rooms' verbs are in the classes that build on it."""

    def __init__(self, db: Database, path: Path, busy_ms: int = BUSY_MS) -> None:
        self.db = db
        self.path = path
        self.busy_ms = busy_ms
        self._writing = False
        self._version = -1

    def close(self) -> None:
        self.db.conn.close()

    @contextmanager
    def write(self) -> Iterator[None]:
        """One write transaction, begun immediate; inside another one it is simply part of that.

        A deferred transaction that reads first and then writes fails at once when another connection commits in
        between, whatever the busy timeout; this one waits its turn. Raises StoreBusyError or StoreError.
        """
        if self._writing:
            yield
            return
        with self.sentences():
            self.db.execute("begin immediate")
        self._writing = True
        try:
            with self.sentences():
                yield
                self.db.execute("commit")
        except BaseException:
            if self.db.conn.in_transaction:
                self.db.execute("rollback")
            raise
        finally:
            self._writing = False

    def try_write(self) -> None:
        """Raise StoreError where nothing can be written: a file that may only be read opens all the same."""
        with self.write():
            self.execute("delete from meta where false")

    @contextmanager
    def sentences(self) -> Iterator[None]:
        """Turn SQLite's errors into one sentence that names the file and the way out."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise as_store_error(error, self.path, self.busy_ms) from error

    def rows(self, sql: str, params: Sequence[object] | dict[str, object] = ()) -> list[Row]:
        """The rows of a SELECT, read to the end (an open cursor would hold back the checkpoint)."""
        with self.sentences():
            cursor = self.db.execute(sql, params)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def is_changed_elsewhere(self) -> bool:
        """Whether another connection has committed since this was asked last. True when it is asked first."""
        before, self._version = self._version, int(self.rows("pragma data_version")[0]["data_version"])
        return self._version != before

    def row(self, sql: str, params: Sequence[object] | dict[str, object] = ()) -> Row | None:
        found = self.rows(sql, params)
        return found[0] if found else None

    def execute(self, sql: str, params: Sequence[object] | dict[str, object] = ()) -> int:
        """Run a statement inside `write()`; returns how many rows it changed."""
        assert self._writing, "a statement that writes belongs inside write()"
        with self.sentences():
            return int(self.db.execute(sql, params).rowcount)

    def execute_many(self, sql: str, params: Sequence[Sequence[object]]) -> None:
        """Run one statement inside `write()` for each of these."""
        assert self._writing, "a statement that writes belongs inside write()"
        with self.sentences():
            self.db.conn.executemany(sql, params)

    def add(self, table: str, values: Row) -> int:
        """Insert one row inside `write()` and return its id."""
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(f":{name}" for name in values)
        assert self._writing, "a statement that writes belongs inside write()"
        with self.sentences():
            # Table and column names are ours, never from outside; values are bound.
            return int(self.db.execute(f'insert into "{table}" ({names}) values ({marks})',
                                       values).lastrowid or 0)


def as_store_error(error: Exception, path: Path, busy_ms: int = BUSY_MS) -> StoreError:
    said = str(error).lower()
    if "locked" in said or "busy" in said:
        return StoreBusyError(f"{path} is held by another program for more than {busy_ms / 1000:g} s ({error}); "
                              "close that program and try again")
    for word, told in TOLD.items():
        if word in said:
            return StoreError(told.format(path=path, error=error))
    return StoreError(f"{path}: {error}")
