"""An article to its Reading: the stages in order, and the records made of what they found."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.claims import counts, days, figures, frames, moves, people, sentences, topic
from extraction.claims.choose import assemble
from extraction.claims.days import Day, Published
from extraction.claims.defaults import default_route
from extraction.claims.events import Movement
from extraction.claims.figures import evidence_of
from extraction.claims.follow import followed
from extraction.claims.frames import Framed
from extraction.claims.lexicon import Lexicon, lexicon
from extraction.claims.moves import Candidate
from extraction.claims.sentences import Sentence
from extraction.claims.series import series
from extraction.claims.singles import PARTS, Count
from extraction.claims.whence import Whence
from records.claims import Claim, OtherValue, Reading
from records.claims import Count as CountRecord
from records.words import Basis, Group, Precision, Qualifier, Status

LONGEST = 300_000  # characters that are read: 50,000 words, seventy times a long article; what is hostile is longer


def text_of(title: str | None, body: str) -> tuple[str, int]:
    """(the text that offsets refer to, where the title ends)."""
    return (f"{title}\n\n{body}", len(title)) if title else (body, 0)


def prepare(text: str, title_end: int, lex: Lexicon) -> list[Sentence]:
    found = sentences.split(text, title_end, lex)
    sentences.annotate(found, text, lex)
    return found


def read(title: str | None, body: str, lang: str, published: str | None, *, wanted: bool = False) -> Reading:
    """All that a text says; nothing of one that is off-topic, unless it is `wanted`. Linear in its length; never
    raises on any text."""
    text, title_end = text_of(title, body)
    lex = lexicon(lang)
    told = prepare(text[:LONGEST], title_end, lex)
    judged = topic.judge(told)
    if not judged.relevant and not wanted:
        return Reading(text=text, lang=lang, relevant=False, why=judged.why)
    day = days.published_of(published)
    lead, first = leading(told), bool(lex.raw.get("verb_first", False))
    framed = [
        (sentence, frames.frame(sentence, counts.find(sentence, lex), lead=sentence.index in lead, verb_first=first))
        for sentence in told
        if sentence.part != "skip"
    ]
    found = told_of(framed, day)
    whence = Whence(told)
    movements = assemble(found, framed, whence)
    officials, minors = people.find(told, lex)
    claims = [claim_of(movement, whence, day, officials, framed) for movement in movements]
    return Reading(
        text=text,
        lang=lang,
        relevant=True,
        why=judged.why if judged.relevant else f"wanted by a person; {judged.why}",
        claims=tuple(claims),
        figures=tuple(figures.find(framed, found, movements)),
        officials=tuple(person.official for person in officials),
        minors=tuple(minors),
    )


def told_of(framed: Sequence[tuple[Sentence, list[Framed]]], day: Published) -> list[Candidate]:
    """What the sentences say of movements, each with what the sentences behind it add."""
    found: list[Candidate] = []
    for sentence, items in framed:
        here = moves.candidates(sentence, items, day)
        if not any(candidate.counts for candidate in here):
            last = found[-1] if found else None
            here = series(last, sentence, items, day) or followed(last, sentence, items, day) or here
        found.extend(here)
    return found


def leading(told: Sequence[Sentence]) -> set[int]:
    """The title and the first three sentences of the body: what they count most likely moves."""
    body = [sentence.index for sentence in told if sentence.part == "body" and len(sentence.tokens) > 6]
    return {sentence.index for sentence in told if sentence.part == "title"} | set(body[:3])


def record(count: Count, sentence: Sentence) -> CountRecord:
    if count.parts:
        return CountRecord(
            value=count.number.value, qualifier=Qualifier(count.qualifier), derived=True, parts=count.parts
        )
    return CountRecord(
        value=count.number.value,
        qualifier=Qualifier(count.qualifier),
        written=count.written,
        evidence=evidence_of(sentence),
    )


def derive(found: dict[Group, CountRecord]) -> None:
    """The total of stated parts, where no total is stated and no family hides people."""
    parts = [(Group(part), found[Group(part)]) for part in PARTS if Group(part) in found]
    if Group.TOTAL not in found and parts:
        hedges = {count.qualifier for _, count in parts} - {Qualifier.EXACT} or {Qualifier.EXACT}
        found[Group.TOTAL] = CountRecord(
            value=sum(count.value for _, count in parts),
            qualifier=hedges.pop() if len(hedges) == 1 else Qualifier.ABOUT,
            derived=True,
            parts=tuple(f"{group} {count.value}" for group, count in parts),
        )


def claim_of(
    movement: Movement,
    whence: Whence,
    published: Published,
    officials: Sequence[people.Found],
    framed: Sequence[tuple[Sentence, list[Framed]]],
) -> Claim:
    default_route(movement, whence)
    found = {Group(group): record(count, where) for group, (count, where) in movement.counts.items() if group != "bare"}
    uncounted = Group.TOTAL not in found and any(count.open for count, _ in movement.counts.values())
    if not uncounted:
        derive(found)
    day = day_of(movement, published)
    origin, target = movement.origin or (None, None), movement.destination or (None, None)
    where = next((s for s in movement.sentences if s.part == "body"), movement.first.sentence)
    speaker = people.speaker_of(where, officials)
    if speaker is None or speaker.name is None:
        named = (people.speaker_of(sentence, officials) for sentence in movement.sentences if sentence.part == "body")
        speaker = next((one for one in named if one and one.name), speaker)
    return Claim(
        main=movement.main,
        kind=movement.kind,
        status=movement.status,
        evidence=evidence_of(where),
        nationality=tuple(sorted(movement.nations)),
        counts=found,
        other_values=tuple(
            OtherValue(
                group=Group(group),
                value=count.number.value,
                qualifier=Qualifier(count.qualifier),
                written=count.written,
                evidence=evidence_of(s),
            )
            for group, count, s in movement.others
        ),
        origin_country=origin[0],
        origin_place=origin[1],
        destination_country=target[0],
        destination_place=target[1],
        event_date=day.iso if day else None,
        event_date_precision=day.precision if day else None,
        event_date_basis=day.basis if day else None,
        ordinal=movement.ordinal,
        operation=movement.operation,
        speaker=speaker,
        uncounted=uncounted,
    )


def day_of(movement: Movement, published: Published) -> Day | None:
    """The event's own day, else for the main event the day it was reported; a plan without a day has none.

    What is denied has no day: the one in the sentence is the day of the denial.
    """
    if movement.status is Status.DENIED:
        return None
    if movement.day is not None:
        return movement.day
    planned = movement.status in {Status.PLANNED, Status.AGREED}
    if not movement.main:
        said = None if planned else movement.said
        return Day(said.iso, said.precision, Basis.REPORTED) if said else None
    reported = published.as_day()
    if planned:  # of a plan only the month of the report is told
        return (
            Day(reported.iso[:7], Precision.MONTH, reported.basis) if reported and len(reported.iso) > 4 else reported
        )
    said = movement.said
    if said is not None and reported is not None and said.iso.startswith(reported.iso[:7]):
        return Day(said.iso, said.precision, reported.basis)
    return reported
