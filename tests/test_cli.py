"""The command line: each verb on real servers, files and children; errors as one sentence; exit codes 0, 1, 2."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from homeward import cli
from homeward.commands.check import libraries
from homeward.commands.export import cell
from homeward.progress import Progress
from homeward.shown import cut, table, width_of
from storage import Store
from tests.post import Mailbox, smtp_server
from tests.server import Answer, Server, serving

HOUSE = Path(__file__).parent.parent
TITLE = "33 children of Daesh fighters return to Russia from Iraq"
STORY = """BAGHDAD, July 15 - Iraq's Foreign Ministry said on Monday that 33 Russian children whose mothers are held in
Iraq for membership of Daesh had been repatriated from Baghdad to Moscow.
The ministry's spokesman, Ahmad al-Sahhaf, said that the Russian embassy had helped.
More than 1,500 women and children of Daesh families are held in Iraq."""
CONFIG = """
[crawl]
contact = "desk@example.org"
allow_networks = ["127.0.0.0/8"]
delay = 0
[[source]]
id = "paper"
name = "The Paper"
endpoint = [{{ url = "{url}/feed" }}, {{ url = "{url}/dead" }}]
"""


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str


Verb = Callable[..., Done]


def environment(**more: str) -> dict[str, str]:
    found = os.pathsep.join([str(HOUSE), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {key: value for key, value in os.environ.items() if key != "HOMEWARD_DEBUG"} | {"PYTHONPATH": found, **more}


def process(folder: Path, *arguments: str, given: bytes = b"", **more: str) -> Done:
    """The verb as a process of its own."""
    ended = subprocess.run([sys.executable, "-m", "homeward.cli", *arguments], cwd=folder, input=given,
                           capture_output=True, timeout=50, check=False, env=environment(**more))
    return Done(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Verb:
    """The verb in this process, in a folder of its own; its children are real."""
    monkeypatch.chdir(tmp_path)
    for name, value in environment(XDG_STATE_HOME=str(tmp_path / "state"), COLUMNS="120").items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("HOMEWARD_DEBUG", raising=False)

    def run(*arguments: str, given: bytes | None = None) -> Done:
        if given is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        capfd.readouterr()
        code = cli.run(list(arguments))
        return Done(code, *capfd.readouterr())

    return run


def open_paper(server: Server) -> None:
    server.feed("/feed", {"/a": TITLE, "/b": "Cup final tonight"}, etag='"1"', date="Mon, 15 Jul 2019 09:00:00 GMT")
    server.page("/a", TITLE, STORY)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server, Done]]:
    """A folder with a config and a ledger, after one crawl of a small paper. Tests read from it only."""
    folder = tmp_path_factory.mktemp("crawled")
    with serving() as server:
        open_paper(server)
        (folder / "homeward.toml").write_text(CONFIG.format(url=server.url), "utf-8")
        yield folder, server, process(folder, "crawl", "--now", "2019-07-15T12:00:00")


@pytest.fixture
def ledger(crawled: tuple[Path, Server, Done], verb: Verb, monkeypatch: pytest.MonkeyPatch) -> Verb:
    monkeypatch.chdir(crawled[0])
    return verb


def sentence(done: Done, code: int) -> str:
    """The one sentence on standard error."""
    assert done.code == code, done
    assert re.fullmatch(r"homeward: [^\n]+\n", done.err), done.err
    assert "Traceback" not in done.err
    return done.err


# --- the way of a newcomer


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
    assert rows[0].split() == ["event", "date", "who", "total", "children", "women", "men", "from", "to", "status",
                               "sources"]
    assert "33" in rows[1]
    event, = json.loads(ledger("events", "--json").out)
    assert event["slots"]["children"]["value"] == 33
    shown = ledger("show", str(event["event_id"]))
    assert "33 children" in shown.out
    assert "The Paper" in shown.out
    assert re.search(r"http://127.0.0.1:\d+/a \[\d+:\d+\]", shown.out)
    assert "opened" in shown.out
    whole = json.loads(ledger("show", str(event["event_id"]), "--json").out)
    quote = whole["claims"][0]["evidence"]
    article, = [json.loads(line) for line in ledger("export", "articles").out.splitlines()]
    text = f"{article['title']}\n\n{article['text']}" if article["title"] else article["text"]
    assert text[quote["start"]:quote["end"]] == quote["quote"]
    assert whole["revisions"][0]["change"] == "opened"
    assert "there is no event 999" in sentence(ledger("show", "999"), 1)
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
    assert list(rows[0]) == list(lines[0])
    if what == "claims":
        main, = (line for line in lines if line["main"])
        assert main["id"].endswith("/a")
        assert main["event_id"] == 1


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


# --- extract and import


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


def lines(*objects: Any) -> bytes:
    return b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in objects)


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
        "standard input line 2: text must be a text, not 3", "line 3: id a is that of line 1 already",
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


# --- check and run


def test_check_names_what_is_wrong(crawled: tuple[Path, Server, Done], ledger: Verb) -> None:
    done = ledger("check")
    assert done.code == 0
    assert "homeward.toml: 1 source, 2 endpoints" in done.out
    assert "homeward.db: whole and up to date" in done.out
    live = ledger("check", "--live", "--source", "paper")
    assert live.code == 1
    assert re.search(r"ok +paper: http://127.0.0.1:\d+/feed: 2 entries, the newest of 2019-07-15 09:00 UTC", live.out)
    assert re.search(r"wrong +paper: .*/dead answered 404", live.out)


def test_check_warns_of_libraries_with_known_faults() -> None:
    assert [finding.state for finding in libraries("3.40.1", "expat_2.5.0")] == ["note", "note"]
    assert [finding.state for finding in libraries("3.51.3", "expat_2.7.1")] == ["ok", "ok"]


MAIL = """
[[channel]]
id = "desk"
kind = "email"
to = ["you@example.org"]
from = "homeward@example.org"
host = "127.0.0.1"
port = {port}
tls = "none"
[[subscription]]
id = "daily"
channel = "desk"
"""


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp_server() as box:
        yield box


def test_run_once_crawls_tells_and_is_done(verb: Verb, tmp_path: Path, mailbox: Mailbox) -> None:
    with serving() as server:
        open_paper(server)
        del server.answers["/a"]  # a page that is not there is filed from its entry
        (tmp_path / "homeward.toml").write_text(
            CONFIG.format(url=server.url).replace(f', {{ url = "{server.url}/dead" }}', "")
            + MAIL.format(port=mailbox.port), "utf-8")
        done = verb("run", "--once", "--now", "2019-07-15T12:00")
        assert done.code == 0, done.err
        assert "1 message queued, 1 sent" in done.out
        letter, = mailbox.read()
        assert "33 children" in str(letter["Subject"])
        assert verb("check", "--send-test").code == 0
        assert "test message" in str(mailbox.read()[1]["Subject"])
        assert "Sent 1 message to desk (email to you@example.org)" in verb(
            "digest", "--to", "desk", "--now", "2019-07-15T13:00").out
        assert len(mailbox.letters) == 3
        assert "--now goes with --once only" in sentence(verb("run", "--now", "2019-07-15"), 2)


def test_a_missing_secret_stops_the_daemon_but_not_a_reader(verb: Verb, tmp_path: Path) -> None:
    (tmp_path / "homeward.toml").write_text(CONFIG.format(url="http://127.0.0.1:9") + MAIL.format(port=25).replace(
        'tls = "none"', 'user = "u"\npassword_env = "HOMEWARD_TEST_SECRET"'), "utf-8")
    assert "was not found in the environment variable HOMEWARD_TEST_SECRET" in sentence(verb("run"), 2)
    assert verb("check").code == 1
    Store.open(tmp_path / "homeward.db").close()
    assert verb("events").code == 0


def test_the_daemon_crawls_and_tells_until_it_is_stopped(tmp_path: Path, mailbox: Mailbox) -> None:
    """The real worker under the real supervisor: the log says each step."""
    with serving() as server:
        open_paper(server)
        (tmp_path / "homeward.toml").write_text(CONFIG.format(url=server.url) + MAIL.format(port=mailbox.port), "utf-8")
        daemon = subprocess.Popen([sys.executable, "-m", "homeward.cli", "run", "--verbose"], cwd=tmp_path,
                                  env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with daemon:
            assert daemon.stderr is not None
            for line in daemon.stderr:
                if TITLE in line:  # filed
                    break
            second = process(tmp_path, "crawl")
            daemon.send_signal(signal.SIGTERM)
            rest = daemon.stderr.read()
        assert f"is being crawled by the daemon (pid {daemon.pid}) already" in sentence(second, 1)
        assert daemon.returncode == 0, rest
        assert rest.rstrip().endswith("stopped")


# --- errors, help, tables


def test_usage_is_told_in_one_sentence(verb: Verb) -> None:
    assert "did you mean events? See `homeward --help`." in sentence(verb("evnts"), 2)
    assert "See `homeward events --help`." in sentence(verb("events", "--nope"), 2)
    assert verb().code == 2
    assert verb("--version").out.startswith("homeward 0.")
    assert "write one with `homeward init`" in sentence(verb("crawl"), 2)
    assert "there is no database at" in sentence(verb("events", "--db", "nowhere.db"), 1)


def test_a_database_that_cannot_be_used_is_told(verb: Verb, tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database at all, " * 100)
    assert "is damaged or is not a Homeward database" in sentence(verb("events", "--db", "broken.db"), 1)
    (tmp_path / "homeward.toml").write_text('database = "nowhere/h.db"\ncatalogue = ["bbc"]', "utf-8")
    assert "nowhere/h.db.lock can't be written" in sentence(verb("crawl"), 1)
    assert "its folder does not exist" in verb("check").out
    (tmp_path / "homeward.toml").write_text("", "utf-8")
    assert "watches nothing" in sentence(verb("crawl"), 2)


def test_config_and_database_may_be_named_before_the_verb_or_after(ledger: Verb, crawled: tuple[Path, Server, Done],
                                                                   tmp_path: Path,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path, database = str(crawled[0] / "homeward.toml"), str(crawled[0] / "homeward.db")
    shown = ledger("events", "--config", path).out
    assert "33" in shown
    assert ledger("--config", path, "events").out == shown
    assert ledger("--db", database, "events").out == ledger("events", "--db", database).out == shown


def test_a_fault_of_our_own_says_where_its_log_is(verb: Verb, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("homeward.commands.init.choose", broken)
    told = sentence(verb("init"), 1)
    log = tmp_path / "state" / "homeward" / "faults.log"
    assert f"(ZeroDivisionError: a bug); the details are in {log}" in told
    assert "Traceback" in log.read_text("utf-8")
    monkeypatch.setenv("HOMEWARD_DEBUG", "1")
    assert "Traceback" in verb("init").err


def test_a_reader_that_has_seen_enough_is_no_error(crawled: tuple[Path, Server, Done]) -> None:
    command = f"{sys.executable} -m homeward.cli init --list --grade B --grade C | head -1"
    ended = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=crawled[0], capture_output=True, text=True,
                           check=False, env=environment())
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_table_is_aligned_in_every_script_and_tamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    rows = [("1", "راديو \u202eالمدى"), ("22", "新闻"), ("333", "a\x1b[31mb\nc" + "long " * 20)]
    shown = table(("n", "name"), rows, numbers=(0,)).splitlines()
    assert len(shown) == 4
    assert "\x1b" not in "".join(shown)
    assert "\u202e" not in "".join(shown)
    assert shown[1].startswith("  1  \u2068")
    assert shown[1].endswith("\u2069")
    assert all(width_of(line) <= 40 for line in shown)
    assert shown[3].endswith("…")
    assert width_of("新闻") == 4
    assert width_of(cut("新闻新闻", 5)) <= 5


def test_colour_is_for_terminals_that_want_it(tmp_path: Path) -> None:
    """A pseudo-terminal gets bold heads; with NO_COLOR it gets none."""
    program = ("import os, pty, sys\npid, fd = pty.fork()\n"
               "if pid == 0: os.execv(sys.executable, [sys.executable, '-m', 'homeward.cli', 'init', '--list'])\n"
               "out = b''\n"
               "try:\n    while part := os.read(fd, 65536): out += part\nexcept OSError: pass\n"
               "os.waitpid(pid, 0)\nos.write(1, out)")
    for more, wanted in (({}, True), ({"NO_COLOR": "1"}, False)):
        ended = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=False,
                               env=environment(**({"TERM": "xterm"} | more)))
        assert (b"\x1b[1m" in ended.stdout) is wanted
        assert b"presstv-en" in ended.stdout
