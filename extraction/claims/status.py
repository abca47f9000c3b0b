"""Whether a movement is planned, under way, done, refused or denied, by the words of its own clause."""

from __future__ import annotations

from extraction.claims import dates
from extraction.claims.clauses import crossed, relatives
from extraction.claims.lexicon import Hit
from extraction.claims.sentences import Sentence
from records.words import Status

NEAR = 9  # words before a verb within which "should" or "plans to" still speak of it
WISHED = 6  # the same for a wish


def infinitives(sentence: Sentence) -> set[int]:
    """Where "to" stands before a verb."""
    planned = sentence.valued("status", "planned")
    return {hit.start for hit in planned if is_short(sentence, hit)}


def is_short(sentence: Sentence, hit: Hit) -> bool:
    return hit.end - hit.start == 1 and len(sentence.tokens[hit.start].key) <= 2


def opening(sentence: Sentence, verb: Hit) -> int:
    """Where the clause of a verb begins: at the last conjunction near it."""
    opens = [hit.start for hit in sentence.valued("word", "break") if hit.start < verb.start]
    return max([at for at in opens if at > verb.start - NEAR], default=0)


def cut_off(sentence: Sentence, verb: Hit) -> int:
    """Where a colon or semicolon before a verb stands: nothing before it speaks of the verb."""
    near = range(max(1, verb.start - NEAR), verb.start + 1)
    return max((at for at in near if any(mark in sentence.tokens[at].gap for mark in ";:؛")), default=0)


def spoken(sentence: Sentence) -> list[Hit]:
    """Words of status that are no part of a date ("May") or a hedge ("no fewer than")."""
    known: list[Hit] | None = sentence.kept.get("status")
    if known is None:
        taken = {at for mention in dates.find(sentence) for at in range(mention.start, mention.end)}
        hedges = {hit.start: hit.end for hit in sentence.having("qual")}
        known = [
            hit
            for hit in sentence.having("status")
            if hit.start not in taken and hit.end > hedges.get(hit.start, 0) and not is_correction(sentence, hit)
        ]
        sentence.kept["status"] = known
    return known


def is_correction(sentence: Sentence, hit: Hit) -> bool:
    """ "33 children, not 32": the word denies a number and no movement."""
    numbered = hit.end < len(sentence.tokens) and (
        sentence.tokens[hit.end].number is not None or sentence.tagged(hit.end, "num")
    )
    return numbered and sentence.word(hit.start, "instead")


def is_denied(sentence: Sentence, verb: Hit) -> bool:
    """ "denied reports that 12 came home", "reports that 12 came home are untrue": the sentence says it was not so."""
    allowed = {hit.start for hit in sentence.valued("status", "permitted")}
    for hit in spoken(sentence):
        if hit.value != "denied" or hit.start in allowed or turned(sentence, hit, verb):
            continue
        if any(clause.embedded and hit.start in clause and verb.start not in clause for clause in relatives(sentence)):
            continue
        if hit.end <= verb.start or hit.end - hit.start > 1 or comma_before(sentence, hit):
            return True
    return False


def turned(sentence: Sentence, hit: Hit, verb: Hit) -> bool:
    """ "denied entry to one, but 14 came home": the sentence turns between a word of status and a verb behind it."""
    return any(hit.end <= other.start < verb.start for other in sentence.valued("word", "turn"))


def comma_before(sentence: Sentence, hit: Hit) -> bool:
    """ "12 women came home, a report the ministry denied"."""
    return any("," in sentence.tokens[at].gap for at in range(max(1, hit.start - NEAR), hit.start + 1))


def is_refused(sentence: Sentence, verb: Hit) -> bool:
    """ "who were to be repatriated were turned back": what the main clause says of those who move."""
    return any(
        hit.value == "refused"
        and not turned(sentence, hit, verb)
        and (0 <= verb.start - hit.end <= NEAR or (hit.start >= verb.end and crossed(sentence, hit.start, verb.start)))
        for hit in spoken(sentence)
    )


def allowed_before(sentence: Sentence, hit: Hit) -> bool:
    """ "has allowed eight children to return": what is let happen has happened."""
    done = (other for other in sentence.valued("status", "let") if 0 <= hit.start - other.end <= WISHED)
    return is_short(sentence, hit) and any(done)


def status_of(sentence: Sentence, verb: Hit) -> tuple[Status, bool]:
    """(status, wish) of a verb of movement."""
    if is_denied(sentence, verb):
        return Status.DENIED, False
    if is_refused(sentence, verb):
        return Status.REFUSED, False
    if any(hit.value == "done_after_to" and hit.end == verb.start for hit in spoken(sentence)):
        return Status.COMPLETED, False
    status, wish = Status.COMPLETED, False
    to, clause, first = infinitives(sentence), opening(sentence, verb), cut_off(sentence, verb)
    for hit in spoken(sentence):
        before = verb.start - hit.end
        inside = 0 <= before <= sentence.reach and (hit.start >= clause or before <= 2)
        if hit.start <= verb.start and hit.end > verb.start:
            inside, before = True, 0
        elif crossed(sentence, hit.start, verb.start) or hit.start < first:
            continue
        if hit.value == "wish":
            asked = inside and before <= sentence.reach - 3
            wish = wish or asked or negated(sentence, hit, verb) or (before > 0 and verb.start - 1 in to)
        elif hit.value == "under_way":
            status = Status.UNDER_WAY if inside and before <= 3 and status is Status.COMPLETED else status
        elif hit.value in {"agreed", "refused"}:
            status = Status(hit.value) if inside else status
        elif hit.value == "planned" and plans(sentence, hit, verb, before, inside=inside):
            status = Status.PLANNED
    return status, wish


def negated(sentence: Sentence, hit: Hit, verb: Hit) -> bool:
    """ "tar inte hem fler": the negation stands right behind the verb."""
    return hit.start == verb.end and sentence.word(hit.start, "negates") and not is_correction(sentence, hit)


def plans(sentence: Sentence, hit: Hit, verb: Hit, before: int, *, inside: bool) -> bool:
    """Whether a word of planning speaks of a verb: before it, or a phrase right behind it."""
    if not inside:
        return hit.end - hit.start > 1 and 0 <= hit.start - verb.end <= WISHED
    if not is_short(sentence, hit):
        return True
    auxiliary = before == 1 and sentence.tokens[hit.end].key in {"be", "take", "have"}
    return auxiliary or (before == 0 and not allowed_before(sentence, hit))
