"""A phrase of a lexicon: the words it goes on with, its meaning, what it needs to stand, and where it is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from extraction.claims.tokens import WORD, Token, fold

UNIQUE = {"nation", "place"}  # of these one word names one only
KINDS = {"word", "status", "time", "cue", "topic", "qual"}  # tags whose value is the name of a list of words


class Hit(NamedTuple):
    """A phrase of the lexicon found at tokens[start:end]."""

    start: int
    end: int
    tag: str
    value: Any


@dataclass(frozen=True, slots=True)
class Phrase:
    rest: tuple[str, ...]
    tag: str
    value: Any
    needs: str  # "" nothing, "upper" capitals ("IS"), "comma" one before it (", die": a relative clause)
    far: tuple[str, ...] = ()  # words that must follow somewhere in the sentence: "holt … zurück"


Single = tuple[str, Any, str, "tuple[str, Any] | None"]  # tag, value, needs, (tag, value) of a tag in KINDS


class Entry(NamedTuple):
    """What a word means alone, and the phrases of several words that it may begin."""

    singles: tuple[Single, ...]
    longer: tuple[Phrase, ...]
    plain: bool  # no meaning needs anything beside the word
    tags: frozenset[str]  # of the singles
    words: frozenset[str]  # values of those singles whose tag is "word"
    after: dict[str, tuple[Phrase, ...]]  # the word behind -> those of the longer phrases that go on with it; a cache


def entry_of(phrases: Sequence[Phrase]) -> Entry | None:
    """The entry of a word that these phrases may begin with; None where there is none."""
    if not phrases:
        return None
    alone = {slot(phrase): phrase for phrase in reversed(phrases) if not (phrase.rest or phrase.far)}
    singles = tuple(
        (phrase.tag, phrase.value, phrase.needs, (phrase.tag, phrase.value) if phrase.tag in KINDS else None)
        for phrase in reversed(alone.values())
    )
    return Entry(
        singles,
        tuple(phrase for phrase in phrases if phrase.rest or phrase.far),
        not any(needs for _, _, needs, _ in singles),
        frozenset(tag for tag, _, _, _ in singles),
        frozenset(value for tag, value, _, _ in singles if tag == "word"),
        {},
    )


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
