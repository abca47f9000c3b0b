"""A crawl's progress for a person: a line for each visit, article and trouble, then a summary."""

from __future__ import annotations

import click

from alerts.safe import plain
from homeward.children import Event
from homeward.shown import columns, counted, cut, isolate
from records.news import Outcome

NAMED = 8  # failures named in a summary
OUTCOMES = {Outcome.NEW: "new", Outcome.NOTHING_NEW: "nothing new", Outcome.UNCHANGED: "unchanged",
            Outcome.EMPTY: "empty"}


class Progress:
    """Hears the worker's events and keeps the sum."""

    def __init__(self) -> None:
        self.visits = self.answered = self.entries = self.filed = self.dropped = self.postponed = 0
        self.failures: list[str] = []
        self.reason = ""  # how the crawl ended, once the worker has said so
        self.faults: list[str] = []  # what went wrong on our side

    @property
    def nothing_answered(self) -> bool:
        return bool(self.visits) and not self.answered

    @property
    def nothing_heard(self) -> bool:
        return not (self.visits or self.filed or self.dropped or self.postponed)

    def trouble(self, code: int) -> str | None:
        """Why a worker that ended with `code` did not do all its work, in one sentence; None where that was told."""
        if code == 0 or self.reason == "stopped":
            return None
        if self.reason:
            told = self.faults[0] if self.faults else self.reason.removeprefix("failed: ")
            more = f" (and {len(self.faults) - 1} more like it)" if len(self.faults) > 1 else ""
            return f"the crawl did not do all its work: {plain(told)}{more}"
        if code < 0:
            return (f"the crawl worker was ended from outside (signal {-code}); nothing is lost: the next crawl takes "
                    "up what is left")
        return None  # it ended before it began, and has said why

    def hear(self, event: Event, *, quiet: bool = False) -> None:
        """Count one event and, unless `quiet`, show it."""
        line = self._line(event)
        if line and not quiet:
            width = columns()
            click.echo(cut(line, width - 1) if width else line)

    def _line(self, event: Event) -> str | None:
        kind = event["event"]
        if kind == "visit":
            return self._visit(event)
        if kind == "article":
            self.filed += event.get("verdict") != "dropped"
            self.dropped += event.get("verdict") == "dropped"
            partial = f" (from the feed alone: {plain(str(event['partial']))})" if event.get("partial") else ""
            title = str(event.get("title") or event.get("url"))
            return _row(str(event.get("verdict")), event.get("source"), title + partial)
        if kind == "drop":
            self.dropped += 1
            return _row(f"dropped, {event.get('rule')}", event.get("source"), event.get("title") or event.get("url"))
        if kind == "postponed":
            self.postponed += 1
            return _row("later", event.get("source"), event.get("why"))
        if kind == "done":
            self.dropped = max(self.dropped, int(event.get("dropped") or 0))  # those dropped at first sight too
            self.reason, self.faults = str(event.get("reason")), [str(fault) for fault in event.get("faults") or ()]
        return None

    def _visit(self, event: Event) -> str:
        self.visits += 1
        outcome = str(event.get("outcome"))
        if outcome not in OUTCOMES:
            self.failures.append(plain(str(event.get("why") or event.get("url"))))
            return _row(outcome.replace("_", " "), event.get("source"), event.get("why"))
        self.answered += 1
        self.entries += int(event.get("new") or 0)
        told = f"{counted(int(event.get('new') or 0), 'new entry', 'new entries')} of {event.get('entries')}"
        return _row(OUTCOMES[Outcome(outcome)], event.get("source"), told if outcome == "new" else event.get("url"))

    def summary(self) -> str:
        """What the crawl came to, in a few lines."""
        if self.nothing_heard:
            return "Nothing was due; `homeward crawl --all` visits everything."
        told = [f"{counted(self.visits, 'endpoint')} visited, {self.answered} answered; "
                f"{counted(self.entries, 'new entry', 'new entries')}; "
                f"{counted(self.filed, 'article')} filed, {self.dropped} dropped as off-topic or unreadable"
                + (f", {self.postponed} to be tried again" if self.postponed else "") + "."]
        if self.failures:
            told += ["Did not answer:", *(f"  {line}" for line in self.failures[:NAMED])]
        if len(self.failures) > NAMED:
            told.append(f"  and {len(self.failures) - NAMED} more; `homeward status` lists them")
        if self.nothing_answered:
            told.append("Not one endpoint answered: is this machine on the network?")
        return "\n".join(told)


def _row(outcome: str, source: object, rest: object) -> str:
    return f"{plain(outcome):<18.18}  {plain(str(source)):<16.16}  {isolate(plain(str(rest)))}"
