"""Text of strangers made fit for each place it is shown. All of it is hostile until it has passed here.

HTML needs no help of ours: Jinja2 escapes every value. What remains is headers, links, Slack, and invisible characters.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

HEADER_CAP = 200  # characters; a 50,000-character subject keeps the mail library busy for 0.7 s
JOINERS = {"\u200c", "\u200d"}  # Persian and Indic spelling and emoji need them; all other format characters go
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")  # no IPv6 literal: no outlet lives at one
LINK_MOST = 2_000  # characters of an address; a longer one is no article's, and would push out what is said
LINK_SAFE = "/:?#[]@!$&'()*+,;=%-._~"  # what may stand unescaped in an address, minus < > | " and space


def plain(text: str | None) -> str:
    """One line without control, format (bidi overrides, zero width) and line-separating characters."""
    if text and text.isascii() and text.isprintable():
        return " ".join(text.split())  # nothing to take out: most names and half of all quotes
    kept = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text or ""
            if c in JOINERS or unicodedata.category(c) not in {"Cf", "Cs", "Co", "Cn"})
    return " ".join("".join(kept).split())


def isolated(text: str) -> str:
    """A right-to-left name kept from reordering what follows it in a left-to-right line. HTML has <bdi> for that."""
    turns = any(unicodedata.bidirectional(c) in {"R", "AL"} for c in text)
    return f"\u2068{text}\u2069" if turns else text


def name(text: str | None, cap: int = 120) -> str:
    """A name or a short remark, as one line of bearable length."""
    return shorten(plain(text), cap)


def shorten(text: str, cap: int) -> str:
    """At most `cap` characters, cut at a word where one ends in the last fifth."""
    if len(text) <= cap:
        return text
    cut = text[:cap - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > cap * 4 // 5 else cut).rstrip() + "…"


def whole_parts(line: str, cap: int) -> str:
    """At most `cap` characters of a line whose parts stand between "; ": whole parts, and that there are more."""
    if len(line) <= cap:
        return line
    parts = line.split("; ")
    for kept in range(len(parts) - 1, 0, -1):
        said = "; ".join([*parts[:kept], "and more"])
        if len(said) <= cap:
            return said
    return shorten(line, cap)


def header_text(text: str | None, cap: int = HEADER_CAP) -> str:
    """A value that stays one header, whatever it holds.

    Python's email package decodes `=?utf-8?q?Hi=0ABcc:_x?=` in a value it is given and writes the line break out as a
    new header (CVE-2024-6923); so the marks of an encoded word are broken apart too.
    """
    line = plain(text).replace("\u200c", "").replace("\u200d", "")
    return shorten(line.replace("=?", "= ?").replace("?=", "? ="), cap)


def link(url: str | None) -> str | None:
    """The address where it may be linked to: http(s), a host (in ASCII), no user name in it, of bearable length; else
    None."""
    name = host(url, whole=True)
    if url is None or name is None:
        return None
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    safe = quote(urlunsplit((parts.scheme, name + port, parts.path, parts.query, parts.fragment)), safe=LINK_SAFE)
    return safe if len(safe) <= LINK_MOST else None


def host(url: str | None, *, whole: bool = False) -> str | None:
    """Where a link leads, in ASCII, so that a look-alike name shows its true letters; None where it may not be linked
    to. `whole` keeps a leading "www."."""
    if not url or plain(url) != url or {" ", "\\"} & set(url):
        return None
    try:
        parts = urlsplit(url)
        name = (parts.hostname or "").encode("idna").decode("ascii")
        if parts.scheme not in {"http", "https"} or not HOST.fullmatch(name) or "@" in parts.netloc or parts.port == 0:
            return None
    except ValueError:  # no address at all, a port that is no number, a name that IDNA refuses
        return None
    return name if whole else name.removeprefix("www.")


def mrkdwn(text: str | None) -> str:
    """Text for a Slack mrkdwn object: `<!channel>` and `<@U1>` become letters. Exactly these three, says Slack."""
    return plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def slack_link(url: str | None, label: str) -> str:
    """A Slack link with a label, or the label alone where the address may not be linked to."""
    safe = link(url)
    name = mrkdwn(label).replace("|", "¦")
    return f"<{mrkdwn(safe).replace('|', '%7C')}|{name}>" if safe else name
