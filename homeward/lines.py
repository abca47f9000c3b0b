"""Articles as JSON Lines, the shape that `extract --jsonl` and `import` take.

One object a line: {"id", "url", "outlet", "title", "published", "lang", "text"}; only `text` is required.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import click

from extraction.addresses import is_http
from extraction.pages import article_from_text
from records.errors import HomewardError, UnreadableError
from records.news import Article

STDIN = "-"
KEYS = ("id", "url", "outlet", "title", "published", "lang", "text")
LANG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
AHEAD = timedelta(days=2)  # a day of zones and a day of clocks that are wrong
LONGEST = 20_000_000  # characters of one line


class LineError(HomewardError):
    """A line that is no article; names the line and the field. The other lines go on."""


class InputError(HomewardError):
    """A file named on the command line that can't be read."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: its number, the id it goes by, and what is wrong with it or the article it holds."""

    number: int
    id: str
    article: Article | None
    error: str | None = None


@contextmanager
def open_bytes(name: str) -> Iterator[BinaryIO]:
    """The file of that name, or standard input for "-". Raises InputError."""
    if name == STDIN:
        if sys.stdin.isatty():
            click.echo("Reading what you type or paste; end it with Ctrl-D on a line of its own.", err=True)
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - closed below; only the opening's errors are ours
    except (OSError, ValueError) as error:
        raise InputError(f"{name[:200]} can't be read ({getattr(error, 'strerror', None) or error})") from error
    with file:
        yield file


def read_lines(lines: Iterable[bytes], name: str, *, today: date | None = None) -> Iterator[Line]:
    """Each line that is not blank, in order. With `today`, a date after it is an error."""
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        here = f"{name} line {number}"
        data: Any = None
        try:
            data = _object(raw, here)
            yield Line(number=number, id=_id(data, number), article=_article(data, number, here, today))
        except LineError as error:
            known = data.get("id") if isinstance(data, dict) else None
            shown = str(known) if isinstance(known, str | int) and str(known) else str(number)
            yield Line(number=number, id=shown, article=None, error=str(error))


def _object(raw: bytes, here: str) -> dict[str, Any]:
    if len(raw) > LONGEST:
        raise LineError(f"{here} is longer than {LONGEST // 1_000_000} MB")
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LineError(f"{here} is not UTF-8 (byte {error.start})") from error
    except (ValueError, RecursionError) as error:
        raise LineError(f"{here} is not JSON ({error})") from error
    if not isinstance(data, dict):
        raise LineError(f"{here} is not an object with a text, but {type(data).__name__}")
    return data


def _id(data: dict[str, Any], number: int) -> str:
    return str(data["id"]) if data.get("id") not in (None, "") else str(number)


def _article(data: dict[str, Any], number: int, here: str, today: date | None) -> Article:
    for key in KEYS:
        value = data.get(key)
        if value is not None and not isinstance(value, str) and not (key == "id" and type(value) is int):
            raise LineError(f"{here}: {key} must be a text, not {json.dumps(value)[:60]}")
    text, url, lang, published = (data.get(key) or None for key in ("text", "url", "lang", "published"))
    if text is None or not text.strip():
        raise LineError(f"{here}: text is missing or empty")
    if url and not is_http(url):
        raise LineError(f"{here}: url is no http(s) address: {url[:80]}")
    if lang and not LANG.fullmatch(lang):
        raise LineError(f'{here}: lang is no BCP 47 language such as "ar": {lang[:40]}')
    if published:
        check_published(published, here, today)
    try:
        return article_from_text(text, title=data.get("title") or None, published=published, lang=lang,
                                 outlet=data.get("outlet") or None, url=url, imported_id=_id(data, number))
    except UnreadableError as error:
        raise LineError(f"{here}: text holds no words ({error})") from error


def check_published(published: str, here: str, today: date | None = None) -> None:
    """Raise LineError unless it is an ISO 8601 date or time (a month or a year will do), not in the future."""
    try:
        if re.fullmatch(r"\d{4}(-\d\d)?", published):
            day = date.fromisoformat(f"{published}-01-01"[:10])
        else:
            day = datetime.fromisoformat(published).date()
    except ValueError as error:
        raise LineError(f"{here}: published is no ISO 8601 date such as 2019-07-15: {published[:40]}") from error
    if today is not None and day > today + AHEAD:
        raise LineError(f"{here}: published is in the future: {published[:40]}")
