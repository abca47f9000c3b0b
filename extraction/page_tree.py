"""A page's tree, parsed once and safely: capped, and not deeper than a parser can bear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extraction.markup import short_tags
from records.errors import UnreadableError

LARGEST = 1_000_000  # characters: 1 MB of table rows costs 5 CPU seconds in trafilatura, 2 MB 12
DEEPEST = 4_000  # nested elements: 100,000 hang lexbor for 11 seconds, 4,000 cost 0.05
# Beginnings and ends of elements that nest; empty ones and those whose end tag may be left out don't count.
_NESTING = re.compile(
    r"<(/?)(?!(?:area|base|br|col|dd|dt|embed|hr|img|input|li|link|meta|option|p|param|path|source|tbody|td|tfoot|th|thead|tr"
    r"|track|wbr)[\s/>])[a-z]", re.IGNORECASE)


def parsed(html: str, url: str) -> LexborHTMLParser:
    """The tree of the first million characters. Raises UnreadableError (`too-deep`) before a parser could hang."""
    html = short_tags(html[:LARGEST].replace("\x00", ""))
    if html.count("<") > DEEPEST and _depth(html) > DEEPEST:
        raise UnreadableError(f"{url} nests its elements more than {DEEPEST} deep", rule="too-deep")
    return LexborHTMLParser(html)


def matches(root: LexborHTMLParser | LexborNode, selector: str) -> Iterator[LexborNode]:
    """Each matching node once, inner ones before those around them, so that the caller may take out what it is given:
    a node inside one that was taken out must not be touched any more."""
    last = None
    for node in reversed(root.css(selector)):
        if node.mem_id != last:  # a node that matches two selectors of a list comes twice in a row
            last = node.mem_id
            yield node


def _depth(html: str) -> int:
    """How deep the elements may be nested at most: open tags before any place, less the end tags."""
    return max(accumulate(-1 if end else 1 for end in _NESTING.findall(html)), default=0)
