"""GDELT's files: the last quarter of an hour, missed ones, and files that are not what they say; over a real server."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extraction.feeds import read_feed
from records.errors import UnreadableError
from records.news import EndpointKind, HowToRead
from tests.server import Answer, Server
from tests.test_kinds import NOW, TITLE, article, visit
from tests.worker import rows


def gkg(url: str, title: str, *, place: str = "1#Syria#SY#SY#35#38#SY", themes: str = "REFUGEES;TERROR",
        language: str = "") -> str:
    row = [""] * 27
    row[0], row[1], row[2], row[3], row[4] = "20261124120000-1", "20261124120000", "1", "daily.example", url
    row[7], row[9], row[25] = themes, place, language
    row[26] = f"<PAGE_PRECISEPUBTIMESTAMP>20261124093000</PAGE_PRECISEPUBTIMESTAMP><PAGE_TITLE>{title}</PAGE_TITLE>"
    return "\t".join(row)


def event(url: str, code: str, country: str = "SY") -> str:
    row = [""] * 61
    row[0], row[26], row[53], row[60] = "1", code, country, url
    return "\t".join(row)


def packed(name: str, *lines: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "\n".join(lines) + "\n")
    return file.getvalue()


def listed(*files: tuple[str, bytes]) -> bytes:
    """lastupdate.txt, which names the first host wherever it is had from."""
    return "".join(f"{len(body)} {hashlib.md5(body, usedforsecurity=False).hexdigest()} "
                   f"http://data.gdeltproject.org/gdeltv2/{name}\n" for name, body in files).encode()


def test_gdelts_last_quarter_gives_what_it_codes_as_a_return_and_what_our_words_say(server: Server, db: Path) -> None:
    for path, country, number in (("/coded", "Russia", 33), ("/themed", "France", 17)):
        article(server, path, country, number)
    events = packed("e", event(f"{server.url}/coded", "0841"), event(f"{server.url}/property", "0842"),
                    event(f"{server.url}/elsewhere", "0841", "US"), "broken\trow")
    graph = packed("g", gkg(f"{server.url}/themed", TITLE.format("France", 17).replace("'", "&#39;")),
                   gkg(f"{server.url}/weather", "Rain over Damascus"),
                   gkg(f"{server.url}/far", "x", place="1#Peru#PE###"))
    server.answers |= {
        "/v2/lastupdate.txt": Answer(listed(
            ("20261124120000.export.CSV.zip", events), ("20261124120000.mentions.CSV.zip", b""),
            ("20261124120000.gkg.csv.zip", graph))),
        "/v2/20261124120000.export.CSV.zip": Answer(events), "/v2/20261124120000.gkg.csv.zip": Answer(graph)}
    seen = visit(db, url=f"{server.url}/v2/lastupdate.txt", kind="gdelt")
    assert seen["outcome"] == "new", seen
    filed = {row["url"].removeprefix(server.url) for row in rows(db, "select url from articles")}
    assert filed == {"/coded", "/themed"}
    assert [row["rule"] for row in rows(db, "select rule from drops where url like '%/weather'")] == ["off-topic"]
    assert not server.hits["/far"] + server.hits["/property"] + server.hits["/elsewhere"]


def test_quarters_that_were_missed_are_made_up_for_and_a_file_that_was_tampered_with_is_not_read(
        server: Server, db: Path) -> None:
    empty = packed("g", gkg("http://far.example/", "x", place="1#Peru#PE###"))
    server.answers |= {
        "/lastupdate.txt": Answer(listed(("20261124120000.gkg.csv.zip", empty))),
        "/20261124120000.gkg.csv.zip": Answer(packed("g", gkg(f"{server.url}/a", TITLE.format("Russia", 33))))}
    seen = visit(db, url=f"{server.url}/lastupdate.txt", kind="gdelt")
    assert seen["outcome"] == "not_a_feed"
    assert "MD5" in seen["why"]
    parts = read_feed(listed(("20261124120000.translation.gkg.csv.zip", empty)), url=f"{server.url}/x/lastupdate.txt",
                      content_type=None, kind=EndpointKind.GDELT, now=NOW,
                      how=HowToRead(since=datetime(2026, 11, 24, 11, 20, tzinfo=UTC))).follow
    assert [part.url.rpartition("/")[2][8:12] for part in parts] == ["1200", "1145", "1130"]
    assert parts[0].url.startswith(f"{server.url}/x/")


def test_a_broken_zip_is_told_and_a_line_without_end_is_no_row() -> None:
    name = "http://g.example/20261124120000.gkg.csv.zip"
    with pytest.raises(UnreadableError, match="can't be unpacked"):
        read_feed(b"PK\x03\x04 and no more", url=name, content_type=None, kind=EndpointKind.GDELT, now=NOW)
    endless = packed("g", "\t" * 26, "x" * 3_000_000)
    assert read_feed(endless, url=name, content_type=None, kind=EndpointKind.GDELT, now=NOW).entries == ()


def test_a_zip_bomb_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extraction.gdelt.UNPACKED", 1_000_000)
    bomb = packed("g", gkg("http://a.example/1", TITLE.format("Russia", 33)), *["\t" * 1_000] * 20_000)
    assert len(bomb) < 100_000
    feed = read_feed(bomb, url="http://g.example/1.gkg.csv.zip", content_type=None, kind=EndpointKind.GDELT, now=NOW)
    assert len(feed.entries) == 1
    assert "unpacks to more than" in (feed.broken or "")
