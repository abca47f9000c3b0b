"""Candidates of all sentences to movements: merged, the main one told from the background."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from extraction.claims.days import Day
from extraction.claims.moves import Candidate
from extraction.claims.sentences import Sentence
from extraction.claims.singles import PARTS, Count
from records.words import Kind, Precision, Qualifier, Status

FIRM = {Qualifier.EXACT: 2, Qualifier.ABOUT: 1, Qualifier.AT_LEAST: 0, Qualifier.AT_MOST: 0}


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
    operation: str | None = None
    main: bool = False
    sentences: list[Sentence] = field(default_factory=list)  # all that tell of it

    def values(self) -> dict[str, int]:
        return {group: count.number.value for group, (count, _) in self.counts.items()}

    @property
    def whole(self) -> int | None:
        """All people of the movement: its total, else the sum of its parts."""
        values = self.values()
        return values.get("total", sum(values[part] for part in PARTS if part in values) or None)

    def add(self, count: Count, sentence: Sentence) -> None:
        """Take a count in: the exact value wins over the hedged one, the first over later ones; and of two sentences
        that say the same, one of the text over the headline."""
        group = "total" if count.group == "bare" else count.group
        known = self.counts.get(group)
        if known is None:
            self.counts[group] = (count, sentence)
            return
        old = known[0]
        if old.number.value == count.number.value and old.qualifier == count.qualifier:
            if known[1].part == "title" and sentence.part == "body" and old.weak == count.weak:
                self.counts[group] = (count, sentence)  # the text's own sentence is better evidence than a headline
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

    def settle(self) -> None:
        """A hedged total gives way to exact parts that add up to nearly as much, and one that is less than a part of
        it is no total; it stays as another value."""
        total = self.counts.get("total")
        if total is not None and any(
            self.counts[part][0].number.value > total[0].number.value for part in PARTS if part in self.counts
        ):
            self.others.append(("total", *self.counts.pop("total")))
            return
        parts = [self.counts[part][0] for part in PARTS if part in self.counts]
        if total is None or total[0].qualifier is Qualifier.EXACT or len(parts) < 2:
            return
        summed = sum(part.number.value for part in parts)
        exact = all(part.qualifier is Qualifier.EXACT for part in parts)
        if exact and 0 < abs(total[0].number.value - summed) <= max(2, summed // 5):
            self.others.append(("total", *self.counts.pop("total")))

    def take(self, candidate: Candidate) -> None:
        """Merge another sentence's word on the same movement."""
        for count in candidate.counts:
            if not count.sub or (count.group not in self.counts and count.group != "bare"):
                self.add(count, candidate.sentence)
        if candidate.counts:
            self.sentences.append(candidate.sentence)
        if self.kind is Kind.RETURN and candidate.kind is Kind.REPATRIATION and candidate.strong:
            self.kind = candidate.kind
        self.origin = better_place(self.origin, candidate.origin)
        self.destination = better_place(self.destination, candidate.destination)
        if self.day is None or (candidate.day and finer(candidate.day, self.day)):
            self.day = candidate.day or self.day
        self.said = self.said or candidate.said
        self.ordinal = self.ordinal or candidate.ordinal
        self.operation = self.operation or candidate.operation
        if (
            candidate.status is Status.COMPLETED
            and self.status in {Status.PLANNED, Status.AGREED}
            and self.first.title
            and not candidate.past
            and self.confirms(candidate)
        ):
            self.status = candidate.status
        if candidate.status in {Status.REFUSED, Status.DENIED} and not candidate.past:
            self.status = candidate.status  # what was turned back or denied did not come home

    def confirms(self, candidate: Candidate) -> bool:
        """Whether a sentence that tells of a plan carried out speaks of the same number."""
        mine = {*self.values().values(), self.whole} - {None}
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
    """Whether a candidate tells of a movement already known: nothing in conflict, and something shared."""
    if movement.nations and candidate.nations and not set(movement.nations) & set(candidate.nations):
        return False
    part = len(movement.nations) > 1 and len(candidate.nations) == 1  # one state's part of a flight for several
    planned = movement.status is Status.PLANNED and candidate.status is Status.COMPLETED
    ahead = movement.status is Status.COMPLETED and candidate.status in {Status.PLANNED, Status.AGREED}
    if ahead and candidate.counts and not movement.confirms(candidate):
        return False  # "two more women are to arrive on Friday"
    if part or (planned and not movement.confirms(candidate)):  # what was done before is no part of a plan
        return False
    if movement.day and candidate.day and not near_days(movement.day, candidate.day):
        return False
    return same_counts(movement, candidate)


def same_counts(movement: Movement, candidate: Candidate) -> bool:
    mine = {group: pair[0] for group, pair in movement.counts.items()}
    theirs = {("total" if c.group == "bare" else c.group): c for c in candidate.counts if not c.sub}
    shared = mine.keys() & theirs.keys()
    if not shared:
        return fits(mine, theirs) if mine and theirs else True
    return all(agrees(mine[group], theirs[group]) for group in shared)


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
    loose = total.qualifier in {Qualifier.ABOUT, Qualifier.AT_LEAST}
    return sum(parts) <= total.number.value or loose


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
    made.day, made.said = candidate.day, candidate.said
    made.ordinal, made.operation = candidate.ordinal, candidate.operation
    for count in candidate.counts:
        if not count.sub or (count.group not in made.counts and count.group != "bare"):
            made.add(count, candidate.sentence)
    return made
