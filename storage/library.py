"""sqlite-utils and the SQLite it chose, without the 22 MB of numpy that it loads where numpy is installed.

It does so to name the types of numpy's numbers as columns. Nothing of ours stores such a number, the supervisor needs
no numpy at all, and it is the process that lives for months. (sqlite-utils 4.2.1, `db.py`: `import_module("numpy")`,
an ImportError is expected there.)
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

HEAVY = ("numpy", "pandas")


@contextmanager
def _without(names: tuple[str, ...]) -> Iterator[None]:
    """While the block runs, modules of these names that are not loaded yet can't be: None in sys.modules says so."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None is what the import system looks for
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with _without(HEAVY):
    from sqlite_utils import Database, Migrations
    from sqlite_utils.utils import sqlite3

__all__ = ["Database", "Migrations", "sqlite3"]
