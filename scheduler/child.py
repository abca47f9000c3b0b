"""One child process: started with a list of arguments, listened to line by line, ended within a stated time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Sequence

LINE_LIMIT = 1 << 20  # bytes of one line on standard output
LAST_WAIT = 5.0  # seconds between the second SIGTERM and SIGKILL: scrapy ends 0.5 s after a second one


class Child:
    """A running child. It leads a process group of its own, so that its own children end with it."""

    def __init__(self, process: asyncio.subprocess.Process, on_line: Callable[[str], None]) -> None:
        self._process = process
        self._listening = asyncio.create_task(self._listen(on_line))

    @classmethod
    async def start(cls, command: Sequence[str], on_line: Callable[[str], None]) -> Child:
        """Start `command`; each line of its output goes to `on_line`, its errors to ours. Raises OSError."""
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, start_new_session=True,
            limit=LINE_LIMIT)
        return cls(process, on_line)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def wait(self) -> int:
        """Its exit code, once it has ended and every line was heard; below zero: minus the signal."""
        code = await self._process.wait()
        with contextlib.suppress(TimeoutError):  # a grandchild may hold the pipe open after it
            await asyncio.wait_for(asyncio.shield(self._listening), LAST_WAIT)
        self._listening.cancel()
        return code

    async def stop(self, grace: float) -> int:
        """SIGTERM, `grace` seconds, SIGTERM, a few more, SIGKILL. Returns the exit code."""
        for patience in (grace, LAST_WAIT):
            self._signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                code = await asyncio.wait_for(self._process.wait(), patience)
                self.kill()  # children of its own that it left behind
                return code
        self.kill()
        return await self.wait()

    def kill(self) -> None:
        """End it and its own children at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def _listen(self, on_line: Callable[[str], None]) -> None:
        assert self._process.stdout is not None, "asked for above"
        while True:
            try:
                line = await self._process.stdout.readline()
            except ValueError:  # longer than LINE_LIMIT; what was read so far is dropped
                continue
            if not line:
                return
            on_line(line.decode("utf-8", "replace").rstrip("\r\n"))
