"""Pages to articles, ordinary, odd and hostile. Each case is a folder under tests/cases/pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.pages import article_from_entry, article_from_text, read_page
from records.errors import UnreadableError
from records.news import Article, Entry, Page, Source
from tests.capture import CASES, read_case

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
ADDRESS = "https://harbour.example/news/1"
LD, UTC_9 = '<script type="application/ld+json">', "2024-02-28T06:00:00Z"
TEXT = ("<p>Twenty families left the camp on Wednesday morning, the administration of the camp said, and crossed the "
        "border before noon in a convoy of buses.</p><p>They had waited for two years, a mother of three said.</p>")


def read(html: str | bytes, *, url: str = ADDRESS, content_type: str | None = "text/html", entry: Entry | None = None,
         source: Source | None = None) -> Article:
    body = html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html
    page = Page(url=url, requested_url=url, status=200, content_type=content_type, body=body, fetched_at=NOW)
    return read_page(page, entry=entry, source=source)


def entry(**fields: object) -> Entry:
    return Entry(**{"key": "k", "url": ADDRESS, "title": "From the feed", **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize("case", sorted((CASES / "pages").iterdir()), ids=lambda case: case.name)
def test_a_saved_page_is_read_as_expected(case: Path) -> None:
    saved = json.loads((case / "expected.json").read_text("utf-8"))
    assert json.loads(json.dumps(read_case(case, saved["asked"]))) == saved["expected"]


def rung(article: Article, field: str) -> str | None:
    return dict(article.ladder).get(field)


@pytest.mark.parametrize(("head", "published", "by"), [
    ('<meta property="og:published_time" content="2024-02-28T09:00:00+03:00">', "2024-02-28T09:00:00+03:00", "meta"),
    ('<meta itemprop="datePublished" content="2024-02-28">', "2024-02-28", "meta"),
    (f'{LD}[{{"@type":"Article","datePublished":"2024-02-28T09:00:00"}}]</script><meta name="date" content="{UTC_9}">',
     "2024-02-28T09:00:00+03:00", "meta"),
    (f'{LD}{{"@type":"NewsArticle","datePublished":"2024-02-28T09:00:00Z",}}</script>',
     "2024-02-28T09:00:00+00:00", "json-ld"),
    (f'{LD}{{broken</script><meta name="pubdate" content="Wed, 28 Feb 2024 09:00:00 GMT">',
     "2024-02-28T09:00:00+00:00", "meta"),
])
def test_the_declared_instant_is_kept_with_its_zone(head: str, published: str, by: str) -> None:
    article = read(f"<html><head>{head}</head><body><article><h1>Families leave camp</h1>{TEXT}</article></body>")
    assert (article.published, rung(article, "published")) == (published, by)


def test_a_date_of_another_article_is_not_taken() -> None:
    teaser = '<aside><article><time datetime="2023-01-01T00:00:00Z">then</time></article></aside>'
    data = ('<script type="application/ld+json">{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle",'
            '"headline":"Another story","datePublished":"2022-01-01"}]}</script>')
    article = read(f"<html><head>{data}</head><body><h1>Families leave camp</h1>{TEXT}{teaser}</body></html>",
                   url="https://harbour.example/2024/02/28/families")
    assert (article.published, rung(article, "published")) == ("2024-02-28", "address")
    assert article.title == "Families leave camp"


def test_the_feed_dates_a_page_that_does_not() -> None:
    dated = entry(published=NOW, published_raw="Wed, 28 Feb 2024 09:00:00 +0300")
    article = read(f"<html><body><h1>Families leave camp</h1>{TEXT}</body></html>", entry=dated)
    assert (article.published, rung(article, "published")) == ("2024-02-28T09:00:00+03:00", "feed")


def test_a_guess_says_that_it_is_one() -> None:
    article = read(f"<html><body><h1>Families leave camp</h1><p class='date'>February 28, 2024</p>{TEXT}</body></html>")
    assert (article.published, rung(article, "published")) == ("2024-02-28", "guessed")


def test_the_day_of_the_address_places_a_time_declared_in_utc() -> None:
    head = '<meta property="article:published_time" content="2024-02-29T03:10:00Z">'
    html = f"<html><head>{head}</head><body><h1>Families leave camp</h1>{TEXT}</body></html>"
    published = read(html, url="https://harbour.example/2024/02/28/families").published or ""
    assert published.startswith("2024-02-28")
    assert datetime.fromisoformat(published) == datetime(2024, 2, 29, 3, 10, tzinfo=UTC)
    assert read(html, url="https://harbour.example/2019/02/28/families").published == "2019-02-28"


def test_the_canonical_address_stays_on_the_site() -> None:
    html = f'<html><head><link rel="canonical" href="{{}}"></head><body><h1>Families leave camp</h1>{TEXT}</body>'
    assert read(html.format("/news/1-families")).url == "https://harbour.example/news/1-families"
    assert read(html.format("https://www.harbour.example/n")).url == "https://www.harbour.example/n"
    assert read(html.format("https://elsewhere.example/n")).url == ADDRESS
    assert read(html.format("https://harbour.example/")).url == ADDRESS, "a front page is no article"
    assert read(html.format("http://[::1")).url == ADDRESS


def test_mirrors_are_one_article() -> None:
    source = Source(id="h", name="Harbour", mirrors=("127.0.0.1:8001", "127.0.0.1:8002"))
    html = f"<html><body><h1>Families leave camp</h1>{TEXT}</body></html>"
    one, two = (read(html, url=f"http://127.0.0.1:{port}/n/1", source=source) for port in (8001, 8002))
    assert one.url == two.url == "http://127.0.0.1:8001/n/1"
    assert two.addresses == ("http://127.0.0.1:8002/n/1",)
    assert (one.text, one.outlet, one.source_id) == (two.text, "Harbour", "h")


@pytest.mark.parametrize(("html", "content_type", "rule"), [
    ("", "text/html", "no-text"), ("<html></html>", "text/html", "no-text"), ("<" * 50_000, "text/html", "no-text"),
    ("<p>Too short to be news.</p>", "text/html", "no-text"),
    (f"<html><body>{'<div>' * 100_000}{TEXT}", "text/html", "too-deep"),
    ("%PDF-1.7 and so on", "text/html", "not-a-page"), (TEXT, "image/png", "not-a-page"),
    (bytes(range(256)) * 100, "text/html", "not-a-page"),
])
def test_what_holds_no_article_is_told_in_a_sentence(html: str | bytes, content_type: str, rule: str) -> None:
    with pytest.raises(UnreadableError, match=ADDRESS) as told:
        read(html, content_type=content_type)
    assert told.value.rule == rule


def test_a_flood_of_attributes_is_read_in_time() -> None:
    flood = " ".join(f"a{n}=1" for n in range(60_000))
    article = read(f"<html><body><div {flood}></div><h1>Families leave camp</h1>{TEXT}</body></html>")
    assert article.text.startswith("Twenty")


@pytest.mark.parametrize("line", [
    "An empty corridor in a courthouse, seen last spring. (AFP photo)", "Photo: A. Nyberg", "News / Middle East",
    "Families leave camp"])
def test_what_stands_above_the_article_is_not_in_it(line: str) -> None:
    article = read(f"<html><body><h1>Families leave camp</h1><div><p>{line}</p>{TEXT}{TEXT}</div></body></html>")
    assert article.text.startswith("Twenty families")


def test_prose_stays_whatever_its_class_says() -> None:
    long = TEXT.replace("<p>", "<p>As the paper reported on its page: ") * 3
    article = read(f'<html><body><main><h1>Families leave camp</h1><div class="entry read-more">{long}</div>'
                   f'<div class="related"><a href="/x">Nine others</a></div></main></body></html>')
    assert "As the paper reported" in article.text
    assert "Nine others" not in article.text


def test_an_entry_stands_in_for_a_page_that_can_not_be_had() -> None:
    source = Source(id="h", name="Harbour", languages=("fr",))
    promised = entry(summary="Vingt familles ont quitté le camp.", published=NOW,
                     published_raw="2024-03-01T13:00:00+01:00", url=ADDRESS + "?utm_source=rss", authors=("A. Petit",))
    article = article_from_entry(promised, source=source, why_partial="403", fetched_at=NOW)
    assert (article.title, article.text) == ("From the feed", "Vingt familles ont quitté le camp.")
    assert (article.url, article.addresses) == (ADDRESS, (ADDRESS + "?utm_source=rss",))
    assert (article.from_entry, article.why_partial, article.lang) == (True, "403", "fr")
    assert article.published == "2024-03-01T13:00:00+01:00"
    alone = article_from_entry(entry(), source=None, why_partial="timeout", fetched_at=NOW)
    assert (alone.title, alone.text) == (None, "From the feed"), "a title alone is the text, and is not said twice"
    with pytest.raises(UnreadableError, match="neither title nor summary"):
        article_from_entry(entry(title=None), source=None, why_partial="404", fetched_at=NOW)


def test_a_given_text_stays_as_it_is() -> None:
    text = "  Zwei\u00ad Kinder\0 kamen.\r\n\n\n Zwei Frauen\ud800 auch. "
    article = article_from_text(text, title="Rückkehr", published="2024-02-28 09:00", url="http://a.example/x/?utm_id=1")
    assert len(article.text) == len(text)
    assert article.text.index("Frauen") == text.index("Frauen")
    assert (article.published, article.lang, article.url) == ("2024-02-28", "de", "http://a.example/x")
    assert article_from_text("Text", published="2024-02").published == "2024-02"
    assert article_from_text("Text", published="some day").published is None
    assert article_from_text("Text", lang="ar", imported_id="7").lang == "ar"
    with pytest.raises(UnreadableError, match="ar001 is empty"):
        article_from_text(" \n", imported_id="ar001")


PIECES = st.lists(st.sampled_from([
    "<html lang=", "<head>", "<title>", "</title>", "<body>", "<article>", "<h1>Title here</h1>", TEXT, LD, "</script>",
    "<div class='related'>", "<div class='caption teaser'>", "</div>", '{"@type":"NewsArticle","author":[[{', "é", "\0",
    '"datePublished":9', "<table><tr><td>", "<meta property='og:title' content='", "<link rel=canonical href=//[",
    "<time datetime='0001-01-01'>", "<figure>", "<noscript>", "<svg><p>", "<template>", "<!--", "<select><option>",
    "<base href='http://['>"]), max_size=25).map("".join)


@settings(max_examples=100, deadline=None)
@given(PIECES.map(str.encode) | st.binary(max_size=300))
def test_nothing_but_unreadable_leaves_the_reading_of_a_page(body: bytes) -> None:
    article: Article | UnreadableError
    try:
        article = read(body)
    except UnreadableError as error:
        article = error
    if isinstance(article, UnreadableError):
        assert article.rule in {"no-text", "not-a-page", "too-deep"}
        assert ADDRESS in str(article)
    else:
        assert article.text.strip()
        assert "\0" not in article.text
        assert article.url
        assert article.text.encode("utf-8").decode("utf-8") == article.text


@pytest.mark.parametrize("label", json.loads((CASES / "declared_times.json").read_text("utf-8")),
                         ids=lambda label: str(label["page"]))
def test_a_declared_time_is_read_with_its_zone_to_the_minute(label: dict[str, Any]) -> None:
    """Thirty real pages' own declarations, labelled by hand: also those that contradict each other."""
    visible = [one for one in label["declares"] if one.startswith(("<time", "<abbr", "<span"))]
    head = [one for one in label["declares"] if one not in visible]
    body = f"<html><head>{''.join(head)}</head><body><article><h1>A headline</h1>{''.join(visible)}{TEXT}</article>"
    article = read_page(Page(url=label["url"], requested_url=label["url"], status=200, content_type="text/html",
                             body=body.encode(), fetched_at=datetime(2026, 11, 24, tzinfo=UTC)))
    apart = datetime.fromisoformat(article.published or "") - datetime.fromisoformat(label["published"])
    assert abs(apart.total_seconds()) <= 60, article.published
    assert dict(article.ladder)["published"] in ("json-ld", "meta", "time")
