"""Numbers that belong to no single movement, as a reader says them: "about 1,500 women held in Iraq"."""

from __future__ import annotations

from alerts import words
from alerts.quotes import Shown, told
from alerts.safe import isolated, name, plain
from alerts.sheet import Saying
from records.ledger import StoredFigure
from records.words import Group

PLAIN_SHOWN = Shown()
IN = {"held", "died"}  # a place follows these as "in Iraq"


def figure(stored: StoredFigure, shown: Shown = PLAIN_SHOWN) -> Saying:
    """The number, the sentence that says it, and the official whom the sentence names."""
    return Saying(values=(phrase(stored),), quote=shown.quote(stored.evidence), told=told(stored),
                  language=words.language(stored.lang))


def phrase(stored: StoredFigure) -> str:
    """At least 1,500 women and children held in Iraq, in English."""
    hedge, what = words.HEDGE[stored.qualifier], words.FIGURES.get(stored.what, stored.what.replace("_", " "))
    what = what.replace("requests", "request", 1) if stored.value == 1 else what
    whom = "" if stored.what == "requests" else f" {_whom(stored)}"
    where = plain(words.country(stored.place))
    place = "" if not where else f" in {where}" if stored.what in IN else f" ({where})"
    return f"{hedge}{words.number(stored.value)}{whom} {what}{place}"


def says(stored: StoredFigure) -> str:
    """Who says so, in a word or two: the official whom the sentence names, else the outlet."""
    return name(stored.official) or told(stored).outlet


def _whom(stored: StoredFigure) -> str:
    """Who is counted: an English text's own words; of another language what the lexicon knows of them, else the words
    themselves as a quote."""
    written, language = plain(stored.group), words.language(stored.lang)
    if not written:
        return words.NOUNS[Group.TOTAL][stored.value != 1]
    if not language:
        return name(written)
    groups = [Group(one) for one in stored.groups if one in set(Group)]
    if groups and groups != [Group.TOTAL]:
        return words.listed([words.NOUNS[group][stored.value != 1] for group in groups])
    return f"people (“{isolated(name(written))}”, {language})"
