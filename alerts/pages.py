"""The archive of digests as pages that people open: where each one lies, and the lists that lead to them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from zoneinfo import ZoneInfo

from alerts.render import write
from records.telling import Digest

TITLE = re.compile(r"<title>(.*?)</title>", re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a list: what it is called and where it leads."""

    href: str
    label: str
    note: str = ""


def place(digest: Digest, copy: int = 1) -> tuple[str, str, str]:
    """Folder, month and file of a digest's page: ("returns", "2019-07", "2019-07-16.html"). `copy` is above 1 where the
    place is taken by a page that says something else."""
    again = f"-{copy}" if copy > 1 else ""
    local = digest.until.astimezone(ZoneInfo(digest.subscription.zone))
    return digest.subscription.id, f"{local:%Y-%m}", f"{digest.period}{again}.html"


def title_of(page: str) -> str:
    """What a page of the archive is called."""
    found = TITLE.search(page)
    return unescape(found.group(1)).strip() if found else ""


def index(title: str, entries: Sequence[Entry], *, up: str = "") -> str:
    """A list of pages or of folders."""
    return write("index.html.j2", title=title, entries=entries, up=up)
