"""What the lexicon files say: each phrase with its tag and value. No word of any language stands in the code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extraction.claims import numerals

SIMPLE = {
    "numbers.vague": "vague",
    "numbers.dozen": "dozen",
    "numbers.partial": "partial",
    "people.roles": "role",
    "people.organisations": "org",
    "people.titles": "title",
    "people.generic_orgs": "generic_org",
    "people.not_person": "not_person",
    "groups.not_people": "unit",
}


def entries(data: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """(phrase, tag, value) for all that a file says."""
    numbers = data.get("numbers", {})
    for section, tag in (("words", "num"), ("scales", "scale"), ("ordinals", "ordinal")):
        yield from ((word, tag, value) for word, value in numbers.get(section, {}).items())
    yield from ((word, "num", value) for word, value in numerals.glued(numbers))
    for path, tag in SIMPLE.items():
        section, name = path.split(".")
        yield from ((word, tag, True) for word in data.get(section, {}).get(name, ()))
    for section, tag in (("qualifiers", "qual"), ("status", "status"), ("words", "word")):
        lists = ((name, words) for name, words in data.get(section, {}).items() if name != "not_names")
        yield from ((word, tag, name) for name, words in lists for word in words)
    yield from ((word, "word", "num_join") for word in numbers.get("joiners", ()))
    yield from ((word, "word", "ordinal_mark") for word in numbers.get("ordinal_marks", ()))
    groups = data.get("groups", {})
    yield from (
        (word, "group", name)
        for name, words in groups.items()
        for word in words
        if name in {"children", "women", "men", "families", "total", "requests", "adults"}
    )
    yield from ((word, "dual", (name, 2)) for name, words in groups.get("duals", {}).items() for word in words)
    yield from ((word, "dual", ("total", value)) for word, value in groups.get("fixed", {}).items())
    for name in ("one_of", "female", "male", "one"):
        yield from ((word, "word", name) for word in groups.get(name, ()))
    for kind, sides in data.get("move", {}).items():
        yield from ((word, "move", (kind, strength)) for strength, words in sides.items() for word in words)
    yield from ((word, "cue", name) for name, sides in data.get("cue", {}).items() for word in sides["both"])
    for name, words in data.get("time", {}).items():
        if isinstance(words, dict):
            yield from ((word, name.rstrip("s"), value) for word, value in words.items())
        elif isinstance(words, list):
            yield from ((word, "time", name) for word in words)
    for name, words in data.get("topic", {}).items():
        yield from ((word, "daesh" if name == "daesh" else "topic", name) for word in words if name != "cased")
    yield from (
        (word, "minor", name)
        for name in ("minor_marks", "minor_nouns", "minor_units", "minor_young", "minor_named")
        for word in data.get("people", {}).get(name, ())
    )
    yield from ((word, "particle", True) for word in data.get("people", {}).get("particles", ()))
    for code, words in data.get("nations", {}).items():
        yield from ((word.rstrip("~"), "nation", (code, word.endswith("~"))) for word in words)
