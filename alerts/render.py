"""A digest as messages: subject, text, HTML and Slack blocks, all from one sheet.

HTML is kept under 90 KB (Gmail clips at 102 KB): what does not fit is left out with a count that says so, in the text
part too. Nothing here reads a clock or sends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateError, select_autoescape

from alerts import picture, slack, summary, words
from alerts.choose import is_undone
from alerts.facts import card
from alerts.figures import figure
from alerts.quotes import Shown, Withhold, as_it_is
from alerts.room import MAIL, TIGHT, WHOLE, Room
from alerts.safe import isolated, name, plain
from alerts.sheet import Section, Sheet
from records.errors import RenderError
from records.ledger import Event, Revision, StoredFigure
from records.telling import Digest, Every, Message

HTML_MOST = 90_000  # bytes
PERIODS = {Every.INSTANT: "Instant alert", Every.HOURLY: "Hourly digest", Every.DAILY: "Daily digest",
           Every.WEEKLY: "Weekly digest"}

_environment = Environment(
    loader=PackageLoader("alerts"), autoescape=select_autoescape(("html.j2",), default=False),
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    keep_trailing_newline=True)


def messages(digest: Digest, *, thread: Callable[[tuple[int, ...]], tuple[str, ...]] = lambda events: (),
             withhold: Withhold = as_it_is, most: int | None = None) -> list[Message]:
    """One message for the whole digest; of an instant subscription one per event, and where that would make more than
    `most`, the last one gathers the rest.

    `thread` gives the keys of earlier messages about these events. The same digest gives the same keys.
    """
    if digest.subscription.every is not Every.INSTANT:
        return [_message(digest, "1", thread, withhold)]
    singles = _singles(digest)
    if most is None or len(singles) <= most:
        return [_message(single, _part(single), thread, withhold) for single in singles]
    alone = singles[:most - 1]
    told = {event_id for single in alone for event_id in events_of(single)}
    said = {figure.id for single in alone for figure in single.figures}
    rest = replace(digest, opened=tuple(event for event in digest.opened if event.id not in told),
                   status=tuple(pair for pair in digest.status if pair[0].id not in told),
                   revised=tuple(pair for pair in digest.revised if pair[0].id not in told),
                   figures=tuple(figure for figure in digest.figures if figure.id not in said))
    return [*(_message(single, _part(single), thread, withhold) for single in alone),
            _message(rest, "gathered", thread, withhold)]


def _singles(digest: Digest) -> list[Digest]:
    """The same digest for each of its events alone, and for the figures of each article; what is taken back first."""
    bare = replace(digest, opened=(), revised=(), status=(), figures=(), more_sources=0)
    events = [*((event, replace(bare, opened=(event,))) for event in digest.opened),
              *((pair[0], replace(bare, status=(pair,))) for pair in digest.status),
              *((pair[0], replace(bare, revised=(pair,))) for pair in digest.revised)]
    by_article: dict[int, list[StoredFigure]] = {}
    for stored in digest.figures:
        by_article.setdefault(stored.article_id, []).append(stored)
    return [*(single for _, single in sorted(events, key=lambda one: not is_undone(one[0]))),
            *(replace(bare, figures=tuple(some)) for some in by_article.values())]


def _part(single: Digest) -> str:
    """What makes the key of a message about one thing unique within its period."""
    events = events_of(single)
    return f"e{events[0]}" if events else f"f{single.figures[0].id}"


def html(digest: Digest, withhold: Withhold = as_it_is) -> str:
    """The digest as one page, the same as the HTML part of its mail."""
    return _fitting(digest, withhold)[1]


def text(digest: Digest, withhold: Withhold = as_it_is) -> str:
    return write("digest.txt.j2", page=_fitting(digest, withhold)[0])


def whole(digest: Digest, withhold: Withhold = as_it_is) -> str:
    """The digest as a page of the archive: nothing is left out of it, however long it is."""
    return write("digest.html.j2", page=replace(sheet(digest, withhold, room=WHOLE), whole=True))


def sheet(digest: Digest, withhold: Withhold = as_it_is, *, room: Room = MAIL) -> Sheet:
    """What the digest says, in the room there is."""
    shown = Shown(withhold=withhold, room=room)
    sections, left = _sections(_parts(digest), room.cards, shown)
    figures = tuple(figure(stored, shown) for stored in digest.figures[:room.figures])
    zone, health = ZoneInfo(digest.subscription.zone), digest.health
    failing = health.failing if health else ()
    named = tuple((name(source), shown.remark(why)) for source, why in failing[:room.failing])
    alarm = summary.alarm(digest)
    subject = summary.subject(digest)
    alone, bars = _alone(digest), picture.bars(digest.months if alarm is None or not alarm.dead else ())
    period = "Instant alerts, gathered," if digest.subscription.every is Every.INSTANT and not alone else \
        PERIODS[digest.subscription.every]
    return Sheet(
        months=bars, picture=picture.said(bars),
        subject=subject, lead=tuple(subject.split("; ")), summary=summary.summary(digest),
        preview=summary.preview(digest),
        span=words.span_text(digest.since.astimezone(zone), digest.until.astimezone(zone)),
        sections=sections, figures=figures, alarm=alarm,
        life=summary.life(digest), failing=named,
        failing_left=len(failing) - len(named), left_out=_left_out(left, len(digest.figures) - len(figures)),
        more_sources=f"{words.plural(digest.more_sources, 'more article')} said what was known already."
        if digest.more_sources else "",
        subscription=f"{period} “{plain(digest.subscription.id)}”",
        footer=_filters(digest), single=alone, page=digest.page or "")


def _alone(digest: Digest) -> bool:
    """It tells of one event at once, or of one article's figures."""
    events, articles = len(events_of(digest)), len({figure.article_id for figure in digest.figures})
    return digest.subscription.every is Every.INSTANT and (events, articles) in {(1, 0), (0, 1)}


def _parts(digest: Digest) -> tuple[tuple[str, str, Told], ...]:
    """The sections in the order they stand in: new before changed, but what is denied or refused before what is new."""
    new = ("New", "new", tuple((event, ()) for event in digest.opened))
    status = ("Status changed", "status", digest.status)
    first = (status, new) if any(is_undone(event) for event, _ in digest.status) else (new, status)
    return (*first, ("Numbers revised or disputed", "revised", digest.revised),
            ("Plans overdue", "overdue", tuple((event, ()) for event in digest.overdue)))


Told = Sequence[tuple[Event, tuple[Revision, ...]]]


def _sections(parts: tuple[tuple[str, str, Told], ...], most: int, shown: Shown) -> tuple[tuple[Section, ...], int]:
    """Sections with at most `most` cards in all, each section getting some: new events never crowd out a denial."""
    total = sum(len(told) for _, _, told in parts)
    room, kept = min(most, total), {}
    waiting = sum(bool(told) for _, _, told in parts)
    for title, tag, told in sorted(parts, key=lambda part: len(part[2])):
        if told:
            take = min(len(told), max(room // waiting, 1))
            room, waiting = room - take, waiting - 1
            cards = tuple(card(event, run, shown, overdue=tag == "overdue") for event, run in told[:take])
            kept[title] = Section(title=title, tag=tag, cards=cards)
    return (tuple(kept[title] for title, _, _ in parts if title in kept),
            total - sum(len(section.cards) for section in kept.values()))


def _left_out(events: int, figures: int) -> str:
    parts = [words.plural(n, name) for n, name in ((events, "more event"), (figures, "more figure")) if n > 0]
    return f"{words.listed(parts)} did not fit in here" if parts else ""


def _filters(digest: Digest) -> str:
    mine = digest.subscription
    asked = [(name, words.countries(values, most=12)) for name, values in (
        ("nationality", mine.nationality), ("to", mine.destination), ("from", mine.origin)) if values]
    asked += [(name, ", ".join(values)) for name, values in (
        ("kind", mine.kind), ("status", mine.status), ("a source of the kind", mine.source_kind)) if values]
    asked += [("words", words.listed([f"“{one}”" for one in mine.text]))] if mine.text else []
    asked += [("at least", f"{mine.minimum_sources} independent sources")] if mine.minimum_sources > 1 else []
    said = "; ".join(f"{name} {value}" for name, value in asked)
    return f"You asked for: {plain(said)}." if said else "You asked for everything."


def events_of(digest: Digest) -> tuple[int, ...]:
    """The ids of all events it tells of."""
    every = (*digest.opened, *(event for event, _ in (*digest.status, *digest.revised)), *digest.overdue)
    return tuple(event.id for event in every if event.id is not None)


def _message(digest: Digest, part: str, thread: Callable[[tuple[int, ...]], tuple[str, ...]],
             withhold: Withhold) -> Message:
    events = events_of(digest)
    page, markup = _fitting(digest, withhold)
    short = sheet(digest, withhold, room=replace(MAIL, cards=slack.CARDS_MOST))
    return Message(key=f"{digest.subscription.id}/{digest.period}/{part}", subject=page.subject,
                   text=write("digest.txt.j2", page=page), html=markup, blocks=slack.blocks(short), page=digest.page,
                   event_id=events[0] if events and _alone(digest) else None, events=events, references=thread(events))


def _fitting(digest: Digest, withhold: Withhold) -> tuple[Sheet, str]:
    """The fullest sheet whose HTML is small enough, and that HTML. Fewer events come first, then less of each."""
    room = MAIL
    while True:
        page = sheet(digest, withhold, room=room)
        markup = write("digest.html.j2", page=page)
        size = len(markup.encode())
        if size <= HTML_MOST or room is TIGHT:
            return page, markup
        most = min(room.cards * 3 // 4, room.cards * HTML_MOST // size)
        room = replace(MAIL, cards=most, figures=min(most, MAIL.figures), failing=min(most, MAIL.failing)) if most \
            else TIGHT


def write(name: str, **values: object) -> str:
    """A template of alerts/templates/ with its values filled in. Raises RenderError where one is missing."""
    try:
        return _environment.get_template(name).render(**values)
    except TemplateError as error:
        raise RenderError(f"a message can't be written into alerts/templates/{name} ({error}); nothing is lost, and "
                          "it is told when the template is mended") from error


_environment.filters["counted"] = words.plural
_environment.filters["heading"] = words.heading
_environment.filters["isolated"] = isolated
