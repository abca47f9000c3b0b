"""The text of the article: what is never part of it is pruned from the tree, trafilatura reads the rest, the edges are tidied."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extraction.text import clean_paragraphs, normal_key

_NEVER = "script, style, noscript, template, svg, nav, iframe, object, embed, video, audio, canvas, picture, button, select, dialog"
_OTHERS = ("footer, form, aside, figure, figcaption, menu",  # unless most of the page stands in one of them
           ", ".join(f'[class*="{word}" i], [id*="{word}" i]' for word in (
               "caption", "breadcrumb", "related", "recommend", "newsletter", "cookie", "consent", "share-", "social", "sharing",
               "teaser", "promo", "most-read", "read-more", "readmore", "also-read", "photo-credit", "image-credit", "footer")),
           '[role="navigation"], [role="contentinfo"], [role="complementary"], [aria-hidden="true"], [hidden]')
_MOST_OF_IT = 0.3  # a box that holds this share of the page's text is the page, whatever it is called
_CREDIT = re.compile(
    r"[(\[][^()\[\]]{0,80}\b(?:photos?|pictures?|images?|file|afp|reuters|ap|getty|epa|anadolu|tass|foto|fotos|bild|фото|صورة|الصورة)\b"
    r"[^()\[\]]{0,60}[)\]]\s*$|^(?:file )?(?:photo|picture|image|foto|bild|фото|صورة)\s?:|"
    r"\b(?:photo|foto|bild|фото|image)\s?:\s?\S[^.!?]{0,60}$", re.IGNORECASE)
_ADDRESS_LINE = re.compile(r"^(?:https?://|www\.)\S+$|^\S+\.(?:com|org|net|ir|tv|co|info|news)(?:/\S*)?$", re.IGNORECASE)
_CRUMBS = re.compile(r"^[^.!?]{1,80}(?:\s[/>»›|]\s[^.!?]{1,40})+$|^(?:\S+\s){0,3}[/>»›|]\s")
_WALL = re.compile(
    r"enable (?:javascript|cookies)|javascript (?:is )?(?:disabled|required)|are you a (?:robot|human)|unusual traffic|verify (?:that )?you"
    r"|checking your browser|access denied|accept (?:all )?cookies|we (?:and our partners )?use cookies|cookie(?:s| policy)|adblock"
    r"|JavaScript aktivieren|Cookies akzeptieren|Zustimmung|включите javascript|activer javascript|accepter les cookies"
    r"|ملفات تعريف الارتباط|çerez", re.IGNORECASE)
SHORTEST = 120  # characters of text that can be an article; a flash of news has more
_WALL_SHORTER_THAN = 700


def main_text(tree: LexborHTMLParser, title: str | None) -> str:
    """The article's paragraphs, one a line, without headline, captions, credits, teasers and footers; "" without any.

    The tree is pruned in place: read everything else from it first.
    """
    prune(tree)
    found = _tidy(_extracted(tree.html or ""), title)
    text = "\n".join(found)
    return "" if is_wall(text) or len(text) < SHORTEST else text


def is_wall(text: str) -> bool:
    """A short text that asks for consent, scripts or proof of being human: no article."""
    return len(text) < _WALL_SHORTER_THAN and _WALL.search(text) is not None


def prune(tree: LexborHTMLParser) -> None:
    """Take out what is never part of an article, and boxes named as something else unless they hold most of the page."""
    for node in tree.css(_NEVER):
        node.decompose()
    body = tree.body
    if body is None:
        return
    whole = max(len(body.text() or ""), 1)
    for selector in _OTHERS:
        for node in body.css(selector):
            if _removable(node) and len(node.text() or "") < _MOST_OF_IT * whole:
                node.decompose()


def _removable(node: LexborNode) -> bool:
    return node.tag not in ("html", "body", "main", "article", "h1") and node.parent is not None


def _extracted(html: str) -> str:
    import trafilatura  # noqa: PLC0415  300 ms to import; feeds are read without it

    found = trafilatura.extract(html, fast=True, include_comments=False, include_tables=True, include_formatting=False)
    return clean_paragraphs(found) if isinstance(found, str) else ""


def _tidy(text: str, title: str | None) -> list[str]:
    """The lines without credits, crumbs and the repeated headline at the top, without addresses and what announces them."""
    lines = [line for line in text.split("\n") if line and not _ADDRESS_LINE.match(line)]
    headline = normal_key(title or "")
    top = 0
    while top < min(len(lines), 6):
        line = lines[top]
        if (headline and normal_key(line) == headline) or _CREDIT.search(line) or _CRUMBS.match(line):
            del lines[top]
        else:
            top += 1
    lines = [line for line in lines if not (_CREDIT.search(line) and len(line) < 300)]
    while lines and lines[-1].endswith(":") and len(lines[-1]) < 200:
        lines.pop()
    return lines
