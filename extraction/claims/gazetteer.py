"""What all languages share: places, names of people in their spellings, countries. Read once from `lexicons/*.toml`."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

from extraction.claims.tokens import fold

FOLDER = Path(__file__).parent / "lexicons"
SHARED = {"places", "names", "parts", "persons"}  # files of all languages


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    country: str
    kind: str  # camp, prison, airport, city, region


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem not in SHARED))


@lru_cache(maxsize=1)
def gazetteer() -> tuple[tuple[str, Place], ...]:
    return tuple(
        (spelling, Place(names[0], group["country"], group["kind"]))
        for group in read("places")["place"]
        for names in group["names"]
        for spelling in names[1:]
    )


@lru_cache(maxsize=1)
def spellings() -> dict[str, str]:
    """Known other spellings of a person's name, folded -> the name that is shown."""
    return {fold(other): name for name, others in read("names")["names"].items() for other in others}


@lru_cache(maxsize=1)
def persons() -> tuple[tuple[str, str, str], ...]:
    """(spelling, tag, the name that is shown) of people who speak of this news: by full name, or by surname alone."""
    table, older = read("persons"), read("names")["scripts"]
    full = ((name, spelling) for name, others in older.items() for spelling in others)
    known = ((name, spelling) for name, others in table["known"].items() for spelling in {name, plain(name), *others})
    alone = ((name, spelling) for name, others in table["alone"].items() for spelling in others)
    return (
        *((spelling, "person", name) for name, spelling in (*full, *known)),
        *((spelling, "alone", name) for name, spelling in alone),
    )


def plain(name: str) -> str:
    """A name without the accents of its letters."""
    return "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))


@lru_cache(maxsize=1)
def cyrillic() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """(Cyrillic letter -> Latin, oblique ending -> nominative)."""
    table = read("names")["cyrillic"]
    letters, endings = ([pair.split("=") for pair in table[name].split()] for name in ("letters", "endings"))
    return dict(letters), tuple((old, new) for old, new in endings)


def latin(name: str) -> str:
    """A name in Cyrillic as it is written in Latin; any other as it is."""
    letters, endings = cyrillic()
    if not any(char in letters for char in name.casefold()):
        return name
    for old, new in endings:
        name = name[: -len(old)] + new if name.endswith(old) else name
    plain = "".join(letters.get(char, char) for char in name.casefold())
    return " ".join("-".join(part[:1].upper() + part[1:] for part in word.split("-")) for word in plain.split())


def territories(lang: str) -> Iterator[tuple[str, str]]:
    """Country names in a language, from CLDR."""
    try:
        names = Locale.parse(lang).territories
    except (UnknownLocaleError, ValueError):
        return
    yield from (
        (code, name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in {"EU", "UN", "EZ", "ZZ", "QO", "XA", "XB"}
    )
