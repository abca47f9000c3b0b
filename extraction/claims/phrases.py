"""A phrase of a lexicon: the words it goes on with, what it means, and what it needs to stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from extraction.claims.tokens import WORD, Token, fold

UNIQUE = {"nation", "place"}  # of these one word names one only


@dataclass(frozen=True, slots=True)
class Phrase:
    rest: tuple[str, ...]
    tag: str
    value: Any
    needs: str  # "" nothing, "upper" capitals ("IS"), "comma" one before it (", die": a relative clause)
    far: tuple[str, ...] = ()  # words that must follow somewhere in the sentence: "holt … zurück"


Singles = tuple[tuple[str, Any, str], ...]
Entry = tuple[Singles, tuple[Phrase, ...]]


def keys_of(phrase: str) -> list[str]:
    """The folded words of a phrase, each with its star."""
    return [
        fold(word.group()) + ("*" if phrase[word.end() : word.end() + 1] == "*" else "")
        for word in WORD.finditer(phrase)
    ]


def met(needs: str, token: Token) -> bool:
    """Whether a word stands as its phrase needs it."""
    return token.text.isupper() if needs == "upper" else "," in token.gap


def slot(phrase: Phrase) -> tuple[str, Any]:
    """What of several phrases at one word only the longest is kept of."""
    return phrase.tag, None if phrase.tag in UNIQUE else phrase.value
