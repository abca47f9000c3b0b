"""The daemon with real processes: starting, dying, standing still, rotating, stopping; the lock; systemd."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.leash import works
from records.errors import StoreBusyError
from scheduler.lock import holder, only_one
from scheduler.notify import notify
from scheduler.worker import Pace, Worker
from tests import daemon

GOOD = """
import signal, sys, time
def bye(*_):
    print("bye"); sys.exit(0)
signal.signal(signal.SIGTERM, bye)
print("up")
while True: time.sleep(60)
"""
DEAF = """
import os, signal, time
signal.signal(signal.SIGTERM, lambda *_: print("heard"))
print("up", os.getpid())
while True: time.sleep(60)
"""
SHORT = "print('up'); raise SystemExit(7)"


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    yield
    daemon.end_all()


def finish(process: subprocess.Popen[str], seconds: float = 20) -> tuple[int, str, str]:
    """Its exit code, the rest of its output and its log; killed (-9) when it does not end in time."""
    assert process.stdout is not None
    assert process.stderr is not None
    killer = threading.Timer(seconds, process.kill)
    killer.start()
    with process:
        out, err = process.stdout.read(), process.stderr.read()
    killer.cancel()
    return process.returncode, out, err


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def is_gone(pid: int) -> bool:
    """It ends: a signal is on its way for a moment, longer on a busy machine."""
    end = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return not is_alive(pid)


def test_sigterm_stops_child_and_daemon_in_order() -> None:
    process = daemon.start(GOOD)
    daemon.until(process, "up")
    process.send_signal(signal.SIGTERM)
    code, out, err = finish(process)
    assert code == 0, err
    assert "bye" in out
    assert "stopping: at most 5 s" in err
    assert err.rstrip().endswith("stopped")


def test_a_child_that_will_not_go_is_killed_after_the_grace() -> None:
    process = daemon.start(DEAF, pace={"grace": 0.3})
    pid = int(daemon.until(process, "up")[-1].split()[1])
    process.send_signal(signal.SIGINT)
    code, out, err = finish(process)
    assert code == 0, err
    assert out.count("heard") == 2
    assert is_gone(pid)


def test_a_second_signal_ends_everything_at_once() -> None:
    process = daemon.start(DEAF, pace={"grace": 600.0})
    pid = int(daemon.until(process, "up")[-1].split()[1])
    process.send_signal(signal.SIGTERM)
    daemon.until(process, "heard")
    process.send_signal(signal.SIGTERM)
    code, _, _ = finish(process, 10)
    assert code == 1
    assert is_gone(pid)


def test_a_telling_that_hangs_does_not_keep_the_daemon_from_stopping() -> None:
    process = daemon.start(GOOD, pace={"grace": 0.5}, tell="hang")
    daemon.until(process, "tell")
    process.send_signal(signal.SIGTERM)
    code, out, err = finish(process, 10)
    assert code == 0
    assert "stopped while the job tell was at work" in err
    assert out.count("tell") == 0, "one telling at a time"


@pytest.mark.parametrize(("tell", "said"), [("fail", "ERROR tell: the disk is full"), ("bug", "ZeroDivisionError")])
def test_a_telling_that_fails_is_logged_and_tried_again(tell: str, said: str) -> None:
    process = daemon.start(GOOD, tell=tell)
    daemon.until(process, "tell")
    daemon.until(process, "tell")
    process.send_signal(signal.SIGTERM)
    code, _, err = finish(process)
    assert code == 0
    assert said in err


def test_a_child_that_dies_is_started_again_each_time_later() -> None:
    process = daemon.start(SHORT)
    for _ in range(4):
        daemon.until(process, "up")
    process.send_signal(signal.SIGTERM)
    code, _, err = finish(process)
    assert code == 0
    pauses = [line.split("again in ")[1] for line in err.splitlines() if "ended with code 7" in line]
    assert pauses[:4] == ["0.05 s", "0.1 s", "0.2 s", "0.4 s"][:len(pauses[:4])]


def test_a_child_that_cannot_be_started_is_told() -> None:
    async def story() -> int:
        worker = Worker(["/nowhere/python"], pace=Pace(first_pause=600.0))
        keeping = asyncio.create_task(worker.keep())
        await asyncio.sleep(0)
        worker.stop()
        await asyncio.wait_for(keeping, 5)
        return worker.starts

    assert asyncio.run(story()) == 0


async def _starts(worker: Worker, wanted: int, *, waiting: int, moving: bool) -> None:
    """Feed the watchdog until the worker was started so often."""
    step = 0
    while worker.starts < wanted:
        step += 1
        worker.watch(waiting=waiting, progress=step if moving else 0)
        await asyncio.sleep(0.02)


def test_a_child_that_stands_still_with_work_waiting_is_replaced() -> None:
    async def story() -> None:
        worker = Worker([sys.executable, "-u", "-c", GOOD], pace=Pace(grace=5, patience=0.2))
        keeping = asyncio.create_task(worker.keep())
        await asyncio.wait_for(_starts(worker, 3, waiting=5, moving=False), 20)
        worker.stop()
        await asyncio.wait_for(keeping, 10)

    asyncio.run(story())


@pytest.mark.parametrize(("waiting", "moving"), [(0, False), (5, True)])
def test_a_child_that_moves_or_has_nothing_to_do_is_left_alone(waiting: int, moving: bool) -> None:
    async def story() -> int:
        worker = Worker([sys.executable, "-u", "-c", GOOD], pace=Pace(grace=5, patience=0.1))
        keeping = asyncio.create_task(worker.keep())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(_starts(worker, 2, waiting=waiting, moving=moving), 0.6)
        worker.stop()
        await asyncio.wait_for(keeping, 10)
        return worker.starts

    assert asyncio.run(story()) == 1


def test_a_child_is_rotated_without_back_off() -> None:
    process = daemon.start(GOOD, pace={"rotate": 0.5, "first_pause": 600.0})
    for _ in range(3):
        daemon.until(process, "up")
    process.send_signal(signal.SIGTERM)
    code, _, err = finish(process)
    assert code == 0
    assert "ended with code" not in err


def test_children_of_a_dead_child_do_not_outlive_it() -> None:
    family = ("import os, subprocess, sys\n"
              "kid = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
              "print('kid', kid.pid); os._exit(9)")
    process = daemon.start(family, pace={"first_pause": 600.0})
    kid = int(daemon.until(process, "kid")[-1].split()[1])
    assert is_gone(kid)
    process.send_signal(signal.SIGTERM)
    assert finish(process)[0] == 0


LEASHED = """
import subprocess, sys
from crawler import leash
kid = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
leash.hold()
print("family", leash.os.getpid(), kid.pid, flush=True)
while True: pass
"""


def test_a_daemon_that_is_killed_takes_its_worker_and_the_workers_children_with_it() -> None:
    """SIGKILL gives no time for a good-bye, and a busy worker listens to nobody: its leash does."""
    process = daemon.start(LEASHED)
    pids = daemon.until(process, "family")[-1].split()[1:]
    process.kill()
    assert finish(process)[0] == -signal.SIGKILL
    assert all(is_gone(int(pid)) for pid in pids)


def test_a_reading_child_ends_with_its_worker() -> None:
    """Though it is busy with a body, and nobody is left to end it."""
    kid = "from crawler.leash import die_with_parent\ndie_with_parent()\nprint('kid', flush=True)\nwhile True: pass"
    family = ("import os, subprocess, sys\n"
              f"kid = subprocess.Popen([sys.executable, '-c', {kid!r}], stdout=subprocess.PIPE)\n"
              "kid.stdout.readline()\nprint(kid.pid, flush=True); os._exit(9)")
    with subprocess.Popen([sys.executable, "-c", family], cwd=daemon.ROOT, stdout=subprocess.PIPE, text=True,
                          env=os.environ | {"PYTHONPATH": str(daemon.ROOT)}) as worker:
        assert worker.stdout is not None
        pid = int(worker.stdout.readline())
    assert is_gone(pid)


def test_a_dead_worker_that_nobody_has_buried_is_dead() -> None:
    """It answers to signal 0 for as long as its parent, or a container's first process, does not ask for its code."""
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
        os.kill(dead.pid, 0)
        assert not works(dead.pid)
    assert works(os.getpid())


def test_systemd_is_told_that_we_are_ready_alive_and_stopping(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(20)
        process = daemon.start(GOOD, env={"NOTIFY_SOCKET": str(tmp_path / "notify")})
        assert listener.recv(200) == b"READY=1"
        assert listener.recv(200).startswith(b"WATCHDOG=1\nSTATUS=0 pieces of work are due")
        daemon.until(process, "up")
        process.send_signal(signal.SIGTERM)
        said = b""
        while said != b"STOPPING=1":
            said = listener.recv(200)
        assert finish(process)[0] == 0


def _is_starved(listener: socket.socket) -> bool:
    """Messages stop: a second without any, where there are ten in one."""
    while True:
        try:
            listener.recv(200)
        except TimeoutError:
            return True


def test_systemd_is_not_told_that_we_live_while_a_job_is_stuck(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(1)
        process = daemon.start(GOOD, tell="hang", hours={"tell_longest": 0.2}, pace={"grace": 0.2},
                               env={"NOTIFY_SOCKET": str(tmp_path / "notify")})
        daemon.until(process, "tell")
        assert _is_starved(listener)
        process.send_signal(signal.SIGTERM)
        assert "the job tell has been at work for more than 0 s" in finish(process)[2]


def test_without_systemd_nothing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    assert not notify("READY=1")


def test_a_second_daemon_is_refused_with_the_pid_of_the_first(tmp_path: Path) -> None:
    hold = ("import sys, pathlib\nfrom scheduler.lock import only_one\n"
            "with only_one(pathlib.Path(sys.argv[1]), 'the daemon'):\n    print('held', flush=True); sys.stdin.read()")
    database = tmp_path / "h.db"
    other = subprocess.Popen([sys.executable, "-c", hold, str(database)], cwd=daemon.ROOT, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             env=os.environ | {"PYTHONPATH": str(daemon.ROOT)})
    daemon.until(other, "held")
    assert holder(database) == f"the daemon (pid {other.pid})"
    with pytest.raises(StoreBusyError, match=rf"is being crawled by the daemon \(pid {other.pid}\) already"), \
            only_one(database, "homeward crawl"):
        pytest.fail("there were two")
    other.kill()  # however it ends, the lock is free
    finish(other)
    with only_one(database, "homeward crawl"):
        assert holder(database) == f"homeward crawl (pid {os.getpid()})"
    assert holder(database) is None
    assert holder(tmp_path / "never.db") is None
