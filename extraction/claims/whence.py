"""Whose people, from where and to where, over the whole article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from extraction.claims.lexicon import Hit
from extraction.claims.moves import Candidate
from extraction.claims.nations import acts, article_nations, receiver, speaks
from extraction.claims.route import SENDERS, mentioned
from extraction.claims.sentences import Sentence
from records.words import Kind

ACTING = 1.5  # how much more the state right behind a verb says: "أعادت هولندا سبع نساء"
LAST = 10_000  # behind every token
HOMES = {"SY", "IQ"}  # states that people come home from and to


def ranked(score: dict[str, float]) -> list[str]:
    """Keys by score, the highest first; the first seen of equals."""
    return sorted(score, key=lambda key: -score[key])


def next_verb(candidate: Candidate) -> int:
    """Where the verb of another movement begins behind the verb and the numbers of this one, else far away."""
    if candidate.verb is None or not candidate.counts or candidate.verb.start > candidate.counts[0].start:
        return LAST
    behind = candidate.counts[-1].end
    return min((verb.start for verb in candidate.sentence.having("move") if verb.start >= behind), default=LAST)


class Whence:
    """Answers about the article as a whole, worked out once."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.sentences = sentences
        self.nations = article_nations(sentences)
        self.home = receiver(sentences)
        foreign = [code for code in ranked(self.nations) if code not in SENDERS]
        title = next((s for s in sentences if s.part == "title"), None)
        self.title_nations = self.subjects(title) if title else ()
        top = self.nations[foreign[0]] if foreign else 0.0
        self.main: str | None = foreign[0] if foreign else None
        theirs = self.nations.get(self.home or "", 0.0)
        if self.home and (not top or top < 3 < theirs or theirs > 1.5 * top):
            self.main = self.home
        self.origin, self.origin_place = self.whole_origin()

    def subjects(self, sentence: Sentence) -> tuple[str, ...]:
        """Countries in a sentence that are not where people come from, speakers left out; in order."""
        found: dict[str, None] = {}
        for hit in sentence.having("nation"):
            code = hit.value[0]
            if not speaks(sentence, hit) and code not in SENDERS:
                found.setdefault(code)
        return tuple(found)

    def whole_origin(self) -> tuple[str | None, str | None]:
        """Where people come from: the sender named with "from", else by camp, else most named."""
        score: dict[str, float] = defaultdict(float)
        places: dict[tuple[str, str], float] = defaultdict(float)
        body = 0
        for sentence in self.sentences:
            if sentence.part not in {"title", "body"}:
                continue
            weight = 3.0 if sentence.part == "title" or body < 3 else 1.0
            body += sentence.part == "body"
            for hit, code, name, before in mentioned(sentence):
                if code not in SENDERS or (
                    code == self.main and not (hit.tag == "place" and hit.value.kind in {"camp", "prison"})
                ):
                    continue
                camp = hit.tag == "place" and hit.value.kind == "camp"
                if code == "IQ" and camp:
                    continue
                gain = weight * (3 if "from" in before else 2 if camp else 1)
                score[code] += gain
                if name and (camp or "from" in before):
                    places[(code, name)] += gain
        if not score:
            return (None, None)
        code = ranked(score)[0]
        place = next((name for of, name in sorted(places, key=lambda pair: -places[pair]) if of == code), None)
        return code, place

    def nation_of(self, candidate: Candidate) -> tuple[str, ...]:
        """Whose people a candidate moves: its counts' demonym, the acting or receiving state, else the article's."""
        named = tuple(
            code
            for code in candidate.nations
            if code not in SENDERS or code == self.main or self.deported(candidate) or self.own(candidate, code)
        )
        if named:
            return named
        sentence = candidate.sentence
        if self.mixed(candidate):
            return ()
        if pair := self.homeward(candidate) or self.pair(candidate):
            return pair
        found: dict[str, float] = {}
        until = next_verb(candidate)
        for hit in sentence.having("nation"):
            code, country = hit.value
            if hit.start >= until and found:
                continue
            if (code in SENDERS and code != self.main) or (speaks(sentence, hit) and code != self.main):
                continue
            near = 1.0 / (1 + abs(hit.start - (candidate.verb.start if candidate.verb else 0)) / 4)
            acting = country and candidate.verb is not None and hit.start == candidate.verb.end
            found[code] = (
                found.get(code, 0.0)
                + near
                + (0.5 if not country or acts(sentence, hit) else 0.0)
                + (0.6 if code == self.main else 0.0)
                + (ACTING if acting and code not in SENDERS else 0.0)
            )
        for hit in sentence.having("place"):
            if hit.value.country not in SENDERS and not (hit.start >= until and found):
                found[hit.value.country] = found.get(hit.value.country, 0.0) + 0.8
        if not found and candidate.destination and candidate.destination[0] in SENDERS and candidate.origin:
            return (candidate.destination[0],)  # "Iraq sent 17 children to Turkey"
        if found:
            return (max(found, key=lambda code: found[code]),)
        return (self.main,) if self.main else ()

    @staticmethod
    def homeward(candidate: Candidate) -> tuple[str, ...]:
        """ "Iraq took home 109 families": Iraq or Syria as the state that brings its people back."""
        fetched = candidate.kind is Kind.REPATRIATION and candidate.destination
        return (fetched[0],) if fetched and fetched[0] in HOMES else ()

    @staticmethod
    def own(candidate: Candidate, code: str) -> bool:
        """ "800 Syrian women and children": the demonym stands inside what is counted."""
        hits = [hit for hit in candidate.sentence.having("nation") if hit.value == (code, False) and code in HOMES]
        return any(count.number.end <= hit.start < count.end for hit in hits for count in candidate.counts)

    @staticmethod
    def mixed(candidate: Candidate) -> bool:
        """Detainees moved from one custody to another, of whom no nationality is told."""
        held = any(candidate.sentence.word(i, "custody") for c in candidate.counts for i in range(c.number.end, c.end))
        members = any(
            count.number.end <= hit.start < count.end
            for hit in candidate.sentence.having("daesh")
            for count in candidate.counts
        )
        moved = any(move.value[0] == "transfer" for move in candidate.sentence.having("move"))
        return held and (candidate.kind is Kind.TRANSFER or members or moved)

    @staticmethod
    def pair(candidate: Candidate) -> tuple[str, ...]:
        """ "Kosovo and North Macedonia have brought 34 of their citizens home": two states of one flight."""
        sentence, verb = candidate.sentence, candidate.verb
        if verb is None:
            return ()
        seats = [Hit(hit.start, hit.end, "nation", (hit.value.country, True)) for hit in sentence.having("place")]
        named = sorted([*sentence.having("nation"), *seats], key=lambda hit: hit[:2])
        hits = [hit for hit in named if hit.value[0] not in SENDERS and hit.end <= verb.start]
        joins = {hit.start for hit in sentence.valued("word", "and")}
        for first, second in pairwise(hits):
            comma = second.start == first.end and "," in sentence.tokens[second.start].gap
            glued = second.start == first.end and sentence.tokens[second.start].text.startswith("و")
            joined = comma or glued or (second.start == first.end + 1 and first.end in joins)
            if joined and first.value[0] != second.value[0] and verb.start - second.end < 8:
                return tuple(sorted({first.value[0], second.value[0]}))
        return ()

    @staticmethod
    def deported(candidate: Candidate) -> bool:
        return bool(candidate.counts) and all(code == "TR" for code in candidate.nations)
