"""Looks at the interfaces: is there a network, which addresses are told to others, is a VPN in the way."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from messango.discovery.interfaces import (
    INTERFACES_VARIABLE,
    Interface,
    advertised_addresses,
    configured_addresses,
)
from messango.doctor.findings import Finding, Severity
from messango.errors import BadAddress

#: An address of documentation (RFC 5737): it takes the default route, and nothing is ever sent to it.
_INTERNET_ADDRESS: Final = ("198.51.100.1", 9)


def check_interfaces(interfaces: Sequence[Interface]) -> Iterator[Finding]:
    """Say whether there is a network, and what `MESSANGO_INTERFACES` makes of it."""
    yield _network(interfaces)
    try:
        configured = configured_addresses()
    except BadAddress as error:
        yield Finding("interfaces", Severity.PROBLEM, str(error), error.hint)
        return
    if configured is None:
        yield _advertised(interfaces)
    else:
        yield _limited(interfaces, configured)


def check_tunnels(
    interfaces: Sequence[Interface], default_address: Callable[[], str | None] | None = None
) -> Iterator[Finding]:
    """Say which VPN and container interfaces there are, and whether the VPN takes everything."""
    vpns = [interface for interface in interfaces if interface.kind == "vpn" and _is_relevant(interface)]
    containers = [
        interface for interface in interfaces if interface.kind == "container" and _is_relevant(interface)
    ]
    yield _vpn(vpns, (default_address or default_route_address)())
    if containers:
        yield Finding(
            "containers",
            Severity.NOTE,
            f"Interfaces of containers or virtual machines are up: {_listing(containers)}.",
            "As a rule there is nothing to do. If rooms are seen only inside them, set "
            f"{INTERFACES_VARIABLE} to this machine's address on the local network.",
        )
    else:
        yield Finding("containers", Severity.OK, "No interface of containers or virtual machines is up.")


def default_route_address() -> str | None:
    """Return our address on the way to the internet, None where there is no way; sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_INTERNET_ADDRESS)
        except OSError:
            return None
        return str(probe.getsockname()[0])


def _network(interfaces: Sequence[Interface]) -> Finding:
    outside = [interface for interface in interfaces if _is_relevant(interface)]
    lan = [interface for interface in outside if interface.kind == "lan"]
    if not outside:
        return Finding(
            "network",
            Severity.PROBLEM,
            "This machine is on no network: it has no address but the loopback's.",
            "Connect to the Wi-Fi or plug in the cable, then run this again. Until then only rooms on this "
            "machine are seen.",
        )
    if not lan:
        return Finding(
            "network",
            Severity.PROBLEM,
            f"Only VPN, container or virtual interfaces have an address ({_listing(outside)}), none on a "
            "local network.",
            "Connect to the Wi-Fi or plug in the cable that the other machines are on.",
        )
    if all(interface.is_link_local for interface in lan):
        return Finding(
            "network",
            Severity.WARNING,
            f"No router has given this machine an address; it has made one up itself ({_listing(lan)}).",
            "Two machines on one cable do work that way. Otherwise check the cable or the Wi-Fi password: "
            "machines with an address of the router may not see this one.",
        )
    return Finding("network", Severity.OK, f"This machine is on a network: {_listing(lan)}.")


def _advertised(interfaces: Sequence[Interface]) -> Finding:
    addresses = ", ".join(advertised_addresses(None, interfaces)) or "none"
    return Finding("interfaces", Severity.OK, f"A room here would tell others these addresses: {addresses}.")


def _limited(interfaces: Sequence[Interface], configured: Sequence[str]) -> Finding:
    own = {interface.literal: interface for interface in interfaces}
    literals = [name.partition("%")[0] for name in configured]
    missing = [name for name in literals if name not in own]
    if missing:
        return Finding(
            "interfaces",
            Severity.PROBLEM,
            f"{INTERFACES_VARIABLE} names {', '.join(missing)}, which this machine does not have.",
            f"Unset it, or give one or more of {', '.join(own) or 'the addresses of this machine'}.",
        )
    if all(own[name].is_loopback for name in literals):
        return Finding(
            "interfaces",
            Severity.WARNING,
            f"{INTERFACES_VARIABLE} keeps Messango on this machine: it names the loopback alone.",
            f"Unset {INTERFACES_VARIABLE} to see the rooms of other machines.",
        )
    return Finding(
        "interfaces",
        Severity.NOTE,
        f"{INTERFACES_VARIABLE} limits Messango to {_listing(own[name] for name in literals)}.",
        f"If the rooms are on another network, unset {INTERFACES_VARIABLE}.",
    )


def _vpn(vpns: Sequence[Interface], default_address: str | None) -> Finding:
    if not vpns:
        return Finding("vpn", Severity.OK, "No VPN is on.")
    if default_address in {interface.address for interface in vpns}:
        return Finding(
            "vpn",
            Severity.WARNING,
            f"Everything goes through a VPN ({_listing(vpns)}). Many VPNs then hide the local network.",
            "Switch the VPN off for a moment and look again. If the rooms appear, allow access to the local "
            "network in its settings.",
        )
    return Finding(
        "vpn",
        Severity.NOTE,
        f"A VPN is on ({_listing(vpns)}). Rooms are not announced through most VPNs.",
        "Somebody at the other end of it joins by address: messango chat HOST:PORT.",
    )


def _is_relevant(interface: Interface) -> bool:
    # macOS keeps tunnels with nothing but a link-local address for its own services.
    quiet = interface.is_ipv6 and interface.is_link_local and interface.kind != "lan"
    return not interface.is_loopback and not quiet


def _listing(interfaces: Iterable[Interface]) -> str:
    by_name: dict[str, list[str]] = {}
    for interface in interfaces:
        by_name.setdefault(interface.name, []).append(interface.literal)
    return "; ".join(f"{name} {', '.join(addresses)}" for name, addresses in by_name.items())
