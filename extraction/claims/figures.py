"""Numbers that belong to no single movement: held, requests, repatriated in total, joined, died."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from extraction.claims.events import Movement
from extraction.claims.frames import Framed
from extraction.claims.gazetteer import Place
from extraction.claims.moves import Candidate
from extraction.claims.route import SENDERS, mentioned
from extraction.claims.sentences import Sentence
from extraction.claims.singles import PARTS, Count
from records.claims import Evidence, Figure
from records.words import FigureKind, Group, Qualifier, Status

REACH = 9  # words between "at its peak" and the number
SMALL = 100  # "the four men are in detention": so few held are most likely those who came home
FEWEST = {"joined": 10, "requests": 10, "died": 3, "held": 5}  # people: fewer are one family's story
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


def groups_of(sentence: Sentence, count: Count) -> tuple[str, ...]:
    """Who is counted, by the lexicon's own words: women, children. Empty where it says no more than people."""
    hits = [hit for hit in sentence.having("group") if count.number.end <= hit.start < count.end]
    values = [hit.value if isinstance(hit.value, str) else hit.value[0] for hit in hits] or [count.group]
    known = dict.fromkeys(str(value) for value in values if value in set(Group))
    return tuple(known) if len(known) == len(set(values)) else ()


def figure(kind: FigureKind, count: Count, sentence: Sentence) -> Figure:
    return Figure(
        what=kind,
        value=count.number.value,
        written=count.written,
        evidence=evidence_of(sentence),
        qualifier=Qualifier(count.qualifier),
        group=count.label or None,
        groups=groups_of(sentence, count),
        place=place_of(sentence),
    )


def again(before: Framed | None, item: Framed) -> bool:
    """ "Twenty were killed, ten of them beheaded": part of the dead before."""
    return item.count.sub and item.frame == "died" and before is not None and before.frame == "died"


def peak(sentence: Sentence, count: Count) -> bool:
    """ "At its peak the camp held 73,000": no longer so."""
    return any(
        0 <= count.start - hit.end <= REACH and ";" not in sentence.gaps(hit.end, count.start + 1)
        for hit in sentence.valued("time", "peak")
    )


def elsewhere(sentence: Sentence) -> bool:
    """ "in Paris 130 people died": the dead of another place than the wars and camps."""
    where = [code for _, code, _, before in mentioned(sentence) if "in" in before]
    named = {hit.value[0] for hit in sentence.having("nation")} & set(SENDERS)
    return bool(where) and not named and not set(where) & set(SENDERS) and not sentence.having("daesh")


def stands(sentence: Sentence, before: Framed | None, item: Framed) -> bool:
    """Whether a number with the frame of a stock is one: not few, not past, not of other people, in the text."""
    count = item.count
    if item.frame not in KINDS or count.weak or count.number.value < max(2, FEWEST.get(item.frame, 0)):
        return False
    if (item.frame == "died" and elsewhere(sentence)) or again(before, item) or peak(sentence, count):
        return False
    small = sentence.part == "caption" and count.number.value < SMALL  # those its picture shows
    return sentence.part != "title" and not small


def stock(candidate: Candidate, count: Count) -> bool:
    """Whether people asked for are told of as held, or many; a court's order to return six children tells of six."""
    sentence = candidate.sentence
    return count.number.value >= SMALL // 2 or sentence.says("cue", "held", "requests")


def of_those(sentence: Sentence, count: Count) -> bool:
    """ "Seven of the mothers", "all seven adults are held": some or all of those just spoken of, and no stock."""
    end = count.number.end
    if count.group == "adults" and count.number.value < SMALL:
        return True
    return count.number.value < SMALL and sentence.word(end, "of") and sentence.word(end + 1, "the")


def going_on(
    framed: Sequence[tuple[Sentence, list[Framed]]],
) -> Iterator[tuple[Sentence, list[Framed]]]:
    """The sentences, where "Of these, 2,700 are without parents" goes on with the kind of the sentence before."""
    last: str | None = None
    for sentence, items in framed:
        if last and sentence.word(0, "of_them") and items and items[0].frame == "none":
            yield sentence, [replace(items[0], frame=last), *items[1:]]
            continue
        stocks = [item.frame for item in items if item.frame in KINDS]
        last = stocks[-1] if stocks else None
        yield sentence, items


def find(
    framed: Sequence[tuple[Sentence, list[Framed]]], candidates: Sequence[Candidate], movements: Sequence[Movement]
) -> list[Figure]:
    """Figures of an article, each value of a kind once; a number that a movement took is none."""
    taken = {(count.number.value, group) for m in movements for group, (count, _) in m.counts.items()}
    main = {value for m in movements if m.main for value in m.values().values()}
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

    for sentence, items in going_on(framed):
        whole = 0  # people of the main movement whom the sentence says to be held
        for before, item in pairwise([None, *items]):
            if item is None or not stands(sentence, before, item):
                continue
            if item.frame == "held" and (theirs(item.count) or of_those(sentence, item.count)):
                whole = max(whole, item.count.number.value)
                continue
            if item.frame == "held" and item.count.number.value < min(whole, SMALL):
                continue  # "44 were found in the camps, nine children of them from Uzbekistan"
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
            elif asked and count.number.value not in main and stock(candidate, count):
                keep(
                    FigureKind.REQUESTS if candidate.sentence.says("cue", "requests") else FigureKind.HELD,
                    count,
                    candidate.sentence,
                )
    return found
