"""Entries that come back under another name: changed guids, a moved site, a re-published archive. Pure.

    unknown entries | same address in this endpoint? | more than half of the feed, nearly all of it known? | replaced
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from records.news import Entry

STORM = 0.5  # of the entries unknown: a feed that was renumbered, and not a busy hour …
FAMILIAR = 0.8  # … where so many of them are known by address, or by title and summary
LEAST = 5  # entries by which a storm is told


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEntry:
    """An entry that the endpoint promised before."""

    key: str
    url: str | None
    title: str | None
    summary: str | None


@dataclass(frozen=True, slots=True)
class Recognised:
    """New key → old key. In a storm the whole feed came under new names, and nothing of it is news."""

    pairs: Mapping[str, str] = field(default_factory=dict)
    storm: bool = False


def is_storm_like(unknown: int, seen: int) -> bool:
    """So much of the feed is unknown that it is worth looking through all that the endpoint ever promised."""
    return seen >= LEAST and unknown > STORM * seen


def by_address(unknown: Sequence[Entry], seen: Sequence[Entry], past: Sequence[PastEntry]) -> Recognised:
    """Entries whose very address the endpoint promised under another guid.

    An address that several entries share, now or before, says nothing of identity.
    """
    now, before = Counter(entry.url for entry in seen), Counter(entry.url for entry in past)
    current = {entry.key for entry in seen}
    olds = {entry.url: entry.key for entry in past if entry.url and before[entry.url] == 1 and entry.key not in current}
    return Recognised({entry.key: olds[entry.url] for entry in unknown if now[entry.url] == 1 and entry.url in olds})


def in_bulk(unknown: Sequence[Entry], seen: Sequence[Entry], past: Sequence[PastEntry],
            canonical: Callable[[str], str]) -> Recognised:
    """All of a re-published archive, by canonical address, else by title and summary; nothing where it is none."""
    if not is_storm_like(len(unknown), len(seen)):
        return Recognised()
    current = {entry.key for entry in seen}
    rest = [entry for entry in past if entry.key not in current]
    addresses = {canonical(entry.url): entry.key for entry in rest if entry.url}
    texts = {text: entry.key for entry in rest if (text := _text(entry)) is not None}
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for entry in unknown:
        text = _text(entry)
        old = (addresses.get(canonical(entry.url)) if entry.url else None) or (texts.get(text) if text else None)
        if old is not None and old not in taken:
            pairs[entry.key] = old
            taken.add(old)
    return Recognised(pairs, storm=True) if len(pairs) > FAMILIAR * len(unknown) else Recognised()


def _text(entry: Entry | PastEntry) -> tuple[str, str] | None:
    return (entry.title, entry.summary or "") if entry.title else None
