"""What a config file comes to: checked values, defaults filled in, secrets resolved. Made by `config.load` only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from records.news import EndpointPlan, Source
from records.telling import Channel, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSettings:
    """How the crawl worker behaves towards others and towards hostile input. Times in seconds, sizes in bytes."""

    contact: str = ""  # a mail address or a page, shown in the User-Agent
    concurrency: int = 16  # requests under way in all
    per_host: int = 1
    delay: float = 1.0  # between two requests to one host
    feed_timeout: float = 30.0  # a total deadline, not a pause between bytes
    page_timeout: float = 45.0
    feed_max_bytes: int = 5 * 1024 * 1024
    page_max_bytes: int = 5 * 1024 * 1024
    read_timeout: float = 10.0  # for one feed or page in a reading child
    read_memory: int = 1024 * 1024 * 1024
    readers: int = 0  # reading children; 0: as many as suit the machine
    obey_robots: bool = True
    allow_networks: tuple[str, ...] = ()  # CIDR: loopback or an intranet that may be fetched from
    fresh_hours: float = 48.0  # on a first visit, entries younger than this are news and not backfill
    grace: float = 35.0  # between asking the worker to stop and killing it


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesSettings:
    """Where recall is checked, and with which key."""

    mediacloud_key_env: str = "MEDIACLOUD_API_KEY"
    mediacloud_url: str = "https://search.mediacloud.org/api/"
    wayback_url: str = "https://web.archive.org/cdx/search/cdx"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonSettings:
    """How the daemon is watched, and how it speaks."""

    health: tuple[str, int] | None = None  # address and port that answer /healthz and /metrics
    ping: str | None = field(default=None, repr=False)  # an address that is called while all is well; a secret
    ping_from: str = ""  # where it was looked for: "the environment variable PING"
    stale_hours: float = 6.0  # how long nothing may move before it counts as trouble
    log: str = "text"  # or "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """How many days the store keeps what only serves the watch."""

    keep_visits: int = 90  # longer than the 60 days from which an endpoint's habit is read
    keep_runs: int = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Where every digest is kept whole, as a page."""

    folder: Path
    url: str | None = None  # where the operator serves the folder; without a slash at its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything the operator decides."""

    path: Path | None  # the file it came from
    text: str = field(default="", repr=False)  # and what stood in it
    database: Path
    crawl: CrawlSettings = field(default_factory=CrawlSettings)
    services: ServicesSettings = field(default_factory=ServicesSettings)
    queries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by language: what this news is searched by
    daemon: DaemonSettings = field(default_factory=DaemonSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    sources: tuple[Source, ...] = ()
    endpoints: tuple[EndpointPlan, ...] = ()
    channels: Mapping[str, Channel] = field(default_factory=dict)
    subscriptions: tuple[Subscription, ...] = ()
    archive: Archive | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never stand in a log."""
        return tuple(filter(None, [*(channel.secret for channel in self.channels.values()), self.daemon.ping]))

    @property
    def sources_by_id(self) -> dict[str, Source]:
        return {source.id: source for source in self.sources}
