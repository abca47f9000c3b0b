"""OPML subscription lists, read as hostile XML: every outline with a feed's address, in any nesting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from extraction.addresses import absolute
from extraction.text import plain_text
from records.errors import UnreadableError

MOST = 5_000  # outlines of one list


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of the list."""

    url: str
    title: str | None = None
    site: str | None = None  # its web page
    language: str | None = None


def read_opml(body: bytes, *, name: str) -> tuple[tuple[Outline, ...], int]:
    """The feeds of a list, each address once, and how many outlines named an address that is none.

    Raises UnreadableError (`not-opml`) for what is no OPML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"{name} is not OPML ({type(error).__name__}); export the list again from where it comes "
                              "from", rule="not-opml") from error
    if root is None or not isinstance(root.tag, str) or root.tag.rpartition("}")[2].lower() != "opml":
        raise UnreadableError(f"{name} is not OPML: it has no <opml> around it", rule="not-opml")
    found: dict[str, Outline] = {}
    wrong = 0
    for raw, title, site, language in _outlines(root):
        url = absolute(raw, "")
        if url is None:
            wrong += 1
        elif len(found) < MOST:
            found.setdefault(url, Outline(url=url, title=plain_text(title, 120) or None, site=absolute(site, ""),
                                          language=language or None))
    return tuple(found.values()), wrong


def _outlines(root: etree._Element) -> Iterator[tuple[str, str, str, str]]:
    for node in root.iter():
        if isinstance(node.tag, str) and node.tag.rpartition("}")[2].lower() == "outline":
            said = {str(name).lower(): str(value) for name, value in node.attrib.items()}
            if said.get("xmlurl"):
                yield (said["xmlurl"], said.get("title") or said.get("text") or "", said.get("htmlurl", ""),
                       said.get("language", ""))
