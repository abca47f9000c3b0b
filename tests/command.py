"""The command line in tests: a verb in this process or in one of its own, and a ledger after one crawl of a paper."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config import logs
from homeward import cli
from tests.server import Server, serving

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


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str


Verb = Callable[..., Done]


def environment(**more: str) -> dict[str, str]:
    found = os.pathsep.join([str(HOUSE), *filter(None, [os.environ.get("PYTHONPATH")])])
    ours = {"HOMEWARD_DEBUG", "COLUMNS"}  # pytest-xdist sets the latter, and so do some shells
    return {key: value for key, value in os.environ.items() if key not in ours} | {"PYTHONPATH": found, **more}


def process(folder: Path, *arguments: str, given: bytes = b"", **more: str) -> Done:
    """The verb as a process of its own."""
    ended = subprocess.run([sys.executable, "-m", "homeward.cli", *arguments], cwd=folder, input=given,
                           capture_output=True, timeout=50, check=False, env=environment(**more))
    return Done(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


@pytest.fixture
def own_log() -> Iterator[None]:
    """A verb that logs takes the root logger for its process: what it did to it ends with the test.

    Else the log of a later test's server goes to a standard error that pytest has closed.
    """
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in (*logs.QUIET, "homeward.crawl")}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path, own_log: None) -> Verb:
    """The verb in this process, in a folder of its own; its children are real."""
    del own_log
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


@pytest.fixture(scope="session")
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


def lines(*objects: Any) -> bytes:
    return b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in objects)
