"""homeward digest: what changed, shown to a person or sent once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from alerts import channels, render
from alerts.channels import email
from alerts.terminal import terminal
from config.model import Config
from homeward.frame import Setup, Since, now_option, present, since_moment, with_setup
from homeward.shown import colours, counted
from records.errors import ConfigError, DeliveryError
from records.telling import Channel, Digest, Message, Subscription, Thread
from scheduler.rehearsal import Sending, rehearse
from scheduler.telling import preview

NOBODY = Channel(id="file", kind="email", to=("you@example.org",), settings={"from": "homeward@example.org"})


@click.command("digest", epilog="Example: homeward digest --since 7d --to week.html")
@with_setup
@click.option("--since", type=Since(), default="24h", show_default=True, help="What changed since: 24h, 7d, a date.")
@click.option("--to", "target", default="terminal", show_default=True, metavar="terminal|FILE|CHANNEL",
              help="The terminal; a file ending in .html, .txt or .eml; or a channel of the config, to send it there.")
@click.option("--subscription", "subscription_id", metavar="ID", help="As this subscription of the config chooses.")
@click.option("--backfill", is_flag=True, help="Tell also what was filed without being told: what feeds still held at "
              "their first visit, imports.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent or written, and do neither; with "
              "--subscription, list what its rule would have sent at which hour.")
@now_option
def command(setup: Setup, since: timedelta | datetime, target: str, subscription_id: str | None, backfill: bool,
            dry_run: bool, now: datetime | None) -> None:
    """Show or send what changed since a time. What the daemon sends on its own is not touched by it.

    `--since` counts from when Homeward learned of a change, not from when it happened.
    """
    loaded, moment = setup.config_or_none(), present(now)
    subscription = _subscription(loaded, subscription_id)
    out = _target(target, loaded, subscription)
    begin = since_moment(since, moment)
    with setup.store() as store:
        if dry_run and subscription_id is not None:
            click.echo(_rehearsed(rehearse(store, subscription, begin, moment), subscription, begin))
        digest = preview(store, subscription, begin, moment, quiet=backfill)
    # A key of its own for each asking: two digests sent by hand are two messages.
    digest = replace(digest, period=f"asked-{moment:%Y%m%dT%H%M%S%f}")
    click.echo(out(digest, moment, dry_run))


Out = Callable[[Digest, datetime, bool], str]


def _subscription(loaded: Config | None, wanted: str | None) -> Subscription:
    if wanted is None:
        return Subscription(id="digest", channel="terminal")
    known = {subscription.id: subscription for subscription in loaded.subscriptions} if loaded else {}
    if wanted not in known:
        raise ConfigError(f'{loaded.path if loaded else "the config"} has no subscription "{wanted}"'
                          + (f"; it has {', '.join(known)}" if known else "; it has none"))
    return known[wanted]


def _target(target: str, loaded: Config | None, subscription: Subscription) -> Out:
    """How the digest gets out. Raises ConfigError before anything is read."""
    if target == "terminal":
        return lambda digest, moment, dry_run: terminal(digest, colour=colours())
    if loaded and target in loaded.channels:
        channel = loaded.channels[target]
        return lambda digest, moment, dry_run: _send(digest, channel, moment, dry_run=dry_run)
    kind = Path(target).suffix.lower()
    if kind not in (".html", ".txt", ".eml"):
        known = ", ".join(loaded.channels) if loaded else ""
        raise ConfigError(f'--to "{target}" is neither the terminal, nor a file ending in .html, .txt or .eml, nor a '
                          f"channel of the config{'; it has ' + known if known else ', which has none'}")
    sender = loaded.channels.get(subscription.channel, NOBODY) if loaded else NOBODY
    if sender.kind != "email":
        sender = NOBODY
    return lambda digest, moment, dry_run: _write(Path(target), _file(kind, digest, sender, moment), dry_run=dry_run)


def _rehearsed(sendings: list[Sending], subscription: Subscription, begin: datetime) -> str:
    """The list of what would have been sent, a line each; days without news counted."""
    zone = ZoneInfo(subscription.zone)
    lines = [f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}  {subject}" for one in sendings for subject in one.subjects]
    quiet = sum(one.quiet for one in sendings)
    head = (f'"{subscription.id}" would have sent {counted(len(lines), "message")}'
            f'{" and " + counted(quiet, "quiet one") if quiet else ""} since '
            f"{begin.astimezone(zone):%Y-%m-%d %H:%M} ({subscription.zone}), numbers as they stood then:")
    return "\n".join([head, "", *(lines or ["(nothing)"]), "", "All of it in one:", ""])


def _messages(digest: Digest) -> list[Message]:
    return render.messages(digest)


def _file(kind: str, digest: Digest, sender: Channel, moment: datetime) -> bytes:
    if kind == ".html":
        return render.html(digest).encode()
    if kind == ".txt":
        return render.text(digest).encode()
    message = _messages(digest)[0]
    return email.compose(sender, message, Thread(), moment.astimezone(ZoneInfo(digest.subscription.zone))).as_bytes()


def _write(path: Path, content: bytes, *, dry_run: bool) -> str:
    if dry_run:
        return f"Would write {path} ({len(content):,} bytes)."
    try:
        path.write_bytes(content)
    except OSError as error:
        raise ConfigError(f"{path} can't be written ({error.strerror})") from error
    return f"Wrote {path} ({len(content):,} bytes)."


def _send(digest: Digest, channel: Channel, moment: datetime, *, dry_run: bool) -> str:
    messages = _messages(digest)
    to = f"{channel.id} ({channel.kind}{' to ' + ', '.join(channel.to) if channel.to else ''})"
    if dry_run:
        return f"Would send {counted(len(messages), 'message')} to {to}:\n\n{terminal(digest, colour=colours())}"
    at = moment.astimezone(ZoneInfo(digest.subscription.zone))
    for message in messages:
        try:
            channels.send(channel, message, at=at)
        except DeliveryError as error:
            wait = "; try again later" if error.again and not error.lasting else ""
            raise DeliveryError(f"{error}{wait}", again=error.again, retry_after=error.retry_after) from error
    return f"Sent {counted(len(messages), 'message')} to {to}."
