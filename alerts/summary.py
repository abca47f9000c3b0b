"""What a digest says first: its subject, its one-line summary, its proof of life, its alarm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from alerts import words
from alerts.safe import header_text, plain
from alerts.sheet import Alarm
from records.ledger import Change, Event, Revision
from records.telling import Digest, Health

SUBJECT_EVENTS = 2  # named in a subject; the rest is counted
STALE = timedelta(hours=12)  # without one success this long, a span in which nobody was asked is an alarm too
DROPS = 6  # rules named in the proof of life


def subject(digest: Digest) -> str:
    """"33 children home to Russia; 1 number revised", fit for a header. An alarm comes first on a quiet day."""
    trouble = alarm(digest)
    if digest.quiet and not digest.figures:
        return header_text(trouble.title if trouble else _quiet(digest.health))
    said = _changes(digest)
    if not said:
        said = [f"No movement changed; {words.plural(len(digest.figures), 'figure')} reported"]
    if trouble and trouble.dead:
        said.append("collecting failed")
    elif trouble:
        said.append("collecting degraded")
    line = "; ".join(said)
    return header_text(line[:1].upper() + line[1:])


def _changes(digest: Digest) -> list[str]:
    """Events named by what happened, the most weighty first, then counts of the rest."""
    said = [words.headline(event, short=True) for event in digest.opened[:SUBJECT_EVENTS]]
    if len(digest.opened) > SUBJECT_EVENTS:
        said.append(f"{words.plural(len(digest.opened) - SUBJECT_EVENTS, 'more new event')}")
    if len(digest.status) <= SUBJECT_EVENTS:
        said += [f"{words.headline(event, short=True)} (was {_before(run)})" for event, run in digest.status]
    else:
        said.append(f"status of {words.plural(len(digest.status), 'event')} changed")
    late = digest.overdue
    said += [f"overdue: {words.headline(late[0], short=True)}"] if len(late) == 1 else []
    said += [f"{words.number(len(late))} plans overdue"] if len(late) > 1 else []
    changed, disputed, settled = _numbers(digest)
    every = [*changed, *disputed, *settled]
    if len(every) == 1 and not said:
        return [_only(*every[0])]
    return said + [f"{words.plural(len(some), what)} {how}" for some, what, how in (
        (changed, "number", "revised"), (disputed, "number", "disputed"), (settled, "dispute", "settled")) if some]


Pair = tuple[Event, Revision]


def _numbers(digest: Digest) -> tuple[list[Pair], list[Pair], list[Pair]]:
    """Changes of numbers and other values, what is newly disputed, and disputes that are settled."""
    pairs = [(event, r) for event, run in (*digest.status, *digest.revised) for r in run
             if r.change is not Change.STATUS]
    return ([pair for pair in pairs if pair[1].change is not Change.DISPUTED],
            [pair for pair in pairs if pair[1].change is Change.DISPUTED and pair[1].new is not None],
            [pair for pair in pairs if pair[1].change is Change.DISPUTED and pair[1].new is None])


def _only(event: Event, one: Revision) -> str:
    """The one change there is: "Kosovo: people revised 110 → 107"."""
    to, label = words.country(str(event.value("destination_country") or "")), words.slot_label(one.slot)
    old, new = words.slot_text(one.slot, one.old), words.slot_text(one.slot, one.new)
    said = f"{label} revised {old} → {new}"
    if one.change is Change.MERGED:
        said = f"event {one.event_id} is the same as event {event.id}"
    if one.change is Change.DISPUTED:
        said = f"{old} {label} no longer disputed" if one.new is None else f"{old} {label} disputed, {new} said too"
    return f"{to}: {said}" if to else said


def _before(run: Sequence[Revision]) -> str:
    return next(words.slot_text("status", r.old) for r in run if r.change is Change.STATUS)


def summary(digest: Digest) -> str:
    """One sentence on what the digest holds."""
    revised, disputed, settled = _numbers(digest)
    said = [words.plural(n, name) for n, name in (
        (len(digest.opened), "new event"), (len(digest.status), "change of status"), (len(revised), "revised number"),
        (len(disputed), "disputed number"), (len(settled), "settled dispute"), (len(digest.overdue), "overdue plan"),
        (len(digest.figures), "figure")) if n]
    said = [text.replace("change of statuss", "changes of status") for text in said]
    if not said:
        trouble = alarm(digest)
        return "" if trouble and trouble.dead else "No event was added and no number changed."
    return f"{words.listed(said)}."


def preview(digest: Digest) -> str:
    """What an inbox shows beside the subject: the quantities, then whether the collecting went well."""
    health = digest.health
    answered = f"{health.answered} of {words.plural(health.asked, 'endpoint')} answered." if health else ""
    return " ".join(filter(None, (summary(digest), answered)))


def _quiet(health: Health | None) -> str:
    if health is None:
        return "Quiet: no change"
    return f"Quiet: no change; {health.answered} of {words.plural(health.asked, 'endpoint')} answered"


def alarm(digest: Digest) -> Alarm | None:
    """Whether the collecting went wrong in the span, told so that nobody takes silence for peace."""
    health = digest.health
    if health is None:
        return None
    last = words.moment_text(health.last_success.astimezone(ZoneInfo(digest.subscription.zone))
                             if health.last_success else None)
    if health.endpoints == 0 and not digest.quiet:
        return None  # the news came by import
    if health.endpoints == 0:
        return Alarm(dead=True, title="Collecting failed: no endpoint is being watched", sentences=(
            "The configuration names no source that is active, so nothing can be reported.",))
    if health.answered == 0 and (health.asked or _stale(digest, health)):
        asked = f"None of the {words.plural(health.asked, 'endpoint')} asked gave an answer" if health.asked else \
            f"None of the {words.plural(health.endpoints, 'endpoint')} was asked"
        return Alarm(dead=True, title=f"Collecting failed: 0 of {words.plural(health.endpoints, 'endpoint')} answered",
                     sentences=(f"{asked}. This is not a quiet day: whether anything happened is not known.",
                                f"The last answer came: {last}.",
                                "" if health.asked else "Is the daemon running? `homeward status` says."))
    if health.answered * 2 < health.asked:
        failed = health.asked - health.answered
        return Alarm(dead=False, title=f"Collecting degraded: only {health.answered} of "
                     f"{words.plural(health.asked, 'endpoint')} answered", sentences=(
                         f"{words.plural(failed, 'endpoint')} asked in this span gave no answer.",
                         "What they published is not in here."))
    return None


def _stale(digest: Digest, health: Health) -> bool:
    return health.last_success is None or digest.until - health.last_success > STALE


def life(digest: Digest) -> tuple[tuple[str, str], ...]:
    """Proof of life, line by line."""
    health = digest.health
    if health is None:
        return ()
    zone = ZoneInfo(digest.subscription.zone)
    drops = sorted(health.drops.items(), key=lambda pair: (-pair[1], pair[0]))
    named = [f"{words.number(n)} {plain(rule)}" for rule, n in drops[:DROPS]]
    rest = sum(n for _, n in drops[DROPS:])
    oldest = health.oldest_success
    answered = (f"{words.number(health.answered)} of {words.number(health.asked)} asked, "
                f"{words.plural(health.endpoints, 'endpoint')} watched")
    seen = (f"{words.plural(health.entries_seen, 'entry', 'entries')}, {words.number(health.entries_new)} new, "
            f"{words.plural(health.articles_new, 'article')} filed")
    return (
        ("Answered", answered), ("Seen", seen),
        ("Dropped", ", ".join([*named, *([f"{words.number(rest)} by other rules"] if rest else [])]) or "nothing"),
        ("Silent", _silent(health.silent)), *((("Back again", _named(health.back)),) if health.back else ()),
        *((("Changed", _odd(health.odd)),) if health.odd else ()),
        *((("May have missed", f"{_named(health.missed)}: entries may have come and gone between two visits"),)
          if health.missed else ()),
        *((("Paused", f"{_named(health.paused)} (until “homeward sources resume”)"),) if health.paused else ()),
        ("Oldest last success", words.moment_text(oldest.astimezone(zone)) if oldest else "no endpoint ever answered"))


def _odd(notes: tuple[tuple[str, str], ...]) -> str:
    left = f"; and {len(notes) - 4} more, which “homeward sources health” lists" if len(notes) > 4 else ""
    return "; ".join(f"{plain(name)}: {plain(note)}" for name, note in notes[:4]) + left


def _silent(names: tuple[str, ...]) -> str:
    return f"{_named(names)} (for far longer than usual)" if names else "no source for longer than usual"


def _named(names: tuple[str, ...]) -> str:
    return ", ".join(plain(name) for name in names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
