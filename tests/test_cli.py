"""The command line: check, run, errors as one sentence, exit codes, help, tables."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from homeward.commands.check import libraries
from homeward.shown import cut, table, width_of
from storage import Store
from tests.command import (
    CONFIG,
    MAIL,
    TITLE,
    Done,
    Verb,
    environment,
    open_paper,
    process,
    sentence,
)
from tests.post import Mailbox, smtp_server
from tests.server import Server, serving


def test_check_names_what_is_wrong(crawled: tuple[Path, Server, Done], ledger: Verb) -> None:
    done = ledger("check")
    assert done.code == 0
    assert "homeward.toml: 1 source, 2 endpoints" in done.out
    assert "homeward.db: whole and up to date" in done.out
    live = ledger("check", "--live", "--source", "paper")
    assert live.code == 1
    assert re.search(r"ok +paper: \S+/feed gives 2 entries, the newest of 2019-07-15 09:00 UTC", live.out)
    assert re.search(r"wrong +paper: .*/dead answered 404", live.out)


def test_check_warns_of_libraries_with_known_faults() -> None:
    assert [finding.state for finding in libraries("3.40.1", "expat_2.5.0")] == ["note", "note"]
    assert [finding.state for finding in libraries("3.51.3", "expat_2.7.1")] == ["ok", "ok"]


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
