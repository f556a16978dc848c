"""Explains a room of another machine that is announced only at addresses which this computer has as well."""

from __future__ import annotations

from messango.discovery.model.events import FoundRoom
from messango.transport.networks.own_networks import OwnNetworks, own_networks


def same_address_reason(room: FoundRoom, own: OwnNetworks | None = None) -> tuple[str, str] | None:
    """Return why a room that did not answer can't be reached, and what to do next; or None.

    Its packets never leave this computer: a VPN or a bridge for containers gave both machines one address.
    """
    if not room.addresses or any(address.is_loopback for address in room.addresses):
        return None
    own = own or own_networks()
    if not all(own.is_own(address.host) for address in room.addresses):
        return None
    where = ", ".join(str(address) for address in room.addresses[:3])
    return (
        f"It is announced only at {where}, and this computer has the same address: nothing that is sent "
        "there leaves this computer.",
        "If it was opened on this computer, its server has stopped. If it is on another one, its host has to "
        "announce an address of a network that you are both on: open the room without --host and without "
        "MESSANGO_INTERFACES.",
    )
