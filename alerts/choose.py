"""What changed, for one subscription. Pure: revisions and events in, a digest out. Who asks for what: `alerts.wanted`.

An event opened in the span is told once, as new, with the numbers it has now. Several revisions of one slot become one,
from the first old value to the last new one; where that is no change, nothing is told. An event stands in one place
only: a status change takes its revised numbers along. More coverage of a known fact adds a source, not a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.wanted import figure_wanted, notable, wanted
from records.ledger import Change, Event, Revision, StoredClaim, StoredFigure
from records.telling import Digest, Every, Health, Subscription
from records.words import Qualifier, Status

UNDONE = {Status.DENIED, Status.REFUSED}
RETOLD = {Change.REVISED, Change.STATUS}  # told as old → new


def choose(subscription: Subscription, *, period: str, since: datetime, until: datetime, after_revision: int,
           last_revision: int, revisions: Sequence[Revision], events: Mapping[int, Event],
           figures: Sequence[StoredFigure] = (), overdue: Sequence[Event] = (),
           months: Sequence[tuple[str, int]] = (), health: Health | None = None) -> Digest:
    """The digest of everything told by `revisions`, of the events this subscription asks for.

    `events` holds every event the revisions name, as it is now, and the events those were merged into. Quiet revisions
    (backfill, re-judging) are not told, whoever passes them. `overdue` are plans that became overdue in the span; one
    of which something else is told is not told twice. An instant subscription gets changes of events, and of figures
    those that somebody in office stands for: see `alerts.wanted.notable`.
    """
    mine = _by_event((r for r in revisions if not r.quiet), events)
    opened, revised, status, more = [], [], [], 0
    for event_id, changes in mine.items():
        event = events[event_id]
        kept = without_echo((*collapse(changes), *disputes(event, changes)))
        if not wanted(subscription, event, kept):
            continue
        if _is_new(subscription, event, changes):
            opened.append(event)
        elif any(r.change is Change.STATUS for r in kept):
            status.append((event, kept))
        elif kept:
            revised.append((event, kept))
        else:
            more += sum(r.change is Change.SOURCE for r in changes)
    instant = subscription.every is Every.INSTANT
    told = {event.id for event in (*opened, *(event for event, _ in (*status, *revised)))}
    late = () if instant else tuple(sorted((event for event in overdue if event.id not in told
                                            and wanted(subscription, event, ())), key=weight))
    return Digest(
        subscription=subscription, period=period, since=since, until=until, after_revision=after_revision,
        last_revision=last_revision, opened=tuple(sorted(opened, key=weight)),
        revised=tuple(sorted(revised, key=lambda pair: weight(pair[0]))),
        status=tuple(sorted(status, key=lambda pair: weight(pair[0]))),
        figures=choose_figures(subscription, [f for f in figures if notable(f) or not instant]), more_sources=more,
        overdue=late, months=() if instant else tuple(months), health=None if instant else health)


def weight(event: Event) -> tuple[bool, int, int, int]:
    """Sorts first what is denied or refused, then what concerns most people, then what most sources say."""
    return (not is_undone(event), -people(event), -event.independent, event.id or 0)


def is_undone(event: Event) -> bool:
    """Denied or refused: whoever counts on it must know before anything else."""
    return event.value("status") in UNDONE


def people(event: Event) -> int:
    """The largest number the event has; 0 where none is known."""
    numbers = (event.value(name) for name in ("total", "children", "women", "men"))
    return max((value for value in numbers if isinstance(value, int)), default=0)


def _by_event(revisions: Iterable[Revision], events: Mapping[int, Event]) -> dict[int, list[Revision]]:
    """Revisions by the event that holds them now: what happened to an event before it was merged away is no news, that
    it was merged is news of the other."""
    found: dict[int, list[Revision]] = {}
    for revision in sorted(revisions, key=lambda r: r.id or 0):
        event = events.get(revision.event_id)
        if event is None:
            continue
        if event.merged_into is None:
            found.setdefault(revision.event_id, []).append(revision)
        elif revision.change is Change.MERGED and event.merged_into in events:
            found.setdefault(event.merged_into, []).append(revision)
    return {event_id: changes for event_id, changes in found.items() if events[event_id].merged_into is None}


def collapse(changes: Sequence[Revision]) -> tuple[Revision, ...]:
    """One revision per slot, first old to last new, in the order of the last change; those that end where they began
    vanish. Openings and added sources are no revision of a number and are left out; a merger is kept."""
    by_slot: dict[str, list[Revision]] = {}
    for revision in changes:
        if revision.change in RETOLD:
            by_slot.setdefault(revision.slot or "", []).append(revision)
    kept = [replace(run[-1], old=run[0].old) for run in by_slot.values() if run[0].old != run[-1].new]
    merged = [revision for revision in changes if revision.change is Change.MERGED]
    return tuple(sorted(kept + merged, key=lambda r: r.id or 0))


def as_told(revision: Revision, history: Sequence[Revision]) -> Revision:
    """The revision with the old value that a reader knows, where quiet revisions came between (judging anew, a review):
    told 33, quietly 32, now 34 is "33 → 34". `history`: all revisions of its event, quiet ones included."""
    if revision.change not in RETOLD:
        return revision
    opened = min((r.id or 0 for r in history if r.change is Change.OPENED and not r.quiet), default=0)
    before = [r for r in history if r.slot == revision.slot and opened < (r.id or 0) < (revision.id or 0)
              and r.event_id == revision.event_id and r.change in RETOLD]
    if not before or not before[-1].quiet:
        return revision
    told = next((r.new for r in reversed(before) if not r.quiet), before[0].old)
    return replace(revision, old=told)


def disputes(event: Event, changes: Sequence[Revision]) -> tuple[Revision, ...]:
    """What somebody disputes since, where it is disputed still; that a dispute has ended, where it was there before.

    A value that a slot had for a while, and that still has its voice, is one of them: 33 → 32 → 33 is 33, disputed.
    """
    kept: dict[tuple[str, str | int | None], Revision] = {}
    moved = {(r.slot, r.old) for r in collapse(changes) if r.change is Change.REVISED}  # told as where it comes from
    arisen = {r.slot for r in changes if r.change is Change.DISPUTED and r.new is not None}
    for revision in changes:
        slot = event.slots.get(revision.slot or "")
        raised = revision.change in {Change.DISPUTED, Change.REVISED} and (revision.slot, revision.new) not in moved
        if not raised or slot is None:
            continue
        others = {o.value for o in slot.others if o.qualifier is Qualifier.EXACT} if slot.disputed else set()
        settled = revision.change is Change.DISPUTED and revision.new is None and not slot.disputed \
            and revision.slot not in arisen
        if settled or revision.new in others:
            kept[slot.name, revision.new] = replace(revision, change=Change.DISPUTED, old=slot.preferred.value)
    return tuple(kept.values())


def without_echo(kept: Sequence[Revision]) -> tuple[Revision, ...]:
    """Without changes of the total that only repeat a group's: 33 people → 32 beside 33 children → 32."""
    said = {(r.change, r.old, r.new) for r in kept if r.slot in {"children", "women", "men"}}
    return tuple(sorted((r for r in kept if r.slot != "total" or (r.change, r.old, r.new) not in said),
                        key=lambda r: r.id or 0))


def _is_new(subscription: Subscription, event: Event, changes: Sequence[Revision]) -> bool:
    """Opened in the span, or only now said by as many independent sources as the subscription asks for."""
    if any(revision.change is Change.OPENED for revision in changes):
        return True
    if subscription.minimum_sources < 2:
        return False
    fresh = {revision.claim_id for revision in changes}
    before = voices(stored for stored in event.claims if stored.id not in fresh)
    return before < subscription.minimum_sources


def voices(claims: Iterable[StoredClaim]) -> int:
    """Independent voices as the ledger counts them: copies of one text are one, and so is all that one source says."""
    claims = list(claims)
    house = {stored.article_id: stored.source_id or stored.outlet for stored in claims}
    return len({house.get(stored.origin_id) or stored.origin_id for stored in claims})


def choose_figures(subscription: Subscription, figures: Sequence[StoredFigure]) -> tuple[StoredFigure, ...]:
    """Each number once, the largest first."""
    once: dict[tuple[str, int, str | None, str | None], StoredFigure] = {}
    for figure in figures:
        if not figure.quiet and figure_wanted(subscription, figure):
            once.setdefault((figure.what, figure.value, figure.place, figure.group), figure)
    return tuple(sorted(once.values(), key=lambda figure: (-figure.value, figure.id)))
