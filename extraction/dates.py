"""Dates as feeds and pages write them, read strictly: what can be read two ways is not read.

Lenient parsers were measured to be silently wrong: `2024/01/02 03:04` as November, CEST as UTC, `10000-01-01` as 2010.
A day that is none (30 February) is no date, and no other day.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from extraction.calendars import JALALI_YEARS, from_jalali
from extraction.word_dates import WrittenDay, worded

EARLIEST = date(1995, 1, 1)  # no news page is older
AHEAD = timedelta(hours=48)  # clocks and zones of others are wrong by less
_LONGEST = 64  # characters; longer is no date

_ZONES = {name: hours for hours, names in {  # hours from UTC; a name of two zones (IST, AST) is below
    0: "Z UT UTC GMT WET", 1: "CET MEZ BST WEST", 2: "CEST MESZ EET SAST", 3: "EEST MSK TRT", 3.5: "IRST",
    4: "GST MSD", 4.5: "IRDT AFT", 5: "PKT", 8: "HKT SGT", 9: "JST KST", 10: "AEST", 11: "AEDT",
    -4: "EDT", -5: "EST CDT", -6: "CST MDT", -7: "MST PDT", -8: "PST AKDT", -9: "AKST", -10: "HST", -3: "BRT ART",
}.items() for name in names.split()}
# Names that mean another zone in another country: by name and the country of the source (ISO 3166-1).
_ZONES_OF = {(name, country): zone for name, zones in {
    "IST": "IN:Asia/Kolkata IL:Asia/Jerusalem IE:Europe/Dublin LK:Asia/Colombo", "IDT": "IL:Asia/Jerusalem",
    "AST": "IQ:Asia/Baghdad SA:Asia/Riyadh KW:Asia/Kuwait QA:Asia/Qatar BH:Asia/Bahrain YE:Asia/Aden SY:Asia/Damascus "
           "CA:America/Halifax TT:America/Port_of_Spain PR:America/Puerto_Rico",
    "CST": "CN:Asia/Shanghai TW:Asia/Taipei CU:America/Havana US:America/Chicago",
    "BST": "BD:Asia/Dhaka GB:Europe/London",
    "GST": "AE:Asia/Dubai OM:Asia/Muscat", "MST": "MY:Asia/Kuala_Lumpur MM:Asia/Yangon US:America/Denver",
    "EST": "AU:Australia/Sydney US:America/New_York CA:America/Toronto", "PST": "PH:Asia/Manila US:America/Los_Angeles",
    "AMT": "AM:Asia/Yerevan BR:America/Manaus", "ALMT": "KZ:Asia/Almaty", "KGT": "KG:Asia/Bishkek",
    "UZT": "UZ:Asia/Tashkent", "TJT": "TJ:Asia/Dushanbe", "TRT": "TR:Europe/Istanbul", "WIB": "ID:Asia/Jakarta",
    "MVT": "MV:Indian/Maldives"}.items() for country, _, zone in (one.partition(":") for one in zones.split())}
_ONLY = {"ALMT", "KGT", "UZT", "TJT", "WIB", "MVT"}  # names that no other country uses
_MONTHS = {name: number for number, names in enumerate((
    "jan january januar janvier", "feb february februar février", "mar march märz mars", "apr april avril", "may mai",
    "jun june juni juin", "jul july juli juillet", "aug august août", "sep sept september septembre",
    "oct october oktober octobre okt", "nov november novembre", "dec december dezember décembre dez"), start=1)
    for name in names.split()}
_TIME = r"(?P<h>\d{1,2}):(?P<mi>\d\d)(?::(?P<s>\d\d)(?:[.,]\d{1,9})?)?(?:\s*(?P<ap>[ap])\.?m\.?)?"
_ZONE = r"(?:\s*(?P<zone>[+-]\d\d:?\d\d|[+-]\d\d|[A-Za-z]{1,5}))?(?:\s*\([^)]*\))?"
_MONTH = r"(?P<mn>[^\W\d]{3,9})"
_DAYNAME = r"(?:[^\W\d]{2,12}\.?,?\s+)?"
_ISO_TAIL = rf"(?:(?:[Tt]|\s+){_TIME}{_ZONE})?"
_WORD_TAIL = rf"(?:,?\s+(?:at\s+|um\s+|à\s+)?{_TIME}{_ZONE})?"
_FORMS = [re.compile(form + r"$", re.IGNORECASE) for form in (
    rf"(?P<y>\d{{4}})-(?P<m>\d\d?)-(?P<d>\d\d?){_ISO_TAIL}",
    rf"(?P<y>\d{{4}})/(?P<m>\d\d?)/(?P<d>\d\d?){_ISO_TAIL}",
    rf"(?P<y>\d{{4}})\.(?P<m>\d\d)\.(?P<d>\d\d){_ISO_TAIL}",
    rf"(?P<y>\d{{4}})(?P<m>\d\d)(?P<d>\d\d)(?:[Tt](?P<h>\d\d):?(?P<mi>\d\d)(?::?(?P<s>\d\d))?(?P<ap>)?{_ZONE})?",
    rf"{_DAYNAME}(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.)?[ -]{_MONTH}\.?,?[ -](?P<y>\d{{4}}|\d\d(?=\s+\d)){_WORD_TAIL}",
    rf"{_DAYNAME}{_MONTH}\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}}){_WORD_TAIL}",
    rf"{_DAYNAME}(?P<mn>[^\W\d]{{3}})\s+(?P<d>\d{{1,2}})\s+{_TIME}(?:\s+(?P<zone>[A-Za-z]{{1,5}}|[+-]\d{{4}}))?\s+(?P<y>\d{{4}})",
    rf"(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?(?P<y>\d{{4}})(?:,?\s+(?:-\s+)?{_TIME}{_ZONE})?",
    rf"(?P<y>\d{{4}})\s?[年년]\s?(?P<m>\d{{1,2}})\s?[月월]\s?(?P<d>\d{{1,2}})\s?[日일]?(?:\s*{_TIME}{_ZONE})?",
    rf"(?P<sa>\d\d?)(?P<sep>[/-])(?P<sb>\d\d?)(?P=sep)(?P<y>\d{{4}})(?:,?\s+{_TIME}{_ZONE})?",
)]
_EPOCH = re.compile(r"\d{10}(?:\d{3})?$")
_TAIL = re.compile(rf"\W*(?:[^\W\d]{{1,8}}\W+)?{_TIME}(?:\s*Uhr)?{_ZONE}\W*",
                   re.IGNORECASE)  # "um 14:05 Uhr", "| 14:05 MSK"
_WITHIN = re.compile(  # a date that stands among other words; the forms of one meaning only
    r"(?<![\d./-])(?:\d{4}-\d\d?-\d\d?|\d{4}/\d\d?/\d\d?|\d{4}\.\d\d\.\d\d|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}"
    r"|\d{1,2}([/-])\d{1,2}\1\d{4}|\d{1,2}(?:st|nd|rd|th|\.)?[ -][A-Za-z]{3,9}\.?,?[ -]\d{4}"
    r"|[A-Za-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,\s+\d{4})(?![\d/-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A date as it was written: `at` has a zone where one was written; without `timed` only its day counts."""

    at: datetime
    timed: bool

    @property
    def zoned(self) -> bool:
        return self.timed and self.at.tzinfo is not None

    @property
    def day(self) -> date:
        return self.at.date()

    def iso(self) -> str:
        """The full instant where the zone is known; else the day, which is all that is sure."""
        return self.at.isoformat(timespec="seconds") if self.zoned else self.day.isoformat()

    def within(self, latest: datetime) -> bool:
        """Whether it can be the date of news: not before 1995, not more than 48 hours after `latest`."""
        return EARLIEST <= self.day <= (latest + AHEAD).date() and (not self.zoned or self.at <= latest + AHEAD)

    def utc(self) -> datetime:
        """The instant in UTC; a time without zone is taken for UTC, which is wrong by 14 hours at most."""
        return self.at.astimezone(UTC) if self.at.tzinfo else self.at.replace(tzinfo=UTC)


def read_date(raw: str, country: str | None = None) -> Written | None:
    """The date written in `raw`, which holds nothing else; None where it holds none, or one that can't be told.

    `country` is the source's: it tells what the name of a zone means that several countries use.
    """
    text = _ascii_digits(" ".join(raw.split()))
    if not text or len(text) > _LONGEST:
        return None
    if _EPOCH.match(text):
        return Written(at=datetime.fromtimestamp(int(text[:10]), UTC), timed=True)
    for form in _FORMS:
        if (found := form.match(text)) and (written := _made(found.groupdict(), country)):
            return written
    words = worded(text, whole=True)
    return _of_words(words, country) if words else None


def find_date(text: str, country: str | None = None) -> Written | None:
    """The first full date within a text that holds other words too, such as a teaser's; its day alone counts."""
    text = _ascii_digits(" ".join(text.split()))[:2_000]
    for found in _WITHIN.finditer(text):
        written = read_date(found.group(), country)
        if written is not None:
            return Written(at=written.at, timed=False)
    words = worded(text, whole=False)
    written = _of_words(words, country) if words else None
    return Written(at=written.at, timed=False) if written else None


def _of_words(words: WrittenDay, country: str | None) -> Written | None:
    """A day whose month was a word, with what follows it read as a time."""
    found = _TAIL.fullmatch(words.tail) if words.tail else None
    if words.tail and found is None:
        return None
    half = {"ص": "a", "م": "p"}.get(words.half, words.half)
    parts = {"h": None, "ap": half or None} | (found.groupdict() if found else {})
    parts["ap"] = parts.get("ap") or half or None
    return _at(words.day.year, words.day.month, words.day.day, parts, country)


def within(written: Written | None, latest: datetime) -> Written | None:
    """The date if it can be the date of news read at `latest`."""
    return written if written is not None and written.within(latest) else None


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) if not c.isascii() and c.isdecimal() else c for c in text)


def _made(parts: dict[str, str | None], country: str | None) -> Written | None:
    month = _month(parts)
    if month is None:
        return None
    return _at(*month, parts, country)


def _at(year: int, number: int, day: int, parts: dict[str, str | None], country: str | None) -> Written | None:
    clock = _clock(parts)
    zone = _zone(parts.get("zone"), country)
    if clock is None or zone is None:
        return None
    if year in JALALI_YEARS:
        solar = from_jalali(year, number, day)
        if solar is None:
            return None
        year, number, day = solar.year, solar.month, solar.day
    try:
        at = datetime(year, number, day, tzinfo=zone[0]) + clock
        if isinstance(zone[0], ZoneInfo):  # of a place: as its offset at that moment, which is what was written
            at = at.replace(tzinfo=timezone(at.utcoffset() or timedelta()))
        at.astimezone(UTC) if at.tzinfo else None  # the first and last days of time overflow here, not later
    except (ValueError, OverflowError):
        return None
    return Written(at=at, timed=parts.get("h") is not None)


def _month(parts: dict[str, str | None]) -> tuple[int, int, int] | None:
    written = parts["y"] or ""
    year = int(written) if len(written) == 4 else int(written) + (2000 if int(written) < 70 else 1900)
    if "sa" in parts:  # 15/07/2019: only where one of the two can't be a month
        first, second = int(parts["sa"] or 0), int(parts["sb"] or 0)
        if first == second:
            return year, first, second
        if (first > 12) == (second > 12):
            return None
        return (year, second, first) if first > 12 else (year, first, second)
    number = _MONTHS.get((parts["mn"] or "").lower()) if "mn" in parts else int(parts["m"] or 0)
    return None if number is None else (year, number, int(parts["d"] or 0))


def _clock(parts: dict[str, str | None]) -> timedelta | None:
    hour, minute, second = (int(parts.get(name) or 0) for name in ("h", "mi", "s"))
    half = (parts.get("ap") or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        return None
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _zone(written: str | None, country: str | None) -> tuple[tzinfo | None] | None:
    """(zone,), (None,) where none is written, None where it can't be told."""
    if not written:
        return (None,)
    if written[0] in "+-":
        digits = written[1:].replace(":", "").ljust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        if int(digits[2:]) > 59 or minutes > 14 * 60:
            return None
        return (timezone(timedelta(minutes=minutes if written[0] == "+" else -minutes)),)
    name = written.upper()
    place = _ZONES_OF.get((name, country or "")) or next(
        (zone for (known, _), zone in _ZONES_OF.items() if known == name and name in _ONLY), None)
    if place is not None:
        return (ZoneInfo(place),)
    hours = _ZONES.get(name)
    return None if hours is None else (timezone(timedelta(hours=hours)),)
