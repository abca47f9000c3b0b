"""Lexicons: TOML files of words and phrases, read once, looked up token by token.

A phrase is one or more words; a `*` at the end of a word stands for all its endings. What a phrase means is a tag and a
value. Adding a language is adding a file: no word of any language stands in the code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from extraction.claims.gazetteer import gazetteer, languages, read, territories
from extraction.claims.tokens import WORD, Token, fold
from extraction.claims.wordbook import entries

MASKS = {"org", "role", "daesh", "place", "vague", "unit"}  # what stands inside such a phrase is not read on its own
MASKED = {"nation", "place", "group", "num", "cue", "move", "role", "scale", "topic", "month", "ordinal", "unit"}
SHORTEST_STEM = 2
SAFE_STEM = 6  # letters: a shorter stem of a far country may begin other words
LONGEST_WORD = 40  # letters: what is longer is no word
FAR = 30  # words within which the second part of a parted phrase is looked for
VOWELS = "аеийоуыьэюя"  # endings that a country's name loses where the language inflects it


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of the lexicon found at tokens[start:end]."""

    start: int
    end: int
    tag: str
    value: Any


@dataclass(frozen=True, slots=True)
class Phrase:
    rest: tuple[str, ...]
    tag: str
    value: Any
    cased: bool
    far: tuple[str, ...] = ()  # words that must follow somewhere in the sentence: "holt … zurück"


def keys_of(phrase: str) -> list[str]:
    """The folded words of a phrase, each with its star."""
    return [
        fold(word.group()) + ("*" if phrase[word.end() : word.end() + 1] == "*" else "")
        for word in WORD.finditer(phrase)
    ]


@dataclass(slots=True)
class Lexicon:
    """One language's words, with the gazetteer that all share."""

    lang: str
    raw: dict[str, Any]
    exact: dict[str, list[Phrase]] = field(default_factory=dict)
    stems: dict[str, list[Phrase]] = field(default_factory=dict)
    cache: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)
    proclitics: tuple[str, ...] = ()
    fronts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    endings: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, phrase: str, tag: str, value: Any) -> None:
        near, _, behind = phrase.partition("…")
        keys, far = keys_of(near), keys_of(behind)
        if not keys:
            return
        cased = keys[0] in self.raw.get("topic", {}).get("cased", ()) and len(keys) == 1
        book, first = (self.stems, keys[0][:-1]) if keys[0].endswith("*") else (self.exact, keys[0])
        book.setdefault(first, []).append(Phrase(tuple(keys[1:]), tag, value, cased, tuple(far)))

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
                    known = self.phrases(key[len(clitic) :])
                    if known:
                        break
            if "'" in key[1:] and key not in self.exact:  # Turkish writes endings behind it, French small words before
                known += tuple(phrase for phrase in self.phrases(key[: key.index("'", 1)]) if phrase not in known)
            if len(self.cache) < 50_000:  # hostile text must not fill the memory
                self.cache[key] = known
        return known

    def same(self, key: str, wanted: str) -> bool:
        if wanted[-1] == "*":
            return key.startswith((wanted[:-1], *(clitic + wanted[:-1] for clitic in self.proclitics)))
        if key == wanted or any(key == clitic + wanted for clitic in self.proclitics):
            return True
        return key.startswith(wanted) and key[len(wanted) :].startswith("'")

    def find(self, tokens: Sequence[Token]) -> list[Hit]:
        """Every phrase in the tokens; the longer one of a tag wins, and names mask what stands inside them."""
        found: list[Hit] = []
        for at, token in enumerate(tokens):
            best: dict[tuple[str, Any], Hit] = {}
            for phrase in self.phrases(token.key):
                end = at + 1 + len(phrase.rest)
                if end > len(tokens) or (phrase.cased and not token.text.isupper()):
                    continue
                for word, follower in zip(phrase.rest, tokens[at + 1 : end], strict=True):
                    if follower.key != word and not self.same(follower.key, word):
                        break
                else:
                    if phrase.far and not self.follows(tokens, end, phrase.far):
                        continue
                    slot = (phrase.tag, None if phrase.tag in {"nation", "place"} else phrase.value)
                    if slot not in best or best[slot].end < end:
                        best[slot] = Hit(at, end, phrase.tag, phrase.value)
            found.extend(best.values())
        return [*self.unmasked(found), *self.cases(tokens, found)]

    def follows(self, tokens: Sequence[Token], start: int, far: tuple[str, ...]) -> bool:
        """Whether the second part of a parted phrase stands behind the first, before the sentence or clause is over."""
        for at in range(start, min(len(tokens) - len(far) + 1, start + FAR)):
            if ";" in tokens[at].gap:
                return False
            if all(self.same(tokens[at + i].key, word) for i, word in enumerate(far)):
                return True
        return False

    def cases(self, tokens: Sequence[Token], found: Sequence[Hit]) -> Iterator[Hit]:
        """From, to or in where the language says so by what is glued to a place's name, in front or behind."""
        for hit in found if self.fronts or self.endings else ():
            if hit.tag not in {"nation", "place"}:
                continue
            first, last = tokens[hit.start].key, tokens[hit.end - 1].key
            for name, fronts in self.fronts.items():
                if first.startswith(fronts) and not self.exact.get(first):
                    yield Hit(hit.start, hit.end, "case", name)
            for name, ends in self.endings.items():
                if last.endswith(ends) and not self.exact.get(last):
                    yield Hit(hit.start, hit.end, "case", name)

    @staticmethod
    def unmasked(found: list[Hit]) -> Iterator[Hit]:
        masks = [hit for hit in found if hit.tag in MASKS and hit.end - hit.start > 1]
        covered: dict[int, list[Hit]] = {}
        for mask in masks:
            for at in range(mask.start, mask.end):
                covered.setdefault(at, []).append(mask)
        reach: dict[str, int] = {}
        for hit in found:
            size = hit.end - hit.start
            if hit.tag in MASKED and any(
                mask.end - mask.start > size and mask.start <= hit.start and hit.end <= mask.end
                for mask in covered.get(hit.start, ())
            ):
                continue
            longer = reach.get(hit.tag, 0)
            if hit.end < longer or (
                hit.end == longer
                and hit.tag in {"cue", "move", "group", "role", "org", "nation", "place"}
                and any(
                    o.tag == hit.tag and o.end == hit.end and o.start < hit.start for o in found[-60:] if o is not hit
                )
            ):
                continue
            reach[hit.tag] = max(longer, hit.end)
            yield hit


@lru_cache(maxsize=64)  # all of them: a look without a known language asks each
def lexicon(lang: str) -> Lexicon:
    """The lexicon of a language; that of English for a language without a file."""
    base = lang.split("-", maxsplit=1)[0].lower()
    data = read(base if base in languages() else "en")
    made = Lexicon(
        data["lang"],
        data,
        proclitics=tuple(data.get("words_glued", ())),
        fronts={name: tuple(map(fold, marks)) for name, marks in data.get("fronts", {}).items()},
        endings={name: tuple(map(fold, marks)) for name, marks in data.get("endings", {}).items()},
    )
    for phrase, tag, value in entries(data):
        made.add(phrase, tag, value)
    for code, name in territories(made.lang):
        stem = name.rstrip(VOWELS)
        inflected = data.get("inflects", False) and (code in data.get("nations", {}) or len(stem) >= SAFE_STEM)
        made.add(f"{stem}*" if inflected else name, "nation", (code, True))
    other = set(data.get("not_places", ()))  # words of the language that only look like a place: "roj" is a day
    for spelling, place in gazetteer():
        if spelling not in other:
            made.add(spelling, "place", place)
    for tag, table in (("operation", "operations"), ("person", "scripts")):
        for name, others in read("names")[table].items():
            for spelling in others:
                made.add(spelling, tag, name)
    return made
