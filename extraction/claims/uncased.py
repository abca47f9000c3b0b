"""Names of people in scripts without capital letters: runs of known names, beside a role or a word of saying."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.claims.lexicon import Hit
from extraction.claims.sentences import Sentence
from extraction.claims.spelling import FAITH, parts

LONGEST = 4  # words of a name
REACH = 8  # words of office between a role and the name: "وزير الهجرة والمهجرين في الحكومة العراقية"
AND = "و"
JOINED = {"عبد", "ابو", "بن", "ابن", "ال", "عەبدول", "دي", "فان", "فون", "ديل"}
# behind a name, no part of it
WORDS = {"إن", "أن", "ان", "إنه", "أنه", "إنها", "أنها", "إنهم", "على", "إلى", "ل", "ليل", "که", "بە", "لە"}
# a name goes on behind these, whatever follows
NONE = {"num", "group", "move", "cue", "status", "qual", "time", "weekday", "month", "unit", "role", "org", "title"}


def spans(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Tokens of each run of names; whether it is an official's is for others to say."""
    at, tokens = 0, sentence.tokens
    while at < len(tokens):
        end = run(sentence, at) if begins(tokens[at].key) and not taken(sentence, at) else at
        if end - at >= 2:
            yield at, end
        at = max(end, at + 1)


def begins(key: str) -> bool:
    return key in parts() or key in JOINED or (key.startswith(AND) and key[1:] in parts())


def taken(sentence: Sentence, at: int) -> bool:
    """Whether a lexicon knows the word as something else."""
    token = sentence.tokens[at]
    return (
        token.number is not None
        or token.text in WORDS
        or sentence.tagged(at, *NONE)
        or sentence.word(at, "from", "to", "in", "break", "stop", "say", "and")
    )


def run(sentence: Sentence, at: int) -> int:
    """Where a name that begins at a token ends: known names, and one unknown word at its end."""
    tokens, end, unknown = sentence.tokens, at + 1, False
    while end < len(tokens) and end - at < LONGEST and not unknown and tokens[end].gap in {" ", "-", "\u200c"}:
        key = tokens[end].key
        if tokens[end].text in WORDS or tokens[end].number is not None:
            break
        if tokens[end - 1].key not in JOINED and key != FAITH:
            if key.startswith(AND) and key not in parts():
                break
            if key not in parts() and key not in JOINED:
                if taken(sentence, end) or any(hit.tag != "particle" for hit in sentence.at(end)):
                    break
                unknown = True
        end += 1
    return end


def role_beside(sentence: Sentence, start: int, end: int) -> Hit | None:
    """The role before a name, over the words of its office, else right behind it."""
    roles = sentence.having("role")
    before = [hit for hit in roles if 0 <= start - hit.end <= REACH and leads(sentence, hit.end, start)]
    behind = [hit for hit in roles if hit.start in (end, end + 1)]
    return before[-1] if before else behind[0] if behind else None


def leads(sentence: Sentence, first: int, start: int) -> bool:
    """Whether only words of an office stand between a role and a name."""
    return not any(
        sentence.tokens[at].gap.strip(' "«“(') or sentence.word(at, "say") or sentence.tagged(at, "move", "num", "role")
        for at in range(first, start + 1)
    )
