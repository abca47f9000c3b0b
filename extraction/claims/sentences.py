"""Text to sentences: title, captions, teasers and footers told apart from the body. Offsets stay those of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
STOP = re.compile(r"[.!?…؟。]+[\"”»’')\]]*(?=\s|$)")
END = re.compile(rf"{STOP.pattern}|\s(?=\[[a-z])|(?<=\w)\s(?:[-–]\s(?=[A-ZА-Я\"“«])|•\s(?=[A-ZА-Я0-9\"“«]))")
ASIDE = re.compile(r"\s[-–•\[]")  # where this is nowhere, only a stop ends a sentence, which is found faster
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


def breaks(text: str, start: int, end: int, marks: Layout) -> Iterator[tuple[int, int]]:
    """Spans of sentences in a stretch of text without a line break."""
    at = start
    ends = END if ASIDE.search(text, start, end) else STOP
    for match in ends.finditer(text, start, end):
        stop = match.end()
        if match.group()[0] == "." and goes_on(text, at, match, end, marks):
            continue
        if stop - at > 1:
            yield from cut(text, at, stop)
            at = stop
    if at < end:
        yield from cut(text, at, end)


def goes_on(text: str, first: int, point: re.Match[str], end: int, marks: Layout) -> bool:
    """Whether a full stop ends no sentence: behind an abbreviation, an initial or a day, or before a small letter."""
    stop = point.end()
    if point.group() == "..":
        return True  # "العراق.. عودة 150 عائلة": two points stand for a colon
    if stop < end and OPENS.match(text, stop, min(end, stop + 8)) is None:
        return True
    word = text[max(first, point.start() - 12) : point.start()].rsplit(None, 1)[-1:]
    key = fold(word[0].strip("(\"“'")) if word else ""
    if key in marks.abbreviations or (len(key) == 1 and key.isalpha() and stop < end and word[0].isupper()):
        return True
    if not (key.isdecimal() and len(key) <= 2):
        return False
    following = WORD.search(text, stop, min(end, stop + 24))
    return following is not None and fold(following.group()) in marks.months  # "30. April"


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


@dataclass(frozen=True, slots=True)
class Layout:
    """The marks of captions, credits, teasers and footers in a language, its abbreviations and its months, folded."""

    caption: tuple[str, ...]
    credit: tuple[str, ...]
    opening: tuple[str, ...]  # of teasers and footers: they say so at once
    abbreviations: frozenset[str]
    months: frozenset[str]

    def part_of(self, piece: str) -> Part:
        """What kind of text a sentence is, by its own words."""
        low = piece.casefold()
        for mark in self.caption:
            if mark in low:
                return "caption"
        for mark in self.opening:
            if -1 < low.find(mark, 0, NEAR_START + len(mark)) <= NEAR_START:
                return "skip"
        return "body"

    def pictured(self, ending: str) -> bool:
        """Whether the end of a paragraph is the credit of a picture."""
        low = ending.casefold()
        return any(mark in low for mark in self.credit)


@lru_cache(maxsize=64)
def layout(lang: str) -> Layout:
    raw = lexicon(lang).raw
    lists = {name: tuple(words) for name, words in raw.get("layout", {}).items()}
    return Layout(
        lists.get("caption", ()),
        lists.get("credit", ()),
        (*lists.get("teaser", ()), *lists.get("footer", ())),
        frozenset(lists.get("abbreviations", ())),
        frozenset(fold(word) for word in raw.get("time", {}).get("months", {})),
    )


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while (stop := text.find("\n", at)) >= 0:
        if stop > at:
            yield at, stop
        at = stop + 1
    yield at, len(text)


def split(text: str, title_end: int, lex: Lexicon) -> list[Sentence]:
    """The sentences of an article. A credit line that names a picture makes its whole paragraph a caption."""
    found: list[Sentence] = []
    marks = layout(lex.lang)
    for first, last in paragraphs(text):
        picture = last - first < PICTURE and marks.pictured(text[max(first, last - 60) : last])
        for start, end in breaks(text, first, last, marks):
            piece = text[start:end]
            part: Part = "title" if start < title_end else "caption" if picture else marks.part_of(piece)
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
