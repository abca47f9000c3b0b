"""What each process of the daemon takes of the memory: resident (RSS), and its fair share of what is shared (PSS).

    python -m benchmarks.memory [--seconds 60]

`homeward run` works on the newsroom, in which two days of news are out, for so many seconds. PSS counts a page that
three processes share as a third in each, so that the sums are what the machine gives; RSS counts it thrice.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from homeward.newsroom import Newsroom
from homeward.newsroom.post import Mailbox
from homeward.newsroom.subscribing import write_config
from storage import Store

HOMEWARD = Path(sys.executable).with_name("homeward")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One process. Sizes in MB, `peak` is the most that was ever resident."""

    pid: int
    name: str
    rss: float
    pss: float
    own: float  # shared with nobody
    peak: float
    files: int


def family(pid: int) -> list[int]:
    """The process and its living descendants."""
    listing = subprocess.run(["/bin/ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    rows = sorted(tuple(map(int, line.split())) for line in listing.splitlines())
    found = [pid]
    for _ in range(4):  # generations; numbers may have wrapped round, so that order alone does not do
        found += [one for one, parent in rows if parent in found and one not in found]
    return found


def share(pid: int) -> Share | None:
    """None where the process has ended, or is not ours to look at."""
    try:
        proc = Path(f"/proc/{pid}")
        said = (proc / "cmdline").read_text("utf-8", "replace").replace("\0", " ")
        rolled = {line.split(":")[0]: float(line.split()[1]) / 1024
                  for line in (proc / "smaps_rollup").read_text("utf-8").splitlines()[1:]}
        peak = next(float(line.split()[1]) / 1024 for line in (proc / "status").read_text("utf-8").splitlines()
                    if line.startswith("VmHWM"))
        files = len(list((proc / "fd").iterdir()))
    except (OSError, StopIteration):
        return None
    return Share(pid=pid, name=named(said), rss=rolled["Rss"], pss=rolled["Pss"], peak=peak, files=files,
                 own=rolled["Private_Dirty"] + rolled["Private_Clean"])


def named(said: str) -> str:
    for part, name in ((" crawler work ", "worker"), ("forkserver", "readers and their server"),
                       ("spawn_main", "reader"), ("resource_tracker", "resource tracker"), ("homeward", "supervisor")):
        if part in said:
            return name
    return said[:40]


def shares(pid: int) -> list[Share]:
    return [found for one in family(pid) if (found := share(one)) is not None]


def table(found: list[Share]) -> str:
    lines = [f"{'process':<28}{'RSS':>8}{'PSS':>8}{'own':>8}{'peak':>8}{'files':>7}   (MB)"]
    lines += [f"{one.name:<28}{one.rss:8.1f}{one.pss:8.1f}{one.own:8.1f}{one.peak:8.1f}{one.files:7d}" for one in found]
    sums = (sum(one.rss for one in found), sum(one.pss for one in found), sum(one.own for one in found))
    return "\n".join([*lines, f"{'together':<28}" + "".join(f"{sum_:8.1f}" for sum_ in sums)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Newsroom() as room, Mailbox() as mailbox:
        folder = Path(name)
        room.publish(2)
        path = write_config(room, folder, mailbox=mailbox)
        with (folder / "log").open("w") as log:
            daemon = subprocess.Popen([str(HOMEWARD), "run", "--config", str(path)], stdout=log, stderr=log)
        try:
            time.sleep(asked.seconds)
            print(table(shares(daemon.pid)))
            with Store.open(folder / "homeward.db", readonly=True) as store:
                print(store.row("select count(*) as articles from articles"), len(mailbox.mails), "mails")
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(60)


if __name__ == "__main__":
    main()
