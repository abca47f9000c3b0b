"""What Slack refuses, by its reference for messages, blocks and text objects (docs.slack.dev), and by what people met.

The sum of all blocks is documented nowhere: Slack answers `msg_blocks_too_long` from about 13,200 characters on, the
blocks' own JSON included (slackapi/bolt-js, issues 2509 and 2867), and Slack gives each block an id and its defaults
before it counts. Slack itself would show an unescaped `<` somehow and ping whom a `<!channel>` names; here both are
refused, for no message of ours may have them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BLOCKS, TOTAL = 50, 13_200
SECTION, FIELD, FIELDS, HEADER, ELEMENTS, ID, TEXT = 3_000, 2_000, 10, 150, 10, 255, 40_000
BOT = {"channel", "text", "blocks", "attachments", "thread_ts", "reply_broadcast", "unfurl_links", "unfurl_media",
       "mrkdwn", "metadata", "parse", "link_names", "username", "icon_url", "icon_emoji"}
HOOK = {"text", "blocks", "attachments", "thread_ts", "response_type", "replace_original", "delete_original",
        "unfurl_links", "unfurl_media", "metadata"}
ALLOWED = {"header": {"type", "text", "block_id"}, "divider": {"type", "block_id"},
           "section": {"type", "text", "fields", "accessory", "expand", "block_id"},
           "context": {"type", "elements", "block_id"}}
MARKUP = re.compile(r"<(https?://[^\s<>|]+|mailto:[^\s<>|]+)(\|[^<>|\n]+)?>")
PING = re.compile(r"<[!@#]")
LOOSE = re.compile(r"[<>]|&(?!amp;|lt;|gt;)")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Slack's word for it, and where: what its `response_metadata` would say."""

    word: str
    where: str

    def __str__(self) -> str:
        return f"{self.word}: {self.where}"


def refusal(post: object, *, bot: bool = False) -> Refusal | None:
    """Why Slack would refuse this post; None where it would not."""
    if not isinstance(post, dict):
        return Refusal("invalid_payload", "no object")
    return _envelope(post, bot=bot) or _blocks(post.get("blocks", []))


def _envelope(post: Mapping[str, Any], *, bot: bool) -> Refusal | None:
    unknown, text, found = set(post) - (BOT if bot else HOOK), post.get("text"), None
    if unknown:
        found = Refusal("invalid_arguments", f"{sorted(unknown)}")
    elif bot and not (isinstance(post.get("channel"), str) and post["channel"]):
        found = Refusal("channel_not_found", "no channel")
    elif any(key in post and not isinstance(post[key], bool) for key in ("unfurl_links", "unfurl_media", "mrkdwn")):
        found = Refusal("invalid_arguments", "a switch that is neither true nor false")
    elif not isinstance(text, str) or not text:  # without it a notification says nothing
        found = Refusal("no_text", "text")
    elif PING.search(text):
        found = Refusal("invalid_arguments", "text pings somebody")
    elif len(text) > TEXT:
        found = Refusal("msg_too_long", f"{len(text)} characters of text")
    return found


def _blocks(blocks: object) -> Refusal | None:
    if not isinstance(blocks, list) or any(not isinstance(block, dict) for block in blocks):
        return Refusal("invalid_blocks_format", "blocks is no list of objects")
    if len(blocks) > BLOCKS:
        return Refusal("invalid_blocks", f"no more than {BLOCKS} items allowed [json-pointer:/blocks]")
    wrong = [f"{said} [json-pointer:/blocks/{n}]" for n, block in enumerate(blocks) if (said := _block(block))]
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if wrong or len(set(ids)) < len(ids):
        return Refusal("invalid_blocks", wrong[0] if wrong else "block_id is there twice")
    return Refusal("msg_blocks_too_long", f"{_size(blocks)} characters") if _size(blocks) > TOTAL else None


def problem(post: Mapping[str, Any]) -> str | None:
    """The same for a post through a webhook, as a sentence."""
    found = refusal({**post, "blocks": list(post.get("blocks", []))})
    return str(found) if found else None


def _size(blocks: list[dict[str, Any]]) -> int:
    """As Slack keeps them: each with an id, each text with its defaults."""
    kept = json.loads(json.dumps(blocks))
    for block in kept:
        block.setdefault("block_id", "AbC1d")
    return len(json.dumps(kept, ensure_ascii=False))


def _block(block: Mapping[str, Any]) -> str:
    kind = block.get("type")
    if kind not in ALLOWED:
        return f"unsupported type: {kind}"
    extra = set(block) - ALLOWED[kind]
    if extra:
        return f"no more properties allowed: {sorted(extra)}"
    if not isinstance(block.get("block_id", ""), str) or len(block.get("block_id", "")) > ID:
        return f"block_id must be less than {ID + 1} characters"
    inside = {"header": _header, "section": _section, "context": _context}.get(kind)
    return inside(block) if inside else ""


def _header(block: Mapping[str, Any]) -> str:
    return _text(block.get("text"), {"plain_text"}, HEADER)


def _context(block: Mapping[str, Any]) -> str:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= ELEMENTS:
        return f"elements must be 1 to {ELEMENTS}"
    return next((said for one in elements if (said := _text(one, {"mrkdwn", "plain_text"}, SECTION))), "")


def _section(block: Mapping[str, Any]) -> str:
    if "text" not in block and "fields" not in block:
        return "text or fields are needed"
    fields = block.get("fields", [])
    if not isinstance(fields, list) or len(fields) > FIELDS or ("fields" in block and not fields):
        return f"fields must be 1 to {FIELDS}"
    if not isinstance(block.get("expand", False), bool):
        return "expand must be a boolean"
    said = _text(block["text"], {"mrkdwn", "plain_text"}, SECTION) if "text" in block else ""
    return said or next((said for one in fields if (said := _text(one, {"mrkdwn", "plain_text"}, FIELD))), "")


def _text(text: object, kinds: set[str], most: int) -> str:
    """A text object: its type, its fields, its length, and what stands in it."""
    if not isinstance(text, dict) or text.get("type") not in kinds:
        return f"must be a text object of {sorted(kinds)}"
    switch = "verbatim" if text["type"] == "mrkdwn" else "emoji"
    if set(text) - {"type", "text", switch} or not isinstance(text.get(switch, False), bool):
        return f"no more properties allowed: {sorted(set(text) - {'type', 'text'})}"
    said = text.get("text")
    if not isinstance(said, str) or not 1 <= len(said) <= most:
        return f"text must be 1 to {most} characters"
    return _mrkdwn(said) if text["type"] == "mrkdwn" else ""


def _mrkdwn(text: str) -> str:
    """Every `<` opens a link, every `>` closes one or begins a quoted line, every `&` is an escape."""
    if PING.search(text):
        return "pings somebody"
    bare = "\n".join(line[1:] if line.startswith(">") else line for line in MARKUP.sub("", text).split("\n"))
    loose = LOOSE.search(bare)
    return f"unescaped {loose.group()!r} near {bare[max(loose.start() - 20, 0):loose.end() + 20]!r}" if loose else ""
