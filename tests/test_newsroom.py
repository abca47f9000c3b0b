"""The newsroom behaves as newspapers on the web do; the demo and the other tests stand on it."""

from __future__ import annotations

import json
import smtplib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from http.client import HTTPConnection
from threading import Thread
from urllib.parse import urlsplit

import feedparser
import pytest

from homeward.newsroom import Newsroom, Story, expected, outlets
from homeward.newsroom.post import Mailbox, SlackHook


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom() as room:
        yield room


def get(url: str, method: str = "GET", body: str | None = None,
        **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request(method, parts.path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_a_feed_grows_day_by_day_and_is_counted(room: Newsroom) -> None:
    feed = room["tigris"].feeds[0]
    seen = []
    for day in (1, 2, 3):
        room.publish(day)
        status, headers, body = get(feed)
        assert status == 200
        assert headers["content-type"].startswith("application/rss+xml")
        seen.append([entry.title for entry in feedparser.parse(body).entries])
    assert [len(titles) for titles in seen] == [3, 5, 6]
    assert "33 Russian children flown from Baghdad to Moscow" in seen[1]
    assert room.hits()["tigris", "/rss.xml", 200] == 3


def test_conditional_get_is_answered_as_the_standard_says(room: Newsroom) -> None:
    room.publish(1)
    feed = room["levant"].feeds[0]
    _, headers, body = get(feed)
    assert body
    assert get(feed, If_None_Match=headers["etag"])[::2] == (304, b"")
    assert get(feed, If_None_Match='"another", W/' + headers["etag"])[0] == 304
    assert get(feed, If_Modified_Since=headers["last-modified"])[0] == 304
    earlier = format_datetime(datetime(2019, 7, 1, tzinfo=UTC), usegmt=True)
    assert get(feed, If_Modified_Since=earlier)[0] == 200
    assert get(feed, If_Modified_Since="yesterday")[0] == 200
    assert get(feed, If_None_Match='"another"', If_Modified_Since=headers["last-modified"])[0] == 200, "the tag decides"
    room.publish(2)
    assert get(feed, If_None_Match=headers["etag"])[0] == 200, "the feed has grown"
    assert (room.hits()["levant", "/atom.xml", 304], room.hits()["levant", "/atom.xml", 200]) == (3, 5)
    room.forget_hits()
    assert not room.hits()


@pytest.mark.parametrize("outlet_id", [outlet.id for outlet in outlets() if outlet.feed in ("rss", "atom")])
def test_feeds_are_what_they_say(room: Newsroom, outlet_id: str) -> None:
    room.publish(3)
    house = room[outlet_id]
    _, _, body = get(house.feeds[0])
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    assert parsed.version == {"rss": "rss20", "atom": "atom10"}[house.outlet.feed]
    pages = {story.path: story for story in house.outlet.stories}
    assert {entry.link for entry in parsed.entries} == {house.url(path) for path in pages}
    assert {entry.title for entry in parsed.entries} == {story.title for story in pages.values()}
    assert all(("published_parsed" in entry) == house.outlet.dated for entry in parsed.entries)
    assert len({entry.id for entry in parsed.entries}) == len(parsed.entries)


def test_the_sitemap_is_one_that_google_news_would_read(room: Newsroom) -> None:
    room.publish(2)
    _, _, body = get(room["frontier"].feeds[0])
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}
    root = ET.fromstring(body)
    assert root.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}urlset"
    urls = root.findall("s:url", names)
    assert len(urls) == 3
    for url in urls:
        assert get(url.findtext("s:loc", "", names))[0] == 200
        assert url.findtext("n:news/n:publication/n:name", None, names) == "Frontier Post"
        assert url.findtext("n:news/n:publication/n:language", None, names) == "en"
        assert url.findtext("n:news/n:title", None, names)
        datetime.fromisoformat(url.findtext("n:news/n:publication_date", "", names))


def test_pages_are_furnished_and_declare_what_their_outlet_declares(room: Newsroom) -> None:
    room.publish(3)
    wire = get(room["tigris"].url("/en/iraq/2019/07/33-russian-children-flown-from-baghdad-to-moscow"))[2].decode()
    declared = json.loads(wire.partition('ld+json">')[2].partition("</script>")[0])
    assert declared["datePublished"] == "2019-07-15T15:05:00+03:00"
    assert "cookie-banner" in wire
    assert "More from Tigris Wire" in wire
    seed = get(room["presstv"].url("/Detail/2019/07/15/601122/Iraq-Russia-children-Daesh"))[2].decode()
    assert "US congresswoman" in seed
    assert "alternate addresses" in seed
    assert "2019-07-15" not in seed, "the only date is in the address"
    assert "canonical" not in seed
    russian = get(room["nevsky"].url("/society/4427.html"))
    assert russian[1]["content-type"] == "text/html; charset=windows-1251"
    assert "33 российских ребенка" in russian[2].decode("windows-1251")


def test_what_is_wrong_on_purpose_is_wrong(room: Newsroom) -> None:
    room.publish(1)
    assert get(room["meridian"].feeds[0])[0] == 404
    assert get(room["maple"].feeds[0])[1]["content-type"].startswith("text/html")
    with pytest.raises(ConnectionRefusedError):
        get(room["gazette"].feeds[0])
    assert get(room["levant"].url("/world/belgium-to-take-back-six-orphans-from-al-hol"))[0] == 404
    assert get(room["levant"].url("/world/moscow-flight-takes-children-out-of-baghdad"))[0] == 404, "not out yet"
    assert b"Disallow: /account/" in get(room["levant"].url("/robots.txt"))[2]


def test_a_mirror_serves_the_same_article_under_its_own_address(room: Newsroom) -> None:
    room.publish(2)
    press = room["presstv"]
    path = "/Detail/2019/07/15/601122/Iraq-Russia-children-Daesh"
    first, second = (get(press.url(path, mirror)) for mirror in (0, 1))
    assert press.hosts[0] != press.hosts[1]
    assert first[2].replace(press.hosts[0].encode(), b"") == second[2].replace(press.hosts[1].encode(), b"")
    for number, feed in enumerate(press.feeds):
        links = [entry.link for entry in feedparser.parse(get(feed)[2]).entries]
        assert {urlsplit(link).netloc for link in links} == {press.hosts[number]}


def test_an_edited_page_keeps_its_address_and_entry_and_gets_a_new_tag(room: Newsroom) -> None:
    room.publish(2)
    levant, path = room["levant"], "/world/moscow-flight-takes-children-out-of-baghdad"
    before = get(levant.url(path))
    ids = {entry.link: entry.id for entry in feedparser.parse(get(levant.feeds[0])[2]).entries}
    room.publish(3)
    after = get(levant.url(path))
    assert b"32 children" in before[2]
    assert b"32 children" not in after[2]
    assert b"Correction, July 16" in after[2]
    assert before[1]["etag"] != after[1]["etag"]
    (entry,) = [entry for entry in feedparser.parse(get(levant.feeds[0])[2]).entries if entry.link == levant.url(path)]
    assert entry.id == ids[entry.link]
    assert entry.title == "Moscow flight takes 33 children out of Baghdad"


def test_an_article_can_be_published_while_the_room_is_open(room: Newsroom) -> None:
    house = room["tigris"]
    house.add(Story(id="late", path="/late", title="Late <news> & more", text="One.\n\nTwo.",
                    published=datetime(2019, 7, 17, 8, tzinfo=UTC)))
    assert get(house.url("/late"))[0] == 200
    assert feedparser.parse(get(house.feeds[0])[2]).entries[0].title == "Late <news> & more"


def test_an_answer_can_be_held_back(room: Newsroom) -> None:
    room.publish(1)
    house, got = room["tigris"], list[int]()
    with room.hold("tigris", "/rss.xml") as asked:
        client = Thread(target=lambda: got.append(get(house.feeds[0])[0]))
        client.start()
        assert asked.wait(10)
        assert not got
        assert not room.hits()
    client.join(10)
    assert got == [200]


def test_the_copy_is_in_order() -> None:
    """Days and dates agree, weekday names are right, expectations name stories, a wire copy is word for word."""
    days = {1: "Sunday", 2: "Monday", 3: "Tuesday"}
    stories = {f"{outlet.id}/{story.id}": story for outlet in outlets() for story in outlet.stories}
    for name, story in stories.items():
        if name != "tigris/february":
            assert story.published.date() == date(2019, 7, 13) + timedelta(days=story.day), name
            assert f"{story.published:%A}" == days[story.day]
    assert set(expected()["story"]) <= set(stories)
    assert {story["event"] for story in expected()["story"].values() if "event" in story} <= set(expected()["event"])
    assert stories["frontier/wire-copy"].text == stories["tigris/flight"].text
    assert len({outlet.lang for outlet in outlets()}) >= 3
    assert len([outlet for outlet in outlets() if outlet.stories]) >= 6


def test_the_mailbox_keeps_what_it_is_sent() -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "33 дети", "a@room.example", "b@room.example"
    mail.set_content("One line.\n.starts with a dot\n")
    with Mailbox() as box:
        with smtplib.SMTP("127.0.0.1", box.port, timeout=10) as client:
            client.send_message(mail)
        (kept,) = box.mails
        assert (kept.sender, kept.recipients) == ("a@room.example", ("b@room.example",))
        assert kept.message["Subject"] == "33 дети"
        assert (kept.part("plain") or "").splitlines() == ["One line.", ".starts with a dot"]
        box.refuse = True
        refused = pytest.raises(smtplib.SMTPSenderRefused)
        with smtplib.SMTP("127.0.0.1", box.port, timeout=10) as client, refused as said:
            client.send_message(mail)
        assert said.value.smtp_code == 451
        assert len(box.mails) == 1


def test_the_hook_takes_what_slack_takes() -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}
    with SlackHook() as hook:
        def post(payload: object) -> tuple[int, bytes]:
            return get(hook.url, "POST", json.dumps(payload))[::2]
        assert post({"text": "hello", "blocks": [section]}) == (200, b"ok")
        assert post({"text": "x", "blocks": [section] * 51}) == (400, b"invalid_blocks")
        assert post({"text": "x", "blocks": [section], "colour": "red"}) == (400, b"invalid_arguments")
        ping = {**section, "text": {"type": "mrkdwn", "text": "<!channel>"}}
        assert post({"text": "x", "blocks": [ping]}) == (400, b"invalid_blocks")
        assert post({"text": "x", "blocks": [{**section, "text": {"type": "mrkdwn", "text": "x" * 3001}}]})[0] == 400
        assert post({}) == (400, b"no_text")
        assert get(hook.url + "else", "POST", "{}")[0] == 404
        assert len(hook.payloads) == 1


def test_a_room_can_be_opened_with_chosen_outlets() -> None:
    tigris = next(outlet for outlet in outlets() if outlet.id == "tigris")
    with Newsroom([replace(tigris, id="one", stories=())]) as room:
        assert set(room.houses) == {"one"}
        assert room.publish(3) == 0
        assert not feedparser.parse(get(room["one"].feeds[0])[2]).entries
