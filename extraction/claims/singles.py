"""Counts of people in the record of one number, and people who are counted without one: "a woman", "طفلين"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extraction.claims.numbers import Number
from extraction.claims.sentences import Sentence
from records.words import Qualifier

PARTS = ("children", "women", "men")


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people; `group` is children, women, men, families, total, requests, or bare (no noun)."""

    number: Number
    end: int  # tokens: behind the noun
    group: str
    qualifier: Qualifier
    written: str
    nations: tuple[str, ...]
    label: str  # the noun with its modifiers, as written
    weak: bool = False  # "a woman", "her child": counts beside a movement only
    sub: bool = False  # "31,000 of them children": part of the number before
    open: bool = False  # "20 children and their mothers": with others whom nobody counts
    first: str | None = None  # of several nouns the group of the first: "24 women, children"
    parts: tuple[str, ...] = ()  # what a sum adds up: "five mothers", "a grandmother"

    @property
    def start(self) -> int:
        return self.number.start


def singles(sentence: Sentence) -> Iterator[Count]:
    """One person named by a singular noun: "a woman", "her son"; headlines drop the article."""
    for hit in sentence.having("group"):
        if hit.end - hit.start != 1 or not sentence.word(hit.start, "one_of"):
            continue
        if hit.value == "families" and any(sentence.word(i, "of") for i in range(hit.start - 4, hit.start - 1)):
            continue  # "five children of a single family"
        before = range(hit.start - 1, max(-1, hit.start - 5), -1)
        start = next((at for at in before if sentence.word(at, "one")), None)
        if start is None and sentence.part == "title" and hit.start <= 1:
            start = hit.start
        if start is None or sentence.gaps(start + 1, hit.start + 1).strip(' -"“'):
            continue
        nations = tuple(str(h.value[0]) for h in sentence.having("nation") if start < h.start < hit.start)
        label = sentence.written(start, hit.end)
        number = Number(start, start + 1, 1, word=True)
        yield Count(number, hit.end, str(hit.value), Qualifier.EXACT, label, nations, label, weak=True)


def duals(sentence: Sentence) -> Iterator[Count]:
    """A number and what it counts in one word: "طفلين", "siebenköpfige"."""
    for hit in sentence.having("dual"):
        group, value = hit.value
        number, label = Number(hit.start, hit.end, value, word=True), sentence.written(hit.start, hit.end)
        nations = tuple(str(h.value[0]) for h in sentence.having("nation") if hit.end <= h.start <= hit.end + 1)
        yield Count(number, hit.end, group, Qualifier.EXACT, label, nations, label)
