"""The subject of a digest: what is inside, the weightiest first.

    what changed | a phrase for each, with its weight | the first few by name | the rest counted by kind

Before all else stands what takes back what a reader may rely on: a denial, a refusal, a completed movement that is a
plan again. Then whatever concerns most people, be it new, changed or sharply revised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alerts import figures, words
from alerts.choose import UNDONE, is_undone, people
from alerts.safe import HEADER_CAP, header_text, plain, whole_parts
from records.ledger import Change, Event, Revision
from records.telling import Digest, Every
from records.words import Status

NAMED = 2  # by name in a subject, beside what is taken back; the rest is counted
TAKEN_BACK = 2  # of those
SHARP = 0.2  # of the old value: a number that moves by so much is another story
SHARP_LEAST = 5  # people
WHO = {"nationality", "origin_country", "destination_country"}  # another people, another way: as sharp as any number


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One change in a few words."""

    text: str
    kind: str  # new, status, number, disputed, settled, overdue
    people: int
    undone: bool = False  # takes back what was told
    sharp: bool = True  # worth a name; the others are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Changes beside those of status, each with its event."""

    revised: tuple[tuple[Event, Revision], ...]
    disputed: tuple[tuple[Event, Revision], ...]
    settled: tuple[tuple[Event, Revision], ...]


def changes(digest: Digest) -> str:
    """The changes in one line, fit for a header; "" where nothing changed and no figure is told."""
    phrases = _phrases(digest)
    if not phrases:
        return _figures(digest)
    if len(phrases) == 1:
        return phrases[0].text
    named = _named(phrases)
    rest = [phrase for phrase in phrases if phrase not in named]
    return "; ".join([*(phrase.text for phrase in named), *_counted(rest, named)])


def numbers(digest: Digest) -> Numbers:
    pairs = [(event, r) for event, run in (*digest.status, *digest.revised) for r in run
             if r.change is not Change.STATUS]
    return Numbers(revised=tuple(pair for pair in pairs if pair[1].change is not Change.DISPUTED),
                   disputed=tuple(p for p in pairs if p[1].change is Change.DISPUTED and p[1].new is not None),
                   settled=tuple(p for p in pairs if p[1].change is Change.DISPUTED and p[1].new is None))


def _phrases(digest: Digest) -> list[Phrase]:
    found = [Phrase(text=words.headline(event, short=True) + _note(words.disputed(event)), kind="new",
                    people=people(event), undone=is_undone(event)) for event in digest.opened]
    found += [_status(event, run) for event, run in digest.status]
    said, moved = numbers(digest), {event.id for event, _ in digest.status}
    disputed = [pair for pair in said.disputed if pair[0].id not in moved]  # their headline says it already
    for kind, pairs in (("number", said.revised), ("disputed", disputed), ("settled", said.settled)):
        found += [Phrase(text=_change(event, one), kind=kind, people=people(event), sharp=_sharp(one))
                  for event, one in pairs]
    return found + [Phrase(text=f"overdue: {words.headline(event, short=True)}", kind="overdue", people=people(event))
                    for event in digest.overdue]


def _status(event: Event, run: Sequence[Revision]) -> Phrase:
    change = next(r for r in run if r.change is Change.STATUS)
    before = {Status.COMPLETED, *UNDONE}
    was = "reported before as completed" if change.old == Status.COMPLETED else \
        f"was {words.slot_text('status', change.old)}"
    return Phrase(text=words.headline(event, short=True) + _note(was, words.disputed(event)),
                  kind="status", people=people(event),
                  undone=is_undone(event) or (change.old in before and change.new != change.old))


def _note(*parts: str) -> str:
    said = ", ".join(filter(None, parts))
    return f" ({said})" if said else ""


def _named(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Those that get a name: what is taken back, then what concerns most people; a single overdue plan too."""
    undone = [phrase for phrase in phrases if phrase.undone][:TAKEN_BACK]
    others = [phrase for phrase in phrases if phrase.sharp and not phrase.undone and phrase.kind != "overdue"]
    late = [phrase for phrase in phrases if phrase.kind == "overdue"]
    first = sorted(others, key=lambda phrase: -phrase.people)[:NAMED]
    named = [*undone, *first, *(late if len(late) == 1 else [])]
    return named or [max(phrases, key=lambda phrase: (phrase.kind != "settled", phrase.people))]


def _counted(rest: Sequence[Phrase], named: Iterable[Phrase]) -> list[str]:
    """The rest in numbers: "3 more new events", "1 number revised"."""
    kinds = {phrase.kind for phrase in named}
    how = {"new": ("new event", "new events"), "status": ("change of status", "changes of status"),
           "number": ("number revised", "numbers revised"), "disputed": ("number disputed", "numbers disputed"),
           "settled": ("dispute settled", "disputes settled"), "overdue": ("plan overdue", "plans overdue")}
    counts = {kind: sum(phrase.kind == kind for phrase in rest) for kind in how}
    return [f"{words.number(n)} {'more ' if kind in kinds else ''}{how[kind][n != 1]}" for kind, n in counts.items()
            if n]


def _sharp(one: Revision) -> bool:
    """A number that moved by a fifth and by five at least; another nationality or country."""
    if one.slot in WHO:
        return one.new is not None and one.old is not None
    if not isinstance(one.old, int) or not isinstance(one.new, int):
        return False
    return abs(one.new - one.old) >= max(SHARP * one.old, SHARP_LEAST)


def _change(event: Event, one: Revision) -> str:
    """Kosovo: people revised 110 → 107; with "(planned)" where nobody has come home yet."""
    to, label = words.country(str(event.value("destination_country") or "")), words.slot_label(one.slot)
    old, new = (words.said_value(event, one.slot, value) for value in (one.old, one.new))
    said = f"{label} revised {old} → {new}" if one.old is not None else f"{label} now known: {new}"
    if one.change is Change.MERGED:
        said = f"event {one.event_id} is the same as event {event.id}"
    if one.change is Change.DISPUTED:
        what = words.counted(event, one.slot, one.old) or f"{label} {old}"
        said = f"{what} no longer disputed" if one.new is None else f"{what} disputed, {new} said too"
    status = event.value("status")
    said += _note(words.slot_text("status", status) if status not in {None, Status.COMPLETED} else "")
    return f"{to}: {said}" if to else said


def _figures(digest: Digest) -> str:
    """The largest figure by name. On a day without events it says that none moved."""
    if not digest.figures:
        return ""
    first = digest.figures[0]
    more = len(digest.figures) - 1
    said = [figures.phrase(first), *([f"{words.plural(more, 'more figure')}"] if more else [])]
    if digest.subscription.every is Every.INSTANT:
        return "; ".join([f"{said[0]}, says {figures.says(first)}", *said[1:]])
    return "; ".join(["No movement changed", *said])


def fit(line: str, last: str = "") -> str:
    """As a header. `last` stays whole, however long the line is; so does each part that is not left out."""
    room = HEADER_CAP - len(last)
    return header_text(whole_parts(plain(line[:1].upper() + line[1:]), room), room) + last
