"""Numbers that count people without a noun: "11 were killed", "Uzbekistan 531", "the camp holds 62,000"."""

from __future__ import annotations

from extraction.claims import dates
from extraction.claims.lexicon import Hit
from extraction.claims.numbers import Number
from extraction.claims.sentences import Sentence
from extraction.claims.singles import Count
from records.words import Qualifier

FEW = 3  # months in one sentence; a longer list is a table
CROWD = 50  # people: "the camp holds 62,000" needs no noun, "held for 3" is another thing
YEARS = range(1901, 2100)
QUOTES = " \"”'-‑"


def read(sentence: Sentence, number: Number, written: str, hedge: Qualifier, *, sub: bool) -> Count | None:
    """The count, or None where nothing says that people are counted."""

    def count(group: str, *nations: str) -> Count:
        return Count(number, number.end, group, hedge, written, nations, "", sub=sub)

    at = number.end
    ended = at >= len(sentence.tokens) or bool(sentence.tokens[at].gap.strip(QUOTES))
    if number.value < 2 or (not number.word and number.value in YEARS and not behind_cue(sentence, number, ended=True)):
        return None
    subject = number.start
    if sentence.tagged(number.start - 1, "nation"):
        subject -= 1  # "تسلم السودان ثمانية": the state between verb and number
    moved = any(hit.end in (number.start, subject) and hit.value[1] == "strong" for hit in sentence.having("move"))
    moved = (ended and moved) or dated(sentence, number, ended=ended)
    if moved or behind_cue(sentence, number, ended=ended) or named_by_what_follows(sentence, number):
        return count("bare")
    state = state_before(sentence, number)
    glued = at < len(sentence.tokens) and sentence.tokens[at].text.startswith("و") and sentence.tagged(at, "nation")
    if state is not None and (ended or glued or sentence.word(at, "and", "in")):
        return count("total", state)
    if ended or (is_age(sentence, number) and not sentence.word(at, "of_them")):
        return None
    beside = [hit for hit in sentence.having("nation") if at < hit.start <= at + 2 and not cut(sentence, at, hit)]
    nations = [str(hit.value[0]) for hit in beside][:1]
    cued = any(hit.tag == "move" or (hit.tag == "cue" and hit.value != "total") for hit in sentence.at(at))
    if cued or sentence.word(at, "be", "of_them", "from") or (nations and sentence.word(at, "of")):
        return count("bare", *nations)
    return None


def dated(sentence: Sentence, number: Number, *, ended: bool) -> bool:
    """ "95 came in August, and in October - 83", "64 - in October": a number beside its month, behind others."""
    first = min((hit.start for hit in sentence.having("group")), default=number.start)
    if first >= number.start or not sentence.having("move"):
        return False
    months = [mention for mention in dates.find(sentence) if mention.month is not None]
    dash = number.start > 0 and sentence.tokens[number.start].gap.strip() in {"-", "–", "—"}
    if len(months) > FEW:
        return False
    at = number.end + sentence.word(number.end, "in", "on")
    more = number.start - 1 if sentence.word(number.start - 1, "more") else number.start
    dash = dash or (more > 0 and sentence.tokens[more].gap.strip() in {"-", "–", "—"})
    ahead = number.start > 0 and any(mention.start == at for mention in months)
    return ahead or (dash and ended and any(mention.end == more for mention in months))


def yearly(sentence: Sentence, number: Number) -> bool:
    """ "412 came home in 2023, down from 612 the year before": the same people of another year."""
    at = number.end
    others = any(hit.end <= number.start for hit in sentence.having("group"))
    year = any(hit.start == at for hit in sentence.valued("time", "last_year", "year_before"))
    return year and others and bool(sentence.having("move"))


def cut(sentence: Sentence, at: int, hit: Hit) -> bool:
    """ "14 from camps, Finns on board": a comma stands between."""
    return "," in sentence.gaps(at + 1, hit.start + 1)


def followed(sentence: Sentence, at: int) -> bool:
    """Whether another number stands at a token, or behind an article and a hedge."""
    near = range(at, at + 4)
    return any(
        (sentence.tagged(i, "num") or (i < len(sentence.tokens) and sentence.tokens[i].number is not None))
        and all(sentence.word(j, "the") or sentence.tagged(j, "qual") for j in range(at, i))
        for i in near
    )


def named_by_what_follows(sentence: Sentence, number: Number) -> bool:
    at = number.end
    if sentence.word(at, "of") and sentence.having("move") and followed(sentence, at + 1):
        return True  # "only 16 of the 742 families have come home"
    if yearly(sentence, number):
        return True
    there = number.value >= CROWD and (in_camp(sentence, at) or held_there(sentence, number))
    return own_of(sentence, at) or there


def held_there(sentence: Sentence, number: Number) -> bool:
    """ "36 are held in Libya, and about 160 in Syria"."""
    at, begins = number.end, front(sentence, number)
    states = [hit for hit in sentence.having("nation") if hit.value[1] and sentence.word(hit.start - 1, "in")]
    before = any(0 <= begins - hit.end <= 1 for hit in states)
    return before and any(hit.start == at + 1 for hit in states) and sentence.says("cue", "held")


def own_of(sentence: Sentence, at: int) -> bool:
    """ "11 of its own", "six of their own": of the people of the state that acts."""
    return sentence.word(at, "of") and sentence.word(at + 2, "own") and bool(sentence.having("move"))


def front(sentence: Sentence, number: Number) -> int:
    """Where a number begins, its hedge included."""
    return next((hit.start for hit in sentence.having("qual") if hit.end == number.start), number.start)


def behind_cue(sentence: Sentence, number: Number, *, ended: bool) -> bool:
    """ "has risen to 256", "the camp holds more than 62,000"."""
    begins = front(sentence, number)
    cues = [hit.value for hit in sentence.having("cue") if hit.end == begins]
    if ended and sentence.word(begins - 1, "to") and sentence.says("cue", "total") and sentence.having("move"):
        return any(hit.end <= begins for hit in sentence.valued("cue", "total"))  # "brings the number of ... to 51"
    if number.value >= CROWD and sentence.having("cue") and estimated(sentence, begins, ended=ended):
        return True
    return "total" in cues or (ended and "held" in cues and number.value >= CROWD)


def estimated(sentence: Sentence, begins: int, *, ended: bool) -> bool:
    """ "puts those who joined at 5,000", "officials say 3,000": an estimate of people whose noun stands before."""
    if ended and sentence.word(begins - 1, "say"):
        return True
    told = sentence.word(begins - 1, "in") or (ended and sentence.tagged(begins, "qual"))
    return told and any(hit.end < begins for hit in sentence.valued("word", "estimate"))


def in_camp(sentence: Sentence, at: int) -> bool:
    """ "48,000 in al-Hol and 2,500 in Roj"."""
    return sentence.word(at, "in") and any(hit.value.kind in {"camp", "prison"} for hit in places(sentence, at + 1))


def places(sentence: Sentence, at: int) -> list[Hit]:
    return [hit for hit in sentence.at(at) if hit.tag == "place"]


def is_age(sentence: Sentence, number: Number) -> bool:
    """ "the boy, about 24, ..."."""
    hedged = any(hit.end == number.start for hit in sentence.having("qual"))
    return hedged and any(group.end in (number.start - 1, number.start - 2) for group in sentence.having("group"))


def state_before(sentence: Sentence, number: Number) -> str | None:
    """ "Uzbekistan 531", "Uzbekistan over 500": the state right before a number, in a list behind people counted."""
    first, begins = min((hit.start for hit in sentence.having("group")), default=number.start), front(sentence, number)
    state = next((hit for hit in sentence.having("nation") if hit.value[1] and hit.end == begins), None)
    if state is None or first >= state.start or sentence.word(state.start - 1, "from", "to", "in", "by"):
        return None
    return str(state.value[0]) if sentence.having("move") else None
