"""Numbers that belong to no single movement: held, requests, repatriated in total, joined, died."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.claims.events import Movement
from extraction.claims.frames import Framed
from extraction.claims.gazetteer import Place
from extraction.claims.moves import Candidate
from extraction.claims.sentences import Sentence
from extraction.claims.singles import PARTS, Count
from records.claims import Evidence, Figure
from records.words import FigureKind, Qualifier, Status

SMALL = 100  # "the four men are in detention": so few held are most likely those who came home
KINDS = {"held": FigureKind.HELD, "requests": FigureKind.REQUESTS, "joined": FigureKind.JOINED, "died": FigureKind.DIED}


def evidence_of(sentence: Sentence) -> Evidence:
    return Evidence(quote=sentence.text, start=sentence.start, end=sentence.end)


def place_of(sentence: Sentence) -> str | None:
    """The camp or prison that a sentence names, else the state."""
    places = [hit.value for hit in sentence.having("place") if isinstance(hit.value, Place)]
    camp = next((place.name for place in places if place.kind in {"camp", "prison"}), None)
    if camp:
        return camp
    states = [hit.value[0] for hit in sentence.having("nation") if hit.value[0] in {"SY", "IQ", "TR", "LY", "AF"}]
    return states[0] if states else places[0].country if places else None


def figure(kind: FigureKind, count: Count, sentence: Sentence) -> Figure:
    return Figure(
        what=kind,
        value=count.number.value,
        written=count.written,
        evidence=evidence_of(sentence),
        qualifier=Qualifier(count.qualifier),
        group=count.label or None,
        place=place_of(sentence),
    )


def find(
    framed: Sequence[tuple[Sentence, list[Framed]]], candidates: Sequence[Candidate], movements: Sequence[Movement]
) -> list[Figure]:
    """Figures of an article, each value of a kind once; a number that a movement took is none."""
    taken = {(count.number.value, group) for m in movements for group, (count, _) in m.counts.items()}
    main = {count.number.value for m in movements if m.main for count, _ in m.counts.values()}
    moved = {
        (group, value)
        for m in movements
        for group, value in [*m.values().items(), ("total", m.whole)]
        if value is not None and (m.main or value < SMALL)
    }
    found: list[Figure] = []
    seen: set[tuple[FigureKind, int]] = set()

    def theirs(count: Count) -> bool:
        """Whether a number is of people who moved: the same group, or the whole."""
        groups = {group for group, value in moved if value == count.number.value}
        return bool(groups & {count.group, "total"}) or (bool(groups) and count.group not in PARTS)

    def keep(kind: FigureKind, count: Count, sentence: Sentence) -> None:
        if (kind, count.number.value) not in seen:
            seen.add((kind, count.number.value))
            found.append(figure(kind, count, sentence))

    for sentence, items in framed:
        for item in items:
            if item.frame not in KINDS or item.count.weak or item.count.number.value < 2:
                continue
            if item.frame == "died" and item.count.sub:
                continue  # "twenty were killed, ten of them beheaded"
            if sentence.part == "title" or (item.frame == "held" and theirs(item.count)):
                continue
            keep(KINDS[item.frame], item.count, sentence)
    for candidate in candidates:
        planned = candidate.status in {Status.PLANNED, Status.AGREED, Status.DENIED, Status.REFUSED}
        sums = candidate.total and not candidate.wish and not planned
        asked = candidate.wish and not candidate.title
        for count in candidate.counts:
            group = "total" if count.group == "bare" else count.group
            if count.weak or (count.number.value, group) in taken:
                continue
            if sums and not theirs(count):
                keep(FigureKind.REPATRIATED_TOTAL, count, candidate.sentence)
            elif asked and count.number.value not in main:
                keep(
                    FigureKind.REQUESTS if candidate.sentence.says("cue", "requests") else FigureKind.HELD,
                    count,
                    candidate.sentence,
                )
    return found
