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

from extraction.claims.gazetteer import gazetteer, languages, read, territories
from extraction.claims.tokens import WORD, Token, fold

MASKS = {"org", "role", "daesh", "place", "vague", "unit"}  # what stands inside such a phrase is not read on its own
MASKED = {"nation", "place", "group", "num", "cue", "move", "role", "scale", "topic", "month", "ordinal", "unit"}
UNIQUE = {"nation", "place"}  # of these one word names one only
LONGEST_OF = {"cue", "move", "group", "role", "org", "nation", "place"}  # of these the one that begins first is kept
KEPT = 50_000  # words and pairs of words remembered: hostile text must not fill the memory
SHORTEST_STEM = 2
SAFE_STEM = 6  # letters: a shorter stem of a far country may begin other words
LONGEST_WORD = 40  # letters: what is longer is no word
VOWELS = "аеийоуыьэюя"  # endings that a country's name loses where the language inflects it


class Hit(NamedTuple):
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


Singles = tuple[tuple[str, Any, bool], ...]
Entry = tuple[Singles, tuple[Phrase, ...]]


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
    not_names: frozenset[str] = frozenset()  # words that begin a sentence with a capital and are no name

    def add(self, phrase: str, tag: str, value: Any) -> None:
        words = [
            word.group() + ("*" if phrase[word.end() : word.end() + 1] == "*" else "") for word in WORD.finditer(phrase)
        ]
        if not words:
            return
        keys = [fold(word.rstrip("*")) + ("*" if word.endswith("*") else "") for word in words]
        cased = keys[0] in self.raw.get("topic", {}).get("cased", ()) and len(keys) == 1
        book, first = (self.stems, keys[0][:-1]) if keys[0].endswith("*") else (self.exact, keys[0])
        book.setdefault(first, []).append(Phrase(tuple(keys[1:]), tag, value, cased))

    def phrases(self, key: str) -> tuple[Phrase, ...]:
        """Phrases that may begin with this word: as it stands, by a stem, or without what is glued to its front."""
        if len(key) > LONGEST_WORD:
            return ()
        known = self.cache.get(key)
        if known is None:
            known = tuple(self.exact.get(key, ())) + tuple(
                phrase for size in range(len(key), SHORTEST_STEM - 1, -1) for phrase in self.stems.get(key[:size], ())
            )
            if not known and "'" in key[1:]:  # Turkish writes endings behind an apostrophe
                known = self.phrases(key[: key.index("'", 1)])
            for clitic in self.proclitics if not known else ():
                if key.startswith(clitic) and len(key) > len(clitic) + 1:
                    known += self.phrases(key[len(clitic) :])
                    if known:
                        break
            if len(self.cache) < KEPT:
                self.cache[key] = known
        return known

    def same(self, key: str, wanted: str) -> bool:
        """Whether a word of the text is a word of a phrase."""
        if key == wanted:
            return True
        if wanted[-1] == "*":
            return key.startswith(wanted[:-1])
        if self.proclitics and any(key == clitic + wanted for clitic in self.proclitics):
            return True
        return key.startswith(wanted) and key[len(wanted) :].startswith("'")

    def entry(self, key: str) -> Entry:
        """Phrases of one word that a key is, and those of several that it may begin."""
        known = self.entries.get(key)
        if known is None:
            phrases = self.phrases(key)
            alone = {slot(phrase): phrase for phrase in reversed(phrases) if not phrase.rest}
            singles = tuple((phrase.tag, phrase.value, phrase.cased) for phrase in reversed(alone.values()))
            known = (singles, tuple(phrase for phrase in phrases if phrase.rest))
            if len(self.entries) < KEPT:
                self.entries[key] = known
        return known

    def going_on(self, key: str, after: str, longer: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
        """Those of some phrases that go on with a word."""
        pair = (key, after)
        known = self.pairs.get(pair)
        if known is None:
            known = tuple(phrase for phrase in longer if self.same(after, phrase.rest[0]))
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
            for tag, value, cased in singles:
                if not cased or tokens[at].text.isupper():
                    found.append(new(Hit, (at, at + 1, tag, value)))
        return list(unmasked(found))

    def several(
        self, tokens: Sequence[Token], keys: Sequence[str], at: int, singles: Singles, longer: Sequence[Phrase]
    ) -> Iterable[Hit]:
        """The hits at a word that begins phrases of several words: the longest of each kind."""
        best = {
            (tag, None if tag in UNIQUE else value): Hit(at, at + 1, tag, value)
            for tag, value, cased in singles
            if not cased or tokens[at].text.isupper()
        }
        for phrase in longer:
            end = at + 1 + len(phrase.rest)
            if end > len(keys) or not all(map(self.same, keys[at + 2 : end], phrase.rest[1:])):
                continue
            kind = slot(phrase)
            if kind not in best or best[kind].end < end:
                best[kind] = Hit(at, end, phrase.tag, phrase.value)
        return sorted(best.values(), key=lambda hit: -hit.end)  # the longer first: it takes in the shorter


def slot(phrase: Phrase) -> tuple[str, Any]:
    """What of several phrases at one word only the longest is kept of."""
    return phrase.tag, None if phrase.tag in UNIQUE else phrase.value


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


SIMPLE = {
    "numbers.vague": "vague",
    "numbers.dozen": "dozen",
    "numbers.partial": "partial",
    "people.roles": "role",
    "people.organisations": "org",
    "people.titles": "title",
    "people.generic_orgs": "generic_org",
    "people.not_person": "not_person",
    "groups.not_people": "unit",
}


def entries(data: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """(phrase, tag, value) for all that a file says."""
    numbers = data.get("numbers", {})
    for section, tag in (("words", "num"), ("scales", "scale"), ("ordinals", "ordinal")):
        yield from ((word, tag, value) for word, value in numbers.get(section, {}).items())
    for path, tag in SIMPLE.items():
        section, name = path.split(".")
        yield from ((word, tag, True) for word in data.get(section, {}).get(name, ()))
    for section, tag in (("qualifiers", "qual"), ("status", "status"), ("words", "word")):
        lists = ((name, words) for name, words in data.get(section, {}).items() if name != "not_names")
        yield from ((word, tag, name) for name, words in lists for word in words)
    yield from ((word, "word", "num_join") for word in numbers.get("joiners", ()))
    yield from ((word, "word", "ordinal_mark") for word in numbers.get("ordinal_marks", ()))
    groups = data.get("groups", {})
    yield from (
        (word, "group", name)
        for name, words in groups.items()
        for word in words
        if name in {"children", "women", "men", "families", "total", "requests", "adults"}
    )
    yield from ((word, "dual", (name, 2)) for name, words in groups.get("duals", {}).items() for word in words)
    yield from ((word, "dual", ("total", value)) for word, value in groups.get("fixed", {}).items())
    for name in ("one_of", "female", "male", "one"):
        yield from ((word, "word", name) for word in groups.get(name, ()))
    for kind, sides in data.get("move", {}).items():
        yield from ((word, "move", (kind, strength)) for strength, words in sides.items() for word in words)
    yield from ((word, "cue", name) for name, sides in data.get("cue", {}).items() for word in sides["both"])
    for name, words in data.get("time", {}).items():
        if isinstance(words, dict):
            yield from ((word, name.rstrip("s"), value) for word, value in words.items())
        elif isinstance(words, list):
            yield from ((word, "time", name) for word in words)
    for name, words in data.get("topic", {}).items():
        yield from ((word, "daesh" if name == "daesh" else "topic", name) for word in words if name != "cased")
    yield from (
        (word, "minor", name)
        for name in ("minor_marks", "minor_nouns", "minor_units", "minor_young", "minor_named")
        for word in data.get("people", {}).get(name, ())
    )
    yield from ((word, "particle", True) for word in data.get("people", {}).get("particles", ()))
    for code, words in data.get("nations", {}).items():
        yield from ((word.rstrip("~"), "nation", (code, word.endswith("~"))) for word in words)


@lru_cache(maxsize=64)  # all of them: a look without a known language asks each
def lexicon(lang: str) -> Lexicon:
    """The lexicon of a language; that of English for a language without a file."""
    base = lang.split("-", maxsplit=1)[0].lower()
    data = read(base if base in languages() else "en")
    plain = frozenset(map(fold, data.get("words", {}).get("not_names", ())))
    made = Lexicon(data["lang"], data, proclitics=tuple(data.get("words_glued", ())), not_names=plain)
    for phrase, tag, value in entries(data):
        made.add(phrase, tag, value)
    for code, name in territories(made.lang):
        stem = name.rstrip(VOWELS)
        inflected = data.get("inflects", False) and (code in data.get("nations", {}) or len(stem) >= SAFE_STEM)
        made.add(f"{stem}*" if inflected else name, "nation", (code, True))
    for spelling, place in gazetteer():
        made.add(spelling, "place", place)
    for name, others in read("names")["operations"].items():
        for other in others:
            made.add(other, "operation", name)
    for name, others in read("names")["scripts"].items():
        for other in others:
            made.add(other, "person", name)
    return made
