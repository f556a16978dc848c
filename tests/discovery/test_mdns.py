"""On which interfaces mDNS is spoken, and what is said where it can't be."""

from __future__ import annotations

import asyncio
import errno

import pytest
from zeroconf import IPVersion
from zeroconf.asyncio import AsyncZeroconf

from messango.discovery import mdns
from messango.discovery.interfaces import Interface
from messango.discovery.mdns import (
    MDNS_ERRORS,
    MdnsNetwork,
    NoNetwork,
    current_network,
    explain_error,
)
from messango.errors import BadAddress

LOOPBACK = Interface("lo", 1, "127.0.0.1", False, True, False, "loopback")
LAN4 = Interface("eth0", 2, "192.168.1.5", False, False, False, "lan")
LAN6 = Interface("eth0", 2, "fe80::5%eth0", True, False, True, "lan")


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> list[Interface]:
    """What this machine pretends to have; the environment chooses nothing."""
    own: list[Interface] = []
    monkeypatch.setattr(mdns, "own_interfaces", lambda: own)
    monkeypatch.delenv("MESSANGO_INTERFACES")
    return own


def test_ipv4_is_enough_where_there_is_any(own: list[Interface]) -> None:
    """Every LAN is at home in IPv4, and each version more is each packet once more."""
    own += [LOOPBACK, LAN4, LAN6]
    assert current_network().ip_version is IPVersion.V4Only
    assert current_network().limitation is None


def test_ipv6_steps_in_where_there_is_no_ipv4(own: list[Interface]) -> None:
    """IPv4 on the loopback does not count."""
    own += [LOOPBACK, LAN6]
    assert current_network().ip_version is IPVersion.All


@pytest.mark.parametrize(
    "other",
    [
        Interface("wg0", 3, "10.8.0.2", False, False, False, "vpn"),
        Interface("docker0", 4, "172.17.0.1", False, False, False, "container"),
    ],
    ids=lambda other: str(other.kind),
)
def test_the_lan_says_which_version_is_spoken(own: list[Interface], other: Interface) -> None:
    """IPv4 of a VPN or of containers leads to nobody on a LAN that has IPv6 alone."""
    own += [LOOPBACK, LAN6, other]
    assert current_network().ip_version is IPVersion.All
    own.remove(LAN6)
    assert current_network().ip_version is IPVersion.V4Only


def test_a_machine_on_no_network_is_told_so(own: list[Interface]) -> None:
    """It still sees itself, so this is a shortcoming and no failure, unless the loopback was asked for."""
    own += [LOOPBACK]
    assert isinstance(current_network().limitation, NoNetwork)
    assert current_network(["127.0.0.1"]).limitation is None


def test_a_machine_without_any_interface_fails_in_words(own: list[Interface]) -> None:
    """And not by an exception that nobody expects."""
    assert not own
    with pytest.raises(NoNetwork, match="no network"):
        asyncio.run(open_briefly(current_network()))


def test_an_address_of_another_machine_fails_in_words(own: list[Interface]) -> None:
    """The sentence names it."""
    own += [LOOPBACK, LAN4]
    with pytest.raises(NoNetwork, match=r"192\.0\.2\.77"):
        asyncio.run(open_briefly(current_network(["192.0.2.77"])))


def test_of_the_chosen_addresses_those_that_are_there_are_used(own: list[Interface]) -> None:
    """A second cable that is out keeps nobody off the first; a scope is no part of an address."""
    own += [LAN4, LAN6]
    assert current_network(["192.0.2.77", "fe80::5%2"]).available == ("fe80::5%2",)


def test_the_environment_chooses_and_an_argument_overrides_it(
    own: list[Interface], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the command's `--interface` does."""
    own += [LOOPBACK, LAN4]
    monkeypatch.setenv("MESSANGO_INTERFACES", "127.0.0.1")
    assert current_network().chosen == ("127.0.0.1",)
    assert current_network(["192.168.1.5"]).chosen == ("192.168.1.5",)
    monkeypatch.setenv("MESSANGO_INTERFACES", "nonsense")
    with pytest.raises(BadAddress):
        current_network()


def test_a_change_of_addresses_is_a_difference(own: list[Interface]) -> None:
    """Networks are compared to notice that a cable was plugged in."""
    own += [LOOPBACK]
    before = current_network()
    assert current_network() == before
    own += [LAN4]
    assert current_network() != before


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "does not let us"),
        (OSError(errno.EADDRINUSE, "Address already in use"), "Address already in use"),
        (RuntimeError(), "RuntimeError"),
        (NoNetwork("It is out.", "Plug it in."), "It is out."),
    ],
)
def test_each_error_has_words(error: Exception, reason: str) -> None:
    """Also those that come without any: what happened and what to do, never nothing."""
    calls, hint = explain_error(error)
    assert reason in calls
    assert hint
    assert isinstance(error, MDNS_ERRORS)


async def open_briefly(network: MdnsNetwork) -> None:
    async with network.zeroconf_session():
        pass


def test_closing_is_whole_also_when_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A goodbye is three packets over a quarter of a second, and nobody may cut it short."""
    calls: list[str] = []
    close = AsyncZeroconf.async_close

    async def slowly(zeroconf: AsyncZeroconf) -> None:
        calls.append("closing")
        await asyncio.sleep(0.05)
        await close(zeroconf)
        calls.append("closed")

    monkeypatch.setattr(AsyncZeroconf, "async_close", slowly)

    async def scene() -> None:
        opening = asyncio.ensure_future(open_briefly(current_network()))
        while not calls:
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait([opening])
        assert opening.cancelled()

    asyncio.run(scene())
    assert calls == ["closing", "closed"]


def test_a_cancellation_while_it_starts_is_not_lost() -> None:
    """zeroconf itself swallows it on Python 3.10, and a thread that nobody can stop would be left."""

    async def scene() -> None:
        for turns in range(5):
            opening = asyncio.ensure_future(open_briefly(current_network()))
            for _ in range(turns):
                await asyncio.sleep(0)
            opening.cancel()
            await asyncio.wait([opening])
            assert opening.cancelled()

    asyncio.run(scene())
