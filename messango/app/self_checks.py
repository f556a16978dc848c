"""What the host reads when the server notices that others can't reach the room, and when they can again."""

from __future__ import annotations

from messango.protocol.text.plain_names import quoted_name
from messango.server.reachability import ReachChange
from messango.server.sightings import Sighting


def unreachable_warning(change: ReachChange) -> str:
    """Return who could not reach the room where, and the cure for this system."""
    # Reads a few files of the system, so only when something is wrong.
    from messango.doctor.firewall import open_port_hint

    port = change.address.port
    return (
        f"{_who(change.seen)} tried to connect to this room at {change.address} and could not. Most likely a "
        f"firewall on this computer blocks TCP port {port}. {open_port_hint(port=port)}"
    )


def reachable_notice(change: ReachChange) -> str:
    """Return that the room can be reached now where it could not before."""
    return f"The room can be reached at {change.address} now: {_who(change.seen)} has connected there."


def _who(seen: Sighting) -> str:
    return f"{quoted_name(seen.name)} ({seen.host})" if seen.name else seen.host
