"""One crawl on one database at a time: a lock file beside it that the kernel lets go when its holder ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from records.errors import StoreBusyError, StoreError


def lock_path(database: Path) -> Path:
    return database.with_name(database.name + ".lock")


@contextmanager
def only_one(database: Path, what: str) -> Iterator[None]:
    """Hold the lock while the block runs; `what` says to others who holds it ("the daemon"). Raises StoreBusyError.

    Politeness to other people's servers is kept per crawl, so two crawls on one database would be twice as rude.
    """
    path = lock_path(database)
    try:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{path} can't be written ({error.strerror}); its folder must be writable") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = file.read().strip() or "another program"
            raise StoreBusyError(f"{database} is being crawled by {holder} already; stop that one first, or let it do "
                                 "the work") from error
        file.truncate(0)
        file.write(f"{what} (pid {os.getpid()})")
        file.flush()
        try:
            yield
        finally:
            file.seek(0)
            file.truncate(0)


def held_since(database: Path) -> datetime | None:
    """When whoever holds the lock took it: the file was written then. Ask `holder` first whether anybody does."""
    try:
        return datetime.fromtimestamp(lock_path(database).stat().st_mtime, UTC)
    except OSError:
        return None


def holder(database: Path) -> str | None:
    """Who crawls this database now ("the daemon (pid 12)"); None when nobody does."""
    try:
        with lock_path(database).open("r", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read().strip() or "another program"
    except OSError:
        return None
    return None
