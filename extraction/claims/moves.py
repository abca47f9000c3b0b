"""Candidates: what one sentence says of one movement of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extraction.claims import dates
from extraction.claims.counts import Count
from extraction.claims.dates import Day, Mention, Published
from extraction.claims.frames import Framed, glued
from extraction.claims.lexicon import Hit, Place
from extraction.claims.sentences import Sentence
from records.words import Kind, Qualifier, Status

SENDERS = ("SY", "IQ", "LY", "TR", "AF")  # states that people come home from
YEARLY = 20  # people in a year's sum; a single movement is told with its month
NEAR = 9  # words before a verb within which "should" or "plans to" still speak of it


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
    strong: bool = True
    ordinal: int | None = None
    verb: Hit | None = None

    @property
    def title(self) -> bool:
        return self.sentence.part == "title"

    def values(self) -> dict[str, int]:
        return {count.group: count.number.value for count in self.counts if not count.sub}


def status_of(sentence: Sentence, verb: Hit, *, transitive: bool) -> tuple[Status, bool]:
    """(status, wish) of a verb of movement by what stands before it in its clause."""
    del transitive
    status, wish = Status.COMPLETED, False
    infinitive = {
        hit.start
        for hit in sentence.valued("status", "planned")
        if hit.end - hit.start == 1 and len(sentence.tokens[hit.start].key) <= 2
    }
    opens = [hit.start for hit in sentence.valued("word", "break") if hit.start < verb.start]
    clause = max([at for at in opens if at > verb.start - NEAR], default=0)
    for hit in sentence.having("status"):
        before = verb.start - hit.end
        inside = 0 <= before <= NEAR and (hit.start >= clause or before <= 2)
        if hit.start <= verb.start and hit.end > verb.start:
            inside, before = True, 0
        if hit.value == "planned" and inside:
            short = hit.end - hit.start == 1 and len(sentence.tokens[hit.start].key) <= 2
            if not short or before == 0 or (before == 1 and sentence.tokens[hit.end].key in {"be", "take", "have"}):
                status = Status.PLANNED
        elif hit.value == "planned" and hit.end - hit.start > 1 and 0 <= hit.start - verb.end <= 6:
            status = Status.PLANNED
        elif hit.value == "agreed" and inside:
            status = Status.AGREED
        elif hit.value == "refused" and inside:
            status = Status.REFUSED
        elif hit.value == "wish" and ((inside and before <= 6) or (before > 0 and verb.start - 1 in infinitive)):
            wish = True
        elif hit.value == "done_after_to" and hit.end == verb.start:
            return Status.COMPLETED, False
        elif hit.value == "under_way" and inside and before <= 3 and status is Status.COMPLETED:
            status = Status.UNDER_WAY
    return status, wish


def prepositions(sentence: Sentence, at: int) -> set[str]:
    """What stands before a place: from, to, in, by; over articles and adjectives of one or two words."""
    found: set[str] = set()
    for hit in sentence.valued("word", "from", "to", "in", "by"):
        if 0 <= at - hit.end <= 2 and not any(sentence.tokens[i].gap.strip(" \"“'’-(") for i in range(hit.end, at + 1)):
            found.add(str(hit.value))
    for other in sentence.having("place") + sentence.having("nation"):
        if other.end < at <= other.end + 2 and any(
            hit.start == other.end and hit.value == "and" for hit in sentence.having("word")
        ):
            found |= prepositions(sentence, other.start)
    return found


def mentioned(sentence: Sentence) -> list[tuple[Hit, str, str | None, set[str]]]:
    """Countries and places of a sentence: (hit, country, place name, prepositions before)."""
    found = []
    orgs = [hit for hit in sentence.having("org")]
    for hit in sentence.hits:
        if any(org.start <= hit.start and hit.end <= org.end for org in orgs):
            continue
        if hit.tag == "place" and isinstance(hit.value, Place):
            found.append((hit, hit.value.country, hit.value.name, prepositions(sentence, hit.start)))
        elif hit.tag == "nation" and hit.value[1]:
            found.append((hit, hit.value[0], None, prepositions(sentence, hit.start)))
    return found


def route(
    sentence: Sentence, nations: Sequence[str], verb: Hit | None = None
) -> tuple[tuple[str, str | None] | None, tuple[str, str | None] | None]:
    """(origin, destination) as far as the sentence names them."""
    origin: tuple[str, str | None] | None = None
    target: tuple[str, str | None] | None = None
    rank = 0
    for hit, country, name, before in mentioned(sentence):
        sender = country in SENDERS
        camp = hit.tag == "place" and hit.value.kind in {"camp", "prison"}
        score = 0
        if sender and "from" in before:
            score = 5 + camp
        elif sender and ("in" in before or camp) and country not in nations:
            score = 3 + camp
        elif sender and country not in nations:
            score = 1
        if sender and "by" in before and verb is not None and verb.value[0] == "return":
            origin, rank = (country, name), 9
        elif (
            "to" in before
            and "in" not in before
            and "from" not in before
            and (country in nations or not sender or (camp and country == "IQ"))
        ):
            target = target if target and target[1] and not name else (country, name)
        elif country in nations and name and "from" not in before and not camp:
            target = target if target and target[1] else (country, name)
        elif score > rank or (score == rank and score and origin and origin[0] == country and origin[1] is None):
            origin, rank = (country, name or (origin[1] if origin and origin[0] == country else None)), score
        elif score and origin and origin[0] == country and origin[1] is None and name:
            origin = (country, name)
    if origin and target and origin == target:
        target = None
    return origin, target


def time_of(
    sentence: Sentence, published: Published, *, planned: bool, verb: Hit | None, anchor: int | None = None
) -> tuple[Day | None, Day | None, bool]:
    """(day of the event, day it was said, whether it is a span). A date beside a word of saying is when it was said."""
    says = [hit for hit in sentence.valued("word", "say") if hit.end - hit.start]
    day: Day | None = None
    said: Day | None = None
    best, span = -99.0, False
    for mention in dates.find(sentence):
        since = mention.start > 0 and any(
            hit.value == "total" and hit.end in (mention.start, mention.start - 1) for hit in sentence.having("cue")
        )
        if mention.span or since:
            span = True
            continue
        resolved = mention.resolve(published, planned=planned)
        if resolved is None or elsewhere(sentence, mention, verb):
            continue
        if spoken(sentence, mention, says, verb):
            said = said or resolved
            continue
        score = {"day": 3.0, "month": 2.0, "year": 1.0}[resolved.precision]
        if verb is not None:
            score -= min(abs(mention.start - anchor), 40) / 5 if anchor is not None else 0.0
            score -= min(abs(mention.start - verb.end), abs(verb.start - mention.end)) / 20
        if score > best:
            day, best = resolved, score
    return day, said, span


def elsewhere(sentence: Sentence, mention: Mention, verb: Hit | None) -> bool:
    """Whether a year stands beside another verb than that of the movement: "killed in 2016"."""
    if mention.day is not None or mention.weekday is not None or mention.shift is not None or verb is None:
        return False
    cues = [hit for hit in sentence.having("cue") if hit.value not in {"total"} and not glued(sentence, hit)]
    near = min((mention.start - hit.end for hit in cues if hit.end <= mention.start), default=99)
    mine = mention.start - verb.end if verb.end <= mention.start else verb.start - mention.end
    return near < 5 and near < mine


def spoken(sentence: Sentence, mention: Mention, says: Sequence[Hit], verb: Hit | None) -> bool:
    """Whether a date says when something was said: nearer to a word of saying than to the verb, and beside it."""
    for hit in says:
        gap = mention.start - hit.end if mention.start >= hit.end else hit.start - mention.end
        between = range(hit.end, mention.start + 1) if mention.start >= hit.end else range(mention.end, hit.start + 1)
        if any(
            "," in sentence.tokens[i].gap or ";" in sentence.tokens[i].gap for i in between if i < len(sentence.tokens)
        ):
            continue
        if 0 <= gap <= (2 if mention.start >= hit.end else 1):
            if verb is not None and hit.start <= verb.start < mention.start:
                continue
            return True
    return False


def past_of(sentence: Sentence, day: Day | None, published: Published) -> bool:
    """Whether a sentence tells something older than the news."""
    if any(hit.value == "past_marks" for hit in sentence.having("time")):
        return True
    return older(day, published)


def older(day: Day | None, published: Published) -> bool:
    last = published.last
    if day is None or last is None:
        return False
    parts = [int(part) for part in day.iso.split("-")]
    months = (last.year - parts[0]) * 12 + (last.month - parts[1] if len(parts) > 1 else 0)
    if len(parts) == 3 and published.date is not None:
        return (published.date - type(published.date)(parts[0], parts[1], parts[2])).days > 40
    return months > 1 if len(parts) > 1 else months >= 12


def ordinal_of(sentence: Sentence) -> int | None:
    """ "the 30th group", "fifth airlift": the number of the mission."""
    for hit in sentence.having("ordinal"):
        if any(o.start in (hit.end, hit.end + 1) and o.tag == "move" for o in sentence.hits) or any(
            sentence.tokens[i].key in {"group", "batch", "convoy", "transfer", "operation", "airlift", "repatriation"}
            for i in (hit.end, hit.end + 1)
            if i < len(sentence.tokens)
        ):
            return int(hit.value)
    return None


def candidates(sentence: Sentence, framed: Sequence[Framed], published: Published) -> list[Candidate]:
    """The movements that a sentence reports, each with its own counts."""
    verbs = [hit for hit in sentence.having("move") if not glued(sentence, hit)]
    if not verbs:
        return []
    groups: dict[tuple[Hit, tuple[str, ...], int], list[Count]] = {}
    moved = [item for item in framed if item.frame == "move" and item.verb is not None]
    several = len({item.count.nations for item in moved if item.count.nations}) > 1
    current: tuple[str, ...] = ()
    for item in moved:
        current = (item.count.nations or current) if several else ()
        assert item.verb is not None
        key = (item.verb, current, 0)
        while any(other.group == item.count.group and not item.count.sub for other in groups.get(key, ())):
            key = (
                key[0],
                key[1],
                key[2] + 1,
            )  # the same group again is another movement: "59 in February and 79 in March"
        groups.setdefault(key, []).append(item.count)
    found = [
        built(sentence, verb, counts, published, anchored=any(n for _, _, n in groups))
        for (verb, _, _), counts in groups.items()
        if not all(count.weak and verb.value[1] == "weak" and sentence.part == "caption" for count in counts)
    ]
    if not found:
        strong = [hit for hit in verbs if hit.value[1] == "strong"]
        if strong:
            made = [built(sentence, hit, [], published) for hit in strong]
            found = [next((c for c in made if not c.wish), made[0])]
    return found


def built(
    sentence: Sentence, verb: Hit, counts: list[Count], published: Published, *, anchored: bool = False
) -> Candidate:
    kind, strength = verb.value
    status, wish = status_of(sentence, verb, transitive=kind in {"repatriation", "handover"})
    stated = tuple(sorted({code for count in counts for code in count.nations}))
    planned = status in {Status.PLANNED, Status.AGREED}
    anchor = counts[-1].end if anchored and counts else None
    day, said, span = time_of(sentence, published, planned=planned, verb=verb, anchor=anchor)
    origin, target = route(sentence, stated, verb)
    total = span or any(hit.value == "total" for hit in sentence.having("cue"))
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
        total=summed(sentence, counts, day, total=total),
        loose=loose(sentence, counts, day),
        strong=strength == "strong",
        ordinal=ordinal_of(sentence),
        verb=verb,
    )


def summed(sentence: Sentence, counts: Sequence[Count], day: Day | None, *, total: bool) -> bool:
    """Whether a number sums over time: said so, a whole year's, or hedged and without any date."""
    if day is not None and day.precision != "year":
        return False
    if total:
        return True
    people = [count for count in counts if not count.weak]
    if day is not None:
        return any(count.number.value >= YEARLY for count in people) and sentence.part != "title"
    return False


def loose(sentence: Sentence, counts: Sequence[Count], day: Day | None) -> bool:
    """Whether a number is hedged, bare or a part, without any date: a sum over time unless it stands in the lead."""
    people = [count for count in counts if not count.weak]
    vague = any(count.group == "bare" or count.sub for count in people) or (
        bool(people) and all(count.qualifier is not Qualifier.EXACT for count in people)
    )
    return vague and day is None and not dates.find(sentence)


def renamed(counts: Sequence[Count]) -> list[Count]:
    """Bare numbers count people in total."""
    return [replace(count, group="total") if count.group == "bare" else count for count in counts]
