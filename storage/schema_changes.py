"""What was changed of the tables since the first release: one function a change, in order, never edited later.

Each takes its statements from a script of its own, which docs/tables.md shows beside the first shape.
"""

from __future__ import annotations

from storage.library import Database, Migrations

DELIVERIES = """
create index deliveries_state on deliveries(state, next_try_at);   -- the queue is counted at every scrape
"""
SCRIPTS = (DELIVERIES,)


def statements(script: str) -> list[str]:
    """The statements of a script. `executescript` would commit and so break the migration's own transaction."""
    bare = "\n".join(line.split("--")[0] for line in script.splitlines())
    return [part.strip() for part in bare.split(";") if part.strip()]


def add_to(migrations: Migrations) -> None:
    """Append the changes, in their order."""

    @migrations()
    def m002_queue_counted(db: Database) -> None:
        """Deliveries are counted by state without reading their messages."""
        for statement in statements(DELIVERIES):
            db.execute(statement)
