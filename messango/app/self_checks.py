"""What the host reads when the server notices that others can't reach the room, and when they can again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from messango.protocol.text.plain_names import quoted_name
from messango.server.reachability.reachability import ReachChange
from messango.server.reachability.sightings import Sighting

if TYPE_CHECKING:
    from messango.discovery.announcing.announcement_echo import EchoChange


def unreachable_warning(change: ReachChange) -> str:
    """Return who could not reach the room where, and the cure for this system; takes a moment."""
    from messango.doctor.recognizers.own_filter import port_reason

    return (
        f"{_who(change.seen)} tried to connect to this room at {change.address} and could not. "
        f"{port_reason(change.address, change.seen.host)}"
    )


def reachable_notice(change: ReachChange) -> str:
    """Return that the room can be reached now where it could not before."""
    return f"The room can be reached at {change.address} now: {_who(change.seen)} has connected there."


def unheard_warning(change: EchoChange) -> str:
    """Return that announcements are blocked on this computer, and the cure for it; takes a moment."""
    from messango.doctor.recognizers.own_filter import mdns_cure
    from messango.transport.networks.own_networks import own_networks

    own = own_networks().network_of(change.address)
    return (
        f"The announcements of this room on {change.name} ({change.address}) don't even come back to this "
        "computer: something here blocks mDNS (UDP port 5353), so others may not find the room by name. They "
        f"can join by its address or invite. {mdns_cure(own) if own else ''}".rstrip()
    )


def heard_notice(change: EchoChange) -> str:
    """Return that announcements are no longer blocked."""
    return f"The announcements of this room on {change.name} ({change.address}) are no longer blocked here."


def _who(seen: Sighting) -> str:
    return f"{quoted_name(seen.name)} ({seen.host})" if seen.name else seen.host
