"""Where people come from and go to, as far as one sentence says."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.claims.gazetteer import Place
from extraction.claims.lexicon import Hit
from extraction.claims.sentences import Sentence

ACTING = 2  # words between a state and its verb: "has since"
REACH = 7  # words before a place among which its preposition stands
SENDERS = ("SY", "IQ", "LY", "TR", "AF")  # states that people come home from


def prepositions(sentence: Sentence, at: int) -> set[str]:
    """What stands before a place: from, to, in, by; over articles and adjectives of one or two words."""
    found = {str(hit.value) for hit in sentence.at(at) if hit.tag == "case"}
    if "'" in sentence.tokens[at].key[:3]:  # "d'Irak"
        found |= {str(h.value) for h in sentence.at(at) if h.tag == "word" and h.value in {"from", "to", "in"}}
    near = [hit for start in range(max(0, at - REACH), at) for hit in sentence.at(start)]
    for hit in near:
        if hit.tag == "word" and hit.value in {"from", "to", "in", "by"} and 0 <= at - hit.end <= 2:
            between = (sentence.tokens[i].gap.strip(" \"“'’-(") for i in range(hit.end, at + 1))
            landed = hit.value == "in" and sentence.word(hit.start - 1, "arrive")  # "landed in Rome"
            if not any(between) and not landed:
                found.add(str(hit.value))
    for other in near:  # "from Syria and Iraq"
        if other.tag in {"place", "nation"} and other.end < at <= other.end + 2 and sentence.word(other.end, "and"):
            found |= prepositions(sentence, other.start)
            break
    return found


def is_authority(hit: Hit) -> bool:
    return isinstance(hit.value, Place) and hit.value.kind == "authority"


def mentioned(sentence: Sentence) -> list[tuple[Hit, str, str | None, set[str]]]:
    """Countries and places of a sentence: (hit, country, place name, prepositions before)."""
    known: list[tuple[Hit, str, str | None, set[str]]] | None = sentence.kept.get("mentioned")
    if known is not None:
        return known
    found: list[tuple[Hit, str, str | None, set[str]]] = []
    orgs = sentence.having("org")
    for hit in sorted([*sentence.having("place"), *sentence.having("nation")], key=lambda hit: hit[:2]):
        if any(org.start <= hit.start and hit.end <= org.end for org in orgs) and not is_authority(hit):
            continue
        place = hit.tag == "place"
        if not (place or hit.value[1] or (hit.value[0] in SENDERS and grounds(sentence, hit))):
            continue
        if is_where_said(sentence, hit.start):
            continue
        before = prepositions(sentence, hit.start)
        if any(sentence.word(at, "from_behind") for at in (hit.end, hit.end + 1)):
            before = before - {"in"} | {"from"}  # "Suriye kamplarından": the case stands on the camp
        if place:
            name = None if hit.value.kind == "authority" else hit.value.name
            found.append((hit, hit.value.country, name, before))
        elif hit.value[1] or before & {"from", "in"}:
            found.append((hit, hit.value[0], None, before))
    sentence.kept["mentioned"] = found
    return found


def is_where_said(sentence: Sentence, at: int) -> bool:
    """ "President X said in Paris": where something was said."""
    return at > 1 and sentence.word(at - 1, "in") and any(hit.end == at - 1 for hit in sentence.valued("word", "say"))


def grounds(sentence: Sentence, hit: Hit) -> bool:
    """ "Syrian and Iraqi battlefields", "Syrian camps": a demonym of a place rather than of people."""
    if any(sentence.word(at, "ground") for at in range(hit.end, hit.end + 4)):
        return True
    return hit.start > 0 and sentence.word(hit.start - 1, "ground")  # "campos sirios", "المخيمات السورية"


def received(sentence: Sentence, verb: Hit | None, place: Hit) -> bool:
    """ "handed over to the consulate in Erbil": where those who receive them sit is not where they come from."""
    if verb is None or not sentence.word(verb.end, "to") or place.start <= verb.end:
        return False
    seats = (*sentence.having("org"), *sentence.valued("word", "seat"))
    return any(verb.end <= hit.start < place.start for hit in seats)


def receives(sentence: Sentence, verb: Hit | None, state: Hit) -> bool:
    """ "Iraq has taken home 109 families", "Iraq received 450 from Syria": the state that acts is where they go."""
    acting = verb is not None and verb.value[0] == "repatriation" and 0 <= verb.start - state.end <= ACTING
    people = verb is not None and any(hit.start >= verb.end for hit in sentence.having("group"))
    return acting and people and state.tag == "nation" and bool(state.value[1])


def route(
    sentence: Sentence, nations: Sequence[str], verb: Hit | None = None
) -> tuple[tuple[str, str | None] | None, tuple[str, str | None] | None]:
    """(origin, destination) as far as the sentence names them."""
    origin: tuple[str, str | None] | None = None
    named = mentioned(sentence)
    acting = (one[0] for one in named if not one[3] and one[1] in SENDERS and receives(sentence, verb, one[0]))
    home = next(acting, None)
    target: tuple[str, str | None] | None = (home.value[0], None) if home else None
    rank, handed = 0, verb is not None and verb.value[0] in {"handover", "transfer"}
    for hit, country, name, before in (one for one in named if one[0] is not home):
        sender = country in SENDERS
        camp = hit.tag == "place" and hit.value.kind in {"camp", "prison"}
        score = 0
        if sender and "from" in before:
            score = 5 + camp
        elif sender and handed and received(sentence, verb, hit):
            score = 0
        elif sender and ("in" in before or camp) and country not in nations:
            score = 3 + camp
        elif sender and country not in nations:
            score = 1
        if sender and "by" in before and verb is not None and verb.value[0] == "return":
            origin, rank = (country, name), 9
        elif (
            "to" in before
            and "in" not in before
            and "from" not in before
            and (country in nations or not sender or (camp and country == "IQ") or (country == "IQ" and handed))
        ):
            target = target if target and target[1] and not name else (country, name)
        elif country in nations and name and "from" not in before and not camp:
            target = target if target and target[1] else (country, name)
        elif score > rank or (score == rank and score and origin and origin[0] == country and origin[1] is None):
            origin, rank = (country, name or (origin[1] if origin and origin[0] == country else None)), score
        elif score and origin and origin[0] == country and origin[1] is None and name:
            origin = (country, name)
    if target is None and origin is not None and not nations:  # "from prisons in Syria to Iraqi custody"
        others = (code for _, code, _, before in mentioned(sentence) if code != origin[0] and "to" in before)
        target = next(((code, None) for code in others if code in SENDERS), None)
    if origin and target and origin == target:
        target = None
    return origin, target
