"""Digests kept whole as pages: what a capped message leaves out is one click away, and nothing is ever written over."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from alerts import render
from config.loading import load_text
from config.model import Archive, Config
from homeward.cli import cli
from homeward.newsroom.slack_rules import problem
from records.errors import ArchiveError, ConfigError
from records.telling import Channel, Every
from scheduler import archive
from scheduler.telling import tell
from tests import tell as make
from tests.telling_store import NOON, OPENED, REVISED, Sender, config, ledger
from tests.test_alerts import chosen, event

DAY = timedelta(days=1)
URL = "https://digests.ngo.example/a"


def kept(folder: Path, **asked: Any) -> Config:
    return replace(config(**asked), archive=Archive(folder=folder, url=URL))


def pages(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_digest_is_there_whole_before_its_message_links_to_it(tmp_path: Path) -> None:
    sender, folder = Sender(), tmp_path / "digests"
    changes = [{"event": n, "change": "opened"} for n in range(1, 501)]
    with ledger(tmp_path / "h.db", changes, events=range(1, 501)) as store:
        tell(store, kept(folder), NOON, sender)
    ((message, _),) = sender.sent
    page = (folder / "returns/2019-07/2019-07-16.html").read_text("utf-8")
    assert message.page == f"{URL}/returns/2019-07/2019-07-16.html"
    assert page.count('<div class="card">') == 500
    assert len(page.encode()) > 102_000 > len((message.html or "").encode())
    assert re.search(r"\d+ more events did not fit in here\. The whole digest has all of it: " + message.page,
                     message.text)
    assert f'<a href="{message.page}">The whole digest</a>' in (message.html or "")
    assert f"<{message.page}|The whole digest> has all of it." in json.dumps(message.blocks)
    assert problem({"text": message.subject, "blocks": message.blocks}) is None
    assert "homeward events" not in message.text + json.dumps(message.blocks)
    for index in ("index.html", "returns/2019-07/index.html"):
        assert "2019-07" in (folder / index).read_text("utf-8")
    assert message.subject.replace("'", "&#39;") in (folder / "returns/2019-07/index.html").read_text("utf-8")


def test_without_an_archive_the_command_is_named(tmp_path: Path) -> None:
    found = chosen([{"event": n, "change": "opened"} for n in range(1, 61)], *(event(n) for n in range(1, 61)))
    (message,) = render.messages(found)
    assert "20 more events did not fit in here. The command “homeward events” lists all." in message.text
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        sender = Sender()
        tell(store, replace(config(), archive=Archive(folder=tmp_path / "a")), NOON, sender)  # kept, and not served
        assert sender.sent[0][0].page is None
        assert "returns/2019-07/2019-07-16.html" in pages(tmp_path / "a")


def test_no_page_is_ever_written_over(tmp_path: Path) -> None:
    one, other = chosen([OPENED], event(1)), chosen([OPENED], event(1, children=99))
    store = Archive(folder=tmp_path, url=URL + "/")
    assert archive.keep(store, one) == archive.keep(store, one)
    first = (tmp_path / "returns/2019-07/2019-07-16.html").read_bytes()
    assert (archive.keep(store, other) or "").endswith("/returns/2019-07/2019-07-16-2.html")
    assert (tmp_path / "returns/2019-07/2019-07-16.html").read_bytes() == first
    assert pages(tmp_path) == ["index.html", "returns/2019-07/2019-07-16-2.html", "returns/2019-07/2019-07-16.html",
                               "returns/2019-07/index.html"]


def test_a_page_runs_nothing_and_loads_nothing(tmp_path: Path) -> None:
    page = render.whole(make.load("hostile"))
    assert "default-src 'none'" in page
    assert not re.search(r"<(script|img|i)\b|href=\"(?!https?:|\.\./)|\u202e", page)
    archive.keep(Archive(folder=tmp_path), make.load("hostile"))
    index = (tmp_path / "returns/2019-07/index.html").read_text("utf-8")
    assert not re.search(r"<(script|img|i)\b|\u202e", index)


def test_an_archive_that_cant_be_written_stops_no_digest_and_is_told_once(tmp_path: Path) -> None:
    blocked, sender = tmp_path / "digests", Sender()
    blocked.write_text("a file where the folder belongs")
    ops = Channel(id="ops", kind="slack-bot", to=("#ops",))
    asked = kept(blocked, every=Every.HOURLY)
    watch = replace(asked.subscriptions[0], id="watch", channel="ops", errors=True, every=Every.WEEKLY)
    asked = replace(asked, channels={**asked.channels, "ops": ops}, subscriptions=(*asked.subscriptions, watch))
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        for hour in range(3):
            store.told = (*store.told, make.revision(hour + 2, {**REVISED, "new": 40 + hour}))
            tell(store, asked, NOON + timedelta(hours=hour), sender)
        subjects = [message.subject for message, _ in sender.sent]
        assert subjects.count("Homeward can't keep its digests") == 1
        assert sum("children" in subject for subject in subjects) == 4  # three hours, and the week of the watch
        assert all(message.page is None for message, _ in sender.sent)
        notice = next(message for message, _ in sender.sent if "keep" in message.subject)
        assert "can't be written" in notice.text
        assert "<!DOCTYPE html>" in (notice.html or "")
        blocked.unlink()
        store.told = (*store.told, make.revision(9, {**REVISED, "new": 50}))
        tell(store, asked, NOON + timedelta(hours=4), sender)
        assert sender.sent[-1][0].page is not None
        assert store.rows("select * from troubles") == []


def test_a_disk_that_is_full_leaves_no_half_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ArchiveError, match="No space left on device"):
        archive.keep(Archive(folder=tmp_path), chosen([OPENED], event(1)))
    assert pages(tmp_path) == []


def test_check_says_whether_the_archive_will_work(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    for setting, said in (('archive = "kept/here"\npublic_url = "https://a.example"', "served at https://a.example"),
                          ('archive = "kept"', "no message links to them"),
                          ('archive = "blocked/x"', "can't be written to, so digests are not kept")):
        (tmp_path / "homeward.toml").write_text(f"[digest]\n{setting}\n", "utf-8")
        assert said in CliRunner().invoke(cli, ["check", "--config", str(tmp_path / "homeward.toml")]).output


def test_the_setting_is_a_folder_beside_the_config_and_an_address() -> None:
    loaded = load_text('[digest]\narchive = "digests"\npublic_url = "https://a.example/d/"\n', {})
    assert loaded.archive is not None
    assert (loaded.archive.folder.name, loaded.archive.url) == ("digests", "https://a.example/d")
    assert load_text("", {}).archive is None
    with pytest.raises(ConfigError, match="has a public_url and no archive"):
        load_text('[digest]\npublic_url = "https://a.example/d/"\n', {})
