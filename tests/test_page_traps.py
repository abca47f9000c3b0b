"""Traps that pages set: dates, addresses, towers of elements, bytes that are no page; and what an entry alone gives."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extraction.addresses import canonical
from extraction.pages import article_from_entry, article_from_text, read_page
from records.errors import UnreadableError
from records.news import Entry, Page, Source

NOW = datetime(2023, 5, 4, 12, tzinfo=UTC)
PARAGRAPHS = "".join(
    f"<p>The {word} convoy left the camp in the morning, with families who had waited for it for years, and"
    f" reached the river before the night, an official said.</p>"
    for word in ("first", "second", "third")
)


def page(
    body: bytes | str, *, url: str = "https://hill.example/world/a-third-convoy", content_type: str | None = None
) -> Page:
    raw = body if isinstance(body, bytes) else body.encode()
    return Page(url=url, requested_url=url, status=200, content_type=content_type, body=raw, fetched_at=NOW)


def html(*, head: str = "", body: str = PARAGRAPHS, title: str = "A third convoy leaves the camp") -> str:
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>"
    )


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta property="article:published_time" content="2023-05-03T09:00:00+02:00">', "2023-05-03T09:00:00+02:00"),
        (
            '<meta property="article:published_time" content="0001-01-01"><meta name="date" content="2023-05-02">',
            "2023-05-02",
        ),
        (
            '<meta property="article:published_time" content="2023-05-09"><meta name="date" content="2023-05-02">',
            "2023-05-02",
        ),
        (
            '<meta name="pubdate" content="2023-05-03"><meta name="date" content="2023-05-03T07:30:00Z">',
            "2023-05-03T07:30:00+00:00",
        ),
    ],
)
def test_the_first_date_that_can_be_true_counts(head: str, published: str) -> None:
    assert read_page(page(html(head=head))).published == published


def test_an_address_gives_the_day_where_nothing_is_declared() -> None:
    article = read_page(page(html(), url="https://hill.example/Detail/2019/07/15/601/third-convoy"))
    assert (article.published, dict(article.ladder)["published"]) == ("2019-07-15", "address")


def test_an_entry_helps_where_the_page_is_silent() -> None:
    entry = Entry(
        key="k",
        url="https://hill.example/f/1",
        title="From the feed",
        published=datetime(2023, 5, 3, 8, tzinfo=UTC),
        published_raw="Wed, 03 May 2023 08:00:00 GMT",
        authors=("Mara Lindt",),
    )
    article = read_page(page(f"<html><body>{PARAGRAPHS}</body></html>"), entry=entry)
    assert (article.title, article.published, article.authors) == (
        "From the feed",
        "2023-05-03T08:00:00+00:00",
        ("Mara Lindt",),
    )
    assert "https://hill.example/f/1" in article.addresses


def test_a_canonical_address_of_another_site_is_not_believed() -> None:
    head = '<link rel="canonical" href="https://elsewhere.example/story"><meta property="og:url" content="https://hill.example/">'
    assert read_page(page(html(head=head))).url == "https://hill.example/world/a-third-convoy"


def test_mirrors_have_one_address() -> None:
    source = Source(id="hill", name="Hill Post", mirrors=("www.hill.example", "hill.tv"))
    article = read_page(page(html(), url="https://www.hill.tv/world/a-third-convoy?utm_source=x"), source=source)
    assert (article.url, article.outlet) == ("https://www.hill.example/world/a-third-convoy", "Hill Post")


def test_a_nul_byte_neither_hides_nor_survives() -> None:
    article = read_page(page(html(title="A third con\x00voy leaves")))
    assert article.title == "A third convoy leaves"
    assert "\x00" not in article.text


@pytest.mark.parametrize("tower", ["<div>" * 100_000 + PARAGRAPHS, "<div><b>" * 60_000, "<span " * 100_000])
def test_a_tower_of_elements_is_refused_in_time(tower: str) -> None:
    start = time.process_time()
    with pytest.raises(UnreadableError):
        read_page(page(f"<html><body>{tower}"))
    assert time.process_time() - start < 8, (
        "the tower held the parser; 100,000 nested elements take it more than 11 seconds"
    )


@pytest.mark.parametrize(
    ("body", "content_type"), [(b"%PDF-1.7 ...", None), (b"\x89PNG\r\n", None), (b"x" * 500, "image/png")]
)
def test_what_is_no_page_says_so(body: bytes, content_type: str | None) -> None:
    with pytest.raises(UnreadableError, match=r"https://hill\.example") as told:
        read_page(page(body, content_type=content_type))
    assert told.value.rule == "not-a-page"


def test_an_entry_alone_makes_an_article_that_says_so() -> None:
    entry = Entry(
        key="k",
        url="https://hill.example/a?utm_source=rss",
        title="Nine return",
        summary="Nine women came home.",
        published=datetime(2023, 5, 3, 8, tzinfo=UTC),
        published_raw="2023-05-03T10:00:00+02:00",
        lang="en",
    )
    article = article_from_entry(
        entry, source=Source(id="hill", name="Hill Post"), why_partial="paywall", fetched_at=NOW
    )
    assert (article.from_entry, article.why_partial, article.source_id, article.outlet) == (
        True,
        "paywall",
        "hill",
        "Hill Post",
    )
    assert (article.url, article.title, article.text) == (
        "https://hill.example/a",
        "Nine return",
        "Nine women came home.",
    )
    assert article.published is not None
    assert datetime.fromisoformat(article.published) == entry.published


def test_an_entry_that_says_nothing_makes_no_article() -> None:
    with pytest.raises(UnreadableError) as told:
        article_from_entry(
            Entry(key="k", url="https://hill.example/a", title=None), source=None, why_partial="403", fetched_at=NOW
        )
    assert told.value.rule == "no-text"


def test_a_given_text_is_kept_to_the_letter() -> None:
    text = "  Nine women came home.\r\n\r\nThey\u200c were met  at the airport.\n"
    article = article_from_text(text, title="Nine return", published="2023-05", outlet="Hill Post", imported_id="x1")
    assert (article.text, article.published, article.imported_id, article.lang) == (text, "2023-05", "x1", "en")
    with pytest.raises(UnreadableError):
        article_from_text(" \n ", imported_id="x2")


PIECES = st.sampled_from(
    [
        "<div>",
        "</div>",
        "<p>",
        "<table><tr><td>",
        "<!--",
        "-->",
        "<script type='application/ld+json'>{",
        '{"@type":"NewsArticle","datePublished":["',
        "</script>",
        "<time datetime='9999-99-99'>",
        "&#xD800;",
        "&#99999999999;",
        "\x00",
        "\ud7ff",
        "<meta name=date content='2023'>",
        "<h1>",
        "<svg><title>",
        "Nine women came home. " * 12,
        "<link rel=canonical href='http://[::1'>",
        "<base href='//'>",
        "]]>",
    ]
)
CHARSETS = st.sampled_from(
    [
        None,
        "text/html",
        "text/html; charset=utf-16",
        "text/html; charset=punycode",
        "text/html; charset=\x00",
        "text/html; charset=unicode_escape",
        "text/html; charset=windows-1251",
        "text/html; charset=idna",
    ]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    body=st.one_of(st.binary(max_size=600), st.lists(PIECES, max_size=25).map(lambda parts: "".join(parts).encode())),
    content_type=CHARSETS,
)
def test_nothing_but_an_article_or_a_reason_comes_out(body: bytes, content_type: str | None) -> None:
    try:
        article = read_page(page(body, content_type=content_type))
    except UnreadableError:
        return
    assert article.text.strip()
    article.text.encode()


HOSTS = st.sampled_from(
    ["m.hill.example", "www.hill.example", "münchen.example", "1.2.3.4:80", "[::1]:8", "amp.hill.tv"]
)
STEPS = st.lists(
    st.one_of(st.sampled_from(["amp", "print", "..", "a-b", "%2f", "%", "%41", "", "x.amp.html"]), st.text(max_size=5)),
    max_size=5,
)
QUERIES = st.lists(st.sampled_from(["utm_x=1", "%75tm_source=2", "a=1", "amp=1", "b=%20", "="]), max_size=4)


@given(host=HOSTS, steps=STEPS, query=QUERIES)
def test_the_canonical_address_of_a_canonical_address_is_itself(host: str, steps: list[str], query: list[str]) -> None:
    once = canonical(f"https://{host}/{'/'.join(steps)}?{'&'.join(query)}#x", ("hill.example", "hill.tv"))
    assert canonical(once, ("hill.example", "hill.tv")) == once


def test_an_escaped_tracking_parameter_is_one_too() -> None:
    assert canonical("https://hill.example/a?%75tm_source=x&id=3") == "https://hill.example/a?id=3"
