"""The conditions of real networks, tried on a toy LAN: what a test relies on really happens."""

from __future__ import annotations

import pytest

from tests.lan.conditions import (
    add_bridge,
    add_tunnel,
    filter_packets,
    filter_switch,
    forward_packets,
    inside,
    isolate_clients,
    replace_addresses,
)
from tests.lan.lan import Host, Lan

pytestmark = [pytest.mark.lan, pytest.mark.nft]


def answers(asking: Host, address: str) -> bool:
    """Return whether an address answers a ping within a second."""
    return asking.run(["ping", "-c", "1", "-W", "1", address]).returncode == 0


def test_isolated_hosts_reach_only_the_others(lan: Lan) -> None:
    """As on guest Wi-Fi: the router answers, the neighbour does not."""
    h1, h2, h3 = lan.hosts
    isolate_clients(lan, h1, h2)
    assert answers(h1, h3.address)
    assert not answers(h1, h2.address)


def test_filters_and_addresses(lan: Lan) -> None:
    """A filter of a host, one of the switch, and another subnet on the same cable."""
    h1, h2, h3 = lan.hosts
    filter_packets(h2, "input", f"ip saddr {h1.address} drop")
    assert not answers(h1, h2.address)
    assert answers(h3, h2.address)
    filter_switch(lan, "ip protocol icmp drop")
    assert not answers(h3, h2.address)
    replace_addresses(h3, "192.168.9.3/24")
    assert "192.168.9.3/24" in inside(h3.namespace, "ip", "addr")


def test_a_tunnel_swallows_its_routes(lan: Lan) -> None:
    """A route of the VPN that is more exact than the LAN's wins."""
    h1, h2, _ = lan.hosts
    add_bridge(h1, "mesh0", "172.30.0.1/16")
    add_tunnel(h1, "tun0", "10.8.0.2/24", f"{h2.address}/32")
    assert not answers(h1, h2.address)


def test_a_router_joins_two_networks(lan: Lan) -> None:
    """A host with two networks passes packets on."""
    h1, h2, h3 = lan.hosts
    lan.disconnect(h3)
    lan.add_network(h2, h3)
    forward_packets(h2)
    replace_addresses(h3)
    inside(h1.namespace, "ip", "route", "add", "10.77.1.0/24", "via", h2.address)
    inside(h3.namespace, "ip", "route", "add", "10.77.0.0/24", "via", "10.77.1.2")
    assert answers(h1, "10.77.1.3")
