"""A page's tree, parsed once and safely: capped, not too deep, and freed of what is never part of an article."""

from __future__ import annotations

import re
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser

from records.errors import UnreadableError

LARGEST = 1_000_000  # characters: 1 MB of table rows costs 5 CPU seconds in trafilatura, 2 MB 12
DEEPEST = 4_000  # nested elements: 100,000 hang lexbor for 11 seconds, 4,000 cost 0.05
# Elements that nest; those whose end tag may be left out (p, li, td …) and empty ones (br, img …) don't count.
_NESTING = re.compile(r"<(?:/(?=NAMES)|(?=NAMES))".replace("NAMES", r"(?:[bius]|[a-z]{1,20}(?<!input)(?<!link)(?<!meta)"
                      r"(?<!img)(?<!br)(?<!hr)(?<!li)(?<!td)(?<!th)(?<!tr)(?<!option)(?<!source)(?<!path))[\s/>]"), re.IGNORECASE)


def parsed(html: str, url: str) -> LexborHTMLParser:
    """The tree of the first million characters. Raises UnreadableError (`too-deep`) before a parser could hang."""
    html = html[:LARGEST].replace("\x00", "")
    if html.count("<") > DEEPEST and _depth(html) > DEEPEST:
        raise UnreadableError(f"{url} nests its elements more than {DEEPEST} deep", rule="too-deep")
    return LexborHTMLParser(html)


def _depth(html: str) -> int:
    """How deep the elements are nested at most; never less than a parser would find, as far as tags are what they seem."""
    return max(accumulate(-1 if tag == "</" else 1 for tag in _NESTING.findall(html)), default=0)
