"""One child process: started with a list of arguments, listened to line by line, ended within a stated time.

Two threads follow it, because asyncio's own waiting (from Python 3.12 on) lasts until the last grandchild has closed
the pipe, and a grandchild that hangs is exactly what must be ended here.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
LINE_LIMIT = 1 << 20  # bytes; a longer line of output is heard in pieces
LAST_WAIT = 5.0  # seconds between the second SIGTERM and SIGKILL: scrapy ends 0.5 s after a second one


class Child:
    """A running child. It leads a process group of its own, which ends with it.

    Its standard input is a pipe that carries nothing: it closes when this process ends, however that happens, and a
    child that listens to it (`crawler.leash`) ends then too.
    """

    def __init__(self, command: Sequence[str], on_line: Callable[[str], None], files: Sequence[int] = ()) -> None:
        """Start `command`; each line of its output goes to `on_line`, in this loop; errors to ours. Raises OSError.

        `files` are descriptors that it has too, under the same numbers.
        """
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[int] = self._loop.create_future()
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         start_new_session=True, pass_fds=tuple(files))
        self._listener = threading.Thread(target=self._listen, args=(on_line,), daemon=True)
        self._listener.start()
        threading.Thread(target=self._await_end, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    async def wait(self) -> int:
        """Its exit code, once it has ended and every line was heard; below zero: minus the signal."""
        return await asyncio.shield(self._ended)

    async def stop(self, grace: float, last_wait: float = LAST_WAIT) -> int:
        """SIGTERM, `grace` seconds, SIGTERM, a few more, SIGKILL. Returns the exit code."""
        for patience in (grace, last_wait):
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(self.wait(), patience)
        self.kill()
        return await self.wait()

    def kill(self) -> None:
        """End it and its own children at once."""
        if self._process.returncode is None:
            self._kill_group()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _listen(self, on_line: Callable[[str], None]) -> None:
        assert self._process.stdout is not None, "asked for above"
        with self._process.stdout as output:
            while line := output.readline(LINE_LIMIT):
                self._hand_on(on_line, line.decode("utf-8", "replace").rstrip("\r\n"))

    def _await_end(self) -> None:
        # Seen but not yet reaped, its number can't be another's: safe to end what it left behind.
        os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        self._kill_group()
        code = self._process.wait()
        assert self._process.stdin is not None, "asked for above"
        self._process.stdin.close()
        self._listener.join()
        self._hand_on(self._conclude, code)

    def _conclude(self, code: int) -> None:
        if not self._ended.done():
            self._ended.set_result(code)

    def _hand_on(self, heard: Callable[[T], None], what: T) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody listens any more
            self._loop.call_soon_threadsafe(heard, what)
