"""Short messages on Homeward itself: sources that fail and come back, a channel that can't deliver, an archive that
can't be written. Dressed as the digests are: text, HTML and Slack blocks from one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from alerts import words
from alerts.render import write
from alerts.safe import header_text, isolated, mrkdwn, name
from alerts.slack import Block, context, header, section
from records.telling import Message, Outage

SHOWN = 25  # endpoints named; the rest is counted
WHY_CAP = 300  # characters of the sentence that says why


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that fails or is back."""

    name: str
    said: str  # why, or where
    note: str = ""  # how often, since when


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A sentence on what is the matter, the things it is about, what follows from it."""

    title: str
    said: str
    tag: str  # wrong, good: the colour of its mark
    lines: tuple[Line, ...] = ()
    left: int = 0  # things not named
    then: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Everything one notice says."""

    subject: str
    parts: tuple[Part, ...]
    footer: str


def outages(key: str, failing: Sequence[Outage], back: Sequence[Outage], *, zone: tzinfo,
            subscription: str) -> Message:
    """Which sources began to fail, since when and why, and which are back."""
    said = [f"{_sources(failing)} failing"] if failing else []
    said += [f"{_sources(back)} back"] if back else []
    parts = [Part(
        title="Failing", tag="wrong",
        said="These sources have failed again and again, so what they publish is missing from what you are told.",
        lines=tuple(_failing(one, zone) for one in failing[:SHOWN]), left=max(len(failing) - SHOWN, 0),
        then="Homeward goes on visiting them and tells you when they are back; `homeward check --live` visits now.",
    )] if failing else []
    parts += [Part(
        title="Back", tag="good", said="These sources answer again.",
        lines=tuple(Line(name=name(one.source), said=name(one.url, WHY_CAP)) for one in back[:SHOWN]),
        left=max(len(back) - SHOWN, 0))] if back else []
    return _message(key, Notice(subject="; ".join(said), parts=tuple(parts),
                                footer=f"You get this because “{subscription}” asks for errors."))


def undelivered(key: str, channel: str, subject: str, error: str, *, waits: bool, late: bool = False) -> Message:
    """A channel does not deliver, and somebody may have to mend it. `late`: it may still do so by itself."""
    then = ("What waits for it goes out as soon as it works again, up to seven days." if waits else
            "This message will not be tried again; `homeward digest --since` shows what it said.")
    title = f"Homeward can't deliver through “{channel}”" if not late else f"“{channel}” has not delivered for an hour"
    return _message(key, Notice(
        subject=title, footer="You are told once; `homeward status` counts what fails after this one.",
        parts=(Part(title="Not delivered so far" if late else "Not delivered", tag="wrong",
                    said=f"{words.heading((name(error, 500),))}. This is what it could not deliver:",
                    lines=(Line(name=name(subject, 200), said=""),), then=then),)))


def archive(key: str, error: str) -> Message:
    """Digests go out and are not kept."""
    return _message(key, Notice(
        subject="Homeward can't keep its digests", footer="You are told once, until it works again.",
        parts=(Part(title="Not kept", tag="wrong", said=name(error, 500), then="Digests are sent all the same, without "
                    "a link to their page; pages that are missing now are not made later."),)))


def _sources(some: Sequence[Outage]) -> str:
    """Named while they are few: "Rudaw and Press TV", "7 sources"."""
    names = list(dict.fromkeys(name(one.source, 60) for one in some))
    return words.listed(names) + (" is" if len(names) == 1 else " are") if len(names) <= 3 \
        else f"{words.number(len(names))} sources are"


def _failing(one: Outage, zone: tzinfo) -> Line:
    since = f"last answer {words.moment_text(one.since.astimezone(zone))}" if one.since else "it never answered"
    return Line(name=name(one.source), said=name(one.why, WHY_CAP),
                note=f"{words.plural(one.failures, 'failure')} in a row, {since}")


def _message(key: str, notice: Notice) -> Message:
    subject = header_text(notice.subject)
    return Message(key=key, subject=subject, text=write("notice.txt.j2", notice=notice),
                   html=write("notice.html.j2", notice=notice), blocks=_blocks(notice))


def _blocks(notice: Notice) -> tuple[Block, ...]:
    marks = {"wrong": ":warning:", "good": ":white_check_mark:"}
    found = [header(notice.subject)]
    for part in notice.parts:
        found.append(section("\n".join([f"{marks[part.tag]} *{part.title}*", mrkdwn(part.said),
                                        *(_slack_line(line) for line in part.lines),
                                        *([f"and {part.left} more"] if part.left else [])])))
        found += [context(mrkdwn(part.then))] if part.then else []
    return (*found, context(mrkdwn(notice.footer)))


def _slack_line(line: Line) -> str:
    return f"• *{isolated(mrkdwn(line.name))}*" + (f": {mrkdwn(line.said)}" if line.said else "") \
        + (f" ({mrkdwn(line.note)})" if line.note else "")
