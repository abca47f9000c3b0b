"""An event's slots from its claims: which value to quote, by which rule, who says otherwise. Pure, order-free.

Counts of one kind only are compared: totals with totals, children with children. A hedge that allows the preferred
value ("more than thirty" beside 33) is another way to say it and no dispute.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from ledger.checks import warnings
from ledger.counting import contains, numbers
from records.claims import Count
from records.ledger import Event, Slot, SlotValue, StoredClaim
from records.words import Basis, Group, Precision, Qualifier, Status

OFFICIAL = {"government", "agency", "un", "court"}  # kinds of source that hand over or receive people themselves
ADVANCE = (Status.PLANNED, Status.AGREED, Status.UNDER_WAY, Status.COMPLETED)  # the order in which things come to pass
STOPPED = (Status.REFUSED, Status.DENIED)
PLAIN = ("origin_country", "origin_place", "destination_country", "destination_place", "ordinal", "operation")
LATE = 4  # firmness of a number of people who came, not of a plan
DAYS_APART = 1  # stated days that differ by more are a dispute


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One claim's word on one slot."""

    stored: StoredClaim
    value: str | int
    qualifier: Qualifier = Qualifier.EXACT
    firm: int = 0  # larger is better founded: stated over derived, a day over a month, the value over a side remark


def reconcile(event_id: int | None, claims: Iterable[StoredClaim], *, opened_at: datetime | None = None,
              changed_at: datetime | None = None) -> Event:
    """The event that these claims make. Background claims speak only where no article reports the event as its own."""
    held = tuple(sorted(claims, key=lambda c: c.id))
    heard = tuple(c for c in held if c.claim.main) or held
    slots = {slot.name: slot for slot in (_status(heard), _dates(heard), *_counts(heard, held), *_plain(heard, held))
             if slot}
    return Event(id=event_id, slots=slots, claims=held, independent=len(origins(held)), opened_at=opened_at,
                 changed_at=changed_at, warnings=warnings(held, slots))


def origins(claims: Iterable[StoredClaim]) -> set[str]:
    """The independent voices among claims: copies of one text are one, and so is everything one source writes."""
    claims = list(claims)
    house = {c.article_id: c.source_id or c.outlet for c in claims}
    return {f"source {owner}" if (owner := house.get(c.origin_id)) else f"article {c.origin_id}" for c in claims}


def _status(heard: Sequence[StoredClaim]) -> Slot | None:
    """Done is done; a plan holds until it is done, refused or denied by somebody later."""
    if not heard:
        return None
    furthest = max((c.claim.status for c in heard if c.claim.status in ADVANCE), key=ADVANCE.index, default=None)
    stopped = [c for c in heard if c.claim.status in STOPPED]
    chosen, rule = furthest, "the furthest it has come"
    if stopped and furthest is not Status.COMPLETED:
        latest, before = max(stopped, key=_when), [c for c in heard if c.claim.status is furthest]
        if not before or _when(latest) >= max(_when(c) for c in before):
            chosen, rule = latest.claim.status, "said last"
    values = _by_value(Voice(stored=c, value=str(c.claim.status)) for c in heard)
    first = next(value for value in values if value.value == str(chosen))
    others = tuple(value for value in values if value is not first)
    disputed = bool(stopped) and furthest is Status.COMPLETED
    return Slot(name="status", preferred=first, rule=_rule(rule, others), others=others, disputed=disputed)


def _dates(heard: Sequence[StoredClaim]) -> Slot | None:
    """A stated day over a month over a year over "reported on"; of reports the earliest, meaning on or before it."""
    rank = {Precision.DAY: 3, Precision.MONTH: 2, Precision.YEAR: 1}
    voices = []
    done = [c for c in heard if c.claim.status is Status.COMPLETED] or list(heard)
    for stored in done:
        claim = stored.claim
        if claim.event_date is None or claim.event_date_precision is None:
            continue
        reported = claim.event_date_basis is Basis.REPORTED
        firm = 0 if reported else rank[claim.event_date_precision]
        voices.append(Voice(stored=stored, value=claim.event_date, firm=firm,
                            qualifier=Qualifier.AT_MOST if reported else Qualifier.EXACT))
    if not voices:
        return None
    best = max(voice.firm for voice in voices)
    values = _by_value(voice for voice in voices if voice.firm == best)
    if best == 0:
        first = min(values, key=lambda value: str(value.value))
        others = tuple(value for value in values if value is not first)
        return Slot(name="event_date", preferred=first, rule=_rule("the earliest report", others), others=others)
    first = values[0]
    others = tuple(v for v in values if v is not first) + _by_value(
        v for v in voices if 0 < v.firm < best and not str(first.value).startswith(str(v.value)))
    disputed = any(_days_apart(str(first.value), str(other.value)) > DAYS_APART for other in others)
    return Slot(name="event_date", preferred=first, rule=_rule("most independent sources", others), others=others,
                disputed=disputed)


def _counts(heard: Sequence[StoredClaim], held: Sequence[StoredClaim]) -> list[Slot]:
    """Per group: exact over hedged, stated over summed up, then most independent sources, officials, the later one."""
    slots = []
    for group in Group:
        voices = [*_count_voices(heard, group)]
        if not voices and group is not Group.TOTAL:
            voices = [*_count_voices(held, group)]
        if not voices:
            continue
        firmest = max(_standing(voice) for voice in voices)
        best = [voice for voice in voices if _standing(voice) == firmest]
        values = _by_value(best)
        first = values[0]
        others = tuple(value for value in _by_value(voices)
                       if (value.value, value.qualifier) != (first.value, first.qualifier))
        hedged = any(value.qualifier is not Qualifier.EXACT for value in others)
        rule = "exact over hedged" if hedged else "stated over summed up"
        if len(values) > 1:
            rule = _why_first(first, values[1])
        slots.append(Slot(name=str(group), preferred=first, rule=_rule(rule, others), others=others,
                          disputed=any(_disputes(first, other) for other in others)))
    return slots


def _count_voices(claims: Iterable[StoredClaim], group: Group) -> Iterable[Voice]:
    """A plan's number speaks only where nobody counts those who came; side remarks speak weakest."""
    claims = list(claims)
    done = [c for c in claims if c.claim.status in (Status.COMPLETED, Status.UNDER_WAY)]
    for stored in claims:
        late = not done or stored in done
        count = numbers(stored.claim).get(group)
        if count:
            yield Voice(stored=stored, value=count.value, qualifier=count.qualifier,
                        firm=(LATE if late else 0) + (0 if count.derived else 2) + 1)
        for other in stored.claim.other_values:
            if other.group is group:
                yield Voice(stored=stored, value=other.value, qualifier=other.qualifier, firm=0)


def _standing(voice: Voice) -> tuple[bool, bool, int]:
    """Those who came before those who were to come; exact before hedged; stated before summed up."""
    return voice.firm >= LATE, voice.qualifier is Qualifier.EXACT, voice.firm


def _plain(heard: Sequence[StoredClaim], held: Sequence[StoredClaim]) -> list[Slot]:
    slots = []
    for name in ("nationality", *PLAIN):
        read = _nationality if name == "nationality" else _attribute(name)
        for claims in (heard, held):
            values = _by_value(Voice(stored=c, value=value) for c in claims if (value := read(c)) is not None)
            if values:
                places = name.endswith("_place")  # Baghdad and its airport are no dispute
                disputed = len(values) > 1 and not places and not _nested(name, values)
                slots.append(Slot(name=name, preferred=values[0], others=values[1:], disputed=disputed,
                                  rule=_rule("most independent sources", values[1:])))
                break
    return slots


def _nationality(stored: StoredClaim) -> str | None:
    return ",".join(stored.claim.nationality) or None


def _attribute(name: str) -> Callable[[StoredClaim], str | int | None]:
    def read(stored: StoredClaim) -> str | int | None:
        value: str | int | None = getattr(stored.claim, name)
        return value
    return read


def _nested(name: str, values: Sequence[SlotValue]) -> bool:
    """One state's part of a flight for several is no dispute about nationality."""
    sets = sorted(({*str(value.value).split(",")} for value in values), key=len)
    return name == "nationality" and all(a <= b for a, b in pairwise(sets))


def _by_value(voices: Iterable[Voice]) -> tuple[SlotValue, ...]:
    """Equal values together, the best supported first: independent voices, officials, the later, the first filed."""
    groups: dict[tuple[str | int, Qualifier], list[Voice]] = {}
    for voice in voices:
        groups.setdefault((voice.value, voice.qualifier), []).append(voice)
    made = []
    for (value, qualifier), said in groups.items():
        claims = [voice.stored for voice in sorted(said, key=lambda voice: (-voice.firm, voice.stored.id))]
        outlets = Counter(c.outlet or c.source_id or "an imported text" for c in claims)
        support = len(origins(claims))
        made.append(((-support, -int(any(c.source_kind in OFFICIAL for c in claims)),
                      _backwards(max(_when(c) for c in claims)), min(c.id for c in claims)),
                     SlotValue(value=value, qualifier=qualifier, claim_ids=tuple(dict.fromkeys(c.id for c in claims)),
                               outlets=tuple(outlets), independent=support)))
    return tuple(value for _, value in sorted(made, key=lambda pair: pair[0]))


def _why_first(first: SlotValue, second: SlotValue) -> str:
    return "most independent sources" if first.independent > second.independent else "official or later report"


def _rule(rule: str, others: Sequence[SlotValue]) -> str:
    return rule if others else "only value"


def _disputes(first: SlotValue, other: SlotValue) -> bool:
    mine, theirs = (Count(value=int(value.value or 0), qualifier=value.qualifier, derived=True, parts=("",))
                    for value in (first, other))
    if theirs.qualifier is Qualifier.EXACT and mine.qualifier is not Qualifier.EXACT:
        mine, theirs = theirs, mine
    return not contains(theirs, mine.value)


def _when(stored: StoredClaim) -> str:
    return (stored.published or stored.filed_at.isoformat())[:10]


def _backwards(day: str) -> tuple[int, ...]:
    """Sorts later days first."""
    return tuple(-ord(character) for character in day)


def _days_apart(a: str, b: str) -> int:
    if len(a) != 10 or len(b) != 10:
        return 0 if a[:min(len(a), len(b))] == b[:min(len(a), len(b))] else 99
    return abs((datetime.fromisoformat(a) - datetime.fromisoformat(b)).days)
