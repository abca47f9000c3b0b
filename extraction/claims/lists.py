"""Lists of counted people: "14 children, five women and four men" share one verb; a single person only as a member."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.claims.lexicon import Hit
from extraction.claims.sentences import Sentence
from extraction.claims.singles import Count

Choice = tuple[float, str, Hit | None]  # (how far, frame, what governs)


def lone(sentence: Sentence, counts: Sequence[Count], found: list[Choice]) -> None:
    """A single person beside people counted by number moves with them only as a member of their list."""
    own = {hit.start for hit in sentence.valued("word", "poss")}
    if not any(not count.weak and item[1] == "move" for count, item in zip(counts, found, strict=True)):
        return
    for at, count in enumerate(counts):
        beside = (at > 0 and listed(sentence, counts[at - 1], count)) or (
            at + 1 < len(counts) and (listed(sentence, count, counts[at + 1]) or counts[at + 1].start - 1 in own)
        )
        if count.weak and not beside:
            found[at] = (found[at][0], "none", None)


def family(sentence: Sentence, counts: Sequence[Count], found: list[Choice]) -> None:
    """ "A woman who had joined ... and her four children": the single one shares the frame of those called hers."""
    own = {hit.start for hit in sentence.valued("word", "poss")}
    for at, count in enumerate(counts[:-1]):
        after = counts[at + 1]
        if count.weak and after.start - 1 in own and found[at][1] != "move" and found[at + 1][1] == "move":
            found[at] = found[at + 1]


def listed(sentence: Sentence, first: Count, second: Count) -> bool:
    """Whether two counts are members of one list: "14 children, five women and four men"."""
    between = second.start - first.end
    if between < 0 or between > 3:
        return False
    hedges = sum(
        hit.end - hit.start for hit in sentence.having("qual") if first.end <= hit.start and hit.end <= second.start
    )
    joins = sum(
        1 for hit in sentence.valued("word", "and", "along", "the", "poss") if first.end <= hit.start < second.start
    )
    gap = "".join(sentence.tokens[i].gap for i in range(first.end, second.start + 1))
    plain = gap.replace(" ", "").strip('"“”«»(-–—')
    return (
        between - hedges <= joins
        and plain in {"", ",", "،", "/"}
        and (
            joins > 0
            or "," in plain
            or "،" in plain
            or "(" in gap
            or "/" in gap
            or "—" in gap
            or sentence_glued(sentence, second)
        )
    )


def sentence_glued(sentence: Sentence, count: Count) -> bool:
    """Arabic writes "and" as a letter before the number or noun."""
    return sentence.tokens[count.start].text.startswith("و")
