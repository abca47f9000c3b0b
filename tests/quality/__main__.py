"""`python -m tests.quality`: the table of measures, the worst articles, and exit 1 where a floor is broken."""

from __future__ import annotations

import argparse
import sys

from tests.quality import below, reports
from tests.quality.score import Report


def table(found: dict[str, Report]) -> str:
    columns = list(next(iter(found.values())).measures())
    lines = [f"{'':<12}{'n':>5}" + "".join(f"{name:>12}" for name in columns)]
    for name, report in found.items():
        values = report.measures()
        lines.append(f"{name:<12}{report.articles:>5}" + "".join(f"{values[column]:>12.3f}" for column in columns))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.quality", description="Score the reading on the labelled articles.")
    parser.add_argument(
        "--worst",
        type=int,
        default=0,
        metavar="N",
        help="list the N articles with most errors (held-out fold excluded)",
    )
    parser.add_argument("--lang", default="all", help="whose worst articles to list")
    options = parser.parse_args()
    found = reports()
    print(table(found))
    for name, wrong in sorted(found[options.lang].wrong, key=lambda item: -len(item[1]))[: options.worst]:
        print(f"\n{name}: " + "; ".join(f"{slot} wanted {want}, read {have}" for slot, want, have in wrong))
    broken = below(found)
    for sentence in broken:
        print(sentence, file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
