"""The crawl worker and the fetching of one address, started as children: this process never loads Scrapy."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from config.model import Config
from records.errors import HomewardError
from records.news import Page
from scheduler.child import Child

Event = dict[str, Any]
FETCH_LONGEST = 120.0  # seconds: start, robots.txt, redirects and page, each within its own deadline
FETCH_MORE = 10.0  # for each further address: those of one site are asked one after the other


class FetchError(HomewardError):
    """An address that could not be had; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What `python -m crawler fetch` answered."""

    ok: bool
    outcome: str
    why: str | None
    page: Page | None
    url: str = ""  # as it was asked for


def worker_command(loaded: Config, *, sources: Sequence[str] = (), every: bool = False, until_idle: bool = True,
                   now: datetime | None = None) -> list[str]:
    """How the crawl worker is started, by `Child`: its leash is the pipe that `Child` holds."""
    command = [sys.executable, "-m", "crawler", "work", "--config", str(loaded.path), "--db", str(loaded.database),
               "--leashed"]
    if until_idle:
        command.append("--until-idle")
    if every:
        command.append("--every")
    for source in sources:
        command += ["--source", source]
    return [*command, "--now", now.isoformat(timespec="seconds")] if now else command


def parse_line(line: str) -> Event | None:
    """One line of the worker's progress; None where it is something else."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("event"), str) else None


def run_worker(command: Sequence[str], on_event: Callable[[Event], None], grace: float) -> int:
    """Run the worker to its end, handing on what it says. Ctrl-C or SIGTERM ends it within the grace; then 1."""
    return asyncio.run(_run_worker(command, on_event, grace))


async def _run_worker(command: Sequence[str], on_event: Callable[[Event], None], grace: float) -> int:
    def hear(line: str) -> None:
        event = parse_line(line)
        if event is not None:
            on_event(event)

    asked, signals = asyncio.Event(), 0
    try:
        child = Child(command, hear)
    except OSError as error:
        raise HomewardError(f"the crawl worker can't be started ({error})") from error

    def stop() -> None:
        nonlocal signals
        signals += 1
        asked.set()
        if signals > 1:
            child.kill()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    ended, stopping = asyncio.create_task(child.wait()), asyncio.create_task(asked.wait())
    await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if asked.is_set():
        await child.stop(grace)
        await ended
        return 1
    stopping.cancel()
    return ended.result()


def fetch(url: str, config_path: Path | None, now: datetime, *, key_env: str | None = None) -> Fetched:
    """Fetch one address as a crawl would: guard, robots.txt, caps. Raises FetchError when the child itself fails."""
    return next(iter(fetch_all([url], config_path, now, key_env=key_env)))


def fetch_all(urls: Sequence[str], config_path: Path | None, now: datetime, *,
              key_env: str | None = None) -> Iterator[Fetched]:
    """Fetch addresses in one child, each answer as soon as it is there. Raises FetchError when the child fails.

    `key_env` names the environment variable of a key that goes with the requests.
    """
    command = [sys.executable, "-m", "crawler", "fetch", *urls, *(["--key-env", key_env] if key_env else [])]
    if config_path is not None:
        command += ["--config", str(config_path)]
    waiting = dict.fromkeys(urls)
    with tempfile.TemporaryFile() as said, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                                            stderr=said) as child:
        longest = FETCH_LONGEST + FETCH_MORE * (len(urls) - 1)
        timer = threading.Timer(longest, child.kill)
        timer.start()
        try:
            assert child.stdout is not None
            for line in child.stdout:
                answer = _answer(line)
                if answer is not None:
                    waiting.pop(answer["requested_url"], None)
                    yield _fetched(answer, now)
        finally:
            late = not timer.is_alive()
            timer.cancel()
            child.kill()
            child.wait()
        if waiting:
            first = next(iter(waiting))
            if late:
                raise FetchError(f"{first} was not had within {longest:g} s")
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").strip().splitlines()
            why = lines[-1] if lines else f"exit code {child.returncode}"
            raise FetchError(f"{first} could not be fetched: {why}")


def _answer(line: bytes) -> Event | None:
    with contextlib.suppress(ValueError):
        answer = json.loads(line)
        if isinstance(answer, dict) and "outcome" in answer and "requested_url" in answer:
            return answer
    return None


def _fetched(answer: Event, now: datetime) -> Fetched:
    ok, url = answer["outcome"] == "ok", str(answer["requested_url"])
    page = Page(url=answer.get("url") or url, requested_url=url, status=answer.get("status") or 0,
                content_type=answer.get("content_type"), body=base64.b64decode(answer.get("body") or ""),
                fetched_at=now) if ok else None
    return Fetched(ok=ok, outcome=str(answer["outcome"]), why=answer.get("error"), page=page, url=url)
