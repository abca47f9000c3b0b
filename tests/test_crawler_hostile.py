"""Hostile and broken answers: each costs its own visit and nothing else."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import worker
from tests.fragile import CRASHES, HANGS
from tests.server import Answer, serving
from tests.test_crawler import publish, title
from tests.worker import rows

RSS = {"Content-Type": "application/rss+xml"}


def entity_chain() -> bytes:
    """0.7 MB that crashes expat (CVE-2024-8176), and the process with it, unless its declarations are taken out."""
    chain = "".join(f'<!ENTITY a{n} "&a{n - 1};">' for n in range(1, 25_000))
    return (f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "x">{chain}]><rss version="2.0"><channel><title>x</title>'
            f"<item><title>&a24999;</title><link>https://a.example/</link></item></channel></rss>").encode()


def hostile(good: bytes) -> dict[str, tuple[Answer, str, str]]:
    """Path → answer, the outcome it must come to, and a word of the sentence."""
    bomb = gzip.compress(b"\0" * 30_000_000)
    return {
        "/html": (Answer(b"<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>", headers=RSS), "not_a_feed", ""),
        "/nothing": (Answer(b"", headers=RSS), "not_a_feed", ""),
        "/no-entries": (Answer(b'<rss version="2.0"><channel><title>x</title></channel></rss>', headers=RSS), "empty",
                        "no entries"),
        "/cut-off": (Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + good[:300]), "unreachable",
                     "ended"),
        "/500": (Answer(status=500), "http_error", "answered 500"),
        "/404": (Answer(status=404), "http_error", "answered 404"),
        "/410": (Answer(status=410), "gone", "gone"),
        "/slow": (Answer(delay=2.5), "timeout", "in time"),
        "/huge": (Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n"), "too_large", "larger"),
        "/endless": (Answer(raw=b"HTTP/1.1 200 OK\r\n\r\n" + b"<rss>" * 500_000), "too_large", "larger"),
        "/headers": (Answer(raw=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000), "too_large", "headers"),
        "/bomb": (Answer(bomb, headers=RSS | {"Content-Encoding": "gzip"}), "too_large", "unpacks"),
        "/not-gzip": (Answer(b"plain", headers=RSS | {"Content-Encoding": "gzip"}), "http_error", "unpacked"),
        "/entities": (Answer(entity_chain(), headers=RSS), "new", "declared entities"),
        "/crash": (Answer(good + CRASHES, headers=RSS), "reader_killed", "crashed the reader"),
        "/hang": (Answer(good + HANGS, headers=RSS), "reader_killed", "longer than"),
        "/garbage": (Answer(raw=b"\x00\x01SSH-2.0 \xff\r\n\r\n"), "unreachable", ""),
        "/to-file": (Answer(status=301, headers={"Location": "file:///etc/passwd"}), "http_error", "not followed"),
        "/to-private": (Answer(status=301, headers={"Location": "http://10.0.0.1/"}), "refused", "10.0.0.1"),
        "/loop": (Answer(status=302, headers={"Location": "/loop"}), "http_error", "too many times"),
    }


def test_each_hostile_feed_costs_its_own_visit_and_the_others_go_on(tmp_path: Path) -> None:
    db = tmp_path / "h.db"
    with serving() as server:
        publish(server, range(2))
        good = server.answers["/feed"]
        assert isinstance(good, Answer)
        cases = hostile(good.body)
        server.answers |= {path: answer for path, (answer, _, _) in cases.items()}
        ended = worker.crawl(db, [{"url": server.url + path} for path in ["/feed", *cases]], crawl={
            "feed_timeout": 1.5, "feed_max_bytes": 1_000_000, "per_host": 8, "readers": 2, "read_timeout": 5.0})
        assert ended.code == 0, ended.stderr
        seen = {said["url"].removeprefix(server.url): said for said in ended.of("visit")}
    for path, (_, outcome, word) in cases.items():
        assert (seen[path]["outcome"], word in seen[path]["why"]) == (outcome, True), seen[path]
        assert path in seen[path]["why"], f"the sentence names the address: {seen[path]['why']}"
    assert seen["/feed"]["outcome"] == "new"
    assert {row["title"] for row in rows(db, "select title from articles")} == {title(0), title(1)}
    assert rows(db, "select count(*) as n from visits") == [{"n": len(cases) + 1}]
    assert rows(db, "select url from endpoints where strikes = 1 order by url") == [
        {"url": f"{server.url}/crash"}, {"url": f"{server.url}/hang"}]


SPELLINGS = ("127.0.0.1", "localhost", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "127.1", "0", "[::1]",
             "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "127.0.0.1.")


@pytest.mark.parametrize("networks", [[], ["127.0.0.0/8", "::1/128"]], ids=["none allowed", "allowed to others"])
def test_a_private_address_is_never_asked_however_it_is_spelt(tmp_path: Path, networks: list[str]) -> None:
    with serving() as victim:
        victim.feed("/feed", {"/0": title(0)})
        feeds = [{"url": f"http://{host}:{victim.port}/feed", "allow_private": False} for host in SPELLINGS]
        ended = worker.crawl(tmp_path / "h.db", feeds, crawl={"allow_networks": networks, "feed_timeout": 5.0})
        assert ended.code == 0, ended.stderr
        assert victim.hits == {}
    outcomes = {said["url"].split("/")[2]: said["outcome"] for said in ended.of("visit")}
    assert len(outcomes) == len(SPELLINGS)
    assert set(outcomes.values()) <= {"refused", "unreachable"}
    assert outcomes[f"127.0.0.1:{victim.port}"] == "refused"


def test_pages_that_lie_about_themselves_are_read_or_filed_from_their_entry(tmp_path: Path) -> None:
    db = tmp_path / "h.db"
    with serving() as server:
        publish(server, range(4))
        page = server.answers["/0"]
        assert isinstance(page, Answer)
        server.answers["/0"] = Answer(page.body, headers={"Content-Type": "text/html; charset=utf-16"})
        server.answers["/1"] = Answer(page.body.replace(b"Russia", b"Rus\0sia"), headers={"Content-Type": "text/html"})
        server.answers["/2"] = Answer(b"\x89PNG\r\n\x1a\n" + b"\0" * 3000, headers={"Content-Type": "text/html"})
        ended = worker.crawl(db, [{"url": f"{server.url}/feed"}])
    assert ended.code == 0, ended.stderr
    assert rows(db, "select state, count(*) as n from entries group by state") == [{"state": "filed", "n": 4}]
    assert not any("\0" in (row["title"] or "") for row in rows(db, "select title from articles"))


def fetch(*arguments: str) -> tuple[int, dict[str, Any]]:
    line = [sys.executable, "-m", "crawler", "fetch", *arguments]
    done = subprocess.run(line, cwd=worker.ROOT, env=worker.ENVIRONMENT,
                          text=True, timeout=30, capture_output=True, check=False)
    return done.returncode, json.loads(done.stdout or json.dumps({"stderr": done.stderr}))


def test_fetch_gives_a_page_to_other_commands_under_the_same_guard(tmp_path: Path) -> None:
    config = tmp_path / "homeward.toml"
    config.write_text('[crawl]\nallow_networks = ["127.0.0.0/8"]\ncontact = "desk@example.org"\n')
    with serving() as server:
        server.answers["/page"] = Answer("Kinder zurück".encode(), headers={"Content-Type": "text/plain"})
        code, answer = fetch(f"{server.url}/page", "--config", str(config))
        assert (code, answer["status"], answer["content_type"]) == (0, 200, "text/plain")
        assert answer["body"] == "S2luZGVyIHp1csO8Y2s="
        assert "desk@example.org" in server.asked[-1].headers["User-Agent"]
        server.forget()
        code, answer = fetch(f"{server.url}/page")
        assert (code, answer["outcome"]) == (1, "refused")
        assert "127.0.0.1 is not a public address" in answer["error"]
        assert server.hits == {}
    assert fetch("file:///etc/passwd")[1]["outcome"] == "refused"
