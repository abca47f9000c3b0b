"""One reading child: a process with a pipe of its own, started when it is needed and again when it has ended.

Children are forked from a server of multiprocessing's, in which `crawler.warm` has loaded what they all need: two of
them and their server share 150 MB that each would hold for itself if it were started anew.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import pickle
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

from crawler.machine import address_space
from crawler.reading import confine
from records.errors import ReaderError

MB = 1024 * 1024
RENEW_AFTER = 500  # jobs of one child; lexicons stay loaded, leaks don't stay for ever
LONGEST_START = 120.0  # seconds: it takes one, on a machine that swaps many
ROOM = 96 * MB  # bytes that a reader needs beside what it was forked with: a page of 1.1 MB takes 48 (measured)
LAST_WAIT = 10.0  # seconds for a child that was killed, or has closed its pipe, to be gone
FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(["crawler.warm"])
SERVER_GONE = 255  # the code that multiprocessing gives a child whose server ended before it
Job = tuple[Callable[..., Any], tuple[Any, ...]]


class Late(Exception):  # noqa: N818 - what came, not what is wrong with us
    """The job took longer than it may; its child was killed."""


class Died(Exception):  # noqa: N818
    """The child ended instead of answering. `code` is its exit code; minus the signal where one ended it."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"exit code {code}")
        self.code = code


class NotStartedError(Died):
    """It ended before it had said that it is there."""


class Child:
    """Used by one thread at a time; `close` may come from another."""

    def __init__(self, memory: int, on_start: Callable[[str], None] = lambda why: None) -> None:
        self._memory, self._on_start = memory, on_start
        self._why = "first"  # of the next start
        self._process: ForkServerProcess | None = None
        self._pipe: Connection | None = None
        self._served = 0
        self._closed = False
        self._lock = threading.Lock()  # of starting and closing

    def run(self, job: Job, deadline: float) -> Any:
        """What the job returns. Raises Late, Died, ReaderError, or what the job raises (as the child could send it)."""
        if self._process is not None and (self._served >= RENEW_AFTER or not self._process.is_alive()):
            self._why = "renewed" if self._process.is_alive() else "died"
            self._end()
        if self._process is None:
            self._start()
        self._served += 1
        assert self._pipe is not None, "made by _start"
        try:
            self._pipe.send(job)
            answered = self._pipe.poll(deadline)
            kind, came = self._pipe.recv() if answered else ("", None)
        except (EOFError, OSError) as error:
            self._why = "died"
            raise Died(self._end()) from error
        if not answered:
            self._why = "late"
            self._end()
            raise Late
        if isinstance(came, Exception) and kind == "error":
            raise came
        return came

    def close(self) -> None:
        """End the child at once, and start none again."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    def _start(self) -> None:
        mine, its = FORK.Pipe()
        with self._lock:
            if self._closed:
                raise Died(None)
            process = FORK.Process(target=serve, args=(its, self._memory), daemon=True, name="reader")
            try:
                process.start()
            except (EOFError, ConnectionError) as error:  # its server is just ending; the next start makes a new one
                raise NotStartedError(SERVER_GONE) from error
            except OSError as error:
                raise ReaderError(f"no reading child can be started ({error}); give the machine more memory, or this "
                                  "user more processes and open files") from error
            self._process, self._pipe, self._served = process, mine, 0
        self._on_start(self._why)
        its.close()  # so that the pipe ends with the child
        try:
            there = mine.poll(LONGEST_START)
            objection = mine.recv() if there else None
        except (EOFError, OSError) as error:
            raise NotStartedError(self._end()) from error
        if not there or objection:
            self._end()
            raise ReaderError(objection) if objection else NotStartedError(None)

    def _end(self) -> int | None:
        """Make sure that the child is gone; returns its own exit code where it had ended by itself."""
        process, pipe = self._process, self._pipe
        if process is None or pipe is None:
            return None
        pipe.close()
        process.join(0.5)  # it may be dying of what it read
        if process.exitcode is None:
            process.kill()
            process.join(LAST_WAIT)
        with self._lock:
            self._process = self._pipe = None
        return process.exitcode


def serve(pipe: Connection, memory: int) -> None:
    """The child's life: say that it is there, then answer one job after the other until the pipe closes."""
    short = objection(memory)  # asked while there is memory to say it
    confine(memory)
    with contextlib.suppress(EOFError, ConnectionError):  # the worker was killed, and this one's end is near
        pipe.send(short)
        while True:
            _answer(pipe, pipe.recv_bytes())


def _answer(pipe: Connection, asked: bytes) -> None:
    try:
        job, args = pickle.loads(asked)  # noqa: S301 - of our own worker
        answer: tuple[str, Any] = ("value", job(*args))
    except BaseException as error:  # noqa: BLE001 - told to the worker, which decides
        answer = ("error", sendable(error))
    try:
        pipe.send(answer)
    except (ValueError, TypeError, AttributeError, RecursionError, MemoryError) as error:  # it can't be pickled
        pipe.send(("error", sendable(error)))


def objection(memory: int) -> str | None:
    """Why this process could read nothing: what it was forked with leaves too little of what it may have."""
    used, limit = address_space()
    most = memory if limit is None else min(memory, limit)
    if most - used >= ROOM:
        return None
    return (f"a reading child may have {most // MB} MB of address space and takes {used // MB} MB before it reads "
            f"anything; give it {(used + ROOM) // MB} MB at least: raise read_memory in [crawl], or the limit of the "
            "whole daemon")


def sendable(error: BaseException) -> Exception:
    """An error that survives the pipe: of the kinds that the worker tells apart, else by its name and its trace."""
    for kind in (MemoryError, ImportError):
        if isinstance(error, kind):
            return kind(str(error))
    return JobError(type(error).__name__, "".join(traceback.format_exception(error)))


class JobError(Exception):
    """What a job raised: the name of the error's class, and its trace."""

    def __init__(self, name: str, trace: str) -> None:
        super().__init__(name, trace)
        self.name, self.trace = name, trace

    def __str__(self) -> str:
        return f"{self.name}\n{self.trace}"
