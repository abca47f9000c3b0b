"""Short messages on Homeward itself: sources that fail and come back, a channel that can't deliver."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from alerts import words
from alerts.safe import header_text, mrkdwn, name
from alerts.slack import header, section
from records.telling import Message, Outage

SHOWN = 25  # endpoints named; the rest is counted
WHY_CAP = 300  # characters of the sentence that says why


def outages(key: str, failing: Sequence[Outage], back: Sequence[Outage], *, zone: tzinfo,
            subscription: str) -> Message:
    """Which sources began to fail, since when and why, and which are back."""
    parts = [f"{_sources(failing)} failing"] if failing else []
    parts += [f"{_sources(back)} back"] if back else []
    lines = [
        "These sources have failed again and again, so what they publish is missing from what you are told:", "",
        *(_failing(one, zone) for one in failing[:SHOWN]), *_more(failing), "",
        "Homeward goes on visiting them and tells you when they are back; `homeward check --live` visits them now.", "",
    ] if failing else []
    lines += ["These sources answer again:", "", *(f"- {name(one.source)} ({name(one.url, WHY_CAP)})"
                                                   for one in back[:SHOWN]), *_more(back), ""] if back else []
    return _message(key, "; ".join(parts), [*lines, f"You get this because “{subscription}” asks for errors."])


def undelivered(key: str, channel: str, subject: str, error: str, *, waits: bool) -> Message:
    """A channel can't deliver, and somebody must mend it."""
    then = ("What waits for it goes out when it is mended, up to seven days." if waits else
            "This message will not be tried again; `homeward digest --since` shows what it said.")
    return _message(key, f"Homeward can't deliver through “{channel}”", [
        f"Not delivered: {name(subject, 200)}", "", name(error, 500), "", then,
        "You are told once; `homeward status` counts what fails after this one."])


def _sources(some: Sequence[Outage]) -> str:
    """Named while they are few: "Rudaw and Press TV", "7 sources"."""
    names = list(dict.fromkeys(name(one.source, 60) for one in some))
    return words.listed(names) + (" is" if len(names) == 1 else " are") if len(names) <= 3 \
        else f"{words.number(len(names))} sources are"


def _failing(one: Outage, zone: tzinfo) -> str:
    since = f"last answer {words.moment_text(one.since.astimezone(zone))}" if one.since else "it never answered"
    return f"- {name(one.source)}: {name(one.why, WHY_CAP)} ({words.plural(one.failures, 'failure')} in a row, {since})"


def _more(some: Sequence[Outage]) -> list[str]:
    return [f"- and {len(some) - SHOWN} more"] if len(some) > SHOWN else []


def _message(key: str, subject: str, lines: Sequence[str]) -> Message:
    return Message(key=key, subject=header_text(subject), text="\n".join(lines) + "\n", blocks=(
        header(subject), section("\n".join(mrkdwn(line) for line in lines))))
