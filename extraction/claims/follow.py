"""What the next sentence says of a movement without a word of movement: "The group consists of 118 families"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from extraction.claims import dates
from extraction.claims.days import Day, Published
from extraction.claims.frames import Framed
from extraction.claims.moves import Candidate
from extraction.claims.sentences import Sentence
from extraction.claims.singles import PARTS, Count
from records.words import Status

NEAR = 7  # words between those who moved and their number
BESIDE = 3  # words between a number and whose citizens they are
REACH = 3  # sentences behind the one that told of the movement


def followed(
    last: Candidate | None, sentence: Sentence, framed: Sequence[Framed], published: Published
) -> list[Candidate]:
    """The movement told last, with what this sentence adds to it; [] where it speaks of other people."""
    if last is None or last.wish or sentence.part != "body" or not 0 < sentence.index - last.sentence.index <= REACH:
        return []
    counts = [item.count for item in framed if item.frame in {"none", "move"} and item.count.group != "requests"]
    shares = shared(last, sentence, counts) or earlier(last, sentence, counts, published)
    if shares:
        return shares
    if counts and counts[0] is framed[0].count and theirs(last, sentence, counts[0]):
        nations = tuple(sorted({code for count in counts for code in count.nations})) or last.nations
        return [replace(last, sentence=sentence, counts=counts, nations=nations, verb=None, strong=False)]
    day = None if counts or last.day else day_of_mission(sentence, published)
    return [replace(last, sentence=sentence, counts=[], day=day, verb=None, strong=False)] if day else []


def shared(last: Candidate, sentence: Sentence, counts: Sequence[Count]) -> list[Candidate]:
    """ "Three women and 12 children are German, two women and six children Finnish": parts of one flight."""
    found: list[Candidate] = []
    waiting: list[Count] = []
    for count, after in zip_longest(counts, counts[1:]):
        waiting.append(count)
        until = after.start if after is not None else len(sentence.tokens)
        theirs = [hit for hit in sentence.having("nation") if not hit.value[1] and count.end <= hit.start < until]
        again = bool(found) and bool(theirs) and theirs[0].start == count.end  # "..., sechs Kinder Finnen"
        if theirs and theirs[0].start - count.end <= BESIDE and (again or sentence.word(count.end, "finite")):
            code = str(theirs[0].value[0])
            own = (code, None) if last.destination and last.destination[0] != code else last.destination
            part = replace(last, sentence=sentence, counts=waiting, nations=(code,), destination=own)
            found.append(replace(part, verb=None, strong=False))
            waiting = []
    return found if len(found) > 1 else []


def earlier(
    last: Candidate, sentence: Sentence, counts: Sequence[Count], published: Published
) -> list[Candidate]:
    """ "It is the third operation, after 79 children in 2021 and 59 in 2023": each number with its date behind it."""
    if sentence.having("move") or not sentence.valued("word", "mission"):
        return []
    found: list[Candidate] = []
    waiting: list[Count] = []
    mentions = dates.find(sentence)
    for count, after in zip_longest(counts, counts[1:]):
        waiting.append(count)
        until = after.start if after is not None else len(sentence.tokens)
        day = next((m.resolve(published) for m in mentions if count.end <= m.start < until), None)
        if day is not None:
            nations = tuple(sorted({code for one in waiting for code in one.nations})) or last.nations
            made = replace(last, sentence=sentence, counts=waiting, nations=nations, day=day, said=None)
            found.append(replace(made, status=Status.COMPLETED, past=True, ordinal=None, verb=None, strong=False))
            waiting = []
    return found


def day_of_mission(sentence: Sentence, published: Published) -> Day | None:
    """ "Tuesday's operation was exceptional": the day of what was just told."""
    for mention in dates.find(sentence):
        if sentence.word(mention.end, "mission") and (mention.weekday is not None or mention.shift is not None):
            return mention.resolve(published)
    return None


def theirs(last: Candidate, sentence: Sentence, first: Count) -> bool:
    """Whether the first number of a sentence is of those just told of."""
    if first.weak or first.group == "bare":
        return False
    of_them = sentence.word(0, "of_them") and first.group in PARTS and first.number.value < whole(last)
    return of_them or composed(sentence, first) or (definite(sentence, first) and not last.total)


def whole(last: Candidate) -> int:
    """How many people were told of, whose parts the next sentence may count."""
    return last.values().get("total", 0)


def composed(sentence: Sentence, first: Count) -> bool:
    """ "The convoy carried ...", "The group is made up of ...": what those who moved consist of."""
    named = any(hit.end <= first.start <= hit.end + NEAR for hit in sentence.valued("word", "anaphor", "mission"))
    return named and any(0 <= first.start - hit.end <= 2 for hit in sentence.valued("word", "compose"))


def definite(sentence: Sentence, first: Count) -> bool:
    """ "The 254 people, from 69 families, boarded trucks": the number of those just told of, as the subject."""
    return first.start == 1 and first.number.value > 2 and sentence.word(0, "the")
