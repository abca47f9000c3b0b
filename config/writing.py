"""The first `homeward.toml`: every setting with its description and its default, from the one list of settings."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from typing import Any

from config.settings import Crawl, DigestTable, EmailTable, Settings, SlackBotTable, SubscriptionTable, described
from config.source_tables import EndpointTable, SourceTable, Table

WIDTH = 110
HEAD = """\
# Homeward: what to watch and whom to tell. `homeward check` checks this file, docs/settings.md describes every key.
# A line that begins with "# " and a key shows its default: take the "#" away to change it.
"""
EXAMPLES: dict[str, dict[str, object]] = {  # values for the tables that are shown commented out
    "source": {"id": "example", "name": "The Example Times", "kind": "news", "country": "FR", "languages": ["fr"]},
    "source.endpoint": {"url": "https://www.example.org/feed.xml", "kind": "feed", "fetch": "matching"},
    "channel": {"id": "desk", "kind": "email", "to": ["you@example.org"], "from": "homeward@example.org",
                "host": "smtp.example.org", "port": 587, "tls": "starttls", "user": "homeward@example.org",
                "password_env": "HOMEWARD_SMTP_PASSWORD"},
    "channel (Slack)": {"id": "slack", "kind": "slack-bot", "channel": "C0123456789",
                        "token_env": "HOMEWARD_SLACK_TOKEN"},
    "subscription": {"id": "daily", "channel": "desk", "every": "daily", "hour": 8, "zone": "Europe/Paris",
                     "nationality": []},
    "digest": {"archive": "digests", "public_url": "https://digests.example.org/homeward"},
}


def first_config(chosen: Sequence[tuple[SourceTable, EndpointTable]], *, contact: str = "") -> str:
    """The text of a new config that watches these endpoints of the catalogue. It loads as it stands."""
    about = {key: text for key, text, _, _ in described(Settings)}
    return "\n".join([
        HEAD,
        *_comment(about["database"]), 'database = "homeward.db"', "",
        *_comment(about["catalogue"] + ". `homeward init --list` shows all of them."),
        "catalogue = [", *_ids(chosen), "]", "",
        *_crawl(contact), "",
        "# Sources that the catalogue lacks, as many [[source]] tables as you like:", "#",
        *_shown("source", SourceTable), *_shown("source.endpoint", EndpointTable), "",
        "# Ways out. Until there is one, `homeward digest` shows the digest on the terminal. There are slack-webhook,",
        "# webhook (signed JSON) and apprise as well: docs/settings.md.", "#",
        *_shown("channel", EmailTable), "#", *_shown("channel (Slack)", SlackBotTable), "",
        "# Who is told what, over which channel, how often:", "#",
        *_shown("subscription", SubscriptionTable), "",
        "# Every digest kept whole as a page, which messages link to where they leave something out:", "#",
        *_shown("digest", DigestTable), ""])


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text[:1].upper() + text[1:], WIDTH, initial_indent="# ", subsequent_indent="# ")


def toml_value(value: Any) -> str:
    """A value as TOML writes it; our settings are text, numbers, truth and lists of text."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _ids(chosen: Sequence[tuple[SourceTable, EndpointTable]]) -> list[str]:
    longest = max((len(endpoint.id or "") for _, endpoint in chosen), default=0)
    lines = []
    for source, endpoint in chosen:
        state = f", state media of {source.state_media}" if source.state_media else ""
        told = f"{source.name}, {endpoint.language}{state}; {endpoint.kind}, grade {endpoint.grade}"
        lines.append(f'  "{endpoint.id}",{" " * (longest - len(endpoint.id or ""))}  # {told}')
    return lines


def _crawl(contact: str) -> list[str]:
    lines = ["[crawl]"]
    for key, text, default, _ in described(Crawl):
        lines += _comment(text)
        lines.append(f"contact = {toml_value(contact)}" if key == "contact" else f"# {key} = {toml_value(default)}")
    return lines


def _shown(name: str, table: type[Table]) -> list[str]:
    """A table commented out, with example values; only the keys that the example has."""
    example, about = EXAMPLES[name], {key: text for key, text, _, _ in described(table)}
    head = name.split(" ", maxsplit=1)[0]
    lines = [f"# [{head}]" if table is DigestTable else f"# [[{head}]]"]
    for key, value in example.items():
        lines.append(f"# {key} = {toml_value(value)}".ljust(46) + f"  # {about[key]}")
    return lines
