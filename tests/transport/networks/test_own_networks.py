"""Own addresses, own subnets and the order of a room's addresses, from made-up networks."""

from __future__ import annotations

import pytest

from messango.transport.addresses import Address
from messango.transport.networks.own_networks import OwnNetworks, own_networks
from tests.transport.networks.factories import interface, networks

LAN = interface("eth0", "192.168.1.20", 24)
LAN_IPV6 = interface("eth0", "fe80::20%eth0", 64)
CABLE = interface("eth1", "10.0.0.1", 8)
VPN = interface("tun0", "10.8.0.2", 24, "vpn")
BRIDGE = interface("mesh0", "172.30.0.1", 16, "container")
UNPLUGGED = interface("eth2", "192.168.7.2", 24, has_carrier=False)
LOOPBACK = interface("lo", "127.0.0.1", 8, "loopback")
OWN = (LAN, LAN_IPV6, CABLE, VPN, BRIDGE, UNPLUGGED, LOOPBACK)


def hosts(own: OwnNetworks, *addresses: str) -> list[str]:
    """Return these hosts in the order in which to try them."""
    return [address.host for address in own.rank(Address(host) for host in addresses)]


@pytest.mark.parametrize(
    "host", ["192.168.1.20", "::ffff:192.168.1.20", "127.0.0.53", "::1", "fe80::20%eth0", "fe80::20"]
)
def test_own_addresses(host: str) -> None:
    """An address is ours however it is written."""
    assert networks(*OWN).is_own(host)


@pytest.mark.parametrize("host", ["192.168.1.21", "fe80::20%eth1", "ann-laptop.local"])
def test_addresses_of_others(host: str) -> None:
    """A scope names the network on which an address is ours: on another one it may be another machine's."""
    assert not networks(*OWN).is_own(host)


def test_own_addresses_where_the_system_lists_none() -> None:
    """A packet to our own address leaves by that address."""
    own = OwnNetworks((LOOPBACK,), lambda host: "192.168.1.20" if host == "192.168.1.20" else "192.168.1.9")
    assert own.is_own("192.168.1.20")
    assert not own.is_own("192.168.1.21")


def test_addresses_that_lead_to_ourselves_are_left_out() -> None:
    """A room with other addresses than ours is on another machine; one with only ours is on this one."""
    own = networks(*OWN)
    here, there = Address("172.30.0.1"), Address("192.168.1.30")
    assert own.without_own([here, there]) == [there]
    assert own.without_own([here, Address("192.168.1.20")]) == [here, Address("192.168.1.20")]
    assert own.without_own([]) == []


def test_the_smallest_subnet_holds_an_address() -> None:
    """10.8.0.0/24 of the VPN is inside 10.0.0.0/8 of the cable."""
    own = networks(*OWN)
    assert own.network_of("10.8.0.7") is VPN
    assert own.network_of("10.9.0.7") is CABLE
    assert own.network_of("fe80::7%eth0") is LAN_IPV6
    assert own.network_of("fe80::7%eth1") is None
    assert own.network_of("8.8.8.8") is None
    assert own.network_of("ann-laptop.local") is None


def test_the_source_is_what_the_routes_say() -> None:
    """Everything that is in no subnet leaves by the gateway; without a route nothing leaves."""
    own = networks(*OWN)
    assert own.source_of("8.8.8.8") is LAN
    assert own.source_of("fe80::7%eth0") is LAN_IPV6
    assert own.source_of("2001:db8::7") is None
    assert own.source_of("ann-laptop.local") is None


def test_addresses_are_ranked_by_what_leads_to_them() -> None:
    """In the order of the kinds; as text, 10.8.0.7 and 172.30.0.9 would come before the LAN's."""
    own = networks(*OWN)
    expected = [
        "192.168.1.30",  # an own subnet
        "10.20.0.7",  # a larger one
        "8.8.8.8",  # routed
        "fe80::7%eth0",
        "10.8.0.7",  # through the VPN
        "172.30.0.9",  # into the containers' bridge
        "192.168.7.9",  # no cable
        "2001:db8::7",  # no route
        "172.30.0.1",  # ourselves
    ]
    assert hosts(own, *sorted(expected)) == expected


def test_a_subnet_that_the_vpn_swallows_is_reached_through_the_vpn() -> None:
    """What the routes say counts, not what the subnet looks like."""
    routes = {"192.168.1.30": "10.8.0.2", "8.8.8.8": "192.168.1.20"}
    own = OwnNetworks(OWN, lambda host: routes.get(host, ""))
    assert hosts(own, "192.168.1.30", "8.8.8.8") == ["8.8.8.8", "192.168.1.30"]


def test_of_equal_subnets_the_better_interface_counts() -> None:
    """Interfaces are in the order in which others likely use them."""
    wifi, cable = interface("wlan0", "192.168.9.2", 24), interface("eth0", "10.0.0.2", 24)
    assert hosts(networks(wifi, cable), "10.0.0.3", "192.168.9.3") == ["192.168.9.3", "10.0.0.3"]
    assert hosts(networks(cable, wifi), "192.168.9.3", "10.0.0.3") == ["10.0.0.3", "192.168.9.3"]


def test_equal_addresses_keep_the_order_of_the_host() -> None:
    """The host knows best which of its addresses are alive; a name may lead anywhere."""
    own = networks(*OWN)
    assert hosts(own, "192.168.1.40", "192.168.1.30") == ["192.168.1.40", "192.168.1.30"]
    assert hosts(own, "10.8.0.7", "ann-laptop.local", "192.168.1.30") == [
        "192.168.1.30",
        "ann-laptop.local",
        "10.8.0.7",
    ]


def test_this_computer() -> None:
    """The real snapshot knows the loopback, and asks the routes of this system."""
    own = own_networks()
    assert own.is_own("127.0.0.1")
    assert own.find_source("127.0.0.1") == "127.0.0.1"
    assert own.find_source("not an address") == ""
