"""Who takes part: how each is set up, started, and asked what it has stored."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PEERS = ROOT / "build" / "peers"  # their own environment: nothing of theirs gets into ours
WANTED = (
    "reader==3.26",
    "rss2email==3.14",
    "aiohttp",
    "sgmllib3k",
)  # reader's own feedparser needs sgmllib3k and doesn't say so


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One contender's folder, the feeds it is to visit, and where mail goes."""

    folder: Path
    urls: Sequence[str]
    smtp: int

    @property
    def list(self) -> Path:
        return self.folder / "urls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """`stored` gives the number of entries kept per feed address."""

    name: str
    prepare: Callable[[Place], None]
    command: Callable[[Place, bool], list[str]]  # the flag: it may tell (not on the first pass)
    stored: Callable[[Place], dict[str, int]]


def environment() -> Path:
    """The peers' Python, made at the first use from the package index."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *WANTED], check=True)
    return python


def _urls(place: Place) -> None:
    place.list.write_text("\n".join(place.urls) + "\n", "utf-8")


def _counts(path: Path, sql: str) -> dict[str, int]:
    if not path.exists():
        return {}
    with sqlite3.connect(path) as db:
        try:
            return dict(db.execute(sql).fetchall())
        except sqlite3.DatabaseError:
            return {}


def _aiohttp() -> Contender:
    return Contender(
        name="bare aiohttp, 16 at once",
        prepare=_urls,
        command=lambda place, tell: [str(environment()), str(HERE / "bare_aiohttp.py"), "urls", "kept.db"],
        stored=lambda place: _counts(place.folder / "kept.db", "select url, count(*) from entries group by url"),
    )


def _scrapy() -> Contender:
    return Contender(
        name="bare Scrapy, 16 at once",
        prepare=_urls,
        command=lambda place, tell: [sys.executable, str(HERE / "bare_scrapy.py"), "urls", "kept.db"],
        stored=lambda place: _counts(place.folder / "kept.db", "select url, count(*) from entries group by url"),
    )


def _reader(workers: int) -> Contender:
    return Contender(
        name=f"reader 3.26, {workers} worker{'s' if workers > 1 else ''}",
        prepare=_urls,
        command=lambda place, tell: [str(environment()), str(HERE / "reader_run.py"), "urls", "kept.db", str(workers)],
        stored=lambda place: _counts(place.folder / "kept.db", "select feed, count(*) from entries group by feed"),
    )


def _rss2email() -> Contender:
    def prepare(place: Place) -> None:
        head = (
            "[DEFAULT]\nfrom = bench@example.org\nto = desk@example.org\nforce-from = True\nemail-protocol = smtp\n"
            f"smtp-server = 127.0.0.1\nsmtp-port = {place.smtp}\nsmtp-auth = False\nsmtp-ssl = False\n"
        )
        feeds = "".join(f"\n[feed.f{n}]\nurl = {url}\n" for n, url in enumerate(place.urls))
        (place.folder / "r2e.cfg").write_text(head + feeds, "utf-8")

    def stored(place: Place) -> dict[str, int]:
        kept = place.folder / "r2e.json"
        feeds = json.loads(kept.read_text("utf-8"))["feeds"] if kept.exists() else []
        return {place.urls[int(feed["name"].removeprefix("f"))]: len(feed["seen"]) for feed in feeds}

    return Contender(
        name="rss2email 3.14",
        prepare=prepare,
        stored=stored,
        command=lambda place, tell: [
            str(environment().with_name("r2e")),
            "-c",
            "r2e.cfg",
            "-d",
            "r2e.json",
            "run",
            *([] if tell else ["--no-send"]),
        ],
    )


def _newsboat(threads: int) -> Contender | None:
    program = shutil.which("newsboat")
    if program is None:
        return None

    def prepare(place: Place) -> None:
        _urls(place)
        (place.folder / "config").write_text(f"reload-threads {threads}\ndownload-timeout 30\n", "utf-8")

    return Contender(
        name=f"newsboat (Debian), {threads} threads",
        prepare=prepare,
        command=lambda place, tell: [program, "-u", "urls", "-c", "kept.db", "-C", "config", "-x", "reload"],
        stored=lambda place: _counts(
            place.folder / "kept.db", "select feedurl, count(*) from rss_item group by feedurl"
        ),
    )


def homeward_config(place: Place, *, interval: int = 3600) -> None:
    """Our own: politeness lifted for the run, as the peers have none; all else as shipped."""
    endpoints = "".join(f'\n[[source.endpoint]]\nurl = "{url}"\n' for url in place.urls)
    (place.folder / "homeward.toml").write_text(
        f'database = "kept.db"\n[crawl]\ncontact = "bench@example.org"\nallow_networks = ["127.0.0.0/8"]\n'
        f'delay = 0\nper_host = 8\n'
        f'interval = {interval}\nmin_interval = {interval}\nmax_interval = 86400\n\n'
        f'[[source]]\nid = "farm"\nname = "Farm"\n{endpoints}\n'
        f'[[channel]]\nid = "desk"\nkind = "email"\nto = ["desk@example.org"]\n'
        f'from = "homeward@example.org"\nhost = "127.0.0.1"\n'
        f'port = {place.smtp}\ntls = "none"\n\n'
        f'[[subscription]]\nid = "at-once"\nchannel = "desk"\nevery = "instant"\nmost_an_hour = 100\n',
        "utf-8",
    )


def _homeward() -> Contender:
    return Contender(
        name="Homeward, one-shot",
        prepare=homeward_config,
        command=lambda place, tell: [
            sys.executable,
            "-m",
            "crawler",
            "work",
            "--config",
            "homeward.toml",
            "--until-idle",
            "--every",
        ],
        stored=lambda place: _counts(
            place.folder / "kept.db",
            "select p.asked_url, count(*) from entries e join endpoints p on p.id = e.endpoint_id group by 1",
        ),
    )


def contenders() -> list[Contender]:
    everybody = (_aiohttp(), _scrapy(), _reader(1), _reader(10), _rss2email(), _newsboat(10), _homeward())
    return [one for one in everybody if one is not None]
