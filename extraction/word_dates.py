"""Days whose month is a word of any language: 15 تموز 2019, 15 июля 2019 г., 24 تیر 1398, 2019 жылғы 15 шілде."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from extraction.calendars import from_jalali, jalali_month, month_named

_TOKEN = re.compile(r"\d+|[^\W\d_][^\W\d_\u0300-\u036f]*(?:[\u200c’'][^\W\d_]+)*|[^\w\s]", re.UNICODE)
_BETWEEN = {  # what may stand between day, month and year
    "de", "del", "d", "di", "da", "den", "ê", "yê", "a", "ya", "ی", "ه", "ماه", "ماهی", "من", "سنة", "عام", "г", "года",
    "жылғы", "жылы", "жылдын", "жыл", "ж", "й", "го", "ого", "sala", "salê", "yil", "yili", "of", "st", "nd", "rd",
    "th", "er", "سال", "ساڵی", "شهر", "م"}
_MARKS = set(".,،/-'’–")
_NEAR = 4  # tokens between the month and the day or the year: "ê", ",", "de"
_LEADING = 4  # words before a date that stands alone: the day of the week, "Published on"
_TRAILING = 2
_CLOCK_WORDS = ("", "الساعة", "ساعت", "saat", "Uhr")
_HALVES = {"ص": "ص", "صباحا": "ص", "صباحًا": "ص", "م": "م", "مساء": "م", "مساءً": "م"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDay:
    """The day, and what was written after it: "" or a time, still to be read; `half` says morning or evening."""

    day: date
    tail: str
    half: str = ""


def worded(text: str, *, whole: bool) -> WrittenDay | None:
    """The first day with a month in words. `whole`: the text holds nothing else but a time and a few words."""
    tokens = [(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(text[:600])]
    if not any(token.isdigit() and len(token) == 4 for token, _, _ in tokens):
        return None
    for at in range(len(tokens)):
        read = _around(tokens, at)
        if read is None:
            continue
        day, first, last = read
        if not whole:
            return WrittenDay(day=day, tail="")
        before = [token for token, _, _ in tokens[:first] if token not in _MARKS]
        if len(before) > _LEADING or any(token.isdigit() for token in before):
            return None
        tail, half = _tail(text[tokens[last][2]:])
        return WrittenDay(day=day, tail=tail, half=half)
    return None


Token = tuple[str, int, int]


def _around(tokens: list[Token], at: int) -> tuple[date, int, int] | None:
    """The day around a month's name that begins at `at`, with the first and the last token of it."""
    word = tokens[at][0]
    if not word[0].isalpha():
        return None
    end, solar = at + 1, jalali_month(word)
    month = None if solar else month_named(word)
    if at + 1 < len(tokens) and tokens[at + 1][0][0].isalpha() and (two := month_named(f"{word} {tokens[at + 1][0]}")):
        month, end, solar = two, at + 2, None
    if month is None and solar is None:
        return None
    end = _same_month_again(tokens, end, month)
    before, after = _number(tokens, at - 1, -1), _number(tokens, end, 1)
    found = _placed(tokens, before, after)
    if found is None:
        return None
    year, number, places = found
    if solar:
        day = from_jalali(year, solar, number)
    else:
        assert month is not None
        day = _real(year, month, number)
    return (day, min(*places, at), max(*places, end - 1)) if day else None


def _same_month_again(tokens: list[Token], end: int, month: int | None) -> int:
    """After "تموز" a "/يوليو": one month under two names."""
    if month and end + 1 < len(tokens) and tokens[end][0] in "/(-" and month_named(tokens[end + 1][0]) == month:
        end += 2
        return end + (end < len(tokens) and tokens[end][0] == ")")
    return end


def _placed(tokens: list[Token], before: int | None, after: int | None) -> tuple[int, int, list[int]] | None:
    """(year, day, places) of the numbers beside the month: 15 July 2019, July 15, 2019, 2019 July 15, 2019 15 July."""
    first = tokens[before][0] if before is not None else ""
    second = tokens[after][0] if after is not None else ""
    if before is not None and len(first) <= 2:
        if after is not None and len(second) == 4:
            return int(second), int(first), [before, after]
        year = _number(tokens, before - 1, -1)
        if year is not None and len(tokens[year][0]) == 4:
            return int(tokens[year][0]), int(first), [year, before]
        return None
    if after is not None and len(second) <= 2:
        if before is not None and len(first) == 4:
            return int(first), int(second), [before, after]
        year = _number(tokens, after + 1, 1)
        if year is not None and len(tokens[year][0]) == 4:
            return int(tokens[year][0]), int(second), [after, year]
    return None


def _number(tokens: list[Token], at: int, step: int) -> int | None:
    """The place of the next number, over marks and words that may stand between."""
    for _ in range(_NEAR):
        if not 0 <= at < len(tokens):
            return None
        token = tokens[at][0]
        if token.isdigit():
            return at if len(token) in (1, 2, 4) else None
        if token not in _MARKS and token.casefold() not in _BETWEEN:
            return None
        at += step
    return None


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _tail(text: str) -> tuple[str, str]:
    """What follows the year, without "г.", "م" and other words of it; and whether it says morning or evening."""
    words = text.split()
    while words and words[0].strip(".,،|-–—").casefold() in _BETWEEN | {""}:
        words.pop(0)
    half = next((_HALVES[word] for word in words if word in _HALVES), "")
    words = [word for word in words if word not in _HALVES and word.strip("|-–—,،") not in _CLOCK_WORDS]
    if len(words) <= _TRAILING and not any(char.isdigit() for word in words for char in word):
        words = []  # the day of the week
    return " ".join(words).strip(" ,،|-–—"), half
