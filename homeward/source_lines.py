"""Sources and their health as lines for a person and as JSON for a program."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from alerts.safe import plain
from config.model import Config
from homeward.ledger_json import moment
from homeward.shown import BOLD, RED, columns, cut, isolate, paint, table
from records.health import Condition, EndpointHealth, SourceHealth

ORDER = tuple(Condition)  # the worst first
NARROW = 100  # columns of a terminal below which less of the history is shown
LOOK_AT = (Condition.GONE, Condition.MUTE, Condition.FAILING, Condition.SILENT, Condition.ODD)


def condition(source_id: str, urls: Sequence[str], health: SourceHealth | None, paused: Collection[str]) -> str:
    """A source in two words: as the worst of its addresses does."""
    if source_id in paused or (urls and all(url in paused for url in urls)):
        return str(Condition.PAUSED)
    if not urls:
        return "no address"
    if health is None or not health.endpoints:
        return str(Condition.UNTRIED)
    worst = min((one.condition for one in health.endpoints), key=ORDER.index)
    return str(Condition.ODD if worst in (Condition.WELL, Condition.UNTRIED) and health.notes else worst)


def health(found: Sequence[SourceHealth], at: datetime) -> list[str]:
    """A table of the addresses, the worst first, and below it what is to be looked at."""
    endpoints = sorted((one for source in found for one in source.endpoints),
                       key=lambda one: (ORDER.index(one.condition), one.source, one.endpoint_id))
    shown = 9 if (columns() or NARROW) < NARROW else 20
    rows = [(cut(plain(one.source), 18), one.condition, one.history[-shown:], one.new_week,
             "" if one.usual_week is None else f"{one.usual_week:.0f}", _ago(one.last_success, at), bare(one.url))
            for one in endpoints]
    lines = [table(("source", "condition", "visits", "new 7d", "usual", "answered", "address"), rows,
                   numbers=(3, 4), give=6)]
    notes = [(one.source, note, one.condition in LOOK_AT) for one in endpoints for note in one.notes]
    notes += [(source.source, note, True) for source in found for note in source.notes]
    if notes:
        lines += ["", paint("To look at", BOLD)]
        lines += [line for name, note, bad in notes for line in _wrapped(name, note, bad=bad)]
    sums = Counter(one.condition for one in endpoints)
    return [*lines, "", ", ".join(f"{sums[one]} {one}" for one in ORDER if sums[one]) + "."]


def bare(url: str) -> str:
    """An address as it fits a table: without its scheme."""
    return url.partition("://")[2] or url


def _wrapped(name: str, note: str, *, bad: bool) -> list[str]:
    text = f"{isolate(plain(name))}: {plain(note)}"
    lines = textwrap.wrap(text, (columns() or 120) - 2, subsequent_indent="  ", break_long_words=False,
                          break_on_hyphens=False)
    return [f"  {paint(line, RED) if bad and number == 0 else line}" for number, line in enumerate(lines)]


def _ago(moment_: datetime | None, at: datetime) -> str:
    if moment_ is None:
        return "never"
    hours = max((at - moment_).total_seconds(), 0.0) / 3600
    if hours < 1:
        return f"{hours * 60:.0f} min ago"
    return f"{hours:.0f} h ago" if hours < 48 else f"{hours / 24:.0f} d ago"


def listed(loaded: Config, health_: Mapping[str, SourceHealth], paused: Mapping[str, datetime]) -> list[dict[str, Any]]:
    """The sources of the config as JSON."""
    found = []
    for source in loaded.sources:
        plans = [plan for plan in loaded.endpoints if plan.source_id == source.id]
        known = health_.get(source.id)
        at = paused.get(source.id)
        found.append({
            "id": source.id, "name": source.name, "kind": source.kind, "country": source.country,
            "languages": list(source.languages), "state_media": source.state_media, "mirrors": list(source.mirrors),
            "condition": condition(source.id, [plan.url for plan in plans], known, paused), "paused_at": moment(at),
            "endpoints": [{"url": plan.url, "kind": str(plan.kind), "fetch": plan.fetch,
                           "paused_at": moment(paused.get(plan.url) or at)} for plan in plans]})
    return found


def as_json(source: SourceHealth) -> dict[str, Any]:
    return {"id": source.source_id, "name": source.source, "notes": list(source.notes),
            "endpoints": [_endpoint(one) for one in source.endpoints]}


def _endpoint(one: EndpointHealth) -> dict[str, Any]:
    return {"url": one.url, "kind": str(one.kind), "condition": str(one.condition), "notes": list(one.notes),
            "history": one.history, "asked_7d": one.asked, "answered_7d": one.answered, "new_7d": one.new_week,
            "usual_7d": one.usual_week, "interval": one.interval, "next_due": moment(one.next_due),
            "last_visit": moment(one.last_visit), "last_success": moment(one.last_success),
            "last_new": moment(one.last_new)}
