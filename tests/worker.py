"""Run the crawl worker as a process on a config made in a test: `python -m tests.worker '{json}'`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    events: list[dict[str, Any]]
    stderr: str

    def of(self, event: str) -> list[dict[str, Any]]:
        return [said for said in self.events if said["event"] == event]


def command(db: Path, feeds: Sequence[dict[str, Any]], *, crawl: dict[str, Any] | None = None,
            **options: Any) -> list[str]:
    """`feeds` are endpoint plans as keyword arguments; `crawl` are CrawlSettings that differ from a quick default."""
    return [sys.executable, "-m", "tests.worker", json.dumps(
        {"db": str(db), "feeds": list(feeds), "crawl": crawl or {}, "options": {"until_idle": True} | options})]


class Running:
    """A worker under way, heard line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._events: list[dict[str, Any]] = []
        self.pid = process.pid
        self.terminate, self.kill = process.terminate, process.kill

    def wait_for(self, event: str) -> dict[str, Any]:
        """The next event of that name; AssertionError when the worker ends before."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._events.append(json.loads(line))
            if self._events[-1]["event"] == event:
                return self._events[-1]
        raise AssertionError(f"the worker ended without {event!r}: {self.end().stderr}")

    def end(self) -> Ended:
        try:
            out, err = self._process.communicate(timeout=40)
        except subprocess.TimeoutExpired:
            self._process.kill()
            out, err = self._process.communicate()
        return Ended(self._process.returncode, self._events + [json.loads(line) for line in out.splitlines()], err)


@contextmanager
def started(line: list[str]) -> Iterator[Running]:
    process = subprocess.Popen(line, cwd=ROOT, env=ENVIRONMENT, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        try:
            yield Running(process)
        finally:
            process.kill()


def crawl(db: Path, feeds: Sequence[dict[str, Any]], **settings: Any) -> Ended:
    """A whole crawl until nothing is due."""
    with started(command(db, feeds, **settings)) as worker:
        return worker.end()


def rows(db: Path, sql: str) -> list[dict[str, Any]]:
    """What a crawl has left in its database."""
    from storage import Store  # noqa: PLC0415 - the reading children import this module too

    with Store.open(db, readonly=True) as store:
        return store.rows(sql)


def main() -> int:
    from datetime import datetime  # noqa: PLC0415 - the reading children import this module too

    from config.model import Config, CrawlSettings  # noqa: PLC0415
    from crawler.main import Options, run  # noqa: PLC0415
    from crawler.rooms import rooms  # noqa: PLC0415
    from records.news import EndpointPlan, Source  # noqa: PLC0415
    from tests.fragile import fragile_feed  # noqa: PLC0415

    told = json.loads(sys.argv[1])
    plans = [EndpointPlan(**{"source_id": "one", "allow_private": True} | feed) for feed in told["feeds"]]
    quick = {"delay": 0.0, "readers": 1, "allow_networks": ["127.0.0.0/8"], "grace": 5.0}
    config = Config(path=None, database=Path(told["db"]), crawl=CrawlSettings(**quick | told["crawl"]),
                    sources=tuple(Source(id=name, name=name) for name in {plan.source_id for plan in plans}),
                    endpoints=tuple(plans))
    options = told["options"]
    if "now" in options:
        options["now"] = datetime.fromisoformat(options["now"])
    return run(config, Options(database=Path(told["db"]), **options), replace(rooms(), read_feed=fragile_feed))


if __name__ == "__main__":
    sys.exit(main())
