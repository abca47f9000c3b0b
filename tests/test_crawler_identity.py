"""Feeds that renumber, move, publish their archive anew or outrun us, against the worker as a process."""

from __future__ import annotations

from pathlib import Path

from tests import worker
from tests.server import Answer, Server
from tests.worker import rows

STORY = "Russia repatriates {} children of Islamic State members from a Syrian camp"


def feed(server: Server, path: str, numbers: range, *, guid: str = "{}", head: str = "", link: str = "/{}") -> None:
    """An RSS feed of equal timestamps; an empty `guid` leaves it out."""
    items = "".join(
        f"<item><title>{STORY.format(n + 11)}</title><link>{server.url}{link.format(n)}</link>"
        f"<pubDate>Mon, 15 Jul 2019 07:00:00 GMT</pubDate>"
        f"{guid and f'<guid>{guid.format(n)}</guid>'}</item>" for n in numbers)
    whole = f"<rss version='2.0'><channel><title>F</title>{head}{items}</channel></rss>"
    server.answers[path] = Answer(whole.encode())
    for n in numbers:
        server.page(link.format(n), STORY.format(n + 11), "\n".join(f"{STORY.format(n + 11)}, it said, {k}." * 3
                                                                    for k in range(2)))


def test_renumbered_renamed_and_republished_feeds_tell_nobody_and_a_feed_that_outran_us_is_told(
        server: Server, tmp_path: Path) -> None:
    db = tmp_path / "h.db"
    feeds = [{"url": f"{server.url}{path}", "fetch": "all"} for path in ("/guids", "/bare", "/quick")]
    feed(server, "/guids", range(6))
    feed(server, "/bare", range(6, 12), guid="")
    feed(server, "/quick", range(20, 25), head="<skipHours><hour>12</hour><hour>13</hour></skipHours><ttl>90</ttl>")
    first = worker.crawl(db, feeds, now="2019-07-15T08:00:00+00:00")
    assert first.code == 0, first.stderr
    assert first.of("done")[0]["entries_new"] == 17
    before = rows(db, "select id, article_id, title from entries order by id")

    server.forget()
    feed(server, "/guids", range(6), guid="https://cms.example/?p={}&amp;v=2")  # every guid changed
    feed(server, "/bare", range(6, 12), guid="", link="/archive/{}")  # without guids, and every address changed
    feed(server, "/quick", range(30, 35))  # nothing of the last visit is left
    second = worker.crawl(db, feeds, every=True, now="2019-07-15T10:00:00+00:00")
    assert second.code == 0, second.stderr
    visits = {said["url"].rpartition("/")[2]: said for said in second.of("visit")}
    assert (visits["guids"]["new"], visits["bare"]["new"], visits["quick"]["new"]) == (0, 0, 5)
    assert "6 entries" in visits["guids"]["why"]
    assert "came under new names and were known" in visits["bare"]["why"]
    assert server.hits.keys() == {"/guids", "/bare", "/quick"} | {f"/{n}" for n in range(30, 35)}
    assert rows(db, "select id, article_id, title from entries order by id")[:17] == before
    assert "none of the 5 entries" in visits["quick"]["gap"]
    assert [row["entries"] for row in rows(db, "select entries from gaps")] == [5]
    assert rows(db, "select asked, skip_hours from endpoints where url like '%/quick'") == [
        {"asked": None, "skip_hours": "[]"}], "it asks for nothing any more"
