"""Remember, in one place: the SQLite file and all SQL."""

from storage.store import Store

__all__ = ["Store"]
