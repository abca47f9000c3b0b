"""The counts of an event: per group the number to quote, and all the others.

    those who came over those who were to come | what a person confirmed | a page that agrees with itself
    | exact over hedged | stated over summed | most independent sources | official, later, smaller
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.checks import is_sound
from ledger.counting import PEOPLE, Said, gap, is_whole, numbers
from ledger.voices import CONFIRMED, Voice, by_value, rule, why_first
from records.claims import Count
from records.ledger import Slot, SlotValue, StoredClaim
from records.words import Group, Qualifier, Status

CAME = (Status.COMPLETED, Status.UNDER_WAY)
RULES = ("those who came over those planned", CONFIRMED, "a page that contradicts itself settles nothing",
         "exact over hedged", "stated over summed up")  # by the places of a voice's standing
OTHER, ADDED, STATED = 0, 1, 2  # the last place: a claim's other value, a sum of ours, its own word
NOBODYS = "added up here, stated by nobody"
LONE = "the one group that is counted; nobody states a total"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A claim with its numbers: worked out once, asked for every group."""

    stored: StoredClaim
    numbers: dict[Group, Count]
    whole: bool  # it counts everybody
    came: int  # 1: those who came, 0: those who were to come
    sound: int  # 0: it contradicts itself


def tally(heard: Sequence[StoredClaim], held: Sequence[StoredClaim], suffix: str = "") -> list[Slot]:
    """One slot per group that is counted. Mentions (`held`) speak only of groups that no report (`heard`) counts."""
    slots = []
    first = [_counted(stored) for stored in heard]
    second = first if len(held) == len(heard) else [_counted(stored) for stored in held]
    for group in Group:
        voices = [*_voices(first, group)]
        if not voices and group is not Group.TOTAL:
            voices = [*_voices(second, group)]
        if voices:
            slots.append(_slot(f"{group}{suffix}", voices))
    return slots


def _slot(name: str, voices: Sequence[Voice]) -> Slot:
    highest = max(voice.standing for voice in voices)
    top = [voice for voice in voices if voice.standing == highest]
    best = by_value(top)
    everything = by_value(voices) if len(top) < len(voices) else best  # all stand alike of most events
    # All who say it, not only those whose word decided: a person's correction silences no outlet that said so before.
    first = next(value for value in everything if _same(value, best[0]))
    others = tuple(value for value in everything if value is not first)
    # A plan's number disputes nothing, and nothing disputes what a person confirmed.
    equals = [voice for voice in voices if voice.standing[:2] == highest[:2]]
    rivals = by_value(equals) if len(equals) < len(voices) else everything
    why = rule(_rule(best, voices, first), others)
    if all(voice.standing[-1] == ADDED for voice in voices if _said(voice, first)):
        how = LONE if all(_is_lone(voice.stored) for voice in voices if _said(voice, first)) else NOBODYS
        why = how if why == rule("", ()) else f"{how}; {why}"
    return Slot(name=name, preferred=first, others=others, disputed=any(_disputes(first, other) for other in rivals),
                rule=why)


def _rule(best: Sequence[SlotValue], voices: Sequence[Voice], first: SlotValue) -> str:
    """What set the first value apart from the next best."""
    if len(best) > 1:
        highest = max(voice.standing for voice in voices)
        return why_first(best[0], best[1], [voice for voice in voices if voice.standing == highest])
    standings = sorted({voice.standing for voice in voices}, reverse=True)
    if len(standings) < 2:
        return "most independent sources"
    return RULES[next(place for place, (a, b) in enumerate(zip(*standings[:2], strict=True)) if a != b)]


def _counted(stored: StoredClaim) -> Counted:
    claim = stored.claim
    return Counted(stored=stored, numbers=numbers(claim), whole=is_whole(claim), came=int(claim.status in CAME),
                   sound=int(is_sound(stored)))


def _voices(claims: Sequence[Counted], group: Group) -> Iterator[Voice]:
    """Every number said of a group. A sum of one part ("5 women") is no total where somebody counts everybody."""
    everybody = any(one.whole for one in claims)
    for one in claims:
        count = one.numbers.get(group)
        if count and (group is not Group.TOTAL or one.whole or not everybody):
            yield Voice(stored=one.stored, value=count.value, qualifier=count.qualifier,
                        standing=(one.came, int(one.stored.review is not None), one.sound, _exact(count.qualifier),
                                  ADDED if count.derived else STATED))
        settled = (count.value, count.qualifier) if count else None
        for other in one.stored.claim.other_values:
            if other.group is group and (other.value, other.qualifier) != settled:
                yield Voice(stored=one.stored, value=other.value, qualifier=other.qualifier,
                            standing=(one.came, 0, one.sound, _exact(other.qualifier), OTHER), aside=True)


def _is_lone(stored: StoredClaim) -> bool:
    """Its people are those of one group ("33 children"): nothing was added up."""
    return sum(group in stored.claim.counts for group in PEOPLE) < 2


def _said(voice: Voice, value: SlotValue) -> bool:
    return (voice.value, voice.qualifier) == (value.value, value.qualifier)


def _exact(qualifier: Qualifier) -> int:
    return int(qualifier is Qualifier.EXACT)


def _same(a: SlotValue, b: SlotValue) -> bool:
    return (a.value, a.qualifier) == (b.value, b.qualifier)


def _disputes(first: SlotValue, other: SlotValue) -> bool:
    """Both can't be right: "more than thirty" beside 33 is another way to say it."""
    mine, theirs = (Said(value=int(value.value or 0), qualifier=value.qualifier) for value in (first, other))
    return gap(mine, theirs) > 0
