"""Made-up networks of a computer."""

from __future__ import annotations

from messango.transport.networks.interfaces import Interface
from messango.transport.networks.link_facts import InterfaceKind
from messango.transport.networks.own_networks import OwnNetworks


def interface(
    name: str, address: str, prefix_length: int, kind: InterfaceKind = "lan", *, has_carrier: bool = True
) -> Interface:
    """Return one address of an interface; its number is made from its name."""
    literal = address.partition("%")[0]
    return Interface(
        name,
        sum(name.encode()),
        address,
        ":" in address,
        literal in ("127.0.0.1", "::1"),
        literal.startswith(("fe80", "169.254")),
        kind,
        prefix_length,
        has_carrier,
    )


def networks(*interfaces: Interface, gateway: str = "192.168.1.20") -> OwnNetworks:
    """Return networks with a route to each subnet, and everything else by the address `gateway`."""

    def find_source(host: str) -> str:
        scoped = [one for one in interfaces if "%" in host and one.address.endswith(host.partition("%")[2])]
        if scoped:
            return scoped[0].literal
        literal = host.partition("%")[0]
        holding = [one for one in interfaces if one.is_ipv6 == (":" in literal) and one.holds(literal)]
        best = max(holding, key=lambda one: one.prefix_length, default=None)
        return best.literal if best else ("" if ":" in literal else gateway)

    return OwnNetworks(interfaces, find_source)
