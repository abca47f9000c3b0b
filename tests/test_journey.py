"""Three days of news from a newsroom on loopback to the mailbox, with the real worker, the real store, real SMTP."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from homeward.children import worker_command
from homeward.demo import CRAWL_TO_TELL, EVENINGS, run
from homeward.newsroom import expected, outlets
from records.errors import ConfigError
from tests.journey import Journey, agrees, begun, claims, events_of, filed, known, readable

pytestmark = pytest.mark.timeout(150)  # a crawl takes 2 s here, and several times that on a machine that is busy
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """The three days, and one crawl more with nothing new."""
    with begun(tmp_path_factory.mktemp("journey")) as found:
        for day in range(1, len(EVENINGS) + 1):
            found.demo.day(day)
            found.told.append(len(found.demo.mailbox.mails))
        found.demo.again()
        found.told.append(len(found.demo.mailbox.mails))
        found.again = found.demo.room.hits()
        yield found


@pytest.mark.parametrize("name", known(readable()))
def test_a_story_is_read_as_a_careful_reader_would(journey: Journey, name: str) -> None:
    wanted, stored = readable()[name], claims(journey, name)
    main = [claim for claim in stored if claim["main"]]
    assert len(main) == ("main" in wanted)
    if main:
        assert agrees(main[0], wanted["main"]) == []
    background = [claim for claim in stored if not claim["main"]]
    assert len(background) == len(wanted.get("background", ()))
    for other in wanted.get("background", ()):
        assert [] in [agrees(claim, other) for claim in background]
    version = stored[0]["version_id"] if stored else journey.article(name)["version_id"]
    figures = journey.rows("select what, value, qualifier from figures where version_id = ? order by value", version)
    assert figures == sorted(wanted.get("figures", ()), key=lambda figure: figure["value"])
    officials = journey.rows("select name from officials where version_id = ?", version)
    assert {row["name"] for row in officials} == set(wanted.get("officials", ()))
    article = journey.article(name)
    assert bool(article["from_entry"]) == wanted.get("from_entry", False)
    assert bool(article["backfill"]) == wanted.get("backfill", False)


def test_every_quote_stands_where_it_says(journey: Journey) -> None:
    rows = journey.rows(
        "select c.quote, c.quote_start as a, c.quote_end as b, v.title, v.text from claims c"
        " join versions v on v.id = c.version_id"
        " union all select f.quote, f.quote_start, f.quote_end, v.title, v.text from figures f"
        " join versions v on v.id = f.version_id")
    assert len(rows) > 10
    for row in rows:
        text = f"{row['title']}\n\n{row['text']}" if row["title"] else row["text"]
        assert text[row["a"]:row["b"]] == row["quote"]


def test_each_event_is_one_event(journey: Journey) -> None:
    found = events_of(journey)
    assert {event: len(ids) for event, ids in found.items()} == dict.fromkeys(found, 1)
    stored = {row["id"] for row in journey.rows("select id from events where merged_into is null")}
    assert [event_id for ids in found.values() for event_id in ids] == list(dict.fromkeys(
        event_id for ids in found.values() for event_id in ids)), "two expected events in one"
    assert stored == {event_id for ids in found.values() for event_id in ids}


@pytest.mark.parametrize("event", known({story["event"] for story in readable().values() if "event" in story}))
def test_an_event_holds_the_numbers_expected(journey: Journey, event: str) -> None:
    (row,) = journey.rows("select * from events where id = ?", min(events_of(journey)[event]))
    row |= {"nationality": json.loads(row["nationality"]), "orphans": row["children"]}
    wanted = {key: value for key, value in expected()["event"][event].items() if key != "quiet"}
    assert {key: row[key] for key in wanted} == wanted


def test_a_wire_copy_and_a_mirror_count_once(journey: Journey) -> None:
    wire, copy = journey.article("tigris/flight"), journey.article("frontier/wire-copy")
    assert {wire["origin_id"] or wire["id"], copy["origin_id"] or copy["id"]} in ({wire["id"]}, {copy["id"]})
    (moscow,) = events_of(journey)["moscow"]
    voices = {name.split("/")[0] for name, story in readable().items() if story.get("event") == "moscow"} - {"frontier"}
    (row,) = journey.rows("select independent from events where id = ?", moscow)
    assert row["independent"] == len(voices)
    press = journey.demo.room["presstv"]
    path = next(story.path for story in press.outlet.stories if story.id == "601122")
    kept = journey.rows("select url from addresses where article_id = ?", journey.article("presstv/601122")["id"])
    assert press.url(path) in {row["url"] for row in kept}
    assert len(journey.rows("select id from articles where source_id = 'presstv'")) == 1


def test_what_is_off_topic_is_dropped_with_its_reason(journey: Journey) -> None:
    kept = journey.rows("select source_id, url from articles")
    filed = {(row["source_id"], urlsplit(row["url"]).path) for row in kept}
    dropped = {row["url"]: row["rule"] for row in journey.rows("select url, rule from drops")}
    for outlet in outlets():
        for story in outlet.stories:
            if f"{outlet.id}/{story.id}" not in expected()["story"]:
                assert (outlet.id, story.path) not in filed
                assert dropped[journey.demo.room[outlet.id].url(story.path)] == "off-topic"


def test_an_edited_page_is_a_second_version(journey: Journey) -> None:
    article = journey.article("levant/flight")
    texts = journey.rows("select text from versions where article_id = ? order by n", article["id"])
    assert ["32 children" in row["text"] for row in texts] == [True, False]
    assert article["title"] == "Moscow flight takes 33 children out of Baghdad"


def test_a_second_crawl_fetches_nothing_new(journey: Journey) -> None:
    for outlet in outlets():
        asked = {(path, status): times for (name, path, status), times in journey.again.items()
                 if name == outlet.id and path != "/robots.txt"}
        status = {"missing": 404, "html": 200, "refused": None}.get(outlet.feed, 304)
        assert asked == ({(outlet.feed_path, status): 1 + outlet.mirrors} if status else {}), outlet.id


def test_each_day_is_told_once(journey: Journey) -> None:
    assert journey.told == [1, 2, 3, 3]
    assert len(journey.demo.hook.payloads) == 3
    assert {row["state"] for row in journey.rows("select state from deliveries")} == {"sent"}
    subjects = [mail.message["Subject"] for mail in journey.demo.mailbox.mails]
    assert "33 children to be brought home to Russia" in subjects[0]
    assert "33 children home to Russia (was planned, number disputed)" in subjects[1]
    text = journey.demo.mailbox.mails[1].part("plain") or ""
    assert "disputed: 32" in text
    assert "27 children" not in text, "what is only recalled is no news"
    for mail, payload in zip(journey.demo.mailbox.mails, journey.demo.hook.payloads, strict=True):
        assert payload["text"] == mail.message["Subject"]
        page = mail.part("html") or ""
        assert len(page.encode()) < 102_000
        assert page.count("http://127.0.0.1") >= 2


def test_the_days_mails_about_one_event_are_a_thread(journey: Journey) -> None:
    first, second, _ = journey.demo.mailbox.mails
    assert first.message["In-Reply-To"] is None
    assert second.message["In-Reply-To"] == first.message["Message-ID"]
    assert second.message["References"].split() == [first.message["Message-ID"]]
    assert len({mail.message["Message-ID"] for mail in journey.demo.mailbox.mails}) == 3


def test_what_fails_is_told_as_failing(journey: Journey) -> None:
    texts = [mail.part("plain") or "" for mail in journey.demo.mailbox.mails]
    for text in texts:
        for name in ("Old Harbour Gazette", "Meridian Monitor", "Maple Observer"):
            assert name in text
    endpoints = journey.rows("select source_id, last_outcome from endpoints")
    outcomes = {row["source_id"]: row["last_outcome"] for row in endpoints}
    assert outcomes["gazette"] == "unreachable"
    assert outcomes["meridian"] == "http_error"
    assert outcomes["maple"] == "not_a_feed"


def test_a_worker_killed_in_the_middle_loses_nothing_and_repeats_nothing(journey: Journey, tmp_path: Path) -> None:
    """SIGKILL while pages are being fetched; the next run files the rest, each once, and it is told once."""
    path = next(story.path for outlet in outlets() for story in outlet.stories if story.id == "601122")
    with begun(tmp_path) as killed:
        demo = killed.demo
        demo.room.publish(2)
        command = worker_command(demo.config, every=True, now=EVENINGS[1])
        with demo.room.hold("presstv", path) as asked, subprocess.Popen(
                command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
            assert asked.wait(60)
            assert worker.stdout is not None
            for line in worker.stdout:  # something is filed, and that page is on its way
                if json.loads(line)["event"] == "article":
                    break
            worker.kill()
        before = len(killed.rows("select id from articles"))
        assert before > 0
        demo.crawl(EVENINGS[1] + timedelta(minutes=1), show_troubles=False)
        demo.tell(EVENINGS[1] + CRAWL_TO_TELL)
        assert len(killed.rows("select id from articles")) > before
        assert killed.rows("select id from entries where state = 'promised'") == []
        runs = killed.rows("select ended_at from runs order by id")
        assert [row["ended_at"] is None for row in runs] == [True, False]
        assert filed(killed) == filed(journey, before=EVENINGS[1] + CRAWL_TO_TELL)
        assert [row["state"] for row in killed.rows("select state from deliveries")] == ["sent", "sent"]
        assert ["33 children home to Russia" in mail.message["Subject"] for mail in demo.mailbox.mails] == [True]


def test_the_demo_shows_and_keeps_what_arrived(journey: Journey) -> None:
    said, folder = "\n".join(journey.said), journey.demo.folder
    assert "Day 1: Sunday 14 July 2019" in said
    assert "Day 3: Tuesday 16 July 2019" in said
    assert journey.said[-1] == "Mails sent: 0."
    for number, mail in enumerate(journey.demo.mailbox.mails, start=1):
        assert mail.message["Subject"] in said
        assert (folder / f"day-{number}.eml").read_bytes() == mail.raw
        assert (folder / f"day-{number}.html").read_text("utf-8").startswith("<!")
        assert json.loads((folder / f"day-{number}-slack.json").read_text("utf-8"))["blocks"]
    with pytest.raises(ConfigError, match="holds an earlier demo"):
        run(folder, journey.said.append)


def test_mails_are_plain_to_read(journey: Journey) -> None:
    """No markup, no control character and no address of the reader's own in what a person reads."""
    for mail in journey.demo.mailbox.mails:
        text = mail.part("plain") or ""
        assert "<" not in text.replace("<http", "")
        assert not any(ord(char) < 32 and char not in "\r\n" for char in text)
