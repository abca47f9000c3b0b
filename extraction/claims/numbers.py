"""Whole numbers in a sentence: digits of any script and grouping, number words, fractions of thousands, ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from extraction.claims.lexicon import Hit
from extraction.claims.sentences import Sentence

LARGEST = 5_000_000  # people; what is larger counts something else


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens[start:end]; of a range the lower bound, which ends at `lowest`.

    Of "33 and not 32" the number meant, which ends at `stated`.
    """

    start: int
    end: int
    value: int
    word: bool = False
    lowest: int | None = None
    stated: int | None = None


class Reader:
    """Reads the numbers of one sentence from left to right; dates, ordinals and vague numbers are none."""

    def __init__(self, sentence: Sentence, taken: set[int], *, spaced: bool) -> None:
        self.spaced = spaced  # "1 600": the language groups digits by blanks
        self.sentence, self.tokens = sentence, sentence.tokens
        self.values = {hit.start: int(hit.value) for hit in sentence.having("num")}
        self.ends = {hit.start: hit.end for hit in sentence.having("num")}
        self.scales = {hit.start: int(hit.value) for hit in sentence.having("scale")}
        self.dozens = {hit.start for hit in sentence.having("dozen")}
        vague = {at for hit in sentence.having("vague") if not self.counted(hit) for at in range(hit.start, hit.end)}
        orders = [hit for hit in sentence.having("ordinal") if hit.end - hit.start > 1]  # "الثامنة والعشرين"
        vague |= {at for hit in orders for at in range(hit.start, hit.end)}
        part_of = {hit.end for hit in sentence.having("partial")}  # "one of two children": the two are not who moves
        self.closed = taken | vague | part_of

    def read(self) -> Iterator[Number]:
        behind = 0
        for at in sorted({*self.sentence.digits, *self.values, *self.scales, *self.dozens} - self.closed):
            if at < behind:
                continue
            number: Number | None
            if not self.tokens[at].text[0].isdecimal():
                number = self.words(at)
            elif self.is_ordinal(at):
                behind = at + 2
                continue
            else:
                number = self.digits(at)
            if number is not None and 0 < number.value <= LARGEST:
                yield number
            behind = number.end if number is not None else at + 1

    def counted(self, hit: Hit) -> bool:
        """ "2,2 тысячи": a word that alone says only "thousands" behind a number."""
        before = hit.start - 1
        told = before in self.values or (before >= 0 and self.tokens[before].text[0].isdecimal())
        return hit.start in self.scales and told and self.touches(hit.start)

    def is_ordinal(self, at: int) -> bool:
        return at + 1 < len(self.tokens) and not self.tokens[at + 1].gap and self.sentence.word(at + 1, "ordinal_mark")

    def touches(self, at: int) -> bool:
        """Whether a token follows the one before with nothing but a blank or hyphen between."""
        return at < len(self.tokens) and not self.tokens[at].gap.strip(" -‐‑\u00a0")

    def digits(self, at: int) -> Number | None:
        """ "1,500", "٣٣", "635 thousand", "2,2 тысячи", "3 bin 749"."""
        value, end = self.tokens[at].number, at + 1
        while self.spaced and value is not None and end < len(self.tokens) and self.grouped(at, end):
            value, end = value * 1000 + int(self.tokens[end].number or 0), end + 1
        if end in self.scales and end not in self.closed and self.touches(end):
            base = self.fraction(at) if value is None else float(value)
            if base is None:
                return None
            value, end = round(base * self.scales[end]), end + 1
            more = end + 1 if end < len(self.tokens) and self.sentence.word(end, "num_join") else end
            rest = (
                self.tokens[more].number
                if more < len(self.tokens) and self.touches(more) and more not in self.closed
                else None
            )
            if rest is not None and rest < self.scales[end - 1] and not self.sentence.tagged(more + 1, "month"):
                value, end = value + rest, more + 1
        return Number(at, end, value) if value is not None else None

    def grouped(self, at: int, end: int) -> bool:
        """Whether a token is three more digits of the number that began at `at`."""
        token, short = self.tokens[end], len(self.tokens[at].text) <= 3
        return (
            short and token.number is not None and len(token.text) == 3 and token.gap == " " and end not in self.closed
        )

    def fraction(self, at: int) -> float | None:
        text = self.tokens[at].text.replace(",", ".").replace("٫", ".")
        return float(text) if text.count(".") == 1 and text.replace(".", "").isdecimal() else None

    def words(self, at: int) -> Number:
        """ "thirty-three", "two hundred and five", "a dozen", "مئة وعشرين", "zwei und zwanzig"."""
        start, whole, part, last = at, 0, 0, 0
        while at < len(self.tokens) and (at == start or self.touches(at)):
            joined = at > start and self.sentence.word(at, "num_join")
            look = at + 1 if joined and self.touches(at + 1) else at
            if look in self.values and (
                at == start or self.fits(last, self.values[look], glued=joined or self.is_glued(look))
            ):
                last = self.values[look]
                part += last
            elif look in self.scales:
                last = self.scales[look]
                if last >= 1000:
                    whole, part = whole + (part or 1) * last, 0
                else:
                    part = part - part % 100 + (part % 100 or 1) * last if part else last
            elif look in self.dozens and not joined:
                part, at = (part or 1) * 12, look + 1
                break
            else:
                break
            at = self.ends.get(look, look + 1)
        return Number(start, max(at, start + 1), whole + part, word=True)

    def is_glued(self, at: int) -> bool:
        """Arabic writes "and" as the first letter of the word."""
        return self.tokens[at].key.startswith("و") and len(self.tokens[at].key) > 3

    @staticmethod
    def fits(last: int, value: int, *, glued: bool) -> bool:
        """Whether a number word goes on with the number that ends in `last`."""
        if 10 <= last < 100 and last % 10 == 0:  # "on iki": some languages say ten and two as well
            return value < 10
        if last >= 100 and last % 100 == 0:
            return value < last
        return glued and 0 < last < 10 and value >= 20 and value % 10 == 0


def some(sentence: Sentence) -> bool:
    """Whether a sentence says any number at all."""
    tags = sentence.by_tag
    return bool(sentence.digits) or "num" in tags or "scale" in tags or "dozen" in tags


def find(sentence: Sentence, taken: set[int], *, spaced: bool = False) -> Iterator[Number]:
    """The numbers of a sentence outside `taken` tokens; a range counts once, by its lower bound."""
    found = list(Reader(sentence, taken, spaced=spaced).read()) if some(sentence) else []
    skip = False
    for number, after in zip_longest(found, found[1:]):
        if skip:
            skip = False
        elif after is not None and number.value < after.value < 3 * number.value and is_range(sentence, number, after):
            skip = True
            yield Number(number.start, after.end, number.value, number.word, lowest=number.end)
        elif after is not None and is_instead(sentence, number, after):
            skip = True
            yield Number(number.start, after.end, number.value, number.word, stated=number.end)
        elif after is not None and is_negated(sentence, number, after):
            continue
        else:
            yield number


def is_range(sentence: Sentence, number: Number, after: Number) -> bool:
    """ "18,000 to 19,000", "150-200"."""
    if after.start == number.end:
        return sentence.tokens[after.start].gap.strip() in {"-", "–"}
    return after.start == number.end + 1 and sentence.word(number.end, "range")


def is_instead(sentence: Sentence, number: Number, after: Number) -> bool:
    """ "33 and not 32": the second is what was said wrongly."""
    hits = (hit for hit in sentence.at(number.end) if hit.tag == "word" and hit.value == "instead")
    return any(hit.end == after.start for hit in hits)


def is_negated(sentence: Sentence, number: Number, after: Number) -> bool:
    """ "not 32 but 33": the first is what was said wrongly."""
    before = number.start > 0 and sentence.word(number.start - 1, "negates")
    return before and after.start == number.end + 1 and sentence.word(number.end, "break")
