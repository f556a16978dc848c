"""Which networks a socket joins, from made-up interfaces and on the loopback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from messango.discovery import memberships
from messango.discovery.memberships import joinable, max_memberships, try_to_join
from tests.transport.networks.factories import interface

LAN = interface("eth0", "192.168.1.20", 24)
MORE_LAN = interface("eth0", "169.254.7.7", 16)
GLOBAL_IPV6 = interface("eth0", "2001:db8::20", 64)
LINK_LOCAL = interface("eth0", "fe80::20%eth0", 64)
BRIDGES = [interface(f"mesh{number}", f"172.30.{number}.1", 24, "container") for number in range(30)]
LOOPBACK = interface("lo", "127.0.0.1", 8, "loopback")


def test_at_most_so_many_are_joined_and_the_best_stay() -> None:
    """The order of the interfaces decides."""
    assert joinable([LAN, *BRIDGES, LOOPBACK], 20) == [LAN, *BRIDGES[:19]]


def test_a_network_is_joined_once() -> None:
    """A second address would fail; everybody on the network can answer link-local IPv6."""
    assert joinable([LAN, GLOBAL_IPV6, MORE_LAN, LINK_LOCAL, *BRIDGES], 2) == [LAN, LINK_LOCAL, BRIDGES[0]]


def test_a_socket_joins_what_this_computer_has() -> None:
    """The loopback is there, and an address of another computer is refused."""
    assert max_memberships() >= 1
    assert [refused for refused, _ in try_to_join([LOOPBACK])] == []
    assert [refused for refused, _ in try_to_join([interface("eth9", "192.0.2.77", 24)])]


@pytest.mark.parametrize(
    ("platform", "text", "limit"),
    [("linux", "5\n", 5), ("linux", None, 20), ("linux", "many", 20), ("darwin", "5", 1000)],
)
def test_the_limit(
    platform: str, text: str | None, limit: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Linux has one, which a person can raise; a sandbox may hide it."""
    file = tmp_path / "igmp_max_memberships"
    if text is not None:
        file.write_text(text)
    monkeypatch.setattr(memberships, "_LIMIT_FILE", file)
    monkeypatch.setattr(sys, "platform", platform)
    assert max_memberships() == limit
