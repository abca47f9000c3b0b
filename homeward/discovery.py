"""Finding a site's feeds: the address itself, what its page declares, news sitemaps, usual addresses; each one read.

    address, robots.txt | fetch | a feed? | declared, mapped, linked | fetch, read | none? usual ones | candidates
"""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from extraction import discovery
from extraction.feeds import read_feed
from homeward.apart import Apart
from homeward.children import Fetched, fetch_all
from homeward.shown import counted
from records.errors import HomewardError, UnreadableError
from records.news import EndpointKind, Page, ParsedFeed

COMMENTS = "/comments/"  # what readers write is no news


class NoFeedError(HomewardError):
    """An address at which no feed, sitemap or listing could be found; the sentence says what was tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One endpoint that could be watched."""

    url: str
    kind: EndpointKind
    title: str | None
    entries: int
    newest: datetime | None
    how: str  # how it was found
    lang: str | None = None
    sample: tuple[str, ...] = ()  # its first titles


Progress = Callable[[str], None]


def discover(url: str, config_path: Path | None, now: datetime, tell: Progress) -> list[Candidate]:
    """What could be watched of a site, the most promising first. Raises NoFeedError or FetchError.

    Asks under the crawl's guard, robots.txt and pace; `tell` hears what is being done.
    """
    url = url if "://" in url else f"https://{url}"
    robots = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/robots.txt"
    with Apart() as child:
        tell(f"asking {url}")
        answers = {one.url: one for one in fetch_all([url, robots], config_path, now)}
        page = answers[url].page
        if page is None:
            raise NoFeedError(f"{answers[url].why or f'{url} could not be had'}; nothing was added")
        itself = _read(answers[url], child, "the address itself")
        if itself:
            return [itself]
        declared, linked = child.read(discovery.declared, url, page.body, page.content_type, page.url)
        named = answers[robots].page
        maps = discovery.sitemaps(named.body, robots) if named else []
        found = list(_candidates(_wishes(declared, maps, linked), config_path, now, child, tell))
        if not any(one.kind is EndpointKind.FEED for one in found):
            usual = [(one, "a usual address") for one in discovery.usual(page.url) if one not in {*declared, *linked}]
            found += _candidates(usual, config_path, now, child, tell)
    if not found:
        raise NoFeedError(
            f"no feed was found at {url}: its page declares none, its robots.txt names no sitemap that can be read, "
            f"and none of {', '.join(discovery.USUAL)} is one; if you know the feed's address, add that, or add a "
            'listing page by hand as a [[source.endpoint]] with kind = "listing"')
    return _each_once(found)


def _wishes(declared: Sequence[str], maps: Sequence[str], linked: Sequence[str]) -> list[tuple[str, str]]:
    """Addresses to be tried, each once, with how they were found; the most promising first."""
    ways = ((declared, "declared by its page"), (maps, "a sitemap of its robots.txt"), (linked, "linked from its page"))
    found: dict[str, str] = {}
    for urls, how in ways:
        for url in urls:
            found.setdefault(url, how)
    return list(found.items())


def _candidates(wishes: Sequence[tuple[str, str]], config_path: Path | None, now: datetime, child: Apart,
                tell: Progress) -> Iterator[Candidate]:
    """Those of the wishes that are feeds, in the order of the wishes, whoever answered first."""
    if not wishes:
        return
    how = dict(wishes)
    found: dict[str, Candidate] = {}
    tell(f"trying {counted(len(how), 'address', 'addresses')}")
    for fetched in fetch_all(list(how), config_path, now):
        candidate = _read(fetched, child, how[fetched.url])
        if candidate:
            found[fetched.url] = candidate
    yield from (found[one] for one in how if one in found)


def _read(fetched: Fetched, child: Apart, how: str) -> Candidate | None:
    """The candidate that an answer is, if it is one. A sitemap without titles and dates of news is none."""
    if fetched.page is None:
        return None
    try:
        feed = child.read(_parse, fetched.url, fetched.page)
    except UnreadableError:
        return None
    is_map = feed.version == "sitemap"
    if is_map and not any(entry.title and entry.published for entry in feed.entries):
        return None
    langs = Count(entry.lang.split("-")[0].lower() for entry in feed.entries if entry.lang)
    return Candidate(
        url=fetched.url, kind=EndpointKind.SITEMAP if is_map else EndpointKind.FEED, title=feed.title,
        entries=len(feed.entries), how=how, lang=langs.most_common(1)[0][0] if langs else None,
        newest=max((entry.published for entry in feed.entries if entry.published), default=None),
        sample=tuple(entry.title for entry in feed.entries[:3] if entry.title))


def _parse(page: Page) -> ParsedFeed:
    """In the child: the bytes as a feed or a sitemap."""
    return read_feed(page.body, url=page.url, content_type=page.content_type, kind=EndpointKind.FEED,
                     now=page.fetched_at)


def _each_once(found: Sequence[Candidate]) -> list[Candidate]:
    """Without the same feed under a second address, feeds of comments and empty ones last."""
    seen: set[object] = set()
    kept = []
    for one in found:
        content = (one.title, one.entries, one.newest, one.sample) if one.entries else one.url
        if content not in seen:
            seen.add(content)
            kept.append(one)
    return sorted(kept, key=lambda one: (COMMENTS in one.url, not one.entries, one.kind is EndpointKind.SITEMAP))
