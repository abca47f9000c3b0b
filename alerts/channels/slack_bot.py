"""A message by a Slack bot (chat.postMessage): messages about one event hang on its first one.

Settings: base_url (a proxy or a test server that stands for https://slack.com/api/), timeout. The secret is the token,
`to` the one channel. Scope needed: chat:write.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from alerts.channels.common import SILENT, Moments, reason, seconds, secret, setting, timeout, trouble
from alerts.safe import mrkdwn
from alerts.slack import TOO_MUCH, fit, without_blocks
from records.telling import Channel, Message, Thread

WAY_OUT = {  # what Slack calls it, and what mends it
    "invalid_auth": "put a valid bot token into its secret", "not_authed": "put a valid bot token into its secret",
    "token_revoked": "install the app again and renew its secret", "token_expired": "renew its secret",
    "account_inactive": "install the app again and renew its secret", "missing_scope": "give the app chat:write",
    "channel_not_found": "check `to`; a private channel must invite the bot",
    "not_in_channel": "invite the bot to the channel", "is_archived": "name another channel in `to`"}
NO_THREAD = {"cannot_reply_to_message"}  # beside all that have "thread" in them: `to` was changed, it is locked or gone
PASSING = {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout",
           "team_added_to_org"}


def send(channel: Channel, message: Message, thread: Thread, moments: Moments) -> str:
    """Post it; the receipt is Slack's `ts`. `moments` are not used: Slack dates it."""
    client = WebClient(token=secret(channel, "bot token"), timeout=max(int(timeout(channel)), 1), logger=SILENT,
                       base_url=setting(channel, "base_url", WebClient.BASE_URL), retry_handlers=[])
    if len(channel.to) != 1:
        raise trouble(channel, f"names {len(channel.to)} Slack channels in `to`", again=False, way_out="name one")
    said: dict[str, Any] = {"channel": channel.to[0], "unfurl_links": False, "unfurl_media": False,
                            "thread_ts": (thread.receipt or None) if message.event_id is not None else None}
    try:
        answer = _post(client, message, said)
    except SlackApiError as error:
        code, headers = str(error.response.get("error", "")), error.response.headers
        if error.response.status_code == 429:
            raise trouble(channel, "sends more than Slack takes (429)", again=True,
                          retry_after=seconds(headers.get("Retry-After") or headers.get("retry-after")) or 1.0
                          ) from None
        again = code in PASSING or error.response.status_code >= 500
        raise trouble(channel, f"was refused by Slack: {code or error.response.status_code}", again=again,
                      way_out=WAY_OUT.get(code, "")) from None
    except (OSError, HTTPException, SlackClientError, ValueError) as error:
        raise trouble(channel, f"can't reach Slack ({reason(error)})", again=True) from None
    return str(answer.get("ts") or "")


def _post(client: WebClient, message: Message, said: Mapping[str, Any]) -> SlackResponse:
    """The post as it is meant; else without what Slack can't take of it: a thread that is gone, blocks that are too
    much. It is told all the same."""
    blocks = [dict(block) for block in message.blocks]
    try:
        return client.chat_postMessage(text=fit(mrkdwn(message.subject)), **said, blocks=blocks)
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if said["thread_ts"] and ("thread" in code or code in NO_THREAD):
            return _post(client, message, {**said, "thread_ts": None})
        if code not in TOO_MUCH:
            raise
        return client.chat_postMessage(text=without_blocks(message), **said)
