"""Months by name in every language we read, and the solar calendar of Iran, which its papers date by.

The names come from the lexicons (with the forms that people write: Levantine and Maghrebi Arabic, Kurmanji, Sorani) and
from Babel's CLDR; both load with the first name that is not English, French or German.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files

_LOCALES = (
    "ar", "ar_SY", "ar_IQ", "ar_DZ", "ar_TN", "ar_MA", "fa", "ru", "uk", "tr", "fr", "de", "es", "it", "pt",
    "nl", "sv", "da", "nb", "fi", "sq", "bs", "bs_Cyrl", "sr", "sr_Latn", "hr", "mk", "bg", "pl", "ku",
    "ckb", "kk", "ky", "uz", "uz_Cyrl", "tg", "az", "id", "ms", "sw", "dv", "ur", "ps")
_SHORTEST = 3  # letters of a name that may be shortened; below it every word of a language is one ("de", "no")
_JALALI = {name: number for number, names in enumerate((
    "فروردین farvardin", "اردیبهشت ordibehesht", "خرداد khordad", "تیر tir", "مرداد امرداد mordad", "شهریور shahrivar",
    "مهر mehr", "آبان aban", "آذر azar", "دی dey", "بهمن bahman", "اسفند esfand"), start=1) for name in names.split()}
_LETTERS = str.maketrans("أإآٱىيكةـ", "ااااییکه\u200c")  # to one spelling; the tatweel to what is dropped
_MARKS = re.compile("[\u064b-\u065f\u0670\u200c-\u200f]")
JALALI_YEARS = range(1374, 1413)  # 1995 to 2034; years of the lunar calendar (1416 and later) are other numbers
_EPOCH = date(2019, 3, 21).toordinal()  # 1 Farvardin 1398


def spelled(word: str) -> str:
    """A name as it is looked up: case folded, Arabic letters to one spelling, without vowel marks and joiners."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", word).casefold().replace("i\u0307", "i"))
    return _MARKS.sub("", folded.translate(_LETTERS)).strip(" .،,")


@lru_cache(maxsize=4096)
def month_named(word: str) -> int | None:
    """The number of the Gregorian month of that name, of one or two words, in any language; None for no such name."""
    exact, stems = _names()
    key = spelled(word)
    return exact.get(key) or next((number for stem, number in stems if key.startswith(stem)), None)


def jalali_month(word: str) -> int | None:
    """The number of the month of Iran's solar calendar."""
    return _jalali_names().get(spelled(word))


def from_jalali(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a day of the solar calendar; None where there is none, or not between 1995 and 2034."""
    if year not in JALALI_YEARS or not 1 <= month <= 12 or not 1 <= day <= (31 if month < 7 else 30):
        return None
    first = _new_year(year)
    found = first + timedelta(days=(month - 1) * 31 if month < 7 else 186 + (month - 7) * 30) + timedelta(days=day - 1)
    return found if found < _new_year(year + 1) else None


def _new_year(year: int) -> date:
    """1 Farvardin, by the cycle of 33 years with 8 leap ones, which holds from 1178 to 1633."""
    past = year + 1595
    days = 365 * past + past // 33 * 8 + (past % 33 + 3) // 4
    zero = 1398 + 1595
    return date.fromordinal(_EPOCH + days - (365 * zero + zero // 33 * 8 + (zero % 33 + 3) // 4))


@lru_cache(maxsize=1)
def _jalali_names() -> dict[str, int]:
    return {spelled(name): number for name, number in _JALALI.items()}


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, int], tuple[tuple[str, int], ...]]:
    """Whole names, and stems that any ending may follow. A name that means two months in two languages is none."""
    exact: dict[str, int] = {}
    doubtful: set[str] = set()
    stems: dict[str, int] = {}

    def add(name: str, number: int) -> None:
        key = spelled(name)
        if key and exact.setdefault(key, number) != number:
            doubtful.add(key)

    for name, number in _of_lexicons():
        if name.endswith("*"):
            stems[spelled(name[:-1])] = number
        else:
            add(name, number)
    for name, number in _of_babel():
        if len(spelled(name)) >= _SHORTEST:
            add(name, number)
    return ({key: number for key, number in exact.items() if key not in doubtful},
            tuple(sorted(((stem, number) for stem, number in stems.items() if len(stem) >= _SHORTEST),
                         key=lambda one: -len(one[0]))))


def _of_lexicons() -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for file in (files("extraction") / "claims" / "lexicons").iterdir():
        if file.name.endswith(".toml"):
            months = tomllib.loads(file.read_text("utf-8")).get("time", {}).get("months", {})
            found += [(name, number) for name, number in months.items() if number in range(1, 13)]
    return found


def _of_babel() -> list[tuple[str, int]]:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415  30 ms to import, and 2 ms a language

    found: list[tuple[str, int]] = []
    for name in _LOCALES:
        try:
            months = Locale.parse(name).months
        except UnknownLocaleError:
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                found += [(text, number) for number, text in months[context].get(width, {}).items()]
    return found
