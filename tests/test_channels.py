"""Ways out, against a real SMTP server and a Slack that validates: what arrives, what is refused, what is said then."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts import render
from alerts import slack as slack_blocks
from alerts.channels import send
from alerts.channels.email import compose, message_id
from homeward.newsroom.slack_rules import refusal
from records.errors import DeliveryError
from records.telling import Channel, Every, Message, Thread
from scheduler.telling import tell
from tests.post import HOOK, PASSWORD, TOKEN, USER, Mailbox, Slack, slack_server, smtp_server
from tests.tell import CASES, load
from tests.telling_store import NOON, ledger, slack_config

AT = datetime(2019, 7, 16, 8, 0, tzinfo=ZoneInfo("Europe/Berlin"))
MESSAGE = Message(key="returns/2019-07-16/1", subject="33 children home to Russia", text="Text “33”\n",
                  html="<p>33</p>", events=(7,))


def mail_channel(port: int, **settings: str | int) -> Channel:
    secret = PASSWORD if "user" in settings else None
    return Channel(id="desk", kind="email", to=("Ana Lyst <ana@ngo.example>", "ben@ngo.example"), secret=secret,
                   settings={"host": "127.0.0.1", "port": port, "tls": "none", "from": "Homeward <hw@ngo.example>",
                             "timeout": 5, **settings})


@pytest.fixture
def slack() -> Iterator[Slack]:
    with slack_server() as server:
        yield server


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with smtp_server() as server:
        yield server


def refused(channel: Channel, message: Message = MESSAGE) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send(channel, message, at=AT)
    assert channel.id in str(caught.value)
    assert "\n" not in str(caught.value)
    for secret in (PASSWORD, TOKEN, HOOK):
        assert secret not in str(caught.value) + repr(caught.value) + repr(caught.value.__cause__)
    return caught.value


def header_names(letter: bytes) -> list[bytes]:
    """The headers' names as bytes on the wire. Python's hole writes a bare line feed, which many servers take for an
    end of line: so every kind counts."""
    head = letter.split(b"\r\n\r\n")[0]
    return [line.split(b":")[0].lower() for line in re.split(rb"\r\n|\r|\n", head)
            if not line.startswith((b" ", b"\t"))]


def test_a_mail_arrives_whole_in_text_and_html(box: Mailbox) -> None:
    receipt = send(mail_channel(box.port), MESSAGE, at=AT)
    (mail,) = box.read()
    assert mail["Subject"] == "33 children home to Russia"
    assert mail["From"] == "Homeward <hw@ngo.example>"
    assert mail["Date"] == "Tue, 16 Jul 2019 08:00:00 +0200"
    assert mail["Message-ID"] == receipt == message_id(MESSAGE.key, "ngo.example")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "<returns.homeward.ngo.example>"
    assert mail["List-Unsubscribe"] == "<mailto:hw@ngo.example?subject=unsubscribe%20returns>"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().splitlines() == ["Text “33”"]
    assert box.recipients == [["ana@ngo.example", "ben@ngo.example"]]


def test_the_same_message_sent_twice_is_the_same_mail(box: Mailbox) -> None:
    for _ in range(2):
        send(mail_channel(box.port), MESSAGE, at=AT)
    first, second = box.read()
    assert first["Message-ID"] == second["Message-ID"]
    assert "In-Reply-To" not in first


def test_a_mail_answers_the_newest_earlier_one_of_its_thread(box: Mailbox) -> None:
    send(mail_channel(box.port), MESSAGE, Thread(keys=("returns/2019-07-14/1", "returns/2019-07-15/1")), at=AT)
    (mail,) = box.read()
    ids = [message_id(f"returns/2019-07-{day}/1", "ngo.example") for day in (14, 15)]
    assert mail["In-Reply-To"] == ids[1]
    assert mail["References"].split() == ids


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_every_letter_is_read_without_a_defect(box: Mailbox, case: str) -> None:
    """By Python's parser at its strictest. `benchmarks/exim.py` sends the same through a real Exim."""
    for message in render.messages(load(case)):
        send(mail_channel(box.port), replace(message, subject=message.subject * 3), at=AT)
    for letter in box.letters:
        mail = message_from_bytes(letter, policy=SMTP.clone(raise_on_defect=True))
        assert isinstance(mail, EmailMessage)
        assert max(map(len, letter.splitlines())) <= 78
        bodies = [mail.get_body((kind,)) for kind in ("plain", "html")]
        assert all(body is not None and body.get_content().strip() for body in bodies)
        assert [body.get_content_charset() for body in bodies if body] == ["utf-8"] * 2


@pytest.mark.parametrize("subject", [
    "=?utf-8?q?Hi=0ABcc:_victim@x=0AContent-Type:_text/html?=", "Hi\nBcc: victim@x", "Hi\r\nBcc: victim@x\r\n\r\nBody",
    "Hi\u2028Bcc: victim@x", "=\u200b?utf-8?q?Hi=0ABcc:_victim@x?\u200b=", "=?=?utf-8?q?a=0ABcc:_v@x?=?=",
    "x" * 50_000, "=?utf-8?b?SGkKQmNjOiB2aWN0aW1AeA==?=", "Hi\x00\x0b\x0c\x85Bcc: victim@x", "\ud800 33",
])
def test_a_subject_stays_one_header_on_the_wire(box: Mailbox, subject: str) -> None:
    channel = replace(mail_channel(box.port), to=("ana@ngo.example",))
    send(channel, replace(MESSAGE, subject=subject), at=AT)
    assert header_names(box.letters[0]) == [
        b"subject", b"from", b"to", b"date", b"message-id", b"list-id", b"list-unsubscribe", b"auto-submitted",
        b"x-auto-response-suppress", b"mime-version", b"content-type"]
    assert box.recipients == [["ana@ngo.example"]]


def test_a_hostile_digest_is_one_mail_on_the_wire(box: Mailbox) -> None:
    (message,) = render.messages(load("hostile"))
    send(mail_channel(box.port), message, at=AT)
    assert b"bcc" not in header_names(box.letters[0])
    html = box.read()[0].get_body(("html",))
    assert html is not None
    assert not {"<script", "<img", "onerror=y>", "javascript:"} & set(html.get_content().split('"'))


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_encrypted_and_logged_in(tls: str, tmp_path: Path) -> None:
    with smtp_server(tls=tls, auth=True, folder=tmp_path) as box:
        trusted = mail_channel(box.port, tls=tls, user=USER, ca_file=str(tmp_path / "cert.pem"))
        send(trusted, MESSAGE, at=AT)
        assert box.encrypted == [True]
        wrong = refused(replace(trusted, secret="no-" + PASSWORD))
        assert (wrong.again, wrong.mendable) == (False, True)  # it goes out once the password is mended
        assert "check user and secret of [[channel]] \"desk\"" in str(wrong)
        untrusted = refused(mail_channel(box.port, tls=tls, user=USER))
        assert untrusted.again
        assert "does not trust the certificate of 127.0.0.1" in str(untrusted)
        assert len(box.letters) == 1


def test_plain_with_a_password_is_for_loopback_only() -> None:
    with smtp_server(auth=True) as box:
        send(mail_channel(box.port, user=USER), MESSAGE, at=AT)
        assert len(box.letters) == 1
    error = refused(mail_channel(25, user=USER, host="mail.ngo.example"))
    assert not error.again
    assert "would send its password to mail.ngo.example unencrypted" in str(error)


def test_a_server_without_starttls_gets_no_mail(box: Mailbox) -> None:
    error = refused(mail_channel(box.port, tls="starttls"))
    assert not error.again
    assert "check tls" in str(error)
    assert box.letters == []


@pytest.mark.parametrize(("answer", "again"), [("451 greylisted, try later", True), ("554 we do not like it", False),
                                               ("hang up", True)])
def test_what_the_server_says_to_the_letter_decides(box: Mailbox, answer: str, again: bool) -> None:
    box.data = [answer]
    error = refused(mail_channel(box.port))
    assert (error.again, error.mendable) == (again, False)
    assert box.letters == []


def test_each_recipient_is_independent(box: Mailbox) -> None:
    box.rcpt = {"ben@ngo.example": "550 no such user"}
    gone = refused(mail_channel(box.port))
    assert (gone.again, gone.lasting, gone.owed, gone.refused) == (False, True, (), ("ben@ngo.example",))
    assert "but not to ben@ngo.example (550 no such user)" in (gone.receipt or "")
    box.rcpt = {"ben@ngo.example": "450 greylisted"}
    later = refused(mail_channel(box.port))
    assert (later.again, later.lasting, later.owed, later.refused) == (True, False, ("ben@ngo.example",), ())
    assert box.recipients == [["ana@ngo.example"]] * 2
    box.rcpt = dict.fromkeys(("ana@ngo.example", "ben@ngo.example"), "550 no such user")
    nobody = refused(mail_channel(box.port))
    assert (nobody.again, nobody.receipt) == (False, None)
    box.rcpt["ana@ngo.example"] = "450 greylisted"
    assert refused(mail_channel(box.port)).again


def test_a_port_where_nobody_listens_is_tried_again() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        error = refused(mail_channel(held.getsockname()[1]))
    assert error.again
    assert "can't reach 127.0.0.1" in str(error)


def test_an_address_that_is_none_names_the_table() -> None:
    error = refused(replace(mail_channel(25), to=("nobody",)))
    assert not error.again
    assert 'has "nobody" where a mail address belongs; mend `from` and `to` in [[channel]] \"desk\"' in str(error)
    with pytest.raises(DeliveryError, match="where a mail address belongs"):
        compose(replace(mail_channel(25), to=("a@b\r\nBcc: c@d",)), MESSAGE, Thread(), AT)


def hook(slack: Slack) -> Channel:
    return Channel(id="ops", kind="slack-webhook", secret="https://hooks.slack.com" + HOOK,
                   settings={"base_url": slack.url})


def bot(slack: Slack) -> Channel:
    return Channel(id="ops", kind="slack-bot", to=("#returns",), secret=TOKEN,
                   settings={"base_url": slack.url + "/api/"})


@pytest.mark.parametrize("case", ["busy", "revision", "quiet", "degraded", "dead", "hostile", "instant"])
def test_slack_takes_every_digest(slack: Slack, case: str) -> None:
    for message in render.messages(load(case)):
        assert send(hook(slack), message, at=AT) == "ok"
        assert send(bot(slack), message, at=AT).startswith("15632.")
    assert slack.refused == []
    assert all(post["unfurl_links"] is False for post in slack.posts[::2])


def test_a_bot_hangs_an_event_on_its_first_message_and_no_digest(slack: Slack) -> None:
    thread = Thread(receipt="15632.000001")
    send(bot(slack), replace(MESSAGE, event_id=7), thread, at=AT)
    send(bot(slack), MESSAGE, thread, at=AT)
    assert [post.get("thread_ts") for post in slack.posts] == ["15632.000001", None]


@pytest.mark.parametrize(("post", "word"), [
    ({"text": ""}, "no_text"), ({"blocks": []}, "no_text"), ({"text": "x", "colour": "red"}, "invalid_arguments"),
    ({"text": "x", "unfurl_links": "no"}, "invalid_arguments"), ({"text": "x" * 40_001}, "msg_too_long"),
    ({"text": "x", "blocks": "[]"}, "invalid_blocks_format"),
    ({"text": "x", "blocks": [{"type": "divider"}] * 51}, "no more than 50 items"),
    ({"text": "x", "blocks": [{"type": "divider", "text": "x"}]}, "no more properties"),
    ({"text": "x", "blocks": [{"type": "markdown", "text": "x"}]}, "unsupported type"),
    ({"text": "x", "blocks": [{"type": "section"}]}, "text or fields"),
    ({"text": "x", "blocks": [{"type": "section", "text": "x"}]}, "must be a text object"),
    ({"text": "x", "blocks": [{"type": "divider", "block_id": "a"}] * 2}, "there twice"),
    ({"text": "x", "blocks": [{"type": "context", "elements": []}]}, "elements must be 1 to 10"),
    ({"text": "x", "blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]}, "must be a text object"),
    ({"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]}, "1 to 150"),
    ({"text": "x", "blocks": [slack_blocks.section("x" * 2_900)] * 5}, "msg_blocks_too_long"),
    ({"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}]},
     "no more properties"),
    ({"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "verbatim": 1}}]},
     "no more properties"),
    ({"text": "x", "blocks": [slack_blocks.section("<!channel> come")]}, "pings"),
    ({"text": "x", "blocks": [slack_blocks.section("a < b")]}, "unescaped '<'"),
    ({"text": "x", "blocks": [slack_blocks.section("R&D")]}, "unescaped '&'")])
def test_the_slack_of_these_tests_refuses_what_slack_refuses(post: dict[str, Any], word: str) -> None:
    found = refusal(post)
    assert found is not None
    assert word in str(found)
    assert refusal({**post, "text": "x", "blocks": [slack_blocks.section(">a\n<https://a.example/?b=1|c &amp; d>")]}
                   ) is None or word in {"invalid_arguments"}


def test_more_messages_than_slack_takes_in_a_second_all_arrive(slack: Slack, tmp_path: Path) -> None:
    """Slack bears short bursts and then asks for a second's pause: the channel rests, and nothing is lost."""
    past = 0.0
    slack.burst, slack.clock = 5, lambda: past
    asked = slack_config("slack-webhook", slack.url, every=Every.INSTANT, most_an_hour=50)
    changes = [{"event": n, "change": "opened"} for n in range(1, 31)]
    with ledger(tmp_path / "h.db", changes, events=range(1, 31)) as store:
        for _ in range(40):
            tell(store, asked, NOON + timedelta(seconds=past))
            past += 2
        assert {delivery.state for delivery in store.deliveries()} == {"sent"}
    assert len(slack.posts) == 30
    assert 30 < slack.requests < 70


def test_slack_that_asks_to_wait_is_obeyed(slack: Slack) -> None:
    slack.answers = [(429, "ratelimited", "37"), (429, "ratelimited", "38"), (429, "ratelimited", None)]
    waits = [refused(hook(slack)), refused(bot(slack)), refused(hook(slack))]
    assert [error.retry_after for error in waits] == [37, 38, 1]
    assert all(error.again for error in waits)
    assert slack.requests == 3


@pytest.mark.parametrize(("status", "error", "again"), [
    (400, "invalid_blocks", False), (404, "no_service", False), (410, "channel_is_archived", False),
    (403, "invalid_token", False), (500, "server_error", True), (503, "service_unavailable", True)])
def test_a_hook_that_is_refused(slack: Slack, status: int, error: str, again: bool) -> None:
    slack.answers = [(status, error, None)] * 2  # blocks that are refused are tried as text, once
    found = refused(hook(slack))
    assert found.again is again
    assert found.mendable is (status in {403, 404, 410}), "a hook can be made anew, a bad message can't"
    assert f"{status} {error}" in str(found)


@pytest.mark.parametrize(("error", "again", "way_out"), [
    ("invalid_auth", False, "put a valid bot token"), ("not_in_channel", False, "invite the bot"),
    ("channel_not_found", False, "check `to`"), ("internal_error", True, ""), ("invalid_blocks", False, "")])
def test_a_bot_that_is_refused(slack: Slack, error: str, again: bool, way_out: str) -> None:
    slack.answers = [(200, error, None)] * 2
    found = refused(bot(slack))
    assert (found.again, found.mendable) == (again, bool(way_out))
    assert error in str(found)
    assert way_out in str(found)


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long"])
def test_a_digest_whose_blocks_slack_refuses_is_told_as_text(slack: Slack, error: str) -> None:
    (message,) = render.messages(replace(load("hostile"), page="https://digests.example/a/2019-07/x.html"))
    slack.answers = [(400, error, None)]
    assert send(hook(slack), message, at=AT) == "ok"
    slack.answers = [(200, error, None)]
    assert send(bot(slack), message, at=AT).startswith("15632.")
    for post in slack.posts:
        assert "blocks" not in post
        assert "<https://digests.example/a/2019-07/x.html|The whole digest>" in post["text"]
        assert len(post["text"]) <= 3_000
        assert "<!channel>" not in post["text"]


def test_slack_out_of_reach_and_secrets_that_are_none(slack: Slack, caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as held, caplog.at_level(logging.DEBUG):
        held.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{held.getsockname()[1]}"
        assert refused(replace(hook(slack), settings={"base_url": away})).again
        assert refused(replace(bot(slack), settings={"base_url": away + "/"})).again
    send(hook(slack), MESSAGE, at=AT)
    assert HOOK not in caplog.text
    assert TOKEN not in caplog.text
    assert refused(replace(hook(slack), secret=None)).lasting
    assert refused(replace(hook(slack), secret="hooks")).lasting
    assert not refused(replace(bot(slack), to=())).again
    assert not refused(Channel(id="x", kind="pigeon")).again
    assert HOOK not in repr(hook(slack))


def test_the_date_is_what_is_given(box: Mailbox) -> None:
    send(mail_channel(box.port), MESSAGE, at=datetime(2019, 1, 1, tzinfo=UTC))
    assert box.read()[0]["Date"] == "Tue, 01 Jan 2019 00:00:00 +0000"
