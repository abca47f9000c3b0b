"""Texts from outside: extract, import; lines that are wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from storage import Store
from tests.command import (
    STORY,
    TITLE,
    Done,
    Verb,
    environment,
    lines,
    sentence,
)
from tests.server import Server


def test_extract_reads_a_text_a_file_and_an_address(crawled: tuple[Path, Server, Done], ledger: Verb,
                                                    tmp_path: Path) -> None:
    text = ledger("extract", "--text", STORY, "--title", TITLE, "--published", "2019-07-15")
    assert text.code == 0
    assert "⟦1 " in text.out
    assert "[1] " in text.out
    assert "    33 children" in text.out
    (tmp_path / "story.txt").write_text(STORY, "utf-8")
    told = json.loads(ledger("extract", str(tmp_path / "story.txt"), "--json").out)
    assert told["relevant"] is True
    assert list(told) == ["id", "lang", "relevant", "text", "claims", "figures", "officials"]
    page = ledger("extract", f"{crawled[1].url}/a", "--json")
    assert page.code == 0, page.err
    assert {value["value"] for claim in json.loads(page.out)["claims"] for value in claim["counts"].values()} == {33}
    assert "can't be read" in sentence(ledger("extract", "nowhere.html"), 2)
    assert "no ISO 8601 date" in sentence(ledger("extract", "--text", "x", "--published", "Monday"), 1)


WRONG: Sequence[tuple[Any, str]] = [
    (b"{\n", "line 2 is not JSON"), (b"\xff\xfe\n", "line 2 is not UTF-8"), ([1], "line 2 is not an object"),
    ({"title": "x"}, "line 2: text is missing or empty"), ({"text": " "}, "line 2: text is missing or empty"),
    ({"text": 3}, "line 2: text must be a text"), ({"text": "x", "url": "ftp://a"}, "line 2: url is no http(s)"),
    ({"text": "x", "lang": "english!"}, "line 2: lang is no BCP 47"),
    ({"text": "x", "published": "last Monday"}, "line 2: published is no ISO 8601 date"),
    ({"id": "late", "text": "x", "published": "2019-02-30"}, "line 2: published is no ISO 8601 date"),
    (b"[" * 100_000 + b"\n", "line 2 is not JSON")]


@pytest.mark.parametrize(("wrong", "said"), WRONG, ids=[said[7:35] for _, said in WRONG])
def test_extract_stays_in_step_with_lines_that_are_wrong(verb: Verb, wrong: Any, said: str) -> None:
    done = verb("extract", "--jsonl", given=lines({"id": "first", "text": STORY}, wrong, b"\n", {"text": "Rain."}))
    assert done.code == 1
    first, second, third = (json.loads(line) for line in done.out.splitlines())
    assert (first["id"], first["relevant"], third["id"], third["relevant"]) == ("first", True, "4", False)
    assert said in second["error"]
    assert second["id"] == (wrong.get("id", "2") if isinstance(wrong, dict) else "2")
    assert said in sentence(done, 1)


def test_extract_keeps_to_the_contract(verb: Verb) -> None:
    done = verb("extract", "--jsonl", given=lines({"id": 7, "title": TITLE, "text": STORY, "published": "2019-07-15"}))
    told = json.loads(done.out)
    assert done.code == 0
    assert list(told) == ["id", "lang", "relevant", "text", "claims", "figures", "officials"]
    assert told["id"] == "7"
    assert told["text"] == f"{TITLE}\n\n{STORY}"
    claim = next(claim for claim in told["claims"] if claim["main"])
    assert list(claim) == [
        "main", "kind", "status", "nationality", "counts", "other_values", "origin_country", "origin_place",
        "destination_country", "destination_place", "event_date", "event_date_precision", "event_date_basis",
        "ordinal", "speaker", "evidence"]
    for found in [claim, *claim["counts"].values(), *told["figures"]]:
        if not found.get("derived"):
            quote = found["evidence"]
            assert told["text"][quote["start"]:quote["end"]] == quote["quote"]
    assert list(told["figures"][0]) == ["what", "value", "qualifier", "group", "place", "evidence"]


def test_extract_answers_each_line_as_it_comes(tmp_path: Path) -> None:
    extract = subprocess.Popen([sys.executable, "-m", "homeward.cli", "extract", "--jsonl"], cwd=tmp_path,
                               env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with extract:
        assert extract.stdin is not None
        assert extract.stdout is not None
        for number in range(2):
            extract.stdin.write(lines({"id": str(number), "text": STORY}))
            extract.stdin.flush()
            assert json.loads(extract.stdout.readline())["id"] == str(number)
        extract.stdout.close()  # nobody reads any more
        extract.stdin.write(lines(*({"text": "Rain."} for _ in range(200))))
    assert extract.returncode == 0


def test_import_takes_what_is_right_and_names_what_is_wrong(verb: Verb, tmp_path: Path) -> None:
    given = lines({"id": "a", "title": TITLE, "text": STORY, "published": "2019-07-15", "outlet": "=Outlet"},
                  {"text": 3}, {"id": "a", "text": "Again."}, {"id": "b", "text": "It rained."},
                  {"id": "c", "text": STORY, "published": "2999-01-01"})
    done = verb("import", "--db", "h.db", given=given)
    assert done.code == 1
    assert done.out == "5 lines: 1 new, 1 dropped as off-topic; 3 lines were wrong.\n"
    assert [line.split(": ", 1)[1] for line in done.err.splitlines()] == [
        "standard input line 2: text must be a text, not 3", "standard input line 3: id a is that of line 1 already",
        "standard input line 5: published is in the future: 2999-01-01"]
    again = verb("import", "--db", "h.db", "--json", given=given)
    assert [json.loads(line)["verdict"] for line in again.out.splitlines()] == [
        "known", "error", "error", "dropped", "error"]
    claims = [json.loads(line) for line in verb("export", "claims", "--db", "h.db").out.splitlines()]
    assert {claim["id"] for claim in claims} == {"a"}
    (tmp_path / "more.jsonl").write_bytes(lines({"id": "d", "text": "It rained."}))
    assert verb("import", "more.jsonl", "--db", "h.db").code == 0
    assert "can't be read" in sentence(verb("import", "nowhere.jsonl", "--db", "h.db"), 2)
    table_ = verb("export", "articles", "--db", "h.db", "--format", "csv").out
    assert "'=Outlet" in table_


def test_what_is_imported_quietly_is_told_when_asked_for(verb: Verb) -> None:
    given = lines({"id": "a", "title": TITLE, "text": STORY, "published": "2019-07-15"})
    assert verb("import", "--db", "h.db", "--now", "2019-07-15T12:00", given=given).code == 0
    digest = ("digest", "--db", "h.db", "--now", "2019-07-15T13:00")
    assert "33 children" not in verb(*digest).out
    assert "33 children" in verb(*digest, "--backfill").out


def test_an_import_says_what_its_outlets_are(verb: Verb) -> None:
    told = lines({"text": STORY, "title": TITLE, "outlet": "Foreign Ministry", "published": "2019-07-15"})
    assert verb("import", "--db", "k.db", "--kind", "government", given=told).code == 0
    assert verb("import", "--db", "k.db", "--kind", "oracle", given=told).code == 2
    with Store.open(Path("k.db")) as store:
        assert store.rows("select source_kind, source_id from articles") == [
            {"source_kind": "government", "source_id": None}]
