"""What archives answer when they are asked for this news: Media Cloud's stories, the Wayback Machine's captures.

Media Cloud: search/story-list, after its own client (mediacloud/api-client). Wayback: the CDX server's JSON, a list of
rows whose first one names the columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from extraction.addresses import canonical, is_http, words_in_address
from extraction.apis import loaded
from extraction.claims import look
from extraction.dates import read_date
from extraction.text import clean_text
from records.errors import UnreadableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """An article of this news that an archive knows."""

    url: str  # canonical
    title: str | None  # None: the archive has none, its address says what it is about
    outlet: str | None
    day: str | None  # of publication, or of the capture
    why: str  # why it is of this news


def read_stories(body: bytes, url: str) -> tuple[list[Reported], str | None]:
    """The stories on topic, and the token of the next page. Raises UnreadableError for another shape."""
    answer = loaded(body.decode("utf-8", "replace"), url)
    stories = answer.get("stories") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(stories, list):
        said = answer.get("note") or answer.get("detail") if isinstance(answer, dict) else None
        raise UnreadableError(f"{url} is not Media Cloud's list of stories{f': {said}' if said else ''}"[:400],
                              rule="not-a-feed")
    token = answer.get("pagination_token")
    return list(_stories(stories)), token if isinstance(token, str) and token else None


def read_captures(body: bytes, url: str, pattern: str | None) -> list[Reported]:
    """The captured articles whose address says that they are on topic; of a source without pattern, of any page."""
    answer = loaded(body.decode("utf-8", "replace") or "[]", url)
    if not isinstance(answer, list) or not all(isinstance(row, list) for row in answer):
        raise UnreadableError(f"{url} is not the Wayback Machine's list of captures", rule="not-a-feed")
    if not answer:
        return []
    columns = answer[0]
    if "timestamp" not in columns or "original" not in columns:
        raise UnreadableError(f"{url} lists captures without timestamp and original", rule="not-a-feed")
    at, address = columns.index("timestamp"), columns.index("original")
    found: dict[str, Reported] = {}
    for row in answer[1:]:
        if len(row) != len(columns) or not isinstance(row[address], str) or not is_http(row[address]):
            continue
        one = _capture(row[address], str(row[at]), re.compile(pattern) if pattern else None)
        if one is not None:
            found.setdefault(one.url, one)
    return list(found.values())


def _stories(stories: list[Any]) -> Iterator[Reported]:
    for story in stories:
        if not isinstance(story, dict) or not isinstance(story.get("url"), str) or not is_http(story["url"]):
            continue
        title = clean_text(story["title"], 500) if isinstance(story.get("title"), str) else ""
        lang = story.get("language")
        topic = look(title or words_in_address(story["url"]), None, lang if isinstance(lang, str) else None)
        day = read_date(str(story.get("publish_date") or ""))
        if topic.relevant:
            outlet = story.get("media_name")
            yield Reported(url=canonical(story["url"]), title=title or None, why=topic.why,
                           day=_day(day.at if day else None),
                           outlet=clean_text(outlet, 120) if isinstance(outlet, str) else None)


def _capture(address: str, stamp: str, pattern: re.Pattern[str] | None) -> Reported | None:
    url = canonical(address)
    if pattern is not None and not (pattern.search(address) or pattern.search(url)):
        return None
    words = words_in_address(url)
    topic = look(words, None) if words else None
    if topic is None or not topic.relevant:
        return None
    try:
        day = datetime.strptime(stamp[:8], "%Y%m%d")  # noqa: DTZ007  the day alone is kept
    except ValueError:
        day = None
    return Reported(url=url, title=None, outlet=None, day=_day(day), why=topic.why)


def _day(at: datetime | None) -> str | None:
    return at.date().isoformat() if at else None
