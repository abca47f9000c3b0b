"""Whoever started the worker holds the other end of its standard input; when that closes, the worker ends at once.

A supervisor that is killed can't say good-bye. A worker that went on would crawl beside the next one, twice as rude to
other people's servers. Nothing is lost by ending: each visit and article is one transaction, and the next worker gives
back the leases of this one.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def hold() -> None:
    """Watch standard input from a thread, from now on. To be called before anything slow is imported."""
    threading.Thread(target=_await_end, name="leash", daemon=True).start()


def die_with_parent() -> None:
    """For a reading child: the kernel ends it when the worker has gone. Linux only; elsewhere it ends with its job."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def works(pid: int) -> bool:
    """Whether a process of that number works. One that has ended and that nobody has buried yet (a container's first
    process often buries nobody) answers to signals like a living one, and would keep its leases for ten minutes."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] not in {"Z", "X"}
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _await_end() -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    with contextlib.suppress(OSError):
        os.write(2, b"crawler: whoever started this worker has gone; it ends too\n")
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)  # the reading children with it
    os.kill(os.getpid(), signal.SIGKILL)
