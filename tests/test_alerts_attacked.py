"""Telling, read as an attacker, a lawyer and an operator: what strangers wrote, and what nobody said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts import notices, render, slack, words
from alerts.channels import send as send_now
from alerts.channels.apprise import pinging_nobody
from alerts.channels.common import seconds
from alerts.figures import phrase
from alerts.safe import link, whole_parts
from desk import file
from homeward.newsroom.slack_rules import problem
from records.claims import Evidence, Figure, Speaker
from records.errors import DeliveryError
from records.telling import Channel, Message, Outage, Thread
from records.words import FigureKind
from scheduler.telling import preview, tell
from storage import Store
from tests import tell as cases
from tests.post import TOKEN, Slack, slack_server
from tests.telling_news import article, claim, reading
from tests.telling_store import NOON, Sender, config, ledger
from tests.test_alerts import HEALTH, chosen, event

HUGE = "https://a.example/" + "x" * 1_900 + "?a=1&b="


def digest(**more: Any) -> Any:
    opened = {"event": 1, "change": "opened"}
    return cases.digest({"events": [event(1)], "revisions": [opened], "health": HEALTH} | more)


def test_an_answer_that_asks_for_no_time_at_all_stops_no_delivery(tmp_path: Path) -> None:
    """A Retry-After of "nan" is a number to Python and none to a clock."""
    assert [seconds(text) for text in ("nan", "inf", "-inf", "1e999", "", None, "-3", "7.5")] == [
        None, None, None, None, None, None, 0.0, 7.5]
    waits = seconds("nan")

    def refuses(channel: Channel, message: Message, thread: Thread, *, at: datetime, now: datetime) -> str:
        raise DeliveryError("wait", again=True, retry_after=waits)
    with ledger(tmp_path / "h.db", [{"event": 1, "change": "opened"}]) as store:
        assert tell(store, config(), NOON, refuses).postponed == 1
        sender = Sender()
        tell(store, config(), NOON + timedelta(hours=1), sender)
        assert len(sender.sent) == 1


@pytest.mark.parametrize("code", ["thread_not_found", "invalid_thread_ts", "cannot_reply_to_message"])
def test_a_thread_that_is_gone_costs_the_thread_only(code: str) -> None:
    with slack_server() as server:
        server.answers = [(200, code, None)]
        assert send_now(_bot(server), Message(key="a/b/e7", subject="33 → 32", text="x", html=None, event_id=7,
                                              blocks=({"type": "divider"},)),
                        Thread(receipt="1.1"), at=NOON).startswith("15632.")
        assert "thread_ts" not in server.posts[0]


def _bot(server: Slack) -> Channel:
    return Channel(id="room", kind="slack-bot", to=("C1",), secret=TOKEN, settings={"base_url": server.url + "/api/"})


def test_a_thousand_events_with_the_longest_addresses_fit() -> None:
    worst = event(1, children={"value": 34, "claims": [101], "disputed": True, "rule": "r" * 3_000,
                               "others": [{"value": n, "claims": [102 + n % 9]} for n in range(40)]},
                  origins=list(range(1, 12)))
    worst["slots"] |= {name: {"value": 40 + n, "claims": [101 + n], "disputed": True, "others": [
        {"value": at, "claims": [103 + at]} for at in range(8)]} for n, name in enumerate(
            ("women", "men", "total", "girls", "boys", "orphans", "families"))}
    for said in worst["claims"]:
        said |= {"url": HUGE + str(said["id"]), "quote": f"{'😀 <b> & ' * 400}34 of {said['id']}",
                 "outlet": f"{said['id']} {'&' * 400}"}
    worst["warnings"] = ["<w> & " * 600] * 40
    number = 1_000
    found = cases.digest({
        "events": [worst, *({**event(1), "id": n} for n in range(2, number + 1))], "health": HEALTH | {
            "silent": ["s" * 5_000] * 40, "back": ["b" * 5_000] * 40, "failing": [["f" * 5_000] * 2] * 400},
        "revisions": [{"event": n, "change": "opened"} for n in range(1, number + 1)]})
    (message,) = render.messages(found)
    shown = (message.html or "").count('<div class="card">')
    assert f"{number - shown:,} more events did not fit in here" in message.text
    alone = cases.digest({"events": [worst], "revisions": [{"event": 1, "change": "opened"}], "health": HEALTH})
    for one in (message, *render.messages(alone)):
        assert len((one.html or "").encode()) <= render.HTML_MOST
        assert problem({"text": one.subject, "blocks": one.blocks}) is None
    said = "".join(str(block) for block in render.messages(alone)[0].blocks)
    assert "a.example" in said
    assert "The rest of this did not fit in here." in said


def test_an_address_too_long_for_any_article_is_no_link() -> None:
    assert link(HUGE + "1") is not None
    assert link("https://a.example/" + "ا" * 400) is None, "six characters each, once escaped"


def test_a_slack_line_is_cut_at_a_space_and_never_in_a_link() -> None:
    line = " ".join(f"<https://a.example/{n}|Outlet {n} &amp; more>," for n in range(200))
    cut = slack.fit(line)
    assert 2_800 < len(cut) <= slack.SECTION_MOST
    assert cut.endswith("more>,\n…")
    assert problem({"text": "x", "blocks": [slack.section(line)]}) is None
    assert slack.fit("x" * 4_000) == "…"


def test_a_revised_number_keeps_the_hedge_it_is_said_with() -> None:
    """Whoever says "more than 100" has not said 100."""
    one = event(1, children={"value": 100, "how": "at_least", "claims": [101], "others": [
        {"value": 120, "how": "about", "claims": [101]}]})
    moved = [{"event": 1, "change": "revised", "slot": "children", "old": 120, "new": 100, "claim": 101}]
    (message,) = render.messages(chosen(moved, one))
    assert message.subject == "Russia: children revised about 120 → at least 100"
    for said in (message.text, message.html or "", str(message.blocks)):
        assert "about 120" in said
        assert "at least 100" in said


def test_one_is_said_as_one() -> None:
    one = event(1, children={"value": 1, "claims": [101], "disputed": True, "others": [
        {"value": n, "claims": [101]} for n in range(2, 7)]})
    one["warnings"] = ["a sum that is none"] * 6
    (message,) = render.messages(chosen([{"event": 1, "change": "disputed", "slot": "children", "new": 2}], one))
    assert message.subject == "Russia: 1 child disputed, 2 said too"
    for said in (message.text, message.html or ""):
        assert "and 1 more value" in said
        assert "and 1 more warning" in said
        assert "1 more values" not in said
        assert "1 more warnings" not in said
    held = cases.figure(1, {"what": "requests", "value": 1, "quote": "One request."})
    assert phrase(held) == "1 request to return"
    assert phrase(replace(held, what="held", place="IQ")) == "1 person held in Iraq"
    assert phrase(replace(held, what="died", value=0)) == "0 people died"
    only = cases.digest({"health": {"endpoints": 1, "asked": 1, "answered": 0}})
    assert "The one endpoint asked gave no answer." in render.text(only)


def test_what_is_no_number_is_disputed_by_its_name() -> None:
    one = event(1, nationality={"value": "RU", "claims": [101], "disputed": True, "others": [
        {"value": "KZ", "claims": [101]}]})
    found = chosen([{"event": 1, "change": "disputed", "slot": "nationality", "new": "KZ"}], one)
    assert render.sheet(found).subject == "Russia: nationality Russia disputed, Kazakhstan said too"


def test_an_hour_in_which_nobody_was_due_counts_no_answers() -> None:
    found = cases.digest({"subscription": {"every": "hourly"}, "since": "2019-07-16T05:00:00+00:00", "health": {
        "endpoints": 5, "asked": 0, "answered": 0, "last_success": "2019-07-16T04:30:00+00:00"}})
    (message,) = render.messages(found)
    assert message.subject == "Quiet: no change; no endpoint was due"
    assert "0 of 0" not in message.text + (message.html or "") + str(message.blocks)
    assert "No endpoint was due." in render.sheet(found).preview


def test_half_the_sources_failing_is_a_degraded_day() -> None:
    half = cases.digest({"health": {"endpoints": 8, "asked": 8, "answered": 4}})
    assert render.sheet(half).subject == "Collecting degraded: only 4 of 8 endpoints answered"
    assert render.sheet(cases.digest({"health": {"endpoints": 8, "asked": 8, "answered": 5}})).alarm is None


def test_a_span_names_its_zone_once_but_for_the_nights_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    day = datetime(2019, 10, 26, 8, tzinfo=berlin)
    assert words.span_text(day - timedelta(days=1), day) == "25 October 2019, 08:00 to 26 October 2019, 08:00 CEST"
    assert words.span_text(day, day + timedelta(days=1)) == "26 October 2019, 08:00 CEST to 27 October 2019, 08:00 CET"
    baghdad = day.astimezone(ZoneInfo("Asia/Baghdad"))
    assert words.span_text(baghdad, baghdad) == "26 October 2019, 09:00 to 26 October 2019, 09:00 Asia/Baghdad"


def test_a_subject_is_cut_between_its_parts() -> None:
    assert whole_parts("216 home; 33 home; 2 numbers revised", 30) == "216 home; 33 home; and more"
    assert whole_parts("216 home; 33 home", 17) == "216 home; 33 home"
    assert whole_parts("x" * 40, 10) == "x" * 9 + "…"


def test_a_source_beside_its_own_sentence_is_not_named_again() -> None:
    once, twice = digest(), digest(events=[event(1, origins=[1, 2])])
    assert "Said by" not in render.html(once)
    assert "Said by" in render.html(twice)
    assert render.html(once).count("Outlet 1") == 1


def test_a_child_who_is_quoted_is_named_nowhere(tmp_path: Path) -> None:
    """Were a child taken for a speaker or an official, the name is covered as in the sentences."""
    child = "Amina Petrova"
    said = claim("RU", date="2019-07-15", children=33)
    read = reading(replace(said, speaker=Speaker(name=child, role="pupil", organisation=f"the {child} fund")), text=(
        f"{child} said 1,500 children are held in Iraq."), officials=(child,), minors=(child,))
    quote = f"{child} said 1,500 children are held in Iraq."
    start = read.text.index(quote)
    held = Figure(what=FigureKind.HELD, value=1500, written="1,500", place="IQ",
                  evidence=Evidence(quote=quote, start=start, end=start + len(quote)))
    read = replace(read, figures=(held,))
    with Store.open(tmp_path / "h.db") as store:
        file(store, article(read, 1, published="2019-07-15"), read, source=None, now=NOON)
        told = preview(store, config().subscriptions[0], NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    (message,) = render.messages(told)
    everything = message.subject + message.text + (message.html or "") + str(message.blocks) + render.whole(told)
    assert "33 children" in everything
    assert "1,500" in everything
    assert "█████ ███████" in everything
    assert "Amina" not in everything
    assert "Petrova" not in everything


def test_a_revised_plan_is_not_read_as_a_return() -> None:
    moved = [{"event": 1, "change": "revised", "slot": "children", "old": 30, "new": 34, "claim": 101}]
    for status, said in (("planned", "Russia: children revised 30 → 34 (planned)"),
                         ("under_way", "Russia: children revised 30 → 34 (under way)"),
                         ("completed", "Russia: children revised 30 → 34")):
        assert render.sheet(chosen(moved, event(1, status=status))).subject == said


def test_the_style_is_short_enough_for_gmail() -> None:
    """Gmail drops a style element of more than 8,192 characters, and with it all there is of design."""
    page = render.html(digest())
    assert len(page.split("<style>")[1].split("</style>")[0]) < 8_000


def test_a_source_in_another_direction_turns_nothing_around() -> None:
    one = Outage(endpoint_id=1, source="وكالة", url="https://a.example/", failures=6, why="no route", since=None)
    message = notices.outages("a/b/1", [one], [], zone=ZoneInfo("UTC"), subscription="ops")
    assert "\u2068وكالة\u2069: " in message.text
    assert "*\u2068وكالة\u2069*" in json.dumps(message.blocks, ensure_ascii=False)


def test_a_name_in_a_subject_pings_nobody() -> None:
    said = cases.figure(1, {"what": "held", "value": 90, "quote": "90 are held.", "official": "<!channel> & <@U1>"})
    found = replace(cases.digest({"subscription": {"every": "instant"}}), figures=(said,))
    (message,) = render.messages(found)
    assert "<!channel>" in message.subject
    with slack_server() as server:
        send_now(_bot(server), message, at=NOON)
        assert server.refused == []
        assert "&lt;!channel&gt; &amp; &lt;@U1&gt;" in server.posts[0]["text"]
    assert problem({"text": message.subject, "blocks": message.blocks}) == "invalid_arguments: text pings somebody"


def test_behind_apprise_nobody_is_called_either() -> None:
    text = "@everyone, <@1234>, <@&5> and (@here): write to desk@ngo.example about 33 @ noon"
    said = pinging_nobody(text)
    assert said.replace("@\u200b", "@") == text
    assert said.count("\u200b") == 4
    assert "desk@ngo.example" in said
