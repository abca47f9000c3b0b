"""A sheet as Slack blocks, within Slack's limits; what does not fit is counted in the last block.

Limits: 50 blocks, 3,000 characters a section, 150 a header (Slack's reference). In all about 13,200 characters of JSON,
above which Slack answers `msg_blocks_too_long` although no documented limit is passed (slackapi/bolt-js, issues 2509
and 2867); it adds ids and defaults of its own before it counts, so we stay well below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from alerts import picture, words
from alerts.safe import isolated, mrkdwn, plain, shorten, slack_link, whole_parts
from alerts.sheet import Card, Rival, Saying, Sheet, Told
from records.telling import Message

BLOCKS_MOST = 50
SECTION_MOST = 3_000
HEADER_MOST = 150
TOTAL_MOST = 12_000
MORE = 250  # of them for the block that counts what did not fit, without its address
CARDS_MOST = 20  # events a channel's members scroll through
QUOTE_MOST = 300
TOO_MUCH = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}  # refusals of a form
FAILING_MOST = 5  # sources named
MARKS = {"new": "New", "status": "Status changed", "revised": "Revised or disputed",
         "overdue": ":hourglass: Plan overdue"}
Block = Mapping[str, object]
SAID = "Everything here is what the named sources say; Homeward does not verify it. Names of minors are withheld."
DIVIDER: Block = {"type": "divider"}


def blocks(page: Sheet) -> tuple[Block, ...]:
    """The whole message as Block Kit."""
    first: list[Block] = [header(page.subject)]
    if not page.single:
        first.append(context(f"{mrkdwn(page.summary)} {mrkdwn(page.span)}".strip()))
    if page.alarm:
        alarm = "\n".join(mrkdwn(sentence) for sentence in page.alarm.sentences if sentence)
        title = f"*{mrkdwn(page.alarm.title)}*\n" if page.alarm.title != page.subject else ""
        first.append(section(f":rotating_light: {title}{alarm}"))
    groups = [card_blocks(card, MARKS[part.tag], alone=page.single) for part in page.sections for card in part.cards]
    groups += [[section(_saying(saying))] if number else [DIVIDER, section(f"*Figures*\n{_saying(saying)}")]
               for number, saying in enumerate(page.figures)]
    drawn = f"Came home, by month: {picture.line(page.months)}\n{mrkdwn(page.picture)}." if page.months else ""
    left = f"*{mrkdwn(page.left_out)}.* {_rest(page.page)}" if page.left_out else ""
    kept = slack_link(page.page, "This digest as a page") if page.page else ""
    end = " · ".join(filter(None, (SAID if groups else "", kept)))
    last = [*([DIVIDER] if groups and not page.single else []),
            *(context(text) for text in (left, mrkdwn(page.more_sources), drawn, _life(page), end) if text)]
    return clamp(first, groups, last, page=page.page)


def clamp(first: Sequence[Block], groups: Sequence[Sequence[Block]], last: Sequence[Block], *,
          page: str = "") -> tuple[Block, ...]:
    """First, as many whole groups as fit (of the very first as much as fits), a count of the others that links to
    `page`, last. Never more than Slack takes."""
    kept, size = list(first), _size([*first, *last])
    room = TOTAL_MOST - MORE - len(page)
    for number, group in enumerate(groups):
        size += _size(group)
        if len(kept) + len(group) + len(last) >= BLOCKS_MOST or size > room:
            begun = [] if number else _beginning(group, room - size + _size(group), BLOCKS_MOST - len(kept) - len(last))
            left = words.plural(len(groups) - number - bool(begun), "more item")
            said = f"{'The rest of this' if begun else left} did not fit in here."
            said = f"The rest of this and {left} did not fit in here." if begun and len(groups) > 1 else said
            kept += [*begun, context(f"*{said}* {_rest(page)}")]
            break
        kept += group
    return tuple([*kept, *last][:BLOCKS_MOST])


def _beginning(group: Sequence[Block], room: int, most: int) -> list[Block]:
    """As many blocks of a group as fit, with one left for the count: an event is never told by its number alone."""
    kept: list[Block] = []
    for block in group:
        if _size([*kept, block]) > room or len(kept) + 1 >= most:
            break
        kept.append(block)
    return kept


def without_blocks(message: Message) -> str:
    """The same message as text alone, for a Slack that refuses its blocks: cut, with its page where there is one."""
    page = f"\n{slack_link(message.page, 'The whole digest')}" if message.page else ""
    lines = "\n".join(mrkdwn(line) for line in message.text.splitlines())
    return fit(f"*{mrkdwn(message.subject)}*\n{lines}", SECTION_MOST - len(page)) + page


def _rest(page: str) -> str:
    return f"{slack_link(page, 'The whole digest')} has all of it." if page else "`homeward events` lists all."


def _size(some: Sequence[Block]) -> int:
    return len(json.dumps(list(some), ensure_ascii=False))


def header(text: str) -> Block:
    said = whole_parts(plain(text), HEADER_MOST) or "Homeward"
    return {"type": "header", "text": {"type": "plain_text", "text": said, "emoji": False}}


def section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": fit(text), "verbatim": True}}


def context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": fit(text), "verbatim": True}]}


def fit(text: str, most: int = SECTION_MOST) -> str:
    """At most so many characters, cut between lines, and a line at a space, so that no link or escape is cut in two."""
    if len(text) <= most:
        return text or " "
    lines: list[str] = []
    room = most - 2
    for line in text.split("\n"):
        if len(line) + 1 > room:
            lines += filter(None, [_begun(line, room - 1)])
            break
        lines.append(line)
        room -= len(line) + 1
    return "\n".join([*lines, "…"])


def _begun(line: str, most: int) -> str:
    """The beginning of a line up to a space that stands in no link; escapes hold no space."""
    for found in reversed(list(re.finditer(" ", line[:max(most, 0)]))):
        if line.rfind("<", 0, found.start()) <= line.rfind(">", 0, found.start()):
            return line[:found.start()]
    return ""


def card_blocks(card: Card, mark: str, *, alone: bool) -> list[Block]:
    """One event: what happened and what changed, the sentences, the foot."""
    head = f"*{mrkdwn(card.headline)}*" if not alone else ""
    event = f"event {card.event_id}"
    status = "".join(f" · {mrkdwn(one)}" for one in (card.status, card.disputed, card.support, event) if one)
    facts = " · ".join(f"{mrkdwn(name)}: {mrkdwn(value)}" for name, value in card.facts)
    lines = [head, f"{mark}{status}", mrkdwn(card.note), *(_shift_lines(card)),
             f"\n{facts}" if facts and card.shifts else facts]
    said = [_saying(saying) for saying in card.sayings]
    disputes = [_rival(rival) for rival in card.rivals]
    by = ", ".join(_told(t) for t in card.sources) + (f" and {card.sources_left} more" if card.sources_left else "")
    foot = list(filter(None, (
        "" if card.named else f"Said by {by}", f"Shown first: {mrkdwn(card.rule)}" if card.rule else "",
        f"Not known: {mrkdwn(card.unknown)}" if card.unknown else "",
        *(f":warning: {mrkdwn(warning)}" for warning in card.warnings))))
    return [*([] if alone else [DIVIDER]), section("\n".join(filter(None, lines))), *(section(text) for text in said),
            *([section("\n".join(disputes))] if disputes else []), *([context(" · ".join(foot))] if foot else [])]


def _rival(rival: Rival) -> str:
    said = f"{'Planned' if rival.planned else ':warning: Also said'}: *{mrkdwn(rival.value)}*"
    quote = f"\n>{_cut(rival.saying.quote)}" if rival.saying else ""
    return f"{said}, by {', '.join(_told(told) for told in rival.told)}{quote}"


def _shift_lines(card: Card) -> list[str]:
    lines = []
    for shift in card.shifts:
        says = f", says {isolated(mrkdwn(shift.says))}" if shift.says else ""
        derived = f" (a sum: {mrkdwn(shift.saying.derived)})" if shift.saying and shift.saying.derived else ""
        change = {"added": f"*{mrkdwn(shift.new)}*, not known before",
                  "settled": f"*{mrkdwn(shift.old)}*, no longer disputed",
                  "disputed": f"*{mrkdwn(shift.old)}*, disputed: *{mrkdwn(shift.new)}*"}.get(
                      shift.how, f"~{mrkdwn(shift.old)}~ → *{mrkdwn(shift.new)}*")
        lines.append(f"{mrkdwn(shift.label.capitalize())}: {change}{says}{derived}")
        if shift.saying is None:
            lines.append(mrkdwn(shift.why))
        elif not shift.repeated:
            lines += [f">{_cut(shift.saying.quote)}", _told(shift.saying.told)]
    return [line for line in lines if line]


def _saying(saying: Saying) -> str:
    value = f"*{mrkdwn(words.heading(saying.values))}*" if saying.values else ""
    derived = f" (a sum: {mrkdwn(saying.derived)})" if saying.derived else ""
    language = f" [{mrkdwn(saying.language)}]" if saying.language else ""
    speaker = f"{isolated(mrkdwn(saying.speaker))}, in " if saying.speaker else ""
    return "\n".join(filter(None, [value + derived, f">{_cut(saying.quote)}{language}",
                                   speaker + _told(saying.told)]))


def _cut(quote: str) -> str:
    return mrkdwn(shorten(quote, QUOTE_MOST))


def _told(told: Told) -> str:
    return isolated(slack_link(told.url, told.outlet)) + "".join(
        f", {mrkdwn(part)}" for part in (told.day, told.note) if part)


def _life(page: Sheet) -> str:
    lines = [f"{mrkdwn(name)}: {mrkdwn(value)}" for name, value in page.life]
    lines += [f"Failing: {mrkdwn(name)}: {_cut(why)}" for name, why in page.failing[:FAILING_MOST]]
    left = page.failing_left + max(len(page.failing) - FAILING_MOST, 0)
    lines += [f"and {left} more failing, which `homeward status` lists"] if left else []
    return "\n".join(lines)
