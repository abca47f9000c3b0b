"""Feeds, sitemaps and listings, ordinary, odd and hostile. Each case is a folder under tests/cases/feeds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import TimeoutError as Late
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pebble import ProcessExpired, ProcessPool

from extraction.entries import MOST
from extraction.feeds import read_feed
from extraction.job import limits
from records.errors import UnreadableError
from records.news import EndpointKind, ParsedFeed
from tests.capture import CASES, capture, main, read_case

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
ADDRESS = "https://harbour.example/feed.xml"
SY = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
ITEM = "<item><title>{0}</title><link>https://harbour.example/{0}</link><guid isPermaLink='false'>{0}</guid></item>"


def read(body: bytes | str, kind: EndpointKind = EndpointKind.FEED, content_type: str | None = None) -> ParsedFeed:
    raw = body.encode() if isinstance(body, str) else body
    return read_feed(raw, url=ADDRESS, content_type=content_type, kind=kind, now=NOW)


def rss(inner: str, head: str = "", encoding: str = "utf-8") -> str:
    return (f'<?xml version="1.0" encoding="{encoding}"?>{head}<rss version="2.0"><channel><title>Harbour</title>'
            f"{inner}</channel></rss>")


@pytest.mark.parametrize("case", sorted((CASES / "feeds").iterdir()), ids=lambda case: case.name)
def test_a_saved_endpoint_is_read_as_expected(case: Path) -> None:
    saved = json.loads((case / "expected.json").read_text("utf-8"))
    assert json.loads(json.dumps(read_case(case, saved["asked"]))) == saved["expected"]


def test_identity_does_not_change_with_the_order_of_entries() -> None:
    items = [ITEM.format(name) for name in ("one", "two", "three")]
    items.append(items[0].replace("/one", "/other"))
    forward, backward = read(rss("".join(items))), read(rss("".join(reversed(items))))
    assert len({entry.key for entry in forward.entries}) == 4
    assert {entry.key for entry in forward.entries} == {entry.key for entry in backward.entries}


def test_identity_is_the_guid_else_the_link_else_the_words() -> None:
    def key(item: str) -> str:
        return read(rss(f"<item>{item}</item>")).entries[0].key

    guid, link = "<guid isPermaLink='false'>g</guid>", "<link>https://a.example/1</link>"
    assert key(f"{guid}{link}<title>Old</title>") == key(f"{guid}<link>https://a.example/2</link><title>New</title>")
    assert key(f"{link}<title>Old</title>") == key(f"{link}<title>New</title>")
    assert key("<title>Old</title>") != key("<title>New</title>")


def test_what_a_feed_may_hold_is_capped() -> None:
    long = "x" * 9000
    item = (f"<item><title>{long}</title><guid isPermaLink='false'>{long}</guid><description>{long}</description>"
            f"<link>https://a.example/{long}</link></item>")
    feed = read(rss(item + "".join(map(ITEM.format, range(MOST + 50)))))
    assert len(feed.entries) == MOST
    assert "more than 2000 items" in (feed.broken or "")
    assert len(feed.entries[0].title or "") == 500
    assert len(feed.entries[0].summary or "") == 5000
    assert feed.entries[0].url is None, "a link of 9,000 characters leads nowhere"


@pytest.mark.parametrize(("period", "seconds"), [
    ("<ttl>30</ttl>", 1800.0), ("<ttl>soon</ttl>", None), ("<ttl>99999999</ttl>", 604_800.0), ("<ttl>-5</ttl>", 0.0),
    ("<ttl>nan</ttl>", None),
    (f"<sy:updatePeriod {SY}>hourly</sy:updatePeriod><sy:updateFrequency {SY}>2</sy:updateFrequency>", 1800.0),
])
def test_how_long_a_feed_asks_to_be_left_alone(period: str, seconds: float | None) -> None:
    assert read(rss(period + ITEM.format("a"))).min_interval == seconds


@pytest.mark.parametrize("reference", ["&#xD800;", "&#x110000;", "&#99999999999;", "&#0;", "&#xFFFE;"])
def test_an_impossible_character_costs_no_entry(reference: str) -> None:
    assert len(read(rss(f"<item><title>a{reference}</title></item>" + ITEM.format("good"))).entries) == 2


@pytest.mark.parametrize("charset", [
    "undefined", "punycode", "unicode_escape", "zip", "a\0b", "utf-7", "idna", "cp037"])
def test_a_charset_that_is_none_costs_no_entry(charset: str) -> None:
    assert read(rss(ITEM.format("good"), encoding=charset), content_type=f"text/xml; charset={charset}").entries


def entities(count: int, value: str) -> str:
    declared = "".join(f'<!ENTITY a{n} "{value.format(n - 1)}">' for n in range(1, count))
    return f'<!DOCTYPE rss [<!ENTITY a0 "ha">{declared}]>'


def hostile() -> Iterator[tuple[str, bytes, str | None]]:
    """Feeds that hang, bloat or kill a process that hands them to feedparser as they are; each has a good item."""
    good = ITEM.format("good")
    bomb = rss("<item><title>&a9;</title></item>" + good, entities(10, "&a{0};" * 10))
    chain = rss("<item><title>&a24999;</title></item>" + good, entities(25_000, "&a{0};"))
    yield "laughs", bomb.encode(), None
    yield "chain", chain.encode(), None
    yield "chain-utf-16", chain.encode("utf-16"), None
    yield "external", rss(f"<item><title>&x;</title></item>{good}",
                          '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>').encode(), None
    yield "author", rss(f"<item><author>{'a.' * 20_000}</author></item>{good}").encode(), None
    yield "attributes", rss("<item " + " ".join(f'a{n}="1"' for n in range(40_000)) + f"></item>{good}").encode(), None
    yield "comments", rss(f"<item><description>{'&lt;!--' * 40_000}</description></item>{good}").encode(), None
    yield "flood", rss(good + "".join(map(ITEM.format, range(40_000)))).encode(), None


def disguised() -> Iterator[tuple[str, bytes, str | None]]:
    """The chain in encodings that hide its markup from a check of bytes."""
    chain = rss(ITEM.format("good"), entities(25_000, "&a{0};"), "cp037")
    yield "ebcdic", chain.encode("cp037"), "text/xml; charset=cp037"
    yield "utf-7", chain.replace("<", "+ADw-").replace("&", "+ACY-").encode(), "text/xml; charset=utf-7"


@pytest.fixture(scope="module")
def child() -> Iterator[ProcessPool]:
    """A reading child as the crawl uses it: killed after ten seconds, dead beyond a gigabyte."""
    with ProcessPool(max_workers=1, initializer=limits, initargs=(1 << 30,), context=get_context("spawn")) as pool:
        yield pool


def read_in(child: ProcessPool, body: bytes, content_type: str | None) -> ParsedFeed | str:
    job = partial(read_feed, body, url=ADDRESS, content_type=content_type, kind=EndpointKind.FEED, now=NOW)
    try:
        found = child.schedule(job, timeout=10).result()
    except (Late, ProcessExpired) as error:
        return f"killed: {type(error).__name__}"
    except UnreadableError as error:
        return error.rule
    assert isinstance(found, ParsedFeed)
    return found


@pytest.mark.parametrize(("name", "body", "content_type"), [pytest.param(*one, id=one[0]) for one in hostile()])
def test_a_hostile_feed_still_gives_its_good_entry(
        child: ProcessPool, name: str, body: bytes, content_type: str | None) -> None:
    feed = read_in(child, body, content_type)
    assert isinstance(feed, ParsedFeed), (name, feed)
    assert "good" in {entry.title for entry in feed.entries}
    assert not any("root:" in (entry.title or "") for entry in feed.entries)


@pytest.mark.parametrize(("name", "body", "content_type"), [pytest.param(*one, id=one[0]) for one in disguised()])
def test_a_chain_in_disguise_is_no_feed(child: ProcessPool, name: str, body: bytes, content_type: str | None) -> None:
    assert read_in(child, body, content_type) == "not-a-feed", name


def test_a_child_that_hangs_is_killed_and_the_next_feed_is_read(child: ProcessPool) -> None:
    with pytest.raises(Late):
        child.schedule(_forever, timeout=1).result()
    assert isinstance(read_in(child, rss(ITEM.format("good")).encode(), None), ParsedFeed)


def _forever() -> None:
    while True:
        pass


PIECES = st.lists(st.sampled_from([
    "<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "http://a.example/", "<![CDATA[", "]]>",
    "<!DOCTYPE x [", "<!ENTITY a 'b'>", "]>", "&a;", "&#x41;", "&#xD800;", "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "<entry>", "<urlset>", "<url>", "<loc>", "{", '"items":[', "<html>", "<a href='/x'>", "\0", "é",
    "<?xml version='1.0'?>",
    "<pubDate>Mon, 01 Jan 0000</pubDate>", "<guid>", "<!--", "-->", "text "]), max_size=25).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | (st.text(max_size=200) | PIECES).map(lambda text: text.encode("utf-8", "replace")),
       st.sampled_from(EndpointKind))
def test_nothing_but_unreadable_leaves_the_reading_of_a_feed(body: bytes, kind: EndpointKind) -> None:
    feed: ParsedFeed | UnreadableError
    try:
        feed = read(body, kind)
    except UnreadableError as error:
        feed = error
    if isinstance(feed, UnreadableError):
        assert feed.rule in {"empty", "not-a-feed", "too-deep"}
        assert ADDRESS in str(feed)
    else:
        assert len({entry.key for entry in feed.entries}) == len(feed.entries)
        assert all(entry.url is None or entry.url.startswith("http") for entry in feed.entries)
        assert all("\0" not in f"{entry.title}{entry.summary}{entry.url}" for entry in feed.entries)


def test_capture_writes_a_case_that_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("tests.capture.CASES", tmp_path / "cases")
    (tmp_path / "saved.xml").write_text(rss(ITEM.format("good")), "utf-8")
    assert main([str(tmp_path / "saved.xml"), "mine", "--url", ADDRESS, "--at", "2024-03-01T12:00:00+00:00"]) == 0
    saved = json.loads((tmp_path / "cases/feeds/mine/expected.json").read_text("utf-8"))
    assert saved["asked"] == {"file": "feed.xml", "url": ADDRESS, "at": "2024-03-01T12:00:00+00:00", "kind": "feed"}
    assert saved["expected"]["entries"][0]["title"] == "good"
    (tmp_path / "page.html").write_text("<html><p>nothing", "utf-8")
    folder = capture(tmp_path / "page.html", "thin", url=ADDRESS, kind="page", at=NOW, more={})
    assert json.loads((folder / "expected.json").read_text("utf-8"))["expected"]["unreadable"] == "no-text"
    assert main([str(tmp_path / "not-there"), "x"]) == 2
    assert "there is no file" in capsys.readouterr().err
