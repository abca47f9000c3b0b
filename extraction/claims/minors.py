"""Names of minors where they stand: an age below 18 beside a name, or "the child X", "her children, X and Y".

Rather a name too many than one too few: what is taken for a minor's name is only withheld, never lost. In a script
without capitals a name is known by the age behind it alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from extraction.claims.sentences import Sentence
from records.claims import Evidence

ADULT = 18
LONGEST = 4  # words of a name
SHORTEST = 2  # letters of a word of a name in a script without capitals
APART = 3  # words between a name and the age behind it: "Adam, who is nine", "Sara, a 7-year-old"
LINKING = 3  # letters of a word that may stand between a name and a bare age
TAKEN = {"nation", "place", "org", "role", "weekday", "month", "daesh", "group", "title", "minor", "num", "topic"}
NO_FIRST = {"move", "cue", "status", "word"}  # words that begin no name: "Children Returned From Iraq"
SHOUTED = 0.7  # of the words of a headline in capitals: there a capital tells no name
AGES = {"minor_marks", "minor_units"}
FEWEST = 5  # words from which that can be said
Run = tuple[int, int]


def spans(sentence: Sentence) -> list[Run]:
    """Tokens of each minor's name, in order."""
    known: list[Run] | None = sentence.kept.get("minors")
    if known is None:
        numbers = (*sentence.digits, *(hit.start for hit in sentence.having("num")))
        told = sentence.having("minor") or any(young(sentence, at) for at in numbers)
        known = search(sentence) if told else []
        sentence.kept["minors"] = known
    return known


def search(sentence: Sentence) -> list[Run]:
    """Names with an age or a word for a child beside them, and those in one list with them."""
    known = {at for hit in sentence.hits if hit.tag in TAKEN for at in range(hit.start, hit.end)}
    runs = [run for run in capitalised(sentence, known) if not begins_none(sentence, run[0])]
    found = {run for run in runs if aged(sentence, run[1]) or called(sentence, run[0])}
    found |= set(listed(sentence, runs, found))
    if not any(char.isupper() for char in sentence.text):
        found |= set(uncapitalised(sentence))
    return sorted(found)


def begins_none(sentence: Sentence, at: int) -> bool:
    """Whether a name can't begin at a token: a word of the lexicon, or one that begins sentences."""
    return sentence.tagged(at, *NO_FIRST) or sentence.tokens[at].key in sentence.common


def capitalised(sentence: Sentence, known: set[int]) -> Iterator[Run]:
    """Runs of capitalised words that are nothing else. An abbreviation is no name."""
    tokens, at = sentence.tokens, 0
    while at < len(tokens):
        if not tokens[at].text[0].isupper():
            at += 1
            continue
        end = at
        while (
            end < len(tokens)
            and end - at < LONGEST
            and tokens[end].text[0].isupper()
            and not (len(tokens[end].text) > 2 and tokens[end].text.isupper())
            and end not in known
            and (end == at or tokens[end].gap in {" ", "-", ". "})
        ):
            end += 1
        if end > at:
            yield at, end
        at = max(end, at + 1)


def uncapitalised(sentence: Sentence) -> Iterator[Run]:
    """The one or two words before "(7 years)" or "aged 7" that no lexicon knows, where no capitals tell a name."""
    known = {at for hit in sentence.hits for at in range(hit.start, hit.end)}
    for hit in sentence.having("minor"):
        if hit.value not in AGES:
            continue
        marked = hit.value == "minor_marks"
        number = hit.end if marked else hit.start - 1
        if number < 0 or not young(sentence, number):
            continue
        end = hit.start if marked else number
        if not end or (not marked and sentence.tokens[end].gap.strip() not in {"(", ",", "،"}):
            continue
        start = end
        while start > max(end - 2, 0) and start - 1 not in known and len(sentence.tokens[start - 1].key) > SHORTEST:
            start -= 1
        if start < end:
            yield start, end


def listed(sentence: Sentence, runs: list[Run], found: set[Run]) -> Iterator[Run]:
    """Names in one list with a minor's: "Adam and Sami, 6 and 9", "her daughters Lina, Sara and Nour"."""
    starts = {run[0]: run for run in runs}
    ends = {run[1]: run for run in runs}
    for first in found:
        run: Run | None = first
        while run is not None and called(sentence, first[0]):  # forward from the noun
            gap = sentence.tokens[run[1]].gap.strip() if run[1] < len(sentence.tokens) else "."
            joined = sentence.word(run[1], "and") and not gap
            run = starts.get(run[1] + 1) if joined else starts.get(run[1]) if gap == "," else None
            if run is not None:
                yield run
        before = ends.get(first[0] - 1)
        if before is not None and sentence.word(first[0] - 1, "and") and not sentence.gaps(*first).strip(" -."):
            yield before


def young(sentence: Sentence, at: int) -> bool:
    """Whether a number below 18 stands at a token."""
    if not 0 <= at < len(sentence.tokens):
        return False
    value = sentence.tokens[at].number
    if value is None:
        value = next((hit.value for hit in sentence.at(at) if hit.tag == "num"), None)
    return isinstance(value, int) and value < ADULT


def aged(sentence: Sentence, end: int) -> bool:
    """ "Khadija, 2," or "Khadija (2)", "Adam, aged 11", "Adam, a 7-year-old": the age behind a name."""
    tokens = sentence.tokens
    if end >= len(tokens) or not set(tokens[end].gap.strip()) & {",", "(", "،"}:
        return False
    at = next((i for i in range(end, min(end + APART, len(tokens))) if young(sentence, i)), None)
    if at is None or any(tokens[i].gap.strip() for i in range(end + 1, at + 1)):
        return False
    units = any(hit.start == at + 1 for hit in sentence.having("minor") if hit.value in AGES)
    marks = any(hit.end == at for hit in sentence.having("minor") if hit.value == "minor_marks")
    if units or marks:
        return True
    after = tokens[at + 1].gap.strip()[:1] if at + 1 < len(tokens) else "."
    pair = sentence.word(at + 1, "and") and young(sentence, at + 2)
    lone = all(len(tokens[i].key) <= LINKING and not sentence.tagged(i, "month") for i in range(end, at))
    return lone and (after in {",", ")", ".", ";"} or pair)


def called(sentence: Sentence, start: int) -> bool:
    """ "the child Abdullah", "a girl called Lina", "her children, Adam", "3-year-old Abdullah": what stands before."""
    gap = sentence.tokens[start].gap.strip(' -"“«')
    for hit in sentence.having("minor"):
        named = hit.end == start - 1 and sentence.tagged(start - 1, "minor")
        if hit.end != start and not (named and hit.value == "minor_nouns"):
            continue
        if hit.value == "minor_nouns":
            office = any(role.start <= hit.start and hit.end <= role.end for role in sentence.having("role"))
            if office or shouted(sentence):
                continue  # "the commissioner for the rights of the child Irina Belova"
            own = gap == "," and sentence.word(hit.start - 1, "poss", "one")
            if not gap or own:
                return True
        elif not gap and (hit.value == "minor_young" or (hit.value in AGES and young(sentence, hit.start - 1))):
            return True
    return False


def shouted(sentence: Sentence) -> bool:
    """Whether nearly every word begins with a capital: a headline."""
    words = len(sentence.tokens)
    return words >= FEWEST and sum(token.text[0].isupper() for token in sentence.tokens) > SHOUTED * words


def find(sentence: Sentence) -> list[Evidence]:
    """The names of minors in a sentence, with their place."""
    found = []
    for start, end in spans(sentence):
        first, last = sentence.tokens[start], sentence.tokens[end - 1]
        found.append(Evidence(quote=sentence.written(start, end), start=first.start, end=last.end))
    return found
