"""Run the crawl worker as a process on a config made in a test: `python -m tests.worker '{json}'`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


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


def start(line: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(line, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def crawl(db: Path, feeds: Sequence[dict[str, Any]], **settings: Any) -> Ended:
    """A whole crawl until nothing is due."""
    worker = start(command(db, feeds, **settings))
    try:
        out, err = worker.communicate(timeout=40)
    except subprocess.TimeoutExpired:
        worker.send_signal(signal.SIGKILL)
        out, err = worker.communicate()
    return Ended(worker.returncode, [json.loads(line) for line in out.splitlines()], err)


def main() -> int:
    from datetime import datetime  # noqa: PLC0415 - the reading children import this module too

    from config.model import Config, CrawlSettings  # noqa: PLC0415
    from crawler.main import Options, run  # noqa: PLC0415
    from records.news import EndpointPlan, Source  # noqa: PLC0415
    from tests.crawl_rooms import rooms  # noqa: PLC0415

    told = json.loads(sys.argv[1])
    plans = [EndpointPlan(**{"source_id": "one", "allow_private": True} | feed) for feed in told["feeds"]]
    quick = {"delay": 0.0, "allow_networks": ["127.0.0.0/8"], "read_timeout": 3.0, "grace": 5.0}
    config = Config(path=None, database=Path(told["db"]), crawl=CrawlSettings(**quick | told["crawl"]),
                    sources=tuple(Source(id=name, name=name) for name in {plan.source_id for plan in plans}),
                    endpoints=tuple(plans))
    options = told["options"]
    if "now" in options:
        options["now"] = datetime.fromisoformat(options["now"])
    return run(config, Options(database=Path(told["db"]), **options), rooms())


if __name__ == "__main__":
    sys.exit(main())
