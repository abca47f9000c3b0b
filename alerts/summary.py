"""What a digest says first: its subject, its one-line summary, its proof of life, its alarm."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from alerts import words
from alerts.safe import name, plain
from alerts.sheet import Alarm
from alerts.subject import changes, fit, numbers
from records.telling import Digest, Health

STALE = timedelta(hours=12)  # without one success this long, a span in which nobody was asked is an alarm too
DROPS = 6  # rules named in the proof of life
NAME, NOTE = 60, 200  # characters of a source's name and of a note on it: a feed's title is what a stranger wrote


def subject(digest: Digest) -> str:
    """"33 children home to Russia; 1 number revised", fit for a header. An alarm comes first on a quiet day."""
    trouble, said = alarm(digest), changes(digest)
    if not said:
        return fit(trouble.title if trouble else _quiet(digest.health))
    return fit(said, "" if not trouble else "; collecting failed" if trouble.dead else "; collecting degraded")


def summary(digest: Digest) -> str:
    """One sentence on what the digest holds."""
    moved = numbers(digest)
    said = [words.plural(n, name) for n, name in (
        (len(digest.opened), "new event"), (len(digest.status), "change of status"),
        (len(moved.revised), "revised number"), (len(moved.disputed), "disputed number"),
        (len(moved.settled), "settled dispute"), (len(digest.overdue), "overdue plan"),
        (len(digest.figures), "figure")) if n]
    said = [text.replace("change of statuss", "changes of status") for text in said]
    if not said:
        trouble = alarm(digest)
        if trouble:
            return "" if trouble.dead else "In what could be collected, no event was added and no number changed."
        return "No event was added and no number changed, in what these sources published."
    return f"{words.listed(said)}."


def preview(digest: Digest) -> str:
    """What an inbox shows beside the subject: the quantities, then whether the collecting went well."""
    health = digest.health
    answered = f"{_answered(health)}." if health else ""
    return " ".join(filter(None, (summary(digest), answered[:1].upper() + answered[1:])))


def _answered(health: Health) -> str:
    if not health.asked:
        return "no endpoint was due" if health.endpoints else "no endpoint is watched"
    return f"{health.answered} of {words.plural(health.asked, 'endpoint')} answered"


def _quiet(health: Health | None) -> str:
    if health is None:
        return "Quiet: no change"
    return f"Quiet: no change; {_answered(health)}"


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
        asked = _none(health.asked, "asked", "gave an answer", "gave no answer") if health.asked else \
            _none(health.endpoints, "watched", "was asked", "was not asked")
        return Alarm(dead=True, title=f"Collecting failed: 0 of {words.plural(health.endpoints, 'endpoint')} answered",
                     sentences=(f"{asked}. This is not a quiet day: whether anything happened is not known.",
                                f"The last answer came: {last}.",
                                "" if health.asked else "Is the daemon running? `homeward status` says."))
    if health.answered * 2 <= health.asked and health.asked:
        failed = health.asked - health.answered
        return Alarm(dead=False, title=f"Collecting degraded: only {health.answered} of "
                     f"{words.plural(health.asked, 'endpoint')} answered", sentences=(
                         f"{words.plural(failed, 'endpoint')} asked in this span gave no answer.",
                         "What they published is not in here."))
    return None


def _none(count: int, what: str, did: str, did_not: str) -> str:
    return f"The one endpoint {what} {did_not}" if count == 1 else \
        f"None of the {words.number(count)} endpoints {what} {did}"


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
    asked = f"{words.number(health.answered)} of {words.number(health.asked)} asked" if health.asked else "none was due"
    answered = f"{asked}, {words.plural(health.endpoints, 'endpoint')} watched"
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
    return "; ".join(f"{name(source, NAME)}: {name(note, NOTE)}" for source, note in notes[:4]) + left


def _silent(names: tuple[str, ...]) -> str:
    return f"{_named(names)} (for far longer than usual)" if names else "no source for longer than usual"


def _named(names: tuple[str, ...]) -> str:
    return ", ".join(name(one, NAME) for one in names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
