"""Only public http(s) addresses are fetched, whatever a feed, a redirect or a name server says.

The resolver stands between every request and its connection: the address that was checked is the one connected to, so
that a name which changes its answer in between gains nothing. IP literals in any spelling pass through it as well.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from ipaddress import IPv4Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from scrapy.resolver import HostResolution
from twisted.internet.address import IPv4Address as TcpAddress
from twisted.internet.address import IPv6Address as Tcp6Address
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from config.networks import Address, Network, is_listed, is_public, parse_networks

PORTS = {80: "http", 443: "https", 8080: "http", 8443: "https"}  # on networks of the operator's list, any port
KEEP_SECONDS = 300.0  # Scrapy's own cache has no end: a month-old worker would use month-old addresses
KEEP_NAMES = 4096


@implementer(IHostnameResolver)
class GuardedResolver:
    """The reactor's name resolver, letting through only addresses that may be connected to."""

    def __init__(self, reactor: Any, networks: tuple[Network, ...]) -> None:
        self.networks = networks
        self._reactor = reactor
        self._inner: Any = reactor.nameResolver
        self._known: dict[str, tuple[float, list[Address]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        return cls(reactor, parse_networks(crawler.settings.getlist("HOMEWARD_ALLOW_NETWORKS")))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(self, resolutionReceiver: Any, hostName: str, portNumber: int = 0,  # noqa: N802, N803 - Twisted's
                        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
                        transportSemantics: str = "TCP") -> IHostResolution:  # noqa: N803
        known = self._recall(hostName)
        if known is not None:
            resolution: Any = HostResolution(hostName)
            resolutionReceiver.resolutionBegan(resolution)
            self._let_through(resolutionReceiver, known, portNumber)
            return resolution  # type: ignore[no-any-return]  # zope interfaces carry no types
        sieve = _Sieve(self, resolutionReceiver, hostName, portNumber)
        return self._inner.resolveHostName(  # type: ignore[no-any-return]  # as above
            sieve, hostName, portNumber, addressTypes, transportSemantics)

    def _let_through(self, receiver: Any, addresses: list[Address], port: int) -> None:
        for address in addresses:
            if self._objection(address, port) is None:
                kind = TcpAddress if isinstance(address, IPv4Address) else Tcp6Address
                receiver.addressResolved(kind("TCP", str(address), port))
        receiver.resolutionComplete()

    def _objection(self, address: Address, port: int) -> str | None:
        if self.is_listed(address):
            return None
        if not is_public(address):
            return f"{address} is not a public address (list its network in crawl.allow_networks to allow it)"
        if port not in PORTS:
            return f"port {port} is none of {', '.join(map(str, PORTS))} (crawl.allow_networks allows any port)"
        return None

    def is_listed(self, address: Address) -> bool:
        """It lies in a network that the operator allowed."""
        return is_listed(address, self.networks)

    def refusal(self, url: str) -> str | None:
        """Why the last look-up of this address's host let nothing through; None when the host has no address at all."""
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        objections = [self._objection(address, port) for address in self._recall(parts.hostname or "") or ()]
        return objections[0] if objections and all(objections) else None

    async def lookup(self, host: str) -> list[Address]:
        """All addresses of a host, allowed or not; [] when it has none."""
        known = self._recall(host)
        if known is None:
            receiver = _Collector()
            self.resolveHostName(receiver, host)
            await receiver.done
            known = self._recall(host) or []
        return known

    def _recall(self, host: str) -> list[Address] | None:
        found = self._known.get(host)
        return found[1] if found and found[0] > time.monotonic() else None

    def remember(self, host: str, addresses: list[Address]) -> None:
        if len(self._known) >= KEEP_NAMES:
            self._known.pop(next(iter(self._known)))
        self._known[host] = (time.monotonic() + KEEP_SECONDS, addresses)


def running_reactor() -> Any:
    from twisted.internet import reactor  # noqa: PLC0415 - importing it at the top would install the wrong kind

    return reactor


def installed_guard() -> GuardedResolver:
    """The one that stands in the running reactor. Without it nothing is ever fetched."""
    found = running_reactor().nameResolver
    assert isinstance(found, GuardedResolver), "the guard is not installed as TWISTED_DNS_RESOLVER"
    return found


@implementer(IResolutionReceiver)
class _Sieve:
    """Hears what the inner resolver finds, keeps it all, and passes on what may be connected to."""

    def __init__(self, guard: GuardedResolver, receiver: Any, host: str, port: int) -> None:
        self._guard, self._receiver, self._host, self._port = guard, receiver, host, port
        self._found: list[Address] = []

    def resolutionBegan(self, resolutionInProgress: Any) -> None:  # noqa: N802, N803 - Twisted's names
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self._found.append(ip_address(address.host.partition("%")[0]))

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._found:
            self._guard.remember(self._host, self._found)
        self._guard._let_through(self._receiver, self._found, self._port)


@implementer(IResolutionReceiver)
class _Collector:
    """A receiver that only wants to know when the look-up is over."""

    def __init__(self) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def resolutionBegan(self, resolutionInProgress: Any) -> None:  # noqa: N802, N803
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        pass

    def resolutionComplete(self) -> None:  # noqa: N802
        if not self.done.done():
            self.done.set_result(None)
