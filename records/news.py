"""What is carried from an endpoint to an article: source, endpoint, visit, entry, page, article, drop, run.

All times are aware datetimes in UTC unless a field says otherwise; None means "not known", "" is not used for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EndpointKind(StrEnum):
    """How an endpoint is read. `feed` is RSS, Atom, JSON Feed or WordPress's list of posts, told apart by content."""

    FEED = "feed"
    SITEMAP = "sitemap"  # of news, plain, or an index of sitemaps
    LISTING = "listing"  # a web page that links to articles
    RELIEFWEB = "reliefweb"  # the reports of ReliefWeb's API, version 2
    GDELT = "gdelt"  # lastupdate.txt, and the two files of the last quarter of an hour that it names


class Outcome(StrEnum):
    """How a visit ended. Everything but `new`, `nothing_new` and `unchanged` is a failure."""

    NEW = "new"  # read, and at least one entry was not known
    NOTHING_NEW = "nothing_new"  # read, all entries known
    UNCHANGED = "unchanged"  # 304, or the same bytes as last time
    EMPTY = "empty"  # a feed without a single entry
    NOT_A_FEED = "not_a_feed"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"  # name, connection or TLS failed
    REFUSED = "refused"  # the guard: a scheme, port or address that is not public
    ROBOTS = "robots"
    GONE = "gone"  # 410
    HTTP_ERROR = "http_error"
    THROTTLED = "throttled"  # 429, or 503 with Retry-After
    READER_KILLED = "reader_killed"  # the reading child ran too long, too large, or crashed

    @property
    def is_answer(self) -> bool:
        """The endpoint answered as it should, whether or not there was news."""
        return self in (Outcome.NEW, Outcome.NOTHING_NEW, Outcome.UNCHANGED, Outcome.EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Somebody whose news we watch."""

    id: str  # short, stable, as in the config: "presstv"
    name: str
    kind: str = "news"  # news, wire, agency, government, court, un, ngo, research
    country: str | None = None  # ISO 3166-1 alpha-2
    languages: tuple[str, ...] = ()  # BCP 47
    state_media: str | None = None  # whose: ISO alpha-2
    mirrors: tuple[str, ...] = ()  # host names that serve the same articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address visited on a schedule, with all that a visit needs to know. Claimed from the store under a lease."""

    id: int
    source_id: str
    url: str
    kind: EndpointKind = EndpointKind.FEED
    fetch: str = "matching"  # "matching": pages of on-topic entries only; "all"
    interval: float = 900.0  # seconds between visits, as adapted so far
    etag: str | None = None
    last_modified: str | None = None  # as the server sent it, byte for byte
    body_sha: str | None = None  # sha256 hex of the last body that was read
    visits: int = 0  # answered before this one, with something read or known; 0 makes this one a backfill
    failures: int = 0  # in a row
    allow_private: bool = False  # the operator listed its network: loopback or an intranet
    link_pattern: str | None = None  # for listings: regular expression an article's address matches
    min_interval: float = 300.0  # seconds: the bounds of `interval`
    max_interval: float = 7_200.0
    conditional: bool = True  # False: it was caught answering 304 for a changed feed
    strikes: int = 0  # times in a row that it killed a reading child
    last_outcome: Outcome | None = None
    moved_to: str | None = None  # where permanent redirects led last time
    moved_seen: int = 0  # on how many visits in a row
    last_success: datetime | None = None  # when it last answered
    select: str | None = None  # of a listing: the CSS selector of the boxes whose links count
    pages: int = 1  # of a listing or an API: so many pages are read in one visit at most
    busiest: float = 0.0  # share of what it shows that was new, a second, at its busiest; fades over days
    asked: float | None = None  # seconds the feed itself asked for, when it was last read
    skip_hours: tuple[int, ...] = ()  # hours of the day, UTC, in which it asks not to be visited
    skip_days: tuple[int, ...] = ()  # days of the week, 0 is Monday


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One finished reading of an endpoint. What the store needs to keep and to plan the next one."""

    endpoint_id: int
    started_at: datetime
    finished_at: datetime
    outcome: Outcome
    why: str  # one sentence naming the address; "" for plain success
    status: int | None = None  # HTTP
    final_url: str | None = None  # where redirects led
    permanent: bool = False  # every redirect on the way was 301 or 308
    body_bytes: int = 0
    entries_seen: int = 0
    entries_new: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_sha: str | None = None
    retry_after: float | None = None  # seconds the server asked for
    min_interval: float | None = None  # seconds, from Cache-Control, ttl or sy:updatePeriod
    asked: float | None = None  # the feed's own part of it, which holds on while it is answered 304
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    gap: str = ""  # why entries may have come and gone since the visit before, in a sentence; "" where none can
    pace: float = 0.0  # the share of what it shows that was new, a second, at its busiest, by its entries' dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an endpoint promises: a link, a title, perhaps a date and a summary. Text is plain, cleaned and capped."""

    key: str  # identity within the endpoint: sha256 hex of guid, else link, else title and summary
    url: str | None  # absolute http(s) address, as given; None when there is none
    title: str | None
    summary: str | None = None  # plain text
    published: datetime | None = None
    published_raw: str | None = None
    authors: tuple[str, ...] = ()
    lang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HowToRead:
    """What is known of an endpoint before it is read, beside its kind."""

    link_pattern: str | None = None  # of a listing
    select: str | None = None  # of a listing
    since: datetime | None = None  # when it last answered
    country: str | None = None  # the source's: tells what names of zones mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An address that an endpoint leads to and that is read with it: a sitemap of an index, a file of GDELT."""

    url: str
    md5: str | None = None  # hex, where the endpoint tells it: other bytes are not read
    most_bytes: int | None = None  # None: as much as of the endpoint itself


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What reading a feed, a sitemap or a listing page gave."""

    version: str  # rss20, atom10, json11, sitemap, listing …
    title: str | None
    entries: tuple[Entry, ...]
    broken: str | None = None  # what was wrong with the markup, when entries were found all the same
    follow: tuple[Part, ...] = ()  # more addresses that belong to the same reading
    next_page: str | None = None  # more of the same, older: read while this page held something unknown
    unsure: bool = False  # the same bytes again would not mean that nothing is new behind what is followed
    min_interval: float | None = None  # seconds, from ttl or sy:updatePeriod
    skip_hours: tuple[int, ...] = ()  # RSS skipHours: of the day, UTC
    skip_days: tuple[int, ...] = ()  # RSS skipDays: 0 is Monday


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A stored entry whose page is still to be fetched. Claimed from the store under a lease."""

    id: int
    endpoint_id: int
    source_id: str
    entry: Entry
    backfill: bool  # seen on the endpoint's first visit, or older than its horizon: filed, never alerted
    tries: int = 0
    allow_private: bool = False
    rescued: bool = False  # a person wants it, whatever the topic rule says
    again: bool = False  # filed before; its title changed since, and the page is read anew for another version


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Bytes as they came, never larger than the crawl's limit."""

    url: str  # after redirects
    requested_url: str
    status: int
    content_type: str | None
    body: bytes
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news text at one canonical address, read from a page, a feed entry or an import line.

    `ladder` says which rung answered each field ("title": "json-ld"), for health and for `why`.
    """

    url: str | None  # canonical where the page says so; None for an imported text without address
    source_id: str | None
    outlet: str | None  # the name shown: "Press TV"
    title: str | None
    text: str  # body without captions, teasers and footers; "" never
    lang: str | None = None  # BCP 47, or "und"
    published: str | None = None  # ISO 8601: full time with zone, a day, or only year and month
    modified: str | None = None
    authors: tuple[str, ...] = ()
    lead: str | None = None
    addresses: tuple[str, ...] = ()  # every other address it was met at
    from_entry: bool = False  # the page could not be had: title and summary only
    why_partial: str | None = None  # "403", "paywall", "timeout" … when from_entry
    imported_id: str | None = None
    ladder: tuple[tuple[str, str], ...] = ()
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """An entry or article that was not kept, with the stage and the rule that dropped it."""

    url: str | None
    title: str | None
    stage: str  # entry, fetch, page, relevance
    rule: str  # short and stable: "off-topic", "no-link", "http-404" …
    why: str  # one sentence
    source_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One crawl with its own report; `ended_at` None means it was killed or still runs."""

    id: int
    started_at: datetime
    ended_at: datetime | None
    reason: str | None  # "done", "stopped", "failed: …"
    visits: int = 0
    answered: int = 0
    failed: int = 0
    entries_new: int = 0
    articles_new: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPlan:
    """An endpoint as the config asks for it; the store keeps its working state (due time, validators) beside it."""

    source_id: str
    url: str
    kind: EndpointKind = EndpointKind.FEED
    fetch: str = "matching"  # "matching": pages of on-topic entries only; "all"
    link_pattern: str | None = None
    allow_private: bool = False
    interval: float = 900.0  # seconds: the first interval, adapted from then on within the two bounds
    min_interval: float = 300.0
    max_interval: float = 7_200.0
    select: str | None = None
    pages: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedEntry:
    """An entry after the first look: promised (its page is to be fetched), or dropped by a rule."""

    entry: Entry
    backfill: bool
    drop: Drop | None = None
    replaces: str | None = None  # the key under which the endpoint promised it before
    silently: bool = False  # of one that replaces: a title that changed with the key is no news either


@dataclass(frozen=True, slots=True, kw_only=True)
class NextVisit:
    """What a visit teaches about the next one. Decided by the crawler's policy, kept by the store."""

    next_due: datetime
    interval: float
    why: str
    active: bool = True  # False: gone (410, twice)
    url: str | None = None  # the endpoint's new address, after a permanent redirect seen often enough
    busiest: float = 0.0  # as Endpoint's
    conditional: bool = True  # False: its validators lie; it is asked for the whole body from now on
    cool_until: datetime | None = None  # the whole host is left alone until then (429, Retry-After)
