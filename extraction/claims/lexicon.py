"""Lexicons: TOML files of words and phrases, read once, looked up token by token.

A phrase is one or more words; a `*` at the end of a word stands for all its endings. What a phrase means is a tag and a
value. Adding a language is adding a file: no word of any language stands in the code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from extraction.claims.gazetteer import gazetteer, languages, persons, read, territories
from extraction.claims.phrases import UNIQUE, Entry, Hit, Phrase, entry_of, keys_of
from extraction.claims.tokens import Token, fold, number_of
from extraction.claims.wordbook import entries

__all__ = ["Hit", "Lexicon", "lexicon"]
KEPT = 50_000  # words and pairs of words remembered: hostile text must not fill the memory
SHORTEST_STEM = 2
KNOWN_STEM = 4  # letters: of a state that the file names as well; "Сир" begins orphans, "Дан" begins data
SAFE_STEM = 6  # letters: a shorter stem of a far country may begin other words
LONGEST_WORD = 40  # letters: what is longer is no word
VOWELS = "аеийоуыьэюя"  # endings that a country's name loses where the language inflects it

Known = tuple[str, int | None, Entry | None, bool]  # of a word: its key, its number, its entry, whether in digits


@dataclass(slots=True)
class Lexicon:
    """One language's words, with the gazetteer that all share."""

    lang: str
    raw: dict[str, Any]
    exact: dict[str, list[Phrase]] = field(default_factory=dict)
    stems: dict[str, list[Phrase]] = field(default_factory=dict)
    cache: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)
    book: dict[str, Known] = field(default_factory=dict)  # words as they are written
    pairs: int = 0  # of words that stand behind each other, remembered in the entries
    proclitics: tuple[str, ...] = ()
    fronts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    endings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    marked: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    not_names: frozenset[str] = frozenset()  # words that begin a sentence with a capital and are no name

    def add(self, phrase: str, tag: str, value: Any) -> None:
        near, _, behind = phrase.partition("…")
        keys, far = keys_of(near), keys_of(behind)
        if not keys:
            return
        cased = keys[0] in self.raw.get("topic", {}).get("cased", ()) and len(keys) == 1
        needs = "upper" if cased else "comma" if phrase.startswith(",") else ""
        book, first = (self.stems, keys[0][:-1]) if keys[0].endswith("*") else (self.exact, keys[0])
        book.setdefault(first, []).append(Phrase(tuple(keys[1:]), tag, value, needs, tuple(far)))

    def phrases(self, key: str) -> tuple[Phrase, ...]:
        """Phrases that may begin with this word: as it stands, by a stem, or without what is glued to its front."""
        if len(key) > LONGEST_WORD:
            return ()
        known = self.cache.get(key)
        if known is None:
            known = tuple(self.exact.get(key, ())) + tuple(
                phrase for size in range(len(key), SHORTEST_STEM - 1, -1) for phrase in self.stems.get(key[:size], ())
            )
            for clitic in self.proclitics if not known else ():
                if key.startswith(clitic) and len(key) > len(clitic) + 1:
                    known += self.phrases(key[len(clitic) :])
                    if known:
                        break
            if "'" in key[1:] and key not in self.exact:  # Turkish writes endings behind it, French small words before
                known += tuple(phrase for phrase in self.phrases(key[: key.index("'", 1)]) if phrase not in known)
            if len(self.cache) < KEPT:
                self.cache[key] = known
        return known

    def same(self, key: str, wanted: str) -> bool:
        """Whether a word of the text is a word of a phrase."""
        if key == wanted:
            return True
        if wanted[-1] == "*":
            return key.startswith((wanted[:-1], *(clitic + wanted[:-1] for clitic in self.proclitics)))
        if self.proclitics and any(key == clitic + wanted for clitic in self.proclitics):
            return True
        return key.startswith(wanted) and key[len(wanted) :].startswith("'")

    @property
    def cased(self) -> bool:
        """Whether the language says from, to or in by what is glued to a name."""
        return bool(self.fronts or self.endings)

    def look(self, word: str) -> Known:
        """What is known of a word as it is written."""
        number = number_of(word)
        key = word if number is not None else fold(word)
        entry = entry_of(self.phrases(key))
        known = (key, number, entry, word[0].isdecimal())
        if len(self.book) < KEPT and len(word) <= LONGEST_WORD:
            self.book[word] = known
        return known

    def going_on(self, entry: Entry, behind: str) -> tuple[Phrase, ...]:
        """Those phrases of an entry that go on with a word; none at the end of a sentence."""
        found = tuple(p for p in entry.longer if not p.rest or self.same(behind, p.rest[0])) if behind else ()
        if self.pairs < KEPT:
            self.pairs += 1
            entry.after[behind] = found
        return found

    def plain(self, key: str) -> bool:
        """Whether a word is a place's name as it stands, without anything glued to it."""
        return any(phrase.tag in UNIQUE for phrase in self.exact.get(key, ()))

    def cases(self, tokens: Sequence[Token], places: Sequence[Hit]) -> Iterator[Hit]:
        """From, to or in where the language says so by what is glued to a place's name, in front or behind."""
        for hit in places:
            names = (*self.glued(tokens[hit.start].key)[0], *self.glued(tokens[hit.end - 1].key)[1])
            yield from (Hit(hit.start, hit.end, "case", name) for name in names)

    def glued(self, key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(what is said in front of a name, what behind it)."""
        known = self.marked.get(key)
        if known is None:
            plain = self.plain(key)
            known = (
                tuple(name for name, marks in self.fronts.items() if not plain and key.startswith(marks)),
                tuple(name for name, marks in self.endings.items() if not plain and key.endswith(marks)),
            )
            if len(self.marked) < KEPT:
                self.marked[key] = known
        return known


@lru_cache(maxsize=64)  # all of them: a look without a known language asks each
def lexicon(lang: str) -> Lexicon:
    """The lexicon of a language; that of English for a language without a file."""
    base = lang.split("-", maxsplit=1)[0].lower()
    data = read(base if base in languages() else "en")
    plain = frozenset(map(fold, data.get("words", {}).get("not_names", ())))
    made = Lexicon(
        data["lang"],
        data,
        proclitics=tuple(data.get("words_glued", ())),
        fronts={name: tuple(map(fold, marks)) for name, marks in data.get("fronts", {}).items()},
        endings={name: tuple(map(fold, marks)) for name, marks in data.get("endings", {}).items()},
        not_names=plain,
    )
    for phrase, tag, value in entries(data):
        made.add(phrase, tag, value)
    for code, name in territories(made.lang):
        stem = name.rstrip(VOWELS)
        long = KNOWN_STEM if code in data.get("nations", {}) else SAFE_STEM
        inflected = data.get("inflects", False) and len(stem) >= long
        made.add(f"{stem}*" if inflected else name, "nation", (code, True))
    other = set(data.get("not_places", ()))  # words of the language that only look like a place: "roj" is a day
    for spelling, place in gazetteer():
        if spelling not in other:
            made.add(spelling, "place", place)
    for name, others in read("names")["operations"].items():
        for other in others:
            made.add(other, "operation", name)
    for spelling, tag, name in persons():
        made.add(spelling, tag, name)
    return made
