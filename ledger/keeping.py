"""Is this article known? By its address, its exact text, or a text that is largely contained in another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from ledger.counting import compare
from ledger.sketches import Sketch, same_text, shared
from ledger.wording import TINY, other_words
from records.claims import Claim
from records.ledger import Decision, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An article in the store, as far as keeping needs it."""

    article_id: int
    version_id: int
    text_sha: str
    title: str | None
    source_id: str | None
    outlet: str | None
    origin_id: int  # the root of its copies; itself where it copies nobody
    from_entry: bool
    sketch: Sketch
    claims: tuple[Claim, ...] = ()
    text: str = ""  # headline and text, where they are short (sketches.SMALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article that has just been read."""

    text_sha: str
    title: str | None
    source_id: str | None
    outlet: str | None
    from_entry: bool
    has_own_id: bool  # imported under an id of its own: it keeps its row whatever it copies
    sketch: Sketch
    claims: tuple[Claim, ...] = ()
    text: str = ""  # headline and text, where they are short (sketches.SMALL)


def keep_once(arrival: Arrival, at_address: Known | None, near: Sequence[Known]) -> Decision:
    """New, a version, known, or a copy; and why. `near` are articles that share indexed shingles or the text."""
    if at_address is not None:
        return _at_known_address(arrival, at_address)
    exact = [known for known in near if _is_exact(arrival, known)]
    ours = next((known for known in exact if _same_house(known, arrival)), None)
    if ours is not None and not arrival.has_own_id:
        return Decision(verdict=Verdict.KNOWN, article_id=ours.article_id, version_id=ours.version_id,
                        why=f"the same text of the same source as article {ours.article_id}, at another address")
    if exact:
        return Decision(verdict=Verdict.COPY, origin_id=min(known.origin_id for known in exact),
                        why=f"the same text as article {exact[0].article_id}")
    alike = [(shared(arrival.sketch, known.sketch)[1], -known.article_id, known) for known in near
             if same_text(arrival.sketch, known.sketch)]
    others = []
    for part, _, known in sorted(alike, key=itemgetter(0, 1), reverse=True):
        shares = f"shares {part:.0%} of its text with article {known.article_id}"
        other = _other_news(arrival.claims, known.claims) or other_words(*_to_compare(arrival, known))
        if not other:
            return Decision(verdict=Verdict.COPY, origin_id=known.origin_id, why=shares)
        others.append(f"{shares}, but tells other news: {other}")
    return Decision(verdict=Verdict.NEW, why=others[0] if others else "a text not known before")


def _to_compare(arrival: Arrival, known: Known) -> tuple[str, str]:
    """The texts without their headlines, which each paper writes anew over the same wire; with them where a text is so
    short that the headline may be all its news."""
    bodies = [one.text.removeprefix(one.title or "").strip() for one in (arrival, known)]
    return (bodies[0], bodies[1]) if min(len(body.split()) for body in bodies) > TINY else (arrival.text, known.text)


def _is_exact(arrival: Arrival, known: Known) -> bool:
    """The very text; of a few words ("Subscribe to read on") it is no text, and the headline decides."""
    return known.text_sha == arrival.text_sha and not (
        arrival.sketch.size <= TINY and other_words(arrival.text, known.text))


def _other_news(mine: Sequence[Claim], theirs: Sequence[Claim]) -> str:
    """What the main claims of two nearly equal texts contradict each other in; "" for nothing.

    Notices written from one form ("the 30th group", "the 31st group") are near in text and are not the same news.
    """
    a, b = (next((claim for claim in claims if claim.main), None) for claims in (mine, theirs))
    if a is None or b is None:
        return ""
    if a.ordinal is not None and b.ordinal is not None and a.ordinal != b.ordinal:
        return f"number {a.ordinal}, not {b.ordinal}"
    if a.nationality and b.nationality and set(a.nationality) != set(b.nationality):
        return f"{'/'.join(a.nationality)}, not {'/'.join(b.nationality)}"
    numbers = compare(a, b)
    return numbers.why if numbers.known and numbers.gap > 0 and not numbers.part else ""


def _same_house(known: Known, arrival: Arrival) -> bool:
    if known.source_id or arrival.source_id:
        return known.source_id == arrival.source_id
    return known.outlet is not None and known.outlet == arrival.outlet


def _at_known_address(arrival: Arrival, known: Known) -> Decision:
    same = {"article_id": known.article_id, "version_id": known.version_id}
    if known.text_sha == arrival.text_sha and (known.title or "") == (arrival.title or ""):
        return Decision(verdict=Verdict.KNOWN, why="the same address and the same text", **same)
    if arrival.from_entry and not known.from_entry:
        return Decision(verdict=Verdict.KNOWN, why="the whole page is known; this is only its feed entry", **same)
    changed = "the headline" if known.text_sha == arrival.text_sha else "the text"
    return Decision(verdict=Verdict.VERSION, why=f"the same address, and {changed} has changed", **same)
