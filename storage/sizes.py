"""How large the file and its write-ahead log are, and how much space is left beside them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from storage.library import sqlite3

SAFE = (3, 51, 3)  # earlier versions can damage a WAL database in a rare race of two connections


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """In bytes."""

    database: int
    wal: int
    free: int  # on the disk where it lies


def sizes(path: Path) -> Sizes:
    """Raises OSError where the file is not there."""
    wal = path.with_name(path.name + "-wal")
    return Sizes(database=path.stat().st_size, wal=wal.stat().st_size if wal.exists() else 0,
                 free=shutil.disk_usage(path.parent).free)


def sqlite_version() -> str:
    return str(sqlite3.sqlite_version)


def is_outdated(version: str) -> bool:
    """Whether it has the WAL-reset bug (SQLite 3.7.0 to 3.51.2)."""
    return tuple(int(part) for part in version.split(".") if part.isdigit()) < SAFE
