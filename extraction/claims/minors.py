"""Names of minors where they stand: an age below 18 beside a name, "the child X", "2-year-old X"."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.claims.sentences import Sentence
from records.claims import Evidence

ADULT = 18
LONGEST = 4  # words of a name


def spans(sentence: Sentence) -> list[tuple[int, int]]:
    """Tokens of each minor's name."""
    known: list[tuple[int, int]] | None = sentence.kept.get("minors")
    if known is None:
        young = (token.number is not None and token.number < ADULT for token in sentence.tokens)
        known = list(search(sentence)) if sentence.having("minor") or any(young) else []
        sentence.kept["minors"] = known
    return known


def search(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words with an age behind them or a word for a child before."""
    tokens = sentence.tokens
    known = {
        at
        for hit in sentence.hits
        if hit.tag in {"nation", "place", "org", "role", "weekday", "month", "daesh", "group"}
        for at in range(hit.start, hit.end)
    }
    at = 0
    while at < len(tokens):
        end = at
        while (
            end < len(tokens)
            and end - at < LONGEST
            and tokens[end].text[0].isupper()
            and end not in known
            and (end == at or tokens[end].gap in {" ", "-"})
        ):
            end += 1
        if end > at and (aged(sentence, end) or called(sentence, at)):
            yield at, end
        at = max(end, at + 1)


def aged(sentence: Sentence, end: int) -> bool:
    """ "Khadija, 2," or "Khadija (2)": the age behind a name."""
    if end >= len(sentence.tokens) or sentence.tokens[end].gap.strip() not in {",", "("}:
        return False
    age = sentence.tokens[end].number
    after = sentence.tokens[end + 1].gap.strip()[:1] if end + 1 < len(sentence.tokens) else "."
    return age is not None and age < ADULT and after in {",", ")", ".", ";"}


def called(sentence: Sentence, start: int) -> bool:
    """ "the child Abdullah", "3-year-old Abdullah": what stands before a name."""
    for hit in sentence.having("minor"):
        if hit.end != start or sentence.tokens[start].gap.strip(' -"“'):
            continue
        if hit.value == "minor_nouns":
            return True
        number = sentence.tokens[hit.start - 1] if hit.start else None
        worded = [other.value for other in sentence.having("num") if other.end == hit.start]
        age = number.number if number is not None and number.number is not None else next(iter(worded), None)
        if age is not None and age < ADULT:
            return True
    return False


def find(sentence: Sentence) -> list[Evidence]:
    """The names of minors in a sentence, with their place."""
    found = []
    for start, end in spans(sentence):
        first, last = sentence.tokens[start], sentence.tokens[end - 1]
        found.append(Evidence(quote=sentence.written(start, end), start=first.start, end=last.end))
    return found
