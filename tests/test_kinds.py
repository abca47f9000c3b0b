"""Endpoints that lead further: indexes of sitemaps, ReliefWeb's pages, listings; over a real server."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from config import load_text
from extraction.feeds import read_feed
from records.errors import ConfigError, UnreadableError
from records.news import EndpointKind
from tests import worker
from tests.server import Answer, Asked, Server
from tests.worker import rows

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TITLE = "{} repatriates {} children of Islamic State members from a Syrian camp"
TEXT = ("{} has repatriated {} children of Islamic State members from the al-Hol camp in north-east Syria, its foreign "
        "ministry said on Monday.\nThe children were handed over by the Kurdish authorities and flown home, where "
        "doctors received them. Officials said that more would follow in the coming weeks.")


def article(server: Server, path: str, country: str, number: int) -> None:
    server.page(path, TITLE.format(country, number), TEXT.format(country, number))


def visit(db: Path, *, hour: int = 12, **plan: Any) -> dict[str, Any]:
    """One crawl of one endpoint, whether or not it is due; the visit that it came to."""
    ended = worker.crawl(db, [plan], every=True, now=f"2026-11-24T{hour}:00:00+00:00")
    assert ended.code == 0, ended.stderr
    return ended.of("visit")[0]


def news_sitemap(entries: dict[str, tuple[str, str]]) -> bytes:
    items = "".join(
        f"<url><loc>{link}</loc><news:news><news:publication><news:name>Daily</news:name><news:language>en"
        f"</news:language></news:publication><news:publication_date>{at}</news:publication_date><news:title>{title}"
        "</news:title></news:news></url>" for link, (title, at) in entries.items())
    return (f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{items}</urlset>').encode()


def index(*children: tuple[str, str]) -> bytes:
    items = "".join(f"<sitemap><loc>{link}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>"
                    for link, at in children)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</sitemapindex>'.encode()


def test_an_index_leads_to_its_newest_sitemaps_packed_or_not_and_a_missing_one_costs_nothing_else(
        server: Server, db: Path) -> None:
    article(server, "/a", "Russia", 33)
    article(server, "/b", "France", 17)
    first = news_sitemap({f"{server.url}/a": (TITLE.format("Russia", 33), "2026-11-24T09:00:00+03:00")})
    second = news_sitemap({f"{server.url}/b": (TITLE.format("France", 17), "2026-11-24T08:00:00Z")})
    server.answers |= {
        "/index.xml": Answer(index((f"{server.url}/news-1.xml.gz", "2026-11-24"),
                                   (f"{server.url}/gone.xml", "2026-11-23"),
                                   (f"{server.url}/news-2.xml", "2026-11-24"), (f"{server.url}/old.xml", "2019-07-15"),
                                   ("http://other.example/x.xml", "2026-11-24"))),
        "/news-1.xml.gz": Answer(gzip.compress(first), headers={"Content-Type": "application/x-gzip"}),
        "/news-2.xml": Answer(gzip.compress(second), headers={"Content-Encoding": "gzip"}),
        "/old.xml": Answer(second)}
    seen = visit(db, url=f"{server.url}/index.xml", kind="sitemap")
    assert (seen["outcome"], seen["new"]) == ("new", 2)
    assert "gone.xml answered 404" in seen["why"]
    assert server.hits["/old.xml"] == 0
    assert {row["url"] for row in rows(db, "select url from articles")} == {f"{server.url}/a", f"{server.url}/b"}
    assert rows(db, "select body_sha from endpoints")[0]["body_sha"] == "unsure"  # a part is missing


def test_an_index_without_dates_is_asked_for_whole_each_time_for_its_sitemaps_may_have_changed(
        server: Server, db: Path) -> None:
    article(server, "/a", "Russia", 33)
    article(server, "/b", "France", 17)
    one = {f"{server.url}/a": (TITLE.format("Russia", 33), "2026-11-24T09:00:00Z")}
    server.answers |= {"/index.xml": Answer(index((f"{server.url}/news.xml", "")), etag='"same"'),
                       "/news.xml": Answer(news_sitemap(one))}
    assert visit(db, url=f"{server.url}/index.xml", kind="sitemap")["new"] == 1
    server.answers["/news.xml"] = Answer(news_sitemap(
        one | {f"{server.url}/b": (TITLE.format("France", 17), "2026-11-24T10:00:00Z")}))
    assert visit(db, url=f"{server.url}/index.xml", kind="sitemap", hour=14)["new"] == 1


def test_an_index_whose_sitemaps_all_fail_says_so(server: Server, db: Path) -> None:
    server.answers["/index.xml"] = Answer(index((f"{server.url}/gone.xml", "2026-11-24"),
                                                (f"{server.url}/index.xml", "2026-11-24")))
    seen = visit(db, url=f"{server.url}/index.xml", kind="sitemap")
    assert seen["outcome"] == "not_a_feed"
    assert "gone.xml answered 404" in seen["why"]


def test_an_index_of_indexes_ends(server: Server, db: Path) -> None:
    def deeper(asked: Asked) -> Answer:
        number = int(asked.path.strip("/").partition(".")[0])
        return Answer(index((f"{server.url}/{number + 1}.xml", "2026-11-24"), (f"{server.url}/{number + 2}.xml", "")))

    server.answers |= {f"/{n}.xml": deeper for n in range(40)}
    visit(db, url=f"{server.url}/0.xml", kind="sitemap")
    assert 1 < len([asked for asked in server.asked if asked.path.endswith(".xml")]) < 10


def reports(server: Server, numbers: range) -> bytes:
    """A page of ReliefWeb's answer, with its `next` link that lacks the appname."""
    return json.dumps({
        "time": 11, "href": server.url, "took": 4, "totalCount": 4, "count": len(numbers),
        "links": {"self": {"href": server.url}, "next": {"href": f"{server.url}/v2/reports?offset=2&limit=2"}},
        "data": [{"id": str(n), "score": 1, "href": f"{server.url}/v2/reports/{n}", "fields": {
            "title": TITLE.format("Norway", n), "url_alias": f"{server.url}/report/{n}",
            "date": {"original": "2026-11-24T00:00:00+00:00", "created": "2026-11-24T09:15:00+00:00"},
            "source": [{"shortname": "UNICEF"}], "language": [{"code": "en"}]}} for n in numbers]}).encode()


def test_reliefweb_is_read_page_by_page_under_the_approved_name(server: Server, db: Path) -> None:
    def api(asked: Asked) -> Answer:
        query = parse_qs(urlsplit(asked.path).query)
        if query.get("appname") != ["desk"]:
            return Answer(b'{"status": 403, "error": {"message": "You are not using an approved appname"}}', status=403)
        return Answer(reports(server, range(11, 13) if "offset" not in query else range(13, 15)))

    server.answers["/v2/reports"] = api
    for n in range(11, 15):
        article(server, f"/report/{n}", "Norway", n)
    config = load_text(
        'catalogue = []\n[services]\nreliefweb_appname = "desk"\n[crawl]\nallow_networks = ["127.0.0.0/8"]\n'
        f'[[source]]\nid = "rw"\nname = "ReliefWeb"\n[[source.endpoint]]\nkind = "reliefweb"\npages = 3\n'
        f'url = "{server.url}/v2/reports?appname={{appname}}&limit=2&query[value]={{query}}"\n'
        "query = ['\"al-Hol\" OR Roj']", {})
    (plan,) = config.endpoints
    seen = visit(db, url=plan.url, kind="reliefweb", pages=plan.pages)
    assert (seen["outcome"], seen["new"]) == ("new", 4), seen
    asked = [parse_qs(urlsplit(one.path).query) for one in server.asked if one.path.startswith("/v2/reports")]
    assert [one.get("offset") for one in asked] == [None, ["2"]]
    assert {one["query[value]"][0] for one in asked} == {'"al-Hol" OR Roj'}


def test_an_api_that_refuses_is_an_outcome(server: Server, db: Path) -> None:
    server.answers |= {
        "/refused": Answer(b'{"error": {"message": "not an approved appname"}}', status=403),
        "/unknown": Answer(b"who is there?", status=401), "/v1": Answer(b"gone", status=410),
        "/changed": Answer(b'{"data": [{"id": "1", "attributes": {"name": "x"}}], "totalCount": 1}'),
        "/tired": Answer(b"slow down", status=429, headers={"Retry-After": "60"})}
    ended = worker.crawl(db, [{"url": server.url + path, "kind": "reliefweb"} for path in server.answers])
    told = {urlsplit(seen["url"]).path: (seen["outcome"], seen["why"]) for seen in ended.of("visit")}
    assert {path: outcome for path, (outcome, _) in told.items()} == {
        "/refused": "http_error", "/unknown": "http_error", "/v1": "gone", "/changed": "not_a_feed",
        "/tired": "throttled"}
    assert "ask for fields" in told["/changed"][1]
    assert server.hits["/tired"] == 1


@pytest.mark.parametrize(("body", "why"), [
    ('{"status": 400, "error": {"message": "Invalid query field"}}', "Invalid query field"),
    ("<html>maintenance</html>", "JSON"), ("[]", "not ReliefWeb's answer"), ('{"data": {}}', "not ReliefWeb's answer")])
def test_another_shape_is_told_in_the_apis_own_words(body: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        read_feed(body.encode(), url="https://rw.example/v2/reports", content_type=None, kind=EndpointKind.RELIEFWEB,
                  now=NOW)


def test_wordpress_posts_are_a_feed() -> None:
    posts = [{"id": 7, "date": "2026-11-24T12:00:00", "date_gmt": "2026-11-24T09:00:00", "link": "https://w.example/p/7",
              "guid": {"rendered": "https://w.example/?p=7"}, "title": {"rendered": "33 children &#8211; home"},
              "excerpt": {"rendered": "<p>They landed.</p>"}}]
    (entry,) = read_feed(json.dumps(posts).encode(), url="https://w.example/wp-json/wp/v2/posts", content_type=None,
                         kind=EndpointKind.FEED, now=NOW).entries
    assert (entry.url, entry.title) == ("https://w.example/p/7", "33 children \u2013 home")
    assert entry.summary == "They landed."
    assert entry.published == datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_a_template_makes_one_endpoint_of_each_query_of_its_language() -> None:
    def urls(more: str, queries: str = "") -> list[str]:
        text = f'{queries}\n[[source]]\nid = "uk"\nname = "UK"\nlanguages = ["en"]\n[[source.endpoint]]\n{more}'
        return [plan.url for plan in load_text(text, {}).endpoints]

    template = 'url = "https://www.gov.uk/search/news.atom?keywords={query}"'
    assert urls(template + '\nquery = ["Daesh", "repatriation Syria"]') == [
        "https://www.gov.uk/search/news.atom?keywords=Daesh",
        "https://www.gov.uk/search/news.atom?keywords=repatriation%20Syria"]
    assert len(urls(template)) >= 5
    assert len(urls(template, '[queries]\nen = ["al-Hol"]')) == 1
    with pytest.raises(ConfigError, match="no query"):
        urls(template + '\nlanguage = "mt"')
    with pytest.raises(ConfigError, match="reliefweb_appname"):
        urls('url = "https://api.reliefweb.int/v2/reports?appname={appname}"')


def test_a_listing_is_read_on_while_it_shows_something_unknown(server: Server, db: Path) -> None:
    def page(asked: Asked) -> Answer:
        number = int(parse_qs(urlsplit(asked.path).query).get("page", ["1"])[0])
        links = "".join(f"<div class=card><a href='/story/{n}'>{TITLE.format('Norway', n)}</a></div>"
                        for n in range(10 * number, 10 * number + 3))
        return Answer(f"<html><body><nav><a href='/story/99999'>About the camps and us</a></nav>{links}"
                      f"<a href='/news?page={number + 1}' rel=next>Older</a></body></html>".encode(),
                      headers={"Content-Type": "text/html; charset=utf-8"})

    server.answers["/news"] = page
    plan: dict[str, Any] = {"url": f"{server.url}/news", "kind": "listing", "link_pattern": r"/story/\d{2,3}$",
                            "pages": 3}
    assert visit(db, **plan)["entries"] == 9
    server.forget()
    visit(db, hour=14, **plan)
    assert [asked.path for asked in server.asked if asked.path.startswith("/news")] == ["/news"]
