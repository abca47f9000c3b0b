"""Real cases of this news as articles, through the whole engine: what `events` and `show` print of them.

Each folder of tests/cases/ledger has its articles and `shown.txt`, which is made anew by
`python -m tests.test_ledger_shown` and looked at before it is kept.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from pathlib import Path

import pytest

from homeward import cli
from storage import Store

CASES = Path(__file__).parent / "cases" / "ledger"
FOLDERS = sorted(folder for folder in CASES.iterdir() if folder.is_dir())
WIDTH = 100
NOW = "2026-11-01T12:00"


def shown(folder: Path, place: Path) -> str:
    """The case as a person sees it: the table of events, then each of them."""
    book = str(place / "case.db")

    def homeward(*words: str) -> str:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            assert cli.run(["--db", book, *words]) == 0
        return out.getvalue()

    homeward("import", str(folder / "articles.jsonl"), "--now", NOW)
    with Store.open(Path(book)) as store:
        numbers = sorted(event.id for event in store.events() if event.id is not None)
    return "\n".join([homeward("events"), *(homeward("show", str(number)) for number in numbers)])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_real_case_is_shown_as_it_was(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    monkeypatch.chdir(tmp_path)
    assert shown(folder, tmp_path) == (folder / "shown.txt").read_text("utf-8")


if __name__ == "__main__":
    os.environ["COLUMNS"] = str(WIDTH)
    for case in FOLDERS:
        with tempfile.TemporaryDirectory() as folder_:
            (case / "shown.txt").write_text(shown(case, Path(folder_)), "utf-8")
