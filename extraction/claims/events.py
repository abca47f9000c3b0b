"""Candidates of all sentences to movements: merged, the main one told from the background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from extraction.claims.counts import Count
from extraction.claims.dates import Day
from extraction.claims.frames import Framed
from extraction.claims.moves import SENDERS, Candidate
from extraction.claims.sentences import Sentence
from extraction.claims.whence import Whence
from records.words import Kind, Precision, Qualifier, Status

LEAD = 5  # body sentences within which an article says what it is about
FIRM = {Qualifier.EXACT: 2, Qualifier.ABOUT: 1, Qualifier.AT_LEAST: 0, Qualifier.AT_MOST: 0}
PARTS = ("children", "women", "men")


@dataclass(slots=True)
class Movement:
    """One movement of people as an article tells it, gathered over its sentences."""

    first: Candidate
    kind: Kind
    status: Status
    nations: tuple[str, ...]
    counts: dict[str, tuple[Count, Sentence]] = field(default_factory=dict)
    sums: dict[str, list[tuple[Count, Sentence]]] = field(default_factory=dict)  # several stated parts of one group
    others: list[tuple[str, Count, Sentence]] = field(default_factory=list)
    origin: tuple[str, str | None] | None = None
    destination: tuple[str, str | None] | None = None
    day: Day | None = None
    said: Day | None = None
    ordinal: int | None = None
    main: bool = False
    sentences: list[Sentence] = field(default_factory=list)  # all that tell of it

    def values(self) -> dict[str, int]:
        return {group: count.number.value for group, (count, _) in self.counts.items()}

    def add(self, count: Count, sentence: Sentence) -> None:
        """Take a count in; the exact value wins over the hedged one, the body over the title, the first over later ones."""
        group = "total" if count.group == "bare" else count.group
        known = self.counts.get(group)
        if known is None:
            self.counts[group] = (count, sentence)
            return
        old = known[0]
        if old.number.value == count.number.value and old.qualifier == count.qualifier:
            return
        better = FIRM[count.qualifier] > FIRM[old.qualifier] or old.weak > count.weak
        if better:
            self.counts[group], loser, where = (count, sentence), old, known[1]
        else:
            loser, where = count, sentence
        if not loser.weak and not any(
            g == group and o.number.value == loser.number.value and o.qualifier == loser.qualifier
            for g, o, _ in self.others
        ):
            self.others.append((group, loser, where))

    def take(self, candidate: Candidate) -> None:
        """Merge another sentence's word on the same movement."""
        for count in candidate.counts:
            if not count.sub or count.group not in self.counts:
                self.add(count, candidate.sentence)
        self.sentences.append(candidate.sentence)
        if self.kind is Kind.RETURN and candidate.kind is Kind.REPATRIATION and candidate.strong:
            self.kind = candidate.kind
        self.origin = better_place(self.origin, candidate.origin)
        self.destination = better_place(self.destination, candidate.destination)
        if self.day is None or (candidate.day and finer(candidate.day, self.day)):
            self.day = candidate.day or self.day
        self.said = self.said or candidate.said
        self.ordinal = self.ordinal or candidate.ordinal
        if (
            candidate.status in {Status.COMPLETED, Status.UNDER_WAY}
            and self.status in {Status.PLANNED, Status.AGREED}
            and self.first.title
            and not candidate.past
            and self.confirms(candidate)
        ):
            self.status = candidate.status

    def confirms(self, candidate: Candidate) -> bool:
        """Whether a sentence that tells of a plan carried out speaks of the same number."""
        mine = set(self.values().values())
        return not mine or bool(mine & {count.number.value for count in candidate.counts})


def better_place(
    old: tuple[str, str | None] | None, new: tuple[str, str | None] | None
) -> tuple[str, str | None] | None:
    if old is None or (new is not None and old[0] == new[0] and old[1] is None):
        return new
    return old


def finer(new: Day, old: Day) -> bool:
    return new.precision is Precision.DAY and old.precision is not Precision.DAY and new.iso.startswith(old.iso)


def agrees(value: Count, other: Count) -> bool:
    """Whether two counts of one group may speak of the same people."""
    a, b = value.number.value, other.number.value
    if a == b:
        return True
    if value.qualifier is Qualifier.EXACT and other.qualifier is Qualifier.EXACT:
        return False
    low, high = sorted((a, b))
    return high - low <= max(2, high // 5)


def same(movement: Movement, candidate: Candidate) -> bool:
    """Whether a candidate tells of a movement already known: no count, date or nation in conflict, and something shared."""
    if movement.nations and candidate.nations and not set(movement.nations) & set(candidate.nations):
        return False
    if len(movement.nations) > 1 and len(candidate.nations) == 1:
        return False  # one state's part of a flight for several
    if movement.status is Status.PLANNED and candidate.status is Status.COMPLETED and not movement.confirms(candidate):
        return False  # what was done before is no part of a plan
    mine = {group: pair[0] for group, pair in movement.counts.items()}
    theirs = {("total" if c.group == "bare" else c.group): c for c in candidate.counts if not c.sub}
    shared = mine.keys() & theirs.keys()
    if shared and not all(agrees(mine[group], theirs[group]) for group in shared):
        return False
    if movement.day and candidate.day and not near_days(movement.day, candidate.day):
        return False
    if not shared and mine and theirs:
        return fits(mine, theirs)
    if not theirs:
        return True
    return bool(shared) or not mine


def fits(mine: dict[str, Count], theirs: dict[str, Count]) -> bool:
    """Parts against a total: together no more than it says."""
    total = mine.get("total") or theirs.get("total")
    parts = [c.number.value for source in (mine, theirs) for g, c in source.items() if g in PARTS]
    if total is None:
        return "families" in mine or "families" in theirs
    if not parts:
        return True
    if "total" in theirs and "total" not in mine:
        return sum(parts) == total.number.value
    return sum(parts) <= total.number.value or total.qualifier in {Qualifier.ABOUT, Qualifier.AT_LEAST}


def near_days(a: Day, b: Day) -> bool:
    short = min(len(a.iso), len(b.iso))
    if a.iso[:short] == b.iso[:short]:
        return True
    if a.precision is Precision.DAY and b.precision is Precision.DAY:
        return abs(ordinal(a.iso) - ordinal(b.iso)) <= 1
    return False


def ordinal(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


def begin(candidate: Candidate, *, main: bool) -> Movement:
    made = Movement(candidate, candidate.kind, candidate.status, candidate.nations, main=main)
    made.sentences.append(candidate.sentence)
    made.origin, made.destination = candidate.origin, candidate.destination
    made.day, made.said, made.ordinal = candidate.day, candidate.said, candidate.ordinal
    for count in candidate.counts:
        if not count.sub or count.group not in made.counts:
            made.add(count, candidate.sentence)
    return made


def is_feature(sentences: Sequence[Sentence]) -> bool:
    """Whether the title says that the article reports no movement of its own: an appeal, a verdict, an overview."""
    title = [s for s in sentences if s.part == "title"]
    return any(s.says("topic", "feature") for s in title)


def main_of(candidates: Sequence[Candidate], sentences: Sequence[Sentence]) -> Candidate | None:
    """The candidate that the article is about: in the title or the lead, not wished for, not long past, no sum."""
    headline = [c for c in candidates if c.title and not c.wish and any(not count.weak for count in c.counts)]
    if (is_feature(sentences) and not headline) or any(c.total and c.sentence.says("cue", "total") for c in headline):
        return None
    order = {s.index: n for n, s in enumerate(x for x in sentences if x.part == "body" and len(x.tokens) > 6)}
    best: Candidate | None = None
    best_score = 0.0
    title = next((c for c in candidates if c.title and not c.wish), None)
    for candidate in candidates:
        if candidate.wish or candidate.sentence.part == "caption":
            continue
        place = 0 if candidate.title else order.get(candidate.sentence.index, 99)
        if place >= LEAD or (candidate.past and not candidate.title):
            continue
        solid = [count for count in candidate.counts if not count.weak]
        score = (
            4.0
            - 0.8 * place
            + (2.0 if solid else 1.0 if candidate.counts else 0.0)
            + (0.5 if candidate.strong else 0.0)
        )
        score += 1.0 if candidate.title else 0.0
        score -= 3.0 if candidate.total and place > 1 else 0.0
        score -= 3.0 if candidate.title and solid and outvoted(candidate, candidates, order) else 0.0
        if not candidate.counts and not candidate.strong:
            continue
        if not candidate.counts and not candidate.title and title is None:
            score -= 1.5
        if title is not None and not candidate.title and candidate.counts:
            score += 1.0
        if score > best_score:
            best, best_score = candidate, score
    return best if best_score >= 3.0 else None


def outvoted(title: Candidate, candidates: Sequence[Candidate], order: dict[int, int]) -> bool:
    """Whether the lead gives another number than the headline, and the text never repeats the headline's."""
    values = set(title.values().values())
    body = [c for c in candidates if not c.title and not c.past and not c.wish and order.get(c.sentence.index, 99) <= 1]
    told = {count.number.value for c in candidates if not c.title for count in c.counts if not count.sub}
    return bool(values) and any(c.counts for c in body) and not values & told


def assemble(
    candidates: list[Candidate], framed: Sequence[tuple[Sentence, list[Framed]]], whence: Whence
) -> list[Movement]:
    """All movements of an article, the main one first."""
    body = [sentence.index for sentence, _ in framed if sentence.part == "body" and len(sentence.tokens) > 6]
    lead = set(body[:3])
    for candidate in candidates:
        candidate.total |= candidate.loose and not candidate.title and candidate.sentence.index not in lead
        candidate.nations = whence.nation_of(candidate)
    chosen = main_of(candidates, [sentence for sentence, _ in framed])
    found: list[Movement] = []
    if chosen is not None:
        main = begin(chosen, main=True)
        for candidate in candidates:
            if (
                candidate is chosen
                or candidate.wish
                or candidate.total
                or candidate.past
                or candidate.sentence.part == "caption"
            ):
                continue
            if same(main, candidate):
                main.take(candidate)
            elif candidate.title:
                candidate.wish = True  # a headline that the text corrects opens no movement of its own
        found.append(main)
        complete(main, framed)
    for candidate in candidates:
        if candidate is chosen or candidate.wish or candidate.total:
            continue
        solid = [count for count in candidate.counts if not count.weak or candidate.past]
        if not solid or (candidate.title and found):
            continue
        if any(same(movement, candidate) and (movement.main is False or not candidate.past) for movement in found):
            for movement in found:
                if movement.main is False and same(movement, candidate):
                    movement.take(candidate)
            continue
        found.append(begin(candidate, main=False))
    return found


def complete(main: Movement, framed: Sequence[tuple[Sentence, list[Framed]]]) -> None:
    """Parts counted apart from the verb, where they add up: "25 came home ... Seven men were held. Six women and 12 children ...".

    Sentences of the lead are tried alone, then with the one behind them. Without a total, a list of two parts or more
    that stands beside the same families is taken.
    """
    total = main.counts.get("total")
    have = main.values()
    nearly: dict[str, tuple[Count, Sentence]] | None = None
    lead = [
        (
            sentence,
            [
                item.count
                for item in items
                if item.count.group in PARTS and not item.count.sub and item.frame not in {"died", "requests"}
            ],
        )
        for sentence, items in framed
        if sentence.part in {"title", "body"}
    ][:9]
    for at, (sentence, counts) in enumerate(lead):
        for reach in (1, 2, 3):
            chosen: dict[str, tuple[Count, Sentence]] = {}
            for where, some in lead[at : at + reach]:
                for count in some:
                    chosen.setdefault(count.group, (count, where))
            values = {group: count.number.value for group, (count, _) in chosen.items()}
            clash = any(have.get(group, value) != value for group, value in values.items())
            if len(values) + len(set(have) & set(PARTS) - set(values)) < 2 or clash:
                continue
            summed = sum(values.values()) + sum(
                value for group, value in have.items() if group in PARTS and group not in values
            )
            if total is not None and summed == total[0].number.value:
                main.counts.update({group: pair for group, pair in chosen.items() if group not in main.counts})
                return
            if (
                total is not None
                and reach == 1
                and len(values) > 1
                and 0.8 * total[0].number.value <= summed < total[0].number.value
            ):
                nearly = nearly or chosen
            if (
                total is None
                and reach == 1
                and "families" in have
                and not set(have) & set(PARTS)
                and len(values) > 1
                and sentence.having("move")
            ):
                main.counts.update(chosen)
                return
    for group, pair in (nearly or {}).items():
        main.counts.setdefault(group, pair)
    if total is None and "families" in have and not set(main.values()) & set(PARTS):
        people = next(
            (
                (item.count, s)
                for s, items in framed
                if s.part == "body"
                for item in items[:1]
                if item.count.group == "total"
                and item.frame in {"none", "move"}
                and item.count.number.value > have["families"]
                and s.index <= main.first.sentence.index + 5
            ),
            None,
        )
        if people is not None:
            main.counts["total"] = people


def default_route(movement: Movement, whence: Whence) -> None:
    """Fill in from the whole article where a sentence names no origin or destination."""
    nations = movement.nations
    if movement.origin is None or movement.origin[0] in nations:
        code = whence.origin
        if code and (code not in nations or code == "SY"):
            movement.origin = (code, whence.origin_place)
    elif movement.origin[1] is None and movement.main and movement.origin[0] == whence.origin:
        movement.origin = (movement.origin[0], whence.origin_place)
    if movement.destination is None and len(nations) == 1:
        movement.destination = (nations[0], None)
    if (
        movement.destination
        and len(nations) == 1
        and movement.destination[0] in SENDERS
        and movement.destination[0] != nations[0]
    ):
        movement.destination = (nations[0], None)


__all__ = ["Movement", "assemble", "default_route"]
