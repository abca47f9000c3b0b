"""Upgrades from every released shape, the copy made before, and copies that can be relied on."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from records.errors import StoreError
from storage import Store
from storage.copying import COUNTED
from storage.library import sqlite3
from storage.schema import migrations
from tests.shapes import FOLDER, make

NOW = datetime(2019, 7, 16, 12, tzinfo=UTC)
SHAPES = sorted(folder.name for folder in FOLDER.iterdir())


def schema(store: Store) -> set[tuple[str, str, str]]:
    """What the tables are like, however they came to be: SQLite writes an added column into their text."""
    tables = [row["name"] for row in store.rows("select name from sqlite_master where type = 'table'")]
    columns = {(table, str(row["name"]), f"{row['type']} {row['notnull']} {row['dflt_value']} {row['pk']}")
               for table in tables for row in store.rows(f'pragma table_xinfo("{table}")')}
    return columns | {("", row["name"], row["type"]) for row in store.rows("select name, type from sqlite_master")}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_released_shape_is_brought_up_to_date_with_all_it_holds(shape: str, tmp_path: Path) -> None:
    make(tmp_path / "old.db", shape)
    with sqlite3.connect(str(tmp_path / "old.db")) as connection:
        before = {name: connection.execute(f"select count(*) from {name}").fetchone()[0] for name in COUNTED}
    connection.close()
    assert before["articles"] >= 1
    assert before["claims"] >= 1
    with Store.open(tmp_path / "old.db") as store, Store.open(tmp_path / "new.db") as new:
        assert schema(store) == schema(new)
        assert not migrations.pending(store.db)
        assert {name: store.rows(f"select count(*) as n from {name}")[0]["n"] for name in COUNTED} == before
        assert [row["rowid"] for row in store.rows("select rowid from versions_fts where versions_fts match 'w1x7'")]
        assert store.examine(NOW, full=True).whole
        assert store.state(NOW).events >= 1
        assert store.claim_waiting(NOW)[0].message.subject == "33 children"
    (kept,) = tmp_path.glob("old.db.before-m0*")
    with sqlite3.connect(f"{kept.as_uri()}?mode=ro", uri=True) as copy:
        assert copy.execute("select count(*) from articles").fetchone()[0] == before["articles"]
        assert copy.execute("select name from _sqlite_migrations order by 1 desc").fetchone()[0] < "m002"
    copy.close()


def test_a_new_file_needs_no_copy_and_a_file_up_to_date_gets_none(tmp_path: Path) -> None:
    for _ in range(2):
        Store.open(tmp_path / "h.db").close()
    assert list(tmp_path.glob("*before*")) == []


def test_where_the_copy_before_can_not_be_made_nothing_is_changed(tmp_path: Path) -> None:
    make(tmp_path / "old.db", "0001")
    (tmp_path / "old.db.before-m002").mkdir()
    with pytest.raises(StoreError, match="before-m002 can't be written: it is a folder"):
        Store.open(tmp_path / "old.db")
    (tmp_path / "old.db.before-m002").rmdir()
    with Store.open(tmp_path / "old.db") as store:
        assert not migrations.pending(store.db)


def test_two_programs_that_open_an_old_file_bring_it_up_to_date_once(tmp_path: Path) -> None:
    make(tmp_path / "old.db", "0001")
    threads = [threading.Thread(target=lambda: Store.open(tmp_path / "old.db").close()) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sqlite3.connect(f"{(tmp_path / 'old.db.before-m002').as_uri()}?mode=ro", uri=True) as copy:
        assert copy.execute("select name from _sqlite_migrations order by 1 desc").fetchone()[0] == "m001_first_shape"
    copy.close()


def test_a_copy_is_whole_while_others_write_and_never_half(tmp_path: Path) -> None:
    make(tmp_path / "h.db", "0001")
    done = threading.Event()

    def write() -> None:
        with Store.open(tmp_path / "h.db") as mine:
            for n in range(10_000):
                if done.is_set():
                    return
                mine.mark_job(f"job{n % 50}", NOW + timedelta(seconds=n))

    Store.open(tmp_path / "h.db").close()
    writer = threading.Thread(target=write)
    writer.start()
    try:
        with Store.open(tmp_path / "h.db", readonly=True) as store:
            made = [store.copy_to(tmp_path / f"copy{n}.db") for n in range(2)]
            with pytest.raises(StoreError, match="is there already"):
                store.copy_to(tmp_path / "copy1.db")
            with pytest.raises(StoreError, match="is the database itself"):
                store.copy_to(tmp_path / "h.db", force=True)
            with pytest.raises(StoreError, match="no such folder"):
                store.copy_to(tmp_path / "nowhere" / "copy.db")
            store.copy_to(tmp_path / "copy1.db", force=True)
    finally:
        done.set()
        writer.join()
    assert {one.articles for one in made} == {3}
    assert sorted(path.name for path in tmp_path.iterdir() if "half" in path.name) == []
    with Store.open(tmp_path / "copy0.db") as copied:
        assert copied.examine(NOW, full=True).whole


def test_a_damaged_index_is_found_by_the_full_check(tmp_path: Path) -> None:
    make(tmp_path / "h.db", "0001")
    Store.open(tmp_path / "h.db").close()
    with sqlite3.connect(str(tmp_path / "h.db")) as connection:
        page = connection.execute("select rootpage from sqlite_master where name = 'revisions_event'").fetchone()[0]
        connection.execute("pragma wal_checkpoint(truncate)").fetchall()
        size = connection.execute("pragma page_size").fetchone()[0]
    connection.close()
    with (tmp_path / "h.db").open("r+b") as file:  # an index whose entries point nowhere
        file.seek((page - 1) * size + size // 2)
        file.write(b"\xff" * (size // 2))
    with Store.open(tmp_path / "h.db") as store:
        check = store.examine(NOW, full=True)
        assert not check.whole
        assert store.last_check() == check
