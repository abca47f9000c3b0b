"""What each number of a sentence is about: moved, held, asked for, joined, died, or something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.claims import subjects
from extraction.claims.clauses import describes, relatives
from extraction.claims.lexicon import Hit
from extraction.claims.lists import Choice, family, listed, lone
from extraction.claims.sentences import Sentence
from extraction.claims.singles import Count

GAP = 12  # words beyond which one more makes no difference
FAR = 34  # words between a number and the verb that may govern it
STRONG, WEAK, LEAD = (
    -3.0,
    1.0,
    -2.5,
)  # how willingly a word of movement takes a number, beside one of holding or joining; in a lead more so
WHERE = 1.5  # how much weaker "in the camp" is than a verb: "killed 120 people in the camp"
SURE = -9.0  # the subject of a verb is no question of distance
PLAIN_GAPS = {" ", "", "-"}  # between words: nearly all are such


@dataclass(frozen=True, slots=True)
class Framed:
    """A count with the frame that governs it; `verb` is the word of movement where the frame is "move"."""

    count: Count
    frame: str  # move, held, requests, joined, died, other, none
    verb: Hit | None


def glued(sentence: Sentence, hit: Hit) -> bool:
    """ "Kurdish-held": part of a compound that qualifies something else."""
    return hit.start > 0 and sentence.tokens[hit.start].gap in {"-", "‑"} and hit.end - hit.start == 1


def walls(sentence: Sentence, counts: Sequence[Count], *, verb_first: bool = False) -> list[float]:
    """For each token the cost of crossing to it from the one before; a comma inside a list of counts costs nothing."""
    cost = [0.0] * (len(sentence.tokens) + 1)
    listed = {count.start for count in counts}
    opens = {hit.start for hit in sentence.valued("word", "break")}
    turns = {hit.start for hit in sentence.valued("word", "turn")}
    hedges = {hit.start: hit.end for hit in sentence.having("qual")}
    opens -= {at for start, end in hedges.items() for at in range(start, end)}  # "ما لا يقل عن" opens no clause
    for at, token in enumerate(sentence.tokens):
        gap = token.gap
        if gap in PLAIN_GAPS:
            pass
        elif ".." in gap:
            cost[at] += 3
        elif ";" in gap or ":" in gap or "؛" in gap:
            cost[at] += 9
        elif any(mark in gap for mark in ",،—–("):
            begins = at in listed or hedges.get(at, -1) in listed
            cost[at] += 1.5 if begins else 3
        elif (
            at
            and token.text.startswith("و")
            and sentence.tagged(at, "move", "cue")
            and not sentence.tagged(at, "group")
        ):
            cost[at] += 6 if verb_first else 3  # Arabic joins clauses by a letter before the verb
        if at in opens:
            cost[at] += 6 if at in turns else 3.5
    for clause in relatives(sentence):
        if clause.embedded:  # the sentence goes on behind it as if it were not there
            cost[clause.end] -= sum(cost[clause.start : clause.end + 1])
    for at in range(1, len(cost)):
        cost[at] += cost[at - 1]
    return cost


def distance(count: Count, hit: Hit, cost: Sequence[float], front: int) -> float:
    """How far a cue stands from a count; crossing clauses costs, and a verb behind its subject is a little nearer.

    `front` is where the count begins with its hedge: "killed at least 120" stand beside each other.
    """
    if hit.start >= count.end:
        return min(hit.start - count.end, GAP) + abs(cost[hit.start] - cost[count.end - 1])
    if hit.end <= count.start:
        behind = 3.6 if count.sub else 0.6
        return min(max(0, front - hit.end), GAP) + abs(cost[count.start] - cost[hit.end - 1]) + behind
    return 0.0


def adjective(sentence: Sentence, hit: Hit) -> bool:
    """ "dead fighters", "slain ISIS militants": a word of dying that describes a noun."""
    ends = {hit.end, *(name.end for name in sentence.having("daesh") if name.start == hit.end)}
    return (
        hit.value == "died"
        and hit.end - hit.start == 1
        and any(
            group.start in ends and not sentence.gaps(hit.end, group.start + 1).strip()
            for group in sentence.having("group")
        )
    )


def named_between(sentence: Sentence, count: Count, hit: Hit) -> bool:
    """Whether other people stand between a number and a verb: "six children of militants killed"."""
    return any(
        count.end <= group.start < hit.start
        for group in sentence.hits
        if group.tag == "group"
        or (group.tag == "nation" and not group.value[1] and sentence.tokens[group.start].key.endswith("s"))
    )


def aged(sentence: Sentence, count: Count, hit: Hit) -> bool:
    """ "Two girls aged nine and 15 came back": how old they are, and no verdict."""
    if hit.value != "other" or not count.end <= hit.start <= count.end + 1:
        return False
    near = range(hit.end, min(hit.end + 2, len(sentence.tokens)))
    return any(sentence.tokens[at].number is not None or sentence.tagged(at, "num") for at in near)


def aside(sentence: Sentence, count: Count, hit: Hit) -> float:
    """What a cue costs more: "children of militants killed", "citizens held in a camp were returned"."""
    if describes(sentence, count.end, hit.start) or aged(sentence, count, hit):
        return 9  # "children whose mothers are in prison were flown home"
    if named_between(sentence, count, hit):
        return 9 if hit.value in {"died", "joined"} else 3
    reduced = hit.value == "held" and count.end <= hit.start <= count.end + 1 and not sentence.word(hit.start - 1, "be")
    later = any(move.start > hit.end and move.value[1] == "strong" for move in sentence.having("move"))
    return 4 if reduced and hit.end - hit.start == 1 and later else 0


def nearest(
    sentence: Sentence,
    count: Count,
    cues: Sequence[Hit],
    moves: Sequence[Hit],
    cost: Sequence[float],
    *,
    lead: bool,
    verb_first: bool,
) -> Choice:
    """What governs one count that is no subject: the nearest cue or verb of movement."""
    taken = subjects.taken_of(sentence, count)
    best: Choice = (float(FAR), "none", None)
    hedges = (hit.start for hit in sentence.having("qual") if hit.end == count.start)
    front, was = min(hedges, default=count.start), 0.0
    for hit in cues:
        if hit.value == "gone" and count.group == "families":
            continue  # families that "went to Manbij" went home
        if (taken and not describes(sentence, count.end, hit.start) and hit.start >= count.end) or subjects.theirs(
            sentence, count, hit, [*cues, *moves]
        ):
            continue
        far = distance(count, hit, cost, front) + (0 if taken else aside(sentence, count, hit))
        where = WHERE if sentence.word(hit.start, "in") and hit.end - hit.start > 1 else 0.0
        if far + where < best[0] + was:
            best, was = (far, named(hit), hit), where
    sure = best[0]
    for hit in moves if not (taken or (count.weak and sentence.part == "caption")) else ():
        behind = verb_first and subjects.next_clause(sentence, count, hit)
        if behind or subjects.last_clause(sentence, front, hit, cues):
            continue
        strong = hit.value[1] == "strong"
        far = distance(count, hit, cost, front) + (3 if describes(sentence, count.end, hit.start) else 0)
        far = far * (0.6 if strong else 1.0) + (STRONG if strong else WEAK) + (LEAD if lead and sure > 3.5 else 0.0)
        if far < best[0] and not covered(hit, cues):
            best = (far, "move", hit)
    return (best[0], "held", None) if best[1] == "none" and subjects.penned(sentence, count) else best


def surely(hit: Hit) -> Choice:
    """The frame of a count that is the subject of a verb."""
    return (SURE, "move" if hit.tag == "move" else named(hit), hit)


def named(cue: Hit) -> str:
    return "joined" if cue.value == "gone" else str(cue.value)


def before(hit: Hit | None, count: Count) -> bool:
    return hit is not None and hit.end <= count.start


def frame(sentence: Sentence, counts: Sequence[Count], *, lead: bool = False, verb_first: bool = False) -> list[Framed]:
    """The frame of each count: the nearest cue. Parts of one list share the frame of its nearest member.

    Where verbs stand first, one behind a noun opens a clause that describes it: it is no predicate.
    """
    if all(count.group == "requests" for count in counts):
        return [Framed(count, "requests", None) for count in counts]
    cues = [
        hit
        for hit in sentence.having("cue")
        if hit.value != "total"
        and not glued(sentence, hit)
        and (hit.value != "gone" or subjects.gone(sentence, hit))
        and not (hit.value == "held" and subjects.from_there(sentence, hit))
        and not adjective(sentence, hit)
    ]
    moves = [hit for hit in sentence.having("move") if not glued(sentence, hit)]
    cost = walls(sentence, counts, verb_first=verb_first)
    own = [None if verb_first else subjects.predicate(sentence, count, [*cues, *moves]) for count in counts]
    found = [
        nearest(sentence, count, cues, moves, cost, lead=lead, verb_first=verb_first) if hit is None else surely(hit)
        for count, hit in zip(counts, own, strict=True)
    ]
    parted = {
        at
        for at in range(1, len(counts))
        if found[at][0] == SURE and found[at - 1][1] == "move" and before(found[at - 1][2], counts[at - 1])
    }  # "brought back 12 women, and 30 children are waiting"
    alike = {at for at in range(1, len(counts)) if at not in parted and listed(sentence, counts[at - 1], counts[at])}
    for at in sorted(alike):
        nearer = min(found[at - 1], found[at], key=lambda item: item[0])
        found[at - 1] = found[at] = nearer
    family(sentence, counts, found)
    for at in sorted(alike, reverse=True):
        found[at - 1] = found[at]
    lone(sentence, counts, found)
    return [
        Framed(count, "requests" if count.group == "requests" else name, hit if name == "move" else None)
        for count, (_, name, hit) in zip(counts, found, strict=True)
        if not (count.group == "adults" and name == "move")  # neither all who came nor women nor men
    ]


def covered(hit: Hit, cues: Sequence[Hit]) -> bool:
    """Whether a longer cue takes this word of movement in: "left to join"."""
    return any(
        cue.start <= hit.start and hit.end <= cue.end and cue.end - cue.start > hit.end - hit.start for cue in cues
    )
