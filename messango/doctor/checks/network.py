"""Checks the interfaces: whether there is a network, what a room announces, whether a VPN is in the way."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence

from messango.discovery.interfaces import INTERFACES_VARIABLE, advertised_addresses, configured_addresses
from messango.doctor.findings import Finding, Severity
from messango.doctor.recognizers.addressing import no_network
from messango.doctor.recognizers.scene import Scene, leads_outside
from messango.errors import BadAddress
from messango.transport.addresses import without_scope
from messango.transport.networks.interfaces import Interface, default_source
from messango.transport.networks.own_networks import OwnNetworks


def check_interfaces(interfaces: Sequence[Interface]) -> Iterator[Finding]:
    """Report whether there is a network, and how `MESSANGO_INTERFACES` limits Messango."""
    yield _network(interfaces)
    try:
        configured = configured_addresses()
    except BadAddress as error:
        yield Finding("interfaces", Severity.PROBLEM, str(error), error.hint)
        return
    if configured is None:
        yield _advertised(interfaces)
    else:
        yield interface_limit(interfaces, configured)


def check_tunnels(
    interfaces: Sequence[Interface], default_address: Callable[[], str] = default_source
) -> Iterator[Finding]:
    """Report VPN and container interfaces, and whether all traffic goes through the VPN."""
    vpns = [interface for interface in interfaces if interface.kind == "vpn" and leads_outside(interface)]
    containers = [
        interface for interface in interfaces if interface.kind == "container" and leads_outside(interface)
    ]
    yield _vpn(vpns, default_address())
    if containers:
        yield Finding(
            "containers",
            Severity.NOTE,
            f"Interfaces of containers or virtual machines are active: {_listing(containers)}.",
            "Usually there is nothing to do. If rooms are visible only inside them, set "
            f"{INTERFACES_VARIABLE} to this computer's address on the local network.",
        )
    else:
        yield Finding("containers", Severity.OK, "No interface of containers or virtual machines is active.")


def _network(interfaces: Sequence[Interface]) -> Finding:
    if nothing := no_network(Scene(OwnNetworks(tuple(interfaces)))):
        return nothing
    outside = [interface for interface in interfaces if leads_outside(interface)]
    lan = [interface for interface in outside if interface.kind == "lan"]
    if not lan:
        return Finding(
            "network",
            Severity.PROBLEM,
            "This computer is not connected to a local network: only VPN, container or virtual interfaces "
            f"have an address ({_listing(outside)}).",
            "Connect to the same Wi-Fi or cable network as the other computers.",
        )
    if all(interface.is_link_local for interface in lan):
        return Finding(
            "network",
            Severity.WARNING,
            f"No router gave this computer an address, so it chose one itself ({_listing(lan)}).",
            "This works for two machines on one cable. Otherwise check the cable or the Wi-Fi password: "
            "machines with an address from a router may not find this one.",
        )
    return Finding("network", Severity.OK, f"This computer is connected to a network: {_listing(lan)}.")


def _advertised(interfaces: Sequence[Interface]) -> Finding:
    addresses = ", ".join(advertised_addresses(None, interfaces)) or "none"
    return Finding("interfaces", Severity.OK, f"A room here would announce these addresses: {addresses}.")


def limited(scene: Scene) -> Finding | None:
    """Return that `MESSANGO_INTERFACES` leaves out a network of this computer, if it does."""
    left_out = {interface.literal for interface in scene.lan}.difference(map(without_scope, scene.limit))
    if not scene.limit or not left_out:
        return None
    return dataclasses.replace(interface_limit(scene.own.interfaces, scene.limit), severity=Severity.WARNING)


def interface_limit(interfaces: Sequence[Interface], configured: Sequence[str]) -> Finding:
    """Return what `MESSANGO_INTERFACES`, which contains these addresses, does."""
    own = {interface.literal: interface for interface in interfaces}
    literals = [without_scope(address) for address in configured]
    missing = [name for name in literals if name not in own]
    if missing:
        return Finding(
            "interfaces",
            Severity.PROBLEM,
            f"{INTERFACES_VARIABLE} contains {', '.join(missing)}, which this computer does not have.",
            f"Unset it, or use one or more of {', '.join(own) or 'the addresses of this computer'}.",
        )
    if all(own[name].is_loopback for name in literals):
        return Finding(
            "interfaces",
            Severity.WARNING,
            f"Messango is limited to this computer ({INTERFACES_VARIABLE}).",
            f"Unset {INTERFACES_VARIABLE} to find the rooms of other computers.",
        )
    return Finding(
        "interfaces",
        Severity.NOTE,
        f"{INTERFACES_VARIABLE} limits Messango to {_listing(own[name] for name in literals)}.",
        f"If the rooms are on another network, unset {INTERFACES_VARIABLE}.",
    )


def _vpn(vpns: Sequence[Interface], default_address: str) -> Finding:
    if not vpns:
        return Finding("vpn", Severity.OK, "No VPN is active.")
    if default_address in {interface.literal for interface in vpns}:
        return Finding(
            "vpn",
            Severity.WARNING,
            f"All traffic goes through a VPN ({_listing(vpns)}). Many VPNs then block the local network.",
            "Turn the VPN off for a moment and try again. If the rooms appear, allow access to the local "
            "network in the VPN's settings.",
        )
    return Finding(
        "vpn",
        Severity.NOTE,
        f"A VPN is active ({_listing(vpns)}). Most VPNs do not carry announcements of rooms.",
        "People at the other end of the VPN can join by address: messango chat HOST:PORT.",
    )


def _listing(interfaces: Iterable[Interface]) -> str:
    by_name: dict[str, list[str]] = {}
    for interface in interfaces:
        by_name.setdefault(interface.name, []).append(interface.literal)
    return "; ".join(f"{name} {', '.join(addresses)}" for name, addresses in by_name.items())
