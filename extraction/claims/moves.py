"""Candidates: what one sentence says of one movement of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extraction.claims import dates
from extraction.claims.days import Day, Published
from extraction.claims.frames import Framed, glued
from extraction.claims.lexicon import Hit
from extraction.claims.route import route
from extraction.claims.sentences import Sentence
from extraction.claims.singles import Count
from extraction.claims.status import status_of
from extraction.claims.sums import added, owned
from extraction.claims.when import YEARLY, loose, past_of, perfect, summed, superlative, time_of
from records.words import Kind, Status

NEAR = 8  # words between people without a number and the verb they are the subject of
SPLIT = 12  # words between "bring" and "home"
SEVERAL, MANY = 4, 100  # missions, from which their people are a sum
LIST = 3  # states in one sentence, each with its number: a comparison


@dataclass(slots=True)
class Candidate:
    sentence: Sentence
    kind: Kind
    status: Status
    counts: list[Count] = field(default_factory=list)
    nations: tuple[str, ...] = ()
    origin: tuple[str, str | None] | None = None
    destination: tuple[str, str | None] | None = None
    day: Day | None = None
    said: Day | None = None  # when it was said, where no day of the event is known
    past: bool = False  # told as something earlier
    wish: bool = False  # asked for, refused, considered: no event
    total: bool = False  # a sum over time
    loose: bool = False  # a sum, unless it stands in the lead
    perfect: bool = False  # "34 have returned": a sum, unless it is the first number of the text
    strong: bool = True
    ordinal: int | None = None
    operation: str | None = None
    verb: Hit | None = None

    @property
    def title(self) -> bool:
        return self.sentence.part == "title"

    @property
    def summing(self) -> bool:
        """Whether a word of its sentence says that it sums: "so far", "in all"."""
        return self.total and any(
            beside(self.sentence, hit, self.counts) for hit in self.sentence.valued("cue", "total")
        )

    def values(self) -> dict[str, int]:
        return {count.group: count.number.value for count in self.counts if not count.sub}


def ordinal_of(sentence: Sentence) -> int | None:
    """ "the 30th group", "fifth airlift": the number of the mission."""
    for hit in sentence.having("ordinal"):
        if any(
            sentence.tagged(i, "move") or sentence.word(i, "mission") for i in (hit.end, hit.end + 1, hit.start - 1)
        ):
            return int(hit.value)
    for at, token in enumerate(sentence.tokens):
        marked = (
            token.number is not None and not sentence.gaps(at + 1, at + 2) and sentence.word(at + 1, "ordinal_mark")
        )
        if marked and any(sentence.word(i, "mission") for i in (at + 2, at + 3)):
            return token.number
    return None


def operation_of(sentence: Sentence) -> str | None:
    """ "Mehr-5": the name of a mission with its number; a name alone is a programme of many."""
    for hit in sentence.having("operation"):
        number = sentence.tokens[hit.end].number if hit.end < len(sentence.tokens) else None
        if number is not None and number < 100 and not sentence.gaps(hit.end, hit.end + 1).strip(" -–"):
            return f"{hit.value}-{number}"
    return None


def candidates(sentence: Sentence, framed: Sequence[Framed], published: Published) -> list[Candidate]:
    """The movements that a sentence reports, each with its own counts."""
    verbs = [hit for hit in sentence.having("move") if not glued(sentence, hit)]
    if not verbs:
        return []
    groups: dict[tuple[Hit, tuple[str, ...], int], list[Count]] = {}
    framed, states = owned(sentence, added(sentence, framed))
    moved = [item for item in framed if item.frame == "move" and item.verb is not None]
    several = len({item.count.nations for item in moved if item.count.nations}) > 1
    current: tuple[str, ...] = ()
    last, shift = None, 0
    for item in moved:
        current = (item.count.nations or current) if several else ()
        own = parted(sentence, last, item) if last is not None else False
        shift, last = shift + own, item
        assert item.verb is not None
        key = (item.verb, current, shift)
        while any(kind_of(other) == kind_of(item.count) and not item.count.sub for other in groups.get(key, ())):
            key = (
                key[0],
                key[1],
                key[2] + 1,
            )  # the same group again is another movement: "59 in February and 79 in March"
        groups.setdefault(key, []).append(item.count)
    found = [
        built(sentence, verb, counts, published, anchored=len(groups) > 1)
        for (verb, _, _), counts in groups.items()
        if not all(count.weak and verb.value[1] == "weak" and sentence.part == "caption" for count in counts)
    ]
    for candidate in found:
        candidate.total |= sums_up(candidate, found)
    timed = any(mention.month or mention.weekday for mention in dates.find(sentence) if not mention.span)
    for candidate in found if not timed else ():  # "Kazakhstan took back 754, Uzbekistan 531, Tajikistan 334"
        candidate.loose |= states > 1
        candidate.total |= states >= LIST
    if not found:
        strong = [hit for hit in verbs if hit.value[1] == "strong" or unnumbered(sentence, hit)]
        if strong:
            first = built(sentence, strong[0], [], published)
            others = (built(sentence, hit, [], published) for hit in strong[1:]) if first.wish else ()
            found = [next((other for other in others if not other.wish), first)]
    return found


def parted(sentence: Sentence, before: Framed, item: Framed) -> bool:
    """ "59 citizens in February 2023, 79 children in 2021": whether two numbers of one verb have dates of their own."""
    first, second = before.count, item.count
    if before.verb != item.verb or second.sub:
        return False
    dated = [mention for mention in dates.find(sentence) if not mention.span]
    between = any(first.end <= mention.start and mention.end <= second.start for mention in dated)
    outside = any(0 <= first.start - mention.end <= 1 for mention in dated) or any(
        0 <= mention.start - second.end <= 1 for mention in dated
    )
    return between and outside


def sums_up(candidate: Candidate, found: Sequence[Candidate]) -> bool:
    """ "318 came home: 156 in May, 64 in October, 98 in December": a number that the others add up to."""
    rest = [value for other in found if other is not candidate and other.day for value in other.values().values()]
    own = list(candidate.values().values())
    return len(own) == 1 and len(rest) > 1 and sum(rest) == own[0]


def part_ways(first: Candidate, second: Candidate) -> None:
    """Of two movements in one sentence neither goes to the other's state."""
    if first.sentence is not second.sentence or set(first.nations) & set(second.nations):
        return
    for mine, other in ((first, second), (second, first)):
        if mine.destination and len(mine.nations) == 1 and mine.destination[0] in other.nations:
            mine.destination = (mine.nations[0], None)


def unnumbered(sentence: Sentence, verb: Hit) -> bool:
    """ "A fourth group of families left al-Hol": people without a number, but from a camp or prison."""
    camp = any(hit.value.kind in {"camp", "prison"} and hit.start >= verb.end for hit in sentence.having("place"))
    people = any(0 < verb.start - hit.end + 1 <= NEAR for hit in sentence.having("group"))
    mission = any(0 < verb.start - hit.end + 1 <= NEAR for hit in sentence.valued("word", "mission"))
    return camp and (people or mission) and not glued(sentence, verb)


def kind_of(count: Count) -> str:
    return "total" if count.group == "bare" else count.group


def whole_verb(sentence: Sentence, verb: Hit) -> Hit:
    """ "must bring a woman and her children home": "home" alone is the end of a verb that begins before it."""
    if verb.end - verb.start > 1 or not sentence.word(verb.start, "homeward"):
        return verb
    near = (hit for hit in sentence.having("move") if 0 < verb.start - hit.end <= SPLIT and hit.value[0] != "transfer")
    return max(near, key=lambda hit: hit.start, default=verb)


def beside(sentence: Sentence, hit: Hit, counts: Sequence[Count]) -> bool:
    """Whether a word of summing speaks of these counts: "158 families arrive; 925 so far" sums only the second."""
    if superlative(sentence, hit) or any(sentence.word(at, "when") for at in (hit.end + 1, hit.end + 2)):
        return False
    if not counts:
        return True
    first, last = min(hit.start, counts[0].start), max(hit.end, counts[-1].end)
    return ";" not in sentence.gaps(first + 1, min(last, len(sentence.tokens)))


def in_missions(sentence: Sentence) -> bool:
    """ "19,500 people in 30 convoys": many missions, and no single one."""
    if any(sentence.word(hit.end, "mission") for hit in sentence.valued("word", "several")):
        return True  # "600 people in several flights"
    digits = ((at, at + 1, token.number) for at, token in enumerate(sentence.tokens) if token.number is not None)
    words = (
        (hit.start, hit.end, int(hit.value))
        for hit in sentence.having("num")
        if hit.start and sentence.word(hit.start - 1, "in", "by")
    )
    return any(
        SEVERAL <= many < MANY
        and sentence.word(end, "mission")
        and not sentence.gaps(end, end + 1).strip()
        and not sentence.tagged(end + 1, "operation")
        for _, end, many in (*digits, *words)
    )


def opens_with_sum(sentence: Sentence, counts: Sequence[Count]) -> bool:
    """ "Since it began in March 2021 with 79 children, 511 have returned": what stands behind the clause is a sum."""
    opens = any(hit.start == 0 and hit.end == 1 for hit in sentence.valued("cue", "total"))
    if not (opens and counts and counts[0].start > 1):
        return False
    return any("," in sentence.tokens[at].gap for at in range(max(2, counts[0].start - 1), counts[0].start + 1))


def built(
    sentence: Sentence, verb: Hit, counts: list[Count], published: Published, *, anchored: bool = False
) -> Candidate:
    kind, strength = verb.value
    status, wish = status_of(sentence, whole_verb(sentence, verb))
    stated = tuple(sorted({code for count in counts for code in count.nations}))
    planned = status in {Status.PLANNED, Status.AGREED}
    anchor = (counts[0].start, counts[-1].end) if anchored and counts else None
    day, said, span = time_of(sentence, published, planned=planned, verb=verb, anchor=anchor)
    origin, target = route(sentence, stated, verb)
    opened = opens_with_sum(sentence, counts)
    day = None if opened else day
    total = span or opened or any(beside(sentence, hit, counts) for hit in sentence.valued("cue", "total"))
    return Candidate(
        sentence,
        Kind(kind),
        status,
        counts,
        stated,
        origin,
        target,
        day,
        said,
        past=past_of(sentence, day, published),
        wish=wish,
        total=in_missions(sentence) or summed(sentence, counts, day, verb=verb, total=total),
        loose=loose(sentence, counts, day, verb),
        perfect=not (day or said) and perfect(sentence, verb) and any(c.number.value >= YEARLY for c in counts),
        strong=strength == "strong" or unnumbered(sentence, verb),
        ordinal=ordinal_of(sentence),
        operation=operation_of(sentence),
        verb=verb,
    )
