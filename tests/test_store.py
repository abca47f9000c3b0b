"""The file itself: opening, upgrading, refusing; transactions of two writers."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from records.errors import StoreBusyError, StoreError
from storage import Store


def test_a_new_store_has_every_table_and_a_second_opening_changes_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        before = store.rows("select name, sql from sqlite_master order by name")
        assert {"endpoints", "entries", "articles", "versions", "claims", "events", "revisions", "deliveries"} <= {
            row["name"] for row in before}
        assert store.rows("pragma journal_mode")[0]["journal_mode"] == "wal"
    with Store.open(tmp_path / "h.db") as store:
        assert store.rows("select name, sql from sqlite_master order by name") == before


def test_a_missing_file_is_told_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no database at .*h.db; name another with --db"):
        Store.open(tmp_path / "h.db", create=False)
    with pytest.raises(StoreError, match="no such folder"):
        Store.open(tmp_path / "nowhere" / "h.db")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "h.db").write_bytes(b"this is not a database, it is a letter" * 40)
    with pytest.raises(StoreError, match=r"h.db is damaged or is not a Homeward database"):
        Store.open(tmp_path / "h.db")


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store, store.write():
        store.add("_sqlite_migrations",
                  {"migration_set": "homeward", "name": "m999_from_the_future", "applied_at": "2031-01-01"})
    with pytest.raises(StoreError, match=r"newer Homeward .*m999_from_the_future"):
        Store.open(tmp_path / "h.db")


def test_a_store_opened_to_read_cannot_write(tmp_path: Path) -> None:
    Store.open(tmp_path / "h.db").close()
    with Store.open(tmp_path / "h.db", readonly=True) as store, pytest.raises(StoreError, match="can't be written"), \
            store.write():
        store.add("meta", {"key": "a", "value": "b"})


def test_a_locked_database_is_told_and_can_be_tried_again(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db", busy_ms=50) as store, Store.open(tmp_path / "h.db") as other:
        with other.write(), pytest.raises(StoreBusyError, match="held by another program"), store.write():
            store.add("meta", {"key": "a", "value": "b"})
        with store.write():
            store.add("meta", {"key": "a", "value": "b"})
        assert other.row("select value from meta where key = 'a'") == {"value": "b"}


def test_a_failed_transaction_leaves_nothing_behind(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        def write_twice() -> None:
            with store.write():
                store.add("meta", {"key": "a", "value": "b"})
                store.add("meta", {"key": "a", "value": "c"})

        with pytest.raises(StoreError, match="UNIQUE"):
            write_twice()
        assert store.rows("select * from meta") == []


def test_two_writers_that_read_then_write_lose_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store, store.write():
        store.add("meta", {"key": "n", "value": "0"})

    def count() -> None:
        with Store.open(tmp_path / "h.db") as mine:
            for _ in range(100):
                with mine.write():
                    n = int(mine.rows("select value from meta where key = 'n'")[0]["value"])
                    mine.execute("update meta set value = ? where key = 'n'", (str(n + 1),))

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Store.open(tmp_path / "h.db") as store:
        assert store.rows("select value from meta where key = 'n'") == [{"value": "200"}]


def test_search_finds_a_text_as_soon_as_it_is_written(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        with store.write():
            article = store.add("articles", {"lang": "en", "from_entry": 0, "relevant": 1, "why": "", "backfill": 0,
                                             "filed_at": "2019-07-15"})
            store.add("versions", {"article_id": article, "n": 1, "title": "Children", "text": "from Baghdad",
                                   "text_sha": "x", "reading": "{}", "seen_at": "2019-07-15", "why": "first"})
        assert store.rows("select rowid from versions_fts where versions_fts match 'baghdad'") == [{"rowid": 1}]


def test_the_library_behind_the_store_is_the_one_its_errors_come_from(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        assert isinstance(store.db, Database)
        assert isinstance(store.db.conn, sqlite3.Connection)
