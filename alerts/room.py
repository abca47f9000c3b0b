"""How much of each thing is shown: in a message, which must stay small, and on the archive's page, which holds all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """At most so many of each; what is left out is counted."""

    cards: int = 40  # events told in full: more than a reader finishes
    figures: int = 20
    failing: int = 12  # sources
    sources: int = 6  # named under an event
    rivals: int = 4  # other values named per slot
    warnings: int = 5  # per event
    quote: int = 420  # characters; a sentence of news is rarely longer, a list of names or a page without stops is
    remark: int = 300  # characters of a rule, a warning, a speaker with role and organisation, a reason for a failure


MAIL = Room()
TIGHT = Room(cards=1, figures=1, failing=1, sources=2, rivals=1, warnings=1, quote=200, remark=120)  # always fits
WHOLE = Room(cards=100_000, figures=100_000, failing=100_000, sources=10_000, rivals=1_000, warnings=1_000,
             quote=20_000, remark=5_000)
