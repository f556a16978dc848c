"""Addresses to announce and to type, from made-up adapters."""

from __future__ import annotations

import ifaddr
import pytest

from messango.discovery.interfaces import advertised_addresses, configured_addresses, listening_addresses
from messango.errors import BadAddress
from messango.transport.addresses import Address
from messango.transport.networks.interfaces import Interface, own_interfaces
from tests.transport.networks.adapters import adapter


@pytest.fixture
def _all_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo the tests' limit to the loopback; nothing here sends anything."""
    monkeypatch.delenv("MESSANGO_INTERFACES")


LOOPBACK = adapter("lo", "127.0.0.1", "::1", index=1)
LAN = adapter("eth0", "fe80::20", "fd00::20", "2001:db8::20", "192.168.1.20", index=2)
DOCKER = adapter("docker0", "172.17.0.1", "fe80::17", index=3)
TAILSCALE = adapter("tailscale0", "100.64.0.5", index=4)


def seen(*adapters: ifaddr.Adapter) -> list[Interface]:
    """Return the interfaces of these adapters."""
    return own_interfaces(adapters)


@pytest.mark.usefixtures("_all_interfaces")
def test_lan_is_announced_first_then_vpn_and_no_container() -> None:
    """Others get IPv4, then IPv6, then the VPN; an address that every machine has is useless to them.

    The link-local address is last: it works where the subnets differ.
    """
    assert advertised_addresses(None, seen(LOOPBACK, DOCKER, TAILSCALE, LAN)) == [
        "192.168.1.20",
        "fd00::20",
        "2001:db8::20",
        "100.64.0.5",
        "fe80::20",
    ]


@pytest.mark.usefixtures("_all_interfaces")
@pytest.mark.parametrize(
    ("adapters", "expected"),
    [
        ([LOOPBACK, DOCKER], ["172.17.0.1"]),
        ([LOOPBACK, adapter("eth0", "fe80::20")], ["fe80::20"]),
        ([LOOPBACK, adapter("eth0", "169.254.3.4", "fe80::20")], ["169.254.3.4", "fe80::20"]),
        ([LOOPBACK, adapter("eth0", "10.0.0.1"), adapter("wg0", "fe80::7")], ["10.0.0.1"]),
        ([LOOPBACK], ["127.0.0.1", "::1"]),
        ([], []),
    ],
)
def test_the_next_best_is_announced_if_there_is_nothing_better(
    adapters: list[ifaddr.Adapter], expected: list[str]
) -> None:
    """Containers, link-local IPv6 and the loopback are announced if there is nothing better."""
    assert advertised_addresses(None, seen(*adapters)) == expected


@pytest.mark.usefixtures("_all_interfaces")
def test_only_a_given_host_is_announced() -> None:
    """With `--host` only that address is announced, without its scope."""
    interfaces = seen(LOOPBACK, LAN, TAILSCALE)
    assert advertised_addresses("100.64.0.5", interfaces) == ["100.64.0.5"]
    assert advertised_addresses("fe80::20%1", interfaces) == ["fe80::20"]
    assert advertised_addresses("127.0.0.1", interfaces) == ["127.0.0.1"]


@pytest.mark.usefixtures("_all_interfaces")
def test_every_address_as_host_means_all() -> None:
    """`0.0.0.0` and `::` are never announced themselves; the first excludes IPv6."""
    interfaces = seen(LOOPBACK, LAN)
    assert advertised_addresses("::", interfaces) == advertised_addresses(None, interfaces)
    assert advertised_addresses("0.0.0.0", interfaces) == ["192.168.1.20"]  # noqa: S104


def test_the_environment_limits_what_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only addresses in `MESSANGO_INTERFACES` that this computer has, including loopback and containers."""
    interfaces = seen(LOOPBACK, LAN, DOCKER)
    for given, expected in {
        "127.0.0.1": ["127.0.0.1"],
        "172.17.0.1,192.168.1.20": ["192.168.1.20", "172.17.0.1"],
        "fe80::20%eth0": ["fe80::20"],
        "10.9.9.9": [],
    }.items():
        monkeypatch.setenv("MESSANGO_INTERFACES", given)
        assert advertised_addresses(None, interfaces) == expected


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("192.168.1.20", ["192.168.1.20"]),
        (" 192.168.1.20 ,\t127.0.0.1,", ["192.168.1.20", "127.0.0.1"]),
        ("FD00::0020,fe80::1%eth0", ["fd00::20", "fe80::1%eth0"]),
        ("", None),
    ],
)
def test_the_variable_is_parsed(monkeypatch: pytest.MonkeyPatch, given: str, read: list[str] | None) -> None:
    """Spaces and empty places are ignored; an empty value means all."""
    monkeypatch.setenv("MESSANGO_INTERFACES", given)
    assert configured_addresses() == read


@pytest.mark.usefixtures("_all_interfaces")
def test_an_environment_without_the_variable_means_all() -> None:
    """Unset is the same as empty."""
    assert configured_addresses() is None


@pytest.mark.parametrize("given", ["eth0", "192.168.1.300", "127.0.0.1;::1", "::", "224.0.0.251"])
def test_an_invalid_environment_raises_with_a_hint(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """The error quotes the invalid text and shows an example."""
    monkeypatch.setenv("MESSANGO_INTERFACES", f"127.0.0.1,{given}")
    with pytest.raises(BadAddress, match="MESSANGO_INTERFACES") as caught:
        configured_addresses()
    assert "127.0.0.1" in caught.value.hint


@pytest.mark.parametrize("given", [",", " ", " , "])
def test_a_value_without_an_address_does_not_mean_all(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """Somebody wanted to exclude networks, and a script left the address out."""
    monkeypatch.setenv("MESSANGO_INTERFACES", given)
    with pytest.raises(BadAddress, match="MESSANGO_INTERFACES"):
        configured_addresses()


@pytest.mark.usefixtures("_all_interfaces")
def test_addresses_to_type_come_best_first() -> None:
    """The LAN's address comes first, and the loopback's only if there is no other."""
    typed = listening_addresses(None, 8001, seen(LOOPBACK, DOCKER, LAN))
    assert typed[0] == Address("192.168.1.20", 8001)
    assert Address("127.0.0.1", 8001) not in typed
    assert listening_addresses(None, 8001, seen(LOOPBACK))[0] == Address("127.0.0.1", 8001)
    assert listening_addresses("192.168.1.20", 8001, seen(LOOPBACK, LAN)) == [Address("192.168.1.20", 8001)]


@pytest.mark.usefixtures("_all_interfaces")
def test_addresses_to_type_include_the_scope() -> None:
    """A link-local IPv6 address can be typed as it is on this computer."""
    (typed,) = listening_addresses(None, 8000, seen(LOOPBACK, adapter("eth0", "fe80::20", index=2)))
    assert typed.host.partition("%")[2]


def test_the_environment_does_not_hide_addresses_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit applies to mDNS only: the server listens everywhere, and configured addresses come first."""
    monkeypatch.setenv("MESSANGO_INTERFACES", "127.0.0.1")
    typed = [address.host for address in listening_addresses(None, 8000, seen(LOOPBACK, LAN))]
    assert typed[:2] == ["127.0.0.1", "192.168.1.20"]
