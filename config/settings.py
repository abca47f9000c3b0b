"""The one list of settings: every table and key of `homeward.toml`, with its bounds, its default and what it means.

`homeward init` writes its comments from the descriptions here, and docs/settings.md is held to the same list. What a
file comes to is `config.model`; nothing outside this room sees these classes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from config.model import CrawlSettings, DaemonSettings, StoreSettings
from config.source_tables import (
    DAY,
    SOURCE_KINDS,
    Address,
    Country,
    EndpointTable,
    EnvName,
    Hour,
    Id,
    Language,
    Services,
    SourceTable,
    Table,
    Url,
    Zone,
)
from records.telling import Every
from records.words import Kind, Status

CRAWL, DAEMON, STORE = CrawlSettings(), DaemonSettings(), StoreSettings()  # the defaults stand there, with units
FALLBACK = ("the channel that is told, once, when this one fails for good; the first other one where it is left out")


class Crawl(Table):
    """How the crawl behaves towards others and towards hostile input."""

    contact: str = Field(CRAWL.contact, max_length=200, description="a mail address or page where the owner of a site "
                         "can reach you; shown in the User-Agent. Please set it.")
    concurrency: int = Field(CRAWL.concurrency, ge=1, le=256, description="requests under way in all")
    per_host: int = Field(CRAWL.per_host, ge=1, le=8, description="requests under way to one registered "
                          "domain (news.example.co.uk and www.example.co.uk are one)")
    delay: float = Field(CRAWL.delay, ge=0, le=60, description="seconds between two requests to one "
                         "registered domain; more where it answers slowly or its robots.txt asks for it; 0 for none")
    feed_timeout: float = Field(CRAWL.feed_timeout, gt=0, le=300, description="seconds for a whole feed to arrive")
    page_timeout: float = Field(CRAWL.page_timeout, gt=0, le=300, description="seconds for a whole page to arrive")
    feed_max_bytes: int = Field(CRAWL.feed_max_bytes, ge=1024, le=2**26, description="a larger feed is not read")
    page_max_bytes: int = Field(CRAWL.page_max_bytes, ge=1024, le=2**26, description="a larger page is not read")
    read_timeout: float = Field(CRAWL.read_timeout, gt=0, le=120, description="seconds for reading one feed or page; "
                                "a reader that takes longer is killed")
    read_memory: int = Field(CRAWL.read_memory, ge=2**29, le=2**34, description="bytes of address space of one reader, "
                             "280 MB of it for its libraries: below 512 MB none could work")
    readers: int = Field(CRAWL.readers, ge=0, le=32, description="readers at work side by side; 0: two, or one where "
                         "the machine or its container has one core or less than 1 GB of memory")
    obey_robots: bool = Field(CRAWL.obey_robots, description="obey robots.txt")
    allow_networks: tuple[str, ...] = Field(CRAWL.allow_networks, description='networks that are not public and may be '
                                            'fetched from all the same, such as "127.0.0.0/8" or an intranet')
    fresh_hours: float = Field(CRAWL.fresh_hours, ge=0, le=24 * 60, description="on the first visit to an endpoint, "
                               "entries younger than this are news; older ones are filed and not told")
    grace: float = Field(CRAWL.grace, ge=1, le=600, description="seconds from asking the crawl to stop to killing it")
    interval: float = Field(900, ge=30, le=DAY, description="seconds between visits to begin with; then it adapts")
    min_interval: float = Field(300, ge=30, le=DAY, description="seconds: never visited more often than this")
    max_interval: float = Field(7_200, ge=30, le=7 * DAY, description="seconds: never visited less often than this, "
                                "unless it asks for that or fails")


class Daemon(Table):
    """How the daemon is watched, and how it speaks."""

    health: Annotated[str, Field(pattern=r"^\S+:\d{1,5}$")] | None = Field(
        None, description='where /healthz and /metrics (Prometheus) are answered, such as "127.0.0.1:9321"; nowhere '
        "where it is left out")
    health_open: bool = Field(False, description="`health` may be an address that other machines reach; whoever "
                              "reaches it reads it, so put a firewall before it")
    ping: Url | None = Field(None, description="an address that is called while all is well, and with /fail at its end "
                             "when it is not (healthchecks.io and its like)")
    ping_env: EnvName | None = Field(None, description="or the environment variable that holds that address")
    ping_file: str | None = Field(None, description="or the file that holds it")
    stale_hours: float = Field(DAEMON.stale_hours, gt=0, le=24 * 30, description="how long nothing may move before "
                               "it is told as trouble: by /healthz, by the ping, by `homeward status`")
    log: Literal["text", "json"] = Field("text", description='"text", or "json": an object a line, with `event`')


class StoreTable(Table):
    """How long the database keeps what only serves the watch. Articles and the ledger are kept for ever; the pages'
    own bytes are never stored, only their text."""

    keep_visits: int = Field(STORE.keep_visits, ge=60, le=3650, description="days that visits are kept")
    keep_runs: int = Field(STORE.keep_runs, ge=7, le=3650, description="days that the books of crawls are kept")


class EmailTable(Table):
    """A channel that sends mail by SMTP."""

    id: Id = Field(description="what subscriptions call it")
    kind: Literal["email"] = Field(description='"email"')
    to: tuple[Address, ...] = Field(min_length=1, description="addresses that receive the digests")
    sender: Address = Field(alias="from", description="the address they come from")
    host: str = Field(min_length=1, description="the SMTP server")
    port: int = Field(587, ge=1, le=65535, description="its port")
    tls: Literal["starttls", "tls", "none"] = Field("starttls", description='"starttls", "tls" (from the first byte) '
                                                    'or "none" (a server on this machine)')
    user: str | None = Field(None, description="the user name, where the server asks for one")
    password_env: EnvName | None = Field(None, description="the environment variable that holds the password")
    password_file: str | None = Field(None, description="or the file that holds it")
    ca_file: str | None = Field(None, description="certificates to trust instead of the system's")
    unsubscribe: Address | None = Field(None, description="the address to which a reader writes who wants no more of "
                                        "it; `from` where it is left out")
    timeout: float = Field(60, gt=0, le=300, description="seconds to wait for the server")
    fallback: Id | None = Field(None, description=FALLBACK)


class SlackWebhookTable(Table):
    """A channel that posts to a Slack incoming webhook; it can't keep threads."""

    id: Id = Field(description="what subscriptions call it")
    kind: Literal["slack-webhook"] = Field(description='"slack-webhook"')
    url_env: EnvName | None = Field(None, description="the environment variable that holds the hook's address")
    url_file: str | None = Field(None, description="or the file that holds it")
    base_url: Url | None = Field(None, description="instead of https://hooks.slack.com: a proxy of yours")
    timeout: float = Field(30, gt=0, le=300, description="seconds to wait for Slack")
    fallback: Id | None = Field(None, description=FALLBACK)


class SlackBotTable(Table):
    """A channel that posts with a Slack bot token; one thread for each event."""

    id: Id = Field(description="what subscriptions call it")
    kind: Literal["slack-bot"] = Field(description='"slack-bot"')
    channel: str = Field(min_length=1, description='the Slack channel\'s id, such as "C0123456789"')
    token_env: EnvName | None = Field(None, description="the environment variable that holds the token")
    token_file: str | None = Field(None, description="or the file that holds it")
    base_url: Url | None = Field(None, description="instead of https://slack.com/api/: a proxy of yours")
    timeout: float = Field(30, gt=0, le=300, description="seconds to wait for Slack")
    fallback: Id | None = Field(None, description=FALLBACK)


class WebhookTable(Table):
    """A channel that posts each message as JSON to a program of yours, signed with HMAC-SHA256."""

    id: Id = Field(description="what subscriptions call it")
    kind: Literal["webhook"] = Field(description='"webhook"')
    url: Url = Field(description="the address that is posted to; redirects are not followed")
    key_env: EnvName | None = Field(None, description="the environment variable that holds the signing key")
    key_file: str | None = Field(None, description="or the file that holds it")
    timeout: float = Field(30, gt=0, le=300, description="seconds to wait for the answer")
    fallback: Id | None = Field(None, description=FALLBACK)


class AppriseTable(Table):
    """A channel that Apprise serves (Telegram, Matrix, ntfy and a hundred more): pip install 'homeward[apprise]'."""

    id: Id = Field(description="what subscriptions call it")
    kind: Literal["apprise"] = Field(description='"apprise"')
    url_env: EnvName | None = Field(None, description="the environment variable that holds its one Apprise address")
    url_file: str | None = Field(None, description="or the file that holds it")
    fallback: Id | None = Field(None, description=FALLBACK)


ChannelTable = Annotated[EmailTable | SlackWebhookTable | SlackBotTable | WebhookTable | AppriseTable,
                         Field(discriminator="kind")]


class SubscriptionTable(Table):
    """Who is told what, over which channel, how often."""

    id: Id = Field(description="short and stable: what was told is remembered under it")
    channel: Id = Field(description="the id of a [[channel]]")
    every: Every = Field(Every.DAILY, description='"instant", "hourly", "daily" or "weekly"')
    hour: int = Field(8, ge=0, le=23, description="local hour of a daily or weekly digest")
    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = Field("mon", description="of a weekly digest")
    zone: Zone = Field("UTC", description='IANA time zone, such as "Europe/Berlin"')
    nationality: tuple[Country, ...] = Field((), description="only people of these nationalities (ISO alpha-2); "
                                             "empty for all")
    destination: tuple[Country, ...] = Field((), description="only movements to these countries")
    origin: tuple[Country, ...] = Field((), description="only movements from these countries")
    kind: tuple[Kind, ...] = Field((), description="only events of these kinds: " + ", ".join(Kind))
    status: tuple[Status, ...] = Field((), description="only events of these statuses")
    source_kind: tuple[Literal["news", "wire", "agency", "government", "court", "un", "ngo", "research"], ...] = Field(
        (), description="only events that a source of such a kind reports: " + ", ".join(SOURCE_KINDS))
    text: tuple[Annotated[str, Field(min_length=2, max_length=200)], ...] = Field(
        (), description="only events of which one of these words or phrases is said, in a quote, a headline, a place "
        "or a speaker's name; `homeward check` names those that never were")
    minimum_sources: int = Field(1, ge=1, le=50, description="only events that so many independent sources report")
    quiet_days: bool = Field(True, description="send proof of life when nothing changed")
    quiet_hours: tuple[Hour, Hour] | None = Field(None, description="of instant and hourly messages: local hours "
                                                  "without any, such as [22, 7]; what waits is gathered into one")
    most_an_hour: int = Field(10, ge=1, le=1000, description="instant messages in an hour; the overflow is gathered "
                              "into one")
    overdue_days: int = Field(7, ge=0, le=365, description="tell, once, of a plan that nobody reports as carried out "
                              "so many days after its date; 0 for never")
    errors: bool = Field(False, description="send a message, once a day at most, that names sources which fail, and "
                         "one when they are back")
    errors_after: int = Field(6, ge=2, le=100, description="failures in a row before a source counts as failing there")


class DigestTable(Table):
    """What holds for every digest."""

    archive: str | None = Field(None, min_length=1, description="a folder in which every digest is kept whole, as a "
                                "page, with an index; serve it to your readers only")
    public_url: Url | None = Field(None, description="where you serve that folder; messages link to its pages")


class Settings(Table):
    """The whole file."""

    database: str = Field("homeward.db", min_length=1, description="the SQLite file, relative to this one")
    catalogue: tuple[Id, ...] = Field((), description="sources and endpoints of the bundled catalogue, by id; a "
                                      "source's id stands for its best-graded addresses")
    crawl: Crawl = Field(default_factory=lambda: Crawl.model_validate({}), description="how the crawl behaves")
    services: Services = Field(default_factory=lambda: Services.model_validate({}), description="query APIs that want "
                               "to know who asks")
    queries: dict[Language, tuple[str, ...]] = Field({}, description="words to search for, by language: what {query} "
                                                     "in an address stands for; those of the catalogue where a "
                                                     "language is left out")
    daemon: Daemon = Field(default_factory=lambda: Daemon.model_validate({}), description="how the daemon is watched")
    store: StoreTable = Field(default_factory=lambda: StoreTable.model_validate({}), description="how long what is no "
                              "news is kept")
    source: tuple[SourceTable, ...] = Field((), description="sources beside those of the catalogue")
    channel: tuple[ChannelTable, ...] = Field((), description="ways out: mail, Slack, webhooks, Apprise")
    subscription: tuple[SubscriptionTable, ...] = Field((), description="who is told what")
    digest: DigestTable = Field(default_factory=lambda: DigestTable.model_validate({}),
                                description="the archive of digests")


TABLES: dict[str, type[Table]] = {
    "": Settings, "crawl": Crawl, "daemon": Daemon, "store": StoreTable,
    "services": Services, "source": SourceTable, "source.endpoint": EndpointTable,
    "channel (email)": EmailTable,
    "channel (slack-webhook)": SlackWebhookTable, "channel (slack-bot)": SlackBotTable,
    "channel (webhook)": WebhookTable, "channel (apprise)": AppriseTable,
    "subscription": SubscriptionTable, "digest": DigestTable,
}


def described(table: type[Table]) -> list[tuple[str, str, Any, bool]]:
    """(key, description, default, required) of every setting of a table."""
    return [(info.alias or name, info.description or "", info.get_default(call_default_factory=True),
             info.is_required()) for name, info in table.model_fields.items()]
