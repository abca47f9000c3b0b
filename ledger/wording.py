"""Where two short texts that are nearly the same differ: in a name or a number, or in what papers put around a wire.

In a text of thirty words the country, the number and the day are a few words among many that every such notice has:
"Kazakhstan brought home 14 children from al-Hol" shares most shingles with the same sentence about Kyrgyzstan.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

WORD = re.compile(r"\w+(?:[.,'’-]\w+)*")
TINY = 24  # words; in a text so short even its first and last words are news and no credit
SHOWN = 3  # words named in a reason


def other_words(mine: str, theirs: str) -> str:
    """The names or numbers that stand in each other's place ("Kazakhstan, not Kyrgyzstan"); "" for none.

    What one text has more than the other (a credit, a dateline, a promotion) says nothing, and neither do words at the
    edges of a longer text, where papers put their own names.
    """
    a, b = WORD.findall(mine), WORD.findall(theirs)
    tiny = min(len(a), len(b)) <= TINY
    blocks = SequenceMatcher(None, [word.casefold() for word in a], [word.casefold() for word in b],
                             autojunk=False).get_opcodes()
    for what, a1, a2, b1, b2 in blocks:
        at_edge = (a1 == 0 and b1 == 0) or (a2 == len(a) and b2 == len(b))
        if what != "replace" or (at_edge and not tiny):
            continue
        left, right = (list(filter(_tells, words)) for words in (a[a1:a2], b[b1:b2]))
        if left and right:
            return f"{' '.join(left[:SHOWN])}, not {' '.join(right[:SHOWN])}"
    return ""


def _tells(word: str) -> bool:
    """A number, a name, or a word of a script that does not mark names (Arabic, Hebrew, Chinese)."""
    first = word[0]
    return first.isdigit() or first.isupper() or (first.isalpha() and first.lower() == first.upper())
