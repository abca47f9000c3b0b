"""From publication to mail: the daemon at work on the newsroom for some minutes, real processes and the real clock.

    python -m benchmarks.latency [--minutes 10] [--interval 60]

A newspaper publishes a new article every other minute; an instant subscription tells it by mail. Printed: for each
article the seconds from publication to the mail in the box, then what the daemon cost (CPU, memory) and what the
newspapers' servers were asked. The endpoint's own interval is part of the latency, so it is printed beside it.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from homeward.newsroom import Newsroom, Story
from homeward.newsroom.post import Mailbox
from homeward.newsroom.subscribing import write_config

INSTANT = '\n[[subscription]]\nid = "at-once"\nchannel = "desk-mail"\nevery = "instant"\n'
COUNTRIES = ("Denmark", "Finland", "Belgium", "Norway", "Austria", "Sweden", "Canada", "Albania", "Kosovo", "Germany")
HOMEWARD = Path(sys.executable).with_name("homeward")
LAST_WAIT = 180.0  # seconds for the last article's mail


@dataclass
class Told:
    country: str
    published: float
    mailed: float | None = None


def story(n: int, country: str) -> Story:
    """A plain report of one return, dated now."""
    now, children = datetime.now(UTC), 11 + n
    text = (f"{country} on {now:%A} brought home {children} children from al-Hol camp in north-east Syria, the "
            f"{country} Foreign Ministry said.\n\nThe children had lived in the camp since the fall of Islamic State. "
            "A plane took them from Erbil, and doctors looked after them on the way.")
    return Story(id=f"bench-{n}", path=f"/world/{n}-{country.lower()}-brings-home-children", published=now,
                 title=f"{country} brings home {children} children from Syria", text=text,
                 summary=f"{children} children were brought home from al-Hol camp.")


def measure(minutes: float, interval: int) -> list[Told]:
    with tempfile.TemporaryDirectory() as name, Newsroom() as room, Mailbox() as mailbox:
        folder = Path(name)
        room.publish(1)
        path = write_config(room, folder, mailbox=mailbox)
        text = path.read_text("utf-8").replace("interval = 60", f"interval = {interval}", 1)
        path.write_text(text.replace("max_interval = 600", f"max_interval = {max(interval, 60)}") + INSTANT, "utf-8")
        daemon = subprocess.Popen([str(HOMEWARD), "run", "--config", str(path)],
                                  stdout=subprocess.DEVNULL, stderr=(folder / "log").open("w"))
        try:
            told = _publish_and_watch(room, mailbox, minutes)
            memory = _memory(daemon.pid)
        finally:
            daemon.send_signal(signal.SIGTERM)
            began = time.monotonic()
            code = daemon.wait(60)
        print(f"SIGTERM: ended in {time.monotonic() - began:.1f} s with exit code {code}; memory at the end: {memory}")
        statuses = Counter(dict.fromkeys((200, 304), 0))
        for (_, _, status), times in room.hits().items():
            statuses[status] += times
        served = ", ".join(f"{times} × {status}" for status, times in statuses.items())
        print(f"the newspapers' servers answered {served}")
        print("the daemon's log, last lines:", *(folder / "log").read_text("utf-8").splitlines()[-3:], sep="\n  ")
    return told


def _publish_and_watch(room: Newsroom, mailbox: Mailbox, minutes: float) -> list[Told]:
    began, told = time.monotonic(), []
    every = 110.0  # seconds, so that articles fall on different moments of the interval
    while (passed := time.monotonic() - began) < minutes * 60 or (
            any(one.mailed is None for one in told) and passed < minutes * 60 + LAST_WAIT):
        if passed > 30 + every * len(told) and passed < minutes * 60 - 30 and len(told) < len(COUNTRIES):
            country = COUNTRIES[len(told)]
            room["frontier"].add(story(len(told), country))
            told.append(Told(country=country, published=time.monotonic()))
        for mail in list(mailbox.mails):
            for one in told:
                if one.mailed is None and one.country in str(mail.message["Subject"]):
                    one.mailed = time.monotonic()
        time.sleep(0.2)
    subjects = Counter(str(mail.message["Subject"]) for mail in mailbox.mails)
    print("mails:", *(f"{times} × {subject}" for subject, times in subjects.items()), sep="\n  ")
    return told


def _memory(pid: int) -> str:
    listing = subprocess.run(["/bin/ps", "-eo", "pid,ppid,rss,cputimes"], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listing.stdout.splitlines()[1:]]
    family, found = {str(pid)}, []
    for row in sorted(rows, key=lambda row: int(row[0])):
        if row[0] in family or row[1] in family:
            family.add(row[0])
            found.append(f"{int(row[2]) // 1024} MB ({row[3]} s CPU)")
    return ", ".join(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--interval", type=int, default=60)
    asked = parser.parse_args()
    told = measure(asked.minutes, asked.interval)
    for one in told:
        print(f"{one.country}: " + (f"{one.mailed - one.published:.1f} s" if one.mailed else "NOT TOLD"))
    waits = [one.mailed - one.published for one in told if one.mailed]
    if waits:
        print(f"publication to mail, with an interval of {asked.interval} s: median {statistics.median(waits):.1f} s, "
              f"longest {max(waits):.1f} s, {len(waits)} of {len(told)} told")
    print(f"CPU of the daemon and its children: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime:.1f} s")
    raise SystemExit(0 if len(waits) == len(told) and told else os.EX_SOFTWARE)


if __name__ == "__main__":
    main()
