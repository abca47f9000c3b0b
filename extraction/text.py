"""Text as it may be stored, compared and searched: cleaned once, where it enters, so that nothing later has to.

A NUL in SQLite hides the rest of a field from `LIKE` and `instr`, a lone surrogate can't be written at all, and
invisible marks inside a word or a number hide it from every rule: all measured, all taken out here.
"""

from __future__ import annotations

import re
import unicodedata

from selectolax.lexbor import LexborHTMLParser

from extraction.page_tree import matches

_NOT_STORABLE = (  # C0 but tab and line feeds, DEL, C1, surrogates, noncharacters
    "\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)))
_UNSTORABLE = re.compile(f"[{_NOT_STORABLE}]")
# Soft hyphen, zero-width space, word joiner, byte order mark, direction marks: invisible, and they split words. The
# joiners U+200C and U+200D stay: Persian and Indic spelling needs them.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u061c\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")
_LINE_SPACES = re.compile(r"[^\S\n]+")
_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_LOOKS_LIKE_MARKUP = re.compile(r"<[a-zA-Z!/]|&[#a-zA-Z]")
_BLOCKS = ("p, div, br, li, ul, ol, tr, td, h1, h2, h3, h4, h5, h6, blockquote, section, article, figure, figcaption, "
           "table, dl, dt, dd, pre, header, footer, hr")
_HTML_LIMIT = 100_000  # characters of a feed's summary worth reading; 10,000 nested <div> in them cost 0.1 s


def storable(raw: str) -> str:
    """The same text with every character that can't be stored replaced by U+FFFD: offsets into it stay true."""
    return _UNSTORABLE.sub("\ufffd", raw)


def clean_text(raw: str, limit: int | None = None) -> str:
    """One line of clean text: no control, surrogate, noncharacter or invisible mark, NFC, single spaces, capped."""
    if raw.isprintable():  # most text: nothing in it is a control, an invisible mark or another space
        text = unicodedata.normalize("NFC", raw).strip()
        text = _SPACES.sub(" ", text) if "  " in text else text
        return text if limit is None else text[:limit].rstrip()
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _UNSTORABLE.sub("", _NEWLINES.sub(" ", raw))))
    text = _SPACES.sub(" ", text).strip()
    return text if limit is None else text[:limit].rstrip()


def clean_paragraphs(raw: str, limit: int | None = None) -> str:
    """Clean text that keeps its lines: what `clean_text` does, line by line; at most one blank line between two."""
    text = _INVISIBLE.sub("", _UNSTORABLE.sub("", _NEWLINES.sub("\n", raw)))
    text = _LINE_SPACES.sub(" ", unicodedata.normalize("NFC", text))
    text = "\n".join(line.strip() for line in text.split("\n"))
    text = _BLANK_LINES.sub("\n\n", text).strip()
    return text if limit is None else text[:limit].rstrip()


def normal_key(text: str) -> str:
    """What is left for comparing: NFKC, case folded, letters, marks and digits only."""
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower()))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(c for c in folded if c.isalnum() or unicodedata.category(c) in ("Mn", "Mc"))
    return unicodedata.normalize("NFKC", kept)


def plain_text(markup: str, limit: int | None = None) -> str:
    """What a reader sees of a piece of HTML, as one clean line; text without markup is only cleaned."""
    if not _LOOKS_LIKE_MARKUP.search(markup):
        return clean_text(markup, limit)
    tree = LexborHTMLParser(_UNSTORABLE.sub("", markup[:_HTML_LIMIT]))
    for node in matches(tree, "script, style, noscript, template, iframe, svg"):
        node.decompose()
    for node in tree.css(_BLOCKS):
        node.insert_before(" ")
        node.insert_after(" ")
    root = tree.body or tree.root
    return clean_text(root.text() if root else _TAG.sub(" ", markup), limit)
