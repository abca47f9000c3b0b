"""A daemon as a process, with a child and jobs made in a test: `python -m tests.daemon '{json}'`.

It prints what it hears from its child and what its jobs do, a line each.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from records.errors import StoreError
from scheduler.daemon import Daemon, Hours, Launch, Work
from scheduler.worker import Pace

ROOT = Path(__file__).parent.parent
STARTED: list[subprocess.Popen[str]] = []
QUICK = {"grace": 5.0, "last_wait": 0.2, "first_pause": 0.05, "longest_pause": 0.4}


def start(child: str, *, pace: dict[str, float] | None = None, hours: dict[str, float] | None = None,
          env: dict[str, str] | None = None, **told: Any) -> subprocess.Popen[str]:
    """`child` is the Python text that the worker runs; `tell` is "ok", "fail", "bug" or "hang"."""
    order = {"command": [sys.executable, "-u", "-c", child], "pace": QUICK | (pace or {}),
             "hours": {"watch": 0.1, "tell": 0.1} | (hours or {}), **told}
    process = subprocess.Popen([sys.executable, "-u", "-m", "tests.daemon", json.dumps(order)], cwd=ROOT, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=os.environ | {"PYTHONPATH": str(ROOT)} | (env or {}))
    STARTED.append(process)
    return process


def end_all() -> None:
    """After a test that failed half-way: nothing it started stays behind."""
    while STARTED:
        process = STARTED.pop()
        for _ in range(2):  # the second signal ends the child with the daemon
            if process.poll() is None:
                process.terminate()
        with process:
            pass


def until(process: subprocess.Popen[str], wanted: str) -> list[str]:
    """Read its output up to the first line that holds `wanted`."""
    heard: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        heard.append(line.rstrip("\n"))
        if wanted in line:
            return heard
    raise AssertionError(f"it ended without saying {wanted!r}: {heard}")


def main() -> None:
    told = json.loads(sys.argv[1])
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def tell() -> None:
        print("tell", flush=True)
        if told.get("tell") == "hang":
            threading.Event().wait()
        if told.get("tell") == "fail":
            raise StoreError("the disk is full")
        if told.get("tell") == "bug":
            raise ZeroDivisionError

    work = Work(tell=tell, tidy=lambda: None, pulse=lambda: (told.get("waiting", 0), "the same as ever"))
    daemon = Daemon(Launch(command=told["command"], pace=Pace(**told["pace"])), work, hours=Hours(**told["hours"]),
                    on_line=lambda line: print(line, flush=True))
    asyncio.run(daemon.run())


if __name__ == "__main__":
    main()
