"""The shapes in which releases left the database, as SQL text: `python -m tests.shapes 0002` writes today's.

Each folder of tests/cases/shapes holds `shape.sql`: tables, indices and triggers as that release made them, the list of
migrations it knew, and a little of everything it kept. A released shape is never written anew.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desk import file
from records.news import EndpointPlan, Source
from records.telling import Cursor, Delivery, DeliveryState, Message
from storage import Store
from storage.library import Database, sqlite3
from tests.telling_news import article, claim, reading

FOLDER = Path(__file__).parent / "cases" / "shapes"
NOW = datetime(2019, 7, 15, 12, tzinfo=UTC)


def text_of(db: Database) -> str:
    """The whole file as SQL. What full-text search keeps beside its table is made anew by its triggers."""
    rows = db.execute("select type, name, sql from sqlite_master where sql is not null order by rowid").fetchall()
    virtual = {name for _, name, sql in rows if sql.lower().startswith("create virtual")}
    shadows = {name for _, name, _ in rows if any(name.startswith(f"{table}_") for table in virtual)}
    tables = [name for kind, name, _ in rows if kind == "table" and name not in virtual | shadows]
    order = {"table": 0, "index": 1, "trigger": 2}
    schema = [sql for kind, name, sql in sorted(rows, key=lambda row: order.get(row[0], 3))
              if name not in shadows or kind == "trigger"]
    inserts = [row[0] for table in tables for row in db.execute(_inserts(db, table)).fetchall()]
    return ";\n".join([*schema, *inserts, ""])


def _inserts(db: Database, table: str) -> str:
    columns = [row[1] for row in db.execute(f'pragma table_info("{table}")').fetchall()]
    values = " || ', ' || ".join(f'quote("{column}")' for column in columns)
    return f"select 'insert into \"{table}\" values (' || {values} || ')' from \"{table}\""


def make(path: Path, shape: str) -> None:
    """A database as that release left it."""
    with closing(sqlite3.connect(str(path))) as connection:
        connection.executescript((FOLDER / shape / "shape.sql").read_text("utf-8"))
        connection.execute("pragma journal_mode=wal").fetchall()


def fill(store: Store) -> None:
    """A little of everything."""
    store.register([Source(id="paper", name="The Paper", languages=("en",))],
                   [EndpointPlan(source_id="paper", url="https://paper.example/feed")], NOW)
    for n, children in enumerate((33, 33, 35), start=1):
        read = reading(claim(children=children, date="2019-07-15"), held=1500, officials=("Ahmad al-Sahhaf",),
                       text=" ".join(f"w{n}x{word}" for word in range(60)))
        file(store, article(read, n, published="2019-07-15"), read, source=None, now=NOW)
    message = Message(key="daily/2019-07-15/1", subject="33 children", text="33 children came home.")
    store.queue([Delivery(id=0, subscription_id="daily", channel_id="desk", period="2019-07-15", message=message,
                          state=DeliveryState.WAITING, attempts=0, next_try_at=NOW, created_at=NOW)],
                Cursor(subscription_id="daily", last_revision=1, last_figure=0, until=NOW, seen_at=NOW), was=None)
    store.cool("paper.example", NOW + timedelta(hours=1), "429")
    store.keep_robots("https://paper.example", 200, "User-agent: *\nDisallow:", NOW)
    store.end_run(store.start_run(NOW, 1), NOW, "done")


def main() -> None:
    folder = FOLDER / sys.argv[1]
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as place, Store.open(Path(place) / "h.db") as store:
        fill(store)
        (folder / "shape.sql").write_text(text_of(store.db), "utf-8")


if __name__ == "__main__":
    main()
