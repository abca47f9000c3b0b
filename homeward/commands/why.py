"""homeward why: what became of an address, or of whatever holds a word."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import click

from alerts.safe import link, plain
from extraction.addresses import is_http
from homeward.addresses import traced
from homeward.frame import Setup, Since, present, since_moment, with_setup
from homeward.shown import BOLD, DIM, counted, isolate, paint, table
from storage import Store
from storage.base import Row
from storage.tracing import Trace

ENTRIES = {"promised": "waits to be fetched", "filed": "was fetched and filed", "dropped": "was dropped"}
KEPT = ("id", "title", "outlet", "published", "url")


@click.command("why", epilog="Example: homeward why https://news.example/2019/07/15/children")
@with_setup
@click.argument("what", metavar="[URL | WORDS]", required=False, default="")
@click.option("--dropped", is_flag=True, help="Only what was dropped, the last first; without WORDS everything.")
@click.option("--rule", help="Of what was dropped: by this rule.")
@click.option("--stage", type=click.Choice(["entry", "fetch", "page", "relevance"]), help="… at this stage.")
@click.option("--since", type=Since(), help="… since: 24h, 7d, or a date.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object instead.")
def command(setup: Setup, what: str, dropped: bool, rule: str | None, stage: str | None,
            since: timedelta | datetime | None, limit: int, as_json: bool) -> None:
    """Say what became of an address: where it was seen, which rule dropped it, which article it is a copy or version
    of, which events its claims went to and why, and who was told.

    Of words: the articles that hold them, and what was dropped with them in its title, address or reason.
    """
    dropped = dropped or bool(rule or stage or since)
    if not what and not dropped:
        raise click.UsageError("name an address or words, or ask for --dropped.")
    with setup.store() as store:
        if is_http(what) and not dropped:
            trace = traced(store, what)
            click.echo(json.dumps(trace_json(trace), ensure_ascii=False, indent=2) if as_json else told(trace))
            return
        drops = store.dropped(words=what, rule=rule, stage=stage, limit=limit,
                              since=since_moment(since, present(None)) if since else None)
        kept = [] if dropped else store.search(what, limit)
        rules = store.rules() if dropped and not what else []
    if as_json:
        click.echo(json.dumps({"kept": kept, "dropped": drops, "rules": rules}, ensure_ascii=False, indent=2))
        return
    click.echo("\n\n".join(part for part in (_kept(kept), _drops(drops), _rules(rules)) if part)
               or "Nothing is known with these words.")


def trace_json(trace: Trace) -> dict[str, Any]:
    return {"entries": list(trace.entries), "drops": list(trace.drops), "decisions": list(trace.decisions),
            "article": trace.article, "versions": list(trace.versions), "copies": list(trace.copies),
            "claims": list(trace.claims), "told": list(trace.told)}


def told(trace: Trace) -> str:
    """The story of an address, in the order in which it happened."""
    parts = [_section("Seen", [_entry(row) for row in trace.entries] or ["by no endpoint: imported, or met as a link"]),
             _section("Dropped", [_drop(row) for row in trace.drops]),
             _section("Decided", [f"{_at(row['at'])}  {row['verdict']}: {plain(row['why'])}"
                                  for row in trace.decisions])]
    if trace.article is not None:
        parts += [_section(f"Article {trace.article['id']}", _article(trace, trace.article)),
                  _section("Claims", [line for row in trace.claims for line in _claim(row)]
                           or ["none: it speaks of no movement"]),
                  _section("Told", [_delivery(row) for row in trace.told] or ["nobody"])]
    return "\n\n".join(part for part in parts if part)


def _section(name: str, lines: list[str]) -> str:
    return "\n".join([paint(name, BOLD), *(f"  {line}" for line in lines)]) if lines else ""


def _at(text: str | None) -> str:
    return f"{text[:10]} {text[11:16]} UTC" if text else "never"


def _entry(row: Row) -> str:
    again = "; a person took it back in" if row["rescued"] else ""
    old = ", old news then" if row["backfill"] else ""
    return (f"{_at(row['first_seen'])}  {plain(row['source'])} ({link(row['endpoint']) or row['endpoint']}{old}): "
            f"{ENTRIES[row['state']]}{again}")


def _drop(row: Row) -> str:
    back = f"; taken back in {_at(row['rescued_at'])}" if row["rescued_at"] else ""
    return f"{_at(row['at'])}  at {row['stage']} by {row['rule']}: {plain(row['why'])}{back}"


def _article(trace: Trace, article: Row) -> list[str]:
    title = isolate(plain(article["title"] or "no title"))
    lines = [f"{title} — {isolate(plain(article['outlet'] or article['source_id'] or 'an imported text'))}",
             f"kept because: {plain(article['why'])}"]
    if article["why_partial"]:
        lines.append(f"from its feed entry alone: {plain(article['why_partial'])}")
    if article["origin_id"]:
        lines.append(f"a copy of article {article['origin_id']}")
    if article["credit"]:
        lines.append(f"credits {plain(article['credit'])}")
    if trace.copies:
        lines.append(f"the same text: {counted(len(trace.copies), 'article')} more ("
                     + ", ".join(isolate(plain(row["outlet"] or str(row["id"]))) for row in trace.copies[:8])
                     + (" …)" if len(trace.copies) > 8 else ")"))
    return lines + [f"text {row['n']} of {_at(row['seen_at'])}: {plain(row['why'])}" for row in trace.versions]


def _claim(row: Row) -> list[str]:
    kind = f"claim {row['id']} ({row['kind']}, {row['status']}{'' if row['main'] else ', background'})"
    where = (f"event {row['event_id']}: {plain(row['why'])}" if row["event_id"]
             else "no event: it says too little to tell the movement from others")
    if row["review"] == "reject":
        where = "no event: rejected in review"
    return [f"{kind} → {where}", paint(f"  “{isolate(plain(row['quote']))}”", DIM)]


def _delivery(row: Row) -> str:
    state = f"sent {_at(row['sent_at'])}" if row["sent_at"] else row["state"]
    return f"{row['subscription_id']} over {row['channel_id']}, {state} (events {row['events']})"


def _kept(rows: list[Row]) -> str:
    return table(("article", "title", "outlet", "published", "address"), [[row[name] for name in KEPT] for row in rows],
                 numbers=(0,), give=1) if rows else ""


def _drops(rows: list[Row]) -> str:
    return table(("dropped", "stage", "rule", "title", "address", "why"),
                 [[_at(row["at"]), row["stage"], row["rule"] + (" (rescued)" if row["rescued_at"] else ""),
                   row["title"], row["url"], row["why"]] for row in rows], give=5) if rows else ""


def _rules(rows: list[Row]) -> str:
    return table(("stage", "rule", "dropped", "rescued"),
                 [[row["stage"], row["rule"], row["n"], row["rescued"]] for row in rows],
                 numbers=(2, 3)) if rows else ""


def lead_out(store: Store, trace: Trace) -> str:
    """Where an address stands, in half a sentence: for `rescue`, which has nothing to do there."""
    if trace.article is not None:
        return f"is kept already, as article {trace.article['id']}; `homeward why` tells what became of it"
    if any(entry["state"] == "promised" for entry in trace.entries):
        return "waits to be fetched; `homeward crawl` fetches it"
    return f"was dropped without having been promised by a feed; import its text into {store.path}"
