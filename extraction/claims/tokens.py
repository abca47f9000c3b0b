"""Words with their place in the text. One pass, linear; keys are folded so that spellings of one word compare equal."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

# A number with its grouping, or a word with inner apostrophes; the marks of Arabic vowels belong to their word.
WORD = re.compile(
    r"\d{1,3}(?:[.,٬'’\u00a0\u202f\u066c]\d{3})+(?!\d)|\d+(?:[.,٫]\d+)?"
    r"|[^\W\d_][^\W\d_\u064b-\u0652\u0640]*(?:[\u064b-\u0652\u0640'’ʼ`]+[^\W\d_]+)*[\u064b-\u0652]*"
)
APART = re.compile(f"({WORD.pattern})")  # splits a text into what stands between words, and the words
MARKS = re.compile("[\u0640\u064b-\u0652\u0670\u0307\u200c-\u200f\u202a-\u202e]")
FOLD = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ی": "ي",
        "ک": "ك",
        "ؤ": "و",
        "ئ": "ي",
        "ё": "е",
        "ı": "i",
        "’": "'",
        "ʼ": "'",
        "`": "'",
    }
)


class Token(NamedTuple):  # a tuple is made three times as fast as a frozen record, and there are many
    start: int
    end: int
    text: str
    key: str
    number: int | None  # the value of a token in digits
    gap: str  # what stands between the token before and this one


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """The key of a word: case, vowel marks and letter variants folded, an English genitive cut off."""
    key = MARKS.sub("", word.casefold()).translate(FOLD)
    if key.endswith("'s"):
        return key[:-2]
    return key[:-1] if key.endswith("s'") else key


def digits(text: str) -> int | None:
    """The whole number that a token in digits says; None for a fraction or what is too long to count people."""
    plain = text if text.isdecimal() else re.sub(r"[.,٬'’\u00a0\u202f\u066c](?=\d{3}(?:\D|$))", "", text)
    return int(plain) if len(plain) <= 9 and plain.isdecimal() else None


def number_of(word: str) -> int | None:
    """The whole number that a word says in digits."""
    return digits(word) if word[0].isdecimal() else None
