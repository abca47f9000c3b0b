"""Which addresses are fetched: letters, numbers behind names, names that change."""
# ruff: noqa: N802 - Twisted names the methods

from __future__ import annotations

import re
import subprocess
import sys
from ipaddress import ip_address
from typing import Any

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from config.networks import check_url, is_public, parse_networks
from crawler.guard import GuardedResolver
from tests.command import HOUSE, environment

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1",
    "ff02::1", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "64:ff9b:1::1", "::127.0.0.1", "2001:db8::1", "2001:0:7f00:1:0:0:80ff:fffe", "100::1", "3fff::1",
]
PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_that_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("url", [
    "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "//a.example/", "a.example",
    "http://", "http:///path", "http://user@a.example/", "http:\\\\127.0.0.1\\", "http://a.example/\nX", "http://a b/",
    "http://a.example:99999/", "http://[::1/", "http://a.example/" + "x" * 3000, ""])
def test_an_address_no_request_is_made_to(url: str) -> None:
    assert check_url(url)


def test_an_ordinary_address() -> None:
    assert check_url("https://www.presstv.com/Detail/2019/07/15/601068/x?y=1#z") is None
    assert check_url("http://пример.рф/новости") is None


@implementer(IHostnameResolver)
class Names:
    """A name server of ours: each look-up of a name takes the next answer."""

    def __init__(self, answers: dict[str, list[list[str]]]) -> None:
        self.answers = answers
        self.nameResolver = self

    def resolveHostName(self, receiver: Any, host: str, port: int, *_: Any) -> object:
        receiver.resolutionBegan(None)
        for address in self.answers[host].pop(0):
            receiver.addressResolved(IPv4Address("TCP", address, port))
        receiver.resolutionComplete()
        return None


@implementer(IResolutionReceiver)
class Heard:
    def __init__(self) -> None:
        self.addresses: list[tuple[str, int]] = []

    def resolutionBegan(self, resolution: Any) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.addresses.append((address.host, address.port))

    def resolutionComplete(self) -> None:
        pass


def resolve(guard: GuardedResolver, host: str, port: int = 80) -> list[tuple[str, int]]:
    heard = Heard()
    guard.resolveHostName(heard, host, port)
    return heard.addresses


def test_the_resolver_lets_only_public_addresses_through_and_says_why() -> None:
    guard = GuardedResolver(Names({"mixed": [["10.0.0.1", "8.8.8.8"]], "inside": [["10.0.0.1"]]}), ())
    assert resolve(guard, "mixed") == [("8.8.8.8", 80)]
    assert guard.refusal("http://mixed/") is None
    assert resolve(guard, "inside") == []
    assert "10.0.0.1 is not a public address" in (guard.refusal("http://inside/x") or "")
    assert guard.refusal("http://never-asked/") is None


def test_a_name_that_changes_its_mind_gains_nothing() -> None:
    guard = GuardedResolver(Names({"rebind": [["8.8.8.8"], ["127.0.0.1"]]}), ())
    assert resolve(guard, "rebind") == [("8.8.8.8", 80)]
    assert resolve(guard, "rebind") == [("8.8.8.8", 80)], "the checked answer is kept"
    guard._known.clear()
    assert resolve(guard, "rebind") == [], "and a new one is checked again"


def test_ports_are_those_of_the_web_except_in_the_operators_networks() -> None:
    guard = GuardedResolver(Names({"out": [["8.8.8.8"]], "in": [["10.1.1.1"]]}), parse_networks(["10.1.0.0/16"]))
    assert resolve(guard, "out", 6379) == []
    assert "port 6379" in (guard.refusal("http://out:6379/") or "")
    assert resolve(guard, "out", 8443) == [("8.8.8.8", 8443)]
    assert resolve(guard, "in", 6379) == [("10.1.1.1", 6379)]


def test_no_way_inside_is_open_on_the_crawls_own_engine() -> None:
    """Spellings, names, redirects, a robots.txt that leads inside, names that change their mind: `./run.sh guard`."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.guard"], cwd=HOUSE, env=environment(), timeout=60,
                          capture_output=True, text=True, check=False)
    rows = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"\d+ ways tried: 0 hits on the private server, \d+ on the public stand-in, which was reached",
                        rows[-1])
    spelled = [row for row in rows if row.startswith(("spelling", "elsewhere", "name"))]
    assert len(spelled) > 40
    assert [row for row in spelled if "is not a public address" not in row] == []
    rebound = [row for row in rows if row.startswith("rebinding")]
    assert any("200 from 127.0.5.5" in row for row in rebound)
    assert any("200 from" not in row for row in rebound), "its other answer is refused, each time it is given"
