"""Three days of news from a newsroom on loopback to the mailbox, with the real worker, the real store, real SMTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import config
import extraction.claims
from config.model import Config
from homeward.children import worker_command
from homeward.demo import CRAWL_TO_TELL, EVENINGS
from homeward.newsroom import Newsroom, expected, outlets
from homeward.newsroom.post import Mail, Mailbox, SlackHook
from homeward.newsroom.subscribing import write_config
from scheduler.telling import tell
from storage import Store

pytestmark = pytest.mark.timeout(150)  # a crawl takes 2 s here, and several times that on a machine that is busy
ROOT = Path(__file__).parent.parent
Row = dict[str, Any]
LEXICONS = Path(extraction.claims.__file__).parent / "lexicons"
MOVED = {"repatriation", "handover", "return", "transfer"}  # near-synonyms: which one, depends on who tells it


@dataclass
class Journey:
    """A newsroom, a folder with config and database, and the two ends of the telling."""

    room: Newsroom
    mailbox: Mailbox
    hook: SlackHook
    config: Config
    again: Counter[tuple[str, str, int]] = field(default_factory=Counter)  # hits of a crawl with nothing new
    told: list[int] = field(default_factory=list)  # mails in the box after each evening

    def start(self, now: datetime) -> subprocess.Popen[str]:
        return subprocess.Popen(worker_command(self.config, every=True, now=now), cwd=ROOT, text=True,
                                env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get(
                                    "PYTHONPATH", "")))}, stdout=subprocess.PIPE)

    def crawl(self, now: datetime) -> list[Row]:
        """A whole crawl; returns what the worker said, line by line."""
        with self.start(now) as worker:
            out, _ = worker.communicate(timeout=60)
        events = [json.loads(line) for line in out.splitlines()]
        assert (worker.returncode, events[-1]["event"], events[-1]["reason"]) == (0, "done", "done")
        return events

    def evening(self, now: datetime) -> None:
        with Store.open(self.config.database) as store:
            report = tell(store, self.config, now + CRAWL_TO_TELL)
        assert not report.troubles
        self.told.append(len(self.mailbox.mails))

    def rows(self, sql: str, *params: object) -> list[Row]:
        with Store.open(self.config.database, readonly=True) as store:
            return store.rows(sql, params)

    def article(self, name: str) -> Row:
        """The article that a story ("outlet/story") was filed as."""
        outlet, story = name.split("/")
        house = self.room[outlet]
        path = next(story_.path for story_ in house.outlet.stories if story_.id == story)
        (row,) = self.rows("select a.* from articles a join addresses d on d.article_id = a.id where d.url = ?",
                           house.url(path))
        return row


def opened(folder: Path) -> Iterator[Journey]:
    with Newsroom() as room, Mailbox() as mailbox, SlackHook() as hook:
        path = write_config(room, folder, mailbox=mailbox, hook=hook)
        yield Journey(room=room, mailbox=mailbox, hook=hook, config=config.load(path, {}))


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """The three days, and one crawl more with nothing new."""
    for found in opened(tmp_path_factory.mktemp("journey")):
        for day, evening in enumerate(EVENINGS, start=1):
            found.room.publish(day)
            found.crawl(evening)
            found.evening(evening)
        found.room.forget_hits()
        later = EVENINGS[-1] + timedelta(hours=1)
        found.crawl(later)
        found.again = found.room.hits()
        found.evening(later)
        yield found


@cache
def languages() -> frozenset[str]:
    """Languages that claims are read in: those with a lexicon."""
    return frozenset(path.stem for path in LEXICONS.glob("*.toml"))


def readable() -> dict[str, Row]:
    """The stories whose claims can be read, by "outlet/story"."""
    known = {outlet.id: outlet.lang for outlet in outlets()}
    return {name: story for name, story in expected()["story"].items() if known[name.split("/")[0]] in languages()}


def versions() -> dict[str, int]:
    """Which version of its article a story is: an edited page is the second."""
    found: dict[str, int] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for outlet in outlets():
        for story in outlet.stories:
            seen[outlet.id, story.path] += 1
            found[f"{outlet.id}/{story.id}"] = seen[outlet.id, story.path]
    return found


def claims(journey: Journey, name: str) -> list[Row]:
    return journey.rows("select c.* from claims c join versions v on v.id = c.version_id"
                        " where c.article_id = ? and v.n = ?", journey.article(name)["id"], versions()[name])


def agrees(claim: Row, wanted: Row) -> list[str]:
    """Where a stored claim differs from what is expected of it; [] when nowhere."""
    said = json.loads(claim["claim"])
    counts = {group: count["value"] for group, count in said["counts"].items()}
    if "orphans" in wanted.get("counts", {}):  # said of children too
        counts.setdefault("orphans", counts.get("children"))
    pairs = {key: (said[key], value) for key, value in wanted.items() if key not in ("kind", "counts", "event")}
    pairs |= {f"counts.{group}": (counts.get(group), value) for group, value in wanted.get("counts", {}).items()}
    if "kind" in wanted and not {said["kind"], wanted["kind"]} <= MOVED:
        pairs["kind"] = (said["kind"], wanted["kind"])
    return [f"{key}: {found!r} and not {value!r}" for key, (found, value) in pairs.items() if found != value]


@pytest.mark.parametrize("name", sorted(readable()))
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


def events_of(journey: Journey) -> dict[str, set[int]]:
    """Expected event → ids of the stored events that the stories about it were judged to be."""
    found: dict[str, set[int]] = {}
    holds = "(select event_id from judgements j where j.claim_id = ? order by j.id desc limit 1)"
    for name, story in readable().items():
        for claim in claims(journey, name) if "main" in story else ():
            about = [story] if claim["main"] else [
                other for other in story.get("background", ()) if not agrees(claim, other)]
            (row,) = journey.rows(f"select {holds} as event_id", claim["id"])
            found.setdefault(about[0]["event"], set()).add(row["event_id"])
    return found


def test_each_event_is_one_event(journey: Journey) -> None:
    found = events_of(journey)
    assert {event: len(ids) for event, ids in found.items()} == dict.fromkeys(found, 1)
    stored = {row["id"] for row in journey.rows("select id from events where merged_into is null")}
    assert [event_id for ids in found.values() for event_id in ids] == list(dict.fromkeys(
        event_id for ids in found.values() for event_id in ids)), "two expected events in one"
    assert stored == {event_id for ids in found.values() for event_id in ids}


def test_the_events_hold_the_numbers_expected(journey: Journey) -> None:
    for event, ids in events_of(journey).items():
        (row,) = journey.rows("select * from events where id = ?", min(ids))
        row |= {"nationality": json.loads(row["nationality"]), "orphans": row["children"]}
        wanted = {key: value for key, value in expected()["event"][event].items() if key != "quiet"}
        assert {key: row[key] for key in wanted} == wanted, event


def test_a_wire_copy_and_a_mirror_count_once(journey: Journey) -> None:
    wire, copy = journey.article("tigris/flight"), journey.article("frontier/wire-copy")
    assert {wire["origin_id"] or wire["id"], copy["origin_id"] or copy["id"]} in ({wire["id"]}, {copy["id"]})
    (moscow,) = events_of(journey)["moscow"]
    voices = {name.split("/")[0] for name, story in readable().items() if story.get("event") == "moscow"} - {"frontier"}
    (row,) = journey.rows("select independent from events where id = ?", moscow)
    assert row["independent"] == len(voices)
    press = journey.room["presstv"]
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
                assert dropped[journey.room[outlet.id].url(story.path)] == "off-topic"


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
    assert len(journey.hook.payloads) == 3
    assert {row["state"] for row in journey.rows("select state from deliveries")} == {"sent"}
    subjects = [mail.message["Subject"] for mail in journey.mailbox.mails]
    assert "33 children to be brought home to Russia" in subjects[0]
    assert "33 children home to Russia (was planned)" in subjects[1]
    text = journey.mailbox.mails[1].part("plain") or ""
    assert "disputed: 32" in text
    assert "27 children" not in text, "what is only recalled is no news"
    for mail, payload in zip(journey.mailbox.mails, journey.hook.payloads, strict=True):
        assert payload["text"] == mail.message["Subject"]
        page = mail.part("html") or ""
        assert len(page.encode()) < 102_000
        assert page.count("http://127.0.0.1") >= 2


def test_the_days_mails_about_one_event_are_a_thread(journey: Journey) -> None:
    first, second, _ = journey.mailbox.mails
    assert first.message["In-Reply-To"] is None
    assert second.message["In-Reply-To"] == first.message["Message-ID"]
    assert second.message["References"].split() == [first.message["Message-ID"]]
    assert len({mail.message["Message-ID"] for mail in journey.mailbox.mails}) == 3


def test_what_fails_is_told_as_failing(journey: Journey) -> None:
    texts = [mail.part("plain") or "" for mail in journey.mailbox.mails]
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
    page = next(story.path for outlet in outlets() if outlet.id == "presstv" for story in outlet.stories
                if story.id == "601122")
    for killed in opened(tmp_path):
        killed.room.publish(2)
        with killed.room.hold("presstv", page) as asked, killed.start(EVENINGS[1]) as worker:
            assert asked.wait(60)
            assert worker.stdout is not None
            for line in worker.stdout:  # something is filed, and that page is on its way
                if json.loads(line)["event"] == "article":
                    break
            worker.send_signal(signal.SIGKILL)
        before = len(killed.rows("select id from articles"))
        assert before > 0
        killed.crawl(EVENINGS[1] + timedelta(minutes=1))
        killed.evening(EVENINGS[1])
        assert len(killed.rows("select id from articles")) > before
        assert killed.rows("select id from entries where state = 'promised'") == []
        runs = killed.rows("select ended_at from runs order by id")
        assert [row["ended_at"] is None for row in runs] == [True, False]
        assert filed(killed) == filed(journey, before=EVENINGS[1] + CRAWL_TO_TELL)
        assert killed.told == [1]
        assert len(killed.rows("select id from deliveries where state = 'sent'")) == 2
        moscow = "33 children home to Russia"
        assert [moscow in str(mail.message["Subject"]) for mail in killed.mailbox.mails] == [True]


def filed(journey: Journey, before: datetime | None = None) -> Counter[tuple[object, ...]]:
    """Every version with its claims, as far as two newsrooms on other ports can be compared."""
    rows = journey.rows(
        "select a.source_id, a.url, v.n, v.text_sha, v.seen_at, (select group_concat(c.quote, '|') from claims c"
        " where c.version_id = v.id order by c.n) as quotes from versions v join articles a on a.id = v.article_id")
    return Counter((row["source_id"], urlsplit(row["url"]).path, row["n"], row["text_sha"], row["quotes"])
                   for row in rows if before is None or datetime.fromisoformat(row["seen_at"]) < before)


def test_mails_are_plain_to_read(journey: Journey) -> None:
    """No markup, no control character and no address of the reader's own in what a person reads."""
    mails: tuple[Mail, ...] = journey.mailbox.mails
    for mail in mails:
        text = mail.part("plain") or ""
        assert "<" not in text.replace("<http", "")
        assert not any(ord(char) < 32 and char not in "\r\n" for char in text)
