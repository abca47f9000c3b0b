"""The text of the article: the tree is pruned of all beside it, trafilatura reads the rest, the edges are tidied."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extraction.page_tree import matches
from extraction.text import clean_paragraphs, normal_key

_NEVER = ("head, script, style, template, svg, nav, iframe, object, embed, video, audio, canvas, picture, img, input, "
          "button, select, dialog")
_BOXES = ("footer, form, aside, figure, figcaption, menu, [hidden], [role=navigation], [role=contentinfo], "
          "[role=complementary]")
_NAMED = ", ".join(f'[class*="{word}" i], [id*="{word}" i]' for word in (
    "caption", "breadcrumb", "related", "recommend", "newsletter", "cookie", "consent", "share-", "social", "sharing",
    "teaser", "promo", "most-read", "read-more", "readmore", "also-read", "photo-credit", "image-credit", "footer"))
_MOST_OF_IT = 0.3  # a box that holds this share of the page's text is the page, whatever it is called
_LINKS, _OF_LINKS = 4, 0.8  # a list of so many links with this share of its text in them is a menu
_PROSE = 400  # characters with few links in them: text, though its class says caption, sharing or read-more
_CREDIT = re.compile(
    r"[(\[][^()\[\]]{0,80}\b(?:photos?|pictures?|images?|file|afp|reuters|ap|getty|epa|anadolu|tass|fotos?|bild|фото|صورة"
    r"|الصورة)\b[^()\[\]]{0,60}[)\]]\s*$|^(?:file )?(?:photo|picture|image|foto|bild|фото|صورة)\s?:"
    r"|\b(?:photo|foto|bild|фото|image)\s?:\s?\S[^.!?]{0,60}$", re.IGNORECASE)
_ADDRESS_LINE = re.compile(r"^(?:- )?(?:(?:https?://|www\.)\S+|\S+\.(?:com|org|net|ir|tv|co|info|news)(?:/\S*)?)$",
                           re.IGNORECASE)
_CRUMBS = re.compile(r"^[^.!?]{1,80}(?:\s[/>»›]\s[^.!?]{1,40})+$")
_WALL = re.compile(
    r"enable (?:javascript|cookies)|javascript (?:is )?(?:disabled|required)|are you a (?:robot|human)|unusual traffic"
    r"|verify (?:that )?you|checking your browser|access denied|accept (?:all )?cookies|we (?:and our partners )?use"
    r"|cookie(?:s| policy)|adblock|JavaScript aktivieren|Cookies akzeptieren|Zustimmung|включите javascript"
    r"|activer javascript|accepter les cookies|ملفات تعريف الارتباط|çerez", re.IGNORECASE)
_WALL_SHORTER_THAN = 700  # characters
_TOP = 6  # lines that may be crumbs, headline or credit before the article begins
SHORTEST = 120  # characters of text that can be an article; a flash of news has more
# Less text than this, with so many times as much on the page, is a wrong box (a teaser, a sign-up) more often than an
# article; trafilatura's slower ways then find the right one. Six of 200 pages are looked at again, three get a text.
_SUSPICIOUS, _TIMES_AS_MUCH, _TIMES_LONGER = 600, 6, 5


def main_text(tree: LexborHTMLParser, title: str | None) -> str:
    """The article's paragraphs, one a line, without headline, captions, credits, teasers and footers; "" without any.

    The tree is pruned in place: read everything else from it first.
    """
    prune(tree)
    html = tree.html or ""
    text = "\n".join(_tidy(_extracted(html), title))
    if len(text) < _SUSPICIOUS and len(tree.body.text() if tree.body else "") > _TIMES_AS_MUCH * _SUSPICIOUS:
        again = "\n".join(_tidy(_extracted(html, fast=False), title))
        text = again if len(again) > _TIMES_LONGER * len(text) else text
    return "" if is_wall(text) or len(text) < SHORTEST or sum(map(str.isalpha, text)) < SHORTEST / 2 else text


def is_wall(text: str) -> bool:
    """A short text that asks for consent, scripts or proof of being human: no article."""
    return len(text) < _WALL_SHORTER_THAN and _WALL.search(text) is not None


def prune(tree: LexborHTMLParser) -> None:
    """Take out what is never part of an article, and what is named as beside it and is neither prose nor most of it."""
    for node in matches(tree, _NEVER):
        node.decompose()
    body = tree.body
    if body is None:
        return
    most = _MOST_OF_IT * max(len(body.text() or ""), 1)
    for selector, named in ((_BOXES, False), (_NAMED, True)):
        for node in matches(body, selector):
            length = len(node.text() or "")
            if length < most and _removable(node) and not (named and length > _PROSE and _is_prose(node, length)):
                node.decompose()
    for node in matches(body, "ul, ol"):
        links = node.css("a")
        if len(links) >= _LINKS and _in_links(links) > _OF_LINKS * len(node.text() or ""):
            node.decompose()
    # An element less is a step less in each of trafilatura's thirty searches: these hold nothing that it looks for.
    tree.unwrap_tags(["span", "font"])


def _is_prose(node: LexborNode, length: int) -> bool:
    return _in_links(node.css("a")) < 0.3 * length


def _in_links(links: list[LexborNode]) -> int:
    return sum(len(link.text() or "") for link in links)


def _removable(node: LexborNode) -> bool:
    return node.tag not in ("html", "body", "main", "article", "h1") and node.parent is not None


def _extracted(html: str, *, fast: bool = True) -> str:
    import trafilatura  # noqa: PLC0415  300 ms to import; feeds are read without it
    from lxml import etree  # noqa: PLC0415

    try:
        tree = etree.fromstring(html.encode("utf-8", "replace"), _parser())
    except etree.XMLSyntaxError:  # nothing in it
        return ""
    if tree is None:
        return ""
    found = trafilatura.extract(tree, fast=fast, include_comments=False, include_tables=True, include_formatting=False)
    return clean_paragraphs(found) if isinstance(found, str) else ""


@lru_cache(maxsize=1)
def _parser() -> Any:
    """Trafilatura's own way of parsing, except that every element is of one class: lxml.html asks a Python function for
    the class of each, which is a twentieth of an extraction's time."""
    from lxml import etree, html  # noqa: PLC0415

    parser = etree.HTMLParser(encoding="utf-8", collect_ids=False, default_doctype=False, remove_comments=True,
                              remove_pis=True)
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    return parser


def _tidy(text: str, title: str | None) -> list[str]:
    """The lines without credits; crumbs and a repeated headline at the top; addresses and what announces them."""
    lines = [line for whole in text.split("\n") for line in _cells(whole) if line and not _ADDRESS_LINE.match(line)]
    headline = normal_key(title or "")
    top = [line for line in lines[:_TOP] if not (headline and normal_key(line) == headline) and not _CRUMBS.match(line)]
    lines = [line for line in top + lines[_TOP:] if len(line) > 300 or not _CREDIT.search(line)]
    while lines and lines[-1].endswith(":") and len(lines[-1]) < 200:
        lines.pop()
    return lines


def _cells(line: str) -> list[str]:
    """A table's row as its cells: on one line, or each on its own where they are prose in a table made for layout."""
    if not (line.startswith("|") and line.endswith("|")):
        return [line]
    cells = [cell for part in line.strip("|").split("|") if (cell := part.strip(" -"))]
    return cells if any(len(cell) > 80 for cell in cells) else [" | ".join(cells)]
