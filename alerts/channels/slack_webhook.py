"""A message to a Slack incoming webhook: no threads, and the hook's address is the secret.

Settings: base_url (a proxy or a test server that stands for https://hooks.slack.com), timeout.
"""

from __future__ import annotations

from http.client import HTTPException
from urllib.parse import urlsplit

from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

from alerts.channels.common import SILENT, Moments, reason, seconds, secret, setting, timeout, trouble
from alerts.safe import mrkdwn
from alerts.slack import TOO_MUCH, fit, without_blocks
from records.telling import Channel, Message, Thread


def send(channel: Channel, message: Message, thread: Thread, moments: Moments) -> str:
    """Post it. Slack keeps the order and the date itself; `thread` and `moments` are not used."""
    client = WebhookClient(_address(channel), timeout=max(int(timeout(channel)), 1), logger=SILENT, retry_handlers=[])
    try:
        answer = client.send(text=fit(mrkdwn(message.subject)), blocks=[dict(block) for block in message.blocks],
                             unfurl_links=False, unfurl_media=False)
        if answer.status_code == 400 and answer.body.strip() in TOO_MUCH:  # plain, and told all the same
            answer = client.send(text=without_blocks(message), unfurl_links=False, unfurl_media=False)
    except (OSError, HTTPException, SlackClientError, ValueError) as error:
        raise trouble(channel, f"can't reach Slack ({reason(error)})", again=True) from None
    if answer.status_code == 200:
        return answer.body
    said = f"was refused by Slack: {answer.status_code} {answer.body}"
    if answer.status_code == 429:
        raise trouble(channel, "sends more than Slack takes (429)", again=True,
                      retry_after=seconds(answer.headers.get("Retry-After")) or 1.0)
    if answer.status_code >= 500:
        raise trouble(channel, said, again=True)
    gone = answer.status_code in {401, 403, 404, 410}
    raise trouble(channel, said, again=False, way_out="make a new webhook and put its address into the "
                  f"secret of [[channel]] \"{channel.id}\"" if gone else "")


def _address(channel: Channel) -> str:
    hook, base = urlsplit(secret(channel, "hook address")), setting(channel, "base_url")
    if hook.scheme not in {"http", "https"} or not hook.netloc:
        raise trouble(channel, "has a secret that is no hook address", again=False,
                      way_out="it begins with https://hooks.slack.com/services/")
    return base.rstrip("/") + hook.path if base else hook.geturl()
