"""The newsroom: every outlet on its own port, a clock of days, and new articles at any moment."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from threading import Event, Lock
from types import TracebackType

from homeward.newsroom import paper
from homeward.newsroom.server import Answer, Server
from homeward.newsroom.stories import Outlet, Story, outlets

NOT_FOUND = Answer(status=404, body=b"<!doctype html><title>Not found</title><p>There is no page at this address.")


class House:
    """One outlet at work: what it has published so far, on one server for itself and one for each mirror."""

    def __init__(self, outlet: Outlet) -> None:
        self.outlet = outlet
        self._lock = Lock()
        self._live: tuple[Story, ...] = ()
        self._closed_door: socket.socket | None = None
        self.servers: list[Server] = []
        if outlet.feed == "refused":
            self._closed_door = socket.socket()
            self._closed_door.bind(("127.0.0.1", 0))  # taken and never listened to: connections are refused
        else:
            self.servers = [self._serve() for _ in range(1 + outlet.mirrors)]

    def _serve(self) -> Server:
        server = Server(lambda path: self._answer(path, server.base))
        return server

    @property
    def hosts(self) -> tuple[str, ...]:
        if self._closed_door is not None:
            return (f"127.0.0.1:{self._closed_door.getsockname()[1]}",)
        return tuple(server.host for server in self.servers)

    @property
    def feeds(self) -> tuple[str, ...]:
        """The addresses to watch, the mirrors' included."""
        return tuple(f"http://{host}{self.outlet.feed_path}" for host in self.hosts)

    def url(self, path: str, mirror: int = 0) -> str:
        return f"http://{self.hosts[mirror]}{path}"

    def add(self, *stories: Story) -> None:
        with self._lock:
            self._live += stories

    def close(self) -> None:
        for server in self.servers:
            server.close()
        if self._closed_door is not None:
            self._closed_door.close()

    def _answer(self, path: str, base: str) -> Answer:
        with self._lock:
            live = self._live
        charset = self.outlet.charset
        if path == "/robots.txt":
            return Answer(body=paper.ROBOTS.encode(), content_type="text/plain; charset=utf-8")
        if path == self.outlet.feed_path and self.outlet.feed != "missing":
            return Answer(body=paper.feed(self.outlet, live, base), modified=paper.newest(live),
                          content_type=f"{paper.FEED_TYPES[self.outlet.feed]}; charset={charset}")
        if path == "/":
            return Answer(body=paper.front_page(self.outlet, live, base), content_type=f"text/html; charset={charset}")
        story = next((story for story in paper.current(live) if story.path == path and story.page), None)
        if story is None:
            return NOT_FOUND
        return Answer(body=paper.page(self.outlet, story, live, base), modified=story.published,
                      content_type=f"text/html; charset={charset}")


class Newsroom:
    """All outlets, open from entering the context to leaving it. Nothing is published before `publish`."""

    def __init__(self, chosen: Sequence[Outlet] | None = None) -> None:
        self._chosen = tuple(chosen) if chosen is not None else outlets()
        self._stack = ExitStack()
        self.day = 0
        self.houses: dict[str, House] = {}

    def __enter__(self) -> Newsroom:
        for outlet in self._chosen:
            house = self.houses[outlet.id] = House(outlet)
            self._stack.callback(house.close)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._stack.close()

    def __getitem__(self, outlet_id: str) -> House:
        return self.houses[outlet_id]

    def publish(self, day: int) -> int:
        """Publish what belongs to the days up to `day` and is not out yet; returns how many stories that were."""
        fresh = 0
        for house in self.houses.values():
            stories = [story for story in house.outlet.stories if self.day < story.day <= day]
            house.add(*stories)
            fresh += len(stories)
        self.day = max(self.day, day)
        return fresh

    def hits(self) -> Counter[tuple[str, str, int]]:
        """(outlet, path, status): how often; mirrors count for their outlet."""
        found: Counter[tuple[str, str, int]] = Counter()
        for outlet_id, house in self.houses.items():
            for server in house.servers:
                found.update({(outlet_id, path, status): times for (path, status), times in server.hits().items()})
        return found

    def forget_hits(self) -> None:
        for house in self.houses.values():
            for server in house.servers:
                server.forget_hits()

    @contextmanager
    def hold(self, outlet_id: str, path: str) -> Iterator[Event]:
        """Answers of the outlet's first server for `path` wait while this lasts; the event says that one was asked."""
        with self.houses[outlet_id].servers[0].hold(path) as asked:
            yield asked
