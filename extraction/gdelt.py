"""GDELT's quarter-hourly files: which two there are, and the few of their thousand rows that may be this news.

    lastupdate.txt | two zip files, their sums | rows by CAMEO code, or by place and theme | entries

Formats: GDELT Event Database codebook 2.0 (61 columns) and Global Knowledge Graph codebook 2.1 (27 columns), both of
February 2015, tab-separated without a header. A file of the graph has about 6 MB, 18 MB unpacked.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import IO

from extraction.addresses import absolute
from extraction.entries import Found, made
from records.errors import UnreadableError
from records.news import ParsedFeed, Part

LARGEST = 24 * 1024 * 1024  # bytes of a packed file: four times the usual size
UNPACKED = 128 * 1024 * 1024  # bytes that are read of a file at most; more is cut off and told
_LINE = 512 * 1024  # bytes of a row; the longest seen lists of names have a tenth
QUARTERS = 8  # files of each kind read in one visit: two hours are made up for, longer ones left to the feeds
_QUARTER = timedelta(minutes=15)
_LISTED = re.compile(
    r"^(\d{1,12})\s+([0-9a-f]{32})\s+(\S+?/?)((\d{14})((?:\.translation)?\.(?:gkg|export)\.csv\.zip))\s*$",
    re.IGNORECASE | re.MULTILINE)
_TITLE = re.compile(r"<PAGE_TITLE>(.*?)</PAGE_TITLE>")
_PUBLISHED = re.compile(r"<PAGE_PRECISEPUBTIMESTAMP>(\d{14})</PAGE_PRECISEPUBTIMESTAMP>")
_SOURCE_LANGUAGE = re.compile(r"srclc:([a-z]{3})")
_LANGUAGES = {"ara": "ar", "rus": "ru", "fra": "fr", "deu": "de", "tur": "tr", "fas": "fa", "per": "fa", "kur": "ku",
              "spa": "es", "nld": "nl", "swe": "sv", "sqi": "sq", "alb": "sq", "kaz": "kk", "kir": "ky", "uzb": "uz",
              "tgk": "tg", "ind": "id", "bos": "bs", "srp": "sr", "nor": "no", "dan": "da", "fin": "fi", "ita": "it"}
RETURNS = ("084", "0841")  # CAMEO: return or release, unspecified; return, release person(s). 0842 is of property
PLACES = {"IZ", "SY", "LY", "TU"}  # FIPS 10-4, as GDELT writes: Iraq, Syria, Libya, Turkey
THEMES = {  # of the graph: one of them, in one of the places, and then our own words in the title
    "TAX_TERROR_GROUP_ISLAMIC_STATE", "TAX_TERROR_GROUP_ISIS", "TAX_TERROR_GROUP_DAESH", "REFUGEES", "DISPLACED",
    "RELEASE_PRISON", "TAX_FNCACT_DETAINEES", "TAX_FNCACT_PRISONERS", "TAX_FNCACT_ORPHANS", "TAX_FNCACT_CHILDREN",
    "TAX_FNCACT_WIDOWS", "EXTREMISM", "JIHAD", "REPATRIATION"}


def is_list(text: str) -> bool:
    """Whether this is a lastupdate.txt."""
    return _LISTED.search(text[:2_000]) is not None


def read_list(text: str, *, url: str, since: datetime | None) -> ParsedFeed:
    """The files that lastupdate.txt names and those of the quarters since `since`, the newest first, eight at most.

    They are taken from beside the list, wherever it was had from: the mirror names the first host in its lists too.
    """
    parts: list[Part] = []
    for found in _LISTED.finditer(text[:10_000]):
        newest = _moment(found.group(5))
        here = absolute(found.group(4), url)
        if newest is None or here is None or int(found.group(1)) > LARGEST:
            continue
        parts.append(Part(url=here, md5=found.group(2).lower(), most_bytes=LARGEST))
        missed = [newest - n * _QUARTER for n in range(1, QUARTERS)]
        parts += [Part(url=address, most_bytes=LARGEST) for moment in missed if since is not None and moment > since
                  and (address := absolute(f"{moment:%Y%m%d%H%M%S}{found.group(6)}", url))]
    if not parts:
        raise UnreadableError(f"{url} names no file of GDELT's", rule="not-a-feed")
    return ParsedFeed(version="gdelt-list", title=None, entries=(), follow=tuple(sorted(
        parts, key=lambda part: (".gkg." in part.url, part.url.rpartition("/")[2]), reverse=True)))


def is_file(body: bytes) -> bool:
    return body.startswith(b"PK\x03\x04")


def read_file(body: bytes, *, url: str, now: datetime) -> ParsedFeed:
    """The entries of one zip: articles of which GDELT codes a return, or that name the place and the matter."""
    graph = ".gkg." in url.lower()
    rows = _Rows(body, url)
    entries = made(_of_graph(rows) if graph else _of_events(rows), base=url, now=now)
    return ParsedFeed(version="gdelt-gkg" if graph else "gdelt-export", title=None, entries=entries,
                      broken=rows.broken)


class _Rows:
    """The rows of the one file in a zip, read as it is unpacked: memory is one row, time is bounded by `UNPACKED`."""

    def __init__(self, body: bytes, url: str) -> None:
        self._body, self._url = body, url
        self.broken: str | None = None

    def __iter__(self) -> Iterator[list[str]]:
        try:
            with zipfile.ZipFile(io.BytesIO(self._body)) as archive:
                names = [info for info in archive.infolist() if not info.is_dir()]
                if not names:
                    raise UnreadableError(f"{self._url} is a zip with nothing in it", rule="not-a-feed")
                with archive.open(names[0]) as file:
                    yield from self._lines(file)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
            what = f"{self._url} is a zip that can't be unpacked ({type(error).__name__})"
            raise UnreadableError(what, rule="not-a-feed") from error

    def _lines(self, file: IO[bytes]) -> Iterator[list[str]]:
        read = 0
        while line := file.readline(_LINE):
            read += len(line)
            if read > UNPACKED:
                self.broken = f"unpacks to more than {UNPACKED >> 20} MB"
                return
            yield line.decode("utf-8", "replace").rstrip("\r\n").split("\t")


def _of_events(rows: _Rows) -> Iterator[Found]:
    """Articles of events coded as a return, where the place of the deed or of one of its actors is ours."""
    seen: set[str] = set()
    for row in rows:
        if len(row) != 61 or row[26] not in RETURNS or not PLACES & {row[37], row[45], row[53]}:
            continue
        if row[60] not in seen:
            seen.add(row[60])
            yield Found(guid=row[60], link=row[60])


def _of_graph(rows: _Rows) -> Iterator[Found]:
    """Articles that name a place and a theme of ours, under the title of their page."""
    for row in rows:
        if len(row) < 27 or row[2] != "1" or not _named(row):
            continue
        title = _TITLE.search(row[26])
        published = _PUBLISHED.search(row[26])
        moment = _moment(published.group(1)) if published else None
        language = _SOURCE_LANGUAGE.search(row[25])
        yield Found(guid=row[4], link=row[4], title=unescape(title.group(1)) if title else None,
                    published=moment.isoformat() if moment else None,
                    lang=_LANGUAGES.get(language.group(1)) if language else "en")


def _named(row: list[str]) -> bool:
    places = {place.split("#")[2] for place in row[9].split(";") if place.count("#") >= 2}
    return bool(PLACES & places) and not THEMES.isdisjoint(row[7].split(";"))


def _moment(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
