"""Names of minors, withheld from everything that leaves the store for people's eyes.

A name is covered letter by letter, so that every offset still counts the same characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

COVER = "█"
Minors = tuple[tuple[int, int], ...]  # start and end in the reading's text


def minors_of(reading_minors: Iterable[Mapping[str, Any]]) -> Minors:
    return tuple((int(one["start"]), int(one["end"])) for one in reading_minors)


def cover(text: str, minors: Minors, start: int = 0) -> str:
    """`text`, which begins at offset `start` of the reading's text, with the names in it covered."""
    letters = list(text)
    for first, last in minors:
        for place in range(max(first - start, 0), min(last - start, len(letters))):
            if letters[place].isalnum():
                letters[place] = COVER
    return "".join(letters)


def covered(data: Any, minors: Minors) -> Any:
    """JSON data with every evidence quote in it covered."""
    if not minors:
        return data
    if isinstance(data, list):
        return [covered(one, minors) for one in data]
    if not isinstance(data, dict):
        return data
    if data.keys() >= {"quote", "start", "end"}:
        return {**data, "quote": cover(data["quote"], minors, data["start"])}
    return {key: covered(value, minors) for key, value in data.items()}
