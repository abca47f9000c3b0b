"""What was changed of the tables since the first release: one function a change, in order, never edited later.

Each takes its statements from a script of its own, which docs/tables.md shows beside the first shape.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

LISTINGS = """
alter table endpoints add column select_css text;                     -- of a listing: the boxes whose links count
alter table endpoints add column pages integer not null default 1;   -- of a listing or an API: most pages of a visit
"""
SCRIPTS = (LISTINGS,)


def statements(script: str) -> list[str]:
    """The statements of a script. `executescript` would commit and so break the migration's own transaction."""
    bare = "\n".join(line.split("--")[0] for line in script.splitlines())
    return [part.strip() for part in bare.split(";") if part.strip()]


def add_to(migrations: Migrations) -> None:
    """Append the changes, in their order."""

    @migrations()
    def m002_listings(db: Database) -> None:
        """How the pages of a listing are read."""
        for statement in statements(LISTINGS):
            db.execute(statement)
