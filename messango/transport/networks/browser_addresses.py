"""The addresses of this computer that a browser on another one can open."""

from __future__ import annotations

from collections.abc import Sequence

from messango.transport.networks.interfaces import Interface, own_interfaces


def browser_addresses(interfaces: Sequence[Interface] | None = None) -> list[str]:
    """Return them without a scope, the most likely ones first.

    No browser takes a link-local IPv6 address, and those of containers are the same on many computers.
    """
    usable = [
        interface.literal
        for interface in (own_interfaces() if interfaces is None else interfaces)
        if not (interface.is_ipv6 and interface.is_link_local)
        and interface.kind not in ("container", "loopback")
    ]
    return list(dict.fromkeys(usable))
