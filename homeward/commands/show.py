"""homeward show: one event with everything that stands behind it."""

from __future__ import annotations

import json
import textwrap

import click

from alerts import words
from alerts.safe import link, plain
from homeward.frame import Setup, with_setup
from homeward.ledger_json import event_json
from homeward.shown import BOLD, DIM, RED, columns, isolate, paint, when
from records.errors import StoreError
from records.ledger import Event, Revision, Slot, SlotValue, StoredClaim
from records.words import Qualifier

HEDGES = {Qualifier.EXACT: "", Qualifier.ABOUT: "about ", Qualifier.AT_LEAST: "at least ",
          Qualifier.AT_MOST: "at most "}
REVIEWED = {"accept": "accepted", "correct": "corrected", "reject": "rejected"}


@click.command("show", epilog="Example: homeward show 12")
@with_setup
@click.argument("event_id", metavar="EVENT", type=int)
@click.option("--json", "as_json", is_flag=True, help="A JSON object instead.")
def command(setup: Setup, event_id: int, as_json: bool) -> None:
    """Show EVENT (its number in `homeward events` or in a digest): each slot with the rule that chose its value and who
    says otherwise, each claim with its sentence, its place in the text and its link, and every revision."""
    with setup.store() as store:
        event = store.event(event_id)
        if event is None:
            raise StoreError(f"there is no event {event_id} in {store.path}; `homeward events` lists them")
        revisions = store.revisions(event_id=event_id, quiet=True)
    if as_json:
        click.echo(json.dumps(event_json(event, revisions), ensure_ascii=False, indent=2))
        return
    click.echo("\n".join([*head(event), "", *_slots(event), "", *_claims(event), "", *_revisions(revisions)]))


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
        lines.append(f"  {_label(slot.name):<20}  {_value(slot, slot.preferred)}  "
                     + paint(f"({plain(slot.rule)})", DIM))
        lines += [f"  {'':<20}  {paint('disputed: ' if slot.disputed else 'also: ', RED if slot.disputed else DIM)}"
                  f"{_value(slot, other)}" for other in slot.others]
    return lines


def _label(name: str) -> str:
    """As digests call it; a place apart from its country."""
    return words.slot_label(name) + (" (place)" if name.endswith("_place") else "")


def _value(slot: Slot, value: SlotValue) -> str:
    who = f" — {', '.join(isolate(plain(name)) for name in value.outlets)}" if value.outlets else ""
    return f"{HEDGES[value.qualifier]}{plain(words.slot_text(slot.name, value.value))}{who}"


def _claims(event: Event) -> list[str]:
    lines = [paint("Who says so", BOLD)]
    for stored in event.claims:
        lines += claim_lines(stored)
    return lines


def claim_lines(stored: StoredClaim) -> list[str]:
    """Who says it, what, in which sentence, where."""
    claim, width = stored.claim, (columns() or 110) - 6
    counts = ", ".join(words.people(group, count.value, count.qualifier) for group, count in claim.counts.items())
    copied = f", a copy of article {stored.origin_id}" if stored.origin_id != stored.article_id else ""
    outlet = isolate(plain(stored.outlet or stored.source_id or "an imported text"))
    credit = f", credits {plain(stored.credit)}" if stored.credit and stored.credit != stored.outlet else ""
    review = f", {REVIEWED[stored.review]} in review" if stored.review in REVIEWED else ""
    first = f"  {outlet}, {words.day(stored.published) or 'undated'} (claim {stored.id}{copied}{credit}{review})"
    quote = textwrap.wrap(plain(claim.evidence.quote), max(width, 40)) or [""]
    lines = [first, f"    {claim.kind}, {claim.status}{': ' + counts if counts else ''}"]
    lines += [f"    “{isolate(line)}" if n == 0 else f"     {isolate(line)}" for n, line in enumerate(quote)]
    lines[-1] += "”"
    if claim.speaker is not None:
        told = ", ".join(plain(part) for part in (claim.speaker.name, claim.speaker.role, claim.speaker.organisation)
                         if part)
        lines.append(f"    said by {isolate(told)}")
    where = link(stored.url) or "no address"
    lines.append(paint(f"    {where} [{claim.evidence.start}:{claim.evidence.end}]", DIM))
    return lines


def _revisions(revisions: list[Revision]) -> list[str]:
    lines = [paint("What changed", BOLD)]
    for revision in revisions:
        slot = words.slot_label(revision.slot) + ": " if revision.slot else ""
        old, new = words.slot_text(revision.slot, revision.old), words.slot_text(revision.slot, revision.new)
        told = f"{slot}{old} → {new}" if revision.old is not None or revision.new is not None else str(revision.change)
        lines.append(f"  {when(revision.at)}  {plain(told)}  {paint(plain(revision.why), DIM)}"
                     + (" (not told)" if revision.quiet else ""))
    return lines
