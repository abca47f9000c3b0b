"""What an article is about: the one movement of its title or lead, or none."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.claims.frames import adjective
from extraction.claims.moves import Candidate
from extraction.claims.sentences import Sentence
from records.words import Precision, Qualifier, Status

ROUND = 50  # a headline is this exact: 2 %
SUMS = 1000  # people: a movement of one day is hardly larger
LEAD = 5  # body sentences within which an article says what it is about


def is_feature(sentences: Sequence[Sentence]) -> bool:
    """Whether the title says that the article reports no movement of its own: an appeal, a verdict, an overview."""
    title = [s for s in sentences if s.part == "title"]
    opening = [*title, *[s for s in sentences if s.part == "body"][:1]]
    deadly = len(opening) > 1 and all(deaths(s) and not s.having("move") for s in opening)
    return deadly or any(s.says("topic", "feature") for s in title)


def deaths(sentence: Sentence) -> bool:
    """Whether a sentence says that people died; "the children of a dead fighter" says nothing new."""
    return any(not adjective(sentence, hit) for hit in sentence.valued("cue", "died"))


def main_of(candidates: Sequence[Candidate], sentences: Sequence[Sentence]) -> Candidate | None:
    """The candidate that the article is about: in the title or the lead, not wished for, not long past, no sum."""
    headline = [c for c in candidates if c.title and not c.wish and any(not count.weak for count in c.counts)]
    if (is_feature(sentences) and not headline) or (headline and all(c.summing for c in headline)):
        return None
    if any(c.summing and told_of(c, headline) for c in candidates if not c.title):
        return None  # what the headline counts, the text tells as a sum over time
    order = {s.index: n for n, s in enumerate(x for x in sentences if x.part == "body" and len(x.tokens) > 6)}
    opening = [c for c in candidates if c.title] or [c for c in candidates if c.sentence.part == "body"][:1]
    appeal = bool(opening) and all(c.wish for c in opening) and any(c.counts or c.title for c in opening)
    best: Candidate | None = None
    best_score = 0.0
    lately = lead_of_last_week(candidates, order)
    title = next((c for c in candidates if c.title and not c.wish), None)
    for candidate in candidates:
        if candidate.wish or candidate.total or candidate.sentence.part == "caption":
            continue
        place = 0 if candidate.title else order.get(candidate.sentence.index, 99)
        if place >= LEAD or (candidate.past and not candidate.title and candidate is not lately):
            continue
        solid = [count for count in candidate.counts if not count.weak]
        if appeal and not (solid and place == 0 and opening[0].title):
            continue  # it opens with an appeal or a refusal, and the lead brings no news against it
        score = (
            4.0
            - 0.8 * place
            + (2.0 if solid else 1.0 if candidate.counts else 0.0)
            + (0.5 if candidate.strong else 0.0)
        )
        score += 1.0 if candidate.title else 0.0
        score -= 3.0 if candidate.title and solid and outvoted(candidate, candidates, order) else 0.0
        score -= 3.0 if further(candidate, candidates, order) else 0.0
        if not candidate.counts and not candidate.strong:
            continue
        if not candidate.counts and not candidate.title and title is None:
            score -= 1.5
        if title is not None and not candidate.title and candidate.counts:
            score += 1.0
        if score > best_score:
            best, best_score = candidate, score
    if best is not None and not best.counts and not best.title and summed_before(best, candidates):
        return None
    return best if best_score >= 3.0 else None


def summed_before(best: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether sums over time open the text before a movement that nobody counts."""
    return any(c.total and c.counts and not c.title and c.sentence.index < best.sentence.index for c in candidates)


def lead_of_last_week(candidates: Sequence[Candidate], order: dict[int, int]) -> Candidate | None:
    """ "Two boys came home last week": what the first sentence tells is the news, if nothing newer is told at all."""
    first = next((c for c in candidates if c.past and order.get(c.sentence.index) == 0 and not c.wish), None)
    newer = any(c is not first and c.counts and not (c.past or c.wish or c.total) for c in candidates)
    if first is None or newer or first.day is not None or not first.sentence.says("time", "lately"):
        return None
    return first if any(not count.weak for count in first.counts) else None


def told_of(total: Candidate, headline: Sequence[Candidate]) -> bool:
    """Whether a sum in the text is the number of the headline, which may round it: 14,513 under "over 14,500"."""
    yearly = total.day is not None and total.day.precision is Precision.YEAR
    least = ROUND if yearly else SUMS
    sums = [count.number.value for count in total.counts if count.number.value >= least]
    heads = [count for c in headline for count in c.counts]
    return any(
        value == head.number.value
        or (head.qualifier is not Qualifier.EXACT and abs(value - head.number.value) <= value // ROUND)
        for value in sums
        for head in heads
    )


def further(plan: Candidate, candidates: Sequence[Candidate], order: dict[int, int]) -> bool:
    """Whether "fifteen more" are planned beside a larger group that the lead says has come: that is the news."""
    most = max(plan.values().values(), default=0)
    told = [(c.sentence, count) for c in candidates for count in c.counts if count.number.value == most]
    more = (sentence.word(count.start - 1, "more") for sentence, count in told)
    return (
        plan.status is Status.PLANNED
        and any(more)
        and any(
            c.status is Status.COMPLETED
            and c.strong
            and not (c.past or c.wish or c.total)
            and order.get(c.sentence.index, LEAD) < LEAD
            and max(c.values().values(), default=0) > most
            for c in candidates
        )
    )


def outvoted(title: Candidate, candidates: Sequence[Candidate], order: dict[int, int]) -> bool:
    """Whether the lead gives another number than the headline, and the text never repeats the headline's."""
    values = set(title.values().values())
    body = [c for c in candidates if not c.title and not c.past and not c.wish and order.get(c.sentence.index, 99) <= 1]
    told = {count.number.value for c in candidates if not c.title for count in c.counts if not count.sub}
    return bool(values) and any(c.counts for c in body) and not values & told
