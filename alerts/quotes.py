"""What a digest quotes, and whom: sentences cut to the room there is, articles named with where their link leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alerts import words
from alerts.room import MAIL, Room
from alerts.safe import host, link, name, plain, shorten
from alerts.sheet import Told
from records.claims import Evidence
from records.ledger import StoredClaim, StoredFigure

Withhold = Callable[[str], str]


def as_it_is(text: str) -> str:
    """The hook for withholding names, where the store has withheld them already."""
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How strangers' sentences are shown: what is masked in them, and how long they may be."""

    withhold: Withhold = as_it_is
    room: Room = MAIL

    def quote(self, evidence: Evidence, written: str | None = None) -> str:
        """The quote; of a very long one the part around the number, with marks where it was cut."""
        cap, quote = self.room.quote, plain(evidence.quote)
        if len(quote) <= cap:
            return self.withhold(quote)
        at = max(quote.find(plain(written)), 0) if written else 0
        start = max(0, min(at - cap // 2, len(quote) - cap))
        return self.withhold(("…" if start else "") + shorten(quote[start:], cap))

    def remark(self, text: str | None) -> str:
        return name(text, self.room.remark)


def told(claim: StoredClaim | StoredFigure) -> Told:
    return Told(outlet=name(claim.outlet) or host(claim.url) or "an imported text", day=words.day(claim.published),
                url=link(claim.url), host=host(claim.url), note=_note(claim))


def _note(claim: StoredClaim | StoredFigure) -> str:
    if isinstance(claim, StoredClaim) and claim.origin_id != claim.article_id:
        return "a copy"
    return "from its feed alone" if claim.from_entry else ""
