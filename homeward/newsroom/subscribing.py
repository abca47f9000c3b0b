"""A `homeward.toml` for a newsroom that is open: every outlet a source, a mailbox and a Slack hook to tell."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from homeward.newsroom.post import Mailbox, SlackHook
from homeward.newsroom.room import House, Newsroom

HOOK_FILE = "slack-hook.txt"
CRAWL = """\
# Written by `homeward demo` for newspapers on this machine. The ports are those of that one run.
database = "homeward.db"

[crawl]
contact = "demo@homeward.example"
allow_networks = ["127.0.0.0/8"]   # loopback is refused unless it is listed here
delay = 0                          # the newspapers are ours; others are asked once a second at most
per_host = 8                       # they all live at one address
interval = 60
min_interval = 30
max_interval = 600
"""


def write_config(room: Newsroom, folder: Path, *, mailbox: Mailbox | None = None, hook: SlackHook | None = None,
                 hour: int = 18) -> Path:
    """Write `homeward.toml` into the folder (and the hook's address into a file beside it); returns its path."""
    parts = [CRAWL, *(_source(house) for house in room.houses.values())]
    if mailbox is not None:
        parts.append(_email(mailbox, hour))
    if hook is not None:
        secret = folder / HOOK_FILE
        secret.touch(mode=0o600)
        secret.write_text(hook.url + "\n", "utf-8")
        parts.append(_slack(hour))
    path = folder / "homeward.toml"
    path.write_text("\n".join(parts), "utf-8")
    return path


def _table(name: str, values: Iterable[tuple[str, object]]) -> str:
    """A TOML table of strings, numbers and lists of strings: written alike in JSON and TOML."""
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values if value not in (None, [], ()))
    return "\n".join((f"[[{name}]]", *lines, ""))


def _source(house: House) -> str:
    outlet = house.outlet
    kind = outlet.feed if outlet.feed in ("sitemap", "listing") else "feed"
    source = _table("source", (
        ("id", outlet.id), ("name", outlet.name), ("kind", outlet.kind), ("country", outlet.country),
        ("languages", [outlet.lang]), ("state_media", outlet.state_media),
        ("mirrors", list(house.hosts) if outlet.mirrors else [])))
    return "\n".join((source, *(_table("source.endpoint", (
        ("url", url), ("kind", kind), ("link_pattern", outlet.link_pattern))) for url in house.feeds)))


def _email(mailbox: Mailbox, hour: int) -> str:
    channel = _table("channel", (
        ("id", "desk-mail"), ("kind", "email"), ("to", ["desk@newsroom.example"]),
        ("from", "homeward@newsroom.example"), ("host", "127.0.0.1"), ("port", mailbox.port), ("tls", "none")))
    return channel + "\n" + _subscription("evening-mail", "desk-mail", hour)


def _slack(hour: int) -> str:
    channel = _table("channel", (("id", "desk-slack"), ("kind", "slack-webhook"), ("url_file", HOOK_FILE)))
    return channel + "\n" + _subscription("evening-slack", "desk-slack", hour)


def _subscription(name: str, channel: str, hour: int) -> str:
    return _table("subscription", (("id", name), ("channel", channel), ("every", "daily"), ("hour", hour)))
