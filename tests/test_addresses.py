"""One address for one article, and days only where they stand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.addresses import absolute, canonical, date_in_address, host_of, is_http

MIRRORS = ("www.presstv.com", "presstv.ir", "127.0.0.1:8101", "127.0.0.1:8102", "mirror.example")
PIECE = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["amp", "print", "utm_source=x", "2019", "index.html", "..", ";jsessionid=1", "%41", "%zz", "m", "a=1&b=2"])
HOST = st.sampled_from(["a.example", "M.A.Example", "www.presstv.ir", "fr.presstv.ir", "amp.a.co.uk", "127.0.0.1",
                        "[::1]", "пример.рф", "en.m.a.example", "mirror.example", "xn--e1afmkfd.example", "a_b.example",
                        "m.a.example."])
ADDRESS = st.builds(
    lambda scheme, host, port, path, query, end: f"{scheme}://{host}{port}/{'/'.join(path)}?{'&'.join(query)}{end}",
    st.sampled_from(["http", "https", "HTTP"]), HOST, st.sampled_from(["", ":80", ":443", ":8101", ":8102"]),
    st.lists(PIECE, max_size=4), st.lists(PIECE, max_size=3), st.sampled_from(["", "/", "#x", "/amp/", "/print"]))


@pytest.mark.parametrize(("given_", "wanted"), [
    ("https://a.example/x?utm_source=rss&id=7&fbclid=1#part", "https://a.example/x?id=7"),
    ("HTTP://A.Example:80", "http://a.example/"),
    ("https://a.example:8443/x/", "https://a.example:8443/x"),
    ("http://127.0.0.1:8080/n/1", "http://127.0.0.1:8080/n/1"),
    ("https://m.a.example/x", "https://www.a.example/x"),
    ("https://amp.news.a.example/x", "https://news.a.example/x"),
    ("https://en.m.a.example/x", "https://en.a.example/x"),
    ("https://a.example/x/amp/", "https://a.example/x"),
    ("https://a.example/x.amp.html", "https://a.example/x.html"),
    ("https://a.example/x?outputType=amp", "https://a.example/x"),
    ("https://a.example/x/print?print=1", "https://a.example/x"),
    ("https://www.google.com/amp/s/www.a.example/x/amp", "https://www.a.example/x"),
    ("https://a-example.cdn.ampproject.org/c/s/a.example/x", "https://a.example/x"),
    ("https://user:secret@a.example/x", "https://a.example/x"),
    ("https://пример.рф/дом?q=да", "https://xn--e1afmkfd.xn--p1ai/%D0%B4%D0%BE%D0%BC?q=%D0%B4%D0%B0"),
    ("https://a.example/%d8%b1/%41%zz", "https://a.example/%D8%B1/A%25zz"),
    ("https://a.example/amp", "https://a.example/"),
    ("mailto:x@a.example", "mailto:x@a.example"),
    ("not an address", "notanaddress"),
])
def test_what_was_added_on_the_way_is_taken_off(given_: str, wanted: str) -> None:
    assert canonical(given_) == wanted


@pytest.mark.parametrize(("given_", "wanted"), [
    ("https://presstv.ir/Detail/1", "https://www.presstv.com/Detail/1"),
    ("https://www.presstv.ir/Detail/1", "https://www.presstv.com/Detail/1"),
    ("https://presstv.com/Detail/1", "https://www.presstv.com/Detail/1"),
    ("https://french.presstv.ir/Detail/1", "https://french.presstv.com/Detail/1"),
    ("http://mirror.example:8080/x", "http://www.presstv.com:8080/x"),
    ("http://127.0.0.1:8102/x", "http://www.presstv.com/x"),
    ("http://127.0.0.1:8103/x", "http://127.0.0.1:8103/x"),
    ("https://notpresstv.ir/x", "https://notpresstv.ir/x"),
])
def test_a_mirror_gives_the_first_one(given_: str, wanted: str) -> None:
    assert canonical(given_, MIRRORS) == wanted


def test_the_first_mirror_may_have_a_port() -> None:
    assert canonical("http://127.0.0.1:8102/x", ["127.0.0.1:8101", "127.0.0.1:8102"]) == "http://127.0.0.1:8101/x"


@given(ADDRESS, st.sampled_from([(), MIRRORS, ("127.0.0.1:8101", "a.example"), ("a.example:8102", "www.presstv.ir")]))
def test_canonical_is_its_own_canonical(url: str, mirrors: tuple[str, ...]) -> None:
    once = canonical(url, mirrors)
    assert canonical(once, mirrors) == once


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_has_a_canonical_form(url: str) -> None:
    once = canonical(url)
    assert canonical(once) == once
    host_of(url)
    date_in_address(url)
    assert (absolute(url, "https://a.example/b") or "https://ok").startswith("http")


@given(ADDRESS)
def test_ports_other_than_default_are_kept(url: str) -> None:
    if is_http(url) and ":8102/" in url.split("//")[1][:40]:
        assert ":8102" in canonical(url)


@pytest.mark.parametrize(("link", "wanted"), [
    ("/b", "https://a.example/b"), ("//c.example/d", "https://c.example/d"),
    (" https://a.example/x\n y ", "https://a.example/x%20y"),
    ("javascript:alert(1)", None), ("data:text/html,x", None), ("file:///etc/hosts", None), ("http://[::1", None),
    ("http:///x", None), ("https://a.example/" + "x" * 2100, None), ("mailto:a@b.example", None),
])
def test_links_are_absolute_web_addresses_or_none(link: str, wanted: str | None) -> None:
    assert absolute(link, "https://a.example/") == wanted


@pytest.mark.parametrize(("path", "day"), [
    ("/Detail/2019/07/15/601038/children", date(2019, 7, 15)), ("/2019/7/5/x", date(2019, 7, 5)),
    ("/2019/jul/15/x", date(2019, 7, 15)), ("/news/2019-07-15-flight", date(2019, 7, 15)),
    ("/a/20190715/x", date(2019, 7, 15)), ("/t20190715_1.html", date(2019, 7, 15)),
    ("/2019_07_15/x", date(2019, 7, 15)), ("/x/2019.07.15", date(2019, 7, 15)),
    ("/2019/07/x", None), ("/2019/13/15/x", None), ("/2019/02/30/x", None), ("/15-07-2019/x", None), ("/id/120190715", None),
    ("/web/20130307194448/x", None), ("/2019-07-15-to-2019-07-18", None), ("/1899/07/15/x", None), ("/x?d=2019-07-15", None),
    ("/report-2019-07-15-33", None), ("/isbn/1-2019-07-15", None),
])
def test_a_day_in_the_address_is_never_a_guess(path: str, day: date | None) -> None:
    assert date_in_address("https://a.example" + path) == day
