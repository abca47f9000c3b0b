"""The reading pool: children that may be killed, so that a hang or a crash of a parser costs one page.

A feed of 0.7 MB with 25,000 chained entities crashes the process that parses it; others keep one busy for a minute.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import TimeoutError as DeadlineError
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Any

from pebble import ProcessExpired, ProcessPool

from crawler.reading import Unread, confine, guarded

RENEW_AFTER = 500  # jobs of one child; lexicons stay loaded, leaks don't stay for ever
TRIES = 3  # readings of one body whose child is killed from outside
FROM_OUTSIDE = (-signal.SIGKILL, -signal.SIGTERM)  # by a person or the kernel short of memory: no fault of the body
log = logging.getLogger(__name__)


class Readers:
    """A few children; `read` runs a job of crawler.reading in one of them."""

    def __init__(self, *, children: int, deadline: float, memory: int) -> None:
        self._deadline = deadline
        self._fresh = partial(ProcessPool, max_workers=children, max_tasks=RENEW_AFTER, initializer=confine,
                              initargs=(memory,), context=multiprocessing.get_context("spawn"))
        self._pool = self._fresh()

    async def read(self, job: Callable[..., Any], *args: Any, what: str) -> Any:
        """What the job returns, or Unread; never raises for what is in the bytes. `what` is their address.

        A child that was killed from outside is no verdict on what it read: another one reads it. Raises what the pool
        itself or the installation of the readers raises.
        """
        for _ in range(TRIES - 1):
            with contextlib.suppress(BrokenProcessPool):
                came = await self._read(job, args, what)
                if came is not None:
                    return came
            log.warning("a reading child was killed from outside; another one reads %s", what)
        came = await self._read(job, args, what)
        return Unread("reader-killed", f"reading {what} was ended from outside, {TRIES} times", killed=True) \
            if came is None else came

    async def _read(self, job: Callable[..., Any], args: tuple[Any, ...], what: str) -> Any:
        """One reading; None where its child was killed from outside (no job returns None)."""
        pool = self._pool
        try:
            running = pool.schedule(guarded, args=(job, *args), timeout=self._deadline)
        except RuntimeError as error:  # what pebble says of a pool that has broken
            self._replace(pool)
            raise BrokenProcessPool(str(error)) from error
        try:
            return await asyncio.wrap_future(running)
        except BrokenProcessPool:  # an idle child was killed: pebble gives the whole pool up
            self._replace(pool)
            raise
        except DeadlineError:
            return Unread("reader-killed", f"reading {what} took longer than {self._deadline:g} s", killed=True)
        except ProcessExpired as error:
            if error.exitcode in FROM_OUTSIDE:
                return None
            return Unread("reader-killed", f"reading {what} crashed the reader (exit {error.exitcode})", killed=True)
        except MemoryError:
            return Unread("reader-killed", f"reading {what} needs more memory than a reader may have", killed=True)
        except ImportError:
            raise  # the installation's fault: no page may be taken for unreadable because of it
        except Exception as error:
            # A parser's own bug on one body (feedparser raises on &#xD800;) is that body's affair.
            log.exception("reading %s failed", what)
            return Unread("reader-error", f"reading {what} failed ({type(error).__name__})")

    def _replace(self, broken: ProcessPool) -> None:
        """A new pool instead of this one, unless another reading saw to it already."""
        if self._pool is broken:
            self._pool = self._fresh()
            broken.stop()  # type: ignore[no-untyped-call]  # pebble's

    def stop(self) -> None:
        """End the children at once; what they read is read again by whoever takes over."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's
        self._pool.join()
