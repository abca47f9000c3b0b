"""The tables of `homeward.toml` that say what is watched: sources, their endpoints, the services that are asked.

What every table of the file is made of stands here as well. A part of the one list of settings, see config.settings.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from records.news import EndpointKind

SOURCE_KINDS = ("news", "wire", "agency", "government", "court", "un", "ngo", "research")
DAY = timedelta(days=1).total_seconds()


def _http(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+\S*", url):
        raise ValueError("must be an http:// or https:// address")
    return url


def _regex(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    return pattern


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError('must be an IANA time zone such as "Europe/Berlin" or "UTC"')
    return name


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]
Url = Annotated[str, AfterValidator(_http)]
Pattern = Annotated[str, AfterValidator(_regex)]
Zone = Annotated[str, AfterValidator(_zone)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
Address = Annotated[str, Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")]
Hour = Annotated[int, Field(ge=0, le=23)]
EnvName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class Table(BaseModel):
    """A table of the file. An unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class EndpointTable(Table):
    """One address of a source: a feed, a sitemap, a listing page, or a query to an API."""

    url: Url = Field(description="its address; {query} and {appname} in it are filled in")
    id: Id | None = Field(None, description="a name for it; used in the catalogue only")
    kind: EndpointKind = Field(EndpointKind.FEED, description='"feed", "sitemap", "listing", "reliefweb" or '
                               '"gdelt": docs/running.md tells them apart')
    fetch: Literal["matching", "all"] = Field("matching", description='"matching" fetches the pages of entries that '
                                              'look on-topic, "all" fetches every page')
    link_pattern: Pattern | None = Field(None, description="of a listing: a regular expression that article addresses "
                                         "match")
    select: str | None = Field(None, max_length=500, description="of a listing: the CSS selector of the boxes in which "
                               "links count; the whole page where it is left out or matches nothing")
    pages: int = Field(1, ge=1, le=20, description="of a listing or an API: so many pages are read in one visit "
                       "at most, "
                       "while each holds something unknown")
    query: tuple[Annotated[str, Field(min_length=2, max_length=300)], ...] = Field(
        (), description="what {query} in the address stands for, one endpoint of each; the [queries] of its language "
        "where it is left out")
    allow_private: bool = Field(False, description="its host name stands for an address in crawl.allow_networks")
    interval: float | None = Field(None, ge=30, le=DAY, description="instead of crawl.interval")
    min_interval: float | None = Field(None, ge=30, le=DAY, description="instead of crawl.min_interval")
    max_interval: float | None = Field(None, ge=30, le=7 * DAY, description="instead of crawl.max_interval")
    grade: Literal["A", "B", "C", "X"] | None = Field(None, description="how well it is attested; used in the "
                                                      "catalogue only")
    language: Language | None = Field(None, description="what it is written in; used in the catalogue only")
    default: bool = Field(False, description="`init` takes it unless told otherwise; used in the catalogue only")


class SourceTable(Table):
    """Somebody whose news you watch, beside those of the catalogue."""

    id: Id = Field(description="short and stable; small letters, digits, hyphens")
    name: str = Field(min_length=1, max_length=120, description="as digests name it")
    kind: Literal["news", "wire", "agency", "government", "court", "un", "ngo", "research"] = Field(
        "news", description="weighs in when sources disagree: " + ", ".join(SOURCE_KINDS))
    country: Country | None = Field(None, description="ISO 3166-1 alpha-2")
    languages: tuple[Language, ...] = Field((), description="BCP 47")
    state_media: Country | None = Field(None, description="the state that owns or funds it, and has a say in it")
    affiliation: str | None = Field(None, max_length=300, description="who owns or runs it, in words")
    wires: tuple[str, ...] = Field((), description="agencies whose copy it carries, by source id or name")
    mirrors: tuple[str, ...] = Field((), description="host names that serve the same articles; the first one is kept")
    note: str | None = Field(None, description="anything you want to remember")
    endpoint: tuple[EndpointTable, ...] = Field((), description="[[source.endpoint]] tables: its addresses")


class Services(Table):
    """Query APIs that want to know who asks, and archives for `homeward recall`."""

    reliefweb_appname: str | None = Field(None, pattern=r"^[A-Za-z0-9._-]{3,80}$", description="the appname "
                                          "that ReliefWeb "
                                          "approved for you; ask for one at https://apidoc.reliefweb.int/parameters#appname")
    mediacloud_key_env: EnvName = Field("MEDIACLOUD_API_KEY", description="the environment variable that holds "
                                        "the key of "
                                        "your account at https://search.mediacloud.org")
    mediacloud_url: Url = Field("https://search.mediacloud.org/api/", description="where Media Cloud is asked")
    wayback_url: Url = Field("https://web.archive.org/cdx/search/cdx", description="where the Wayback Machine is asked "
                             "what it kept")
