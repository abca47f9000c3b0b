"""homeward show: one event with everything that stands behind it."""

from __future__ import annotations

import json
import textwrap

import click

from alerts import words
from alerts.quotes import told
from alerts.safe import link, plain
from homeward.frame import ROW, Setup, with_setup
from homeward.ledger_json import event_json
from homeward.shown import BOLD, DIM, RED, columns, hung, isolate, paint, when
from homeward.sums import total_json, total_lines, totals_of
from ledger.totals import Against
from records.claims import Claim, Evidence
from records.errors import StoreError
from records.ledger import Change, Event, Revision, Slot, SlotValue, StoredClaim
from records.words import Qualifier

HEDGES = {Qualifier.EXACT: "", Qualifier.ABOUT: "about ", Qualifier.AT_LEAST: "at least ",
          Qualifier.AT_MOST: "at most "}
REVIEWED = {"accept": "accepted", "correct": "corrected", "reject": "rejected"}
DATED = HEDGES | {Qualifier.AT_LEAST: "on or after ", Qualifier.AT_MOST: "on or before "}


@click.command("show", epilog="Example: homeward show 12")
@with_setup
@click.argument("event_id", metavar="EVENT", type=ROW)
@click.option("--json", "as_json", is_flag=True, help="A JSON object instead.")
def command(setup: Setup, event_id: int, as_json: bool) -> None:
    """Show EVENT (its number in `homeward events` or in a digest): each slot with the rule that chose its value and who
    says otherwise, each claim with its sentence, its place in the text and its link, totals to date that these articles
    state against the events known here, and every revision."""
    with setup.store() as store:
        event = store.event(event_id)
        if event is None:
            raise StoreError(f"there is no event {event_id} in {store.path}; `homeward events` lists them")
        revisions = store.revisions(event_id=event_id, quiet=True)
        withdrawn = store.withdrawn(event)
        totals = totals_of(store, event_id)
    if as_json:
        found = event_json(event, revisions, withdrawn) | {"totals_to_date": [total_json(one) for one in totals]}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    parts = [head(event), _slots(event), _claims("Who says so", event.claims),
             _claims("No longer said: an article was edited", withdrawn),
             _totals(totals),
             _revisions(revisions, {stored.id: told(stored).outlet for stored in (*event.claims, *withdrawn)})]
    click.echo("\n\n".join("\n".join(lines) for lines in parts if lines))


def head(event: Event) -> list[str]:
    """The event in one line; how well it is founded, what it is related to, what does not add up."""
    lines = [paint(f"Event {event.id}: {plain(words.headline(event))}", BOLD),
             words.plural(event.independent, "independent source")
             + f"; opened {when(event.opened_at)}, changed {when(event.changed_at)}"]
    if event.merged_into is not None:
        lines.append(f"Merged into event {event.merged_into}: homeward show {event.merged_into}")
    lines += [f"See also event {other}: {plain(why)}" for other, why in event.links]
    return lines + [paint(f"Does not add up: {plain(warning)}", RED) for warning in event.warnings]


def _slots(event: Event) -> list[str]:
    lines = [paint("What is known", BOLD)]
    for slot in event.slots.values():
        lines += hung(f"  {_label(slot.name):<20}  ", _value(slot, slot.preferred), f"({plain(slot.rule)})")
        for other in slot.others:
            also = "disputed: " if slot.disputed else "also: "
            first, *rest = hung(f"  {'':<20}  {also}", _value(slot, other))
            lines += [first.replace(also, paint(also, RED if slot.disputed else DIM), 1), *rest]
    return lines


def _label(name: str) -> str:
    """As digests call it; a place apart from its country."""
    return words.slot_label(name) + (" (place)" if name.endswith("_place") else "")


def _value(slot: Slot, value: SlotValue) -> str:
    who = f" — {', '.join(isolate(plain(name)) for name in value.outlets)}" if value.outlets else ""
    hedge = (DATED if slot.name == "event_date" else HEDGES)[value.qualifier]
    return f"{hedge}{plain(words.slot_text(slot.name, value.value))}{who}"


def _totals(found: list[Against]) -> list[str]:
    return [paint("Totals to date in these articles, against the events known here", BOLD),
            *total_lines(found)] if found else []


def _claims(title: str, claims: tuple[StoredClaim, ...]) -> list[str]:
    return [paint(title, BOLD), *(line for stored in claims for line in claim_lines(stored))] if claims else []


def claim_lines(stored: StoredClaim) -> list[str]:
    """Who says it, what, in which sentence, where."""
    claim = stored.claim
    counts = ", ".join(words.people(group, count.value, count.qualifier) for group, count in claim.counts.items()
                       if not (count.derived and len(count.parts) < 2))  # 33 people, who are the 33 children
    copied = f", a copy of article {stored.origin_id}" if stored.origin_id != stored.article_id else ""
    credit = f", credits {plain(stored.credit)}" if stored.credit and stored.credit != stored.outlet else ""
    review = f", {REVIEWED[stored.review]} in review" if stored.review in REVIEWED else ""
    first = (f"  {isolate(told(stored).outlet)}, {words.day(stored.published) or 'undated'} "
             f"(claim {stored.id}{copied}{credit}{review})")
    first += f", {told(stored).note}" if told(stored).note and not copied else ""
    lines = [first,
             f"    {claim.kind}, {words.slot_text('status', claim.status)}{': ' + counts if counts else ''}",
             *_quoted("", claim.evidence), *_beside(claim)]
    if claim.speaker is not None:
        who = ", ".join(plain(part) for part in (claim.speaker.name, claim.speaker.role, claim.speaker.organisation)
                        if part)
        lines.append(f"    said by {isolate(who)}")
    return [*lines, paint(f"    {link(stored.url) or 'no address'}", DIM)]


def _beside(claim: Claim) -> list[str]:
    """Numbers that stand in other sentences than the one which reports the movement, each with its own."""
    found = [(words.people(group, count.value, count.qualifier), count.evidence)
             for group, count in claim.counts.items() if count.evidence]
    found += [("also " + words.people(other.group, other.value, other.qualifier), other.evidence)
              for other in claim.other_values]
    return [line for label, evidence in found if evidence != claim.evidence for line in _quoted(f"{label}: ", evidence)]


def _quoted(label: str, evidence: Evidence) -> list[str]:
    """The quote, wrapped, and the place in the stored text where it stands."""
    width = (columns() or 110) - 6 - len(label)
    rows = textwrap.wrap(f"“{plain(evidence.quote)}”", max(width, 40)) or ["“”"]
    indent = " " * (len(label) + 1)  # lines up behind the first quotation mark
    whole = [f"    {indent if number else label}{isolate(row)}" for number, row in enumerate(rows)]
    return [*whole[:-1], whole[-1] + paint(f" [{evidence.start}:{evidence.end}]", DIM)]


def _revisions(revisions: list[Revision], outlets: dict[int, str]) -> list[str]:
    return [paint("What changed", BOLD),
            *(f"  {when(revision.at)}  {_change(revision)}{_cause(revision, outlets)}"
              + (" (not told)" if revision.quiet else "") for revision in revisions)]


def _change(revision: Revision) -> str:
    label = words.slot_label(revision.slot) + ": "
    old, new = (plain(words.slot_text(revision.slot, value)) for value in (revision.old, revision.new))
    match revision.change:
        case Change.OPENED:
            return "opened"
        case Change.SOURCE:
            return "one more source"
        case Change.MERGED:
            return f"merged into event {revision.new}"
        case Change.DISPUTED:
            return f"{label}{old}, no longer disputed" if revision.new is None else f"{label}{old}, disputed: {new}"
        case _ if revision.old is None:
            return f"{label}{new}, not known before"
        case _:
            return f"{label}{old} → {new}"


def _cause(revision: Revision, outlets: dict[int, str]) -> str:
    """Whose claim it was, and by which rule it changed the event."""
    outlet = outlets.get(revision.claim_id or 0)
    by = f" — {isolate(outlet)}" if outlet else ""
    return by + paint(f" ({plain(revision.why)})", DIM)
