"""Numbers that count people: their qualifier, group and nationality."""

from __future__ import annotations

from itertools import pairwise, zip_longest

from extraction.claims import bare, dates, numbers
from extraction.claims.lexicon import Hit, Lexicon
from extraction.claims.neighbours import by_origin, noun_before, noun_of_next, part_of_before, states_behind, two_groups
from extraction.claims.numbers import Number
from extraction.claims.sentences import Sentence
from extraction.claims.singles import PARTS, Count, beside, demonyms, duals, singles
from records.words import Qualifier

REACH = 8  # words between a number and what it counts
FEW = range(3, 11)  # numbers that take a plural noun in Arabic
QUOTES = " \t\"“”«»'‘’/-‐‑[]("


def is_numbered(sentence: Sentence, at: int) -> bool:
    """ "Mehr-5", "Mehr 5 24 women": whether the number behind an operation's name belongs to the name."""
    tokens = sentence.tokens
    if at >= len(tokens) or tokens[at].number is None:
        return False
    return tokens[at].gap.strip() in {"-", "‑", "–"} or (at + 1 < len(tokens) and tokens[at + 1].number is not None)


def find(sentence: Sentence, lex: Lexicon) -> list[Count]:
    """Every count of people in a sentence; numbers that belong to dates count none."""
    if not (numbers.some(sentence) or sentence.having("group") or sentence.having("dual")):
        return []
    spaced = bool(lex.raw.get("numbers", {}).get("space_groups", False))
    taken = {at for mention in dates.find(sentence) for at in range(mention.start, mention.end)}
    taken |= {hit.end for hit in sentence.having("operation") if is_numbered(sentence, hit.end)}
    read = (Phrase(sentence, number, lex).read() for number in numbers.find(sentence, taken, spaced=spaced))
    found = [count for count in read if count is not None]
    spans = [(count.start, count.end) for count in found]
    found += [
        one
        for one in (
            *singles(sentence),
            *demonyms(sentence),
            *duals(sentence),
            *beside(sentence, lex, [*spans, *((two.start, two.end) for two in duals(sentence))]),
        )
        if not any(a <= one.start < b or a < one.end <= b for a, b in spans)
    ]
    found.sort(key=lambda count: count.start)
    found = [part_of_before(sentence, before, count) for before, count in pairwise([None, *found]) if count is not None]
    found = by_origin(sentence, found)
    found = [two_groups(sentence, noun_before(sentence, count)) for count in found]
    return [
        noun_of_next(sentence, count, after)
        for count, after in zip_longest(found, found[1:])
        if not (after and one_family(count, after))
    ]


def one_family(count: Count, after: Count) -> bool:
    """ "One more family, a woman and seven children": a single family whose members are counted is no number."""
    return count.group == "families" and count.number.value == 1 and after.group in PARTS and after.start == count.end


def qualifier_of(sentence: Sentence, number: Number) -> Qualifier:
    """The hedge before or behind a number."""
    start, end = number.start, number.end
    if number.lowest:
        return Qualifier.AT_LEAST
    for hit in sentence.having("qual"):
        if any(move.start < hit.start < move.end for move in sentence.having("move")):
            continue  # "handed over 188 children"
        if hit.value == "at_least_after":
            if hit.start in (end, end + 1):
                return Qualifier.AT_LEAST
        elif (
            0 <= start - hit.end <= 1
            and not sentence.gaps(hit.end, start + 1).strip(" «\"“'(")
            and (start == hit.end or len(sentence.tokens[hit.end].key) <= 3)
        ):
            return Qualifier(hit.value)
    tail = sentence.tokens[end].gap if end < len(sentence.tokens) else ""
    return Qualifier.AT_LEAST if tail.startswith("+") else Qualifier.EXACT


class Phrase:
    """What one number counts: the first group noun behind it, over its modifiers."""

    def __init__(self, sentence: Sentence, number: Number, lex: Lexicon) -> None:
        self.sentence, self.number, self.tokens = sentence, number, sentence.tokens
        self.demonym_counts = bool(lex.raw.get("nation_counts", False))  # "34 أستراليا": the state's name counts people
        self.nations: list[str] = []
        self.sex: str | None = None
        self.part = any(sentence.word(i, "including") for i in range(max(0, number.start - 3), number.start))
        self.sub = sentence.word(number.end, "of_them") or any(
            hit.value == "of_them" and hit.end == number.start for hit in sentence.having("word")
        )
        self.limit = min(len(self.tokens), number.end + REACH)

    def read(self) -> Count | None:
        """The count, or None where the number counts no people."""
        if self.number.value == 1 and self.sentence.word(self.number.end, "of"):
            return None  # "one of the American children"
        if self.number.start and self.sentence.word(self.number.start - 1, "serial"):
            return None  # "الوجبة رقم 31"
        if self.tokens[self.number.start].gap[-1:] in {"$", "€", "£", "#", "№"}:
            return None
        at = self.behind_them()
        while at < self.limit and not self.ends(at):
            if self.sentence.tagged(at, "unit") and not self.sentence.tagged(at, "group"):
                return None
            if self.tokens[at].text[0].isdecimal():
                break
            step = self.noun(at)
            if isinstance(step, Count) or step is None:
                return step
            at = step
        return bare.read(
            self.sentence, self.number, self.written(), qualifier_of(self.sentence, self.number), sub=self.sub
        )

    def behind_them(self) -> int:
        """Where what is counted may begin: behind "of them", "of other nations"."""
        ends = [hit.end for hit in self.sentence.valued("word", "of_them") if hit.start == self.number.end]
        return max(ends, default=self.number.end)

    def noun(self, at: int) -> Count | int | None:
        """A count where a noun stands at a token, else the token to go on with."""
        groups = [hit for hit in self.sentence.at(at) if hit.tag == "group" and not self.qualifies(hit)]
        nations = [hit for hit in self.sentence.at(at) if hit.tag == "nation"]
        if nations and groups:  # "Canadiennes": whose they are and who, in one word
            self.nations.append(str(nations[0].value[0]))
        elif nations:
            code, country = nations[0].value
            if not (at and self.tokens[at - 1].key == "non"):
                self.nations.append(code)
            end = nations[0].end
            if end - self.number.end <= 3 and self.no_noun_follows(end) and (not country or self.demonym_counts):
                return self.made(end, "total")
            return end
        if groups:
            group = max(groups, key=lambda hit: hit.end)
            if group.value == "families" and any(
                self.sentence.word(i, "of", "from") for i in range(self.number.end, at)
            ):
                return self.made(group.end, "total")  # "100 from families of fighters" counts people
            alone = group.value == "families" and self.number.value == 1 and self.number.start
            if alone and self.sentence.word(self.number.start - 1, "of"):
                return None  # "five children of one family"
            return self.made(group.end, str(group.value))
        if self.sentence.word(at, "female", "male"):
            self.sex = "women" if self.sentence.word(at, "female") else "men"
        return at + 1

    def qualifies(self, group: Hit) -> bool:
        """ "150 IŞİD'li aile": a noun right before another one only says what kind they are; families are counted."""
        at = group.end
        demonym = any(hit.tag == "nation" and hit.end == at for hit in self.sentence.at(group.start))  # "Belgische"
        if (group.value != "total" and not demonym) or at >= self.limit or self.tokens[at].gap.strip():
            return False
        return any(hit.tag == "group" and hit.value in {*PARTS, "families"} for hit in self.sentence.at(at))

    def ends(self, at: int) -> bool:
        """Whether the noun phrase is over: punctuation, a preposition, a verb."""
        sentence, gap = self.sentence, self.tokens[at].gap.strip(QUOTES)
        if gap == "." and len(self.tokens[at - 1].key) == 1:
            gap = ""  # "two U.S. women"
        if gap and not (
            gap == "," and at - self.number.end in (1, 2) and not sentence.tagged(at, "num", "group", "word")
        ):
            return True
        if sentence.tagged(at, "group", "nation") or sentence.word(at, "of", "of_them", "female", "male"):
            return False
        if sentence.word(at, "stop", "break", "from", "to", "by"):
            return True
        verb = not self.sub and sentence.tagged(at, "cue", "move")
        return verb and not any(sentence.tagged(i, "group", "nation") for i in (at + 1, at + 2) if i < self.limit)

    def no_noun_follows(self, at: int) -> bool:
        """ "25 Bosnians, ..." but not "25 Bosnian citizens"."""
        if at >= len(self.tokens) or self.tokens[at].gap.strip():
            return True
        if self.tokens[at].text.startswith("و") and self.sentence.tagged(at, "nation", "num"):
            return True  # "أربعة هولنديين وفنلندية"
        verbal = self.sentence.tagged(at, "cue", "move", "status")
        return verbal or self.sentence.word(at, "and", "stop", "be", "break", "from", "in", "to", "by", "say")

    def made(self, end: int, group: str) -> Count | None:
        """A count with its noun; a second noun without its own number makes it a mixed total."""
        if group == "total" and self.sex:
            group = self.sex
        last, mixed = self.more_nouns(end, group)
        theirs = last < len(self.tokens) and self.sentence.word(last, "and") and self.sentence.word(last + 1, "poss")
        theirs = theirs and self.sentence.tagged(last + 2, "group")
        if group == "total" and theirs:
            return None  # "two suspects and their children": how many people is not said
        names = dict.fromkeys([*self.nations, *states_behind(self.sentence, last)])
        label = self.sentence.written(self.number.end, last) if last > self.number.end else ""
        return Count(
            self.number,
            last,
            "total" if mixed else group,
            qualifier_of(self.sentence, self.number),
            self.written(),
            tuple(names),
            label,
            sub=self.sub or (self.part and group == "total"),
            first=group if mixed and group in PARTS else None,
            open=theirs and not mixed,
        )

    def written(self) -> str:
        return self.sentence.written(self.number.start, self.number.lowest or self.number.stated or self.number.end)

    def more_nouns(self, end: int, group: str) -> tuple[int, bool]:
        """(where the last noun ends, whether groups are mixed): "93 women, children", "24 women and children"."""
        sentence, mixed = self.sentence, False
        while end < len(self.tokens) and self.number.value > 1:
            joined = sentence.word(end, "and")
            if (
                not joined
                and self.tokens[end].gap.strip() not in {",", "/", "،"}
                and not self.tokens[end].text.startswith("و")
            ):
                break
            ahead = end + 1 if joined else end
            if ahead >= len(self.tokens) or self.tokens[ahead].text[0].isdecimal():
                break
            if sentence.tagged(ahead, "num", "scale", "dozen", "vague") or sentence.word(ahead, "one", "the", "poss"):
                break
            skip = not sentence.tagged(ahead, "word", "qual", "group")
            if self.demonym_counts and self.number.value in FEW and sentence.word(ahead, "one_of"):
                break  # "ستة رجال وامرأة": behind a plural noun a single one is one person
            if self.demonym_counts and any(hit.value == 1 for hit in sentence.at(ahead + 1) if hit.tag == "num"):
                break  # "48 امرأة ورجلاً واحداً"
            noun = next((hit for i in (ahead, ahead + skip) for hit in sentence.at(i) if hit.tag == "group"), None)
            if noun is not None and not joined and sentence.word(noun.end, "break"):
                break  # "33 children, mothers of whom ..."
            if noun is None or (noun.value == group and not joined) or (noun.value == "total" and group != "total"):
                break
            end, mixed = noun.end, mixed or noun.value != group
        return end, mixed
