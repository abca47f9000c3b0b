"""The whole daemon as its operator meets it: health, metrics, ping, reload, logs without secrets, a backup."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from storage import Store
from tests.command import CONFIG, MAIL, environment, open_paper, process
from tests.post import Mailbox, smtp_server
from tests.server import Answer, Asked, Server, serving

CANARY = "canary-7f3a9c-never-in-a-log"
DAEMON = """
[daemon]
health = "127.0.0.1:0"
ping_env = "PING"
log = "json"
"""
BROKEN = """
[[channel]]
id = "hook"
kind = "webhook"
url = "{url}/hook?token={canary}"
key_env = "KEY"
[[subscription]]
id = "hooked"
channel = "hook"
hour = 0
"""


class Log:
    """The daemon's standard error, read by a thread as it comes."""

    def __init__(self, running: subprocess.Popen[str]) -> None:
        self.text: list[str] = []
        self._news = threading.Condition()
        self._running = running
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._running.stderr is not None
        for line in self._running.stderr:
            with self._news:
                self.text.append(line)
                self._news.notify_all()

    def event(self, name: str, after: int = 0) -> dict[str, Any]:
        """The first event of that name after so many lines, waited for."""
        def found() -> dict[str, Any] | None:
            said = [json.loads(line) for line in self.text[after:] if line.startswith("{")]
            return next((one for one in said if one["event"] == name), None)

        with self._news:
            assert self._news.wait_for(found, 30), "".join(self.text)
            return found() or {}


@contextmanager
def running(folder: Path, **secrets: str) -> Iterator[tuple[subprocess.Popen[str], Log]]:
    daemon = subprocess.Popen([sys.executable, "-m", "homeward.cli", "run", "-vv"], cwd=folder, text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(**secrets))
    with daemon:
        try:
            yield daemon, Log(daemon)
        finally:
            daemon.kill()


def ask(url: str, **headers: str) -> tuple[int, str]:
    try:
        with urlopen(Request(url, headers=headers), timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def until(true: Any, what: str, seconds: float = 30) -> None:
    """Wait for what other processes bring about."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server, Mailbox, dict[str, Any]]]:
    """One daemon's life, told once: what was seen of it stands in the dictionary."""
    folder, seen = tmp_path_factory.mktemp("day"), dict[str, Any]()
    with serving() as paper, smtp_server() as mailbox:
        open_paper(paper)
        paper.answers[f"/ping/{CANARY}"] = paper.answers[f"/ping/{CANARY}/fail"] = Answer(b"OK")
        paper.answers[f"/hook?token={CANARY}"] = lambda asked: Answer(f"no {CANARY}".encode(), 401)
        config = CONFIG.format(url=paper.url) + DAEMON + MAIL.format(port=mailbox.port) + "hour = 0\n"
        config = config.replace(f', {{ url = "{paper.url}/dead" }}', "")
        (folder / "homeward.toml").write_text(config + BROKEN.format(url=paper.url, canary=CANARY), "utf-8")
        with running(folder, PING=f"{paper.url}/ping/{CANARY}", KEY=CANARY) as (daemon, log):
            seen |= story(folder, (paper, mailbox), daemon, log, config)
        yield folder, paper, mailbox, seen


def story(folder: Path, world: tuple[Server, Mailbox], daemon: subprocess.Popen[str], log: Log,
          config: str) -> dict[str, Any]:
    (paper, mailbox), seen = world, dict[str, Any]()
    url = f"http://127.0.0.1:{log.event('health.listening')['port']}"
    until(lambda: mailbox.letters, "no digest came", 45)
    until(lambda: paper.hits[f"/ping/{CANARY}"], "no ping came")
    seen["healthz"], seen["metrics"] = ask(f"{url}/healthz"), ask(f"{url}/metrics")
    seen["other path"], seen["by name"] = ask(f"{url}/"), ask(f"{url}/metrics", Host="attacker.example")
    seen["backup"] = process(folder, "backup", "copy.db")
    seen["backup again"] = process(folder, "backup", "copy.db")
    seen["status"] = process(folder, "status", "--json")
    (folder / "homeward.toml").write_text(config.replace("delay = 0", "dealy = 0"), "utf-8")
    daemon.send_signal(signal.SIGHUP)
    seen["refused"] = log.event("config.refused")
    (folder / "homeward.toml").write_text(config.replace('name = "The Paper"', 'name = "The Paper Again"'), "utf-8")
    daemon.send_signal(signal.SIGHUP)
    log.event("config.taken")
    until(lambda: named(folder) == "The Paper Again", "the new config did not reach the worker")
    (folder / "homeward.toml").write_text("this is [ no config", "utf-8")
    worker(daemon.pid)("KILL")
    log.event("worker.ended")
    until(lambda: len(runs(folder)) >= 3, "the worker did not come back on the config that was checked")
    before = len(runs(folder))
    for path in folder.glob("homeward.db-*"):
        path.unlink()
    shutil.copy(folder / "copy.db", folder / "fresh.db")
    (folder / "fresh.db").replace(folder / "homeward.db")
    seen["replaced"] = log.event("store.replaced")
    until(lambda: 2 <= len(runs(folder)) < before, "the worker did not go on with the new file")
    daemon.terminate()
    seen["code"], seen["log"] = daemon.wait(40), log.text
    return seen


def named(folder: Path) -> str:
    with Store.open(folder / "homeward.db", readonly=True) as store:
        return str(store.rows("select name from sources")[0]["name"])


def runs(folder: Path) -> list[object]:
    with Store.open(folder / "homeward.db", readonly=True) as store:
        return list(store.rows("select id from runs"))


def worker(pid: int) -> Any:
    """Sends a signal to the crawl worker of this daemon."""
    listing = subprocess.run(["/bin/ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    found = next(int(line.split()[0]) for line in listing.splitlines()
                 if line.split()[1] == str(pid) and " crawler work " in line)
    return lambda name: os.kill(found, getattr(signal, f"SIG{name}"))


Day = tuple[Path, Server, Mailbox, dict[str, Any]]


def test_health_says_in_json_what_is_wrong(day: Day) -> None:
    status, body = day[3]["healthz"]
    assert (status, json.loads(body)["ok"], json.loads(body)["reasons"]) == (200, True, [])
    assert day[3]["other path"][0] == 404
    assert day[3]["by name"][0] == 403, "a web page whose name was made to point here could read it"


def test_metrics_are_prometheus_and_tell_the_state(day: Day) -> None:
    status, body = day[3]["metrics"]
    found = {match[1]: float(match[2]) for match in re.finditer(r"^(homeward_\S+) (\S+)$", body, re.M)}
    assert status == 200
    assert found["homeward_healthy"] == 1
    assert found["homeward_endpoints_watched"] == 1
    assert found['homeward_endpoints{outcome="new"}'] == 1
    assert found["homeward_articles_total"] == 1
    assert found['homeward_deliveries{state="sent"}'] >= 1
    assert found['homeward_deliveries{state="waiting"}'] == 1, "the hook's, which somebody must mend"
    assert found['homeward_reader_starts_total{why="first"}'] >= 1
    assert found["homeward_worker_starts_total"] == 1
    assert found['homeward_job_last_success_timestamp_seconds{job="tell"}'] > 1.7e9
    assert found["homeward_store_whole"] == 1
    assert found["homeward_store_bytes"] > 0
    assert {"homeward_lag_seconds", "homeward_digests_missed", "homeward_wal_bytes", "homeward_sqlite_outdated",
            "homeward_last_success_timestamp_seconds"} <= found.keys()


def test_status_agrees_with_health(day: Day) -> None:
    done = day[3]["status"]
    told = json.loads(done.out)
    assert (done.code, told["troubles"]) == (0, [])
    assert told["jobs"]["tell"]["done_at"]
    assert told["store"]["whole"] is True


def test_the_switch_is_called_while_all_is_well(day: Day) -> None:
    assert [asked.method for asked in day[1].asked if asked.path == f"/ping/{CANARY}"]


def test_a_bad_config_is_refused_with_its_sentence_and_a_good_one_taken_over(day: Day) -> None:
    said = day[3]["refused"]["message"]
    assert "the old one stays" in said
    assert 'unknown key "dealy"' in said or "dealy" in said
    assert day[3]["code"] == 0


def test_no_secret_is_in_the_log_at_debug(day: Day) -> None:
    log = "".join(day[3]["log"])
    assert CANARY not in log
    assert "401" in log, "the hook's refusal was logged, without its address"


def test_every_line_of_the_log_is_an_object_with_an_event(day: Day) -> None:
    said = [json.loads(line) for line in day[3]["log"]]
    assert all({"at", "level", "event", "message"} <= one.keys() for one in said)
    assert {"daemon.started", "health.listening", "worker.ended", "config.taken", "daemon.stopped"} <= {
        one["event"] for one in said}


def test_a_backup_made_while_the_daemon_works_is_whole_and_restores(day: Day, tmp_path: Path) -> None:
    folder, _, _, seen = day
    assert seen["backup"].code == 0, seen["backup"].err
    assert "1 article" in seen["backup"].out
    assert seen["backup again"].code == 1
    assert "is there already; name another file, or say --force" in seen["backup again"].err
    # The restore that docs/running.md tells: a copy in the place of the database, of which nothing else is left.
    (tmp_path / "homeward.db").write_bytes((folder / "copy.db").read_bytes())
    assert process(tmp_path, "--db", "homeward.db", "events").out.count("RU") >= 1
    with Store.open(tmp_path / "homeward.db") as restored:
        assert restored.examine(restored.jobs()["tell"].tried_at, full=True).whole
        assert restored.last_revision() > 0


def test_the_ping_tells_what_is_wrong(server_of_pings: Server) -> None:
    from scheduler.ping import PingError, Switch, call  # noqa: PLC0415

    url, networks = f"{server_of_pings.url}/id?x=1", ("127.0.0.0/8",)
    switch = Switch()
    assert switch.report(url, (), sent=False, networks=networks)
    assert not switch.report(url, (), sent=False, networks=networks), "not again within five minutes"
    assert switch.report(url, (), sent=True, networks=networks), "a message was sent"
    assert switch.report(url, ("The sky fell.",), sent=False, networks=networks)
    assert not switch.report(url, ("The sky fell.", "And more."), sent=True, networks=networks)
    assert switch.report(url, (), sent=False, networks=networks)
    assert [(asked.method, asked.path, asked.body) for asked in server_of_pings.asked] == [
        ("GET", "/id?x=1", b""), ("GET", "/id?x=1", b""), ("POST", "/id/fail?x=1", b"The sky fell."),
        ("GET", "/id?x=1", b"")]
    with pytest.raises(PingError, match=r"127\.0\.0\.1 is not at a public address"):
        call(url, (), ())
    with pytest.raises(PingError, match=r"127\.0\.0\.1 answered 404"):
        call(f"{server_of_pings.url}/nobody", (), networks)


@pytest.fixture
def server_of_pings() -> Iterator[Server]:
    def answer(asked: Asked) -> Answer:
        return Answer(b"OK")

    with serving() as server:
        server.answers |= {"/id?x=1": answer, "/id/fail?x=1": answer}
        yield server


def test_a_database_that_is_replaced_meanwhile_gets_a_new_worker(day: Day) -> None:
    folder, *_, seen = day
    assert "goes on with the new one" in seen["replaced"]["message"]
    with Store.open(folder / "homeward.db", readonly=True) as store:
        assert [row["integrity_check"] for row in store.rows("pragma integrity_check")] == ["ok"]
