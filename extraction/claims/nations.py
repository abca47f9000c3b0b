"""Whose people an article is about, by the states and demonyms of its title and lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from extraction.claims.frames import glued
from extraction.claims.lexicon import Hit
from extraction.claims.route import SENDERS, mentioned, prepositions
from extraction.claims.sentences import Sentence


def speaks(sentence: Sentence, hit: Hit) -> bool:
    """Whether a demonym belongs to a speaker or an institution rather than to those who move."""
    for org in sentence.having("org"):
        if org.start <= hit.start and hit.end <= org.end:
            return True
    return any(0 <= other.start - hit.end <= 1 for other in sentence.having("role"))


def acts(sentence: Sentence, hit: Hit) -> bool:
    """ "US brings out 14 from camps, Finns on board": the state that opens a headline and moves people."""
    verbs = (verb for verb in sentence.having("move") if 0 <= verb.start - hit.end <= 1)
    return sentence.part == "title" and hit.start == 0 and any(verbs)


def article_nations(sentences: Sequence[Sentence]) -> dict[str, float]:
    """Countries by how much the article is about their people; the title and the first sentences count most."""
    score: dict[str, float] = defaultdict(float)
    body = 0
    for sentence in sentences:
        if sentence.part not in {"title", "body"}:
            continue
        weight = 4.0 if sentence.part == "title" else 2.0 if body < 2 else 1.0 if body < 4 else 0.4
        body += sentence.part == "body"
        for hit in sentence.having("nation"):
            code, country = hit.value
            if speaks(sentence, hit):
                score[code] += weight * 0.4
            elif not country or acts(sentence, hit):
                score[code] += weight * 1.5
            else:
                score[code] += weight
        for hit in sentence.having("place"):
            if hit.value.country not in SENDERS:
                # "a family from Hamburg"
                theirs = sentence.having("group") and "from" in prepositions(sentence, hit.start)
                score[hit.value.country] += weight * (1.5 if theirs else 0.5)
    return score


def receiver(sentences: Sequence[Sentence]) -> str | None:
    """Iraq or Syria as the home of those who move: "Iraq repatriates ...", "Iraqi families leave al-Hol"."""
    lead = [s for s in sentences if s.part == "title"][:1] + [s for s in sentences if s.part == "body"][:4]
    votes: dict[str, float] = defaultdict(float)
    for weight, sentence in zip((3, 2, 2, 1, 1), lead, strict=False):
        verbs = [hit for hit in sentence.having("move") if not glued(sentence, hit)]
        groups = sentence.having("group")
        for hit in sentence.having("nation"):
            code, country = hit.value
            if code not in SENDERS:
                continue
            if not country and (
                any(0 <= g.start - hit.end <= 1 or hit.start == g.end for g in groups) or plural(sentence, hit)
            ):
                votes[code] += weight * 2
        for hit, code, name, before in mentioned(sentence):
            if (
                code in {"IQ", "SY"}
                and name is None
                and not before
                and any(0 <= verb.start - hit.end <= 3 and verb.value[0] != "handover" for verb in verbs)
            ):
                votes[code] += weight
            if code == "IQ" and name is None and "to" in before and "in" not in before:
                votes[code] += weight
            if (
                code == "SY"
                and name
                and hit.value.kind == "city"
                and "to" in before
                and "in" not in before
                and "from" not in before
            ):
                votes[code] += weight
            native = any(group.end == hit.start - 1 for group in groups) and "from" in before
            if code == "SY" and name and hit.value.kind == "city" and native:
                votes[code] += weight  # "families from Raqqa"
            if code == "IQ" and hit.tag == "place" and hit.value.kind == "camp":
                votes[code] += weight
    if not votes:
        return None
    return max(votes, key=lambda code: votes[code])


def plural(sentence: Sentence, hit: Hit) -> bool:
    return sentence.tokens[hit.end - 1].key.endswith("s")
