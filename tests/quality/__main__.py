"""`python -m tests.quality`: the measures, the worst articles with the reason, timings; exit 1 below a floor."""

from __future__ import annotations

import argparse
import statistics
import sys
import time

from extraction.claims import read_claims
from tests.quality import LARGE, article_of, below, floors, reports, rows
from tests.quality.score import Report

GROUPS = {"own": "own texts, labelled before they were first read", "held-out": "held out: not looked at for rules"}


def group_of(name: str) -> str:
    """Which part of the table a slice belongs to."""
    first = name.split(maxsplit=1)[0]
    return GROUPS.get("own" if first in {"manners", "rounds", "east"} else first, "labelled articles")


def table(found: dict[str, Report]) -> str:
    """A row for each slice, a column for each measure; "*" beside what has no room above its floor."""
    columns, wanted = list(next(iter(found.values())).measures()), floors()
    lines: list[str] = []
    for part in dict.fromkeys(map(group_of, found)):
        lines += ["", f"{part:<50}", f"{'':<14}{'n':>5}" + "".join(f"{name:>12}" for name in columns)]
        for name, report in found.items():
            if group_of(name) == part and report.articles:
                cells = (cell(value, wanted.get(name, {}).get(column)) for column, value in report.measures().items())
                lines.append(f"{name:<14}{report.articles:>5}" + "".join(cells))
    return "\n".join(line.rstrip() for line in [*lines, "", "* at its floor, ! below it"])


def cell(value: float, floor: float | None) -> str:
    mark = " " if floor is None or value > floor + 0.005 else "!" if value < floor - 0.0005 else "*"
    return f"{value:>11.3f}{mark}"


def reason(slot: str, want: object, have: object) -> str:
    """One wrong slot in words: missed, spurious, or read as something else."""
    if have in (None, [], "", {}):
        return f"{slot}: missed {want}"
    if want in (None, [], "", {}):
        return f"{slot}: {have} is not said"
    return f"{slot}: read {have} for {want}"


def worst(report: Report, many: int) -> list[str]:
    """The articles with most errors, each with what was missed, made up or mistaken."""
    ranked = sorted(report.wrong, key=lambda item: -len(item[1]))[:many]
    return [f"{name:<8}{len(wrong):>3} wrong   " + "; ".join(reason(*one) for one in wrong) for name, wrong in ranked]


def timings() -> str:
    """CPU milliseconds per labelled article and language, once read already."""
    told = []
    for lang in LARGE:
        times = []
        for article in [article_of(row) for row in rows("articles.jsonl") if row["lang"] == lang]:
            start = time.process_time()
            read_claims(article)
            times.append(1000 * (time.process_time() - start))
        told.append(f"{lang} {statistics.median(times):.1f}")
    return "median ms of an article: " + ", ".join(told)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.quality", description="Score the reading on the labelled articles.")
    parser.add_argument(
        "--worst",
        type=int,
        default=10,
        metavar="N",
        help="how many articles with most errors to list (the fold held out is never listed)",
    )
    parser.add_argument("--lang", default="all", help="the slice whose worst articles are listed")
    options = parser.parse_args()
    found = reports()
    if options.lang not in found:
        parser.error(f"--lang is one of {', '.join(found)}")
    print(table(found))
    if options.worst:
        print(f"\nworst of {options.lang}", *worst(found[options.lang], options.worst), sep="\n")
    print(f"\n{timings()}")
    broken = below(found)
    for sentence in broken:
        print(sentence, file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
