"""The words of a stretch of text and the lexicon's phrases in them, in one pass: the longer phrase of a kind wins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from extraction.claims.phrases import KINDS, UNIQUE, Entry, Hit, Phrase, Single, met, slot
from extraction.claims.tokens import APART, HIDDEN, Token, pieces

if TYPE_CHECKING:
    from extraction.claims.lexicon import Lexicon

MASKS = {"org", "role", "daesh", "place", "vague", "unit"}  # what stands inside such a phrase is not read on its own
MASKED = {"nation", "place", "group", "num", "cue", "move", "role", "scale", "topic", "month", "ordinal", "unit"}
LONGEST_OF = {"cue", "move", "group", "role", "org", "nation", "place"}  # of these the one that begins first is kept
FAR = 30  # words within which the second part of a parted phrase is looked for


class Marks:
    """Words and what the lexicon knows of them; every look-up that the rules make is one step in a table."""

    __slots__ = ("by_start", "by_tag", "by_value", "digits", "hits", "tags", "tokens", "words")

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.hits: list[Hit] = []
        self.by_tag: dict[str, list[Hit]] = {}
        self.by_start: dict[int, list[Hit]] = {}
        self.by_value: dict[tuple[str, Any], list[Hit]] = {}
        self.tags: dict[int, frozenset[str]] = {}
        self.words: dict[int, frozenset[str]] = {}
        self.digits: list[int] = []  # tokens that begin with a digit

    def fill(self, text: str, start: int, end: int, lex: Lexicon) -> None:
        """Take in the words of text[start:end], with offsets in text, and the hits in them."""
        entries: list[Entry | None] = []
        tokens, book, make, at = self.tokens, lex.book, tuple.__new__, start
        piece = text[start:end]
        if not piece.isascii() and HIDDEN.search(piece):
            self.fill_seen(piece, start, lex)
            return
        parts = iter(APART.split(piece))
        for gap, word in zip(parts, parts, strict=False):  # what stands behind the last word has no word
            at += len(gap)
            behind = at + len(word)
            key, number, entry, written = book.get(word) or lex.look(word)
            if written:
                self.digits.append(len(tokens))
            tokens.append(make(Token, (at, behind, word, key, number, gap)))
            entries.append(entry)
            at = behind
        self.mark(entries, lex)

    def fill_seen(self, piece: str, start: int, lex: Lexicon) -> None:
        """The same for a text with invisible characters, or with letters that are written as two."""
        entries: list[Entry | None] = []
        for gap, word, first, last in pieces(piece):
            key, number, entry, written = lex.look(word)
            if written:
                self.digits.append(len(self.tokens))
            self.tokens.append(Token(start + first, start + last, word, key, number, gap))
            entries.append(entry)
        self.mark(entries, lex)

    def mark(self, entries: Sequence[Entry | None], lex: Lexicon) -> None:
        """The hits at each word. What a word means alone stands as it is, unless a longer phrase reaches over it."""
        tokens, make, unmasked, places = self.tokens, tuple.__new__, Unmasked(), []
        by_tag: dict[str, list[Hit]] = defaultdict(list)
        by_value: dict[tuple[str, Any], list[Hit]] = defaultdict(list)
        self.by_tag, self.by_value = by_tag, by_value
        by_start, all_tags, all_words = self.by_start, self.tags, self.words
        last, covered, cased = len(tokens) - 1, 0, lex.cased  # covered: tokens before it may stand inside a phrase
        for at, entry in enumerate(entries):
            if entry is None:
                continue
            singles, longer, plain, tags, words, after = entry
            if longer:
                next_key = tokens[at + 1].key if at < last else ""
                longer = known if (known := after.get(next_key)) is not None else lex.going_on(entry, next_key)
            if longer or not plain or at < covered:
                here = several(tokens, at, singles, longer, lex) if longer else lone(tokens, at, singles)
                covered = max(covered, here[0].end if here and here[0].end > at + 1 else 0)
                self.keep(at, unmasked.of(here))
            else:
                behind, here = at + 1, []
                for tag, value, _, kind in singles:
                    hit = make(Hit, (at, behind, tag, value))
                    here.append(hit)
                    by_tag[tag].append(hit)
                    if kind is not None:
                        by_value[kind].append(hit)
                if here:
                    by_start[at], all_tags[at] = here, tags
                    if words:
                        all_words[at] = words
                    self.hits += here
            if cased:
                places += [hit for hit in here if hit[2] in UNIQUE]
        for hit in lex.cases(tokens, places) if cased else ():
            self.keep(hit.start, [hit])

    def keep(self, at: int, here: list[Hit]) -> None:
        """Take in hits that begin at a token."""
        if not here:
            return
        for hit in here:
            self.hits.append(hit)
            self.by_tag[hit.tag].append(hit)
            if hit.tag in KINDS:
                self.by_value[hit.tag, hit.value].append(hit)
        self.by_start[at] = here = [*self.by_start.get(at, ()), *here]
        self.tags[at] = frozenset(hit.tag for hit in here)
        if words := frozenset(hit.value for hit in here if hit.tag == "word"):
            self.words[at] = words


class Unmasked:
    """Lets hits pass, in their order, that no longer name or phrase of their kind takes in."""

    __slots__ = ("first", "masks", "reach")

    def __init__(self) -> None:
        self.masks: list[Hit] = []
        self.reach: dict[str, int] = {}
        self.first: dict[tuple[str, int], int] = {}  # (tag, end) -> where the first hit of them begins

    def of(self, here: Sequence[Hit]) -> list[Hit]:
        """Those of the hits at one token that stand."""
        if not here:
            return []
        at, found = here[0].start, []
        self.masks = [mask for mask in self.masks if mask.end > at]
        self.masks += [hit for hit in here if hit.end - hit.start > 1 and hit.tag in MASKS]
        for hit in here:
            start, end, tag, _ = hit
            if tag in MASKED and any(mask.end - mask.start > end - start and end <= mask.end for mask in self.masks):
                continue
            longer = self.reach.get(tag, 0)
            if end < longer or (end == longer and tag in LONGEST_OF and self.first.get((tag, end), start) < start):
                continue
            self.first.setdefault((tag, end), start)
            self.reach[tag] = max(longer, end)
            found.append(hit)
        return found


def lone(tokens: Sequence[Token], at: int, singles: Sequence[Single]) -> list[Hit]:
    """The hits of a word alone."""
    return [Hit(at, at + 1, tag, value) for tag, value, needs, _ in singles if not needs or met(needs, tokens[at])]


def several(
    tokens: Sequence[Token], at: int, singles: Sequence[Single], longer: Sequence[Phrase], lex: Lexicon
) -> list[Hit]:
    """The hits at a word that begins phrases of several words: the longest of each kind, the longer first."""
    best = {
        (tag, None if tag in UNIQUE else value): Hit(at, at + 1, tag, value)
        for tag, value, needs, _ in singles
        if not needs or met(needs, tokens[at])
    }
    for phrase in longer:
        end = at + 1 + len(phrase.rest)
        if end > len(tokens) or not goes_on(tokens, at + 2, phrase.rest, lex):
            continue
        if (phrase.needs and not met(phrase.needs, tokens[at])) or (
            phrase.far and not follows(tokens, end, phrase.far, lex)
        ):
            continue
        kind = slot(phrase)
        if kind not in best or best[kind].end < end:
            best[kind] = Hit(at, end, phrase.tag, phrase.value)
    return sorted(best.values(), key=lambda hit: -hit.end)  # the longer first: it takes in the shorter


def goes_on(tokens: Sequence[Token], start: int, rest: Sequence[str], lex: Lexicon) -> bool:
    """Whether the words of a phrase behind its second stand at a token."""
    return all(lex.same(tokens[start + i - 1].key, rest[i]) for i in range(1, len(rest)))


def follows(tokens: Sequence[Token], start: int, far: Sequence[str], lex: Lexicon) -> bool:
    """Whether the second part of a parted phrase stands behind the first, before the sentence or clause is over."""
    for at in range(start, min(len(tokens) - len(far) + 1, start + FAR)):
        if ";" in tokens[at].gap:
            return False
        if all(lex.same(tokens[at + i].key, word) for i, word in enumerate(far)):
            return True
    return False
