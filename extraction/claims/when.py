"""When a movement happened, as far as one sentence says: its own day, the day it was said, or a time long past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from extraction.claims import dates
from extraction.claims.clauses import crossed
from extraction.claims.days import Day, Mention, Published
from extraction.claims.frames import glued
from extraction.claims.lexicon import Hit
from extraction.claims.sentences import Sentence
from extraction.claims.singles import Count
from records.words import Qualifier

OLD = 40  # days
LATELY = 10  # days: news is no older, unless it stands in the lead
BEHIND = 3  # sentences of the lead, the title with them
PAIR = 2
TOLD = 4  # words between a word of saying and its date: "told state media on Tuesday"
YEARLY_BEFORE = 100  # the same where it is told as something earlier
RECORD = 8  # words between a superlative and "so far"
YEARLY = 20  # people in a year's sum; a single movement is told with its month


def time_of(
    sentence: Sentence, published: Published, *, planned: bool, verb: Hit | None, anchor: tuple[int, int] | None = None
) -> tuple[Day | None, Day | None, bool]:
    """(day of the event, day it was said, whether it is a span). A date beside a word of saying is when it was said."""
    says = sentence.valued("word", "say")
    day: Day | None = None
    said: Day | None = None
    best, span = -99.0, False
    mentions = dates.find(sentence)
    announced = of_announcement(mentions, says, verb)
    closest = min(mentions, key=lambda mention: reach(sentence, mention, anchor or (0, 0)), default=None)
    for mention in mentions:
        since = mention.start > 0 and any(
            hit.value == "total" and hit.end in (mention.start, mention.start - 1) for hit in sentence.having("cue")
        )
        since = since or (mention.start > 0 and mention.day is None and sentence.word(mention.start - 1, "since"))
        since = since and not sentence.word(mention.end, "when")  # "none since 2019, when 12 were flown home"
        if mention.span or since or by_then(sentence, mention, verb):
            span = True
            continue
        if anchor is not None and mention is not closest:
            continue  # of several movements in a sentence each has its own date
        resolved = mention.resolve(published, planned=planned)
        if resolved is None or elsewhere(sentence, mention, verb):
            continue
        if mention in announced or spoken(sentence, mention, says, verb):
            said = said or mention.resolve(published)  # what was said is past, whatever is planned
            continue
        score = {"day": 3.0, "month": 2.0, "year": 1.0}[resolved.precision]
        if verb is not None:
            score -= min(abs(mention.start - verb.end), abs(verb.start - mention.end)) / 20
        if score > best:
            day, best = resolved, score
    return day, said, span


def by_then(sentence: Sentence, mention: Mention, verb: Hit | None) -> bool:
    """ "by February about 200 had returned": a sum up to that time; "will return by May" is a plan with its day."""
    marks = (hit for hit in sentence.valued("time", "until") if 0 <= mention.start - hit.end <= 1)
    if verb is None or ";" in sentence.gaps(min(mention.end, verb.end), max(mention.start, verb.start) + 1):
        return False
    return any(marks) and bool(sentence.valued("time", "backshift", "summed"))


def of_announcement(mentions: Sequence[Mention], says: Sequence[Hit], verb: Hit | None) -> list[Mention]:
    """ "announced today the return ... yesterday": of two days the one between the word of saying and the verb."""
    if verb is None or len(mentions) < PAIR:
        return []
    days = [mention for mention in mentions if mention.day or mention.shift is not None or mention.weekday]
    if not any(mention.start >= verb.end for mention in days):
        return []
    return [mention for mention in days if mention.end <= verb.start and any(say.end <= mention.start for say in says)]


def reach(sentence: Sentence, mention: Mention, anchor: tuple[int, int]) -> int:
    """How far a date stands from a list of counts; a semicolon between parts them."""
    first, last = anchor
    if mention.end <= first:
        return first - mention.end + (20 if ";" in sentence.gaps(mention.end, first + 1) else 0)
    return abs(mention.start - last) + (20 if ";" in sentence.gaps(last, mention.start + 1) else 0)


def elsewhere(sentence: Sentence, mention: Mention, verb: Hit | None) -> bool:
    """Whether a date stands beside another verb than that of the movement: "killed in 2016"."""
    if verb is not None and crossed(sentence, mention.start, verb.start):
        return True  # "women who missed a flight in April are on their way"
    if verb is not None and (in_other_clause(sentence, mention, verb) or of_verb_before(sentence, mention, verb)):
        return True  # "800 were sent home before the caliphate was declared defeated on March 23"
    if mention.day is not None or mention.weekday is not None or mention.shift is not None or verb is None:
        return False
    cues = [hit for hit in sentence.having("cue") if hit.value != "total" and not glued(sentence, hit)]
    near = min((mention.start - hit.end for hit in cues if hit.end <= mention.start), default=99)
    if any(hit.start == mention.end for hit in cues):
        near = 0  # "came in 2014 to join"
    mine = mention.start - verb.end if verb.end <= mention.start else verb.start - mention.end
    return near < 8 and near < mine


def of_verb_before(sentence: Sentence, mention: Mention, verb: Hit) -> bool:
    """ "flew the first out in January 2019 and has since brought back 700": the date is of the verb before it."""
    if mention.end > verb.start or not any(hit.end <= mention.start for hit in sentence.having("move")):
        return False
    joins = [hit.end for hit in sentence.valued("word", "and") if mention.end <= hit.start < verb.start]
    return any(sentence.word(at, "finite") for at in joins)


def in_other_clause(sentence: Sentence, mention: Mention, verb: Hit) -> bool:
    """Whether a conjunction and a verb of its own stand between the verb of movement and a date."""
    turns = [hit.end for hit in sentence.valued("word", "turn") if verb.end <= hit.start < mention.start]
    return any(sentence.word(at, "finite") for turn in turns[-1:] for at in range(turn, mention.start))


def spoken(sentence: Sentence, mention: Mention, says: Sequence[Hit], verb: Hit | None) -> bool:
    """Whether a date says when something was said: nearer to a word of saying than to the verb, and beside it."""
    if sentence.tagged(mention.end, "move"):
        return False  # "told of the Tuesday transfer"
    for hit in says:
        if verb is not None and fronted(sentence, mention, hit, verb):
            return True
        gap = mention.start - hit.end if mention.start >= hit.end else hit.start - mention.end
        between = range(hit.end, mention.start + 1) if mention.start >= hit.end else range(mention.end, hit.start + 1)
        if any(
            "," in sentence.tokens[i].gap or ";" in sentence.tokens[i].gap for i in between if i < len(sentence.tokens)
        ):
            continue
        reach = TOLD if mention.start >= hit.end else 1
        if 0 <= gap <= reach and not any(sentence.tagged(i, "move", "cue") for i in between):
            if verb is not None and hit.start <= verb.start < mention.start:
                continue
            return True
    return False


def fronted(sentence: Sentence, mention: Mention, say: Hit, verb: Hit) -> bool:
    """ "In February the adviser said that 3,000 had been brought back": the date opens the clause of saying."""
    if not mention.end <= say.start < verb.start:
        return False
    between = [hit for hit in sentence.hits if mention.end <= hit.start < say.start]
    return not any(hit.tag in {"move", "cue"} or (hit.tag == "word" and hit.value == "break") for hit in between)


def past_of(sentence: Sentence, day: Day | None, published: Published) -> bool:
    """Whether a sentence tells something older than the news."""
    verbs = [*sentence.having("move"), *(hit for hit in sentence.having("cue") if hit.value in {"died", "joined"})]
    taken = {
        at for mention in dates.find(sentence) if mention.shift is not None for at in range(mention.start, mention.end)
    }
    for mark in sentence.valued("time", "past_marks"):
        if mark.start in taken or (
            mark.end - mark.start == 1 and sentence.word(mark.start, "break") and goes_on(sentence, mark.end)
        ):
            continue  # "a day earlier", "before the summer"
        if superlative(sentence, mark):
            continue  # "the biggest return so far"
        nearest = max((hit for hit in verbs if hit.end <= mark.start), key=lambda hit: hit.end, default=None)
        if nearest is None or nearest.tag == "move" or mark.start - nearest.end > 8:
            return True  # "killed last year" says nothing of the movement
    first = min((hit.end for hit in sentence.hits if is_said(hit)), default=len(sentence.tokens))
    if any(hit.end <= first for hit in sentence.valued("time", "backshift")):
        return True  # "had brought 12 home"; behind "said that" it tells of the news itself
    return older(day, published) or behind_news(sentence, day, published)


def behind_news(sentence: Sentence, day: Day | None, published: Published) -> bool:
    """Whether a sentence behind the lead tells of a day well before that of the article."""
    if sentence.index < BEHIND or published.exact is None or day is None or len(day.iso) < len("2019-07-15"):
        return False
    return (published.exact - date.fromisoformat(day.iso)).days > LATELY


def superlative(sentence: Sentence, mark: Hit) -> bool:
    """ "the largest group brought home so far": a record and neither a sum nor something past."""
    if any(0 <= mark.start - order.end <= 1 for order in sentence.having("ordinal")):
        return True  # "the second convoy since January"
    return any(0 < mark.start - word.end <= RECORD for word in sentence.valued("word", "record"))


def goes_on(sentence: Sentence, at: int) -> bool:
    return at < len(sentence.tokens) and not sentence.tokens[at].gap.strip()


def is_said(hit: Hit) -> bool:
    """A word of saying or denying, behind which verbs go one step back in time."""
    return (hit.tag == "word" and hit.value == "say") or (hit.tag == "status" and hit.value == "denied")


def older(day: Day | None, published: Published) -> bool:
    """Whether a day lies well before the publication: 40 days, or the month before last."""
    last = published.last
    if day is None or last is None:
        return False
    parts = [int(part) for part in day.iso.split("-")]
    if len(parts) == 3 and published.exact is not None:
        return (published.exact - date.fromisoformat(day.iso)).days > OLD
    months = (last.year - parts[0]) * 12 + (last.month - parts[1] if len(parts) > 1 else 0)
    return months > 1 if len(parts) > 1 else months >= 12


def summed(
    sentence: Sentence, counts: Sequence[Count], day: Day | None, *, verb: Hit | None = None, total: bool
) -> bool:
    """Whether a number sums over time: said so, a whole year's, or hedged and without any date."""
    says = sentence.valued("word", "say")
    if (day is not None and day.precision != "year") or any(
        (mention.day or mention.weekday) and not mention.span and not spoken(sentence, mention, says, verb)
        for mention in dates.find(sentence)
    ):
        return False
    before = sentence.says("time", "past_marks", "backshift")
    if total and not (before and day is not None):
        return True
    people = [count for count in counts if not count.weak]
    if day is not None:
        least = YEARLY_BEFORE if before else YEARLY  # "in 2019 it had brought 84 children home": one flight
        return any(count.number.value >= least for count in people) and sentence.part != "title"
    return False


def perfect(sentence: Sentence, verb: Hit) -> bool:
    """ "21 women have returned": what has happened at some time."""
    return any(0 <= verb.start - hit.end <= 1 for hit in sentence.valued("word", "perfect"))


def loose(sentence: Sentence, counts: Sequence[Count], day: Day | None, verb: Hit | None = None) -> bool:
    """Whether a number is hedged, bare or a part, without any date: a sum over time unless it stands in the lead."""
    people = [count for count in counts if not count.weak]
    vague = any(count.group == "bare" or count.sub for count in people) or (
        bool(people) and all(count.qualifier is not Qualifier.EXACT for count in people)
    )
    says = sentence.valued("word", "say")
    dated = any(not spoken(sentence, mention, says, verb) for mention in dates.find(sentence))
    return vague and day is None and not dated and not sentence.says("time", "last")
