"""Dates in a sentence, as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extraction.claims.days import YEARS, Mention
from extraction.claims.lexicon import Hit
from extraction.claims.sentences import Sentence

SHIFTS = (("before_yesterday", -2), ("yesterday", -1), ("day_before", -1), ("today", 0), ("tomorrow", 1))
LATELY = 31  # days, beyond which "days ago" is no date
YEAR = 4  # digits of a year
NUMERIC = re.compile(
    r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2((?:20)?\d{2})(?![\d])|(?<!\d)(20\d{2})-(\d{2})-(\d{2})(?!\d)"
)

DIGITS = re.compile(r"\d[./-]\d")  # what every such date has; found ten times as fast
TIMED = ("month", "weekday", "time", "shift")  # tags without which a sentence has no date, unless in digits


def numeric(sentence: Sentence) -> Iterator[Mention]:
    """13.10.17, 02/02/2020, 2019-07-15; the day comes first unless that is impossible."""
    for match in NUMERIC.finditer(sentence.text) if DIGITS.search(sentence.text) else ():
        if match[5]:
            year, month, day = int(match[5]), int(match[6]), int(match[7])
        else:
            day, month, year = int(match[1]), int(match[3]), int(match[4])
            year += 2000 if year < 100 else 0
            day, month = (month, day) if month > 12 >= day else (day, month)
        if 1 <= month <= 12 and 1 <= day <= 31 and year in YEARS:
            first, last = match.start() + sentence.start, match.end() + sentence.start
            inside = [i for i, token in enumerate(sentence.tokens) if token.start < last and token.end > first]
            if inside:
                yield Mention(inside[0], inside[-1] + 1, year=year, month=month, day=day)


class Reader:
    """Reads the written dates of one sentence, from left to right."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence, self.tokens = sentence, sentence.tokens
        self.months = {hit.start: hit for hit in sentence.having("month")}
        self.weekdays = {hit.start: hit for hit in sentence.having("weekday")}
        self.times: dict[int, list[Hit]] = {}
        for hit in sentence.having("time"):
            self.times.setdefault(hit.start, []).append(hit)

    def year_at(self, at: int) -> int | None:
        if 0 <= at < len(self.tokens):
            number = self.tokens[at].number
            if number is not None and len(self.tokens[at].text) == YEAR and number in YEARS:
                return number
        return None

    def day_at(self, at: int) -> int | None:
        if 0 <= at < len(self.tokens):
            number = self.tokens[at].number
            if number is not None and 1 <= number <= 31 and len(self.tokens[at].text) <= 2:
                return number
        return None

    def time_at(self, at: int, *names: str) -> Hit | None:
        for hit in self.times.get(at, ()):
            if hit.value in names:
                return hit
        return None

    def is_mark(self, at: int) -> bool:
        return (
            0 <= at < len(self.tokens)
            and not self.tokens[at].gap
            and any(hit.start == at and hit.value == "ordinal_mark" for hit in self.sentence.having("word"))
        )

    def month(self, at: int) -> Mention | None:
        """A date around a month's name."""
        hit, month = self.months[at], int(self.months[at].value)
        start, end, day, year = at, hit.end, None, None
        while end in self.months and self.months[end].value == month and len(self.tokens[end].gap) <= 3:
            end = self.months[end].end  # "آب/أغسطس": one month under two names
        before = at - 1 if not self.is_mark(at - 1) else at - 2
        between = [i for i in (at - 1, at - 2) if self.time_at(i, "of_date")]
        before = before - 1 if between and before == at - 1 else before
        if (found := self.day_at(before)) is not None and not self.tokens[at].gap.strip(" .-/'’"):
            day, start = found, before
        elif (found := self.day_at(end)) is not None and not self.tokens[end].gap.strip() and not self.counts(at, end):
            day, end = found, end + 1
            end += self.is_mark(end)
        if (found := self.year_at(end)) is not None and not self.tokens[end].gap.strip(" ,./"):
            year, end = found, end + 1
        elif (found := self.year_at(end + 1)) is not None and self.time_at(end, "of_date", "in_date"):
            year, end = found, end + 2
        capital = (
            self.tokens[at].text[:1].isupper()
            or self.time_at(at - 1, "in_date") is not None
            or not self.tokens[at].text.isascii()
            or not self.sentence.says("word", "be")
        )
        if day is None and year is None and not capital:
            return None
        last_year = self.time_at(end, "last_year") is not None
        if last_year:
            end = self.times[end][0].end
        last = self.time_at(start - 1, "last")
        back = self.tokens[start - 1].key if start else ""
        if not (day or year or last or last_year) and not (
            start
            and (
                self.time_at(start - 1, "on", "in_date", "next", "this")
                or any(near.end == start for near in self.sentence.valued("time", "near_month"))
                or self.time_at(at, "in_month")
                or self.time_at(start - 2, "in_date")
                or back in {"in", "last"}
            )
        ):
            return None
        joined = (
            end + 1 < len(self.tokens)
            and end + 1 in self.months
            and day is None
            and any(hit.start == end and hit.value == "and" for hit in self.sentence.having("word"))
        )
        if joined:
            end = self.months[end + 1].end
            end += self.year_at(end) is not None
        return Mention(start, end, year, month, day, last_year=last_year, span=joined)

    def counts(self, month: int, at: int) -> bool:
        """ "in the first half of January 12 people": a number right before people is no day."""
        people = self.sentence.tagged(at + 1, "group") and not self.tokens[at + 1].gap.strip()
        return people and self.time_at(month - 1, "on") is None

    def read(self) -> Iterator[Mention]:
        years = (at for at in self.sentence.digits if len(self.tokens[at].text) == YEAR)
        behind = 0
        fixed = (hit.start for hit in self.sentence.having("shift"))
        for at in sorted({*self.months, *self.weekdays, *self.times, *fixed, *years}):
            if at < behind:
                continue
            mention: Mention | None = None
            if at in self.months:
                mention = self.month(at)
            elif at in self.weekdays:
                future = self.time_at(at - 1, "next") is not None or self.time_at(at + 1, "next") is not None
                mention = Mention(at, at + 1, weekday=int(self.weekdays[at].value), future=future)
            elif (year := self.year_at(at)) is not None:
                until = at + 1
                span = (
                    until < len(self.tokens)
                    and self.tokens[until].gap in {"-", "–", "/"}
                    and self.tokens[until].number is not None
                )
                listed = self.sentence.word(until, "and") and self.year_at(until + 1) is not None
                until += 2 if listed else bool(span)  # "2019-2021", "2020 and 2021"
                mention = Mention(at, until, year=year, span=bool(span or listed))
            else:
                mention = self.relative(at)
            if mention is not None:
                yield mention
                behind = mention.end

    def before(self, at: int) -> tuple[int, int] | None:
        """(where it begins, its value) of the small number right before a token: "two days ago", "a week ago"."""
        if at == 0 or self.tokens[at].gap.strip():
            return None
        value = self.tokens[at - 1].number
        if value is None:
            worded = (int(hit.value) for hit in self.sentence.at(at - 1) if hit.tag == "num")
            value = next(worded, 1 if self.sentence.word(at - 1, "one") else None)
        return (at - 1, value) if value is not None and value <= LATELY else None

    def ahead(self, at: int) -> Mention | None:
        """ "vor drei Tagen", "il y a deux semaines": a mark, a small number and a unit."""
        hit = self.time_at(at, "ago")
        if hit is None or hit.end + 1 >= len(self.tokens):
            return None
        value, behind = self.tokens[hit.end].number, hit.end + 1
        if value is None:
            worded = next((num for num in self.sentence.at(hit.end) if num.tag == "num"), None)
            one = 1 if self.sentence.word(hit.end, "one") else None
            value, behind = (int(worded.value), worded.end) if worded is not None else (one, behind)
        for name, size in (("day_words", 1), ("week_words", 7)):
            if (unit := self.time_at(behind, name)) is not None and value is not None and value <= LATELY:
                return Mention(at, unit.end, shift=-value * size)
        return None

    def relative(self, at: int) -> Mention | None:
        fixed = next((hit for hit in self.sentence.at(at) if hit.tag == "shift"), None)
        if fixed is not None:  # "قبل يومين": number and unit in one word
            return Mention(at, fixed.end, shift=int(fixed.value))
        return self.near(at) or self.counted(at) or self.coarse(at)

    def near(self, at: int) -> Mention | None:
        """ "yesterday", "tomorrow", "last year"."""
        for name, shift in SHIFTS:
            if (hit := self.time_at(at, name)) is not None:
                return Mention(at, hit.end, shift=shift)
        if (hit := self.time_at(at, "last_year")) is not None:
            return Mention(at, hit.end, last_year=True)
        return None

    def counted(self, at: int) -> Mention | None:
        """ "three days ago", "vor zwei Wochen"."""
        for name, size in (("days_ago", 1), ("weeks_ago", 7)):
            if (hit := self.time_at(at, name)) is not None and (number := self.before(at)) is not None:
                start, value = number
                return Mention(start, hit.end, shift=-value * size)
        return self.ahead(at)

    def coarse(self, at: int) -> Mention | None:
        """ "last month"."""
        for name, back in (("this_month", 0), ("last_month", 1), ("next_month", -1)):
            if (hit := self.time_at(at, name)) is not None:
                return Mention(at, hit.end, months_back=back)
        return None


def find(sentence: Sentence) -> list[Mention]:
    """Dates in a sentence; what a day's month or weekday stands beside is one date."""
    known: list[Mention] | None = sentence.kept.get("dates")
    if known is not None:
        return known
    if not (sentence.digits or any(tag in sentence.by_tag for tag in TIMED)):
        sentence.kept["dates"] = []
        return []
    fixed = list(numeric(sentence)) if sentence.digits else []
    taken = {at for mention in fixed for at in range(mention.start, mention.end)}
    known = sorted(
        [*fixed, *(mention for mention in Reader(sentence).read() if mention.start not in taken)],
        key=lambda mention: mention.start,
    )
    sentence.kept["dates"] = known
    return known
