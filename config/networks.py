"""Which addresses may be connected to: public ones, and networks that the operator listed. Pure; looks nothing up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
LONGEST_URL = 2083
_NEVER = re.compile(r"[\x00-\x20\\]")
NAT64 = IPv6Network("64:ff9b::/96")
GLOBAL_UNICAST = IPv6Network("2000::/3")
DOCUMENTATION = IPv6Network("3fff::/20")  # RFC 9637; ipaddress does not know it yet


def is_listed(address: Address, networks: Sequence[Network]) -> bool:
    """It lies in a network that the operator allowed."""
    return any(address in network or unwrap(address) in network for network in networks)


def unwrap(address: Address) -> Address:
    """The IPv4 address that a v4-mapped, 6to4, Teredo or NAT64 address leads to; any other one as it is."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    return inner or address


def is_public(address: Address) -> bool:
    address = unwrap(address)
    if isinstance(address, IPv6Address) and (address not in GLOBAL_UNICAST or address in DOCUMENTATION):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def parse_networks(listed: Sequence[str]) -> tuple[Network, ...]:
    return tuple(ip_network(network, strict=False) for network in listed)


def check_url(url: str) -> str | None:
    """Why no request may be made to this address, judged by its letters alone; None when one may."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"it is no address ({error})"
    if parts.scheme not in ("http", "https"):
        return f"only http and https addresses are fetched, not {parts.scheme or 'one without a scheme'}"
    if not host:
        return "it names no host"
    if "@" in parts.netloc:
        return "it carries a user name"
    if _NEVER.search(url):
        return "it holds a space, a backslash or a control character"
    return f"it is longer than {LONGEST_URL} characters" if len(url) > LONGEST_URL else None
