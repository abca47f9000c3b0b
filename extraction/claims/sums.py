"""Counts of one group in one list: parts that add up, or a number with its breakdown; and whose number each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from extraction.claims.frames import Framed
from extraction.claims.lists import listed
from extraction.claims.numbers import Number
from extraction.claims.sentences import Sentence
from extraction.claims.singles import PARTS, Count
from records.words import Qualifier

OWNER = 7  # words between a state and the number that is its own


def added(sentence: Sentence, framed: Sequence[Framed]) -> list[Framed]:
    """ "Five mothers plus a grandmother" as one count of women; "37 children, 20 boys and 17 girls" as 37."""
    found: list[Framed] = []
    for run in runs(sentence, framed):
        if len(run) == 1:
            found.append(run[0])
            continue
        first, rest = run[0].count, [item.count for item in run[1:]]
        whole = first.number.value == sum(count.number.value for count in rest)
        plain = not sentence.word(first.end, "and") and len(rest) == 1
        if whole or plain:
            found.append(run[0])
            found.extend(replace(item, count=replace(item.count, sub=True)) for item in run[1:])
        elif len({noun(item.count) for item in run}) == len(run):
            found.append(replace(run[0], count=total_of([first, *rest])))
        else:
            found.extend(run)
    return found


def runs(sentence: Sentence, framed: Sequence[Framed]) -> list[list[Framed]]:
    """Neighbours of one list, one group and one verb."""
    found: list[list[Framed]] = []
    for item in framed:
        last = found[-1][-1] if found else None
        if (
            last is not None
            and item.frame == last.frame == "move"
            and item.verb == last.verb
            and item.count.group == last.count.group
            and item.count.group in PARTS
            and not (item.count.sub or last.count.sub)
            and not (item.count.nations and last.count.nations and item.count.nations != last.count.nations)
            and listed(sentence, last.count, item.count)
        ):
            found[-1].append(item)
        else:
            found.append([item])
    return found


def noun(count: Count) -> str:
    return count.label.split()[-1].casefold() if count.label else ""


def total_of(counts: Sequence[Count]) -> Count:
    """The sum of counts of one list."""
    first, last = counts[0], counts[-1]
    value = sum(count.number.value for count in counts)
    hedges = {count.qualifier for count in counts}
    return replace(
        first,
        number=Number(first.start, last.number.end, value, word=True),
        end=last.end,
        qualifier=first.qualifier if len(hedges) == 1 else Qualifier.ABOUT,
        nations=tuple(dict.fromkeys(code for count in counts for code in count.nations)),
        label=" ".join(count.label for count in counts),
        weak=all(count.weak for count in counts),
        parts=tuple(f"{count.written} {noun(count)}" if not count.weak else count.label for count in counts),
    )


def owners(sentence: Sentence, counts: Sequence[Count]) -> dict[int, str]:
    """ "Kazakhstan has taken back 754 people, Uzbekistan 531": start of a number -> the state it is the number of."""
    found: dict[int, str] = {}
    envoys = {hit.end for hit in sentence.valued("word", "delegate")} | {
        hit.start for hit in sentence.valued("word", "delegate")
    }
    states = [
        hit for hit in sentence.having("nation") if hit.value[1] or hit.start in envoys or hit.end in envoys
    ]  # "a Dutch delegation received two children"
    for before, count in pairwise([None, *counts]):
        if count is None or (count.nations and count.label):
            continue
        if count.nations:  # "Uzbekistan 531"
            found[count.start] = count.nations[0]
            continue
        last = before.end if before is not None else 0
        near = [hit for hit in states if last <= hit.start and hit.end <= count.start <= hit.end + OWNER]
        if near and not (near[-1].start and sentence.word(near[-1].start - 1, "from", "to", "by", "in")):
            found[count.start] = near[-1].value[0]
    return found if len(set(found.values())) > 1 or second_clause(sentence, counts, found) else {}


def second_clause(sentence: Sentence, counts: Sequence[Count], found: dict[int, str]) -> bool:
    """ "They received 12 orphans, and a Dutch delegation two children": a verb of its own parts a later number."""
    return any(
        any(before.end <= verb.start < count.start for verb in sentence.having("move"))
        for before, count in pairwise(counts)
        if count.start in found and before.start not in found and not before.nations and not count.nations
    )


def owned(sentence: Sentence, framed: Sequence[Framed]) -> tuple[list[Framed], int]:
    """(counts with their own states, how many states the sentence lists)."""
    theirs = owners(sentence, [item.count for item in framed])
    if not theirs:
        return list(framed), 0
    found: list[Framed] = []
    code: str | None = None
    for _, group in groupby(framed, key=lambda item: theirs.get(item.count.start)):
        for item in group:
            code = theirs.get(item.count.start, None if item.count.nations else code)
            nations = item.count.nations or ((code,) if code else ())
            found.append(replace(item, count=replace(item.count, nations=nations)))
    return found, len(set(theirs.values()))
