"""homeward import: articles of elsewhere, taken the same way as crawled ones."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import Any

import click

import desk
from config.source_tables import SOURCE_KINDS
from homeward.frame import Setup, now_option, present, with_setup
from homeward.lines import STDIN, Line, open_bytes, read_lines
from homeward.shown import counted
from records.errors import UnreadableError
from records.ledger import Decision, Verdict
from records.news import Source
from storage import Store

SAID = {Verdict.NEW: "new", Verdict.VERSION: "a new text of a known one", Verdict.KNOWN: "known",
        Verdict.COPY: "a copy of a known one", Verdict.DROPPED: "dropped as off-topic"}


@click.command("import", epilog="Example: homeward import articles.jsonl")
@with_setup
@click.argument("file", default=STDIN)
@click.option("--kind", type=click.Choice(SOURCE_KINDS), default="news", show_default=True,
              help="What the outlets of this file are: their word weighs, and wire copy is found, accordingly.")
@click.option("--tell", is_flag=True, help="Let digests tell what these articles bring; else they don't.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: what became of it.")
@now_option
def command(setup: Setup, file: str, kind: str, tell: bool, as_json: bool, now: datetime | None) -> int:
    """Take in the articles of FILE (or standard input), one JSON object a line:
    {"id", "url", "outlet", "title", "published", "lang", "text"}. Only "text" is required.

    A line that is no article is told with its number and field; the rest is imported, and the exit code is 1.
    """
    verdicts: Counter[str] = Counter()
    seen: dict[str, int] = {}
    at, name = present(now), "standard input" if file == STDIN else file
    with open_bytes(file) as lines, setup.store(write=True) as store:
        for line in read_lines(lines, name, today=at.date()):
            told = _take(store, line, seen, present(now), name=name, kind=kind, quiet=not tell)
            verdicts[told["verdict"]] += 1
            if told["verdict"] == "error":
                click.echo(f"homeward: {told['why']}", err=True)
            if as_json:
                click.echo(json.dumps(told, ensure_ascii=False))
    if not as_json:
        click.echo(_summary(verdicts))
    return 1 if verdicts["error"] else 0


def _take(store: Store, line: Line, seen: dict[str, int], now: datetime, *, name: str, kind: str,
          quiet: bool) -> dict[str, Any]:
    """File one line; what became of it."""
    told: dict[str, Any] = {"line": line.number, "id": line.id}
    here = f"{name} line {line.number}"
    before = seen.setdefault(line.id, line.number)
    if line.article is None:
        return told | {"verdict": "error", "why": line.error}
    if before != line.number:
        return told | {"verdict": "error", "why": f"{here}: id {line.id} is that of line {before} already"}
    try:
        decision: Decision = desk.file(store, line.article, desk.read(line.article), now=now, backfill=quiet,
                                       source=Source(id=f"import:{kind}", name=line.article.outlet or "", kind=kind))
    except UnreadableError as error:
        return told | {"verdict": "error", "why": f"{here}: text can't be read ({error})"}
    return told | {"verdict": str(decision.verdict), "why": decision.why, "article_id": decision.article_id}


def _summary(verdicts: Counter[str]) -> str:
    kinds = ", ".join(f"{verdicts[verdict]} {said}" for verdict, said in SAID.items() if verdicts[verdict])
    wrong = f"; {counted(verdicts['error'], 'line was', 'lines were')} wrong" if verdicts["error"] else ""
    return f"{counted(sum(verdicts.values()), 'line')}: {kinds or 'nothing imported'}{wrong}."
