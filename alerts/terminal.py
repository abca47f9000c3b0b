"""A digest on a terminal: the text of its mail with some bold, where the terminal shows it."""

from __future__ import annotations

from alerts.quotes import Withhold, as_it_is
from alerts.render import text
from alerts.summary import subject
from records.telling import Digest

BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


def terminal(digest: Digest, *, colour: bool = False, withhold: Withhold = as_it_is) -> str:
    """Subject and text. No control character of a stranger reaches the terminal: the text is cleaned of them."""
    title, lines = subject(digest), text(digest, withhold).splitlines()
    if not colour:
        return "\n".join([title, "", *lines, ""])
    ruled = {i for i, line in enumerate(lines) if line and set(line) == {"="}}
    shown = [f"{BOLD}{line}{PLAIN}" if i + 1 in ruled or line.startswith("!!") else line
             for i, line in enumerate(lines) if i not in ruled]
    return "\n".join([f"{BOLD}{title}{PLAIN}", "", *shown, ""])
