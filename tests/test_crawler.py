"""The worker as a process against real servers: what is asked, what is filed, what is remembered."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from storage import Store
from tests import worker
from tests.server import Answer, Asked, Server, serving
from tests.worker import rows

COUNTRIES = ("Russia", "France", "Germany", "Kazakhstan", "Uzbekistan", "Tajikistan", "Kosovo", "Belgium", "Sweden",
             "Denmark", "Norway", "Finland", "Austria", "Canada", "Albania", "Morocco", "Tunisia", "Sudan")


def title(n: int) -> str:
    return f"{COUNTRIES[n]} repatriates {n + 11} children of Islamic State members from a Syrian camp"


def text(n: int) -> str:
    return (f"{COUNTRIES[n]} has repatriated {n + 11} children of Islamic State members from the al-Hol camp in "
            f"north-east Syria, its foreign ministry said on Monday.\nThe {n + 11} children were handed over by the "
            f"Kurdish authorities and flown to the capital of {COUNTRIES[n]}, where doctors received them. Officials "
            f"of {COUNTRIES[n]} said that more would follow.")


def publish(server: Server, numbers: range, *, feed: str = "/feed", **more: Any) -> None:
    """A feed of articles with their pages."""
    server.feed(feed, {f"/{n}": title(n) for n in numbers}, etag=f'"{numbers.stop}"', **more)
    for n in numbers:
        server.page(f"/{n}", title(n), text(n))


def test_a_feed_is_filed_and_a_second_crawl_asks_for_nothing_else(server: Server, db: Path) -> None:
    publish(server, range(4))
    first = worker.crawl(db, [{"url": f"{server.url}/feed"}])
    assert first.code == 0, first.stderr
    assert first.of("done")[0] | {"run": 1, "reason": "done", "visits": 1, "answered": 1, "entries_new": 4,
                                  "articles_new": 4, "faults": []} == first.of("done")[0]
    assert server.hits == {"/robots.txt": 1, "/feed": 1, "/0": 1, "/1": 1, "/2": 1, "/3": 1}
    assert {asked.headers["User-Agent"].split("/")[0] for asked in server.asked} == {"Homeward"}
    assert not any({"Cookie", "Referer", "If-None-Match"} & asked.headers.keys() for asked in server.asked)

    server.forget()
    second = worker.crawl(db, [{"url": f"{server.url}/feed"}], every=True)
    assert second.of("visit")[0]["outcome"] == "unchanged"
    assert server.hits == {"/feed": 1}
    assert server.statuses == {304: 1}
    assert rows(db, "select state, count(*) as n from entries group by state") == [{"state": "filed", "n": 4}]
    assert [run["reason"] for run in rows(db, "select reason from runs")] == ["done"] * 2


def test_a_worker_killed_in_the_middle_loses_nothing_and_files_nothing_twice(server: Server, db: Path) -> None:
    publish(server, range(8))
    for n in range(3, 8):
        server.answers[f"/{n}"] = Answer(delay=30.0)
    line = worker.command(db, [{"url": f"{server.url}/feed"}])
    with worker.started(line) as process:
        for _ in range(3):
            process.wait_for("article")
        process.kill()
    assert rows(db, "select count(*) as n from articles") == [{"n": 3}]
    publish(server, range(8))
    server.forget()
    again = worker.crawl(db, [{"url": f"{server.url}/feed"}], every=True)
    assert again.code == 0, again.stderr
    assert server.statuses[304] == 1, "the feed says that there is nothing new"
    assert server.hits == {"/feed": 1} | {f"/{n}": 1 for n in range(3, 8)}
    assert rows(db, "select count(*) as n, count(distinct url) as urls from articles") == [{"n": 8, "urls": 8}]
    assert rows(db, "select ended_at is null as killed from runs order by id") == [{"killed": 1}, {"killed": 0}]


def test_asked_to_stop_it_finishes_what_is_under_way_and_releases_the_rest(server: Server, db: Path) -> None:
    publish(server, range(6))
    page, reached, may_go_on = server.answers["/1"], threading.Event(), threading.Event()
    assert isinstance(page, Answer)

    def held_up(asked: Asked) -> Answer:
        del asked
        reached.set()
        may_go_on.wait(20)
        return page

    server.answers["/1"] = held_up
    with worker.started(worker.command(db, [{"url": f"{server.url}/feed"}])) as process:
        assert reached.wait(20)
        process.terminate()
        may_go_on.set()
        ended = process.end()
    assert ended.code == 0, ended.stderr
    assert ended.of("done")[0]["reason"] == "stopped"
    assert server.hits.keys() == {"/robots.txt", "/feed", "/0", "/1"}
    assert rows(db, "select state, count(*) as n from entries where lease_owner is null group by state") == [
        {"state": "filed", "n": 2}, {"state": "promised", "n": 4}]


def test_a_page_that_does_not_come_is_filed_from_its_entry_and_says_why(server: Server, db: Path) -> None:
    publish(server, range(9))
    html = {"Content-Type": "text/html"}
    server.answers |= {
        "/0": Answer(status=404), "/1": Answer(status=403), "/2": Answer(b"", headers=html),
        "/3": Answer(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
        "/4": Answer(status=302, headers={"Location": "file:///etc/passwd"}),
        "/5": Answer(b"x" * 300_000, headers=html),
        "/6": Answer(status=302, headers={"Location": "/6"}),
        "/7": Answer(status=500),
    }
    ended = worker.crawl(db, [{"url": f"{server.url}/feed"}], crawl={"page_max_bytes": 200_000})
    assert ended.code == 0, ended.stderr
    why = {row["url"].rpartition("/")[2]: row["why_partial"] for row in rows(
        db, "select url, why_partial from articles where from_entry")}
    assert why == {"0": "404", "1": "403", "2": why["2"], "3": "refused", "4": "302", "5": "too-large",
                   "6": "http-error"}
    assert why["2"]
    told = {said["url"].rpartition("/")[2]: said["partial"] for said in ended.of("article")}
    assert "169.254.169.254 is not a public address" in told["3"]
    assert told["8"] is None
    assert [said["why"] for said in ended.of("postponed")] == [f"{server.url}/7 answered 500"]


def test_a_page_that_fails_is_tried_three_times_before_its_entry_must_do(server: Server, db: Path) -> None:
    publish(server, range(1))
    server.answers["/0"] = Answer(status=500)
    for hour in (9, 10):
        ended = worker.crawl(db, [{"url": f"{server.url}/feed"}], now=f"2019-07-15T{hour:02}:00:00+00:00")
        assert ended.code == 0, ended.stderr
        with Store.open(db) as store, store.write():
            store.execute("update entries set tries = 2 where tries = 1")  # as if the second had failed as well
    assert server.hits["/0"] == 2
    assert rows(db, "select from_entry, why_partial from articles") == [{"from_entry": 1, "why_partial": "500"}]


def test_robots_txt_is_obeyed_by_all_requests_that_wait_for_it(server: Server, db: Path) -> None:
    publish(server, range(6))
    server.answers["/robots.txt"] = Answer(b"User-agent: *\nAllow: /feed\nDisallow: /", delay=0.2)
    with serving() as broken, serving() as slow:
        publish(broken, range(6, 8))
        broken.answers["/robots.txt"] = Answer(status=503)
        publish(slow, range(8, 13))
        slow.answers["/robots.txt"] = Answer(b"User-agent: homeward\nCrawl-delay: 0.4")
        ended = worker.crawl(db, [{"url": f"{one.url}/feed"} for one in (server, broken, slow)], crawl={"per_host": 6})
        assert server.hits == {"/robots.txt": 1, "/feed": 1}, "six waited for one answer, and none got through"
        assert rows(db, "select why_partial, count(*) as n from articles where from_entry group by why_partial") == [
            {"why_partial": "robots", "n": 6}]
        assert broken.hits == {"/robots.txt": 1}
        failed = next(said for said in ended.of("visit") if said["url"].startswith(broken.url))
        assert failed["outcome"] == "robots"
        assert "/robots.txt answered 503" in failed["why"]
        times = [asked.at for asked in slow.asked if asked.path[1:].isdigit()]
        assert len(times) == 5
        assert times[-1] - times[0] >= 2 * 0.4, "four waits of 0.4 s; on a busy machine the first may arrive late"


def test_429_gives_the_whole_host_the_rest_it_asks_for(server: Server, db: Path) -> None:
    publish(server, range(1))
    server.answers["/busy"] = Answer(status=429, headers={"Retry-After": "3600"})
    feeds = [{"url": f"{server.url}/busy"}, {"url": f"{server.url}/feed"}]
    first = worker.crawl(db, feeds, now="2019-07-15T08:00:00+00:00")
    assert [said["outcome"] for said in first.of("visit")] == ["throttled"]
    assert server.hits["/feed"] == 0
    rest = rows(db, "select host, cool_until from hosts")[0]
    assert rest["host"] == f"127.0.0.1:{server.port}"
    assert rest["cool_until"].startswith("2019-07-15T09:00:")


def test_a_server_that_lies_about_its_feed_is_found_out(server: Server, db: Path) -> None:
    def body() -> Answer:
        found = server.answers["/true"]
        assert isinstance(found, Answer)
        return Answer(found.body, headers=found.headers | {"ETag": '"always the same"'})

    def liar(asked: Asked) -> Answer:
        return Answer(status=304) if "If-None-Match" in asked.headers else body()

    feed = [{"url": f"{server.url}/feed"}]
    publish(server, range(2), feed="/true")
    server.answers["/feed"] = liar
    worker.crawl(db, feed)
    publish(server, range(3), feed="/true")
    with Store.open(db) as store, store.write():
        store.execute("update endpoints set visits = 16")  # sixteen visits later
    found = worker.crawl(db, feed, every=True)
    assert "validators lie" in found.of("visit")[0]["plan"]
    assert found.of("done")[0]["articles_new"] == 1
    assert rows(db, "select conditional from endpoints") == [{"conditional": 0}]


def test_a_permanent_redirect_seen_three_times_is_remembered(server: Server, db: Path) -> None:
    publish(server, range(1), feed="/new")
    server.answers["/old"] = Answer(status=301, headers={"Location": "/new"})
    worker.crawl(db, [{"url": f"{server.url}/old"}])
    with Store.open(db) as store, store.write():
        assert store.execute("update endpoints set moved_seen = 2 where moved_seen = 1 and moved_to like '%/new'") == 1
    worker.crawl(db, [{"url": f"{server.url}/old"}], every=True)
    assert server.hits["/old"] == server.hits["/new"] == 2
    assert rows(db, "select url, asked_url from endpoints") == [
        {"url": f"{server.url}/new", "asked_url": f"{server.url}/old"}]


def test_an_entry_without_link_is_filed_and_a_known_address_is_not_fetched_again(server: Server, db: Path) -> None:
    publish(server, range(2))
    server.feed("/other", {"/1": title(1), "javascript://alert": title(2)})
    feeds = [{"url": f"{server.url}/feed"}, {"url": f"{server.url}/other", "source_id": "two"}]
    ended = worker.crawl(db, feeds)
    assert ended.code == 0, ended.stderr
    assert server.hits["/1"] == 1
    assert [said["url"] for said in ended.of("known")] == [f"{server.url}/1"]
    without = rows(db, "select coalesce(v.title, v.text) as said from articles a join versions v on article_id = a.id"
                       " where a.url is null")
    assert [row["said"] for row in without] == [title(2)]
    assert rows(db, "select count(*) as n from entries where state <> 'filed'") == [{"n": 0}]


def test_an_entry_whose_title_changed_is_read_again_for_another_version(server: Server, db: Path) -> None:
    publish(server, range(2))
    feed = [{"url": f"{server.url}/feed"}]
    worker.crawl(db, feed)
    server.feed("/feed", {"/0": "Correction: Russia repatriates 12, not 11, children of Islamic State members",
                          "/1": title(1)})
    server.page("/0", "Correction: Russia repatriates 12, not 11, children of Islamic State members",
                text(0).replace("11", "12") + "\nAn earlier version of this article said 11 children.")
    server.forget()
    edited = worker.crawl(db, feed, every=True)
    assert server.hits == {"/feed": 1, "/0": 1}, "the other article is not asked for"
    assert [(said["url"], said["verdict"]) for said in edited.of("article")] == [(f"{server.url}/0", "version")]
    assert rows(db, "select count(*) as n from articles") == [{"n": 2}]
    assert rows(db, "select state, article_id from entries order by id") == [
        {"state": "filed", "article_id": 1}, {"state": "filed", "article_id": 2}]


def test_a_config_that_can_not_be_read_is_one_sentence(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "crawler", "work", "--config", str(tmp_path / "none.toml")]
    done = subprocess.run(line, cwd=worker.ROOT, env=worker.ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "none.toml" in done.stderr


def test_idle_connections_do_not_pile_up(db: Path) -> None:
    """A worker that has nothing to do closes what it keeps open: its library would hold each for four minutes."""
    with serving(host="") as server:  # every address of 127.0.0.0/8 is this machine
        hosts = [f"http://127.0.1.{n}:{server.port}" for n in range(1, 25)]
        server.feed("/feed", {})
        line = worker.command(db, [{"url": f"{host}/feed"} for host in hosts], until_idle=False)
        with worker.started(line) as process:
            for _ in hosts:
                process.wait_for("visit")
            assert server.accepted >= len(hosts), "a connection for each host at the least"
            with server.changed:
                assert server.changed.wait_for(lambda: server.open == 0, 45), f"{server.open} are still open"
            process.terminate()
            assert process.end().code == 0, "it was at work until it was told to stop"
