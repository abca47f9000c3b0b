"""The pages of docs/ that are made from the program itself: `./run.sh docs` writes them, a test holds them to it."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import click

from config.settings import TABLES, described
from config.writing import toml_value
from homeward import children, discovery, lines
from homeward.cli import VERBS, cli
from records import errors
from records.errors import HomewardError
from storage import schema, schema_changes, schema_ledger

MADE = "<!-- Made by `./run.sh docs` from {source}; change it there. -->"
TITLES = {
    "": "The top of the file", "crawl": "[crawl]", "daemon": "[daemon]", "store": "[store]",
    "source": "[[source]]", "source.endpoint": "[[source.endpoint]]",
    "channel (email)": '[[channel]] with kind = "email"', "subscription": "[[subscription]]",
    "digest": "[digest]", "services": "[services]",
    "channel (slack-webhook)": '[[channel]] with kind = "slack-webhook"',
    "channel (slack-bot)": '[[channel]] with kind = "slack-bot"',
    "channel (webhook)": '[[channel]] with kind = "webhook"', "channel (apprise)": '[[channel]] with kind = "apprise"'}
TABLES_SAID = {
    "sources": "Somebody whose news is watched; taken over from the config at each start.",
    "endpoints": "One address visited on a schedule, with its working state: when it is due, who is at it, validators.",
    "hosts": "Registered domains that asked to be left alone.",
    "pauses": "What a person lets rest, with `homeward sources pause`.",
    "gaps": "Visits that met nothing they knew, so that entries may have been missed. Kept for 90 days.",
    "robots": "robots.txt as last read.",
    "visits": "Every finished visit with its outcome. Kept for 90 days.",
    "entries": "What endpoints promised: stored before the ETag that would make the server say \"nothing new\".",
    "drops": "What was not kept, at which stage and by which rule.",
    "runs": "One row a crawl: its report, and the sign of life that the watchdog looks at.",
    "articles": "One news text at one canonical address.",
    "versions": "The texts of an article over time; the newest is the article's `version_id`.",
    "addresses": "Every address an article was met at.",
    "decisions": "What was decided of each article that came, and why: new, a version, known, a copy, dropped.",
    "sketches": "Fingerprints by which near-duplicates are found.",
    "sketch_hashes": "The index of the fingerprints.",
    "claims": "What a version says of one movement, with its quote and the quote's place in the text.",
    "figures": "Numbers that belong to no single movement: held, requests, repatriated in total, joined, died.",
    "officials": "Named persons with a public role.",
    "events": "One movement of people, with its reconciled slots.",
    "judgements": "Which event a claim belongs to, and why; the newest row of a claim holds.",
    "event_keys": "What events are looked up by.",
    "event_links": "Events that are related but not the same: a plan, and what came of it in other numbers.",
    "corrections": "What a person decided in review. Stored apart from what was read; only added to, an undoing too.",
    "review_marks": "Which claims the corrections in force confirm, change or reject; made from `corrections`.",
    "review_ties": "Which claims a person put together or kept apart; made from `corrections`.",
    "revisions": "One change of one slot of one event, with the claim that caused it.",
    "deliveries": "Every message, written before it is sent and marked after.",
    "delivery_events": "Which events a message told of: the thread.",
    "outages": "Failing endpoints that a subscription was told of; a row goes when it was told that they are back.",
    "troubles": "Channels that fail and were reported on another one; `whom` is a recipient, `late` (slow), or empty.",
    "channel_rests": "Channels that asked to be left alone.",
    "cursors": "How far each subscription was told.",
    "meta": "Odds and ends, by key.",
    "versions_fts": "Full-text search over the texts.",
}


def settings_page() -> str:
    """docs/settings.md"""
    parts = ["# Settings", MADE.format(source="config/settings.py"), (
        "`homeward.toml` is TOML. `homeward init` writes one in which every setting of the crawl stands with its "
        "default; `homeward check` checks it. An unknown key is an error that names the nearest known one. Passwords, "
        "tokens and hook addresses never stand in it: `…_env` names an environment variable, `…_file` a file.")]
    for name, table in TABLES.items():
        parts += [f"## {TITLES[name]}", (table.__doc__ or "").strip(), "| key | default | meaning |\n|---|---|---|\n"
                  + "\n".join(f"| `{key}` | {_default(default, required=required)} | {text} |"
                              for key, text, default, required in described(table))]
    return "\n\n".join(parts) + "\n"


def _default(value: object, *, required: bool) -> str:
    if required:
        return "required"
    return f"`{toml_value(value)}`" if isinstance(value, str | int | float | tuple) else ""


def commands_page() -> str:
    """docs/commands.md"""
    parts = ["# Commands", MADE.format(source="homeward/commands/"), (
        "Every verb takes `--config` and `--db`, before or after its name. Exit codes: 0 done, 1 ran and something is "
        "wrong, 2 bad usage. Errors are one sentence on standard error.")]
    root = click.Context(cli, info_name="homeward", terminal_width=100, **cli.context_settings)
    for verb in VERBS:
        command = cli.get_command(root, verb)
        assert command is not None, verb
        parts += _helps(verb, command, root)
    return "\n\n".join(parts) + "\n"


def _helps(verb: str, command: click.Command, root: click.Context) -> list[str]:
    """A verb's help, and those of the verbs below it."""
    with click.Context(command, info_name=verb.rsplit(" ", maxsplit=1)[-1], parent=root, terminal_width=100) as context:
        parts = [f"## homeward {verb}", f"```text\n{command.get_help(context)}\n```"]
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                assert below is not None, name
                parts += _helps(f"{verb} {name}", below, context)
    return parts


def tables_page() -> str:
    """docs/tables.md"""
    parts = ["# The database", MADE.format(source="storage/schema*.py and homeward/pages.py"), (
        "One SQLite file (`database` in the config), in WAL mode: beside it lie `-wal` and `-shm` while it is open, "
        "and `.lock`, which whoever crawls holds. Read it with any SQLite tool, while the daemon runs too; "
        "[reading.md](reading.md) has queries to begin with."), (
        "Times are ISO 8601 in UTC with microseconds, so that their order as text is their order in time; lists and "
        "whole claims are JSON; offsets count Unicode code points in the title, a blank line and the text of a "
        "version. Articles, versions, claims, figures, judgements, revisions and drops are only added to.")]
    scripts = "\n".join((schema.COLLECTING, schema.FILING, schema_ledger.JUDGING, schema_ledger.REVIEWING,
                          schema.TELLING, schema.SEARCH, *schema_changes.SCRIPTS))
    made: dict[str, list[str]] = {}
    for statement in re.split(r"\n(?=create (?:virtual )?table|alter table)", "\n" + scripts):
        found = re.match(r"(?:create (?:virtual )?|alter )table (\w+)", statement)
        if found:
            made.setdefault(found[1], []).append(textwrap.dedent(statement).strip())
    for table, script in made.items():
        parts += [f"## {table}", TABLES_SAID[table], "```sql\n" + "\n".join(script) + "\n```"]
    return "\n\n".join(parts) + "\n"


def errors_page() -> str:
    """docs/errors.md"""
    rows = [f"| `{kind.__name__}` | {kind.exit_code} | {'yes' if kind.again else ''} | "
            f"{' '.join((kind.__doc__ or '').split())} |" for kind in error_classes()]
    return "\n\n".join(["# Errors", MADE.format(source="records/errors.py and the rooms"), (
        "What Homeward reports on purpose is one sentence that names the file, key, source or address and the way out. "
        "`HOMEWARD_DEBUG=1` adds the traceback to a fault of Homeward's own, which otherwise goes to `faults.log` in "
        "`$XDG_STATE_HOME/homeward` (by default `~/.local/state/homeward`)."),
        "| class | exit code | trying again may help | meaning |\n|---|---|---|---|\n" + "\n".join(rows)]) + "\n"


def error_classes() -> list[type[HomewardError]]:
    """Every class of error that a person may meet, in the order of its module."""
    return [kind for module in (errors, children, discovery, lines) for kind in vars(module).values()
            if isinstance(kind, type) and issubclass(kind, HomewardError) and kind.__module__ == module.__name__]


PAGES = {"settings.md": settings_page, "commands.md": commands_page, "tables.md": tables_page,
         "errors.md": errors_page}


def write(folder: Path) -> None:
    for name, page in PAGES.items():
        (folder / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    write(Path(__file__).parent.parent / "docs")
