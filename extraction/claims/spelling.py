"""Names of people as they are shown: known spellings, and other scripts in Latin where that can be told."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from extraction.claims.tokens import fold

FILE = Path(__file__).parent / "lexicons" / "names.toml"


@lru_cache(maxsize=1)
def known() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


@lru_cache(maxsize=1)
def spellings() -> dict[str, str]:
    """Known other spellings of a person's name, folded -> the name that is shown."""
    return {fold(other): name for name, others in known()["names"].items() for other in others}


@lru_cache(maxsize=1)
def cyrillic() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """(Cyrillic letter -> Latin, oblique ending -> nominative)."""
    table = known()["cyrillic"]
    letters, endings = ([pair.split("=") for pair in table[name].split()] for name in ("letters", "endings"))
    return dict(letters), tuple((old, new) for old, new in endings)


@lru_cache(maxsize=1)
def parts() -> dict[str, str]:
    """Names of one word in Arabic letters, folded -> as they are written in Latin."""
    return {fold(word): name for name, words in known()["parts"].items() for word in words}


def shown(name: str) -> str:
    """The name that is shown for one as it stands in a text."""
    plain = latin(name)
    return spellings().get(fold(name)) or spellings().get(fold(plain)) or plain


def latin(name: str) -> str:
    """A name in Cyrillic, or in Arabic letters where each part is known, as it is written in Latin; else as it is."""
    arabic = "".join(" " + (parts().get(fold(word)) or parts().get(fold(f"ال{word}")) or "?") for word in name.split())
    if "?" not in arabic:
        return arabic.strip()
    letters, endings = cyrillic()
    if not any(char in letters for char in name.casefold()):
        return name
    for old, new in endings:
        name = name[: -len(old)] + new if name.endswith(old) else name
    plain = "".join(letters.get(char, char) for char in name.casefold())
    return " ".join("-".join(part[:1].upper() + part[1:] for part in word.split("-")) for word in plain.split())
