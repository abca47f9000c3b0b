"""An address as a person gives it: every way in which the store may have kept it."""

from __future__ import annotations

import json
from urllib.parse import urlsplit, urlunsplit

from extraction.addresses import canonical, is_http
from records.errors import StoreError
from storage import Store
from storage.tracing import Trace


def ways(url: str, mirrors: list[str]) -> set[str]:
    """The address as given, its canonical form (with each source's mirrors), and both with and without https, www and
    a stroke at the end."""
    forms = {url, canonical(url), *(canonical(url, json.loads(hosts)) for hosts in mirrors)}
    found = set()
    for form in forms:
        parts = urlsplit(form)
        host = parts.netloc.removeprefix("www.")
        path = parts.path.rstrip("/")
        found |= {form, *(urlunsplit((scheme, netloc, end, parts.query, "")) for scheme in ("http", "https")
                          for netloc in (host, f"www.{host}") for end in {path or "/", f"{path}/"})}
    return found


def traced(store: Store, url: str) -> Trace:
    """What became of the address. Raises StoreError where it is none, or was never met."""
    if not is_http(url):
        raise StoreError(f"{url[:200]} is no http(s) address")
    trace = store.trace(ways(url, store.mirrors()))
    if not trace.known:
        raise StoreError(f"{url} was never met: no endpoint that is watched promised it, and nobody imported it")
    return trace
