"""Checks on which networks rooms can be heard: a system lets a program listen on a limited number of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from messango.discovery.interfaces import INTERFACES_VARIABLE, configured_addresses, select_interfaces
from messango.discovery.memberships import joinable, max_memberships, try_to_join
from messango.doctor.findings import Finding, Severity
from messango.errors import BadAddress
from messango.transport.networks.interfaces import Interface

_MAX_NAMED: Final = 6
_RAISE_LIMIT: Final = (
    "To allow more, run: sudo sysctl -w net.ipv4.igmp_max_memberships=200. Then start Messango again."
)


def check_memberships(
    interfaces: Sequence[Interface],
    limit: int | None = None,
    join: Callable[[Sequence[Interface]], list[tuple[Interface, OSError]]] = try_to_join,
) -> Iterator[Finding]:
    """Report the networks whose rooms are not heard because there are too many, or because one refuses."""
    limit = max_memberships() if limit is None else limit
    wanted = _wanted(interfaces)
    kept = joinable(wanted, limit)
    left_out = [interface for interface in joinable(wanted, len(wanted)) if interface not in kept]
    if not kept:
        return
    refused = [interface for interface, _ in join(kept)]
    if lans := [interface for interface in left_out if interface.kind == "lan" and interface.has_carrier]:
        yield _too_many(lans, limit, kept)
    elif left_out:
        yield Finding(
            "memberships",
            Severity.NOTE,
            f"This computer has {len(kept) + len(left_out)} networks. Messango listens for rooms on {limit} "
            f"of them, the local network first, and not on {_listing(left_out)}.",
            f"There is nothing to do unless the rooms are there. {_RAISE_LIMIT}",
        )
    if heard := [interface for interface in refused if interface.kind == "lan" and interface.has_carrier]:
        yield Finding(
            "memberships",
            Severity.PROBLEM,
            f"The system does not let Messango listen for rooms on {_listing(heard)}.",
            "If Messango runs in a sandbox or a container, give it access to the network. Until then, join "
            "by address.",
        )
    joined = [interface for interface in kept if interface not in refused]
    if not lans and not heard and joined:
        yield Finding("memberships", Severity.OK, f"Messango listens for rooms on {_listing(joined)}.")


def _wanted(interfaces: Sequence[Interface]) -> list[Interface]:
    """Return the IPv4 addresses by whose networks rooms are looked for, best first."""
    ipv4 = [interface for interface in interfaces if not interface.is_ipv6]
    try:
        configured = configured_addresses()
    except BadAddress:
        configured = None
    if configured is not None:
        return select_interfaces(ipv4, configured)
    return [interface for interface in ipv4 if not interface.is_loopback]


def _too_many(lans: Sequence[Interface], limit: int, kept: Sequence[Interface]) -> Finding:
    best = ",".join(interface.literal for interface in lans[:2])
    return Finding(
        "memberships",
        Severity.PROBLEM,
        f"Rooms on {_listing(lans)} are not heard: this system lets a program listen on {limit} networks, "
        f"and Messango listens on {_listing(kept)}.",
        f"{_RAISE_LIMIT} Or set {INTERFACES_VARIABLE}={best} to use nothing else.",
    )


def _listing(interfaces: Iterable[Interface]) -> str:
    named = [f"{interface.name} ({interface.literal})" for interface in interfaces]
    more = len(named) - _MAX_NAMED
    return ", ".join(named[:_MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
