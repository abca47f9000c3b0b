"""What does not add up, in sentences: an event's own sums, and totals to date against the events that are known."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from alerts import words
from alerts.safe import link, plain
from extraction.claims.peoples import whose
from homeward.shown import DIM, RED, columns, isolate, paint
from ledger.totals import Against, Sum, Total, against
from records.ledger import Event
from records.words import Group, Qualifier
from storage import Store

HEDGES = {Qualifier.EXACT: "", Qualifier.ABOUT: "about ", Qualifier.AT_LEAST: "at least ",
          Qualifier.AT_MOST: "at most "}
ALL = 100_000  # events of one nationality


def totals_of(store: Store, event_id: int | None = None) -> list[Against]:
    """Each total to date that is of one nationality, against that nationality's events."""
    events: dict[str, list[Event]] = {}
    found = []
    for one in store.stated_totals(event_id):
        code = whose(one.figure.evidence.quote, one.figure.lang, one.nationalities)
        if code is None:
            continue
        if code not in events:
            events[code] = store.events(nationality=(code,), status=("completed",), limit=ALL)
        total = against(Total(figure=one.figure, nationality=code, own=one.events), events[code])
        found += [total] if total else []
    return found


def wrapped(sentence: str) -> list[str]:
    """A sentence in lines that fit the terminal under an indent of four."""
    return textwrap.wrap(plain(sentence), (columns() or 110) - 6)


def total_lines(found: Iterable[Against]) -> list[str]:
    """For each: what is said by whom, what the ledger knows, and the sentence."""
    return [line for one in found for line in _lines(one)]


def _lines(one: Against) -> list[str]:
    figure, room = one.total.figure, (columns() or 110) - 6
    said = (f"{isolate(plain(figure.outlet or 'an article'))}, {words.day(figure.published) or 'undated'}: "
            f"{HEDGES[figure.qualifier]}{words.number(figure.value)} {_whom(one)} in all{_years(one)}")
    rows = [*textwrap.wrap(said, room), *textwrap.wrap(_known(one), room)]
    quote = textwrap.wrap(f"“{plain(figure.evidence.quote)}”", room)
    place = f" [{figure.evidence.start}:{figure.evidence.end}]"
    painted = [paint(row, RED) if one.verdict is Sum.MORE else row for row in rows]
    return [f"  {painted[0]}", *(f"    {row}" for row in painted[1:]),
            *(f"    {isolate(row)}" for row in quote[:-1]), f"    {isolate(quote[-1])}{paint(place, DIM)}",
            paint(f"    {link(figure.url) or 'no address'}", DIM)]


def _whom(one: Against) -> str:
    groups = [group for group in one.total.figure.groups if group in set(map(str, Group)) - {"total"}]
    return f"{' and '.join(groups) or 'people'} of {words.country(one.total.nationality)}"


def _years(one: Against) -> str:
    if one.since is None:
        return ""
    return f", of or since {one.since}" if one.since == one.until else f", {one.since} to {one.until}"


def _known(one: Against) -> str:
    low, high = words.number(one.least), words.number(one.most)
    some = low if one.least == one.most else f"{low} to {high}"
    events = words.plural(one.events, "event")
    open_ = f"; {words.plural(one.uncounted, 'event has', 'events have')} no number" if one.uncounted else ""
    known = f"this ledger has {some} in {events} up to then{open_}"
    match one.verdict:
        case Sum.MORE:
            return f"does not add up: {known}: something is counted twice, or the total is wrong"
        case Sum.FEWER:
            return f"{known}: {words.number(one.total.figure.value - one.most)} fewer at the least"
        case Sum.SAME:
            return f"{known}: that goes together"


def total_json(one: Against) -> dict[str, Any]:
    figure = one.total.figure
    return {"figure_id": figure.id, "value": figure.value, "qualifier": str(figure.qualifier),
            "groups": list(figure.groups), "nationality": one.total.nationality, "outlet": figure.outlet,
            "published": figure.published, "url": figure.url, "since": one.since, "until": one.until,
            "events": one.events, "known_at_least": one.least, "known_at_most": one.most,
            "uncounted": one.uncounted, "verdict": str(one.verdict), "evidence": figure.evidence.to_json()}
