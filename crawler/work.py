"""What one worker holds in its hands, and the two ways out of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from config.model import Config
from crawler.clock import Clock
from crawler.outcomes import Problem
from crawler.pool import Readers
from crawler.reply import Reply
from records.news import Endpoint
from storage import Store

LEASE = timedelta(minutes=10)  # longer than any visit: timeout, queue of its host, reading, and room to spare


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the crawl calls in other rooms. The first three run in a reading child, the others here."""

    read_feed: Callable[..., Any]
    read_page: Callable[..., Any]
    read_entry: Callable[..., Any]
    file: Callable[..., Any]  # desk.file
    canonical: Callable[..., str]  # extraction.addresses.canonical


class Fetch(Protocol):
    """Fetches one more address of an endpoint, as its own is: guard, robots.txt, delays and limits included."""

    def __call__(self, url: str, endpoint: Endpoint, most_bytes: int | None) -> Awaitable[Reply | Problem]: ...


async def _no_engine(url: str, endpoint: Endpoint, most_bytes: int | None) -> Reply | Problem:
    raise RuntimeError(f"{url} of {endpoint.url} was to be fetched ({most_bytes}) before the engine runs")


@dataclass(slots=True)
class Work:
    """One run of the worker."""

    store: Store
    config: Config
    clock: Clock
    readers: Readers
    rooms: Rooms
    owner: str  # in whose name leases are held
    run_id: int
    only: frozenset[str] = frozenset()  # sources; empty: all
    since: datetime | None = None  # endpoints last visited before this moment count as due
    until_idle: bool = False
    fetch: Fetch = _no_engine
    faults: list[str] = field(default_factory=list)  # what went wrong on our side; the run ends with exit code 1

    @property
    def lease(self) -> timedelta:
        """By the run's clock: as long in the world whatever that clock's speed."""
        return LEASE * self.clock.speed
