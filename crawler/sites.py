"""Whom politeness is owed: the registered domain, by the Public Suffix List that comes with tldextract (no network)."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

import tldextract

from storage.running import host_of

_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
_AUTHORITY_END = re.compile(r"[/?#]")


def site_of(url: str) -> str:
    """The name by which a server is treated politely: "presstv.ir" for french.presstv.ir; "" for no address.

    Blogs under a shared suffix (x.blogspot.com) are one each. A number, a bare name and a name under no known suffix
    stand for themselves, and so does an unusual port.
    """
    scheme, _, rest = url.partition("://")
    return _site(f"{scheme}://{_AUTHORITY_END.split(rest, maxsplit=1)[0]}")


@lru_cache(maxsize=4096)
def _site(origin: str) -> str:
    host = host_of(origin)
    try:
        name = urlsplit(origin).hostname or ""
    except ValueError:
        return ""
    port = host.rpartition(":")[2] if host.rpartition(":")[2].isdigit() and not host.endswith(name) else ""
    domain = _SUFFIXES(name).top_domain_under_public_suffix
    return (f"{domain}:{port}" if port else domain) if domain else host
