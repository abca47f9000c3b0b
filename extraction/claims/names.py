"""Names of people: runs of capitalised words that no lexicon knows as something else."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.claims.lexicon import Lexicon
from extraction.claims.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words at tokens[start:end] of a sentence."""

    sentence: Sentence
    start: int
    end: int
    text: str
    whole: bool = True  # more than a surname


def is_capital(word: str) -> bool:
    return word[:1].isupper()


def names(sentence: Sentence, lex: Lexicon) -> list[Name]:
    """Runs of two or more capitalised words that no lexicon knows as something else."""
    tokens = sentence.tokens
    known: dict[int, int] = {}
    for hit in sentence.hits:
        if hit.tag in {"nation", "place", "org", "role", "weekday", "month", "daesh", "title", "num", "topic"}:
            for at in range(hit.start, hit.end):
                known[at] = max(known.get(at, 0), hit.end)
    stops = {at for at, token in enumerate(tokens) if token.key in lex.not_names}
    particles = {hit.start for hit in sentence.having("particle")}
    found: list[Name] = []
    at = 0
    while at < len(tokens):
        if not begins(tokens[at].text, at, known, stops, particles):
            at += 1
            continue
        end = at + 1
        while (
            end < len(tokens)
            and end - at < 6
            and tokens[end].gap in {" ", "-", ". ", "‑"}
            and (
                (is_capital(tokens[end].text) and end not in known and end not in stops)
                or (
                    end in particles
                    and end + 1 < len(tokens)
                    and tokens[end].gap in {" ", "-"}
                    and is_capital(tokens[end + 1].text)
                    and end + 1 not in known
                )
            )
        ):
            if tokens[end].gap == ". " and len(tokens[end - 1].text) > 1:
                break
            end += 1
        words = [i for i in range(at, end) if i not in particles]
        single = (
            len(words) == 1
            and at > 0
            and known.get(at - 1, 0) == at
            and any(hit.end == at and is_capital(tokens[hit.start].text) for hit in sentence.having("role"))
        )
        if len(words) >= 2 or single or (end - at >= 2 and words and at in particles):
            text = sentence.text[tokens[at].start - sentence.start : tokens[end - 1].end - sentence.start]
            if not any(at <= hit.start < end for hit in sentence.having("not_person")):
                found.append(Name(sentence, at, end, clean(text), whole=len(words) > 1))
        at = end
    return found


def begins(word: str, at: int, known: dict[int, int], stops: set[int], particles: set[int]) -> bool:
    if at in known or at in stops:
        return False
    return (is_capital(word) and not (word.isupper() and len(word) > 1)) or (
        at in particles and word.islower() and word in {"al", "el"}
    )


def clean(name: str) -> str:
    for ending in ("'s", "’s"):
        name = name.removesuffix(ending)
    return name.rstrip("'’")
