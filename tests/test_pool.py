"""The reading children: what a hang, a crash, a flood of memory or a parser's bug costs."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from crawler.child import Child
from crawler.machine import memory
from crawler.pool import Readers
from crawler.reading import Unread
from records.errors import ReaderError, UnreadableError

MEGABYTE = 1024 * 1024


def double(number: int) -> int:
    return 2 * number


def hang() -> None:
    while True:
        pass


def crash() -> None:
    ctypes.string_at(0)


def swallow() -> int:
    return len(b"x" * (900 * MEGABYTE))


def killed_at_first(mark: str) -> str:
    """Killed from outside the first time; the second time there is a mark, and it is read."""
    path = Path(mark)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "read"


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def pid() -> int:
    return os.getpid()


def refuse() -> None:
    raise UnreadableError("http://a.example/ holds no text", rule="no-text")


def stumble() -> None:
    raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")


@asynccontextmanager
async def reading(deadline: float = 20.0) -> AsyncIterator[Readers]:
    readers = Readers(children=2, deadline=deadline, memory=600 * MEGABYTE)
    try:
        yield readers
    finally:
        readers.stop()


def test_bytes_that_kill_their_reader_cost_one_reading_and_the_others_go_on() -> None:
    async def read() -> list[object]:
        async with reading(deadline=1.5) as readers:
            return list(await asyncio.gather(
                readers.read(hang, what="/hang"), readers.read(crash, what="/crash"),
                readers.read(swallow, what="/swallow"), *(readers.read(double, n, what="/") for n in range(8))))

    began = time.monotonic()
    hung, crashed, swallowed, *others = asyncio.run(read())
    assert time.monotonic() - began < 15
    assert hung == Unread("reader-killed", "reading /hang took longer than 1.5 s", killed=True)
    assert crashed == Unread("reader-killed", "reading /crash crashed the reader (exit -11)", killed=True)
    assert swallowed == Unread("reader-killed", "reading /swallow needs more memory than a reader may have",
                               killed=True)
    assert others == [2 * n for n in range(8)]


def test_unreadable_bytes_and_a_parsers_bug_come_back_as_values() -> None:
    async def read() -> list[object]:
        async with reading() as readers:
            return [await readers.read(refuse, what="/a"), await readers.read(stumble, what="/b")]

    assert asyncio.run(read()) == [Unread("no-text", "http://a.example/ holds no text"),
                                   Unread("reader-error", "reading /b failed (UnicodeEncodeError)")]


def test_a_reader_killed_from_outside_is_no_verdict_on_what_it_read(tmp_path: Path) -> None:
    async def read() -> list[object]:
        async with reading() as readers:
            return [await readers.read(killed_at_first, str(tmp_path / "mark"), what="/a"),
                    await readers.read(killed, what="/b")]

    assert asyncio.run(read()) == ["read", Unread("reader-killed", "reading /b was ended from outside, 3 times",
                                                  killed=True)]


def test_an_idle_reader_that_is_killed_costs_nothing() -> None:
    """By the kernel short of memory, say. Pebble gives the whole pool up; nothing read afterwards may suffer by it."""
    async def read() -> list[object]:
        async with reading() as readers:
            for _ in range(2):
                os.kill(await readers.read(pid, what="/"), signal.SIGKILL)
                await asyncio.sleep(0.3)  # time in which pebble sees it, with nothing to read
            return list(await asyncio.gather(*(readers.read(double, n, what="/") for n in range(4))))

    assert asyncio.run(read()) == [0, 2, 4, 6]


def test_readers_that_have_no_room_to_read_in_say_so_and_judge_nothing() -> None:
    async def run() -> None:
        readers = Readers(children=1, deadline=20.0, memory=200 * MEGABYTE)
        try:
            await readers.read(double, 1, what="/a")
        finally:
            readers.stop()

    with pytest.raises(ReaderError, match=r"may have 200 MB of address space and takes \d+ MB .* raise read_memory"):
        asyncio.run(run())


def wait_for(mark: str) -> None:
    while not Path(mark).exists():
        time.sleep(0.01)


def test_a_reader_whose_worker_has_gone_ends_without_a_word(tmp_path: Path) -> None:
    """The answer that nobody takes any more is no fault of the reader's."""
    child, mark = Child(600 * MEGABYTE), tmp_path / "mark"
    assert child.run((double, (1,)), 20.0) == 2
    process, pipe = child._process, child._pipe
    assert process is not None
    assert pipe is not None
    pipe.send((wait_for, (str(mark),)))
    pipe.close()
    mark.touch()
    process.join(20)
    assert process.exitcode == 0


def test_a_worker_without_memory_says_so_on_one_line() -> None:
    done = subprocess.run(["/usr/bin/prlimit", f"--as={150 * MEGABYTE}", sys.executable, "-m", "crawler", "work"],
                          capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert done.stderr.startswith("crawler: the crawl worker may have 150 MB of address space and needs 768 MB")
    assert len(done.stderr.splitlines()) == 1


def test_a_container_counts_as_the_machine(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text("536870912\n", "ascii")
    assert memory(limit) == 512 * MEGABYTE
    limit.write_text("max\n", "ascii")
    assert memory(limit) > 512 * MEGABYTE
