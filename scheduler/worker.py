"""The crawl worker as the daemon keeps it: started, rotated, started again when it dies, ended when it stands still.

    start ─▶ runs ─▶ 45 min ─▶ stop ─▶ start          (rotation: what leaks is given back)
               ├───▶ dies    ─▶ wait 1, 2, 4 … 60 s ─▶ start
               └───▶ work is due and nothing moves ─▶ stop ─▶ start
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from config.logs import event
from scheduler.child import Child

log = logging.getLogger("homeward.worker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The worker's hours, in seconds."""

    grace: float = 35.0  # a crawl waits for what is in the downloader: feeds 30 s, and some
    last_wait: float = 5.0  # from the second SIGTERM to SIGKILL: Scrapy ends 0.5 s after a second one
    rotate: float = 45 * 60.0  # DNS and robots caches have no other end (TECH 1.4)
    patience: float = 300.0  # with work due and nothing moving; the longest single step takes under two minutes
    first_pause: float = 1.0
    longest_pause: float = 60.0
    settled: float = 60.0  # a worker that lived so long was no failed start


class Worker:
    """Keeps one child running until told to stop."""

    def __init__(self, command: Sequence[str], *, pace: Pace,
                 on_line: Callable[[str], None] = lambda line: None, files: Sequence[int] = ()) -> None:
        self.command, self.files = tuple(command), tuple(files)
        self.pace = pace
        self.starts = 0
        self.failures = 0  # in a row: it ended by itself before it had settled
        self.last_code: int | None = None  # of the last one that ended by itself
        self.child: Child | None = None
        self._on_line = on_line
        self._stopping = asyncio.Event()
        self._turn = asyncio.Event()  # end this child, start another
        self._seen: object = None
        self._still_since: float | None = None
        self._began = time.monotonic()

    @property
    def failing(self) -> int:
        """How often in a row it ended by itself; 0 once it has settled."""
        return 0 if time.monotonic() - self._began >= self.pace.settled else self.failures

    async def keep(self) -> None:
        """Run until `stop`. Never raises for what the child does."""
        pause = self.pace.first_pause
        while not self._stopping.is_set():
            started = time.monotonic()
            code = await self._one()
            if self._stopping.is_set() or code is None:
                continue
            lived = time.monotonic() - started
            settled = lived >= self.pace.settled
            pause = self.pace.first_pause if settled else pause
            self.failures, self.last_code = (1 if settled else self.failures + 1), code
            log.warning("the crawl worker ended with code %s after %.0f s; it starts again in %g s", code, lived, pause,
                        extra=event("worker.ended", code=code, lived=round(lived, 1), pause=pause))
            await self._sleep(pause)
            pause = min(pause * 2, self.pace.longest_pause)

    async def _one(self) -> int | None:
        """One child's life. Its exit code when it ended by itself; None when we ended it."""
        try:
            self.child = Child(self.command, self._on_line, self.files)
        except OSError as error:
            log.error("the crawl worker can't be started (%s): %s", error, " ".join(self.command),
                      extra=event("worker.not_started"))
            return 127
        self.starts += 1
        self._began = time.monotonic()
        self._turn.clear()
        self._still_since = None
        ended = asyncio.create_task(self.child.wait())
        turn = asyncio.create_task(self._turn.wait())
        stop = asyncio.create_task(self._stopping.wait())
        done, _ = await asyncio.wait({ended, turn, stop}, timeout=self.pace.rotate, return_when=asyncio.FIRST_COMPLETED)
        turn.cancel()
        stop.cancel()
        if ended in done:
            return ended.result()
        await self.child.stop(self.pace.grace, self.pace.last_wait)
        await ended
        self.failures = 0
        return None

    def take(self, command: Sequence[str], pace: Pace, files: Sequence[int] = ()) -> None:
        """Go on with another command: this child may finish what is under way, then the next one starts."""
        self.command, self.pace, self.files = tuple(command), pace, tuple(files)
        self._turn.set()

    def watch(self, *, waiting: int, progress: object) -> None:
        """Look whether the worker gets on; end it after `patience` without. Call it every few seconds.

        Measured by the monotonic clock and by change alone: a clock set back or a machine that slept ends nobody.
        """
        now = time.monotonic()
        if not waiting or progress != self._seen or self._still_since is None:
            self._seen, self._still_since = progress, now
        elif now - self._still_since > self.pace.patience:
            log.error("%d pieces of work are due and the crawl worker has not moved for %.0f s; it is ended and "
                      "started again", waiting, now - self._still_since,
                      extra=event("worker.still", waiting=waiting, seconds=round(now - self._still_since)))
            self._still_since = None
            self._turn.set()

    def stop(self) -> None:
        """Ask `keep` to end the child within the grace and to return."""
        self._stopping.set()

    def restart(self) -> None:
        """End the child at once and start another. Ended in order, SQLite would remove the journal that stands beside
        the name of its database, which may be another file's by now."""
        if self.child is not None:
            self.child.kill()

    def kill(self) -> None:
        """End the child at once."""
        self._stopping.set()
        if self.child is not None:
            self.child.kill()

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
