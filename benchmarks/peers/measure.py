"""CPU seconds and memory of a whole process tree, as the kernel counts them."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
MB = 1024 * 1024
# As installed, each program's modules are compiled once and for all, whatever the shell of whoever measures says.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one command, or one stretch of a running one, cost. `peak`: the tree's largest sum of memory, bytes."""

    cpu: float
    wall: float
    peak: int
    code: int | None = None  # None: it was killed at its limit of time or memory
    why: str = ""

    @property
    def peak_mb(self) -> int:
        return self.peak // MB


def family(root: int) -> list[int]:
    """The process and all that descend from it and are still there."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, at = [root], 0
    while at < len(found):
        found += children.get(found[at], [])
        at += 1
    return found


def cpu(pids: Sequence[int], *, children: bool = True) -> float:
    """User and system time of these, in seconds; with that of their children that have ended."""
    last = 15 if children else 13
    return sum(sum(int(part) for part in fields[11:last]) for pid in pids if (fields := _stat(pid))) / TICK


def resident(pids: Sequence[int]) -> int:
    """Bytes in memory; what several share is shared out among them (PSS)."""
    return sum(map(_pss, pids))


def run(command: Sequence[str], *, folder: Path, seconds: float = 600, most: int = 3000 * MB) -> Cost:
    """Run a command to its end; its output goes to files in the folder."""
    with (folder / "out").open("ab") as out, (folder / "err").open("ab") as err:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=err, cwd=folder, env=ENVIRONMENT,
                                   start_new_session=True)
        seen = _Seen(process.pid)
        watcher = threading.Thread(target=seen.watch, args=(seconds, most), daemon=True)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seen.over.set()
        watcher.join()
    return Cost(
        cpu=max(usage.ru_utime + usage.ru_stime, sum(seen.used.values())),
        wall=time.monotonic() - began,
        peak=seen.peak,
        why=seen.why,
        code=None if seen.why else process.returncode,
    )


class _Seen:
    def __init__(self, pid: int) -> None:
        self.pid, self.peak, self.why, self.over = pid, 0, "", threading.Event()
        self.used: dict[int, float] = {}  # own time as last seen: a fork server's children are in no rusage

    def watch(self, seconds: float, most: int) -> None:
        end = time.monotonic() + seconds
        while not self.over.wait(0.25):
            pids = family(self.pid)
            now = resident(pids)
            self.used |= {pid: own for pid in pids if (own := cpu([pid], children=False))}
            self.peak = max(self.peak, now)
            if now > most or time.monotonic() > end:
                self.why = f"killed at {now // MB} MB" if now > most else f"killed after {seconds:.0f} s"
                for pid in reversed(family(self.pid)):
                    try:
                        os.kill(pid, 9)
                    except ProcessLookupError:
                        continue


def _stat(pid: int) -> list[str] | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
