"""What archives know and we don't: Media Cloud and the Wayback Machine, asked over a real server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from storage import Store
from tests.command import Done, Verb
from tests.server import Answer, Asked, Server, serving

TITLE = "Russia repatriates 33 children of Islamic State members from a Syrian camp"
NOW = "2026-11-24T12:00:00Z"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def config(server: Server, tmp_path: Path) -> Path:
    path = tmp_path / "homeward.toml"
    path.write_text(f"""
        [crawl]
        allow_networks = ["127.0.0.0/8"]
        [services]
        mediacloud_url = "{server.url}/api/"
        mediacloud_key_env = "MC_KEY"
        wayback_url = "{server.url}/cdx"
        [[source]]
        id = "rudaw"
        name = "Rudaw"
        [[source.endpoint]]
        url = "https://www.rudaw.net/english/middleeast"
        kind = "listing"
        link_pattern = '/english/[a-z/]+/[a-z0-9-]+$'
    """)
    return path


@pytest.fixture
def asked(config: Path, verb: Verb, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    def ask(*words: str, key: str = "secret") -> Done:
        monkeypatch.setenv("MC_KEY", key)
        with Store.open(config.parent / "homeward.db"):
            pass
        return verb("sources", "recall", *words, "--now", NOW)

    return ask


def test_media_cloud_is_asked_with_the_key_and_tells_what_was_never_met(
        server: Server, asked: Callable[..., Done]) -> None:
    def stories(came: Asked) -> Answer:
        if came.headers.get("Authorization") != "Token secret":
            return Answer(b'{"detail": "Invalid token."}', status=401)
        return Answer(json.dumps({"pagination_token": None, "stories": [
            {"id": "1", "media_name": "daily.example", "url": "https://daily.example/33-children?utm_source=x",
             "title": TITLE, "publish_date": "2026-11-23", "language": "en"},
            {"id": "2", "media_name": "daily.example", "url": "https://daily.example/rain", "title": "Rain over Kazan",
             "publish_date": "2026-11-23", "language": "en"}]}).encode())

    server.answers["/api/search/story-list"] = stories
    result = asked("--media-cloud", "--json")
    assert [one["url"] for one in json.loads(result.out)] == ["https://daily.example/33-children"], result.err
    query = parse_qs(urlsplit(server.asked[-1].path).query)
    assert (query["start"], query["end"]) == (["2026-11-17"], ["2026-11-24"])
    assert '"al-Hol"' in query["q"][0]
    refused = asked("--media-cloud", key="wrong")
    assert refused.code == 1
    assert "answered 401" in refused.err
    assert "MC_KEY" in asked("--media-cloud", key="").err


def test_the_wayback_machines_captures_are_judged_by_their_address(
        server: Server, asked: Callable[..., Done]) -> None:
    captures = [["timestamp", "original"],
                ["20261123090000", "https://www.rudaw.net/english/middleeast/33-russian-children-return-from-iraq"],
                ["20261123090000", "https://www.rudaw.net/english/sports/a-cup-is-won-in-erbil"],
                ["20261123090000", "https://www.rudaw.net/logo.png"], ["broken"]]
    server.answers["/cdx"] = Answer(json.dumps(captures).encode())
    result = asked("--wayback", "--source", "rudaw")
    assert result.code == 1
    assert "33-russian-children-return-from-iraq" in result.out
    assert "1 address of this news there, 1 of them never met here." in result.out
    server.answers["/cdx"] = Answer(b"[]")
    assert asked("--wayback", "--source", "rudaw").code == 0
    server.answers["/cdx"] = Answer(b'{"changed": true}')
    assert "not the Wayback Machine's list" in asked("--wayback", "--source", "rudaw").err
