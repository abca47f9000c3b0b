"""A digest as messages: subject, text, HTML and Slack blocks, all from one sheet.

HTML is kept under 90 KB (Gmail clips at 102 KB): what does not fit is left out with a count that says so, in the text
part too. Nothing here reads a clock or sends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts import slack, summary, words
from alerts.facts import Withhold, as_it_is, card, figure
from alerts.safe import isolated, name, plain
from alerts.sheet import Section, Sheet
from records.ledger import Event, Revision
from records.telling import Digest, Every, Message

HTML_MOST = 90_000  # bytes
CARDS_MOST = 40  # events told in full: more than a reader finishes
FIGURES_MOST = 20
FAILING_MOST = 12
WHY_CAP = 300  # characters of the sentence that says why an endpoint fails
PERIODS = {Every.INSTANT: "Instant alert", Every.HOURLY: "Hourly digest", Every.DAILY: "Daily digest",
           Every.WEEKLY: "Weekly digest"}

_environment = Environment(
    loader=PackageLoader("alerts"), autoescape=select_autoescape(("html.j2",), default=False),
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    keep_trailing_newline=True)


def messages(digest: Digest, *, thread: Callable[[tuple[int, ...]], tuple[str, ...]] = lambda events: (),
             withhold: Withhold = as_it_is) -> list[Message]:
    """One message for the whole digest; of an instant subscription one per event.

    `thread` gives the keys of earlier messages about these events. The same digest gives the same keys.
    """
    if digest.subscription.every is not Every.INSTANT:
        return [_message(digest, "1", thread, withhold)]
    singles = [*(replace(digest, opened=(e,), revised=(), status=(), more_sources=0) for e in digest.opened),
               *(replace(digest, opened=(), revised=(), status=(s,), more_sources=0) for s in digest.status),
               *(replace(digest, opened=(), revised=(r,), status=(), more_sources=0) for r in digest.revised)]
    return [_message(single, f"e{_events(single)[0]}", thread, withhold) for single in singles]


def html(digest: Digest, withhold: Withhold = as_it_is) -> str:
    """The digest as one page, the same as the HTML part of its mail."""
    return _fitting(digest, withhold)[1]


def text(digest: Digest, withhold: Withhold = as_it_is) -> str:
    return _write("digest.txt.j2", _fitting(digest, withhold)[0])


def sheet(digest: Digest, withhold: Withhold = as_it_is, *, most: int = CARDS_MOST) -> Sheet:
    """What the digest says, with at most so many events."""
    new = tuple((event, ()) for event in digest.opened)
    sections, left = _sections((("New", "new", new), ("Status changed", "status", digest.status),
                                ("Numbers revised or disputed", "revised", digest.revised)), most, withhold)
    figures = tuple(figure(stored, withhold) for stored in digest.figures[:min(most, FIGURES_MOST)])
    zone, health = ZoneInfo(digest.subscription.zone), digest.health
    since, until = (words.moment_text(moment.astimezone(zone)) for moment in (digest.since, digest.until))
    failing = health.failing if health else ()
    shown = tuple((name(source), name(why, WHY_CAP)) for source, why in failing[:min(most, FAILING_MOST)])
    return Sheet(
        subject=summary.subject(digest), summary=summary.summary(digest),
        preview=summary.preview(digest),
        span=f"{since} to {until}", sections=sections, figures=figures, alarm=summary.alarm(digest),
        life=summary.life(digest), failing=shown,
        failing_left=len(failing) - len(shown), left_out=_left_out(left, len(digest.figures) - len(figures)),
        more_sources=f"{words.plural(digest.more_sources, 'more article')} said what was known already."
        if digest.more_sources else "",
        subscription=f"{PERIODS[digest.subscription.every]} “{plain(digest.subscription.id)}”",
        footer=_filters(digest), single=digest.subscription.every is Every.INSTANT)


Told = Sequence[tuple[Event, tuple[Revision, ...]]]


def _sections(parts: tuple[tuple[str, str, Told], ...], most: int,
              withhold: Withhold) -> tuple[tuple[Section, ...], int]:
    """Sections with at most `most` cards in all, each section getting some: new events never crowd out a denial."""
    total = sum(len(told) for _, _, told in parts)
    room, kept = min(most, total), {}
    waiting = sum(bool(told) for _, _, told in parts)
    for title, tag, told in sorted(parts, key=lambda part: len(part[2])):
        if told:
            take = min(len(told), max(room // waiting, 1))
            room, waiting = room - take, waiting - 1
            cards = tuple(card(event, run, withhold) for event, run in told[:take])
            kept[title] = Section(title=title, tag=tag, cards=cards)
    return (tuple(kept[title] for title, _, _ in parts if title in kept),
            total - sum(len(section.cards) for section in kept.values()))


def _left_out(events: int, figures: int) -> str:
    parts = [words.plural(n, name) for n, name in ((events, "more event"), (figures, "more figure")) if n > 0]
    return f"{words.listed(parts)} did not fit in here; the command “homeward events” lists all." if parts else ""


def _filters(digest: Digest) -> str:
    mine = digest.subscription
    asked = [(name, words.countries(values, most=12)) for name, values in (
        ("nationality", mine.nationality), ("to", mine.destination), ("from", mine.origin)) if values]
    asked += [("status", ", ".join(mine.status))] if mine.status else []
    asked += [("at least", f"{mine.minimum_sources} independent sources")] if mine.minimum_sources > 1 else []
    said = "; ".join(f"{name} {value}" for name, value in asked)
    return f"You asked for: {plain(said)}." if said else "You asked for everything."


def _events(digest: Digest) -> tuple[int, ...]:
    every = (*digest.opened, *(event for event, _ in (*digest.status, *digest.revised)))
    return tuple(event.id for event in every if event.id is not None)


def _message(digest: Digest, part: str, thread: Callable[[tuple[int, ...]], tuple[str, ...]],
             withhold: Withhold) -> Message:
    events = _events(digest)
    page, markup = _fitting(digest, withhold)
    whole = sheet(digest, withhold, most=slack.CARDS_MOST)
    single = digest.subscription.every is Every.INSTANT
    return Message(key=f"{digest.subscription.id}/{digest.period}/{part}", subject=page.subject,
                   text=_write("digest.txt.j2", page), html=markup, blocks=slack.blocks(whole),
                   event_id=events[0] if single and events else None, events=events, references=thread(events))


def _fitting(digest: Digest, withhold: Withhold) -> tuple[Sheet, str]:
    """The fullest sheet whose HTML is small enough, and that HTML."""
    most = CARDS_MOST
    while True:
        page = sheet(digest, withhold, most=most)
        markup = _write("digest.html.j2", page)
        if len(markup.encode()) <= HTML_MOST or most == 1:
            return page, markup
        most = max(most * 3 // 4, 1)


def _write(name: str, page: Sheet) -> str:
    return _environment.get_template(name).render(page=page)


_environment.filters["heading"] = words.heading
_environment.filters["isolated"] = isolated
