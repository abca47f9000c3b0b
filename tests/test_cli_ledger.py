"""From a first config over a crawl to the ledger: init, crawl, events, show, digest, status, export."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import signal
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from homeward.commands.export import cell
from homeward.progress import Progress
from storage import Store
from tests.command import (
    CONFIG,
    TITLE,
    Done,
    Verb,
    environment,
    open_paper,
    sentence,
)
from tests.server import Answer, Server, serving


def test_init_writes_a_config_once(verb: Verb, tmp_path: Path) -> None:
    done = verb("init", "--contact", "me@example.org")
    assert (done.code, done.out.splitlines()[0]) == (0, "Wrote homeward.toml: 29 endpoints of 23 sources.")
    text = (tmp_path / "homeward.toml").read_text("utf-8")
    assert "is there already" in sentence(verb("init"), 2)
    assert (tmp_path / "homeward.toml").read_text("utf-8") == text
    assert verb("init", "--force", "--language", "fr").code == 0
    assert "lemonde-fr" in (tmp_path / "homeward.toml").read_text("utf-8")
    assert "no source of the catalogue fits" in sentence(verb("init", "--language", "tlh", "--force"), 2)
    assert "source" in verb("init", "--list", "--country", "sy").out
    near = verb("init", "--list", "--region", "iraq-and-syria", "--kind", "agency", "--grade", "A", "--grade", "B").out
    assert {line.split("agency")[1].split()[0] for line in near.splitlines()[1:]} == {"IQ", "SY"}


def test_a_crawl_shows_its_progress_and_what_did_not_answer(crawled: tuple[Path, Server, Done]) -> None:
    _, server, done = crawled
    assert done.code == 0, done.err
    assert re.search(r"^new +paper +2 new entries of 2$", done.out, re.MULTILINE)
    assert re.search(rf"^new +paper +{TITLE}$", done.out, re.MULTILINE)
    assert "2 endpoints visited, 1 answered; 2 new entries; 1 article filed, 1 dropped" in done.out
    assert f"Did not answer:\n  {server.url}/dead answered 404" in done.out
    assert server.hits["/b"] == 0, "what is off-topic is not fetched"


def test_events_and_show_lead_from_a_number_to_its_sentence(ledger: Verb) -> None:
    rows = ledger("events").out.splitlines()
    assert rows[0].split() == ["id", "date", "who", "total", "children", "way", "status", "sources"]
    assert "33" in rows[1]
    assert "no ISO 3166-1 code" in sentence(ledger("events", "--nationality", "Russia"), 2)
    assert "33" in ledger("events", "--nationality", "ru").out
    event, = json.loads(ledger("events", "--json").out)
    assert event["slots"]["children"]["value"] == 33
    shown = ledger("show", str(event["event_id"]))
    assert "33 children" in shown.out
    assert "The Paper" in shown.out
    assert re.search(r"http://127.0.0.1:\d+/a$", shown.out, re.M)
    assert re.search(r"“.*33 children.*” \[\d+:\d+\]", shown.out)
    assert "opened" in shown.out
    whole = json.loads(ledger("show", str(event["event_id"]), "--json").out)
    quote = whole["claims"][0]["evidence"]
    article, = [json.loads(line) for line in ledger("export", "articles").out.splitlines()]
    text = f"{article['title']}\n\n{article['text']}" if article["title"] else article["text"]
    assert text[quote["start"]:quote["end"]] == quote["quote"]
    assert whole["revisions"][0]["change"] == "opened"
    assert "there is no event 999" in sentence(ledger("show", "999"), 1)
    assert "not in the range" in sentence(ledger("show", "9" * 20), 2)
    assert ledger("events", "--nationality", "FR").out.startswith("No event fits")
    assert json.loads(ledger("events", "--nationality", "FR", "--json").out) == []


def test_a_digest_goes_to_the_terminal_and_into_files(ledger: Verb, tmp_path: Path) -> None:
    now = ("--now", "2019-07-15T18:00")
    assert "33 children" in ledger("digest", *now).out
    assert "No event was added" in ledger("digest", "--since", "1h", *now).out
    for ending, begins in ((".html", b"<!"), (".txt", b""), (".eml", b"Subject: ")):
        path = tmp_path / f"digest{ending}"
        assert "Would write" in ledger("digest", "--to", str(path), "--dry-run", *now).out
        assert not path.exists()
        assert ledger("digest", "--to", str(path), *now).code == 0
        assert path.read_bytes().startswith(begins)
        assert b"33 children" in path.read_bytes()
    early = ledger("digest", "--now", "2019-07-15T11:00")
    assert "33 children" not in early.out, "a day that is replayed knows nothing of what was filed after it"
    mail = message_from_bytes((tmp_path / "digest.eml").read_bytes(), policy=policy.default)
    assert "33 children" in str(mail["Subject"])
    assert "neither the terminal, nor a file" in sentence(ledger("digest", "--to", "pigeon"), 2)
    assert 'has no subscription "x"' in sentence(ledger("digest", "--subscription", "x"), 2)
    assert "is neither a span" in sentence(ledger("digest", "--since", "soon"), 2)


def test_status_is_well_after_a_crawl_and_stale_a_day_later(ledger: Verb) -> None:
    well = ledger("status", "--json", "--now", "2019-07-15T12:05")
    told = json.loads(well.out)
    assert (well.code, told["troubles"], told["articles"], told["failing"]) == (0, [], 1, 1)
    assert told["failing_sources"][0]["why"].endswith("/dead answered 404")
    assert told["last_run"]["reason"] == "done"
    assert re.search(r"^Failing\n  The Paper: http.*/dead answered 404$",
                     ledger("status", "--now", "2019-07-15T12:05").out, re.MULTILINE)
    stale = ledger("status", "--now", "2019-07-16T12:00")
    assert stale.code == 1
    assert "!! No endpoint has answered since 2019-07-15 12:00 UTC." in stale.out


@pytest.mark.parametrize("what", ["events", "claims", "figures", "articles"])
def test_exports_say_the_same_as_lines_and_as_a_table(ledger: Verb, what: str, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in ledger("export", what).out.splitlines()]
    assert ledger("export", what, "--format", "csv", "-o", str(tmp_path / "x.csv")).code == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "x.csv").read_text("utf-8"), newline="")))
    assert len(lines) == len(rows) >= 1
    if what != "claims":
        assert list(rows[0]) == list(lines[0])
        return
    main, = (line for line in lines if line["main"])
    assert (main["id"].endswith("/a"), main["event_id"]) == (True, 1)
    row, = (row for row in rows if row["main"] == "true")
    assert (row["children"], row["children_qualifier"], row["women"]) == ("33", "exact", "")
    assert (row["nationality"], row["quote"]) == ("RU", main["evidence"]["quote"])


def test_a_cell_is_never_a_formula() -> None:
    for text in ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1"):
        assert str(cell(text)).startswith("'")
    assert [cell(value) for value in (None, True, 3, -2, "a", ["=1"])] == ["", "true", 3, -2, "a", '["=1"]']


def test_a_second_crawl_asks_for_nothing_twice(crawled: tuple[Path, Server, Done], verb: Verb, tmp_path: Path) -> None:
    folder, server, _ = crawled
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    before, unchanged = server.hits["/a"], server.statuses[304]
    done = verb("crawl", "--all", "--json", "--now", "2019-07-15T14:00")
    events = [json.loads(line) for line in done.out.splitlines()]
    assert [event["outcome"] for event in events if event["event"] == "visit" and event["url"].endswith("/feed")] == [
        "unchanged"]
    assert events[-1]["event"] == "done"
    assert (server.hits["/a"] - before, server.statuses[304] - unchanged) == (0, 1)
    assert 'has no source "x"' in sentence(verb("crawl", "--source", "x"), 2)


def test_a_crawl_that_nobody_answered_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    failed = []
    for told in ({"outcome": "http_error", "why": "http://a/: 500"}, {"outcome": "new", "new": 1, "entries": 2}):
        progress.hear({"event": "visit", "source": "a", "url": "http://a/", **told})
        failed.append(progress.nothing_answered)
    assert failed == [True, False]
    assert "1 new entry of 2" in capsys.readouterr().out
    assert progress.summary().endswith("Did not answer:\n  http://a/: 500")
    assert "Nothing was due" in Progress().summary()


def test_a_crawl_that_failed_half_way_says_why() -> None:
    progress = Progress()
    progress.hear({"event": "done", "reason": "failed: the disk is full", "faults": ["the disk is full"]}, quiet=True)
    assert progress.trouble(1) == "the crawl did not do all its work: the disk is full"
    assert progress.trouble(0) is None
    assert "ended from outside (signal 9)" in str(Progress().trouble(-9))
    assert Progress().trouble(1) is None, "it has said why itself"


def test_a_crawl_that_is_interrupted_ends_in_order(tmp_path: Path) -> None:
    with serving() as server:
        open_paper(server)
        server.answers["/a"] = Answer(b"late", delay=2)
        (tmp_path / "homeward.toml").write_text(CONFIG.format(url=server.url), "utf-8")
        crawl = subprocess.Popen([sys.executable, "-m", "homeward.cli", "crawl"], cwd=tmp_path, env=environment(),
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with crawl:
            assert crawl.stdout is not None
            first = crawl.stdout.readline()
            crawl.send_signal(signal.SIGINT)
            rest = crawl.stdout.read()
        assert crawl.returncode == 1
        assert "visited" in first + rest
    with Store.open(tmp_path / "homeward.db") as store:
        run = store.last_run()
        assert run is not None
        assert run.ended_at is not None
