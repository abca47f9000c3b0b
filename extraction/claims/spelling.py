"""Names of people as they are shown: known spellings, and other scripts in Latin where that can be told."""

from __future__ import annotations

from functools import lru_cache

from extraction.claims.gazetteer import latin, read, spellings
from extraction.claims.tokens import fold


@lru_cache(maxsize=1)
def parts() -> dict[str, str]:
    """Names of one word in Arabic letters, folded -> as they are written in Latin."""
    return {fold(word): name for name, words in read("names")["parts"].items() for word in words}


def shown(name: str) -> str:
    """The name that is shown for one as it stands in a text."""
    plain = joined(name) or latin(name)
    return spellings().get(fold(name)) or spellings().get(fold(plain)) or plain


def joined(name: str) -> str | None:
    """A name in Arabic letters in Latin ones, where each of its parts is known."""
    found = [parts().get(fold(word)) or parts().get(fold(f"ال{word}")) for word in name.split()]
    return " ".join(part for part in found if part) if found and all(found) else None
