"""Pages that stand in an article's place, and pages that only look like them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from extraction import walls
from extraction.pages import read_page
from records.errors import UnreadableError
from records.news import Article, Entry, Page

NOW = datetime(2023, 5, 4, 12, tzinfo=UTC)
URL = "https://hill.example/world/convoy"
SENTENCE = "The {} convoy left the camp in the morning, with families who had waited for years, an official said. "
TEASER = f"<p>{SENTENCE.format('first') * 3}</p><p>{SENTENCE.format('second') * 3}</p>"
WHOLE = TEASER * 5
LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"A","isAccessibleForFree":%s}</script>'
ENTRY = Entry(key="k", url=URL, title="A convoy leaves the camp", summary="Families left the camp, an official said.")
CLOUDFLARE = ('<title>Just a moment...</title><h1>hill.example</h1><p>Verifying you are human. This may take a few '
              'seconds.</p><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>')


def read(body: str, *, head: str = "", entry: Entry | None = ENTRY, came_from: str = URL, url: str = URL) -> Article:
    html = f"<html><head><title>A convoy</title>{head}</head><body><article>{body}</article></body></html>"
    return read_page(Page(url=url, requested_url=came_from, status=200, content_type="text/html; charset=utf-8",
                          body=html.encode(), fetched_at=NOW), entry=entry)


def rule(body: str, *, head: str = "", came_from: str = URL, url: str = URL) -> str:
    with pytest.raises(UnreadableError) as refused:
        read(body, head=head, came_from=came_from, url=url)
    assert "hill.example" in str(refused.value)
    return refused.value.rule


@pytest.mark.parametrize("head", [
    LD % "false", LD % '"False"', LD % '["http://schema.org/False"]',
    '<meta property="article:content_tier" content="locked">', '<meta name="access" content="Paid">'])
def test_a_teaser_of_a_paid_article_is_a_paywall_and_the_whole_of_it_is_an_article(head: str) -> None:
    assert rule(TEASER, head=head) == "paywall"
    assert len(read(WHOLE, head=head).text) > 2000


@pytest.mark.parametrize("box", ['<div class="c-paywall__offer">Subscribe</div>', "<div data-paywall></div>",
                                 '<section id="regwall" class="regwall-box">Register</section>'])
def test_a_teaser_above_a_barrier_is_a_paywall_and_an_article_above_one_is_an_article(box: str) -> None:
    assert rule(TEASER + box) == "paywall"
    assert len(read(WHOLE + box).text) > 2000


@pytest.mark.parametrize("head", [LD % "true", LD % '"True"', LD % "null", '<meta name="access" content="free">', ""])
def test_a_short_article_that_is_free_is_an_article(head: str) -> None:
    invitation = '<div class="subscribe-box">Subscribe to our newsletter</div><h3 class="subscriber-only-tag">Plus</h3>'
    assert read(TEASER + invitation, head=head).text.startswith("The first convoy")


def test_a_teaser_is_read_where_the_feed_says_less() -> None:
    for entry in (None, replace(ENTRY, summary=None)):
        assert read(TEASER, head=LD % "false", entry=entry).text.startswith("The first convoy")


def test_a_check_for_robots_is_no_article_and_its_machinery_in_an_ordinary_page_is_none() -> None:
    page = Page(url=URL, requested_url=URL, status=200, content_type="text/html", body=CLOUDFLARE.encode(),
                fetched_at=NOW)
    with pytest.raises(UnreadableError) as refused:
        read_page(page, entry=ENTRY)
    assert refused.value.rule == "challenge"
    script = '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
    assert read(TEASER + script).text.startswith("The first convoy")
    captcha = '<script src="https://geo.captcha-delivery.com/captcha/"></script>'
    assert rule(f"<p>Wait</p>{captcha}") == "challenge"
    assert rule("<p>Wait</p>") == "no-text"


@pytest.mark.parametrize(("url", "consent"), [
    ("https://consent.google.com/ml?continue=https://news.google.com/", True),
    ("https://guce.advertising.com/collectIdentifiers?sessionId=1", True),
    ("https://consent.yahoo.com/v2/collectConsent?sessionId=3", True),
    ("https://www.site.example/consent?return=/a", True),
    ("https://site.example/cookiewall?target=x", True), ("https://site.example/consent-decree-signed", False),
    ("https://site.example/news/consent", False), ("https://content.site.example/", False)])
def test_where_consent_is_asked_for(url: str, consent: bool) -> None:
    assert walls.is_consent_address(url) is consent


def test_who_is_led_to_a_question_of_consent_has_no_article() -> None:
    assert rule(WHOLE, came_from=URL, url="https://consent.hill.example/v2/collectConsent?x=1") == "consent"
    assert read(WHOLE, came_from="https://consent.hill.example/x", url="https://consent.hill.example/x").text
