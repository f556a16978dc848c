"""Recognizes a network that does not carry announcements: a room answers, and nobody hears it."""

from __future__ import annotations

from typing import Final

from messango.doctor.findings import Finding, Severity
from messango.doctor.firewall.cures import open_port_hint
from messango.doctor.recognizers.own_filter import filter_findings, mdns_packets
from messango.doctor.recognizers.scene import Scene
from messango.protocol.text.plain_names import quoted_name
from messango.transport.addresses import Address

_SWITCH_CURE: Final = (
    "Everybody can join by address: `messango chat {address}`. The owner of the network can turn off the "
    "multicast filter or client isolation of the access point, and either turn off IGMP snooping of the "
    "switch or turn on its querier: without a querier, the switch forgets after some minutes who listens."
)


def unheard(scene: Scene, address: Address, name: str, *, hears_itself: bool = True) -> Finding:
    """Return why a room that answers at this address is not heard by its announcement.

    `hears_itself`: this computer's own announcements come back to it, so it does not block them itself.
    """
    for own in scene.holding(address.host):
        if scene.ruleset is not None:
            needed = mdns_packets(own.name, own.literal, address.host)
            for finding in filter_findings(scene.ruleset, needed):
                if finding.severity is Severity.PROBLEM:
                    return finding
    if not hears_itself:
        return Finding(
            "multicast",
            Severity.PROBLEM,
            f"The room {quoted_name(name)} answers at {address}, but its announcement is not heard: this "
            "computer blocks mDNS (UDP port 5353).",
            open_port_hint(),
        )
    return Finding(
        "multicast",
        Severity.WARNING,
        f"The room {quoted_name(name)} answers at {address}, but its announcement is not heard: the switch "
        "or the access point does not pass on multicast, a firewall drops UDP port 5353, or the host does "
        "not announce the room.",
        _SWITCH_CURE.format(address=address),
    )
