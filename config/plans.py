"""An endpoint of the config as the crawl is to visit it; one for each query where its address is a template."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from config.settings import Settings
from config.source_tables import EndpointTable, SourceTable
from records.errors import ConfigError
from records.news import EndpointPlan

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
QUERY, APPNAME = "{query}", "{appname}"
ASK_FOR_ONE = "ask for one at https://apidoc.reliefweb.int/parameters#appname"


def plans(source: SourceTable, table: EndpointTable, settings: Settings, *, networks: Sequence[Network],
          asked: Mapping[str, Sequence[str]], path: Path) -> Iterator[EndpointPlan]:
    """The endpoints that one table stands for. Raises ConfigError."""
    crawl = settings.crawl
    lowest = table.min_interval or crawl.min_interval
    highest = table.max_interval or crawl.max_interval
    if lowest > highest:
        raise ConfigError(f'{path}: [[source.endpoint]] "{table.url}": min_interval = {lowest:g} is above max_interval '
                          f"= {highest:g}")
    if table.allow_private and not networks:
        raise ConfigError(f'{path}: [[source.endpoint]] "{table.url}": allow_private needs its network in '
                          "allow_networks of [crawl]")
    interval = min(max(table.interval or crawl.interval, lowest), highest)
    for url in _addresses(source, table, settings, asked, path):
        yield EndpointPlan(
            source_id=source.id, url=url, kind=table.kind, fetch=table.fetch, link_pattern=table.link_pattern,
            interval=interval, min_interval=lowest, max_interval=highest, select=table.select, pages=table.pages,
            allow_private=table.allow_private or _within(url, networks))


def _addresses(source: SourceTable, table: EndpointTable, settings: Settings, asked: Mapping[str, Sequence[str]],
               path: Path) -> Iterator[str]:
    """The address; filled in, and once for each query, where it is a template."""
    url, where = table.url, f'{path}: [[source.endpoint]] "{table.url}"'
    if APPNAME in url:
        if settings.services.reliefweb_appname is None:
            raise ConfigError(f"{where} needs reliefweb_appname in [services]; {ASK_FOR_ONE}")
        url = url.replace(APPNAME, quote(settings.services.reliefweb_appname, safe=""))
    if QUERY not in url:
        if table.query:
            raise ConfigError(f"{where} has a query and no {QUERY} in its address")
        yield url
        return
    language = (table.language or (source.languages[0] if len(source.languages) == 1 else "")).partition("-")[0]
    wanted = table.query or asked.get(language, ())
    if not wanted:
        known = ", ".join(sorted(asked))
        raise ConfigError(f"{where} has {QUERY} in its address, and no query; name some, or a language of [queries] "
                          f"({known})")
    for query in dict.fromkeys(wanted):
        yield url.replace(QUERY, quote(query, safe=""))


def _within(url: str, networks: Sequence[Network]) -> bool:
    """The address names a host in one of the networks, as a literal or as localhost."""
    host = urlsplit(url).hostname or ""
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        return False
    return any(address.version == network.version and address in network for network in networks)
