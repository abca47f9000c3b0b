"""Names of minors, withheld from everything that leaves the store for people's eyes.

A name is covered letter by letter, so that every offset still counts the same characters: where the reading marked it,
and wherever else the same words stand, or the first of them alone ("Alvin Berisha" is "Alvin" in the next sentence).
A family name alone is not: parents, lawyers and ministers bear it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

COVER = "█"
SHORTEST = 3  # letters of a first name that is covered alone
Minors = tuple[tuple[int, int, str], ...]  # start and end in the reading's text, and the name that stands there


def minors_of(reading_minors: Iterable[Mapping[str, Any]]) -> Minors:
    return tuple((int(one["start"]), int(one["end"]), str(one["quote"])) for one in reading_minors)


def cover(text: str, minors: Minors, start: int = 0) -> str:
    """`text`, which begins at offset `start` of the reading's text, with the names in it covered."""
    if not minors:
        return text
    letters = list(text)
    places = [(first - start, last - start) for first, last, _ in minors]
    for name in {name.strip() for _, _, name in minors if name.strip()}:
        places += [found.span() for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)]
        given = name.split()[0]
        if given != name and len(given) >= SHORTEST:
            places += [found.span() for found in re.finditer(rf"(?<!\w){re.escape(given)}(?!\w)", text)
                       if not text[found.end():found.end() + 2].strip()[:1].isupper()]  # not of another bearer
    for first, last in places:
        for place in range(max(first, 0), min(last, len(letters))):
            if letters[place].isalnum():
                letters[place] = COVER
    return "".join(letters)


def cover_names(text: str, minors: Minors) -> str:
    """A text that stands nowhere in the reading's, such as a speaker's name, with the names in it covered."""
    return cover(text, tuple((0, 0, name) for _, _, name in minors))


def covered(data: Any, minors: Minors) -> Any:
    """JSON data with every evidence quote and every speaker in it covered: a child may be who says it."""
    if not minors:
        return data
    if isinstance(data, list):
        return [covered(one, minors) for one in data]
    if not isinstance(data, dict):
        return data
    if data.keys() >= {"quote", "start", "end"}:
        return {**data, "quote": cover(data["quote"], minors, data["start"])}
    if data.keys() >= {"name", "role", "organisation"}:
        return {key: cover_names(value, minors) if isinstance(value, str) else value for key, value in data.items()}
    return {key: covered(value, minors) for key, value in data.items()}
