"""Numbers that count people: digits of any script and number words, with their qualifier, group and nationality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from extraction.claims.lexicon import Hit, Lexicon
from extraction.claims.sentences import Sentence
from extraction.claims.tokens import Token
from records.words import Qualifier

REACH = 8  # words between a number and what it counts
LARGEST = 5_000_000
COMING_FROM = {"SY", "IQ", "LY", "TR", "AF"}  # "children from Syria": where they come from, not whose they are


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens[start:end]."""

    start: int
    end: int
    value: int
    word: bool = False
    lowest: int | None = None  # where the lower bound of a range ends


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people in a sentence; `group` is children, women, men, families, total, or bare (no noun)."""

    number: Number
    end: int  # tokens: behind the noun
    group: str
    qualifier: Qualifier
    written: str
    nations: tuple[str, ...]
    label: str  # the noun with its modifiers, as written
    weak: bool = False  # "a woman", "her child": counts beside a movement only
    mixed: bool = False  # "women and children" under one number
    sub: bool = False  # "31,000 of them children": part of the number before

    @property
    def start(self) -> int:
        return self.number.start


def numbers(sentence: Sentence, taken: set[int]) -> Iterator[Number]:
    """Numbers in digits or words outside `taken` tokens (dates); ordinals, fractions and vague ones are none."""
    tokens = sentence.tokens
    values = {hit.start: hit for hit in sentence.having("num") if hit.end - hit.start == 1}
    scales = {hit.start: hit.value for hit in sentence.having("scale")}
    dozens = {hit.start for hit in sentence.having("dozen")}
    vague = {at for hit in sentence.having("vague") for at in range(hit.start, hit.end)}
    partial = {hit.end - 1 for hit in sentence.having("partial")}  # "one of two children": the two are not who moves
    marks = {hit.start for hit in sentence.valued("word", "ordinal_mark")}
    joins = {hit.start for hit in sentence.valued("word", "num_join")}
    at = 0
    while at < len(tokens):
        if at in taken or at in vague or at - 1 in partial:
            at += 1
            continue
        token = tokens[at]
        if token.text[0].isdecimal():
            whole, end = token.number, at + 1
            if end < len(tokens) and end in marks and not tokens[end].gap:
                at += 2
                continue
            if end in scales and end not in vague and tokens[end].gap.strip() == "":
                base = float(token.text.replace(",", ".").replace("٫", ".")) if whole is None and token.text.replace(",", "").replace(".", "").isdecimal() and token.text.count(".") + token.text.count(",") == 1 else whole
                if base is not None:
                    whole, end = round(base * scales[end]), end + 1
                    if end < len(tokens) and tokens[end].number is not None and tokens[end].number < 1000 and end not in taken and not tokens[end].gap.strip(" و"):
                        whole, end = whole + tokens[end].number, end + 1
                    elif end + 1 < len(tokens) and end in joins and tokens[end + 1].number is not None and tokens[end + 1].number < 1000:
                        whole, end = whole + tokens[end + 1].number, end + 2
            if whole is not None and 0 < whole <= LARGEST:
                yield Number(at, end, whole)
            at = end
        elif at in values or at in scales or at in dozens:
            number, at = worded(tokens, at, values, scales, dozens, joins)
            if number is not None:
                yield number
        else:
            at += 1


def worded(tokens: Sequence[Token], at: int, values: dict[int, Hit], scales: dict[int, int], dozens: set[int],
           joins: set[int]) -> tuple[Number | None, int]:
    """A number in words from `at` on: "thirty-three", "two hundred and five", "مئة وعشرين"."""
    start, whole, part, last = at, 0, 0, 0
    while at < len(tokens):
        gap = at == start or not tokens[at].gap.strip(" -‐‑")
        if at in values and gap:
            value = int(values[at].value)
            glued = at > start and tokens[at].key.startswith("و")
            fits = at == start or (last >= 20 and last % 10 == 0 and value < 10) or (last == 0) or (
                last in (100, 1000) and value < 100) or (last >= 100 and last % 100 == 0 and value < 100) or (glued and last < 20 <= value < 100)
            if not fits:
                break
            part, last = part + value, value
        elif at in scales and gap:
            scale = scales[at]
            if scale >= 1000:
                whole, part = whole + (part or 1) * scale, 0
            else:
                part = part % 1000 - part % 100 + (part % 100 or 1) * scale if part else scale
            last = scale
        elif at in dozens and gap:
            part, last, at = (part or 1) * 12, 12, at + 1
            break
        elif at in joins and gap and at > start and at + 1 < len(tokens) and (at + 1 in values) and (last >= 100 or joins_tens(values, at)):
            last = 0 if last >= 100 else last
            if last:
                part, last = part + int(values[at + 1].value), int(values[at + 1].value)
                at += 2
                continue
        else:
            break
        at += 1
    total = whole + part
    return (Number(start, at, total, word=True) if 0 < total <= LARGEST else None), max(at, start + 1)


def joins_tens(values: dict[int, Hit], at: int) -> bool:
    """ "drei und zwanzig", "بیست و پنج": a joiner between tens and units, where the language writes one."""
    before, after = values.get(at - 1), values.get(at + 1)
    return before is not None and after is not None and (
        (before.value < 10 and after.value >= 20 and after.value % 10 == 0) or (before.value >= 20 and before.value % 10 == 0 and after.value < 10)) and before.tag == "num_tens"


def qualifier_of(sentence: Sentence, start: int, end: int) -> tuple[Qualifier, int]:
    """The hedge before or behind a number, and where the whole expression begins."""
    for hit in sentence.having("qual"):
        if hit.value != "at_least_after" and hit.end <= start and all(
                not sentence.tokens[i].gap.strip(" «\"“'(") and len(sentence.tokens[i].key) <= 3 for i in range(hit.end, start)) and start - hit.end <= 1:
            return Qualifier(hit.value), hit.start
        if hit.value == "at_least_after" and hit.start in (end, end + 1):
            return Qualifier.AT_LEAST, start
    tail = sentence.tokens[end].gap if end < len(sentence.tokens) else ""
    return (Qualifier.AT_LEAST if tail.startswith("+") else Qualifier.EXACT), start


def find(sentence: Sentence, lex: Lexicon, taken: set[int]) -> list[Count]:
    """Every count of people in a sentence."""
    found = [count for number in ranged(sentence, list(numbers(sentence, taken))) if (count := counted(sentence, number, lex)) is not None]
    spans = [(count.start, count.end) for count in found]
    found += [count for count in singles(sentence) if not any(a <= count.start < b or a < count.end <= b for a, b in spans)]
    found.sort(key=lambda count: count.start)
    return [noun_of_next(sentence, count, after) for count, after in zip_longest(found, found[1:])]


def ranged(sentence: Sentence, found: list[Number]) -> Iterator[Number]:
    """ "18,000 to 19,000", "between 150 and 200": the lower bound stands for both; what follows the upper is its noun."""
    skip = False
    for number, after in zip_longest(found, found[1:]):
        if skip:
            skip = False
            continue
        between = after.start - number.end if after is not None else 9
        if after is not None and number.value < after.value < 3 * number.value and (
                (between == 0 and sentence.tokens[after.start].gap.strip() in {"-", "–"}) or (between == 1 and any(
                    hit.start == number.end and hit.value == "range" for hit in sentence.having("word")))):
            skip = True
            yield Number(number.start, after.end, number.value, number.word, lowest=number.end)
        else:
            yield number


def noun_of_next(sentence: Sentence, count: Count, after: Count | None) -> Count:
    """ "Twelve French and two Dutch orphans": a number with a demonym alone counts what the next one does."""
    if after is None or count.group != "total" or not count.nations or after.group not in {"children", "women", "men"} or after.start - count.end != 1:
        return count
    alone = all(hit.tag != "group" for hit in sentence.hits if count.number.end <= hit.start < count.end)
    joined = any(hit.start == count.end and hit.value == "and" for hit in sentence.having("word"))
    return replace(count, group=after.group) if alone and joined and after.nations else count


def counted(sentence: Sentence, number: Number, lex: Lexicon) -> Count | None:
    """What a number counts: the first group noun behind it, over its modifiers; None when it counts no people."""
    tokens, at = sentence.tokens, number.end
    first = tokens[number.start]
    before = first.gap[-1:]
    if before and before in "$€£#№+" and before != "+":
        return None
    qualifier, _ = qualifier_of(sentence, number.start, number.end)
    if number.lowest:
        qualifier = Qualifier.AT_LEAST
    by_start: dict[int, list[Hit]] = {}
    for hit in sentence.hits:
        by_start.setdefault(hit.start, []).append(hit)
    nations: list[str] = []
    sex: str | None = None
    sub = any(hit.tag == "word" and hit.value == "of_them" for hit in by_start.get(at, ()))
    limit = min(len(tokens), number.end + REACH)
    while at < limit:
        gap = tokens[at].gap.strip(" \t\"“”«»'‘’/-‐‑[](")
        here = by_start.get(at, [])
        if gap == "." and len(tokens[at - 1].key) == 1:
            gap = ""  # "two U.S. women"
        if gap and not (gap == "," and at - number.end in (1, 2) and not any(h.tag in {"num", "group", "word"} for h in here)):
            break
        if (at > number.end and tokens[at].text[0].isdecimal()) or any(hit.tag == "unit" for hit in here):
            if any(hit.tag == "unit" for hit in here) and not any(hit.tag == "group" for hit in here):
                return None
            break
        group = max((hit for hit in here if hit.tag == "group"), key=lambda hit: hit.end, default=None)
        nation = max((hit for hit in here if hit.tag == "nation"), key=lambda hit: hit.end, default=None)
        if nation is not None:
            if not (at and tokens[at - 1].key == "non"):
                nations.append(nation.value[0])
            at = nation.end
            if at - number.end <= 3 and ends_phrase(sentence, at, by_start) and (not nation.value[1] or lex.raw.get("nation_counts", False)):
                return shaped(sentence, number, at, "total", qualifier, nations, sex, sub)
            continue
        if group is not None:
            if group.value == "families" and number.value == 1 and any(hit.tag == "word" and hit.value == "of" for hit in by_start.get(number.start - 1, ())):
                return None  # "five children of one family"
            return shaped(sentence, number, group.end, group.value, qualifier, nations, sex, sub)
        words = {hit.value for hit in here if hit.tag == "word"}
        if "female" in words or "male" in words:
            sex = "women" if "female" in words else "men"
        elif not sub and any(h.tag == "cue" or h.tag == "move" for h in here) and at > number.end and not next_group(by_start, at, limit):
            break
        elif words & {"stop", "break", "from", "to", "by"} and not words & {"of", "of_them", "in_ok"}:
            break
        at += 1
    return bare(sentence, number, qualifier, by_start)


def next_group(by_start: dict[int, list[Hit]], at: int, limit: int) -> bool:
    """Whether a group noun follows at once: "12 detained women"."""
    return any(hit.tag in {"group", "nation"} for i in (at + 1, at + 2) if i < limit for hit in by_start.get(i, ()))


def ends_phrase(sentence: Sentence, at: int, by_start: dict[int, list[Hit]]) -> bool:
    """Whether no noun can follow: "25 Bosnians, ..." but not "25 Bosnian citizens"."""
    if at >= len(sentence.tokens) or sentence.tokens[at].gap.strip():
        return True
    here = by_start.get(at, [])
    return any(hit.tag in {"cue", "move", "status"} or (hit.tag == "word" and hit.value in {"and", "stop", "be", "break", "from", "in", "to", "by", "say"}) for hit in here)


def shaped(sentence: Sentence, number: Number, end: int, group: str, qualifier: Qualifier, nations: list[str],
           sex: str | None, sub: bool) -> Count:
    """A count with its noun; a second noun without its own number makes it a mixed total; "of Kosovo" behind is its nation."""
    tokens, mixed = sentence.tokens, False
    if group == "total" and sex:
        group = sex
    by_start: dict[int, list[Hit]] = {}
    for hit in sentence.hits:
        by_start.setdefault(hit.start, []).append(hit)
    at = end
    while at < len(tokens) and at - end < 3:
        here = by_start.get(at, [])
        joined = any(hit.tag == "word" and hit.value == "and" for hit in here)
        if not joined and tokens[at].gap.strip() not in {",", "/"}:
            break
        ahead = at + 1 if joined else at
        more = [hit for i in (ahead, ahead + 1) if i < len(tokens) and not (i > ahead and tokens[i].text[0].isdecimal())
                and not any(h.tag in {"num", "scale", "dozen"} for h in by_start.get(ahead, ())) and not (ahead < len(tokens) and tokens[ahead].text[0].isdecimal())
                and not any(h.tag == "word" and h.value in {"one", "the"} for h in by_start.get(ahead, ()))
                and (i == ahead or not any(h.tag == "word" or h.tag == "qual" for h in by_start.get(ahead, ())))
                for hit in by_start.get(i, ()) if hit.tag == "group"]
        if not more or (more[0].value == group and not joined):
            break
        if number.value == 1 or (more[0].value == "total" and group != "total"):
            break
        end, mixed = more[0].end, mixed or more[0].value != group
        at = end
    behind = [hit for hit in sentence.having("nation") if end <= hit.start <= end + 3
              and not any(tokens[i].gap.strip() for i in range(end, hit.start + 1) if i < len(tokens))
              and all(any(h.tag == "word" and h.value in {"of", "from", "the", "in"} for h in by_start.get(i, ())) or any(h.tag == "nation" for h in by_start.get(i, ())) for i in range(end, hit.start))]
    behind = [hit for hit in behind if not (hit.start > 0 and any(h.tag == "word" and h.value == "in" and tokens[h.start].key != "of" for h in by_start.get(hit.start - 1, ())))]
    behind = [hit for hit in behind if not (hit.value[0] in COMING_FROM and any(h.tag == "word" and h.value == "from" for h in by_start.get(hit.start - 1, ())))]
    names = dict.fromkeys([*nations, *(hit.value[0] for hit in behind)])
    label = sentence.text[tokens[number.end].start - sentence.start:tokens[end - 1].end - sentence.start] if end > number.end else ""
    if mixed:
        group = "total"
    return Count(number, end, group, qualifier, written(sentence, number), tuple(names), label, mixed=mixed, sub=sub)


def written(sentence: Sentence, number: Number) -> str:
    first, last = sentence.tokens[number.start], sentence.tokens[(number.lowest or number.end) - 1]
    return sentence.text[first.start - sentence.start:last.end - sentence.start]


def bare(sentence: Sentence, number: Number, qualifier: Qualifier, by_start: dict[int, list[Hit]]) -> Count | None:
    """A number that counts people without a noun: "11 were killed", "over 80 returned", "400 from Kosovo"."""
    at = number.end
    if at >= len(sentence.tokens) or sentence.tokens[at].gap.strip(" \"”'"):
        return None
    if number.value < 2 or (not number.word and 1900 < number.value < 2100):
        return None
    here = by_start.get(at, [])
    nations = [hit.value[0] for hit in sentence.having("nation") if at < hit.start <= at + 2]
    verbal = any(hit.tag in {"cue", "move"} for hit in here) or any(hit.tag == "word" and hit.value in {"be", "of_them"} for hit in here)
    if verbal or any(hit.tag == "word" and (hit.value == "from" or (hit.value == "of" and nations)) for hit in here):
        return Count(number, at, "bare", qualifier, written(sentence, number), tuple(nations[:1]), "")
    return None


def singles(sentence: Sentence) -> Iterator[Count]:
    """One person named by a singular noun: "a woman", "her son"."""
    ones = {hit.start: hit for hit in sentence.valued("word", "one")}
    nouns = {hit.start for hit in sentence.valued("word", "one_of")}
    for hit in sentence.having("group"):
        if hit.start not in nouns or hit.end - hit.start != 1:
            continue
        if hit.value == "families" and hit.start > 1 and any(h.tag == "word" and h.value == "of" for i in (hit.start - 2, hit.start - 3) for h in sentence.hits if h.start == i):
            continue  # "five children of one family"
        start = next((at for at in range(hit.start - 1, max(-1, hit.start - 5), -1) if at in ones), None)
        if start is None and sentence.part == "title" and hit.start <= 1:
            start = hit.start  # headlines drop the article: "Child returned from Iraq"
        if start is None or any(sentence.tokens[i].gap.strip(" -\"“") for i in range(start + 1, hit.start + 1)):
            continue
        nations = tuple(h.value[0] for h in sentence.having("nation") if start < h.start < hit.start)
        number = Number(start, start + 1, 1, word=True)
        label = sentence.text[sentence.tokens[start].start - sentence.start:sentence.tokens[hit.start].end - sentence.start]
        yield Count(number, hit.end, hit.value, Qualifier.EXACT, label, nations, label, weak=True)


def as_total(count: Count) -> Count:
    return replace(count, group="total") if count.group == "bare" else count
