"""Text of strangers made fit for each place it is shown. All of it is hostile until it has passed here.

HTML needs no help of ours: Jinja2 escapes every value. What remains is headers, links, Slack, and invisible characters.
"""

from __future__ import annotations

import unicodedata
from urllib.parse import quote, urlsplit

HEADER_CAP = 200  # characters; a 50,000-character subject keeps the mail library busy for 0.7 s
JOINERS = {"\u200c", "\u200d"}  # Persian and Indic spelling and emoji need them; all other format characters go
LINK_SAFE = "/:?#[]@!$&'()*+,;=%-._~"  # what may stand unescaped in an address, minus < > | " and space


def plain(text: str | None) -> str:
    """One line without control, format (bidi overrides, zero width) and line-separating characters."""
    kept = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text or ""
            if c in JOINERS or unicodedata.category(c) not in {"Cf", "Cs", "Co", "Cn"})
    return " ".join("".join(kept).split())


def shorten(text: str, cap: int) -> str:
    """At most `cap` characters, cut at a word where one ends in the last fifth."""
    if len(text) <= cap:
        return text
    cut = text[:cap - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > cap * 4 // 5 else cut).rstrip() + "…"


def header_text(text: str | None, cap: int = HEADER_CAP) -> str:
    """A value that stays one header, whatever it holds.

    Python's email package decodes `=?utf-8?q?Hi=0ABcc:_x?=` in a value it is given and writes the line break out as a
    new header (CVE-2024-6923); so the marks of an encoded word are broken apart too.
    """
    line = plain(text).replace("\u200c", "").replace("\u200d", "")
    return shorten(line.replace("=?", "= ?").replace("?=", "? ="), cap)


def link(url: str | None) -> str | None:
    """The address where it may be linked to: http(s), a host, no user name in it; else None."""
    if not url or plain(url) != url or " " in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or "\\" in url:
        return None
    return quote(url, safe=LINK_SAFE)


def host(url: str | None) -> str | None:
    """Where a link leads, in ASCII, so that a look-alike name shows its true letters."""
    if link(url) is None:
        return None
    name = urlsplit(url or "").hostname or ""
    try:
        return name.encode("idna").decode("ascii").removeprefix("www.")
    except UnicodeError:
        return quote(name)


def mrkdwn(text: str | None) -> str:
    """Text for a Slack mrkdwn object: `<!channel>` and `<@U1>` become letters. Exactly these three, says Slack."""
    return plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def slack_link(url: str | None, label: str) -> str:
    """A Slack link with a label, or the label alone where the address may not be linked to."""
    safe = link(url)
    name = mrkdwn(label).replace("|", "¦")
    return f"<{mrkdwn(safe).replace('|', '%7C')}|{name}>" if safe else name
