"""A signed webhook against a real HTTP server, Apprise as an extra, the Atom feed, and the verbs around them."""

from __future__ import annotations

import hmac
import json
import re
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from click.testing import CliRunner

from alerts import notices
from alerts.channels import send
from alerts.safe import mrkdwn
from config.loading import load_text
from config.secrets import missing_secrets
from desk import file
from explorer.atom import ATOM, atom
from homeward.cli import cli
from homeward.newsroom.slack_rules import problem
from records.errors import ConfigError, DeliveryError
from records.ledger import Event
from records.telling import Channel, Message, Outage, Thread
from storage import Store
from tests.telling_news import article, claim, reading

AT, NOW = datetime(2019, 7, 16, 6, tzinfo=UTC), datetime(2019, 7, 17, 9, 30, tzinfo=UTC)
KEY = "a-signing-key-77b"
MESSAGE = Message(key="returns/2019-07-16/1", subject="33 children", text="Text “33”", html="<p>33</p>", events=(7, 8))


@dataclass
class Hook:
    """What was posted, and the next answers: (status, Retry-After)."""

    url: str = ""
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, str | None]] = field(default_factory=list)


@contextmanager
def hook_server() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            status, wait = hook.answers.pop(0) if hook.answers else (200, None)
            hook.posts.append((dict(self.headers.items()), data))
            self.send_response(status)
            if wait:
                self.send_header("Retry-After", wait)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"fine")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.url = f"http://127.0.0.1:{server.server_port}/in?x=1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def channel(hook: Hook, **more: Any) -> Channel:
    return Channel(**{"id": "mine", "kind": "webhook", "secret": KEY, "settings": {"url": hook.url}, **more})


def refused(mine: Channel) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send(mine, MESSAGE, at=AT, now=NOW)
    assert KEY not in str(caught.value)
    return caught.value


def test_a_webhook_gets_json_that_it_can_trust() -> None:
    with hook_server() as hook:
        assert send(channel(hook), MESSAGE, Thread(keys=("returns/2019-07-15/1",)), at=AT, now=NOW) == "200 fine"
        (headers, data), = hook.posts
        stamp = headers["Homeward-Timestamp"]
        signed = hmac.new(KEY.encode(), stamp.encode() + b"." + data, sha256).hexdigest()
        assert headers["Homeward-Signature"] == f"sha256={signed}"
        assert int(stamp) == int(NOW.timestamp())  # of this attempt: the message may have waited for days
        assert (headers["Homeward-Id"], headers["Content-Type"]) == (MESSAGE.key, "application/json")
        assert json.loads(data) == {
            "id": MESSAGE.key, "at": "2019-07-16T06:00:00+00:00", "subject": "33 children", "text": "Text “33”",
            "html": "<p>33</p>", "page": None, "event": None, "events": [7, 8], "thread": ["returns/2019-07-15/1"]}


@pytest.mark.parametrize(("status", "wait", "again", "mendable"), [
    (500, None, True, False), (429, "37", True, False), (503, "Wed, 17 Jul 2019 09:31:00 GMT", True, False),
    (404, None, False, True), (400, None, False, False), (302, None, False, True)])
def test_a_webhook_that_refuses(status: int, wait: str | None, again: bool, mendable: bool) -> None:
    with hook_server() as hook:
        hook.answers = [(status, wait)]
        error = refused(channel(hook))
        assert (error.again, error.mendable, error.lasting) == (again, mendable, not again)
        assert error.retry_after == {"37": 37, None: None}.get(wait, 60)
        assert len(hook.posts) == 1  # a redirect is not followed
        assert refused(channel(hook, secret=None)).lasting
        assert refused(channel(hook, settings={"url": "http://127.0.0.1:1/"})).again


def test_apprise_that_is_missing_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)  # what `import` sees of a package that is not there
    error = refused(Channel(id="chat", kind="apprise", secret="json://127.0.0.1:1"))
    assert "pip install 'homeward[apprise]'" in str(error)
    assert (error.again, error.mendable) == (False, True)


@pytest.mark.filterwarnings("ignore:.imghdr. is deprecated")  # its own, on Python 3.11
def test_apprise_where_it_is_installed_posts_and_says_what_it_can() -> None:
    pytest.importorskip("apprise")
    with hook_server() as hook:
        chat = Channel(id="chat", kind="apprise", secret=hook.url.replace("http:", "json:"))
        assert send(chat, MESSAGE, at=AT) == "handed to Apprise"
        assert json.loads(hook.posts[0][1])["message"] == "Text “33”"
        for status, again, mendable in ((500, True, False), (429, True, False), (401, False, True), (404, False, True)):
            hook.answers = [(status, None)]
            error = refused(chat)
            assert (error.again, error.mendable, str(status) in str(error)) == (again, mendable, True)
    assert refused(chat).again  # nobody answers: that passes
    assert refused(Channel(id="chat", kind="apprise", secret="no address")).lasting


CONFIG = """
[[channel]]
id = "mine"
kind = "webhook"
url = "https://hooks.example/in"
key_env = "HOOK_KEY"
fallback = "chat"

[[channel]]
id = "chat"
kind = "apprise"
url_env = "CHAT_URL"

[[subscription]]
id = "returns"
channel = "mine"
every = "instant"
kind = ["repatriation", "return"]
source_kind = ["government"]
text = ["Zhusan"]
quiet_hours = [22, 7]
most_an_hour = 3
overdue_days = 0
errors = true
errors_after = 4
"""


def test_the_new_settings_come_to_what_they_say() -> None:
    loaded = load_text(CONFIG, {"HOOK_KEY": KEY, "CHAT_URL": "ntfy://x"})
    rule, = loaded.subscriptions
    assert (rule.kind, rule.source_kind, rule.text, rule.quiet_hours) == (
        ("repatriation", "return"), ("government",), ("Zhusan",), (22, 7))
    assert (rule.most_an_hour, rule.overdue_days, rule.errors, rule.errors_after) == (3, 0, True, 4)
    assert (loaded.channels["mine"].fallback, loaded.channels["mine"].secret) == ("chat", KEY)
    assert missing_secrets(load_text(CONFIG, {"HOOK_KEY": KEY})) == [
        'homeward.toml: [[channel]] "chat": its url was not found in the environment variable CHAT_URL']


@pytest.mark.parametrize(("old", "new", "said"), [
    ('fallback = "chat"', 'fallback = "chap"', 'has fallback = "chap", which is no other [[channel]]'),
    ('fallback = "chat"', 'fallback = "mine"', 'has fallback = "mine", which is no other [[channel]]'),
    ("[22, 7]", "[22, 24]", "quiet_hours"), ('"government"', '"gossip"', "source_kind"),
    ('"return"', '"flight"', "kind"), ('key_env = "HOOK_KEY"', 'key = "abc"', "a secret does not belong in this file")])
def test_a_wrong_new_setting_is_named(old: str, new: str, said: str) -> None:
    with pytest.raises(ConfigError, match=r"homeward\.toml") as caught:
        load_text(CONFIG.replace(old, new), {})
    assert said in str(caught.value)


def test_notices_fit_into_slack_whatever_a_source_is_called() -> None:
    bad = [Outage(endpoint_id=n, source=f"<!channel> {n}\n" * 40, url="https://a.example/" + "x" * 4000, failures=9,
                  why="it said \u202e<b>" * 500, since=None) for n in range(60)]
    for failing, back in ((bad, bad), (bad[:1], []), ([], bad[:2])):
        made = notices.outages("x/errors-1/1", failing, back, zone=UTC, subscription="x")
        assert problem({"text": mrkdwn(made.subject), "blocks": made.blocks}) is None
        assert "<!channel>" not in json.dumps(made.blocks[1:])
        assert "\u202e" not in made.text
        assert len(made.subject) <= 200
        assert "<!DOCTYPE html>" in (made.html or "")
        assert "it said &lt;b&gt;" in (made.html or "") or not failing
        assert not re.search(r"<(b|img|script)\b|\u202e", made.html or "")
        assert len((made.html or "").encode()) < 100_000


def ledger(path: Path) -> None:
    with Store.open(path) as store:
        for number, outlet in enumerate(("A & B <i>", "Rudaw"), 1):
            read = reading(claim("RU", way="IQ>RU", date="2019-07-15", children=33),
                           text="The boy Ahmed Karim, 7, came home.", minors=("Ahmed Karim",))
            told = article(read, number, outlet=outlet, published="2019-07-15", title="Ahmed Karim, 7, is home")
            file(store, told, read, source=None, now=AT + timedelta(hours=number))
        read = reading(claim("KZ", way="SY>KZ", date="2019-07-16", children=14))
        file(store, article(read, 9, published="2019-07-16"), read, source=None, now=AT)


def test_the_atom_feed_of_events(tmp_path: Path) -> None:
    ledger(tmp_path / "h.db")
    runner, asked = CliRunner(), ["--db", str(tmp_path / "h.db")]
    result = runner.invoke(cli, ["export", "events", "--format", "atom", *asked])
    assert result.exit_code == 0, result.output
    feed = feedparser.parse(result.output)
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == [
        "33 children brought home from Iraq to Russia", "14 children brought home from Syria to Kazakhstan"]
    first = feed.entries[0]
    assert first.updated == feed.feed.updated == "2019-07-16T08:00:00Z"
    assert first.published == "2019-07-16T07:00:00Z"
    assert [(link.rel, link.title) for link in first.links] == [("alternate", "A & B <i>"), ("related", "Rudaw")]
    said = ElementTree.fromstring(result.output).findtext(f"{{{ATOM}}}entry/{{{ATOM}}}summary", "")
    assert said.endswith("Status: completed. 1 independent source: A & B <i>, Rudaw.")  # one text in two papers
    assert "Ahmed" not in result.output
    again = feedparser.parse(runner.invoke(cli, ["export", "events", "--format", "atom", *asked]).output)
    assert [entry.id for entry in again.entries] == [entry.id for entry in feed.entries]
    assert len({entry.id for entry in feed.entries}) == 2
    assert runner.invoke(cli, ["export", "claims", "--format", "atom", *asked]).exit_code == 2


def test_an_empty_feed_and_characters_that_xml_lacks() -> None:
    empty = feedparser.parse(atom([], title=str, summary=str, now=AT))
    assert (empty.bozo, empty.entries, empty.feed.updated) == (False, [], "2019-07-16T06:00:00Z")
    odd = atom([Event(id=1)], title=lambda event: "a\0\ufffe]]>\x1b<b>", summary=lambda event: "\ud800", now=AT)
    assert feedparser.parse(odd).entries[0].title == "a]]><b>"


def test_the_verbs_try_a_rule_on_the_past(tmp_path: Path) -> None:
    ledger(tmp_path / "h.db")
    (tmp_path / "homeward.toml").write_text(
        'database = "h.db"\n[[channel]]\nid = "desk"\nkind = "email"\nto = ["a@b.example"]\nfrom = "h@b.example"\n'
        'host = "127.0.0.1"\n[[subscription]]\nid = "kz"\nchannel = "desk"\nnationality = ["KZ"]\n'
        '[[subscription]]\nid = "fr"\nchannel = "desk"\nnationality = ["FR"]\n', "utf-8")
    asked = ["--config", str(tmp_path / "homeward.toml")]
    said = CliRunner().invoke(cli, ["digest", "--subscription", "kz", "--since", "7d", "--dry-run", "--now",
                                    "2019-07-18T12:00+00:00", *asked]).output
    assert said.startswith('"kz" would have sent 1 message and')
    assert "2019-07-16 08:00  14 children home to Kazakhstan" in said
    assert "Russia" not in said
    checked = CliRunner().invoke(cli, ["check", *asked]).output
    assert '[[subscription]] "fr": the ledger has no event from the last 90 days to try it on' in checked


@contextmanager
def mute_server(words: bytes = b"") -> Iterator[int]:
    """A server that says these words at once, takes what comes, and answers nothing more."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        held: list[socket.socket] = []

        def take() -> None:
            with suppress(OSError):
                while True:
                    held.append(listening.accept()[0])
                    held[-1].sendall(words)
        thread = threading.Thread(target=take)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
        for one in held:
            one.close()


@pytest.mark.parametrize("kind", ["webhook", "slack-webhook", "slack-bot", "email"])
def test_who_does_not_answer_is_tried_again(kind: str) -> None:
    with mute_server() as port:
        away = f"http://127.0.0.1:{port}/"
        slow = Channel(id="slow", kind=kind, secret="https://hooks.slack.com/services/x" if kind[-3:] == "ook" else "x",
                       to=("a@b.example",), settings={"url": away, "base_url": away, "timeout": 1, "port": port,
                                                      "host": "127.0.0.1", "tls": "none", "from": "h@b.example"})
        error = refused(slow)
        assert (error.again, error.lasting) == (True, False)


def test_a_line_cut_in_the_middle_of_the_letter_is_tried_again() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def cut() -> None:
            line, _ = listening.accept()
            with line, line.makefile("rb") as said:
                line.sendall(b"220 here\r\n")
                for command in said:
                    if command.upper().startswith(b"DATA"):
                        line.sendall(b"354 go on\r\n")
                        said.read(300)
                        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        return
                    line.sendall(b"250 fine\r\n")
        thread = threading.Thread(target=cut)
        thread.start()
        mail = Channel(id="desk", kind="email", to=("a@b.example",), settings={
            "host": "127.0.0.1", "port": listening.getsockname()[1], "tls": "none", "from": "h@b.example"})
        long = Message(key="x/y/1", subject="long", text="long\n" * 200_000)
        with pytest.raises(DeliveryError, match="can't reach") as caught:
            send(mail, long, at=AT)
        thread.join()
    assert (caught.value.again, caught.value.lasting) == (True, False)
