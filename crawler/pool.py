"""The reading pool: children that may be killed, so that a hang or a crash of a parser costs one page.

A feed of 0.7 MB with 25,000 chained entities crashes the process that parses it; others keep one busy for a minute.
Each child has a pipe of its own and one body at a time. Children that share a queue share its lock too: one that was
killed at the wrong moment took bodies of the others with it, or held them all up for ever (seen with pebble 5.2).
"""

from __future__ import annotations

import asyncio
import logging
import queue
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from crawler.child import SERVER_GONE, Child, Died, JobError, Late, NotStartedError
from crawler.reading import Unread, guarded
from records.errors import ReaderError

TRIES = 3  # readings of one body whose child is killed from outside
FROM_OUTSIDE = (-signal.SIGKILL, -signal.SIGTERM, SERVER_GONE, None)  # by a person, or a kernel short of memory
log = logging.getLogger(__name__)


class Readers:
    """A few children, each with a thread that waits for it; `read` runs a job of crawler.reading in one of them."""

    def __init__(self, *, children: int, deadline: float, memory: int,
                 on_start: Callable[[str], None] = lambda why: None) -> None:
        """`on_start` is told of each child's start, and why the one before it ended: from any thread."""
        self._deadline = deadline
        self._children = tuple(Child(memory, on_start) for _ in range(children))
        # The one that read last reads next: the second one starts when two bodies are there at once.
        self._idle: queue.LifoQueue[Child] = queue.LifoQueue()
        for child in self._children:
            self._idle.put(child)
        self._threads = ThreadPoolExecutor(children, thread_name_prefix="reader")

    async def read(self, job: Callable[..., Any], *args: Any, what: str) -> Any:
        """What the job returns, or Unread; never raises for what is in the bytes. `what` is their address.

        A child that was killed from outside is no verdict on what it read: another one reads it. Raises ReaderError
        where no child can be had, and what the installation of the readers raises.
        """
        last: Died | None = None
        for _ in range(TRIES):
            try:
                return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, job, args)
            except Late:
                return Unread("reader-killed", f"reading {what} took longer than {self._deadline:g} s", killed=True)
            except NotStartedError as died:
                log.warning("a reading child did not start (exit code %s)", died.code)
                last = died
            except Died as died:
                last = died
                if died.code not in FROM_OUTSIDE:
                    return Unread("reader-killed", f"reading {what} crashed the reader (exit {died.code})", killed=True)
                log.warning("a reading child was killed from outside; another one reads %s", what)
            except MemoryError:
                return Unread("reader-killed", f"reading {what} needs more memory than a reader may have", killed=True)
            except ImportError:
                raise  # the installation's fault: no page may be taken for unreadable because of it
            except JobError as error:
                # A parser's own bug on one body (feedparser raises on &#xD800;) is that body's affair.
                log.error("reading %s failed: %s", what, error)
                return Unread("reader-error", f"reading {what} failed ({error.name})")
        if isinstance(last, NotStartedError):
            raise ReaderError(f"reading children end as soon as they are started (exit code {last.code}); see the log, "
                              "and whether the machine has memory left")
        return Unread("reader-killed", f"reading {what} was ended from outside, {TRIES} times", killed=True)

    def _read(self, job: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """In a thread: with the next idle child. There are as many threads as children, so one is idle."""
        child = self._idle.get()
        try:
            return child.run((guarded, (job, *args)), self._deadline)
        finally:
            self._idle.put(child)

    def stop(self) -> None:
        """End the children at once; what they read is read again by whoever takes over."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for child in self._children:
            child.close()
        self._threads.shutdown(wait=True)
