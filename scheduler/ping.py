"""The dead man's switch: an address of the operator's that is called while all is well, so that silence means alarm.

    all is well, and five minutes have passed or a message was sent   GET  ADDRESS
    something is wrong, for the first time or for another hour        POST ADDRESS/fail, the reasons in its body

As healthchecks.io and its like expect it. The address is a secret: whoever knows it can keep the alarm quiet. It goes
through the same guard as the crawl: public addresses only, or networks that the config allows.
"""

from __future__ import annotations

import logging
import socket
import ssl
import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from urllib.parse import urlsplit

from config.logs import event
from config.networks import check_url, is_listed, is_public, parse_networks

log = logging.getLogger("homeward.ping")
EVERY = 300.0  # seconds between two calls while all is well; a message that was sent calls at once
AGAIN = 3600.0  # seconds between two calls about the same trouble
TIMEOUT = 10.0  # seconds, for each exchange
BODY_MOST = 10_000  # bytes of reasons; healthchecks.io keeps the first 100 kB


class PingError(Exception):
    """The address could not be called; the sentence does not name it."""


class Switch:
    """Remembers when it called last. Used by one thread at a time."""

    def __init__(self) -> None:
        self._last: float | None = None  # monotonic
        self._last_troubles: tuple[str, ...] | None = None  # of the last call; () was a good one

    def report(self, address: str | None, troubles: Sequence[str], *, sent: bool, networks: Sequence[str]) -> bool:
        """Call where it is time to. True where a call was made and answered; a failing one is logged, never raised."""
        if address is None or not self._is_time(troubles, sent=sent):
            return False
        try:
            call(address, troubles, networks)
        except PingError as error:
            log.warning("the ping could not be sent: %s", error, extra=event("ping.failed"))
            return False
        self._last, self._last_troubles = time.monotonic(), tuple(troubles)
        log.debug("ping sent (%s)", "well" if not troubles else "fail", extra=event("ping.sent", well=not troubles))
        return True

    def _is_time(self, troubles: Sequence[str], *, sent: bool) -> bool:
        if self._last is None or bool(troubles) != bool(self._last_troubles):
            return True
        passed = time.monotonic() - self._last
        return passed >= AGAIN if troubles else sent or passed >= EVERY


def call(address: str, troubles: Sequence[str], networks: Sequence[str]) -> None:
    """One call: GET, or POST to …/fail with the troubles. Redirects are not followed. Raises PingError."""
    objection = check_url(address)
    if objection:
        raise PingError(objection)
    url = urlsplit(address)
    path = url.path.rstrip("/") + "/fail" if troubles else url.path or "/"
    path += f"?{url.query}" if url.query else ""
    connection = HTTPConnection(url.hostname or "", url.port or (443 if url.scheme == "https" else 80))
    try:
        connection.sock = _connected(url.hostname or "", connection.port, networks, secure=url.scheme == "https")
        connection.request("POST" if troubles else "GET", path, "\n".join(troubles).encode()[:BODY_MOST] or None,
                           {"User-Agent": "Homeward", "Connection": "close", "Host": url.netloc})
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise PingError(f"{url.hostname} did not answer ({type(error).__name__})") from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise PingError(f"{url.hostname} answered {status}")


def _connected(host: str, port: int, networks: Sequence[str], *, secure: bool) -> socket.socket:
    """A connection to an address that was checked: the one that is checked is the one connected to."""
    listed = parse_networks(networks)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise PingError(f"{host} has no address ({type(error).__name__})") from error
    addresses = [(family, where) for family, _, _, _, where in found]
    allowed = [(family, where) for family, where in addresses
               if is_listed(ip_address(str(where[0])), listed) or is_public(ip_address(str(where[0])))]
    if not allowed:
        raise PingError(f"{host} is not at a public address (crawl.allow_networks allows others)")
    family, where = allowed[0]
    channel = socket.socket(family, socket.SOCK_STREAM)
    try:
        channel.settimeout(TIMEOUT)
        channel.connect(where)
        return ssl.create_default_context().wrap_socket(channel, server_hostname=host) if secure else channel
    except BaseException:
        channel.close()
        raise
