"""How long a site is left alone between two requests, and what counts as one site."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.pace import Pace, adapted
from crawler.sites import site_of


@pytest.mark.parametrize(("url", "site"), [
    ("https://french.presstv.ir/x", "presstv.ir"), ("https://www.presstv.ir/", "presstv.ir"),
    ("https://news.bbc.co.uk/", "bbc.co.uk"), ("http://feeds.bbci.co.uk:80/x", "bbci.co.uk"),
    ("https://www.gov.uk/search", "www.gov.uk"), ("https://gov.uk/", "gov.uk"), ("https://a.moi.gov.iq/", "moi.gov.iq"),
    ("https://one.blogspot.com/", "one.blogspot.com"), ("https://two.blogspot.com/", "two.blogspot.com"),
    ("https://новости.пример.рф/", "пример.рф"), ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
    ("https://a.example.org:8443/", "example.org:8443"), ("http://localhost/", "localhost"), ("http://[::1]/", "::1"),
    ("http://[::1", ""), ("https://www.paper.example/", "paper.example"), ("javascript:1", "")])
def test_the_site_to_which_politeness_is_owed(url: str, site: str) -> None:
    assert site_of(url) == site


@given(delay=st.floats(0, 30), latency=st.floats(0, 300), floor=st.floats(0.1, 30), well=st.booleans())
def test_a_delay_follows_the_answers_within_its_bounds(delay: float, latency: float, floor: float, well: bool) -> None:
    after = adapted(delay, latency, floor=floor, well=well)
    assert floor <= after <= 30
    assert after >= min(latency, 30), "a slow answer is heard at once"
    if not well:
        assert after >= min(delay, 30), "an error makes nothing faster"


class World:
    def __init__(self, delay: float) -> None:
        self.slots: dict[str, Any] = {}
        self.per_slot_settings: dict[str, dict[str, float]] = {}
        crawler: Any = SimpleNamespace(settings=Settings({"DOWNLOAD_DELAY": delay}),
                                       engine=SimpleNamespace(downloader=self))
        self.pace = Pace(crawler)

    def answer(self, latency: float, *, status: int = 200, crawl_delay: float | None = None) -> float | None:
        meta = {"download_slot": "a.example", "download_latency": latency}
        request = Request("https://a.example/", meta=meta | ({"crawl_delay": crawl_delay} if crawl_delay else {}))
        asyncio.run(self._pass(request, Response(request.url, status=status)))
        return self.per_slot_settings.get("a.example", {}).get("delay")

    async def _pass(self, request: Request, response: Response) -> None:
        await self.pace.process_request(request)
        await self.pace.process_response(request, response)


def test_a_slow_site_is_asked_less_often_and_a_quick_one_again_as_configured() -> None:
    world = World(1.0)
    assert world.answer(0.1) == 1.0
    assert world.answer(8.0) == 8.0
    assert world.answer(0.2, status=503) == 8.0
    assert world.answer(0.0) == 4.0
    assert [world.answer(0.0) for _ in range(3)] == [2.0, 1.0, 1.0]


def test_a_crawl_delay_is_a_floor_that_nothing_wears_down_and_is_kept_exactly() -> None:
    world = World(1.0)
    assert [world.answer(0.0, crawl_delay=5.0) for _ in range(4)] == [5.0] * 4
    assert world.per_slot_settings["a.example"]["jitter"] == 0.0
    world.slots["a.example"] = SimpleNamespace(delay=0, jitter=0)
    assert world.answer(9.0) == 9.0
    assert (world.slots["a.example"].delay, world.slots["a.example"].jitter) == (9.0, 0.5)


def test_an_operator_who_wants_no_delay_gets_none() -> None:
    assert World(0.0).answer(9.0) is None
    assert World(0.0).answer(9.0, crawl_delay=3.0) == 3.0
