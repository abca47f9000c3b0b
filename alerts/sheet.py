"""What a digest says, before it has a form: cards of events, sayings with their source, figures, proof of life.

Mail, HTML, Slack and terminal are written from the same sheet, so that they hold the same facts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Alarm", "Bar", "Card", "Rival", "Saying", "Section", "Sheet", "Shift", "Told"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An article that says so. `url` and `host` None where there is no address that may be linked to."""

    outlet: str
    day: str  # "16 July 2019", "" unknown
    url: str | None = None
    host: str | None = None
    note: str = ""  # "from its feed alone", "a copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """Values and the sentence that says them."""

    values: tuple[str, ...]  # "33 children"
    quote: str
    told: Told
    speaker: str = ""  # "Ahmad al-Sahhaf, spokesman, Iraqi Foreign Ministry"
    language: str = ""  # of the quote, where it is not English
    derived: str = ""  # what a derived count adds up
    written: tuple[str, ...] = ()  # the numbers as they stand in the quote

    def pieces(self) -> list[tuple[str, bool]]:
        """The quote in pieces, with True where a piece is one of the numbers."""
        if not self.written:
            return [(self.quote, False)]
        either = "|".join(re.escape(number) for number in sorted(self.written, key=len, reverse=True))
        found = re.split(rf"(?<![\w.,])({either})(?!\w)", self.quote)
        return [(piece, bool(at % 2)) for at, piece in enumerate(found) if piece]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """Another value of a disputed slot, and who says it."""

    value: str
    told: tuple[Told, ...]
    saying: Saying | None = None
    planned: bool = False  # said of the plan only


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One revision: old → new, or what is newly disputed, and the sentence that moved it."""

    label: str
    old: str
    new: str
    why: str  # the rule or reason, where no sentence is at hand
    saying: Saying | None = None
    says: str = ""  # who, in a word or two
    how: str = "changed"  # or "added": `new` was not known before; "disputed": `old` stands, `new` is said too;
    # "settled": `old` stands and all agree
    repeated: bool = False  # the next revision has the same sentence, which is shown there


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One event as it is told."""

    event_id: int
    headline: str
    status: str
    disputed: str  # "number disputed", "date and nationality disputed"; "" where nothing is
    facts: tuple[tuple[str, str], ...]  # ("From", "Baghdad, Iraq")
    shifts: tuple[Shift, ...] = ()
    sayings: tuple[Saying, ...] = ()
    rivals: tuple[Rival, ...] = ()
    rivals_left: int = 0
    rule: str = ""  # why the shown value and not a rival's
    sources: tuple[Told, ...] = ()
    sources_left: int = 0
    support: str = ""  # "2 independent sources"
    warnings: tuple[str, ...] = ()
    warnings_left: int = 0
    unknown: str = ""  # "date, nationality"
    note: str = ""  # what is to be said of it first: a plan that is overdue

    @property
    def named(self) -> bool:
        """Each source stands beside a sentence of its own already."""
        said = (*self.sayings, *(one.saying for one in self.shifts), *(one.saying for one in self.rivals))
        return not self.sources_left and {*self.sources} <= {one.told for one in said if one}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    tag: str  # new, status, revised, overdue: the colour of its cards
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One month of the picture of returns."""

    month: str  # "July 2019"
    short: str  # "Jul"
    value: int
    height: int  # of the highest, in pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Collecting is going wrong. `dead`: nothing at all could be collected."""

    dead: bool
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything one message says."""

    subject: str
    lead: tuple[str, ...]  # the subject's parts, the weightiest first
    span: str  # "14 July 2019, 08:00 to 15 July 2019, 08:00 CEST"
    summary: str
    preview: str = ""  # what an inbox shows beside the subject
    sections: tuple[Section, ...] = ()
    figures: tuple[Saying, ...] = ()
    months: tuple[Bar, ...] = ()
    picture: str = ""  # what the bars show, for those who do not see them
    more_sources: str = ""
    alarm: Alarm | None = None
    life: tuple[tuple[str, str], ...] = ()  # ("Answered", "61 of 64 endpoints")
    failing: tuple[tuple[str, str], ...] = ()
    failing_left: int = 0
    left_out: str = ""  # "12 more events and 3 more figures did not fit in here"
    page: str = ""  # the address of the page that holds all of it; "" where there is none
    whole: bool = False  # this is that page
    subscription: str = ""
    footer: str = ""
    single: bool = False  # about one event: an instant alert
