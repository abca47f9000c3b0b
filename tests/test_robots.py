"""robots.txt by RFC 9309: what each answer allows, how long it holds, and who asks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager

from crawler.outcomes import NotFetched
from crawler.robots import RobotsMiddleware
from records.news import Outcome
from storage import Store

NOW = datetime(2019, 7, 15, 8, 0, tzinfo=UTC)
RULES = b"User-agent: *\nDisallow: /private\n\nUser-agent: homeward\nDisallow: /no\nCrawl-delay: 5\n"


class World:
    """An engine that answers robots.txt as told, a clock that is set, a real store."""

    def __init__(self, store: Store, answer: Callable[[], Response]) -> None:
        self.asked, self.answer, self.now = 0, answer, NOW
        self.delays: list[float] = []  # that requests were told to keep
        clock = SimpleNamespace(now=lambda: self.now)
        crawler: Any = SimpleNamespace(
            settings=Settings({"DOWNLOAD_DELAY": 1.0}), signals=SignalManager(), engine=self,
            spider=SimpleNamespace(work=SimpleNamespace(store=store, clock=clock)))
        self.middleware = RobotsMiddleware(crawler)

    async def download_async(self, request: Request) -> Response:
        self.asked += 1
        assert request.url == "https://a.example/robots.txt"
        await asyncio.sleep(0)
        return self.answer()

    async def refusal(self, path: str = "/no") -> Outcome | None:
        request = Request(f"https://a.example{path}")
        try:
            await self.middleware.process_request(request)
            self.delays.append(request.meta.get("crawl_delay", 0.0))
        except NotFetched as error:
            return error.problem.outcome
        return None


def answering(status: int, body: bytes = RULES) -> Callable[[], Response]:
    return lambda: Response("https://a.example/robots.txt", status=status, body=body)


def out_of_time() -> Response:
    raise DownloadTimeoutError


@pytest.mark.parametrize(("answer", "refused"), [
    (answering(200), Outcome.ROBOTS), (answering(404), None), (answering(403), None), (answering(429), Outcome.ROBOTS),
    (answering(500), Outcome.ROBOTS), (answering(301), Outcome.ROBOTS), (out_of_time, Outcome.TIMEOUT),
    (answering(200, b"\xff\xfe\x00 not text"), None), (answering(200, b""), None)])
def test_what_an_answer_allows(tmp_path: Path, answer: Callable[[], Response], refused: Outcome | None) -> None:
    with Store.open(tmp_path / "h.db") as store:
        assert asyncio.run(World(store, answer).refusal()) is refused


def test_its_own_group_counts_and_its_delay_is_kept(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        world = World(store, answering(200))

        async def ask() -> list[Outcome | None]:
            return [await world.refusal(path) for path in ("/private", "/no", "/robots.txt", "/")]

        assert asyncio.run(ask()) == [None, Outcome.ROBOTS, None, None]
        assert world.delays == [5.0, 5.0, 5.0]
        assert world.asked == 1


def test_all_who_wait_get_the_one_answer(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        world = World(store, answering(200))

        async def ask() -> list[Outcome | None]:
            return list(await asyncio.gather(*(world.refusal() for _ in range(6))))

        assert asyncio.run(ask()) == [Outcome.ROBOTS] * 6
        assert world.asked == 1


def test_rules_hold_a_day_and_outlive_an_outage_by_a_month(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        world = World(store, answering(200))
        assert asyncio.run(world.refusal("/")) is None
        world.answer = out_of_time
        world.now += timedelta(hours=23)
        assert asyncio.run(world.refusal("/")) is None
        assert world.asked == 1
        world.now += timedelta(hours=2)
        assert asyncio.run(world.refusal("/")) is None, "the old rules, while the new ones can't be had"
        assert asyncio.run(world.refusal("/no")) is Outcome.ROBOTS
        assert world.asked == 2, "and not asked again at once"
        world.now += timedelta(minutes=16)
        assert asyncio.run(world.refusal("/")) is None
        assert world.asked == 3
        world.now += timedelta(days=31)
        assert asyncio.run(world.refusal("/")) is Outcome.TIMEOUT
        world.answer = answering(404)
        assert asyncio.run(world.refusal("/")) is Outcome.TIMEOUT
        world.now += timedelta(minutes=16)
        assert asyncio.run(world.refusal("/no")) is None


def test_another_worker_takes_the_rules_from_the_store(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        assert asyncio.run(World(store, answering(200)).refusal()) is Outcome.ROBOTS
        second = World(store, out_of_time)
        assert asyncio.run(second.refusal()) is Outcome.ROBOTS
        assert second.asked == 0
