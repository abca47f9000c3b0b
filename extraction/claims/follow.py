"""What the next sentence says of a movement without a word of movement: "The group consists of 118 families"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extraction.claims.frames import Framed
from extraction.claims.moves import Candidate
from extraction.claims.sentences import Sentence
from extraction.claims.singles import Count

NEAR = 7  # words between those who moved and their number
REACH = 3  # sentences behind the one that told of the movement


def followed(last: Candidate | None, sentence: Sentence, framed: Sequence[Framed]) -> Candidate | None:
    """The movement told last, with what this sentence counts of it; None where it counts other people."""
    if last is None or last.wish or last.total or not framed or sentence.part != "body":
        return None
    if not 0 < sentence.index - last.sentence.index <= REACH:
        return None
    counts = [item.count for item in framed if item.frame in {"none", "move"} and item.count.group != "requests"]
    if not counts or counts[0] is not framed[0].count or counts[0].weak or counts[0].group == "bare":
        return None
    if not (composed(sentence, counts[0]) or definite(sentence, counts[0])):
        return None
    return replace(
        last,
        sentence=sentence,
        counts=counts,
        nations=tuple(sorted({code for count in counts for code in count.nations})) or last.nations,
        verb=None,
        strong=False,
    )


def composed(sentence: Sentence, first: Count) -> bool:
    """ "The convoy carried ...", "The group is made up of ...": what those who moved consist of."""
    named = any(hit.end <= first.start <= hit.end + NEAR for hit in sentence.valued("word", "anaphor"))
    return named and any(0 <= first.start - hit.end <= 2 for hit in sentence.valued("word", "compose"))


def definite(sentence: Sentence, first: Count) -> bool:
    """ "The 254 people, from 69 families, boarded trucks": the number of those just told of, as the subject."""
    return first.start == 1 and first.number.value > 2 and sentence.word(0, "the")
