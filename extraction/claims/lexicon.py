"""Lexicons: TOML files of words and phrases, read once, looked up token by token.

A phrase is one or more words; a `*` at the end of a word stands for all its endings. What a phrase means is a tag and a
value. Adding a language is adding a file: no word of any language stands in the code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from typing import Any, NamedTuple

from extraction.claims.gazetteer import gazetteer, languages, persons, read, territories
from extraction.claims.phrases import UNIQUE, Entry, Phrase, Singles, keys_of, met, slot
from extraction.claims.tokens import Token, fold
from extraction.claims.wordbook import entries

MASKS = {"org", "role", "daesh", "place", "vague", "unit"}  # what stands inside such a phrase is not read on its own
MASKED = {"nation", "place", "group", "num", "cue", "move", "role", "scale", "topic", "month", "ordinal", "unit"}
LONGEST_OF = {"cue", "move", "group", "role", "org", "nation", "place"}  # of these the one that begins first is kept
KEPT = 50_000  # words and pairs of words remembered: hostile text must not fill the memory
SHORTEST_STEM = 2
KNOWN_STEM = 4  # letters: of a state that the file names as well; "Сир" begins orphans, "Дан" begins data
SAFE_STEM = 6  # letters: a shorter stem of a far country may begin other words
LONGEST_WORD = 40  # letters: what is longer is no word
FAR = 30  # words within which the second part of a parted phrase is looked for
VOWELS = "аеийоуыьэюя"  # endings that a country's name loses where the language inflects it


class Hit(NamedTuple):
    """A phrase of the lexicon found at tokens[start:end]."""

    start: int
    end: int
    tag: str
    value: Any


@dataclass(slots=True)
class Lexicon:
    """One language's words, with the gazetteer that all share."""

    lang: str
    raw: dict[str, Any]
    exact: dict[str, list[Phrase]] = field(default_factory=dict)
    stems: dict[str, list[Phrase]] = field(default_factory=dict)
    cache: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    pairs: dict[tuple[str, str], tuple[Phrase, ...]] = field(default_factory=dict)
    proclitics: tuple[str, ...] = ()
    fronts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    endings: dict[str, tuple[str, ...]] = field(default_factory=dict)
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

    def entry(self, key: str) -> Entry:
        """Phrases of one word that a key is, and those of several that it may begin."""
        known = self.entries.get(key)
        if known is None:
            phrases = self.phrases(key)
            alone = {slot(phrase): phrase for phrase in reversed(phrases) if not (phrase.rest or phrase.far)}
            singles = tuple((phrase.tag, phrase.value, phrase.needs) for phrase in reversed(alone.values()))
            known = (singles, tuple(phrase for phrase in phrases if phrase.rest or phrase.far))
            if len(self.entries) < KEPT:
                self.entries[key] = known
        return known

    def going_on(self, key: str, after: str, longer: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
        """Those of some phrases that go on with a word."""
        pair = (key, after)
        known = self.pairs.get(pair)
        if known is None:
            known = tuple(p for p in longer if not p.rest or self.same(after, p.rest[0]))
            if len(self.pairs) < KEPT:
                self.pairs[pair] = known
        return known

    def find(self, tokens: Sequence[Token]) -> list[Hit]:
        """Every phrase in the tokens; the longer one of a tag wins, and names mask what stands inside them."""
        found: list[Hit] = []
        new = tuple.__new__
        keys = [token.key for token in tokens]
        for at, (key, after) in enumerate(zip_longest(keys, keys[1:], fillvalue="")):
            singles, longer = self.entry(key)
            if longer and after:
                longer = self.going_on(key, after, longer)
            if longer and after:
                found.extend(self.several(tokens, keys, at, singles, longer))
                continue
            for tag, value, needs in singles:
                if not needs or met(needs, tokens[at]):
                    found.append(new(Hit, (at, at + 1, tag, value)))
        return [*unmasked(found), *self.cases(keys, found)]

    def follows(self, tokens: Sequence[Token], start: int, far: tuple[str, ...]) -> bool:
        """Whether the second part of a parted phrase stands behind the first, before the sentence or clause is over."""
        for at in range(start, min(len(tokens) - len(far) + 1, start + FAR)):
            if ";" in tokens[at].gap:
                return False
            if all(self.same(tokens[at + i].key, word) for i, word in enumerate(far)):
                return True
        return False

    def plain(self, key: str) -> bool:
        """Whether a word is a place's name as it stands, without anything glued to it."""
        return any(phrase.tag in UNIQUE for phrase in self.exact.get(key, ()))

    def cases(self, keys: Sequence[str], found: Sequence[Hit]) -> Iterator[Hit]:
        """From, to or in where the language says so by what is glued to a place's name, in front or behind."""
        for hit in found if self.fronts or self.endings else ():
            if hit.tag not in UNIQUE:
                continue
            first, last = keys[hit.start], keys[hit.end - 1]
            fronts = (name for name, marks in self.fronts.items() if first.startswith(marks) and not self.plain(first))
            ends = (name for name, marks in self.endings.items() if last.endswith(marks) and not self.plain(last))
            yield from (Hit(hit.start, hit.end, "case", name) for name in (*fronts, *ends))

    def several(
        self, tokens: Sequence[Token], keys: Sequence[str], at: int, singles: Singles, longer: Sequence[Phrase]
    ) -> Iterable[Hit]:
        """The hits at a word that begins phrases of several words: the longest of each kind."""
        best = {
            (tag, None if tag in UNIQUE else value): Hit(at, at + 1, tag, value)
            for tag, value, needs in singles
            if not needs or met(needs, tokens[at])
        }
        for phrase in longer:
            end = at + 1 + len(phrase.rest)
            if end > len(keys) or not all(map(self.same, keys[at + 2 : end], phrase.rest[1:])):
                continue
            if (phrase.needs and not met(phrase.needs, tokens[at])) or (
                phrase.far and not self.follows(tokens, end, phrase.far)
            ):
                continue
            kind = slot(phrase)
            if kind not in best or best[kind].end < end:
                best[kind] = Hit(at, end, phrase.tag, phrase.value)
        return sorted(best.values(), key=lambda hit: -hit.end)  # the longer first: it takes in the shorter


def unmasked(found: list[Hit]) -> Iterator[Hit]:
    """Hits that no longer name or phrase of their kind takes in."""
    covered: dict[int, list[Hit]] = {}
    for mask in found:
        if mask.end - mask.start > 1 and mask.tag in MASKS:
            for at in range(mask.start, mask.end):
                covered.setdefault(at, []).append(mask)
    reach: dict[str, int] = {}
    first: dict[tuple[str, int], int] = {}  # (tag, end) -> where the first hit of them begins
    for hit in found:
        start, end, tag, _ = hit
        if tag in MASKED and any(
            mask.end - mask.start > end - start and mask.start <= start and end <= mask.end
            for mask in covered.get(start, ())
        ):
            continue
        longer = reach.get(tag, 0)
        if end < longer or (end == longer and tag in LONGEST_OF and first.get((tag, end), start) < start):
            continue
        first.setdefault((tag, end), start)
        reach[tag] = max(longer, end)
        yield hit


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
