"""Relative clauses: what "who", "which", "whose" open, and where the main clause goes on."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.claims.lexicon import Hit
from extraction.claims.sentences import Sentence

MOST = 6  # relative clauses of a sentence; where there are more it is no sentence
LONGEST = 45  # words: a relative clause that seems longer was read wrong


@dataclass(frozen=True, slots=True)
class Clause:
    """A relative clause at tokens[start:end]; `end` is where its sentence goes on, or the sentence's end."""

    start: int
    end: int
    embedded: bool  # the main clause goes on behind it

    def __contains__(self, token: int) -> bool:
        return self.start <= token < self.end


def relatives(sentence: Sentence) -> list[Clause]:
    """The relative clauses of a sentence, by their first word; what stands behind a comma ends with the next one."""
    known: list[Clause] | None = sentence.kept.get("relatives")
    if known is not None:
        return known
    found: list[Clause] = []
    for hit in opening(sentence)[:MOST]:
        if hit.start == 0 or (found and hit.start in found[-1] and found[-1].embedded):
            continue
        comma = any(mark in sentence.tokens[hit.start].gap for mark in ",،–—")
        end = behind_comma(sentence, hit.end) if comma else behind_verb(sentence, hit.end)
        if end is not None and end - hit.start > LONGEST:
            end = None
        found.append(Clause(hit.start, end or len(sentence.tokens), end is not None))
    sentence.kept["relatives"] = found
    return found


def opening(sentence: Sentence) -> list[Hit]:
    """Relative words, and those that are such only right behind people: "vrouwen die", "Kinder, die"."""
    people = {group.end for group in sentence.having("group")}
    words = (hit for hit in sentence.valued("word", "relative_behind") if hit.start in people)
    behind = [hit for hit in words if not sentence.tagged(hit.end, "nation", "group")]
    return sorted([*sentence.valued("word", "relative"), *behind], key=lambda hit: hit[:2])


def verbal(sentence: Sentence, at: int) -> bool:
    """Whether a finite verb stands at a token."""
    return sentence.word(at, "finite", "say") or sentence.tagged(at, "move", "cue") or sentence.tagged(at, "status")


def behind_comma(sentence: Sentence, at: int) -> int | None:
    """Where a clause between commas ends: before the first comma that a verb follows."""
    for token in range(at + 1, len(sentence.tokens)):
        gap = sentence.tokens[token].gap
        if any(mark in gap for mark in ",،–—") and verbal(sentence, token):
            return token
        if ";" in gap:
            return None
    return None


def behind_verb(sentence: Sentence, at: int) -> int | None:
    """Where a clause without commas ends: at the second finite verb, if nothing joins it to the first."""
    seen = False
    token = at
    while token < len(sentence.tokens):
        gap = sentence.tokens[token].gap
        if ";" in gap or ("," in gap and not seen) or (seen and token > at and opens(sentence, token)):
            return None
        hits = [hit for hit in sentence.at(token) if hit.tag in {"move", "cue", "status"} or finite(hit.value, hit.tag)]
        if not hits:
            token += 1
            continue
        auxiliary = sentence.word(token, "finite")
        if seen and not joined(sentence, token) and (auxiliary or moves_on(sentence, token)):
            return token
        token = max(hit.end for hit in hits)
        if auxiliary:  # the rest of its verb: "were to be brought", "have been held"
            while token < len(sentence.tokens) and (
                sentence.word(token, "finite", "be", "to") or sentence.tagged(token, "move", "cue", "status")
            ):
                token += 1
        seen = True
    return None


def opens(sentence: Sentence, token: int) -> bool:
    """Whether a conjunction opens a clause; "as teenagers", "with her two sons" open none."""
    theirs = sentence.word(token + 1, "poss") or sentence.tagged(token + 1, "num")
    near = (1, 2, 3) if theirs else (1,)
    people = any(sentence.tagged(token + step, "group") for step in near)
    return sentence.word(token, "break") and not people


def finite(value: object, tag: str) -> bool:
    return tag == "word" and value == "finite"


def moves_on(sentence: Sentence, at: int) -> bool:
    """Whether a bare verb of movement or refusal stands at a token: "children whose fathers died returned home"."""
    moves = any(hit.tag == "move" or (hit.tag == "cue" and hit.value == "gone") for hit in sentence.at(at))
    return moves and not sentence.word(at - 1, "to", "be", "from", "in", "of", "for", "the", "poss")


def joined(sentence: Sentence, at: int) -> bool:
    return sentence.word(at - 1, "and", "relative", "break", "to", "num_join") or "," in sentence.tokens[at].gap


def crossed(sentence: Sentence, first: int, second: int) -> int:
    """How many relative clauses part two tokens: one stands inside, the other outside."""
    return sum((first in clause) != (second in clause) for clause in relatives(sentence))


def describes(sentence: Sentence, noun_end: int, at: int) -> bool:
    """Whether a token stands in a clause that describes the noun before it while the sentence goes on behind."""
    return any(clause.embedded and at in clause and noun_end <= clause.start for clause in relatives(sentence))
