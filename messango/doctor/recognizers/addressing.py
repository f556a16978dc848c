"""Recognizes addresses that can't reach each other: none, self-made ones, other subnets, wrong netmasks."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final

from messango.doctor.findings import Finding, Severity
from messango.doctor.recognizers.commands import add_address, remove_address, set_route
from messango.doctor.recognizers.scene import Scene, is_near, is_self_assigned, leads_outside
from messango.transport.dialing.dial_failure import FailureKind
from messango.transport.networks.interfaces import Interface

#: Home routers and offices give out /24 to /16. A wider subnet is nearly always a typing error.
_WIDEST_USUAL: Final = 15
#: Only two addresses, or one: other computers of the network are not in it.
_NARROW: Final = 30

_UNTIL_RESTART: Final = "It lasts until the next restart."

_ROUTED_ON_PURPOSE: Final = (
    " If a router connects the two on purpose, the room's computer is off or asleep, or a firewall drops the "
    "connection."
)


def no_network(scene: Scene) -> Finding | None:
    """Recognize a computer that is on no network."""
    outside = [own for own in scene.own.interfaces if leads_outside(own) and own.has_carrier]
    if outside or any(scene.own.is_own(address.host) for address in scene.rooms):
        return None
    return Finding(
        "network",
        Severity.PROBLEM,
        "This computer is not connected to a network: " + _unplugged(scene),
        "Connect to the Wi-Fi or plug in the cable, then try again. Until then, Messango finds only rooms on "
        "this computer.",
    )


def own_address(scene: Scene) -> Finding | None:
    """Recognize an address of a room on another computer that is one of this computer as well.

    One that is announced may be that of a room here whose server has stopped.
    """
    hosts = [address.host for address in scene.rooms]
    if scene.heard or not hosts or not all(map(scene.own.is_own, hosts)):
        return None
    if any(address.is_loopback for address in scene.rooms):
        return None
    return Finding(
        "address",
        Severity.PROBLEM,
        f"{scene.rooms[0]} is an address of this computer: nothing that is sent there leaves it, and the "
        "room that you want is not here.",
        "Join the room by its name, which `messango discover` lists, or ask its host for a link with an "
        "address of a network that you are both on.",
    )


def self_assigned(scene: Scene) -> Finding | None:
    """Recognize a computer that got no address by DHCP and gave itself one: this one, or the room's."""
    own = [interface for interface in scene.lan if is_self_assigned(interface.literal)]
    rooms = scene.room_ipv4
    self_made = [literal for literal in rooms if is_self_assigned(literal)]
    if own and len(own) == len(scene.lan) and not self_made:
        return _no_dhcp_here(scene, own[0], rooms)
    if self_made and len(self_made) == len(rooms) and not own and scene.lan:
        here = scene.lan[0]
        spare = f"169.254.{_last(here.literal, 1)}.{_last(self_made[0], 2)}"
        command = add_address(scene.system, here.name, spare, 16)
        return Finding(
            "address",
            Severity.PROBLEM,
            f"The room's computer gave itself the address {self_made[0]}: no router gave it one. "
            f"This computer has {_listed(scene.lan)}, so it can't reach it.",
            f"Run here: {command}. {_UNTIL_RESTART} Or connect the room's computer to its Wi-Fi or cable "
            "again, so that the router gives it an address.",
        )
    return None


def _no_dhcp_here(scene: Scene, own: Interface, rooms: Iterable[str]) -> Finding:
    message = (
        f"This computer gave itself the address {own.literal} on {own.name}, because no router answered "
        "(no DHCP)"
    )
    again = f"Disconnect {own.name} from the network and connect it again, and check that the router is on."
    room = next(iter(rooms), "")
    if not room:
        return Finding(
            "address",
            Severity.WARNING,
            f"{message}. It finds only rooms on computers that gave themselves an address too.",
            again,
        )
    command = add_address(scene.system, own.name, _spare(room, own.literal), 24)
    return Finding(
        "address",
        Severity.PROBLEM,
        f"{message}. The room is at {room}, which it can't reach from that.",
        f"{again} If there is no router: {command}, as long as no other computer has that address. "
        f"{_UNTIL_RESTART}",
    )


def wrong_netmask(scene: Scene) -> Finding | None:
    """Recognize a netmask that is too narrow for the room's address, or far too wide."""
    for room in scene.room_ipv4:
        if not scene.is_unanswered(room):
            continue
        holding = scene.holding(room)
        near = [own for own in scene.lan if is_near(own.literal, room)]
        narrow = [own for own in near if own.prefix_length >= _NARROW]
        if narrow and not holding:
            return _narrow(scene, narrow[0], room)
        wide = [own for own in holding if 0 < own.prefix_length <= _WIDEST_USUAL and own not in near]
        lost = any(
            attempt.address.host == room and attempt.kind is FailureKind.HOST_UNREACHABLE
            for attempt in scene.attempts
        )
        if wide and lost and scene.facts.gateways:
            return _wide(scene, wide[0], room)
    return None


def narrow_netmask(scene: Scene) -> Finding | None:
    """Recognize a netmask of our own that leaves everybody else out, whatever room is meant."""
    narrow = [own for own in scene.lan if own.prefix_length >= _NARROW and not is_self_assigned(own.literal)]
    wide = [own for own in scene.lan if own not in narrow]
    return _narrow(scene, narrow[0], "") if narrow and not wide else None


def _narrow(scene: Scene, own: Interface, room: str) -> Finding:
    command = add_address(scene.system, own.name, own.literal, 24)
    old = remove_address(scene.system, own.name, own.literal, own.prefix_length)
    what = f"The room at {room} is outside of it" if room else "Other computers are outside of it"
    return Finding(
        "netmask",
        Severity.PROBLEM if room or not scene.facts.gateways else Severity.WARNING,
        f"The netmask of {own.name} is too narrow: this computer's subnet is {_subnet(own)}. {what}, so this "
        "computer can't reach or answer it directly.",
        f"Run: {command}, then {old}. {_UNTIL_RESTART} Then correct the netmask (usually 255.255.255.0, /24) "
        "in the network settings.",
    )


def _wide(scene: Scene, own: Interface, room: str) -> Finding:
    network = ipaddress.ip_network(f"{room}/24", strict=False)
    command = set_route(scene.system, room, own.name, scene.facts.gateways[0])
    return Finding(
        "netmask",
        Severity.PROBLEM,
        f"No computer answers at {room}. The netmask of {own.name} is very wide ({_subnet(own)}), so this "
        f"computer looks for {network} on its own cable instead of asking the router.",
        f"If the room is behind the router, run: {command}. {_UNTIL_RESTART} Then correct the netmask in the "
        "network settings. Otherwise the room's computer is off or asleep.",
    )


def dead_router(scene: Scene) -> Finding | None:
    """Recognize a router that does not answer, and a room beyond it: often a mistyped address."""
    rooms, facts = scene.room_ipv4, scene.facts
    beyond = [room for room in rooms if scene.is_unanswered(room) and not scene.holding(room)]
    is_dead = bool(facts.gateways) and all(facts.neighbors.get(router) is False for router in facts.gateways)
    if not is_dead or scene.heard or not scene.attempts or not rooms or len(beyond) < len(rooms):
        return None
    return Finding(
        "router",
        Severity.PROBLEM,
        f"The room at {rooms[0]} is on another network than this computer ({_listed(scene.lan)}), and no "
        f"router answers at {facts.gateways[0]}, which this computer is set to use.",
        "Disconnect this computer from the network and connect it again, so that it learns the router's "
        "address (DHCP). If you have typed the address of the router (the gateway) in the settings, correct "
        "it. Or connect to the network that the room is on.",
    )


def wrong_subnet(scene: Scene) -> Finding | None:
    """Recognize a room whose address is in none of our subnets, though it is on the same cable or Wi-Fi."""
    rooms = [room for room in scene.room_ipv4 if ipaddress.ip_address(room).is_private]
    if not rooms or not scene.lan or any(scene.holding(room) for room in rooms):
        return None
    room, own = rooms[0], scene.lan[0]
    if not all(map(scene.is_unanswered, rooms)) or not (scene.attempts or scene.heard):
        return None
    command = add_address(scene.system, own.name, _spare(room, own.literal), 24)
    what = f"The room's address {room} is in another subnet than this computer's ({_listed(scene.lan)})"
    if scene.heard:
        return Finding(
            "subnet",
            Severity.PROBLEM,
            f"{what}, though both are on the same network: one of them has a wrong address or netmask.",
            f"Run: {command}, as long as no other computer has that address. {_UNTIL_RESTART} Then set both "
            "computers to get their address from the router (DHCP).",
        )
    by_router = " through the router either" if scene.facts.gateways else ""
    return Finding(
        "subnet",
        Severity.PROBLEM,
        f"{what}, and nothing answers there{by_router}.",
        "Connect both computers to the same Wi-Fi or router. If they are already on the same cable, switch "
        f"or Wi-Fi, one of them has a wrong address; run: {command}, as long as no other computer has that "
        f"address. {_UNTIL_RESTART}{_ROUTED_ON_PURPOSE if by_router else ''}",
    )


def only_ipv6(scene: Scene) -> Finding | None:
    """Recognize a computer without IPv4, and a room that is known by none but IPv4 addresses."""
    own = [interface for interface in scene.own.interfaces if not interface.is_loopback]
    if not own or any(not interface.is_ipv6 for interface in own):
        return None
    here = own[0]
    if not scene.rooms:
        return Finding(
            "ipv6",
            Severity.WARNING,
            f"This computer has only IPv6 addresses ({here.name}), and rooms on computers with IPv4 are "
            "announced by IPv4.",
            f"Disconnect {here.name} and connect it again, so that the router gives it an IPv4 address. Or "
            "ask the host for the invite link with an IPv6 address.",
        )
    if not scene.room_ipv4 or any(":" in address.host for address in scene.rooms):
        return None
    room = scene.room_ipv4[0]
    command = add_address(scene.system, here.name, _spare(room, ""), 24)
    return Finding(
        "ipv6",
        Severity.PROBLEM,
        f"This computer has only IPv6 addresses ({here.name}), and the room's address {room} is IPv4.",
        f"Ask the host for the invite link with an IPv6 address, which the server shows. Or run: {command}, "
        f"as long as no other computer has that address. {_UNTIL_RESTART}",
    )


def _unplugged(scene: Scene) -> str:
    names = dict.fromkeys(own.name for own in scene.own.interfaces if not own.is_loopback)
    if not names:
        return "it has only loopback addresses."
    return f"no cable or Wi-Fi is connected at {', '.join(names)}."


def _spare(room: str, own: str) -> str:
    """Return an address in the room's /24 that is likely free: with the end of our own, if there is one."""
    last = _last(own, 0) if own else 200 + int(room.rpartition(".")[2]) % 50
    base, _, taken = room.rpartition(".")
    if last == int(taken) or not 1 < last < 255:
        last = 200 + (int(taken) + 7) % 50
    return f"{base}.{last}"


def _last(literal: str, offset: int) -> int:
    return (
        1 + (int(literal.rpartition(".")[2]) + offset - 1) % 253
        if offset
        else int(literal.rpartition(".")[2])
    )


def _subnet(own: Interface) -> str:
    return f"{own.literal}/{own.prefix_length}"


def _listed(interfaces: Iterable[Interface]) -> str:
    return ", ".join(f"{_subnet(own)} on {own.name}" for own in interfaces)
