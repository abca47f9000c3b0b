"""A consistent copy of the file while others write to it, and the proof that it is one.

    VACUUM INTO a file beside the target | integrity check | counts | flush to disk | rename

VACUUM INTO reads one snapshot: in WAL mode writers go on meanwhile (the backup interface of SQLite would begin again
whenever another process writes). Until the rename there is no target, or the old one: never half of one.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from records.errors import StoreError
from storage.base import as_store_error
from storage.library import Database, sqlite3

# What only grows: a copy has at least what there was before it was made, and at most what there is after.
COUNTED = ("articles", "versions", "claims", "figures", "events", "judgements", "revisions", "deliveries", "drops",
           "corrections")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a copy holds."""

    path: Path
    size: int  # bytes
    articles: int
    events: int
    deliveries: int


def copy(db: Database, source: Path, target: Path, *, force: bool = False) -> Copied:
    """Write a copy of an open database to `target` and verify it. Raises StoreError; then there is no new target."""
    if target.resolve() == source.resolve():
        raise StoreError(f"{target} is the database itself; name another file for its copy")
    if target.is_dir() or not target.parent.is_dir():
        raise StoreError(f"{target} can't be written: {'it is a folder' if target.is_dir() else 'no such folder'}")
    if target.exists() and not force:
        raise StoreError(f"{target} is there already; name another file, or say --force to replace it")
    half = target.with_name(f".{target.name}.{os.getpid()}.half")
    try:
        return _copy(db, source, target, half)
    except sqlite3.DatabaseError as error:
        raise as_store_error(error, target) from error
    except OSError as error:
        raise StoreError(f"{target} can't be written ({error.strerror}); check its folder and the space on its "
                         "disk") from error
    finally:
        for left in (half, half.with_name(f"{half.name}-journal")):
            left.unlink(missing_ok=True)


def _copy(db: Database, source: Path, target: Path, half: Path) -> Copied:
    half.unlink(missing_ok=True)
    # An empty file of the right mode first: the copy is as private as the database from its first byte on.
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, source.stat().st_mode & 0o777))
    tables = [name for name in COUNTED if name in db.table_names()]
    least = _counts(db, tables)
    db.execute("vacuum into ?", [str(half)])
    made = _verified(half, tables)
    most = _counts(db, tables)
    odd = next((name for name in tables if not least[name] <= made[name] <= most[name]), None)
    if odd is not None:
        raise StoreError(f"the copy has {made[odd]} rows in {odd} and {source} has {most[odd]}; the copy was thrown "
                         "away: try again, and check the disk")
    size = half.stat().st_size
    _flush(half)
    half.replace(target)
    with suppress(OSError):  # a file system that can't flush a folder
        _flush(target.parent)
    return Copied(path=target, size=size, articles=made.get("articles", 0), events=made.get("events", 0),
                  deliveries=made.get("deliveries", 0))


def _counts(db: Database, tables: list[str]) -> dict[str, int]:
    return {name: int(db.execute(f'select count(*) from "{name}"').fetchone()[0]) for name in tables}


def _verified(path: Path, tables: list[str]) -> dict[str, int]:
    """The counts of a copy that is whole. Raises StoreError for one that is not."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        db = Database(connection, execute_plugins=False)
        said = db.execute("pragma integrity_check(1)").fetchone()[0]
        if said != "ok":
            raise StoreError(f"the copy is not whole ({said}) and was thrown away; `homeward check` looks at the "
                             "database itself")
        return _counts(db, tables)
    finally:
        connection.close()


def _flush(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
