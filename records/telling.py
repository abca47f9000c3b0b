"""What is told: subscriptions, channels, digests, deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from records.ledger import Event, Revision, StoredFigure


class Every(StrEnum):
    INSTANT = "instant"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way out: SMTP to some addresses, a Slack webhook, a Slack bot, a terminal. Secrets are resolved at start."""

    id: str
    kind: str  # email, slack-webhook, slack-bot, webhook, apprise
    to: tuple[str, ...] = ()  # addresses, or the Slack channel
    settings: Mapping[str, str | int | bool] = field(default_factory=dict)  # host, port, tls, user, from, url …
    secret: str | None = field(default=None, repr=False)  # password, hook address, token or signing key
    fallback: str | None = None  # the channel that is told when this one fails for good; None: the first other one


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who is told what, over which channel, how often."""

    id: str
    channel: str  # Channel.id
    every: Every = Every.DAILY
    hour: int = 8  # local hour of a daily or weekly digest
    weekday: str = "mon"  # of a weekly one
    zone: str = "UTC"  # IANA
    nationality: tuple[str, ...] = ()  # () is everyone
    destination: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    source_kind: tuple[str, ...] = ()  # at least one of the event's sources is of such a kind
    text: tuple[str, ...] = ()  # words or phrases, one of which stands in what is said of the event
    minimum_sources: int = 1
    quiet_days: bool = True  # send proof of life when nothing changed
    quiet_hours: tuple[int, int] | None = None  # local hours, from and up to: (22, 7)
    most_an_hour: int = 10  # instant messages
    overdue_days: int = 7  # after the date of a plan; 0: never told
    errors: bool = False  # messages of their own about sources that fail and come back
    errors_after: int = 6  # failures in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Proof of life for one span of time: what was asked, what answered, what was dropped."""

    endpoints: int  # asked to be watched
    asked: int  # visited in the span
    answered: int
    failing: tuple[tuple[str, str], ...] = ()  # (source name, sentence), worst first
    silent: tuple[str, ...] = ()  # sources silent beyond their own habit
    back: tuple[str, ...] = ()  # sources that answered again in the span, after many failures in a row
    paused: tuple[str, ...] = ()  # sources that a person lets rest, or some of whose endpoints
    missed: tuple[str, ...] = ()  # sources of which entries may have come and gone between two visits in the span
    odd: tuple[tuple[str, str], ...] = ()  # (source name, sentence): volume or rungs changed; of half a day and more
    entries_seen: int = 0
    entries_new: int = 0
    articles_new: int = 0
    drops: Mapping[str, int] = field(default_factory=dict)  # rule → how many
    oldest_success: datetime | None = None  # the endpoint whose last success is longest ago
    last_success: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What is told at one time: everything that changed between two revisions, for one subscription."""

    subscription: Subscription
    period: str  # the key that makes it unique: "2019-07-16", "2019-07-16T09", "r118"
    since: datetime
    until: datetime
    after_revision: int  # revisions above this and up to `last_revision` are told
    last_revision: int
    opened: tuple[Event, ...] = ()
    revised: tuple[tuple[Event, tuple[Revision, ...]], ...] = ()
    status: tuple[tuple[Event, tuple[Revision, ...]], ...] = ()
    figures: tuple[StoredFigure, ...] = ()
    overdue: tuple[Event, ...] = ()  # plans whose date has passed for some days, and nobody says they were carried out
    more_sources: int = 0  # articles that added a source and no fact
    months: tuple[tuple[str, int], ...] = ()  # people who came home, month by month: ("2019-07", 33)
    health: Health | None = None
    page: str | None = None  # the address of the page that holds all of it, where the operator keeps an archive

    @property
    def quiet(self) -> bool:
        """No event changed. Figures may be told all the same."""
        return not (self.opened or self.revised or self.status or self.overdue)


class DeliveryState(StrEnum):
    WAITING = "waiting"  # written, not yet sent
    SENDING = "sending"  # written before the attempt; found so after a crash, it is sent again with the same Message-ID
    SENT = "sent"
    FAILED = "failed"  # given up, with the reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One rendered message, as a channel sends it. Same `key`, same Message-ID."""

    key: str  # (subscription, period, part): unique for ever
    subject: str
    text: str
    html: str | None = None
    blocks: tuple[Mapping[str, object], ...] = ()  # Slack Block Kit
    event_id: int | None = None  # of a message about one event: its thread
    references: tuple[str, ...] = ()  # keys of earlier messages in the thread, oldest first
    events: tuple[int, ...] = ()  # every event it tells of; a later message about one of them answers this one
    page: str | None = None  # the address of the digest as a page, uncapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Earlier messages on one channel about the same events, oldest first."""

    keys: tuple[str, ...] = ()  # of their messages
    receipt: str | None = None  # what the channel answered to the oldest that was sent: a Slack ts


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Up to where a subscription has been told, and when it was first seen."""

    subscription_id: str
    last_revision: int
    last_figure: int
    until: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The sending of one message to one channel, remembered before and after."""

    id: int  # 0 before it is stored
    subscription_id: str
    channel_id: str
    period: str
    message: Message
    state: DeliveryState
    attempts: int
    next_try_at: datetime
    created_at: datetime
    sent_at: datetime | None = None
    error: str | None = None
    after_revision: int = 0
    last_revision: int = 0
    receipt: str | None = None  # what the channel answered: a Slack ts, an SMTP reply
    owed: tuple[str, ...] = ()  # the recipients it still waits for, where the others have it


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """An endpoint that has failed several times in a row."""

    endpoint_id: int
    source: str  # its name
    url: str
    failures: int  # in a row
    why: str  # the last failure, in a sentence
    since: datetime | None  # of its last success; None: it never answered
