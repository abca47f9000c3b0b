"""What is chosen and how it is said: golden digests, the rules of choosing, sizes, hostile text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import render, safe, slack
from alerts.choose import as_told, choose_figures, collapse
from alerts.terminal import terminal
from homeward.newsroom.slack_rules import problem
from records.telling import Digest
from tests import slack_page, tell

NAMES = sorted(folder.name for folder in tell.CASES.iterdir())
HEALTH = {"endpoints": 3, "asked": 3, "answered": 3, "last_success": "2019-07-16T05:00:00+00:00"}


def event(number: int, **slots: Any) -> dict[str, Any]:
    origins = slots.pop("origins", [1])
    claims = [{"id": number * 100 + at, "outlet": f"Outlet {at}", "url": f"https://outlet-{at}.example/{number}",
               "quote": f"In all {33 + number} children of event {number} flew home.", "origin": at,
               "counts": {"children": [33 + number, str(33 + number)]}} for at in origins]
    return {"id": number, "independent": len(origins), "claims": claims, "slots": {
        "status": "completed", "nationality": "RU", "destination_country": "RU", "origin_country": "IQ",
        "children": {"value": 33 + number, "claims": [number * 100 + origins[0]]}, **slots}}


def chosen(revisions: list[dict[str, Any]], *events: dict[str, Any], **asked: Any) -> Digest:
    return tell.digest({"subscription": asked, "events": list(events), "revisions": revisions, "health": HEALTH})


def ids(digest: Digest) -> tuple[list[int | None], list[int | None], list[int | None]]:
    return ([e.id for e in digest.opened], [e.id for e, _ in digest.revised], [e.id for e, _ in digest.status])


@pytest.mark.parametrize("name", NAMES)
def test_a_digest_reads_as_it_was_approved(name: str) -> None:
    """`python -m tests.tell` writes the files anew; read the difference before you commit it."""
    for file, content in tell.rendered(name).items():
        assert content == (tell.CASES / name / file).read_text("utf-8"), f"{name}/{file} reads otherwise now"


def test_an_event_opened_and_revised_in_one_span_is_told_once_as_new() -> None:
    found = chosen([{"event": 1, "change": "opened"},
                    {"event": 1, "change": "revised", "slot": "children", "old": 30, "new": 34},
                    {"event": 1, "change": "status", "slot": "status", "old": "planned", "new": "completed"}], event(1))
    assert ids(found) == ([1], [], [])
    assert "34 children home to Russia" in render.sheet(found).subject


def test_a_number_that_came_back_to_where_it_was_is_no_news() -> None:
    back = [{"event": 1, "change": "revised", "slot": "children", "old": 33, "new": 32},
            {"event": 1, "change": "revised", "slot": "children", "old": 32, "new": 33}]
    assert chosen(back, event(1)).quiet
    found = chosen([*back, {"event": 1, "change": "revised", "slot": "children", "old": 33, "new": 35}], event(1))
    ((_, (only,)),) = found.revised
    assert (only.old, only.new) == (33, 35)


def test_a_number_that_was_changed_quietly_is_told_from_what_the_reader_knows() -> None:
    def step(number: int, old: int, new: int, quiet: bool) -> Any:
        return tell.revision(number, {"event": 1, "change": "revised", "slot": "children", "old": old, "new": new,
                                      "quiet": quiet})
    opened = tell.revision(1, {"event": 1, "change": "opened"})
    history = [opened, step(2, 33, 32, True), step(3, 32, 31, True), step(4, 31, 34, False), step(5, 34, 35, True)]
    assert as_told(history[3], history).old == 33
    assert as_told(step(6, 35, 36, False), history).old == 34
    assert as_told(step(6, 35, 36, False), [opened]).old == 35
    assert as_told(history[3], history[1:]).old == 33
    assert as_told(step(3, 32, 30, False), [step(1, 40, 32, True), replace(opened, id=2)]).old == 32


def test_a_dispute_is_told_while_it_lasts() -> None:
    arisen = {"event": 1, "change": "disputed", "slot": "children", "old": 34, "new": 32, "claim": 102}
    settled = {"event": 1, "change": "disputed", "slot": "children", "old": 34, "new": None}
    other = {"value": 34, "claims": [101], "disputed": True, "others": [{"value": 32, "claims": [102]}]}
    disputed, agreed = event(1, origins=[1, 2], children=other), event(1, origins=[1, 2])
    found = chosen([arisen, {**arisen, "slot": "total"}], disputed)
    assert [(r.old, r.new) for r in found.revised[0][1]] == [(34, 32)]
    assert render.sheet(found).subject == "Russia: 34 children disputed, 32 said too"
    assert "children: 34, disputed: 32, says Outlet 2" in render.text(found)
    assert chosen([arisen, settled], agreed).quiet
    assert "34, no longer disputed" in render.text(chosen([settled], agreed))
    came = {"event": 1, "change": "revised", "slot": "children", "old": 32, "new": 34, "claim": 101}
    assert [r.change for _, run in chosen([came, arisen], disputed).revised for r in run] == ["revised"]
    went = {**came, "old": 34, "new": 32, "claim": 102}
    back = chosen([went, came], disputed)  # the order of filing makes no difference to what is told
    assert [(r.change, r.old, r.new, r.claim_id) for _, run in back.revised for r in run] == [
        ("disputed", 34, 32, 102)]


def test_a_headline_is_nobodys_word_and_the_reporting_sentence_comes_first() -> None:
    one = event(1)
    speaker = {"name": "Ana Lyst", "role": "spokeswoman", "organisation": None}
    one["claims"][0] |= {"quote": "She said the 34 children had flown home.", "speaker": speaker}
    (said,) = render.sheet(chosen([{"event": 1, "change": "opened"}], one)).sections[0].cards[0].sayings
    assert (said.quote, said.speaker) == ("She said the 34 children had flown home.", "Ana Lyst, spokeswoman")
    one["claims"][0] |= {"counts": {}, "others": [["children", 34, "exact", "34", "34 children fly home"]]}
    (said,) = render.sheet(chosen([{"event": 1, "change": "opened"}], one)).sections[0].cards[0].sayings
    assert said.quote == "She said the 34 children had flown home."
    one["claims"][0] |= {"quote": "She said they had flown home."}
    (said,) = render.sheet(chosen([{"event": 1, "change": "opened"}], one)).sections[0].cards[0].sayings
    assert (said.quote, said.speaker, said.written) == ("34 children fly home", "", ("34",))


def test_of_several_that_say_it_a_named_person_in_a_sentence_is_shown() -> None:
    one = event(1, origins=[1, 2, 3], children={"value": 34, "claims": [101, 102, 103]})
    one["claims"][0] |= {"title": "34 children fly home", "quote": "34 children fly home",
                         "speaker": {"name": "Ana Lyst", "role": None, "organisation": None}}
    one["claims"][2] |= {"speaker": {"name": "Ben Ali", "role": "minister", "organisation": None}}
    (said,) = render.sheet(chosen([{"event": 1, "change": "opened"}], one)).sections[0].cards[0].sayings
    assert (said.speaker, said.told.outlet) == ("Ben Ali, minister", "Outlet 3")
    done = [{"event": 1, "change": "revised", "slot": "children", "old": 33, "new": 34, "claim": 101}]
    assert "33 -> 34, says Ben Ali, minister" in render.text(chosen(done, one))
    one["claims"] = one["claims"][:1]
    assert "33 -> 34, says Outlet 1" in render.text(chosen(done, one))


def test_the_sentence_of_a_plan_does_not_stand_for_what_has_happened() -> None:
    one = event(1, origins=[1, 2], children={"value": 34, "claims": [101, 102]})
    one["claims"][0] |= {"status": "planned", "speaker": {"name": "Ana Lyst", "role": None, "organisation": None}}
    (said,) = render.sheet(chosen([{"event": 1, "change": "opened"}], one)).sections[0].cards[0].sayings
    assert said.told.outlet == "Outlet 2", "though nobody is named in it"


def test_a_hedge_that_allows_the_number_and_a_plan_are_no_rivals() -> None:
    others = [{"value": 30, "how": "at_least", "claims": [101]}, {"value": 36, "how": "about", "claims": [101]},
              {"value": 20, "how": "at_most", "claims": [101]}, {"value": 50, "claims": [102]}]
    one = event(1, origins=[1, 2], children={"value": 34, "claims": [101], "disputed": True, "others": others})
    one["claims"][1]["status"] = "planned"
    found = render.sheet(chosen([{"event": 1, "change": "opened"}], one)).sections[0].cards[0].rivals
    assert [(rival.value, rival.planned) for rival in found] == [("50 children", True), ("up to 20 children", False)]
    assert "Planned: 50 children" in render.text(chosen([{"event": 1, "change": "opened"}], one))


def test_a_number_that_was_not_known_is_added_and_not_revised_from_nothing() -> None:
    added = [{"event": 1, "change": "revised", "slot": "children", "old": None, "new": 34, "claim": 101}]
    said = render.text(chosen(added, event(1)))
    assert "children: 34, not known before, says Outlet 1" in said
    assert "None" not in said


def test_a_total_that_only_repeats_a_group_is_not_told_twice() -> None:
    same = [{"event": 1, "change": "revised", "slot": slot, "old": 33, "new": 34} for slot in ("total", "children")]
    assert render.sheet(chosen(same, event(1))).subject == "Russia: children revised 33 → 34"
    apart = [{**same[0], "new": 35}, same[1]]
    assert render.sheet(chosen(apart, event(1))).subject == "Russia: people revised 33 → 35; 1 more number revised"


def test_a_status_change_takes_its_numbers_along() -> None:
    found = chosen([{"event": 1, "change": "revised", "slot": "children", "old": 30, "new": 34},
                    {"event": 1, "change": "status", "slot": "status", "old": "planned", "new": "denied"}], event(1))
    assert ids(found) == ([], [], [1])
    assert [r.slot for r in found.status[0][1]] == ["children", "status"]


def test_more_coverage_adds_a_source_and_no_line() -> None:
    found = chosen([{"event": 1, "change": "source"}, {"event": 1, "change": "source"}], event(1))
    assert found.quiet
    assert found.more_sources == 2
    assert "2 more articles said what was known already." in render.text(found)


def test_quiet_revisions_are_never_told() -> None:
    assert chosen([{"event": 1, "change": "opened", "quiet": True}], event(1)).quiet


def test_a_merged_event_is_told_as_the_one_it_lives_on_in() -> None:
    gone = {**event(2), "merged_into": 1}
    found = chosen([{"event": 2, "change": "opened"}, {"event": 2, "change": "merged", "new": 1}], event(1), gone)
    assert ids(found) == ([], [1], [])
    assert "told as event 2 -> is event 1" in render.text(found)


@pytest.mark.parametrize(("asked", "told"), [
    ({"nationality": ["RU"]}, True), ({"nationality": ["KZ", "RU"]}, True), ({"nationality": ["KZ"]}, False),
    ({"destination": ["RU"]}, True), ({"destination": ["FR"]}, False), ({"origin": ["SY"]}, False),
    ({"status": ["completed"]}, True), ({"status": ["planned"]}, False), ({"minimum_sources": 2}, False)])
def test_filters(asked: dict[str, Any], told: bool) -> None:
    assert chosen([{"event": 1, "change": "opened"}], event(1), **asked).quiet is not told


def test_who_was_told_of_a_nationality_is_told_that_it_was_another() -> None:
    change = [{"event": 1, "change": "revised", "slot": "nationality", "old": "KZ", "new": "RU"}]
    assert not chosen(change, event(1), nationality=["KZ"]).quiet
    denied = [{"event": 1, "change": "status", "slot": "status", "old": "completed", "new": "denied"}]
    assert not chosen(denied, event(1, status="denied"), status=["completed"]).quiet


def test_an_event_is_new_when_enough_sources_say_it() -> None:
    known = event(1, origins=[1, 2])
    late = [{"event": 1, "change": "source", "claim": 102}]
    assert ids(chosen(late, known, minimum_sources=2)) == ([1], [], [])
    assert chosen(late, known).quiet
    third = event(1, origins=[1, 2, 3])
    assert chosen([{"event": 1, "change": "source", "claim": 103}], third, minimum_sources=2).quiet


def status(old: str, new: str, number: int = 1) -> dict[str, Any]:
    return {"event": number, "change": "status", "slot": "status", "old": old, "new": new}


def test_what_is_denied_or_sharply_revised_is_named_before_what_is_new() -> None:
    new = [{"event": n, "change": "opened"} for n in range(2, 7)]
    others = [event(n) for n in range(2, 7)]
    denied = chosen([*new, status("completed", "denied")], event(1, status="denied"), *others)
    assert render.sheet(denied).subject == (
        "Denied that 34 children were brought home to Russia (reported before as completed); 39 children home to "
        "Russia; 38 children home to Russia; 3 more new events")
    assert [part.tag for part in render.sheet(denied).sections] == ["status", "new"]
    again = chosen([*new, status("completed", "planned")], event(1, status="planned"), *others)
    assert render.sheet(again).subject.startswith(
        "34 children to be brought home to Russia (reported before as completed); 39 children home")
    refused = chosen([*new, {"event": 1, "change": "opened"}], event(1, status="refused"), *others)
    assert render.sheet(refused).subject.startswith("34 children not brought home to Russia: refused; 39 children")
    cut = {"event": 9, "change": "revised", "slot": "children", "old": 140, "new": 42, "claim": 901}
    sharp = chosen([*new, cut], event(9), *others)
    assert render.sheet(sharp).subject == (
        "Russia: children revised 140 → 42; 39 children home to Russia; 4 more new events")
    slight = chosen([*new, {**cut, "old": 43}], event(9), *others)
    assert render.sheet(slight).subject.endswith("; 3 more new events; 1 number revised")


def test_a_denial_is_in_the_message_however_many_events_are_new() -> None:
    new = [{"event": n, "change": "opened"} for n in range(2, 400)]
    found = chosen([*new, status("completed", "denied")], event(1, status="denied"), *(event(n) for n in range(2, 400)))
    (message,) = render.messages(found)
    for said in (message.text, message.html or "", json.dumps(message.blocks)):
        assert said.index("Denied that 34 children") < said.index("children brought home")


def test_the_alarm_stays_in_a_subject_that_is_too_long() -> None:
    long = [event(n, destination_country="x" * 90) for n in (1, 2, 3)]
    found = tell.digest({"events": long, "revisions": [{"event": n, "change": "opened"} for n in (1, 2, 3)],
                         "health": {"endpoints": 9, "asked": 9, "answered": 2}})
    assert render.sheet(found).subject.endswith("; and more; collecting degraded")
    assert len(render.sheet(found).subject) <= 200


def test_what_is_disputed_says_so_in_the_subject() -> None:
    other = {"value": 34, "claims": [101], "disputed": True, "others": [{"value": 32, "claims": [102]}]}
    found = render.sheet(chosen([{"event": 1, "change": "opened"}], event(1, origins=[1, 2], children=other)))
    assert found.subject == "34 children home to Russia (number disputed)"
    assert found.sections[0].cards[0].disputed == "number disputed"


def test_the_weightiest_event_comes_first() -> None:
    found = chosen([{"event": n, "change": "opened"} for n in (1, 3, 2)], event(1), event(2), event(3))
    assert ids(found)[0] == [3, 2, 1]
    assert render.sheet(found).subject == "36 children home to Russia; 35 children home to Russia; 1 more new event"


def test_figures_are_told_once_and_by_place() -> None:
    rows = [{"what": "held", "value": 1500, "place": "IQ", "quote": "1500 held"}] * 2
    figures = [tell.figure(n, row) for n, row in enumerate(rows, 1)]
    assert len(choose_figures(tell.subscription({}), figures)) == 1
    assert choose_figures(tell.subscription({"nationality": ["RU"]}), figures) == ()
    assert len(choose_figures(tell.subscription({"origin": ["IQ"]}), figures)) == 1


slots = st.sampled_from(["children", "total", "status"])
values = st.integers(min_value=0, max_value=3)


@given(st.lists(st.tuples(slots, values), max_size=12))
def test_collapsing_tells_exactly_the_slots_that_differ(steps: list[tuple[str, int]]) -> None:
    start, revisions = dict.fromkeys(["children", "total", "status"], 0), []
    now = dict(start)
    for number, (name, value) in enumerate(steps, 1):
        change = "status" if name == "status" else "revised"
        revisions.append(tell.revision(number, {"event": 1, "change": change, "slot": name, "old": now[name],
                                                "new": value}))
        now[name] = value
    assert {(r.slot, r.old, r.new) for r in collapse(revisions)} == {
        (name, start[name], now[name]) for name in now if now[name] != start[name]}


@given(st.text() | st.builds("=?utf-8?q?{}?=".format, st.text()))
def test_a_header_is_one_clean_line(text: str) -> None:
    line = safe.header_text(text)
    assert len(line) <= 200
    assert line.isprintable()
    assert "=?" not in line
    assert safe.header_text(line) == line


sections = st.text(max_size=4000).map(safe.mrkdwn).map(slack.section)


@given(st.lists(st.lists(sections, min_size=1, max_size=8), max_size=70), st.text(), st.text())
def test_slack_is_never_sent_more_than_it_takes(groups: list[list[slack.Block]], first: str, last: str) -> None:
    kept = slack.clamp([slack.header(first)], groups, [slack.context(safe.mrkdwn(last))])
    assert problem({"text": "x", "blocks": kept}) is None
    told = sum(len(group) for group in groups) + 2 == len(kept)
    assert told or "more item" in json.dumps(kept)


@given(st.text())
def test_nothing_in_a_text_pings_or_links_in_slack(text: str) -> None:
    shown = safe.mrkdwn(f"<!channel> {text} <@U1>")
    assert not {"<", ">"} & set(shown)
    assert safe.slack_link("https://a.example/x|y>z", text).count("<") == 1


@pytest.mark.parametrize(("url", "shown"), [
    ("https://www.rudaw.net/a?b=1#c", "rudaw.net"), ("http://good.com@evil.com/", None), ("javascript:alert(1)", None),
    ("data:text/html,x", None), ("https://аррӏе.com/", "xn--80ak6aa92e.com"), ("https://a b.com/", None),
    ("https://a.com\\@b.com", None), ("//a.com/x", None), ("https://[::1]/", None), ("https://a.com:99999/", None),
    ("https://a.com/\u202etxt", None), (None, None), ("", None), ("file:///etc/passwd", None)])
def test_where_a_link_leads_is_shown_and_odd_ones_are_no_links(url: str | None, shown: str | None) -> None:
    assert safe.host(url) == shown
    assert (safe.link(url) is None) is (shown is None)
    assert re.fullmatch(r"[!-~]*", safe.link(url) or "")


def test_five_hundred_events_stay_below_the_clip_and_say_what_is_left_out() -> None:
    found = chosen([{"event": n, "change": "opened"} for n in range(1, 501)], *(event(n) for n in range(1, 501)))
    (message,) = render.messages(found)
    assert message.html is not None
    assert 25_000 < len(message.html.encode()) <= render.HTML_MOST
    shown = message.html.count('<div class="card">')
    assert f"{500 - shown} more events did not fit in here" in message.html
    assert f"{500 - shown} more events did not fit in here" in message.text
    assert len(message.subject) <= 200
    assert problem({"text": message.subject, "blocks": message.blocks}) is None


def test_long_quotes_make_fewer_cards_and_the_number_stays_in_sight() -> None:
    long = event(1)
    sentence = "وقال " * 900 + "34 طفلاً " + "وقال " * 900
    long["claims"][0] |= {"quote": sentence, "lang": "ar", "counts": {"children": [34, "34"]}}
    many = [{**long, "id": n} for n in range(1, 300)]
    found = chosen([{"event": n, "change": "opened"} for n in range(1, 300)], *many)
    assert len(render.html(found).encode()) <= render.HTML_MOST
    (said,) = render.sheet(found).sections[0].cards[0].sayings
    assert "34" in said.quote
    assert len(said.quote) < 450
    assert said.language == "Arabic"


class Tags(HTMLParser):
    """Follows what is open; a closing tag must close the newest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", NAMES)
def test_every_tag_is_closed_and_nothing_is_loaded_from_elsewhere(name: str) -> None:
    for message in render.messages(tell.load(name)):
        tags = Tags()
        tags.feed(message.html or "")
        tags.close()
        assert tags.open == []
        assert not re.search(r"<(img|link|script|iframe)\b|url\(|@import", message.html or "")


def test_dark_mode_changes_colours_only() -> None:
    style = re.search(r"<style>(.*)</style>", render.html(tell.load("quiet")), re.S)
    assert style is not None
    dark = style.group(1).split("(prefers-color-scheme: dark) {")[1]
    assert set(re.findall(r"([a-z-]+):", dark)) == {"background", "color", "border-color"}


def test_the_hostile_digest_runs_nothing() -> None:
    page = render.html(tell.load("hostile"))
    assert not re.search(r"<(script|img|i)\b|href=\"(?!https?:)|\u202e", page)
    assert "&lt;script&gt;" in page
    assert "\u202e" not in render.text(tell.load("hostile"))


def test_a_picture_of_slack_shows_a_strangers_markup_as_letters() -> None:
    (message,) = render.messages(tell.load("hostile"))
    page = slack_page.page([message.blocks])
    assert not re.search(r"<(script|img|i)\b|href=\"(?!https?:)", page)
    assert "&lt;!channel&gt;" in page


def test_a_day_when_collecting_failed_never_says_that_nothing_happened() -> None:
    for name in ("dead", "degraded"):
        (message,) = render.messages(tell.load(name))
        assert message.subject.startswith("Collecting")
        for said in (message.text, message.html or "", json.dumps(message.blocks)):
            assert "nothing happened" not in said
            assert "Quiet" not in said
    assert "No event was added" not in render.text(tell.load("dead"))
    nobody = tell.digest({"health": {"endpoints": 5, "asked": 0, "answered": 0,
                                     "last_success": "2019-07-15T05:00:00+00:00"}})
    assert render.sheet(nobody).subject == "Collecting failed: 0 of 5 endpoints answered"
    assert "Is the daemon running?" in render.text(nobody)
    busy = tell.digest({"events": [event(1)], "revisions": [{"event": 1, "change": "opened"}],
                        "health": {"endpoints": 9, "asked": 9, "answered": 2}})
    assert render.sheet(busy).subject == "34 children home to Russia; collecting degraded"


def test_an_hour_in_which_nobody_was_due_is_no_alarm() -> None:
    found = tell.digest({"subscription": {"every": "hourly"}, "since": "2019-07-16T05:00:00+00:00",
                         "health": {"endpoints": 5, "asked": 0, "answered": 0,
                                    "last_success": "2019-07-16T04:30:00+00:00"}})
    assert render.sheet(found).alarm is None


def test_names_can_be_withheld_wherever_a_quote_is_shown() -> None:
    found = tell.load("busy")
    (message,) = render.messages(found, withhold=lambda text: text.replace("Moscow", "[withheld]"))
    for said in (message.text, message.html or "", json.dumps(message.blocks)):
        assert "landed near [withheld]" in said
        assert "near Moscow" not in said


def test_an_instant_subscription_gets_one_message_an_event_with_its_thread() -> None:
    made = render.messages(tell.load("instant"), thread=lambda events: tuple(f"old/{event}" for event in events))
    assert [(message.key, message.event_id, message.references) for message in made] == [
        ("returns/r6/e7", 7, ("old/7",)), ("returns/r6/e9", 9, ("old/9",)), ("returns/r6/e4", 4, ("old/4",))]
    assert made[2].subject == "Kosovo: people revised 110 → 107"


def test_text_and_html_hold_the_same_numbers() -> None:
    (message,) = render.messages(tell.load("busy"))
    page = re.sub(r"<style>.*?</style>|<[^>]+>", " ", message.html or "", flags=re.S)
    numbers = set(re.findall(r"\d+(?:,\d{3})*", re.sub(r"https?:\S+", "", message.text)))
    assert {"33", "32", "216", "250", "107", "110", "1,500", "1,000", "1,893"} <= numbers
    assert numbers <= set(re.findall(r"\d+(?:,\d{3})*", page))


def test_a_terminal_gets_no_escape_sequence_of_a_stranger() -> None:
    assert "\x1b" not in terminal(tell.load("hostile"))
    assert terminal(tell.load("busy"), colour=True).startswith("\x1b[1m216 people home to Kazakhstan")


def test_whatever_is_four_thousand_characters_long_fits_all_the_same() -> None:
    long = "long and <b>winding</b> & 'so' on " * 120
    one = event(1, origin_place=long, destination_place=long, children={
        "value": 34, "claims": [101], "rule": long, "disputed": True,
        "others": [{"value": n, "claims": [102]} for n in range(20)]}, origins=[1, 2])
    for said in one["claims"]:
        said |= {"outlet": long, "quote": long + "34", "url": "https://a.example/" + "x" * 1500,
                 "speaker": {"name": long, "role": long, "organisation": long}}
    one["warnings"] = [long] * 9
    many = [{**one, "id": n} for n in range(1, 30)]
    found = tell.digest({"events": many, "revisions": [{"event": n, "change": "opened"} for n in range(1, 30)],
                         "health": {**HEALTH, "failing": [[long, long]] * 50, "silent": [long] * 9}})
    (message,) = render.messages(found)
    assert len((message.html or "").encode()) <= render.HTML_MOST
    assert len(message.subject) <= 200
    assert problem({"text": message.subject, "blocks": message.blocks}) is None
    assert "more events did not fit" in message.text
