"""What the numbers of one sentence say of each other: parts of the one before, or the noun of the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from extraction.claims import dates
from extraction.claims.sentences import Sentence
from extraction.claims.singles import PARTS, Count

FEW = 3  # movements of one sentence; a longer list of months is a table
COMING_FROM = {"SY", "IQ", "LY", "TR", "AF"}  # "children from Syria": where they come from, not whose they are
REACH = 16  # words between a number and "including" a part of it


def by_origin(sentence: Sentence, found: list[Count]) -> list[Count]:
    """ "44 minors: 31 from Baghdad and 13 from al-Hol": numbers without a noun that add up to the one before."""
    for at, count in enumerate(found):
        kinds = {"bare", count.group} & {"bare", *PARTS}
        rest = list(takewhile(lambda other, kinds=kinds: other.group in kinds, found[at + 1 :]))  # type: ignore[misc]
        months = [mention for mention in dates.find(sentence) if mention.month is not None]
        if FEW >= len(months) >= len(rest):
            break  # each with its own month: movements of their own
        if len(rest) > 1 and sum(other.number.value for other in rest) == count.number.value:
            parts = [replace(other, sub=True) for other in rest]
            return [*found[: at + 1], *parts, *found[at + 1 + len(rest) :]]
    return found


def part_of_before(sentence: Sentence, before: Count | None, count: Count) -> Count:
    """ "156 children, among them 18 orphans": the second is part of the first."""
    if before is None or before.group != count.group or before.number.value <= count.number.value:
        return count
    marked = any(sentence.word(at, "including") for at in range(before.end, count.start))
    marked = marked or (before.sub and "," in sentence.gaps(before.end, count.start + 1) and before.group in PARTS)
    colon = max((at for at in range(before.end, count.start + 1) if ":" in sentence.tokens[at].gap), default=None)
    if not marked and colon is not None:  # "3 children: twins and their sister"
        marked = not any(sentence.tagged(at, "move", "cue") for at in range(colon, count.end))
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


def noun_before(sentence: Sentence, count: Count) -> Count:
    """ "12 women with their children, whose number is 29": a number behind the word for it counts the noun before."""
    if count.group != "bare" or not sentence.word(count.start - 1, "counted"):
        return count
    group = next((hit for hit in sentence.having("group") if 0 <= count.start - 1 - hit.end <= 1), None)
    return replace(count, group=str(group.value), sub=False) if group is not None else count


def noun_of_next(sentence: Sentence, count: Count, after: Count | None) -> Count:
    """ "Twelve French and two Dutch orphans": a number with a demonym alone counts what the next one does."""
    if after is None or count.group != "total" or not (count.nations and after.nations):
        return count
    alone = not any(count.number.end <= hit.start < count.end for hit in sentence.having("group"))
    joined = after.start - count.end == 1 and sentence.word(count.end, "and")
    return replace(count, group=after.group) if alone and joined and after.group in PARTS else count


def states_behind(sentence: Sentence, end: int) -> Iterator[str]:
    """Nationality behind a noun: "citizens of Kazakhstan", "people from Russia, Uzbekistan and Kazakhstan"."""
    last = len(sentence.tokens)  # where the state before ends, once there is one
    for hit in sentence.having("nation"):
        token = sentence.tokens[hit.start]
        if hit.end == last:
            continue
        if hit.value[1] and hit.start >= last and in_list(sentence, last, hit.start):
            last = hit.end
            yield str(hit.value[0])
            continue
        if not end <= hit.start <= end + 3 or sentence.gaps(end, hit.start + 1).strip():
            continue
        if hit.value[1] and token.text.startswith("و") and not token.key.startswith("و"):
            continue  # "14 طفلا وفرنسا خمسة"
        between = range(end, hit.start)
        linked = all(sentence.word(i, "of", "from", "the") or sentence.tagged(i, "nation") for i in between)
        coming = sentence.word(hit.start - 1, "from") or any(
            case.tag == "case" and case.value == "from" for case in sentence.at(hit.start)
        )
        if linked and not (hit.value[0] in COMING_FROM and coming):
            last = hit.end
            yield str(hit.value[0])


def in_list(sentence: Sentence, last: int, at: int) -> bool:
    """Whether a state goes on with a list of states that ends at `last`, and has no number of its own."""
    tokens = sentence.tokens
    if sentence.tagged(at + 1, "num") or (at + 1 < len(tokens) and tokens[at + 1].number is not None):
        return False
    glued = at == last and ("," in tokens[at].gap or tokens[at].text.startswith("و"))
    return glued or (at == last + 1 and sentence.word(last, "and") and not tokens[last].gap.strip())
