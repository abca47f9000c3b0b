"""Whose people one sentence speaks of: for numbers that belong to no movement."""

from __future__ import annotations

from collections.abc import Collection

from extraction.claims.gazetteer import languages
from extraction.claims.lexicon import lexicon
from extraction.claims.reading import prepare

FROM = frozenset({"IQ", "SY", "TR", "LY", "AF", "LB"})  # countries that are named as where they come from


def whose(sentence: str, lang: str, told: Collection[str]) -> str | None:
    """The one nationality that a number in this sentence is of; None where it is of several, or may be.

    A nationality that the sentence names goes before `told`, the one of its article. What the giving side counts
    ("Iraq has handed over 828 children") is of all nationalities.
    """
    base = lang.split("-", maxsplit=1)[0].lower()
    if base not in languages():
        return None
    hits = [hit for part in prepare(sentence, 0, lexicon(base)) for hit in part.hits]
    named = {code for code, country in (hit.value for hit in hits if hit.tag == "nation") if not country
             or code not in FROM}
    if named:
        return named.pop() if len(named) == 1 else None
    given = any(hit.tag == "move" and hit.value[0] == "handover" for hit in hits)
    return next(iter(told)) if len(told) == 1 and not given else None
