"""Words with their place in the text. One pass, linear; keys are folded so that spellings of one word compare equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# A number with its grouping, or a word with inner apostrophes; the marks of Arabic vowels belong to their word.
WORD = re.compile(
    r"\d{1,3}(?:[.,٬'’\u00a0\u202f\u066c]\d{3})+(?!\d)|\d+(?:[.,٫]\d+)?"
    r"|[^\W\d_][^\W\d_\u064b-\u0652\u0640]*(?:[\u064b-\u0652\u0640'’ʼ`]+[^\W\d_]+)*[\u064b-\u0652]*"
)
APART = re.compile(f"({WORD.pattern})")  # splits a text into what stands between words, and the words
# What a reader does not see (soft hyphens, direction marks, joiners but that of Persian) and letters in two characters
INVISIBLE = "\u00ad\u061c\u200b\u200d-\u200f\u2060\u202a-\u202e\u2066-\u2069\ufeff"
HIDDEN = re.compile(f"[{INVISIBLE}\u0300-\u036f\u0653-\u0655]")
UNSEEN = re.compile(f"[{INVISIBLE}]")
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


def seen(text: str) -> tuple[str, list[int], list[int]]:
    """(a text as a reader sees it, where each of its characters begins in what is written, where it ends)."""
    found: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, char in enumerate(text):
        if UNSEEN.match(char):
            continue
        whole = unicodedata.normalize("NFC", found[-1] + char) if found and unicodedata.combining(char) else ""
        if len(whole) == 1:
            found[-1], ends[-1] = whole, at + 1
        else:
            found.append(char)
            starts.append(at)
            ends.append(at + 1)
    return "".join(found), starts, ends


def pieces(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(what stands before a word, the word, where it begins, where it ends) as seen; the places are those written."""
    plain, starts, ends = seen(text)
    last = 0
    for match in WORD.finditer(plain):
        yield plain[last : match.start()], match.group(), starts[match.start()], ends[match.end() - 1]
        last = match.end()


def number_of(word: str) -> int | None:
    """The whole number that a word says in digits."""
    return digits(word) if word[0].isdecimal() else None
