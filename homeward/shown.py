"""Plain text on a terminal: aligned tables, whatever the script; nothing of a stranger's controls the terminal."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from alerts.safe import plain

ISOLATE, POP = "\u2068", "\u2069"  # right-to-left text keeps to its column
BOLD, DIM, RED, RESET = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[0m"
LEAST = 8  # a column is not squeezed below this
ENOUGH = 32  # cells of a column where the line is too long whatever is done


def width_of(text: str) -> int:
    """Cells that a text takes: wide ones two, marks and format characters none."""
    return sum(0 if unicodedata.combining(c) or unicodedata.category(c) in {"Cf", "Me", "Mn"}
               else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, width: int) -> str:
    """At most `width` cells, with "…" for what is left out."""
    if width_of(text) <= width:
        return text
    kept, used = [], 0
    for c in text:
        used += width_of(c)
        if used > width - 1:
            break
        kept.append(c)
    return "".join(kept).rstrip() + "…"


def isolate(text: str) -> str:
    """A text that may run right to left, fenced so that it does not turn its neighbours around."""
    rtl = any(unicodedata.bidirectional(c) in {"R", "AL", "AN"} for c in text)
    return f"{ISOLATE}{text}{POP}" if rtl else text


def columns() -> int | None:
    """The terminal's width; None where output goes elsewhere and nothing need be cut."""
    if os.environ.get("COLUMNS", "").isdigit():
        return max(int(os.environ["COLUMNS"]), 40)
    return max(shutil.get_terminal_size().columns, 40) if sys.stdout.isatty() else None


def colours() -> bool:
    """NO_COLOR and a dumb terminal are honoured; a pipe gets none."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, code: str) -> str:
    return f"{code}{text}{RESET}" if colours() else text


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: Sequence[int] = (),
          give: int = -1) -> str:
    """Rows under their heads, two spaces apart. Column `give` is cut where the terminal is too narrow."""
    cells = [[plain("" if value is None else str(value)) for value in row] for row in rows]
    widths = [max(width_of(line[i]) for line in [list(heads), *cells]) for i in range(len(heads))]
    room = columns()
    over = sum(widths) + 2 * (len(widths) - 1) - room if room else 0
    if over > 0:  # a few letters of a title help nobody, where addresses beside it take more than the room there is
        fits = widths[give] - over
        widths[give] = fits if fits >= LEAST else min(widths[give], ENOUGH)
    lines = [_line(heads, widths, numbers), *(_line(row, widths, numbers) for row in cells)]
    return "\n".join([paint(lines[0], BOLD), *lines[1:]])


def _line(cells: Sequence[str], widths: Sequence[int], numbers: Sequence[int]) -> str:
    parts = []
    for index, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        shown = cut(cell, width)
        space = " " * (width - width_of(shown))
        parts.append(space + isolate(shown) if index in numbers else isolate(shown) + space)
    return "  ".join(parts).rstrip()


def hung(label: str, text: str, note: str = "") -> list[str]:
    """A text behind its label, wrapped below itself where the terminal is too narrow, and a dim note at its end."""
    room = columns()
    rows = textwrap.wrap(text, max(room - width_of(label), 30), break_long_words=False,
                         break_on_hyphens=False) if room else [text]
    if note and room and width_of(label) + width_of(rows[-1]) + 2 + width_of(note) > room:
        rows.append(paint(note, DIM))
    elif note:
        rows[-1] += "  " + paint(note, DIM)
    return [f"{' ' * width_of(label) if number else label}{row}" for number, row in enumerate(rows)]


def when(moment: datetime | None) -> str:
    """A moment as people write it here, to the minute."""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"


def counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


class Counter:
    """How far a long job has come, on one line of a terminal's standard error; nothing elsewhere."""

    def __init__(self, what: str, most: int) -> None:
        self._what, self._most, self._done = what, most, 0
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def __enter__(self) -> Self:
        self._show()
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def count(self) -> None:
        self._done += 1
        self._show()

    def clear(self) -> None:
        """Make room for a line of output."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _show(self) -> None:
        if self._shown and self._most > 1:
            sys.stderr.write(f"\r\x1b[K{self._done} of {self._most} {self._what}")
            sys.stderr.flush()
