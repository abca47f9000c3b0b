"""One address for one article: what is added on the way (tracking, AMP, mobile, print, mirrors) is taken off again.

Nothing is looked up: two addresses that differ here may still be one article, which the text then shows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

import idna

_DEFAULT_PORT = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"(?:utm_|mtm_|pk_|hsa_|at_|wt_|ns_|stm_|trk_|oly_|vero_|_hs|guce_).*"
    r"|fbclid|gclid|gclsrc|dclid|msclkid|yclid|ttclid|twclid|wbraid|gbraid|igsh|igshid|mc_cid|mc_eid|mkt_tok|epik"
    r"|ocid|cmp|cmpid|icid|ncid|xtor|spm|smid|smtyp|sref|srnd|ito|s_cid|_ga|_gl|usqp|usp|zx|_t|taid"
    r"|ref|ref_src|ref_url|referrer|fromrss|from_rss|sharetype|traffic_source|nr_email_referer|campaign_id"
    r"|jsessionid|phpsessid|nocache|amp|amp_js_v|amp_gsa|isamp|print|printable|printerfriendly|mobile|nomobile",
    re.IGNORECASE)
_TWO_VALUED = {("outputtype", "amp"), ("output", "amp"), ("output", "print"), ("view", "print"), ("mode", "print"),
               ("type", "amp"), ("format", "amp"), ("layout", "print"), ("tmpl", "print"), ("m", "1"),
               ("action", "print")}
_MOBILE = {"m", "mobile", "amp", "mobil", "touch", "wap", "print"}
_END = re.compile(r"(?:/(?:amp|print|mobile)(?:\.html?)?|\.amp|;jsessionid=[^/]*)/*$|\.amp(?=\.html?$)", re.IGNORECASE)
_AMP_CACHE = re.compile(r"https?://(?:[\w.-]*\.)?(?:google\.[a-z.]{2,6}/amp/|cdn\.ampproject\.org/[cva]/)(s/)?(?=[\w.-]+\.\w)",
                        re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_SAYING = 3  # words, fewer than which say nothing
_LINE_BREAKS = re.compile(r"[\r\n\t]+")
_BAD_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0\ud800-\udfff]+")


def is_http(url: str) -> bool:
    """Whether this is an absolute http or https address with a host."""
    parts = _split(url)
    return parts is not None


def host_of(url: str) -> str:
    """The host in lower case ASCII without port, "" when there is none."""
    parts = _split(url)
    return _host(parts.hostname or "") if parts else ""


def absolute(link: str, base: str) -> str | None:
    """The link as an absolute http(s) address of at most 2,083 characters, else None (javascript:, data:, file: …)."""
    try:
        joined = urljoin(base, _LINE_BREAKS.sub("", link.strip()))
    except ValueError:
        return None
    joined = _BAD_IN_ADDRESS.sub(lambda found: quote(found.group(), errors="ignore"), joined)
    return joined if len(joined) <= 2083 and is_http(joined) else None


def canonical(url: str, mirrors: Sequence[str] = ()) -> str:
    """The address without tracking, fragment, default port and AMP, mobile or print form; a mirror gives the first one.

    A mirror is `host` (any port, which is kept) or `host:port`. What is no http(s) address comes back as it is.
    """
    url = _BAD_IN_ADDRESS.sub("", url)
    while (found := _AMP_CACHE.match(url)) is not None:
        url = ("https://" if found.group(1) else "http://") + url[found.end():]
    parts = _split(url)
    if parts is None:
        return url
    host, port = _host(parts.hostname or ""), parts.port
    if port == _DEFAULT_PORT[parts.scheme]:
        port = None
    netloc = _through_mirrors(_desktop(host), port, tuple(mirrors))
    path = _encoded(parts.path, "/:=&~+!$,;'@()*")
    while (shorter := _END.sub("", path).rstrip("/")) != path:
        path = shorter
    query = _encoded(parts.query, "/:=&~+!$,;'@()*?[]|")  # first: an escaped parameter is the same parameter
    pairs = [pair for pair in query.split("&") if pair and not _is_tracking(pair)]
    return urlunsplit((parts.scheme, netloc, path or "/", "&".join(pairs), ""))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORT or not parts.hostname or (parts.port or 1) > 65535:
            return None
    except ValueError:  # a bracket without its fellow, a port that is no number
        return None
    return parts


@lru_cache(maxsize=4096)
def _host(host: str) -> str:
    host = host.lower().rstrip(".")
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            host = quote(host, safe="")
    return f"[{host}]" if ":" in host else host


def _desktop(host: str) -> str:
    labels = host.split(".")
    mobile = False
    while len(labels) > 2 and labels[0] in _MOBILE:
        labels, mobile = labels[1:], True
    bare = len(labels) == 2 or (len(labels) == 3 and len(labels[1]) <= 3 and len(labels[2]) == 2)
    if not mobile and len(labels) > 3 and labels[1] in {"m", "mobile"}:  # en.m.wikipedia.org
        del labels[1]
    return ".".join(["www", *labels] if mobile and bare else labels)


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _through_mirrors(host: str, port: int | None, mirrors: tuple[str, ...]) -> str:
    """The first mirror in place of any of them; a sub-domain of a mirror (french.presstv.ir) stays one of the first."""
    here = f"{host}:{port}" if port else host
    if not mirrors:
        return here
    names = [mirror.strip().lower() for mirror in mirrors]
    if _bare(here) in map(_bare, names):
        return names[0]
    first, _, first_port = names[0].partition(":")
    kept = f":{first_port or port}" if first_port or port else ""
    for name in sorted(names, key=len, reverse=True):
        if ":" in name:
            continue
        if _bare(host) == _bare(name):
            return first + kept
        if host.endswith("." + _bare(name)):
            return host.removesuffix(_bare(name)) + _bare(first) + kept
    return here


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    return _TRACKING.fullmatch(name) is not None or (name.lower(), value.lower()) in _TWO_VALUED


def _encoded(part: str, safe: str) -> str:
    def unescaped(found: re.Match[str]) -> str:
        char = chr(int(found.group(1), 16))
        return char if char in _UNRESERVED else found.group().upper()

    return quote(_BARE_PERCENT.sub("%25", _ESCAPE.sub(unescaped, part)), safe=safe + "%", errors="replace")


def same_site(one: str, other: str) -> bool:
    """The same host but for a `www`, or two hosts of one domain."""
    first, second = host_of(one).removeprefix("www."), host_of(other).removeprefix("www.")
    return first == second or first.endswith("." + second) or second.endswith("." + first) or (
        _domain(first) == _domain(second) and not first.replace(".", "").isdigit())


def _domain(host: str) -> str:
    labels = host.split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if short else labels[-2:])


def words_in_address(url: str) -> str:
    """What an address says in words: of `/2026/11/20/33-children-return.html` "33 children return"; "" for less."""
    parts = [part.partition(".htm")[0] for part in unquote(urlsplit(url).path).split("/")]
    longest = max((re.split(r"[-_+\s.]+", part) for part in parts), key=len, default=[])
    words = [word for word in longest if word]
    return " ".join(words) if sum(word.isalpha() for word in words) >= _SAYING else ""


_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}
# "/2019/02/27-children-return" is as likely a headline that begins with a number as a day: only an end follows a day.
_SLASHED = re.compile(r"/((?:19|20)\d\d)/(\d{1,2}|[a-z]{3})/(\d{1,2})(?=/|$|\.(?:s?html?|php|aspx?)$)", re.IGNORECASE)
_DASHED = re.compile(r"(?<!\d)(?<!\d[-_.])((?:19|20)\d\d)([-_.])(\d\d)\2(\d\d)(?!\d)(?![-_.]\d{1,3}(?!\d))")
_PACKED = re.compile(r"(?:^|[/_.-])(?:[a-z]{1,3})?((?:19|20)\d\d)(\d\d)(\d\d)(?=$|[/_.-])", re.IGNORECASE)


def date_in_address(url: str) -> date | None:
    """The day that stands in the path as year, month, day; None where there is none, no real one, or two differ."""
    parts = _split(url)
    if parts is None:
        return None
    for pattern, groups in ((_SLASHED, (1, 2, 3)), (_DASHED, (1, 3, 4)), (_PACKED, (1, 2, 3))):
        days = {day for found in pattern.finditer(parts.path) if (day := _day(*(found.group(g) for g in groups)))}
        if days:
            return days.pop() if len(days) == 1 else None
    return None


def _day(year: str, month: str, day: str) -> date | None:
    number = _MONTHS.get(month.lower(), 0) if month.isalpha() else int(month)
    try:
        found = date(int(year), number, int(day))
    except ValueError:
        return None
    return found if found.year >= 1995 else None
