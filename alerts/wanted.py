"""Whether a subscription asks for an event or a figure; and which of its filters let nothing through. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from alerts.words import codes
from records.ledger import Event, Revision, StoredClaim, StoredFigure
from records.telling import Subscription

FILTERS = ("nationality", "destination", "origin", "kind", "status", "source_kind", "text", "minimum_sources")
SLOTS = (("nationality", "nationality"), ("destination", "destination_country"), ("origin", "origin_country"),
         ("kind", "kind"), ("status", "status"))
AUTHORITIES = {"government", "court", "un", "agency"}  # kinds of sources whose own figures are official ones


def wanted(subscription: Subscription, event: Event, changes: Sequence[Revision]) -> bool:
    """The event passes every filter, as it is now or as it was told before: a reader who was told that Russian children
    came home is told too that they were not Russian."""
    for name, slot in SLOTS:
        values: Collection[str] = getattr(subscription, name)
        known: set[str | int | None] = {value for revision in changes if revision.slot == slot
                                        for value in (revision.old, revision.new)}
        known |= {event.value(slot)} | (_kinds(event) if slot == "kind" else set())  # near-synonyms are no dispute
        if values and not {code for value in known for code in codes(value)} & set(values):
            return False
    if subscription.source_kind and not {c.source_kind for c in event.claims} & set(subscription.source_kind):
        return False
    if subscription.text and not spoken(subscription.text, said(event)):
        return False
    return event.independent >= subscription.minimum_sources


def by_columns(subscription: Subscription) -> dict[str, set[str]] | None:
    """The filters that an event's plain slots decide, by name; None where it also asks for kinds, sources or words, for
    which its claims have to be read."""
    if subscription.kind or subscription.source_kind or subscription.text:
        return None
    return {name: set(values) for name, _ in SLOTS if (values := getattr(subscription, name))}


def figure_wanted(subscription: Subscription, figure: StoredFigure) -> bool:
    """A figure belongs to no movement: a subscription to some countries gets the figures of these places only, one to
    kinds of sources or to words those that such a source gives, or whose quote has such a word."""
    places = {*subscription.nationality, *subscription.destination, *subscription.origin}
    return ((not places or figure.place in places)
            and (not subscription.source_kind or figure.source_kind in subscription.source_kind)
            and (not subscription.text or bool(spoken(subscription.text, [figure.evidence.quote]))))


def notable(figure: StoredFigure) -> bool:
    """Somebody in office stands for it: the sentence names an official of the article, or the source is an authority.
    Whether the number is new is for the store to say."""
    return bool(figure.official) or figure.source_kind in AUTHORITIES


def barren(subscription: Subscription, events: Sequence[Event]) -> tuple[str, ...]:
    """The values of filters that, each alone, let none of these events through: `text "Rusafa"`."""
    nothing: dict[str, Any] = {field.name: field.default for field in fields(Subscription) if field.name in FILTERS}
    bare = replace(subscription, **nothing)
    found = []
    for name in FILTERS:
        values = getattr(subscription, name)
        for value in [[one] for one in values] if isinstance(values, tuple) else [values]:
            only: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value}
            alone = replace(bare, **only)
            if alone != bare and not any(wanted(alone, event, ()) for event in events):
                shown = value[0] if isinstance(value, list) else value
                found.append(f'{name} "{shown}"' if isinstance(shown, str) else f"{name} {shown}")
    return tuple(found)


def spoken(phrases: Iterable[str], texts: Iterable[str]) -> set[str]:
    """Those of the phrases that stand in one of the texts, whatever their case and width."""
    whole = [key(text) for text in texts]
    return {phrase for phrase in phrases if any(key(phrase) in text for text in whole)}


def key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _kinds(event: Event) -> set[str | int | None]:
    return {str(stored.claim.kind) for stored in event.claims}


def said(event: Event) -> list[str]:
    """All texts that free-text filters look at."""
    return [text for stored in event.claims for text in _texts(stored) if text]


def _texts(stored: StoredClaim) -> tuple[str | None, ...]:
    claim, speaker = stored.claim, stored.claim.speaker
    return (stored.title, claim.evidence.quote, claim.origin_place, claim.destination_place, claim.operation,
            *((speaker.name, speaker.role, speaker.organisation) if speaker else ()),
            *(count.evidence.quote for count in claim.counts.values() if count.evidence),
            *(other.evidence.quote for other in claim.other_values))
