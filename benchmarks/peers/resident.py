"""The running daemon over the farm: start-up apart, as a feed reader's `update` is not what runs for a month."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from benchmarks.peers.contenders import Place, homeward_config
from benchmarks.peers.measure import ENVIRONMENT, MB, cpu, family, resident
from homeward.newsroom.post import Mailbox

HOMEWARD = Path(sys.executable).with_name("homeward")
PATIENCE = 400.0  # seconds for one pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """CPU seconds of all processes for each pass; seconds from publication to the last mail; bytes at the end."""

    first: float
    unchanged: float
    unconditional: int
    last_mail: float | None
    mails: int
    memory: int


def ask(port: int, what: str) -> dict[str, int]:
    with urlopen(f"http://127.0.0.1:{port}/_ctl/{what}") as answer:
        found: dict[str, int] = json.load(answer)
        return found


def measure(place: Place, port: int, box: Mailbox, changed: int) -> Resident:
    homeward_config(place)
    many = len(place.urls)
    with (place.folder / "log").open("w") as log:
        daemon = subprocess.Popen(
            [str(HOMEWARD), "run", "--config", "homeward.toml"], stdout=log, stderr=log, cwd=place.folder,
            env=ENVIRONMENT,
        )
    try:
        ask(port, "reset")
        _until(lambda: (place.folder / "kept.db").exists() and _visited(place) >= many, "the first pass")
        time.sleep(5)  # the daemon's own jobs have had their turn
        first = cpu(family(daemon.pid))
        ask(port, "reset")
        _all_due(place)
        _until(
            lambda: _due(place) == 0 and sum(ask(port, "stats").get(status, 0) for status in ("200", "304")) >= many,
            "the second pass",
        )
        unchanged, stats = cpu(family(daemon.pid)) - first, ask(port, "stats")
        before = len(box.mails)
        ask(port, f"publish?n={changed}")
        published = time.monotonic()
        _all_due(place)
        _until(lambda: _countries(box, before) >= changed, "the mails", patience=120)
        last = time.monotonic() - published
        told = _countries(box, before)
        return Resident(
            first=first,
            unchanged=unchanged,
            unconditional=stats.get("unconditional", 0),
            last_mail=last if told >= changed else None,
            mails=len(box.mails) - before,
            memory=resident(family(daemon.pid)),
        )
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(60)


def _until(true: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not true():
        if time.monotonic() > end:
            print(f"  {what} did not end within {patience:.0f} s", file=sys.stderr)
            return
        time.sleep(0.2)


def _visited(place: Place) -> int:
    return _one(place, "select count(*) from endpoints where visits > 0")


def _due(place: Place) -> int:
    return _one(place, "select count(*) from endpoints where next_due <= strftime('%Y-%m-%dT%H:%M:%f', 'now')")


def _one(place: Place, sql: str) -> int:
    with sqlite3.connect(place.folder / "kept.db", timeout=30) as db:
        try:
            return int(db.execute(sql).fetchone()[0])
        except sqlite3.OperationalError:  # not made yet
            return 0


def _all_due(place: Place) -> None:
    with sqlite3.connect(place.folder / "kept.db", timeout=30) as db:
        db.execute("update endpoints set next_due = '2020-01-01T00:00:00.000000+00:00'")


def _countries(box: Mailbox, after: int) -> int:
    """How many of the new events have been told: a mail may hold several."""
    text = "".join(mail.part("plain") or "" for mail in box.mails[after:])
    return text.count("children brought home from") if text else 0


def memory_mb(found: Resident) -> int:
    return found.memory // MB
