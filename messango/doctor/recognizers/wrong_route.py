"""Recognizes packets that leave by the wrong interface: a VPN that takes the LAN's addresses, two cables."""

from __future__ import annotations

import ipaddress
from typing import Final

from messango.doctor.findings import Finding, Severity
from messango.doctor.recognizers.commands import prefer_main_table, set_route, turn_off
from messango.doctor.recognizers.scene import UNANSWERED, Scene, is_self_assigned
from messango.transport.dialing.dial_failure import FailureKind
from messango.transport.networks.interfaces import Interface

#: An address for documentation (RFC 5737): packets to it take the default route, and we never send any.
INTERNET: Final = "198.51.100.1"

_UNTIL_RESTART: Final = "It lasts until the next restart or until the VPN reconnects."


def vpn_takes_lan(scene: Scene) -> Finding | None:
    """Recognize a VPN that takes the packets for an address of our own LAN, or of a room elsewhere."""
    for room in scene.room_ipv4:
        source = scene.own.source_of(room)
        if source is None or source.kind != "vpn" or not scene.is_unanswered(room):
            continue
        holding = scene.holding(room)
        if holding:
            return _vpn_takes(scene, source, holding[0], room)
        if scene.attempts_at(room):
            return Finding(
                "vpn",
                Severity.PROBLEM,
                f"The way to {room} leads through the VPN {_told(source)}, and nothing answers there.",
                f"If the room is on the network where you are, connect to that network and turn the VPN off: "
                f"{turn_off(scene.system, source.name)}. If it is at the other end of the VPN, the VPN "
                "or that computer blocks the connection: ask the host.",
            )
    return None


def vpn_takes_neighbors(scene: Scene) -> Finding | None:
    """Recognize the same without a room: other computers of the LAN get no answer from a room here either."""
    for lan in scene.lan:
        seen = [literal for literal in scene.facts.neighbors if lan.holds(literal)]
        for literal in [*seen, *_ends(lan)]:
            source = None if scene.own.is_own(literal) else scene.own.source_of(literal)
            if source is not None and source.kind == "vpn":
                return _vpn_takes(scene, source, lan, literal)
    return None


def _ends(lan: Interface) -> list[str]:
    """Return the first and the last address of a subnet: a VPN that takes half of it has one of them."""
    hosts = ipaddress.ip_interface(f"{lan.literal}/{lan.prefix_length}").network
    return [str(hosts[1]), str(hosts[-2])] if hosts.num_addresses > 2 else []


def _vpn_takes(scene: Scene, vpn: Interface, lan: Interface, room: str) -> Finding:
    route = scene.facts.find_route(room)
    if route is not None and route.table != "main":
        command = prefer_main_table(room)
    else:
        command = set_route(scene.system, room, lan.name)
    return Finding(
        "vpn",
        Severity.PROBLEM,
        f"The VPN {_told(vpn)} takes the packets for {room}, although that address is on this computer's "
        f"own network, {_told(lan)}.",
        f"Run: {command}. {_UNTIL_RESTART} Or turn the VPN off, or allow access to the local network in its "
        "settings.",
    )


def vpn_takes_all(scene: Scene) -> Finding | None:
    """Recognize that everything which is not for an own network leaves by a VPN."""
    source = scene.own.source_of(INTERNET)
    if source is None or source.kind != "vpn":
        return None
    return Finding(
        "vpn",
        Severity.WARNING,
        f"All traffic goes through the VPN {_told(source)}. Many VPNs then block the local network.",
        f"Turn the VPN off for a moment and try again: {turn_off(scene.system, source.name)}. If the rooms "
        "appear, allow access to the local network in the VPN's settings. If nobody has opened a room yet: "
        "`messango server`.",
    )


def two_interfaces(scene: Scene) -> Finding | None:
    """Recognize two interfaces on what looks like one subnet, of which the wrong one is used for a room."""
    for room in scene.room_ipv4:
        source, holding = scene.own.source_of(room), scene.holding(room)
        met = {attempt.kind for attempt in scene.attempts_at(room)}
        # Where both cables know the address, no answer may look like a firewall's.
        if source is None or not met or not met <= UNANSWERED | {FailureKind.REJECTED}:
            continue
        others = [own for own in holding if own.name != source.name]
        if not others or source.kind == "vpn":
            continue
        return Finding(
            "interfaces",
            Severity.PROBLEM,
            f"This computer would reach {room} by {_told(source)}, where nobody answers, and also has "
            f"{_told(others[0])} in the same subnet.",
            f"Run: {set_route(scene.system, room, others[0].name)}. It lasts until the next restart. Or "
            f"disconnect the one that leads elsewhere: {turn_off(scene.system, source.name)}. If both lead "
            "to the same network, the room's computer is off or asleep.",
        )
    return None


def doubled_subnet(scene: Scene) -> Finding | None:
    """Recognize two interfaces on one subnet, whatever room is meant: often Wi-Fi and a cable."""
    lan = [own for own in scene.lan if not is_self_assigned(own.literal) and own.prefix_length]
    for index, own in enumerate(lan):
        for other in lan[index + 1 :]:
            if other.name != own.name and other.holds(own.literal) and own.holds(other.literal):
                return Finding(
                    "interfaces",
                    Severity.NOTE,
                    f"Two interfaces are in one subnet: {_told(own)} and {_told(other)}. All packets for it "
                    "leave by one of them.",
                    "That is harmless if both lead to the same network. If rooms can't be reached, turn one "
                    f"off: {turn_off(scene.system, other.name)}.",
                )
    return None


def _told(interface: Interface) -> str:
    return f"{interface.name} ({interface.literal}/{interface.prefix_length})"
