"""What the numbers of one sentence say of each other: parts of the one before, or the noun of the next."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from extraction.claims.sentences import Sentence
from extraction.claims.singles import PARTS, Count

REACH = 16  # words between a number and "including" a part of it


def by_origin(found: list[Count]) -> list[Count]:
    """ "44 minors: 31 from Baghdad and 13 from al-Hol": numbers without a noun that add up to the one before."""
    for at, count in enumerate(found):
        kinds = {"bare", count.group} & {"bare", *PARTS}
        rest = list(takewhile(lambda other, kinds=kinds: other.group in kinds, found[at + 1 :]))  # type: ignore[misc]
        if len(rest) > 1 and sum(other.number.value for other in rest) == count.number.value:
            parts = [replace(other, sub=True) for other in rest]
            return [*found[: at + 1], *parts, *found[at + 1 + len(rest) :]]
    return found


def part_of_before(sentence: Sentence, before: Count | None, count: Count) -> Count:
    """ "156 children, among them 18 orphans": the second is part of the first."""
    if before is None or before.group != count.group or before.number.value <= count.number.value:
        return count
    marked = any(sentence.word(at, "including") for at in range(before.end, count.start))
    return replace(count, sub=True) if marked and count.start - before.end <= REACH else count


def two_groups(sentence: Sentence, count: Count) -> Count:
    """ "Two groups of 30 and 45 families": numbers under one noun and a word for groups add up."""
    first = count.start - 2
    if first < 1 or not (count.label and sentence.word(count.start - 1, "and") and sentence.word(first - 1, "of")):
        return count
    named = next((int(hit.value) for hit in sentence.at(first) if hit.tag == "num"), None)
    other = sentence.tokens[first].number or named
    if other is None or not any(hit.end == first - 1 for hit in sentence.having("unit")):
        return count
    noun = count.label.split()[-1]
    number = replace(count.number, start=first, value=other + count.number.value, lowest=None, stated=None)
    return replace(
        count, number=number, parts=(f"{sentence.written(first, first + 1)} {noun}", f"{count.written} {noun}")
    )


def noun_of_next(sentence: Sentence, count: Count, after: Count | None) -> Count:
    """ "Twelve French and two Dutch orphans": a number with a demonym alone counts what the next one does."""
    if after is None or count.group != "total" or not (count.nations and after.nations):
        return count
    alone = not any(count.number.end <= hit.start < count.end for hit in sentence.having("group"))
    joined = after.start - count.end == 1 and sentence.word(count.end, "and")
    return replace(count, group=after.group) if alone and joined and after.group in PARTS else count
