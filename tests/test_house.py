"""The walls of the house: who may import whom, who may read the clock, how long a file on the main path may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
ROOMS: dict[str, set[str]] = {  # a room and the rooms it may import
    "records": set(),
    "config": {"records"},
    "extraction": {"records"},
    "ledger": {"records"},
    "storage": {"records"},
    "desk": {"records", "extraction", "ledger", "storage"},
    "crawler": {"records", "config", "extraction", "storage", "desk"},
    "alerts": {"records"},
    "scheduler": {"records", "config", "storage", "alerts"},
    "explorer": {"records", "storage"},
    "homeward": {"records", "config", "extraction", "ledger", "storage", "desk", "alerts", "scheduler", "explorer"},
}
FORBIDDEN: dict[str, set[str]] = {  # libraries a room must not touch
    "records": {"scrapy", "sqlite_utils", "pysqlite3", "sqlite3", "pydantic", "feedparser"},
    "config": {"scrapy", "sqlite_utils", "pysqlite3", "sqlite3", "socket", "urllib.request", "http"},
    "extraction": {"scrapy", "sqlite_utils", "pysqlite3", "sqlite3", "socket", "urllib.request", "http", "twisted"},
    "ledger": {"scrapy", "sqlite_utils", "pysqlite3", "sqlite3", "socket", "twisted"},
    "storage": {"scrapy", "twisted", "smtplib", "slack_sdk"},
    "desk": {"scrapy", "twisted", "smtplib", "slack_sdk", "socket"},
    "crawler": {"smtplib", "slack_sdk", "apscheduler"},
    "alerts": {"scrapy", "sqlite_utils", "pysqlite3", "sqlite3", "twisted", "apscheduler"},
    "scheduler": {"scrapy", "twisted", "feedparser", "trafilatura"},
    "homeward": {"scrapy", "twisted"},
}
ANY_ROOM_BUT = {"sqlite3"}  # the store's SQLite is sqlite-utils' choice; a second library on one file breaks its locks
SENDERS = {"smtplib", "slack_sdk", "http", "urllib.request"}  # within alerts, channels alone send
CLOCK_ROOMS = {"scheduler", "homeward", "crawler", "explorer"}
CLOCK = {"now", "utcnow", "today", "time", "time_ns", "monotonic"}
LONGEST = 300  # lines of a file on the main path; the aim is 250


def modules() -> list[Path]:
    return sorted(path for room in ROOMS for path in (HOUSE / room).rglob("*.py"))


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def touches(name: str, libraries: set[str]) -> bool:
    return any(name == library or name.startswith(library + ".") for library in libraries)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    room = path.relative_to(HOUSE).parts[0]
    channels = "channels" in path.parts
    for line, name in imports(ast.parse(path.read_text("utf-8"))):
        where, first = f"{path.relative_to(HOUSE)}:{line} imports {name}", name.split(".")[0]
        if first in ROOMS:
            assert first in ROOMS[room] | {room}, f"{where}: {room}/ may import {sorted(ROOMS[room])} only"
        assert not touches(name, FORBIDDEN.get(room, set())), f"{where}: {room}/ must not use that library"
        assert not touches(name, ANY_ROOM_BUT), f"{where}: take sqlite3 from sqlite_utils.utils"
        if room == "alerts" and not channels:
            assert not touches(name, SENDERS), f"{where}: only alerts/channels/ sends"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_only_the_rooms_with_a_clock_read_it(path: Path) -> None:
    room = path.relative_to(HOUSE).parts[0]
    if room in CLOCK_ROOMS:
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK:
            owner = ast.unparse(node.func.value)
            assert owner not in {"datetime", "date", "time", "datetime.datetime", "datetime.date"}, (
                f"{path.relative_to(HOUSE)}:{node.lineno} reads the clock; {room}/ takes the time as an argument")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_no_file_is_too_long_to_be_read(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= LONGEST, f"{path.relative_to(HOUSE)} has {lines} lines; it wants to be two files"


def test_every_room_says_what_it_is_for() -> None:
    for room in ROOMS:
        if (HOUSE / room).is_dir():
            doc = ast.get_docstring(ast.parse((HOUSE / room / "__init__.py").read_text("utf-8")))
            assert doc, f"{room}/__init__.py says nothing"
