"""Is a text about people of the Daesh years returning, being moved, held or prosecuted? With the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extraction.claims.gazetteer import Place
from extraction.claims.lexicon import LONGEST_WORD, Lexicon
from extraction.claims.phrases import Entry
from extraction.claims.route import SENDERS, is_authority, mentioned
from extraction.claims.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Topic:
    relevant: bool
    why: str


def camps(sentence: Sentence) -> list[str]:
    return [
        hit.value.name for hit in sentence.having("place") if isinstance(hit.value, Place) and hit.value.kind == "camp"
    ]


def survivors(sentences: Sequence[Sentence]) -> bool:
    """Whether those who come home are survivors of Daesh and no members: named beside a movement, and no court."""
    lead = [s for s in sentences if s.part == "title"] + [s for s in sentences if s.part == "body"][:3]
    named = [s for s in lead if s.says("topic", "survivors")]
    moved = [s for s in named if s.having("move") or s.says("topic", "movement")]
    court = any(s.says("topic", "court") for s in lead)
    return bool(named) and not court and (bool(moved) or len(named) > 1)


def from_war(sentences: Sequence[Sentence]) -> bool:
    """Whether one of the states is named that people of the Daesh years come home from."""
    return any(hit.value[0] in {"SY", "IQ", "LY"} for s in sentences for hit in s.having("nation"))


def foreigners_home(sentence: Sentence) -> bool:
    """ "32 Russian children from Baghdad landed": women or children of another state, moved from Iraq or Syria."""
    people = any(hit.value in {"children", "women", "families"} for hit in sentence.having("group"))
    foreign = any(not hit.value[1] and hit.value[0] not in SENDERS for hit in sentence.having("nation"))
    origin = any(code in {"IQ", "SY"} and "from" in before for _, code, _, before in mentioned(sentence))
    return people and foreign and origin and bool(sentence.having("move"))


def handed(sentence: Sentence) -> bool:
    """ "The administration handed a woman and her child to France": people moved by those who hold the camps."""
    holders = any(isinstance(hit.value, Place) and hit.value.kind == "authority" for hit in sentence.having("place"))
    people = any(hit.value in {"children", "women", "families"} for hit in sentence.having("group"))
    home = any(hit.value[0] not in SENDERS for hit in sentence.having("nation"))
    return holders and people and home and bool(sentence.having("move"))


def stuck(sentence: Sentence) -> bool:
    """ "More than 200 Kyrgyz are held in camps in Syria": people of another state, held in a war's camps or prisons."""
    foreign = any(hit.value[0] not in SENDERS for hit in sentence.having("nation"))
    where = any(hit.value[0] in {"SY", "IQ"} for hit in sentence.having("nation"))
    return foreign and where and sentence.says("cue", "held") and sentence.says("topic", "subject")


def judge(sentences: Sequence[Sentence]) -> Topic:
    """The whole article: Daesh, its camps or wars must be named; not migrants, antiquities or survivors."""
    told = [s for s in sentences if s.part in {"title", "body"}]
    daesh = sum(len(s.having("daesh")) for s in told)
    camp = next((name for s in told for name in camps(s)), None)
    subject = sum(len(s.valued("topic", "subject")) for s in told)
    off = sum(len(s.valued("topic", "off")) for s in told)
    move = any(s.having("move") or s.says("topic", "movement") for s in told)
    if survivors(told):
        return Topic(False, "survivors of Daesh come home, not its members")
    if off >= 2 and off > daesh + subject + (2 if camp else 0):
        return Topic(False, "about migrants, refugees, antiquities or remains")
    if daesh and (move or camp or subject or any(s.says("topic", "court") or s.says("cue", "held") for s in told)):
        return Topic(True, "Daesh is named, with people moved, held or tried")
    if camp:
        return Topic(True, f"about {camp}")
    people = any(s.having("move") and (s.having("group") or s.having("num")) for s in told)
    fetched = any(s.says("topic", "fetched") for s in told)
    ruled = any(is_authority(hit) for s in told for hit in s.having("place"))
    home = people and (subject or ruled or (fetched and from_war(told)))
    lead = any(foreigners_home(sentence) or handed(sentence) or stuck(sentence) for sentence in told[:4])
    if off == 0 and (home or lead):
        return Topic(True, "people brought home from a war")
    return Topic(False, "neither Daesh nor its camps are named")


NOTHING = Topic(False, "no movement, group or place of this news is named")
GLANCED_STATES = frozenset({"SY", "IQ", "LY", "TR"})
ANCHORS = frozenset({"subject", "off", "survivors"})


KEPT_WORDS = 50_000  # of one child; news uses far fewer, and a feed of nonsense only makes it start again
_anchoring: dict[str, tuple[str, ...]] = {}


def anchored(words: Iterable[str], lexicons: Sequence[Lexicon]) -> frozenset[str]:
    """The languages in which a glance can come to anything: one of the words, or what begins with it, is a name or a
    subject of this news there. A glance costs ten times as much, and there are seventeen languages to ask.

    What a word is in each of them is asked once: words come again with every entry. `lexicons` are all there are.
    """
    found: set[str] = set()
    for word in words:
        codes = _anchoring.get(word)
        if codes is None:
            codes = tuple(lex.lang for lex in lexicons if _is_anchor(word, lex))
            if len(_anchoring) >= KEPT_WORDS:
                _anchoring.clear()
            if len(word) <= LONGEST_WORD:
                _anchoring[word] = codes
        found.update(codes)
    return frozenset(found)


def _is_anchor(word: str, lex: Lexicon) -> bool:
    entry = (lex.book.get(word) or lex.look(word))[2]
    return entry is not None and _anchors(entry)


def _anchors(entry: Entry) -> bool:
    meanings = (*((single[0], single[1]) for single in entry.singles), *((p.tag, p.value) for p in entry.longer))
    return any(
        tag in {"daesh", "place"}
        or (tag == "topic" and value in ANCHORS)
        or (tag == "nation" and value[0] in GLANCED_STATES)
        for tag, value in meanings
    )


def glance(sentences: Sequence[Sentence]) -> Topic:
    """A title and a summary: drop only what is surely something else."""
    names = any(s.having("daesh") or camps(s) for s in sentences)
    if survivors(sentences):
        return Topic(False, "survivors of Daesh come home, not its members")
    if names:
        return Topic(True, "Daesh or a camp is named")
    if any(s.says("topic", "off") for s in sentences):
        return Topic(False, "about migrants, refugees, antiquities or remains")
    moved = any(s.having("move") or s.says("topic", "movement") for s in sentences)
    where = any(hit.value[0] in GLANCED_STATES for s in sentences for hit in s.having("nation")) or any(
        s.having("place") for s in sentences
    )
    subject = any(s.says("topic", "subject") for s in sentences)
    if (moved and (where or subject)) or (where and subject):
        return Topic(True, "people moved, or a place of theirs named")
    return NOTHING
