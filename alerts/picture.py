"""The small picture of returns over time: twelve bars, as a table that mail programs show without loading anything.

SVG is stripped by Gmail and Outlook and a PNG can't follow a dark mode, so the bars are table cells with a colour; each
bears its number, so that nothing is lost where colours are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from alerts.sheet import Bar
from alerts.words import number

HEIGHT = 56  # pixels of the highest bar
STEPS = "▁▂▃▄▅▆▇█"


def bars(months: Sequence[tuple[str, int]]) -> tuple[Bar, ...]:
    """A bar for each month; a month with anybody in it has a bar that is seen."""
    most = max((value for _, value in months), default=0)
    found = []
    for month, value in months:
        day = date.fromisoformat(f"{month}-01")
        found.append(Bar(month=f"{day:%B %Y}", short=f"{day:%b}", value=value,
                         height=max(round(value / most * HEIGHT), 2) if value else 0))
    return tuple(found)


def said(some: Sequence[Bar]) -> str:
    """The picture in words: "July 2018 to June 2019: 33 in June 2019, none known in the other months"."""
    if not some:
        return ""
    named = [f"{number(bar.value)} in {bar.month}" for bar in some if bar.value]
    rest = "" if len(named) == len(some) else ", none known in the other months"
    return f"{some[0].month} to {some[-1].month}: {', '.join(named)}{rest}"


def line(some: Sequence[Bar]) -> str:
    """The bars as one line of block characters."""
    most = max((bar.value for bar in some), default=0)
    return "".join(STEPS[-(-bar.value * 7 // most)] if bar.value else STEPS[0] for bar in some) if most else ""
