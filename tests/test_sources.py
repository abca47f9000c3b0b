"""homeward sources: found, added without a scratch to the config, listed, paused, imported, exported."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.adding import NewSource, add_sources, source_table
from config.loading import load_text
from extraction.discovery import declared, identifier, site_name, sitemaps
from extraction.opml import read_opml
from records.errors import ConfigError, UnreadableError
from records.news import EndpointKind
from tests.command import CONFIG, Done, Verb, open_paper, sentence
from tests.server import Answer, Server, serving

DATE = "Mon, 15 Jul 2019 09:00:00 GMT"
NEWS_MAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{url}/s1</loc><news:news>
 <news:publication><news:name>N</news:name><news:language>en</news:language></news:publication>
 <news:publication_date>2019-07-15T09:00:00Z</news:publication_date><news:title>A title</news:title></news:news></url>
</urlset>"""


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        open_paper(running)
        yield running


@pytest.fixture
def config(server: Server, tmp_path: Path) -> Path:
    path = tmp_path / "homeward.toml"
    path.write_text("# my own words\n" + CONFIG.format(url=server.url).replace(
        'name = "The Paper"', 'name = "The Paper"  # a comment of mine'), "utf-8")
    return path


def html(body: str) -> Answer:
    return Answer(body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def open_site(server: Server) -> None:
    """A site that declares two feeds, and names a news sitemap in its robots.txt."""
    server.answers["/site"] = html(
        '<html><head><title>Site</title><link rel="alternate" type="application/rss+xml" href="/site/rss">'
        '<link rel="alternate" type="application/feed+json" href="/site/feed.json">'
        '<link rel="alternate" type="application/rss+xml" href="/site/comments/feed">'
        '<link rel="alternate" hreflang="ar" href="/ar"></head><body><a href="/gone/rss">RSS</a></body></html>')
    server.feed("/site/rss", {"/1": "One", "/2": "Two"}, date=DATE)
    server.feed("/site/comments/feed", {"/c1": "Re: One"}, date=DATE)
    server.answers["/site/feed.json"] = Answer(json.dumps({
        "version": "https://jsonfeed.org/version/1.1", "title": "The Site – RSS", "language": "fr",
        "items": [{"id": str(n), "url": f"{server.url}/j{n}", "title": f"Item {n}"} for n in range(4)]}).encode())
    server.answers["/robots.txt"] = Answer(f"User-agent: *\nSitemap: {server.url}/map.xml\n"
                                           f"Sitemap: {server.url}/news-map.xml\n".encode())
    server.answers["/map.xml"] = Answer(f"<urlset><url><loc>{server.url}/x</loc></url></urlset>".encode())
    server.answers["/news-map.xml"] = Answer(NEWS_MAP.format(url=server.url).encode())


def test_a_sites_feeds_are_found_and_the_chosen_one_is_added_without_a_scratch(
        verb: Verb, server: Server, config: Path) -> None:
    open_site(server)
    before = config.read_text("utf-8")
    added = verb("sources", "add", f"{server.url}/site", "--pick", "2", "--pick", "3", "--id", "site")
    assert added.code == 0, added.err
    assert [line.split()[-1].partition("/")[2] for line in added.out.splitlines()[1:5]] == [
        "site/rss", "site/feed.json", "news-map.xml", "site/comments/feed"], "comments come last"
    assert re.search(r"1  A feed +2  2019-07-15  feed ", added.out)
    assert re.search(r"2  The Site.* 4  undated +feed ", added.out)
    assert re.search(r"3  A title +1  2019-07-15  sitemap ", added.out)
    assert server.hits["/gone/rss"] == 1, "what the page links to is tried as well"
    after = config.read_text("utf-8")
    assert after.startswith(before)
    loaded = load_text(after, {}, config)
    assert loaded.sources_by_id["site"].name == "The Site"
    assert loaded.sources_by_id["site"].languages == ("fr", "en")
    assert [(plan.url.removeprefix(server.url), plan.kind) for plan in loaded.endpoints[2:]] == [
        ("/site/feed.json", EndpointKind.FEED), ("/news-map.xml", EndpointKind.SITEMAP)]
    assert not list(config.parent.glob(".homeward*"))


def test_an_address_that_is_a_feed_is_taken_itself_and_one_that_is_watched_is_not_added_again(
        verb: Verb, server: Server, config: Path) -> None:
    server.feed("/other", {"/1": "One"}, date=DATE)
    added = verb("sources", "add", f"{server.url}/other", "--pick", "1", "--name", 'A "name"')
    assert added.code == 0, added.err
    assert server.hits["/other"] == 1
    assert 'name = "A \\"name\\""' in config.read_text("utf-8")
    again = verb("sources", "add", f"{server.url}/other", "--pick", "1")
    assert again.code == 2
    assert "is watched already" in again.err


def test_nothing_found_says_what_was_tried(verb: Verb, server: Server, config: Path) -> None:
    server.answers = {"/bare": html("<p>Nothing here</p>")}
    done = verb("sources", "add", f"{server.url}/bare")
    assert done.code == 1
    assert "no feed was found" in done.err
    assert {"/feed", "/rss.xml", "/feed.json"} <= server.hits.keys()
    assert config.exists()


def test_the_list_and_the_health_fit_a_terminal_of_80_columns(
        ledger: Verb, monkeypatch: pytest.MonkeyPatch) -> None:
    verb = ledger
    for width in (80, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        listed = verb("sources", "list", "--now", "2019-07-15T13:00:00")
        assert listed.code == 0
        assert "The Paper" in listed.out
        assert "never answered" in listed.out, "one of its addresses is dead"
        health = verb("sources", "health", "--now", "2019-07-15T13:00:00")
        assert health.code == 1, "one of its addresses has never answered"
        assert "has given no entry since it is watched" in health.out.replace("\n  ", " ").replace("    ", " ")
        assert all(len(line) <= width for line in (listed.out + health.out).splitlines())
    found = json.loads(verb("sources", "health", "--json", "--now", "2019-07-15T13:00:00").out)
    assert [(one["condition"], one["history"]) for one in found[0]["endpoints"]] == [
        ("well", "+"), ("never answered", "x")]
    assert json.loads(verb("sources", "list", "--json").out)[0]["condition"] == "never answered"


def test_a_paused_source_rests_whatever_is_restarted_and_is_said_to(
        verb: Verb, crawled: tuple[Path, Server, Done], tmp_path: Path) -> None:
    shutil.copytree(crawled[0], tmp_path, dirs_exist_ok=True)
    url = crawled[1].url
    assert verb("sources", "pause", f"{url}/dead").code == 0
    status = verb("status")
    assert "Paused" in status.out
    assert "The Paper" in status.out
    assert "answered 404" not in status.out, "what rests does not fail"
    assert verb("sources", "pause", "paper").code == 0
    assert "rests already" in verb("sources", "pause", "paper").out
    assert "is paused" in sentence(verb("crawl", "--source", "paper"), 1)
    assert json.loads(verb("sources", "list", "--json").out)[0]["condition"] == "paused"
    assert json.loads(verb("status", "--json").out)["paused_sources"] == ["The Paper"]
    for what in ("paper", f"{url}/dead"):
        assert verb("sources", "resume", what).code == 0
    assert "Paused" not in verb("status").out
    assert "is not paused" in sentence(verb("sources", "resume", "paper"), 2)
    assert "neither a source nor an address" in sentence(verb("sources", "pause", "nobody"), 2)


def test_a_list_goes_out_and_comes_back_in(verb: Verb, server: Server, config: Path, tmp_path: Path) -> None:
    assert verb("sources", "export", "--opml", "-o", "out.opml").code == 0
    outlines, wrong = read_opml((tmp_path / "out.opml").read_bytes(), name="out.opml")
    assert [one.url for one in outlines] == [f"{server.url}/feed", f"{server.url}/dead"]
    assert wrong == 0
    (tmp_path / "in.opml").write_text(
        '<opml version="2.0"><body><outline text="A &amp; B"><outline type="rss" text="Feed &quot;one&quot;" '
        'xmlUrl="https://one.example/rss" htmlUrl="https://www.one.example/"/>'
        '<outline text="Two" xmlURL="https://ar.one.example/rss" language="ar-IQ"/></outline>'
        f'<outline xmlUrl="{server.url}/feed"/><outline xmlUrl="file:///etc/passwd"/></body></opml>', "utf-8")
    before = config.read_text("utf-8")
    dry = verb("sources", "import", "in.opml", "--dry-run")
    assert "3 feeds in in.opml, 1 watched already, 1 address that is none; would be added" in dry.out
    assert config.read_text("utf-8") == before
    assert verb("sources", "import", "in.opml").code == 0
    loaded = load_text(config.read_text("utf-8"), {}, config)
    assert [(one.id, one.name, one.languages) for one in loaded.sources[1:]] == [
        ("one", 'Feed "one"', ()), ("one-2", "Two", ("ar",))]
    assert config.read_text("utf-8").startswith(before)
    assert "3 watched already" in verb("sources", "import", "in.opml").out


def test_what_is_no_list_is_one_sentence(verb: Verb, config: Path, tmp_path: Path) -> None:
    del config
    (tmp_path / "x.opml").write_bytes(b"<html></html>")
    assert "x.opml is not OPML" in sentence(verb("sources", "import", "x.opml"), 1)
    for body in (b"", b"\x00\xff", b"{}", b"<rss/>"):
        with pytest.raises(UnreadableError, match="x is not OPML"):
            read_opml(body, name="x")


def test_a_list_full_of_entities_is_read_without_them() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY p SYSTEM "file:///etc/passwd">]>'
    outlines, _ = read_opml(f'{bomb}<opml><body><outline xmlUrl="https://a.example/" text="x">&p;&b;</outline></body>'
                            "</opml>".encode(), name="x")
    assert [one.title for one in outlines] == ["x"]


def test_whatever_a_title_holds_the_file_still_loads() -> None:
    for name in ('"', "\\", "x\x7fy", "]]", "# no", "'''", "سوريا", "\u2028"):
        table = source_table(NewSource(id="x", name=name, urls=[("https://a.example/?q=\"", EndpointKind.LISTING)]))
        loaded = load_text(f"# x\n{table}\n", {})
        assert loaded.sources[0].name == name
        assert loaded.endpoints[0].kind is EndpointKind.LISTING


def test_a_config_with_other_line_ends_keeps_them_and_one_that_would_not_load_is_not_written(config: Path) -> None:
    config.write_bytes(config.read_bytes().replace(b"\n", b"\r\n").rstrip())
    new = NewSource(id="new", name="New", urls=[("https://a.example/feed", EndpointKind.FEED)])
    add_sources(config, [new], {})
    assert load_text(config.read_text("utf-8"), {}).sources_by_id["new"].name == "New"
    before = config.read_bytes()
    with pytest.raises(ConfigError, match='"new" is there twice'):
        add_sources(config, [new], {})
    assert config.read_bytes() == before
    assert config.read_bytes().replace(b"\r\n", b"").count(b"\n") == 0


def test_what_a_page_and_a_robots_txt_name() -> None:
    page = (b'<base href="https://b.example/x/"><link rel="ALTERNATE stylesheet" type="application/atom+xml" href="a">'
            b'<link rel=alternate type="text/html" href="no"><link rel=alternate type="application/rss+xml" '
            b'href="javascript:1"><a href="/news/rss.xml">x</a><a href="/feedback">no</a><a href="?format=feed">y</a>')
    assert declared(page, "text/html", "https://a.example/") == (
        ["https://b.example/x/a"], ["https://b.example/news/rss.xml", "https://b.example/x/?format=feed"])
    assert declared(b"<div>" * 9000, None, "https://a.example/") == ([], [])
    assert sitemaps(b"sitemap: /all.xml\nSITEMAP: https://a.example/news.xml\n#Sitemap: /x", "https://a.example/robots.txt"
                    ) == ["https://a.example/news.xml", "https://a.example/all.xml"]
    assert identifier("https://www.thenational.example/x", ["thenational"]) == "thenational-2"
    assert identifier("http://127.0.0.1:8000/", []) == "127"
    assert site_name("News – RSS", "https://a.example/") == "News"
    assert site_name(None, "https://www.a.example/x") == "a.example"
