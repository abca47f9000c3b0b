"""`homeward demo`: three days of news in a newsroom on this machine, through every part that a real day goes through.

    newsroom opens | for each day: publish | crawl (a worker child) | tell (SMTP, Slack hook) | show what arrived
    then: one crawl more, of which nothing must come | how to look further
"""

from __future__ import annotations

import json
import os
import shlex
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import config
from config.model import Config
from homeward.children import Event, run_worker, worker_command
from homeward.frame import typed
from homeward.newsroom import Newsroom
from homeward.newsroom.post import Mailbox, SlackHook
from homeward.newsroom.subscribing import write_config
from records.errors import ConfigError, HomewardError
from records.news import Outcome
from scheduler.telling import tell
from storage import Store

EVENINGS = tuple(datetime(2019, 7, day, 18, 30, tzinfo=UTC) for day in (14, 15, 16))  # a Sunday to a Tuesday
CRAWL_TO_TELL = timedelta(minutes=15)
Echo = Callable[[str], None]


@dataclass
class Heard:
    """What one crawl said of itself on its way."""

    answered: int = 0
    filed: Counter[str] = field(default_factory=Counter)  # verdict → how many
    troubles: list[str] = field(default_factory=list)
    reason: str = "cut short"

    def hear(self, event: Event) -> None:
        match event["event"]:
            case "visit" if Outcome(event["outcome"]).is_answer:
                self.answered += 1
            case "visit":
                self.troubles.append(f"{event['source']}: {event['why']}")
            case "article":
                self.filed[event["verdict"]] += 1
                if event.get("partial"):
                    self.troubles.append(f"{event['source']}: filed from the feed alone ({event['partial']}): "
                                         f"{event['title']}")
            case "drop":
                self.filed["dropped"] += 1
            case "done":
                self.reason = event["reason"]


@dataclass
class Demo:
    """The demo at work in its folder."""

    room: Newsroom
    mailbox: Mailbox
    hook: SlackHook
    folder: Path
    echo: Echo
    config: Config
    store: Store

    def day(self, number: int) -> None:
        """Publish a day's news, crawl it, tell it; show and keep what arrived."""
        evening = EVENINGS[number - 1]
        fresh = self.room.publish(number)
        self.echo(_headline(f"Day {number}: {evening:%A %-d %B %Y} · {fresh} new articles in the newsroom"))
        self.crawl(evening, show_troubles=number == 1)
        mails, payloads = len(self.mailbox.mails), len(self.hook.payloads)
        self.tell(evening + CRAWL_TO_TELL)
        for mail in self.mailbox.mails[mails:]:
            self.echo(f"\nMail to {', '.join(mail.recipients)}: {mail.message['Subject']}\n")
            self.echo(_indented(mail.part("plain") or ""))
            self._keep(f"day-{number}.eml", mail.raw)
            self._keep(f"day-{number}.html", (mail.part("html") or "").encode())
        for payload in self.hook.payloads[payloads:]:
            self._keep(f"day-{number}-slack.json", json.dumps(payload, ensure_ascii=False, indent=1).encode())

    def crawl(self, now: datetime, *, show_troubles: bool) -> None:
        """One crawl of everything by the real worker; says how long it took and what the newspapers' servers saw."""
        self.room.forget_hits()
        heard, began = Heard(), time.monotonic()
        code = run_worker(worker_command(self.config, every=True, now=now), heard.hear, self.config.crawl.grace)
        if heard.reason == "stopped":
            raise HomewardError(f"the demo was stopped; what there is of it so far is in {self.folder}")
        if code or heard.reason != "done":
            raise HomewardError(f"the crawl ended before its time ({heard.reason}, exit code {code})")
        filed = ", ".join(f"{times} {verdict}" for verdict, times in sorted(heard.filed.items())) or "nothing to file"
        self.echo(f"Crawl: {time.monotonic() - began:.1f} s; {heard.answered} endpoints answered, "
                  f"{len(heard.troubles)} troubles; articles: {filed}.")
        self.echo(f"The servers' own count: {self._served()}.")
        if show_troubles:
            for trouble in heard.troubles:
                self.echo(f"  · {trouble}")

    def tell(self, now: datetime) -> None:
        report = tell(self.store, self.config, now)
        for trouble in report.troubles:
            self.echo(f"  · {trouble}")

    def again(self) -> None:
        """Crawl and tell once more, with no news: nothing is fetched anew, nothing is told twice."""
        self.echo(_headline("Once more, with nothing new"))
        mails = len(self.mailbox.mails)
        later = EVENINGS[-1] + timedelta(hours=1)
        self.crawl(later, show_troubles=False)
        self.tell(later + CRAWL_TO_TELL)
        self.echo(f"Mails sent: {len(self.mailbox.mails) - mails}.")

    def _served(self) -> str:
        statuses: Counter[int] = Counter()
        for (_, path, status), times in self.room.hits().items():
            if path != "/robots.txt":
                statuses[status] += times
        return ", ".join(f"{times} × {status}" for status, times in sorted(statuses.items())) or "no request"

    def _keep(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)


@contextmanager
def opened(folder: Path, echo: Echo) -> Iterator[Demo]:
    """A newsroom with mailbox and hook, a config for them and an empty ledger in `folder`. Raises ConfigError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder} can't be made ({error.strerror}); name another with --folder") from error
    if (folder / "homeward.db").exists():
        raise ConfigError(f"{folder} holds an earlier demo; name another folder with --folder")
    with Newsroom() as room, Mailbox() as mailbox, SlackHook() as hook:
        loaded = config.load(write_config(room, folder, mailbox=mailbox, hook=hook), os.environ)
        with Store.open(loaded.database) as store:
            yield Demo(room=room, mailbox=mailbox, hook=hook, folder=folder, echo=echo, config=loaded, store=store)


def run(folder: Path, echo: Echo) -> int:
    """Hold the demo in `folder`, which is made. Returns 0 when all went its way. Raises HomewardError."""
    began = time.monotonic()
    with opened(folder, echo) as demo:
        echo(f"A newsroom of {len(demo.room.houses)} outlets is open on 127.0.0.1, with a mailbox and a Slack hook.")
        for number in range(1, len(EVENINGS) + 1):
            demo.day(number)
        demo.again()
        told_most = max(demo.store.events(), key=lambda event: event.independent, default=None)
    echo(_headline(f"Done in {time.monotonic() - began:.0f} s"))
    echo(_further(folder, told_most.id if told_most else None))
    return 0


def _headline(text: str) -> str:
    return f"\n── {text} {'─' * max(4, 96 - len(text))}"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


def _further(folder: Path, event_id: int | None) -> str:
    database = shlex.quote(str(folder / "homeward.db"))
    homeward, sql = typed(), typed("sqlite-utils")
    return "\n".join((
        f"In {folder}/: homeward.db (the ledger), homeward.toml, mails as .eml and .html, Slack messages as .json.",
        f"Open {folder / 'day-2.html'} in a browser; look further with:",
        f"  {homeward} events --db {database}",
        f"  {homeward} show {event_id or 1} --db {database}",
        f"  {homeward} export claims --format csv --db {database}",
        f'  {sql} {database} "select id, status, total, event_date, independent from events" --table',  # noqa: S608
    ))
