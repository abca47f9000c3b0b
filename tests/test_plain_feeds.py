"""Plain feeds are read by libxml2 alone, and what comes of them is what feedparser makes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from extraction import feeds
from extraction.plain_feeds import read_plain
from records.errors import UnreadableError
from records.news import EndpointKind, ParsedFeed
from tests.capture import CASES

NOW = datetime(2026, 11, 24, tzinfo=UTC)
NAMESPACES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in {
    "content": "http://purl.org/rss/1.0/modules/content/", "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/", "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/", "fb": "http://rssnamespace.org/feedburner/ext/1.0"}.items())
WORDS = ("Hello", "", " a &amp; b ", "&lt;b&gt;x&lt;/b&gt;", "<![CDATA[<p>One</p> two]]>", "عربي", "60", "daily",
         "en_GB")
ODD = ("Ã¼ber", "\u0092x", "a <!-- c --> b", "<b>in</b>", "x@y.org (Jo)", "/rel", "HTTP://A.example/x", "javascript:x",
       "http://a.example/1?", "http://a.example/1#", "http://a.example/ä", "http://a.example/?a=1&amp;amp;b;=2", "#x")
ADDRESSES = ("http://a.example/1", "http://a.example/1?a=1&amp;b=2", "tag:a.example,2004:1")
DATES = ("Mon, 23 Nov 2026 01:02:03 GMT", "2026-11-23T00:00:00Z", "soon")
TYPES = ("", "", "", " type='html'", " xml:lang='fr'", " lang='fr'", " type='xhtml'", " mode='base64'",
         " type='image/png'")
RSS_ITEM = {"title": TYPES, "link": ("", "", " rel='self'"), "guid": ("", " isPermaLink='false'", " ispermalink='0'"),
            "description": TYPES, "content:encoded": ("",), "pubDate": ("",), "dc:date": ("",), "author": ("",),
            "dc:creator": ("",), "category": ("", " domain='x'"), "source": (" url='http://s.example/'",),
            "enclosure": (" url='http://x.example/y.mp3'",), "media:content": ("", " url='x'"), "media:title": ("",),
            "fb:origLink": ("",), "dc:title": ("",), "foo": ("", " a='b'"), "wfw:commentRss": ("",)}
CHANNEL = {"title": TYPES, "link": ("",), "description": ("",), "language": ("",), "ttl": ("", " a='1'"),
           "sy:updatePeriod": ("",), "lastBuildDate": ("",), "image": ("",), "managingEditor": ("",), "foo": ("",)}
LINKS = (" href='http://a.example/1'", " href='/r'", " rel='self' href='http://a.example/s'",
         " rel='ALTERNATE' type='TEXT/HTML' href='http://k.example/'", " type='application/json' href='http://j.example/'")
ATOM_ENTRY = {"title": TYPES, "id": ("",), "link": LINKS, "summary": TYPES, "content": (*TYPES, " src='x'"),
              "published": ("",), "updated": ("",), "category": (" term='x'",), "author": ("",), "source": ("",)}
AUTHORS = ("<author><name>Jo</name></author>", "<author><name>Jo</name><email>j@x.example</email></author>",
           "<author><email>j@x.example</email></author>", "<author><name/></author>", "<author>Jo</author>")


class Writer:
    """Writes feeds, most of them plain, by the dice."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)

    def element(self, name: str, attributes: tuple[str, ...]) -> str:
        usual = (ADDRESSES if name in ("link", "guid", "id", "fb:origLink") else
                 DATES if "ate" in name else WORDS)
        text = self.dice.choice(ODD if self.dice.random() < 0.04 else usual)
        return f"<{name}{self.dice.choice(attributes) if self.dice.random() < 0.07 else attributes[0]}>{text}</{name}>"

    def several(self, known: dict[str, tuple[str, ...]], most: int) -> list[str]:
        names = self.dice.choices([*known], k=self.dice.randint(0, most))
        names = names if self.dice.random() < 0.1 else [*dict.fromkeys(names)]
        return [self.element(name, known[name]) for name in names]

    def rss(self) -> str:
        parts = self.several(CHANNEL, 4) + [
            f"<item>{''.join(self.several(RSS_ITEM, 6))}</item>" for _ in range(self.dice.randint(0, 3))]
        self.dice.shuffle(parts)
        atom = self.dice.choice(("", " xmlns:atom='http://www.w3.org/2005/Atom'", " xmlns:o='http://purl.org/rss/1.0/'"))
        lang = self.dice.choice(("", "", " xml:lang='pt_BR'", " xml:lang=''"))
        version = self.dice.choice(("2.0", "0.92", "", "3"))
        return f"<rss version='{version}' {NAMESPACES}{atom}{lang}><channel>{''.join(parts)}</channel></rss>"

    def atom(self) -> str:
        parts = self.several({"title": TYPES, "id": ("",), "updated": ("",), "subtitle": TYPES}, 4)
        for _ in range(self.dice.randint(0, 3)):
            written = self.several(ATOM_ENTRY, 6) + self.dice.sample(AUTHORS, self.dice.choice((0, 0, 1, 2)))
            self.dice.shuffle(written)
            parts.append(f"<entry>{''.join(written)}</entry>")
        lang = self.dice.choice(("", " xml:lang='en-us'", " lang='de'", " xml:base='http://b.example/'"))
        return f"<feed xmlns='http://www.w3.org/2005/Atom' {NAMESPACES}{lang}>{''.join(parts)}</feed>"


def read(body: bytes) -> ParsedFeed | str:
    try:
        return feeds.read_feed(body, url="https://harbour.example/feed.xml", content_type=None,
                               kind=EndpointKind.FEED, now=NOW)
    except UnreadableError as error:
        return str(error)


def by_feedparser(body: bytes, monkeypatch: pytest.MonkeyPatch) -> ParsedFeed | str:
    with monkeypatch.context() as patched:
        patched.setattr(feeds, "read_plain", lambda text: None)
        return read(body)


@pytest.mark.parametrize("seed", range(4))
def test_a_plain_feed_is_read_as_feedparser_reads_it(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    writer, plain = Writer(seed), 0
    for _ in range(60):
        text = writer.rss() if writer.dice.random() < 0.6 else writer.atom()
        plain += read_plain(text) is not None
        assert read(text.encode()) == by_feedparser(text.encode(), monkeypatch), text
    assert 8 <= plain <= 52, "both ways of reading are to be seen"


def test_saved_feeds_are_read_as_feedparser_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (CASES / "feeds").rglob("*.xml"):
        assert read(path.read_bytes()) == by_feedparser(path.read_bytes(), monkeypatch), path


def test_a_number_of_minutes_that_has_attributes_is_no_wish() -> None:
    came = read(b"<rss version='2.0'><channel><title>A</title><ttl a='b'>60</ttl></channel></rss>")
    assert isinstance(came, ParsedFeed)
    assert came.min_interval is None
