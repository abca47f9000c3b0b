"""Counts of people in the record of one number, and people who are counted without one: "a woman", "طفلين"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extraction.claims.lexicon import Lexicon
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
        if hit.value == "families" and sentence.part == "title" and sentence.word(hit.end, "of"):
            continue  # "Family of three"
        if hit.value == "families" and any(sentence.word(i, "of") for i in range(hit.start - 4, hit.start - 1)):
            continue  # "five children of a single family"
        before = range(hit.start - 1, max(-1, hit.start - 7), -1)
        start = next((at for at in before if sentence.word(at, "one")), None)
        if start is None and sentence.part == "title" and hit.start <= 1:
            start = hit.start
        if start is None or sentence.gaps(start + 1, hit.start + 1).strip(' -"“'):
            continue
        nations = tuple(str(h.value[0]) for h in sentence.having("nation") if start < h.start < hit.start)
        label = sentence.written(start, hit.end)
        number = Number(start, start + 1, 1, word=True)
        yield Count(number, hit.end, str(hit.value), Qualifier.EXACT, label, nations, label, weak=True)


def demonyms(sentence: Sentence) -> Iterator[Count]:
    """ "six Canadians and a Finn": one person named by a demonym alone."""
    for hit in sentence.having("nation"):
        code, country = hit.value
        at = hit.end
        behind = at >= len(sentence.tokens) or bool(sentence.tokens[at].gap.strip()) or sentence.word(at, "and", "be")
        if (
            country
            or sentence.tagged(hit.start, "group")
            or not hit.start
            or not behind
            or not sentence.word(hit.start - 1, "one")
        ):
            continue
        last = sentence.word(hit.start - 2, "and") or "," in sentence.tokens[hit.start - 1].gap
        if last and sentence.tokens[hit.start].text[:1].isupper() and not sentence.tokens[hit.start].gap.strip():
            label = sentence.written(hit.start - 1, at)
            number = Number(hit.start - 1, hit.start, 1, word=True)
            yield Count(number, at, "total", Qualifier.EXACT, label, (str(code),), label, weak=True)


def beside(sentence: Sentence, lex: Lexicon, spans: Sequence[tuple[int, int]]) -> Iterator[Count]:
    """One person named by a bare noun beside counted ones, where the language has no article: "امرأة وأربعة أطفال"."""
    if not (lex.raw.get("no_articles", False) or sentence.part == "title"):  # headlines have no articles
        return
    edges = {at for span in spans for at in span}
    for hit in sentence.having("group"):
        if hit.end - hit.start != 1 or not sentence.word(hit.start, "one_of"):
            continue
        if hit.value == "families" and sentence.part == "title":
            continue  # "Family of three"
        first, behind = hit.start, hit.end
        while first and sentence.tagged(first - 1, "nation") and not sentence.tokens[first].gap.strip():
            first -= 1
        if sentence.tagged(behind, "nation"):
            behind += 1
        if any(one.tag == "num" and one.value == 1 for one in sentence.at(behind)):  # "رجلا واحدا"
            number, label = Number(hit.start, behind + 1, 1, word=True), sentence.written(hit.start, behind + 1)
            yield Count(number, behind + 1, str(hit.value), Qualifier.EXACT, label, (), label)
            continue
        glued = behind < len(sentence.tokens) and sentence.tokens[behind].text.startswith("و")
        after = glued or sentence.word(behind, "and", "along")
        counted = (behind if glued else behind + 1) in edges or sentence.word(behind + (not glued), "poss")
        before = sentence.tokens[first].text.startswith("و") or sentence.word(first - 1, "and", "along")
        if (after and counted) or (before and (first in edges or first - 1 in edges)):
            label = sentence.written(hit.start, hit.end)
            number = Number(hit.start, hit.end, 1, word=True)
            yield Count(number, hit.end, str(hit.value), Qualifier.EXACT, label, (), label, weak=True)


def duals(sentence: Sentence) -> Iterator[Count]:
    """A number and what it counts in one word: "طفلين", "siebenköpfige"."""
    for hit in sentence.having("dual"):
        group, value = hit.value
        number, label = Number(hit.start, hit.end, value, word=True), sentence.written(hit.start, hit.end)
        nations = tuple(str(h.value[0]) for h in sentence.having("nation") if hit.end <= h.start <= hit.end + 1)
        yield Count(number, hit.end, group, Qualifier.EXACT, label, nations, label)
