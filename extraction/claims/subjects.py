"""Numbers as subjects: "some 220 are thought to have been killed", "children whose parents died landed"."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.claims import dates
from extraction.claims.lexicon import Hit
from extraction.claims.sentences import Sentence
from extraction.claims.singles import Count

CHAIN = 7  # words of a verb: "are now believed to have been held"
ASIDE = 9  # words between commas behind a number
FRONT = 3  # words between "of" or a fraction and the number it is taken of
INSIDE = 3  # words between "in" and a camp: "in the two camps"
WAR = range(2011, 2017)  # years in which people went to the war
DATED = 4  # words between a verb and its year
SENDERS = {"SY", "IQ", "LY", "TR", "AF"}
OWNED = 2  # words between people and "whose"


def predicate(sentence: Sentence, count: Count, hits: Sequence[Hit]) -> Hit | None:
    """The cue or verb of movement whose subject a number is: it ends a chain that a finite verb opens right behind."""
    at = count.end
    if count.weak or at >= len(sentence.tokens):
        return None
    whole = next((hit for hit in hits if hit.start == at and hit.tag == "cue" and closes(sentence, hit)), None)
    if whole is not None and not sentence.tokens[at].gap.strip():
        return whole  # "100 died and 49 came back"
    at = behind_aside(sentence, at)
    if not sentence.word(at, "finite"):
        return None
    for token in range(at, min(at + CHAIN, len(sentence.tokens))):
        if (token > at and sentence.tokens[token].gap.strip()) or (token > at and barred(sentence, token)):
            return None
        here = [hit for hit in hits if hit.start == token]
        if here:
            return max(here, key=lambda hit: (hit.end, hit.tag == "cue"))
    return None


def behind_aside(sentence: Sentence, at: int) -> int:
    """Where the sentence goes on behind words between commas: "60 Britons, half of them children, are there"."""
    if "," not in sentence.tokens[at].gap:
        return at
    for token in range(at + 1, min(at + ASIDE, len(sentence.tokens))):
        if "," in sentence.tokens[token].gap:
            return token if sentence.word(token, "finite") else at
        if sentence.word(token, "finite", "say"):
            return at
    return at


def closes(sentence: Sentence, hit: Hit) -> bool:
    """Whether a clause ends with a verb."""
    end = hit.end
    return end >= len(sentence.tokens) or bool(sentence.tokens[end].gap.strip()) or sentence.word(end, "and")


def barred(sentence: Sentence, token: int) -> bool:
    """Whether a token ends the chain of a verb: another number or noun, or a clause."""
    return sentence.tagged(token, "group", "num") or sentence.word(token, "break", "and", "relative")


def theirs(sentence: Sentence, count: Count, hit: Hit, verbs: Sequence[Hit]) -> bool:
    """Whether a verb tells of others than those counted: "children whose parents died"."""
    owner = next(
        (word for word in sentence.valued("word", "whose") if count.end <= word.start <= count.end + OWNED), None
    )
    if owner is None or hit.start < owner.end:
        return False
    return hit.start == min(verb.start for verb in verbs if verb.start >= owner.end)


def next_clause(sentence: Sentence, count: Count, hit: Hit) -> bool:
    """Where verbs stand first: whether a verb of movement opens a clause behind a number that has a verb before it."""
    opens = any(
        sentence.tokens[at].text.startswith("و")
        and sentence.tagged(at, "move", "cue")
        and not sentence.tagged(at, "group")
        for at in range(count.end, hit.start + 1)
    )
    return opens and any(verb.end <= count.start for verb in sentence.having("move"))


def last_clause(sentence: Sentence, front: int, hit: Hit, cues: Sequence[Hit]) -> bool:
    """ "8,000 have returned and 20,000 are still held": a verb that ends a clause, before a number with its own cue."""
    joined = hit.end == front - 1 and sentence.word(hit.end, "and")
    return joined and any(front < cue.start <= front + INSIDE + 1 and cue.value == "held" for cue in cues)


def from_there(sentence: Sentence, hit: Hit) -> bool:
    """ "لە کەمپی هۆلەوە": a word for being in a camp whose name has the ending of "from"."""
    return any(case.tag == "case" and case.value == "from" for case in sentence.at(hit.end))


def taken_of(sentence: Sentence, count: Count) -> bool:
    """Whether another number or fraction is taken of this one: "a third of the 1,050 people"."""
    for at in range(count.start - 1, max(-1, count.start - 1 - FRONT), -1):
        if not sentence.word(at, "of"):
            if not (sentence.word(at, "the") or sentence.tagged(at, "qual")):
                return False
            continue
        vague = any(hit.end in (at, at + 1) for hit in (*sentence.having("vague"), *sentence.having("partial")))
        counted = at > 0 and (sentence.tokens[at - 1].number is not None or sentence.tagged(at - 1, "num"))
        return vague or at == 0 or (counted and at < count.start - 1)  # "16 of the 742 families"
    return False


def penned(sentence: Sentence, count: Count) -> bool:
    """ "64,600 people in the two camps", "48,000 in al-Hol": where people are, without a verb."""
    at = count.end
    if count.weak or not sentence.word(at, "in") or sentence.tokens[at].gap.strip():
        return False
    camps = {hit.start for hit in sentence.having("place") if hit.value.kind in {"camp", "prison"}}
    near = range(at + 1, at + 2 + INSIDE)
    return any(token in camps or sentence.word(token, "pen") for token in near)


def gone(sentence: Sentence, hit: Hit) -> bool:
    """Whether "went to" leads to the war: joined, not come home. Iraqis who left a camp for Iraq went home."""
    home = {people.value[0] for people in sentence.having("nation") if not people.value[1]}
    camp = any(
        hit.end <= place.start <= hit.end + 1 and place.value.kind in {"camp", "prison"}
        for place in sentence.having("place")
    )
    if not camp and any(day.year in WAR and 0 <= day.start - hit.end <= DATED for day in dates.find(sentence)):
        return True  # "more than 400 people left from 2012 on"
    return not camp and any(
        other.tag in {"nation", "place"}
        and hit.end <= other.start <= hit.end + (3 if hit.end - hit.start > 1 else 6)
        and (hit.end - hit.start > 1 or sentence.word(other.start - 1, "to"))
        and (other.value[0] if other.tag == "nation" else other.value.country) in SENDERS - home
        and not (other.tag == "place" and other.value.kind == "camp")
        for other in sentence.hits
    )
