"""Movements told without a verb: "KOSOVO: 110 people in April 2019", "the third operation, after seven in August"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from extraction.claims import dates
from extraction.claims.days import Published
from extraction.claims.frames import Framed
from extraction.claims.lexicon import Hit
from extraction.claims.lists import listed
from extraction.claims.moves import Candidate
from extraction.claims.sentences import Sentence
from extraction.claims.singles import Count
from records.words import Kind, Precision, Status

REACH = 3  # sentences behind the one that told of a movement
DATED = 5  # words between people and their date
HEADED = 2  # words before the colon of an entry


def headed(sentence: Sentence) -> Hit | None:
    """ "UZBEKISTAN: ...", "Kosovo – ...": the state that an entry of an overview is about."""
    for hit in sentence.having("nation"):
        at = hit.end
        if hit.start < HEADED and hit.value[1] and at < len(sentence.tokens):
            return hit if sentence.tokens[at].gap.strip() in {":", "–", "—"} else None
    return None


def recalls(sentence: Sentence) -> bool:
    """ "It is the third such operation": a mission beside others, and nobody brings anybody."""
    if sentence.having("move") or sentence.says("cue", "held"):
        return False
    return any(sentence.word(i, "mission") for hit in sentence.having("ordinal") for i in range(hit.end, hit.end + 3))


def series(
    last: Candidate | None, sentence: Sentence, framed: Sequence[Framed], published: Published
) -> list[Candidate]:
    """The movements that a sentence without a verb lists, each with the date behind or before its people."""
    if sentence.part != "body" or not framed:
        return []
    head = headed(sentence)
    near = last is not None and not last.wish and 0 < sentence.index - last.sentence.index <= REACH
    if head is None and not (near and recalls(sentence)):
        return []
    counts = [item.count for item in framed if item.frame in {"none", "move"} and item.count.group != "requests"]
    found: list[Candidate] = []
    for run, after in runs(sentence, counts):
        made = told(sentence, run, after, published)
        if made is None:
            continue
        own = tuple(sorted({code for count in run for code in count.nations}))
        nations = own or ((str(head.value[0]),) if head else last.nations if last else ())
        target = (nations[0], None) if len(nations) == 1 else None
        found.append(replace(made, nations=nations, destination=target))
    return found


def runs(sentence: Sentence, counts: Sequence[Count]) -> list[tuple[list[Count], int]]:
    """Lists of people, each with the token at which the next one begins."""
    found: list[tuple[list[Count], int]] = []
    run: list[Count] = []
    for count, after in zip_longest(counts, counts[1:]):
        run.append(count)
        if after is None or not (listed(sentence, count, after) and after.group != count.group):
            found.append((run, after.start if after is not None else len(sentence.tokens)))
            run = []
    return found


def told(sentence: Sentence, run: list[Count], until: int, published: Published) -> Candidate | None:
    """One movement of a list, if a month or day stands right behind its people."""
    end = run[-1].end
    for mention in dates.find(sentence):
        if not (end <= mention.start < until and mention.start - end <= DATED) or mention.span:
            continue
        day = mention.resolve(published)
        if day is not None and day.precision is not Precision.YEAR:
            return Candidate(sentence, Kind.REPATRIATION, Status.COMPLETED, run, day=day, past=True, strong=False)
    return None
