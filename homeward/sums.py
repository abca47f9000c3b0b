"""What does not add up, in sentences: an event's own sums, and totals to date against the events that are known."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from alerts import words
from alerts.safe import link, plain
from extraction.claims.peoples import whose
from homeward.shown import DIM, RED, columns, isolate, paint
from ledger.totals import Against, Step, Sum, Total, against, steps
from records.ledger import StoredFigure
from records.words import Group, Qualifier
from storage import Store

HEDGES = {Qualifier.EXACT: "", Qualifier.ABOUT: "about ", Qualifier.AT_LEAST: "at least ",
          Qualifier.AT_MOST: "at most "}
ALL = 100_000  # events of one nationality


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Totals against events, and each total to date against the next."""

    totals: Sequence[Against]
    steps: Sequence[Step]


def sums_of(store: Store, event_id: int | None = None, nationalities: Sequence[str] = ()) -> Sums:
    """Each total to date that is of one nationality, or of all whom one state handed over, against its events. Of an
    event: those that its articles state, and the series these stand in."""
    mine = {one.figure.id for one in store.stated_totals(event_id)}
    totals = []
    for one in store.stated_totals() if mine else ():
        people = whose(one.figure.evidence.quote, one.figure.lang, one.nationalities)
        if people and (not nationalities or people[0] in nationalities):
            totals.append(Total(figure=one.figure, nationality=people[0], giver=people[1], own=one.events))
    asked = {(one.nationality, one.giver) for one in totals if one.figure.id in mine}
    totals = [one for one in totals if (one.nationality, one.giver) in asked]
    events = {code: store.events(nationality=(code,) if code else (), status=("completed",), limit=ALL)
              for code, _ in asked}
    held = [against(one, events[one.nationality]) for one in totals if one.figure.id in mine]
    found = [step for code in events for step in steps(
        [one for one in totals if one.nationality == code], events[code])
        if {step.before.figure.id, step.after.figure.id} & mine]
    return Sums(totals=[one for one in held if one], steps=found)


def wrapped(sentence: str) -> list[str]:
    """A sentence in lines that fit the terminal under an indent of four."""
    return textwrap.wrap(plain(sentence), (columns() or 110) - 6)


def sum_lines(found: Sums) -> list[str]:
    """For each total: what is said by whom, what the ledger knows, and the sentence; then how the series rises."""
    return [line for one in found.totals for line in _lines(one)] + [
        line for step in found.steps for line in _step_lines(step)]


def _step_lines(step: Step) -> list[str]:
    (day, value), (later, more) = ((words.day(one.figure.published), _hedged(one.figure))
                                   for one in (step.before, step.after))
    names = [isolate(plain(one.figure.outlet or "an article")) for one in (step.before, step.after)]
    change = f"{words.number(step.rise)} more" if step.rise >= 0 else f"{words.number(-step.rise)} fewer"
    known = f"{words.number(step.known)} in {words.plural(step.events, 'event')}"
    said = (f"{'' if step.holds else 'does not add up: '}from {value} ({names[0]}, {day}) to {more} ({names[1]}, "
            f"{later}) are {change}; this ledger has {known} between")
    rows = textwrap.wrap(said, (columns() or 110) - 6)
    painted = rows if step.holds else [paint(row, RED) for row in rows]
    return [f"  {painted[0]}", *(f"    {row}" for row in painted[1:])]


def _hedged(figure: StoredFigure) -> str:
    return f"{HEDGES[figure.qualifier]}{words.number(figure.value)}"


def _lines(one: Against) -> list[str]:
    figure, room = one.total.figure, (columns() or 110) - 6
    said = (f"{isolate(plain(figure.outlet or 'an article'))}, {words.day(figure.published) or 'undated'}: "
            f"{_hedged(figure)} {_whom(one)} in all{_years(one)}")
    rows = [*textwrap.wrap(said, room), *textwrap.wrap(_known(one), room)]
    quote = textwrap.wrap(f"“{plain(figure.evidence.quote)}”", room)
    place = f" [{figure.evidence.start}:{figure.evidence.end}]"
    painted = [paint(row, RED) if one.verdict is Sum.MORE else row for row in rows]
    return [f"  {painted[0]}", *(f"    {row}" for row in painted[1:]),
            *(f"    {isolate(row)}" for row in quote[:-1]), f"    {isolate(quote[-1])}{paint(place, DIM)}",
            paint(f"    {link(figure.url) or 'no address'}", DIM)]


def _whom(one: Against) -> str:
    groups = [group for group in one.total.figure.groups if group in set(map(str, Group)) - {"total"}]
    people = " and ".join(groups) or "people"
    if not one.total.nationality:
        return f"{people} of all nationalities from {words.country(one.total.giver)}"
    return f"{people} of {words.country(one.total.nationality)}"


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


def sums_json(found: Sums) -> list[dict[str, Any]]:
    """Totals, and the steps between them, as JSON."""
    return [*map(_total_json, found.totals), *({
        "from_figure_id": step.before.figure.id, "to_figure_id": step.after.figure.id, "rise": step.rise,
        "events": step.events, "known": step.known, "holds": step.holds} for step in found.steps)]


def _total_json(one: Against) -> dict[str, Any]:
    figure = one.total.figure
    return {"figure_id": figure.id, "value": figure.value, "qualifier": str(figure.qualifier),
            "groups": list(figure.groups), "nationality": one.total.nationality or None,
            "giver": one.total.giver or None, "outlet": figure.outlet,
            "published": figure.published, "url": figure.url, "since": one.since, "until": one.until,
            "events": one.events, "known_at_least": one.least, "known_at_most": one.most,
            "uncounted": one.uncounted, "verdict": str(one.verdict), "evidence": figure.evidence.to_json()}
