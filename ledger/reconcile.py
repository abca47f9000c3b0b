"""An event's slots from its claims: which value to quote, by which rule, who says otherwise. Pure, order-free.

Counts of one kind only are compared: totals with totals, children with children. A hedge that allows the preferred
value ("more than thirty" beside 33) is another way to say it and no dispute.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ledger.checks import warnings
from ledger.spans import DAYS_APART, days_apart, is_plan
from ledger.states import every_destination, nationality_slot, of_everybody, of_parts, sum_of_parts
from ledger.tallies import tally
from ledger.voices import CONFIRMED, Voice, by_value, origins, rule, when_said
from records.ledger import Event, Slot, SlotValue, StoredClaim
from records.words import Basis, Group, Precision, Qualifier, Status

ADVANCE = (Status.PLANNED, Status.AGREED, Status.UNDER_WAY, Status.COMPLETED)  # the order in which things come to pass
STOPPED = (Status.REFUSED, Status.DENIED)
PLAIN = ("kind", "origin_country", "origin_place", "destination_country", "destination_place", "ordinal", "operation")
ANYHOW = ("kind", "origin_place", "destination_place", "operation")  # near-synonyms and spellings are no dispute

__all__ = ["origins", "reconcile"]


def reconcile(event_id: int | None, claims: Iterable[StoredClaim], *, opened_at: datetime | None = None,
              changed_at: datetime | None = None) -> Event:
    """The event that these claims make. Background claims speak only where no article reports the event as its own."""
    held = tuple(sorted(claims, key=lambda c: c.id))
    heard = tuple(c for c in held if c.claim.main) or held
    nationality = nationality_slot(heard, held)
    several = nationality is not None and "," in str(nationality.preferred.value)
    found = [_status(heard), _dates(heard) or _dates(held), nationality, *_counts(heard, held, nationality),
             *_plain(heard, held, several=several)]
    slots = {slot.name: slot for slot in found if slot}
    return Event(id=event_id, slots=slots, claims=held, independent=len(origins(held)), opened_at=opened_at,
                 changed_at=changed_at, warnings=warnings(held, slots))


def _counts(heard: Sequence[StoredClaim], held: Sequence[StoredClaim], nationality: Slot | None) -> list[Slot]:
    """The counts of everybody, and on a flight for several states those of each state's part ("children:XK")."""
    slots = tally(of_everybody(heard, nationality), of_everybody(held, nationality))
    parts = [slot for states, claims in of_parts(held, nationality).items()
             for slot in tally(tuple(c for c in claims if c in heard) or claims, claims, f":{states}")]
    if not any(slot.name == Group.TOTAL for slot in slots):
        slots += [total] if (total := sum_of_parts(parts)) else []
    return slots + parts


def _status(heard: Sequence[StoredClaim]) -> Slot | None:
    """Done is done; a plan holds until it is done, refused or denied by somebody later."""
    if not heard:
        return None
    furthest = max((c.claim.status for c in heard if c.claim.status in ADVANCE), key=ADVANCE.index, default=None)
    stopped = [c for c in heard if c.claim.status in STOPPED]
    chosen, name = furthest, "the furthest it has come"
    if stopped and furthest is not Status.COMPLETED:
        latest = max(stopped, key=lambda c: (when_said(c), STOPPED.index(c.claim.status)))
        before = [c for c in heard if c.claim.status is furthest]
        if not before or when_said(latest) >= max(when_said(c) for c in before):
            chosen, name = latest.claim.status, "said last"
    values = by_value(Voice(stored=c, value=str(c.claim.status)) for c in heard)
    first = next(value for value in values if value.value == str(chosen))
    others = tuple(value for value in values if value is not first)
    disputed = bool(stopped) and furthest is Status.COMPLETED and not first.confirmed
    return Slot(name="status", preferred=first, rule=rule(name, others), others=others, disputed=disputed)


def _dates(heard: Sequence[StoredClaim]) -> Slot | None:
    """A stated day over a month over a year over "reported on"; of reports the earliest, meaning on or before it.

    The date of a plan holds until the deed has one. The day on which a plan was reported dates nothing.
    """
    done = [c for c in heard if not is_plan(c.claim.status)]
    voices = _date_voices(done) or _date_voices(c for c in heard if c.claim.event_date_basis is not Basis.REPORTED)
    if not voices:
        return None
    best = max(voice.standing[0] for voice in voices)
    values = by_value(voice for voice in voices if voice.standing[0] == best)
    if best == 0:
        first = min(values, key=lambda value: str(value.value))
        others = tuple(value for value in values if value is not first)
        return Slot(name="event_date", preferred=first, rule=rule("the earliest report", others), others=others)
    first = values[0]
    others = tuple(v for v in values if v is not first) + by_value(
        v for v in voices if 0 < v.standing[0] < best and not str(first.value).startswith(str(v.value)))
    disputed = not first.confirmed and any(days_apart(str(first.value), str(other.value)) > DAYS_APART
                                           for other in others)
    return Slot(name="event_date", preferred=first, rule=rule("most independent sources", others), others=others,
                disputed=disputed)


def _date_voices(claims: Iterable[StoredClaim]) -> list[Voice]:
    rank = {Precision.DAY: 3, Precision.MONTH: 2, Precision.YEAR: 1}
    voices = []
    for stored in claims:
        claim, reported = stored.claim, stored.claim.event_date_basis is Basis.REPORTED
        if claim.event_date is not None and claim.event_date_precision is not None:
            voices.append(Voice(stored=stored, value=claim.event_date,
                                standing=(0 if reported else rank[claim.event_date_precision],),
                                qualifier=Qualifier.AT_MOST if reported else Qualifier.EXACT))
    return voices


def _plain(heard: Sequence[StoredClaim], held: Sequence[StoredClaim], *, several: bool) -> list[Slot]:
    """Slots that hold an attribute of the claims as it is; one flight for several states has several destinations."""
    slots = []
    for name in PLAIN:
        everywhere = several and name == "destination_country"  # mentions name the other states' parts
        for claims in (held,) if everywhere else (heard, held):
            values = by_value(Voice(stored=c, value=value if isinstance(value, int) else str(value))
                              for c in claims if (value := getattr(c.claim, name)) is not None)
            if values and everywhere:
                slots.append(every_destination(values))
            elif values:
                slots.append(Slot(name=name, preferred=values[0], others=values[1:],
                                  rule=_plain_rule(values),
                                  disputed=len(values) > 1 and name not in ANYHOW and not values[0].confirmed))
            if values:
                break
    return slots


def _plain_rule(values: Sequence[SlotValue]) -> str:
    return rule(CONFIRMED if values[0].confirmed else "most independent sources", values[1:])
