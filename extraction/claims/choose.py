"""Which movement an article reports, which it recalls, and which numbers of the lead belong to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extraction.claims.complete import complete
from extraction.claims.events import Movement, begin, near_days, same
from extraction.claims.frames import Framed
from extraction.claims.lead import main_of
from extraction.claims.moves import Candidate, part_ways
from extraction.claims.sentences import Sentence
from extraction.claims.singles import PARTS
from extraction.claims.whence import Whence
from records.words import Status

NEARLY = 5  # a fifth
FLIGHT = 300  # people: more than one aircraft of a named operation has carried (231, Zhusan-2)
HUGE = 10_000  # people: no convoy or flight carries as many
SUMS = 1000  # people: a movement of one day is hardly larger


def assemble(
    candidates: list[Candidate], framed: Sequence[tuple[Sentence, list[Framed]]], whence: Whence
) -> list[Movement]:
    """All movements of an article, the main one first."""
    body = [sentence.index for sentence, _ in framed if sentence.part == "body" and len(sentence.tokens) > 6]
    lead = set(body[:2])
    retitled = any(sentence.says("word", "retitled") for sentence, _ in framed)
    headline(candidates, retitled=retitled)
    first = next((c for c in candidates if c.sentence.part == "body" and c.counts), None)
    for candidate in candidates:
        candidate.total |= candidate.perfect and candidate is not first and candidate.sentence.index not in lead
        ahead = candidate.status in {Status.PLANNED, Status.AGREED} and candidate.strong  # no sum over time
        candidate.total |= (
            candidate.loose and not ahead and not candidate.title and candidate.sentence.index not in lead
        )
        candidate.total |= not candidate.title and any(count.number.value >= HUGE for count in candidate.counts)
        candidate.total |= programme(candidate)
        candidate.nations = whence.nation_of(candidate)
    for first, second in pairwise(candidates):
        part_ways(first, second)
    chosen = main_of(candidates, [sentence for sentence, _ in framed])
    if chosen is None:
        sums = {count.number.value for c in candidates if c.total and not c.title for count in c.counts}
        for candidate in candidates:  # a headline's number that the text tells as a sum is no movement either
            candidate.total |= candidate.title and bool(sums & {count.number.value for count in candidate.counts})
    found: list[Movement] = []
    if chosen is not None:
        found.append(gathered(chosen, candidates))
        found[0].settle()
        complete(found[0], framed, {c.sentence.index for c in candidates if c.past and c is not chosen})
    for candidate in candidates:
        if candidate is not chosen:
            candidate.total |= crowd(candidate)
        if candidate is not chosen and not candidate.wish and not candidate.total:
            recall(candidate, found)
    return found


def programme(candidate: Candidate) -> bool:
    """ "Operation Zhusan: 607 citizens returned": a name without a number is of many flights, and so is the count."""
    named = candidate.operation is None and bool(candidate.sentence.having("operation"))
    return named and candidate.day is None and any(count.number.value >= FLIGHT for count in candidate.counts)


def crowd(candidate: Candidate) -> bool:
    """So many people told of in passing and without a day are a sum over time."""
    return candidate.day is None and any(count.number.value >= SUMS for count in candidate.counts)


def headline(candidates: Sequence[Candidate], *, retitled: bool) -> None:
    """ "2 women, children repatriated": a headline's number is of its first noun where the text counts that so.

    Where the text corrects its headline (`retitled`), it counts nobody.
    """
    told = {(count.group, count.number.value) for c in candidates if not c.title for count in c.counts}
    for candidate in candidates:
        if candidate.title:
            candidate.counts = [] if retitled else [
                replace(count, group=count.first)
                if count.first and (count.first, count.number.value) in told and not count.sub
                else count
                for count in candidate.counts
            ]


def gathered(chosen: Candidate, candidates: Sequence[Candidate]) -> Movement:
    """The main movement, with what other sentences say of it."""
    main = begin(chosen, main=True)
    for candidate in candidates:
        aside = candidate.wish or candidate.total or candidate.past or candidate.sentence.part == "caption"
        if candidate is chosen or aside:
            continue
        same_people(main, candidate)
        if same(main, candidate):
            main.take(candidate)
        elif candidate.title:
            candidate.wish = True  # a headline that the text corrects opens no movement of its own
    return main


def recall(candidate: Candidate, found: list[Movement]) -> None:
    """Take in a movement of the background, or what else a sentence says of one."""
    if found and found[0].main:
        same_people(found[0], candidate)
    if found and found[0].main and (told_again(found[0], candidate) or nearly(found[0], candidate)):
        return
    solid = [count for count in candidate.counts if (not count.weak or candidate.past) and not count.sub]
    if not (solid or guests(candidate, found)) or (candidate.title and found):
        return
    if any(same(movement, candidate) and not (movement.main and candidate.past) for movement in found):
        for movement in found:
            if not movement.main and same(movement, candidate):
                movement.take(candidate)
        return
    found.append(begin(candidate, main=False))


def guests(candidate: Candidate, found: Sequence[Movement]) -> bool:
    """ "A German woman and her son were on the same plane": without a number, but of a state of their own."""
    theirs = {code for count in candidate.counts for code in count.nations}
    others = bool(theirs and found) and not theirs & set(found[0].nations)
    return others and len(candidate.counts) > 1 and candidate.strong


def told_again(main: Movement, candidate: Candidate) -> bool:
    """ "The repatriation of the four women and 10 children": two groups or more, as many as in the main movement."""
    values, stated = main.values(), candidate.values()
    if main.day and candidate.past and candidate.day and not near_days(main.day, candidate.day):
        return False  # as many came another time
    if candidate.nations and main.nations and not set(candidate.nations) & set(main.nations):
        return False
    return len(stated) > 1 and all(values.get(group) == value for group, value in stated.items())


def nearly(main: Movement, candidate: Candidate) -> bool:
    """ "11 Americans", "a family of 10", "12 people with a child who is none": one group counted in several ways.

    Only totals that stand without a day of their own and differ by a fifth at most.
    """
    total, stated = main.whole, candidate.values()
    told = stated.get("total")
    dated = candidate.day is not None and not (main.day and near_days(main.day, candidate.day))
    apart = candidate.past or dated or candidate.ordinal or main.status is not candidate.status
    if total is None or told is None or len(stated) > 1 or apart or set(candidate.nations) != set(main.nations):
        return False
    return abs(total - told) <= total // NEARLY


def same_people(main: Movement, candidate: Candidate) -> None:
    """A number told again is of the same people, whatever state a sentence names beside it."""
    stated = any(count.nations for count in candidate.counts)
    values = {count.number.value for count in candidate.counts if count.number.value > 4}
    if len(values) > 1:
        values.add(sum(value for group, value in candidate.values().items() if group in PARTS))
    if not stated and not candidate.past and values & set(main.values().values()):
        candidate.nations = main.nations
