"""What this machine, or the container that stands for one, has to give."""

from __future__ import annotations

import contextlib
import os
import resource
from pathlib import Path

from records.errors import ReaderError

MB = 1024 * 1024
WORKER = 768 * MB  # bytes of address space: 717 were reserved at most, with 5,000 endpoints
LITTLE = 1024 * 1024 * 1024  # bytes: two readers and the rest take 400 MB and large pages more, one 310
CGROUP = Path("/sys/fs/cgroup/memory.max")  # of the container, as it sees it from inside (cgroup v2)


def suited_readers() -> int:
    """Two reading children; one where there is one core only, or little memory."""
    return 1 if cores() == 1 or memory() < LITTLE else 2


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory(cgroup: Path = CGROUP) -> int:
    """Bytes that all processes together may have."""
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):  # "max", or no such file
        return min(whole, int(cgroup.read_text("ascii")))
    return whole


def address_space() -> tuple[int, int | None]:
    """Bytes of address space that this process has taken, and the most that it may; None where nothing limits it."""
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    most = None if soft == resource.RLIM_INFINITY else soft
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE"), most
    except OSError:  # not Linux: the limit is not judged beforehand
        return 0, most


def check_room() -> None:
    """Raise ReaderError where a limit leaves too little for the worker: its libraries would say so on thirty lines."""
    _, most = address_space()
    if most is not None and most < WORKER:
        raise ReaderError(f"the crawl worker may have {most // MB} MB of address space and needs {WORKER // MB} MB of "
                          "memory at least; raise the limit (ulimit -v, LimitAS=) under which the daemon runs")
