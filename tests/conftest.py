"""Fixtures that several files of tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import crawled, ledger, own_log, verb
from tests.server import Server, serving

__all__ = ["crawled", "ledger", "own_log", "verb"]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "h.db"
