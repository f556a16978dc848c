"""The interfaces for mDNS, and the errors if it can't be used."""

from __future__ import annotations

import asyncio
import errno

import pytest
from zeroconf import IPVersion
from zeroconf.asyncio import AsyncZeroconf

from messango.discovery import mdns
from messango.discovery.mdns import (
    MDNS_ERRORS,
    MdnsNetwork,
    NoNetwork,
    current_network,
    explain_error,
)
from messango.errors import BadAddress
from messango.transport.networks.interfaces import Interface

LOOPBACK = Interface("lo", 1, "127.0.0.1", False, True, False, "loopback")
LAN4 = Interface("eth0", 2, "192.168.1.5", False, False, False, "lan")
LAN6 = Interface("eth0", 2, "fe80::5%eth0", True, False, True, "lan")


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> list[Interface]:
    """The interfaces of a made-up machine, with no limit in the environment."""
    own: list[Interface] = []
    monkeypatch.setattr(mdns, "own_interfaces", lambda: own)
    monkeypatch.delenv("MESSANGO_INTERFACES")
    return own


def test_ipv6_is_used_as_well_where_the_lan_has_it(
    own: list[Interface], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So computers in different subnets meet; but not every system has one socket for both versions."""
    own += [LOOPBACK, LAN4]
    assert current_network().ip_version is IPVersion.V4Only
    own.append(LAN6)
    for platform, expected in (("linux", IPVersion.All), ("darwin", IPVersion.V4Only)):
        monkeypatch.setattr("sys.platform", platform)
        assert current_network().ip_version is expected
    assert current_network().limitation is None


def test_ipv6_is_used_if_there_is_no_ipv4(own: list[Interface]) -> None:
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
def test_the_lan_decides_the_ip_version(own: list[Interface], other: Interface) -> None:
    """The IPv4 of a VPN or of containers reaches nobody on a LAN that has only IPv6."""
    own += [LOOPBACK, LAN6, other]
    assert current_network().ip_version is IPVersion.All
    own.remove(LAN6)
    assert current_network().ip_version is IPVersion.V4Only


def test_a_machine_without_a_network_is_limited(own: list[Interface]) -> None:
    """It can still find its own rooms, so this is not an error; choosing the loopback is not even a limit."""
    own += [LOOPBACK]
    assert isinstance(current_network().limitation, NoNetwork)
    assert current_network(["127.0.0.1"]).limitation is None


def test_a_machine_without_any_interface_raises(own: list[Interface]) -> None:
    """The exception is one that callers expect."""
    assert not own
    with pytest.raises(NoNetwork, match="not connected to a network"):
        asyncio.run(open_briefly(current_network()))


def test_an_address_of_another_machine_raises(own: list[Interface]) -> None:
    """The sentence names it."""
    own += [LOOPBACK, LAN4]
    with pytest.raises(NoNetwork, match=r"192\.0\.2\.77"):
        asyncio.run(open_briefly(current_network(["192.0.2.77"])))


def test_chosen_addresses_that_exist_are_used(own: list[Interface]) -> None:
    """An unplugged second cable does not affect the first; a scope is not part of an address."""
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


def test_a_change_of_addresses_makes_networks_unequal(own: list[Interface]) -> None:
    """They are compared to notice that a cable was plugged in."""
    own += [LOOPBACK]
    before = current_network()
    assert current_network() == before
    own += [LAN4]
    assert current_network() != before


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "does not let Messango"),
        (OSError(errno.EADDRINUSE, "Address already in use"), "Address already in use"),
        (RuntimeError(), "RuntimeError"),
        (NoNetwork("It is out.", "Plug it in."), "It is out."),
    ],
)
def test_each_error_is_explained(error: Exception, reason: str) -> None:
    """Even errors without a message: the text says what happened and what to do."""
    calls, hint = explain_error(error)
    assert reason in calls
    assert hint
    assert isinstance(error, MDNS_ERRORS)


async def open_briefly(network: MdnsNetwork) -> None:
    async with network.zeroconf_session():
        pass


def test_closing_completes_even_when_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A goodbye is three packets within 0.25 s, and a cancellation must not cut it short."""
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


def test_a_cancellation_during_the_start_is_not_lost() -> None:
    """zeroconf itself swallows it on Python 3.10; then nothing could stop the thread."""

    async def scene() -> None:
        for turns in range(5):
            opening = asyncio.ensure_future(open_briefly(current_network()))
            for _ in range(turns):
                await asyncio.sleep(0)
            opening.cancel()
            await asyncio.wait([opening])
            assert opening.cancelled()

    asyncio.run(scene())


def test_without_ipv6_sockets_ipv4_is_used(own: list[Interface], monkeypatch: pytest.MonkeyPatch) -> None:
    """In a sandbox that forbids them, rooms are found as before."""
    opened: list[tuple[list[str], IPVersion]] = []

    def open_zeroconf(interfaces: list[str], unicast: bool, version: IPVersion) -> None:  # noqa: FBT001 (zeroconf's)
        assert not unicast
        if version is IPVersion.All:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        opened.append((interfaces, version))
        raise ValueError  # Enough is known.

    async def open_session() -> None:
        async with current_network().zeroconf_session():
            pytest.fail("opened")

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("messango.discovery.mdns.AsyncZeroconf", open_zeroconf)
    own += [LAN4, LAN6]
    with pytest.raises(ValueError, match=r"^$"):
        asyncio.run(open_session())
    assert opened == [([LAN4.address], IPVersion.V4Only)]
    own.remove(LAN4)
    with pytest.raises(OSError, match="Address family"):
        asyncio.run(open_session())
