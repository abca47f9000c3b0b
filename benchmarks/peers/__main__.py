"""Homeward and its peers over one farm of feeds, in one run, as a table.

    python -m benchmarks.peers [--feeds 1000] [--hostile] [--only NAME …]

Three passes: everything new (200), nothing new (304), twenty feeds with a new entry. CPU seconds are those of the whole
process tree, per 1,000 visits; wall times are worth less on a shared machine. The peers are installed from their
package index into `build/peers` (newsboat from the system's packages, where it is there). With `--hostile`: twenty
healthy feeds and one hostile one, sixteen times.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.peers import resident
from benchmarks.peers.contenders import ROOT, Contender, Place, contenders
from benchmarks.peers.farm import HOSTS
from benchmarks.peers.hostile import HOSTILE
from benchmarks.peers.measure import MB, Cost, run
from homeward.newsroom.post import Mailbox

CHANGED = 20
HEALTHY = 20


@contextmanager
def farm(feeds: int) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.peers.farm", "--feeds", str(feeds)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def addresses(port: int, feeds: int) -> list[str]:
    return [f"http://{HOSTS[n % len(HOSTS)]}:{port}/f/{n}" for n in range(feeds)]


def passes(only: Sequence[str], feeds: int) -> None:
    print(
        f"\n{feeds} feeds of 30 entries. CPU s per 1,000 visits; "
        "'asked anew' = visits of the second pass without a validator.\n"
    )
    print(
        f"{'':30}{'all 200':>9}{'all 304':>9}{'asked anew':>12}{'stored':>9}{'peak MB':>9}"
        f"{'20 changed: last alert s':>26}"
    )
    per = 1000 / feeds
    for contender in contenders():
        if only and not any(word.lower() in contender.name.lower() for word in only):
            continue
        with tempfile.TemporaryDirectory() as name, Mailbox() as box, farm(feeds) as port:
            place = Place(folder=Path(name), urls=addresses(port, feeds), smtp=box.port)
            contender.prepare(place)
            first = run(contender.command(place, False), folder=place.folder)
            stored = sum(contender.stored(place).values())
            resident.ask(port, "reset")
            second = run(contender.command(place, False), folder=place.folder)
            anew = resident.ask(port, "stats").get("unconditional", 0)
            last = "" if "Homeward" in contender.name else _alert(contender, place, port, box)
            print(
                f"{contender.name:30}{first.cpu * per:9.1f}{second.cpu * per:9.2f}{anew:12}"
                f"{stored:9}{max(first.peak, second.peak) // MB:9}{last:>26}",
                flush=True,
            )
            _complain(place, first, second)
    if not only or any(word.lower() in "homeward daemon" for word in only):
        with tempfile.TemporaryDirectory() as name, Mailbox() as box, farm(feeds) as port:
            place = Place(folder=Path(name), urls=addresses(port, feeds), smtp=box.port)
            found = resident.measure(place, port, box, CHANGED)
            last = f"{found.last_mail:.1f} ({found.mails} mails)" if found.last_mail else "not all told"
            print(
                f"{'Homeward, the daemon':30}{found.first * per:9.1f}{found.unchanged * per:9.2f}"
                f"{found.unconditional:12}{'':9}"
                f"{resident.memory_mb(found):9}{last:>26}",
                flush=True,
            )


def _alert(contender: Contender, place: Place, port: int, box: Mailbox) -> str:
    """Seconds from publication, which starts a sweep, to the last alert: a hook's line, a mail, or the sweep's end."""
    before = (place.folder / "out").stat().st_size
    resident.ask(port, f"publish?n={CHANGED}")
    published, mark = time.time(), time.monotonic()
    cost = run(contender.command(place, True), folder=place.folder)
    said = (place.folder / "out").read_text("utf-8", "replace")[before:]
    times = [float(line.split()[1]) - published for line in said.splitlines() if line.startswith("told ")]
    if times:
        return f"{max(times):.1f} ({len(times)} by a hook)"
    return (
        f"{cost.wall:.1f} ({len(box.mails)} mails, sweep {time.monotonic() - mark:.1f})"
        if box.mails
        else f"{cost.wall:.1f} (the sweep)"
    )


def _complain(place: Place, *costs: Cost) -> None:
    for cost in costs:
        if cost.code != 0:
            tail = (place.folder / "err").read_text("utf-8", "replace").strip().splitlines()[-1:]
            print(f"  exit {cost.code} {cost.why} {tail}")


def hostile(only: Sequence[str]) -> None:
    print(
        "\nTwenty healthy feeds and one hostile one: healthy feeds stored / entries kept of the hostile one; "
        "60 s and 3 GB allowed.\n"
    )
    chosen = [
        one
        for one in contenders()
        if "bare" not in one.name and (not only or any(word.lower() in one.name.lower() for word in only))
    ]
    print(f"{'':16}" + "".join(f"{one.name:>28}" for one in chosen))
    safe, worst = dict.fromkeys(range(len(chosen)), 0), dict.fromkeys(range(len(chosen)), (0, 0.0))
    for kind in HOSTILE:
        cells = []
        for at, contender in enumerate(chosen):
            with tempfile.TemporaryDirectory() as name, Mailbox() as box, farm(HEALTHY) as port:
                urls = addresses(port, HEALTHY)
                bad = f"http://127.0.0.1:{port}/hostile/{kind}"
                place = Place(folder=Path(name), urls=[*urls[:10], bad, *urls[10:]], smtp=box.port)
                contender.prepare(place)
                cost = run(contender.command(place, False), folder=place.folder, seconds=60)
                stored = contender.stored(place)
            healthy = sum(1 for url in urls if stored.get(url, 0) >= 30)
            safe[at] += healthy == HEALTHY
            worst[at] = (max(worst[at][0], cost.peak_mb), max(worst[at][1], cost.wall))
            cells.append(
                f"{healthy}/{stored.get(bad, 0)} {cost.cpu:.1f}s {cost.peak_mb}MB"
                f"{' ' + cost.why.split()[0] if cost.why else ''}"
            )
        print(f"{kind:16}" + "".join(f"{cell:>28}" for cell in cells), flush=True)
    print(f"{'all 20 stored':16}" + "".join(f"{f'{safe[at]} of {len(HOSTILE)}':>28}" for at in safe))
    print(f"{'worst':16}" + "".join(f"{f'{worst[at][0]} MB, {worst[at][1]:.0f} s':>28}" for at in worst))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--hostile", action="store_true", help="the hostile feeds instead of the passes")
    parser.add_argument("--only", nargs="*", default=[], help="contenders whose name holds one of these words")
    asked = parser.parse_args()
    hostile(asked.only) if asked.hostile else passes(asked.only, asked.feeds)


if __name__ == "__main__":
    main()
