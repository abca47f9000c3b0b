"""Text to sentences: title, captions, teasers and footers told apart from the body. Offsets stay those of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Literal

from extraction.claims.finding import Marks
from extraction.claims.lexicon import Hit, Lexicon, lexicon
from extraction.claims.tokens import WORD, fold

Part = Literal["title", "body", "caption", "skip"]
LONGEST = 800  # characters: a longer "sentence" is a table or rubbish, and is cut so that work stays linear
PICTURE = 900  # characters of a paragraph that a credit line makes a caption
NEAR_START = 30  # characters: a teaser or footer says so at once
SENTENCES = 3_000  # what comes after is not read: no news text is that long
END = re.compile(r"[.!?…؟。]+[\"”»’')\]]*(?=\s|$)|\n+|\s(?=\[[a-z])|(?<=\w)\s[-–•]\s(?=[A-ZА-Я0-9\"“«])")
OPENS = re.compile(r"[\s]*[\"“«‘'(\[•–—-]*\s*[^\W_a-zа-я]")


class Sentence(Marks):
    """A sentence at text[start:end], with its words and what the lexicon knows of them."""

    __slots__ = ("common", "end", "index", "kept", "part", "reach", "start", "text")

    def __init__(self, index: int, start: int, end: int, part: Part, text: str) -> None:
        super().__init__()
        self.index, self.start, self.end, self.part, self.text = index, start, end, part, text
        self.common: frozenset[str] = frozenset()  # words that begin no name
        self.reach = 9  # words before a verb within which "should" or "plans to" still speak of it
        self.kept: dict[str, Any] = {}  # what a later stage has worked out once

    def having(self, tag: str) -> list[Hit]:
        return self.by_tag.get(tag, [])

    def valued(self, tag: str, *values: object) -> list[Hit]:
        if len(values) == 1:
            return self.by_value.get((tag, values[0]), [])
        return sorted(hit for value in values for hit in self.by_value.get((tag, value), ()))

    def says(self, tag: str, *values: object) -> bool:
        return any((tag, value) in self.by_value for value in values)

    def at(self, token: int) -> list[Hit]:
        """The hits that begin at a token."""
        return self.by_start.get(token, [])

    def tagged(self, token: int, *tags: str) -> bool:
        found = self.tags.get(token)
        return found is not None and not found.isdisjoint(tags)

    def word(self, token: int, *values: str) -> bool:
        """Whether a small word of one of these kinds begins at a token."""
        found = self.words.get(token)
        return found is not None and not found.isdisjoint(values)

    def written(self, first: int, behind: int) -> str:
        """tokens[first:behind] as they stand in the text."""
        start = self.start
        return self.text[self.tokens[first].start - start : self.tokens[behind - 1].end - start]

    def gaps(self, first: int, behind: int) -> str:
        """What stands between the words of tokens[first:behind], and before the first of them."""
        return "".join(token.gap for token in self.tokens[first:behind])


def breaks(
    text: str, start: int, end: int, abbreviations: frozenset[str], months: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """Spans of sentences in a stretch of text."""
    at = start
    for match in END.finditer(text, start, end):
        stop = match.end()
        if match.group()[0] == ".":
            word = text[max(at, match.start() - 12) : match.start()].rsplit(None, 1)[-1:]
            key = fold(word[0].strip("(\"“'")) if word else ""
            after = OPENS.match(text, stop, min(end, stop + 8))
            if (
                key in abbreviations
                or (len(key) == 1 and key.isalpha() and stop < end and word[0].isupper())
                or (stop < end and after is None)
            ):
                continue
            following = WORD.search(text, stop, min(end, stop + 24))
            if key.isdecimal() and len(key) <= 2 and following is not None and fold(following.group()) in months:
                continue  # "30. April"
        if stop - at > 1:
            yield from cut(text, at, stop)
            at = stop
    if at < end:
        yield from cut(text, at, end)


def cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span without the blanks around it, in pieces no longer than LONGEST."""
    while end - start > LONGEST:
        space = text.rfind(" ", start, start + LONGEST)
        stop = space if space > start else start + LONGEST
        yield from cut(text, start, stop)
        start = stop
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if end > start:
        yield start, end


@lru_cache(maxsize=64)
def layout(lang: str) -> dict[str, tuple[str, ...]]:
    """The marks of captions, credits, teasers and footers in a language."""
    lists = lexicon(lang).raw.get("layout", {})
    return {name: tuple(lists.get(name, ())) for name in ("caption", "credit", "teaser", "footer", "abbreviations")}


@lru_cache(maxsize=64)
def months(lang: str) -> frozenset[str]:
    return frozenset(fold(word) for word in lexicon(lang).raw.get("time", {}).get("months", {}))


def part_of(piece: str, lang: str) -> Part:
    """What kind of text a sentence is, by its own words."""
    low, marks = piece.casefold(), layout(lang)
    if any(mark in low for mark in marks["caption"]):
        return "caption"
    said = any(0 <= low.find(mark) <= NEAR_START for name in ("teaser", "footer") for mark in marks[name])
    return "skip" if said else "body"


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for match in re.finditer(r"\n", text):
        yield at, match.start()
        at = match.end()
    yield at, len(text)


def split(text: str, title_end: int, lex: Lexicon) -> list[Sentence]:
    """The sentences of an article. A credit line that names a picture makes its whole paragraph a caption."""
    abbreviations, named = frozenset(layout(lex.lang)["abbreviations"]), months(lex.lang)
    found: list[Sentence] = []
    marks = layout(lex.lang)["credit"]
    for first, last in paragraphs(text):
        ending = text[max(first, last - 60) : last].casefold() if last - first < PICTURE else ""
        picture = any(mark in ending for mark in marks)
        for start, end in breaks(text, first, last, abbreviations, named):
            piece = text[start:end]
            part: Part = "title" if start < title_end else "caption" if picture else part_of(piece, lex.lang)
            found.append(Sentence(len(found), start, end, part, piece))
            if len(found) >= SENTENCES:
                return found
    return found


def annotate(sentences: Sequence[Sentence], text: str, lex: Lexicon) -> None:
    """Fill in tokens and lexicon hits of the sentences that can say something."""
    reach = lex.raw.get("reach")  # more where verbs stand at the end
    for sentence in sentences:
        if sentence.part != "skip":
            sentence.common = lex.not_names
            if reach is not None:
                sentence.reach = reach
            sentence.fill(text, sentence.start, sentence.end, lex)
