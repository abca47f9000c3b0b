"""The newsroom's copy: outlets and their stories, one TOML file each under `outlets/`. All of it is made up.

Which day a story appears is its `day`; a later story with the path of an earlier one is an edited page. What a careful
reader finds in each story stands in `expected.toml`, for the tests.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as its outlet publishes it."""

    id: str  # unique within the outlet
    path: str  # of its page; "" is never used
    title: str
    published: datetime  # aware
    text: str  # paragraphs with a blank line between
    day: int = 1  # the day of the demo on which it appears
    summary: str | None = None
    section: str | None = None
    author: str | None = None
    captions: tuple[str, ...] = ()
    note: str | None = None  # a correction, printed under the text
    credit: str | None = None  # "Source: Tigris Wire", of a wire copy
    page: bool = True  # False: in the feed, but its page is not there (404)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(" ".join(part.split()) for part in self.text.strip().split("\n\n"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One small newspaper: who it is, how its feed is made, what its pages declare and how they are furnished."""

    id: str
    name: str
    kind: str = "news"
    country: str | None = None
    lang: str = "en"
    state_media: str | None = None
    feed: str = "rss"  # rss, atom, sitemap, listing; or a fault: html (no feed at all), missing (404), refused
    feed_path: str = "/rss.xml"
    dated: bool = True  # its feed gives dates
    markup: str = "json-ld"  # what its pages declare: json-ld, meta, or none
    template: str = "page.html.j2"
    charset: str = "utf-8"
    mirrors: int = 0  # further servers with the same articles
    link_pattern: str | None = None  # of a listing
    words: Mapping[str, Any] = field(default_factory=dict)  # navigation, cookie banner, teasers, footer
    stories: tuple[Story, ...] = ()


@cache
def outlets() -> tuple[Outlet, ...]:
    """Every outlet of the newsroom with all its stories, whatever their day."""
    tables = [tomllib.loads(path.read_text("utf-8")) for path in sorted((HERE / "outlets").glob("*.toml"))]
    texts = {f"{table['id']}/{story['id']}": story["text"]
             for table in tables for story in table.get("story", ()) if "text" in story}
    return tuple(_outlet(table, texts) for table in tables)


def _outlet(table: dict[str, Any], texts: Mapping[str, str]) -> Outlet:
    stories = tuple(_story(story, texts) for story in table.pop("story", ()))
    return Outlet(**table, stories=stories)


def _story(table: dict[str, Any], texts: Mapping[str, str]) -> Story:
    """A story; `text_of = "tigris/flight"` makes it a wire copy: that story's text, word for word."""
    if (copied := table.pop("text_of", None)) is not None:
        table["text"] = texts[copied]
    return Story(**{**table, "captions": tuple(table.get("captions", ()))})


@cache
def expected() -> Mapping[str, Any]:
    """What a careful reader finds in each story, by "outlet/story"; and the events they come to."""
    return tomllib.loads((HERE / "expected.toml").read_text("utf-8"))
