"""Recognizes what is between us and a room's computer on our own network, or what is wrong with it."""

from __future__ import annotations

from typing import Final

from messango.doctor.findings import Finding, Severity
from messango.doctor.recognizers.commands import set_route
from messango.doctor.recognizers.scene import Scene
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import FailureKind

#: The packets that every IPv4 and IPv6 network has to carry (RFC 791, RFC 8200).
_SAFE_MTU: Final = {4: 576, 6: 1280}


def large_packets_lost(scene: Scene) -> Finding | None:
    """Recognize a path that drops large packets: the first, small ones pass, then the encryption is stuck."""
    stalled = scene.attempts_of(FailureKind.STALLED)
    return large_packets_finding(scene, stalled[0].address) if stalled else None


def large_packets_finding(scene: Scene, address: Address) -> Finding:
    """Return what to do about a path to this address that drops large packets."""
    message = f"Large packets are lost on the way to {address}, small ones get through."
    off = "Turn off the VPN or tunnel on the way, on both computers."
    source, route = scene.own.source_of(address.host), scene.facts.find_route(address.host)
    interface = route.interface if route else source.name if source else ""
    if not interface:
        return Finding("packets", Severity.PROBLEM, message, off)
    mtu = _SAFE_MTU[6 if ":" in address.host else 4]
    gateway = route.gateway if route else ""
    command = set_route(scene.system, address.host, interface, gateway, mtu=mtu)
    return Finding(
        "packets",
        Severity.PROBLEM,
        message,
        f"Run here: {command}; both computers then send small packets to each other. It lasts until the next "
        f"restart. {off}",
    )


def isolated(scene: Scene) -> Finding | None:
    """Recognize a network that keeps its devices apart, and a computer that sleeps or is off."""
    for attempt in scene.attempts_of(FailureKind.HOST_UNREACHABLE, FailureKind.NO_ANSWER):
        host = attempt.address.host
        if host not in scene.room_ipv4 or not scene.holding(host):
            continue
        if attempt.kind is FailureKind.NO_ANSWER and scene.facts.neighbors.get(host) is not False:
            continue
        return _kept_apart(host) if scene.heard else _gone_or_kept_apart(scene, host)
    return None


def _kept_apart(host: str) -> Finding:
    return Finding(
        "isolation",
        Severity.PROBLEM,
        f"The room's announcement arrives, but its computer ({host}) can't be reached directly: this "
        "Wi-Fi keeps its devices apart (guest network, client isolation).",
        "Connect both computers to the main Wi-Fi, to a cable, or to the hotspot of a phone. The owner of "
        "the network can turn client isolation off in the router's settings.",
    )


def _gone_or_kept_apart(scene: Scene, host: str) -> Finding | None:
    if not _only_router_answers(scene, host):
        # That it is off, asleep or gone is what the attempt itself says.
        return None
    return Finding(
        "isolation",
        Severity.PROBLEM,
        f"The router answers, but no computer at {host} does, nor any other on this network. Either this "
        "Wi-Fi keeps its devices apart (guest network, client isolation), or the room's computer is off or "
        "asleep.",
        "Wake up the room's computer. If it is awake, connect both to the main Wi-Fi, to a cable, or to the "
        "hotspot of a phone: on a Wi-Fi that keeps its devices apart, nobody can join a room of a guest.",
    )


def alone(scene: Scene) -> Finding | None:
    """Recognize that no other computer of the network has shown itself: a guest Wi-Fi, or an empty one."""
    if not _only_router_answers(scene, ""):
        return None
    return Finding(
        "isolation",
        Severity.WARNING,
        "Only the router answers on this network: no other computer was seen.",
        "If a room is open on this network, it keeps its devices apart (guest Wi-Fi, client isolation) or "
        "does not pass on multicast: connect both computers to the main Wi-Fi, a cable, or the hotspot "
        "of a phone, or join by the address that the server shows. Otherwise open one: `messango server`.",
    )


def _only_router_answers(scene: Scene, host: str) -> bool:
    facts = scene.facts
    others = [
        address
        for address, answers in facts.neighbors.items()
        if answers and address not in facts.gateways and scene.holding(address)
    ]
    return not others and any(facts.neighbors.get(gateway) for gateway in facts.gateways if gateway != host)


def host_drops(scene: Scene) -> Finding | None:
    """Recognize a computer that is awake and drops connections to the room's port: its own firewall."""
    for attempt in scene.attempts_of(FailureKind.NO_ANSWER):
        host, port = attempt.address.host, attempt.address.port
        if host not in scene.room_ipv4 or not scene.holding(host):
            continue
        # The system believes an earlier answer for a while; one since the attempt began proves it.
        confirmed_s = scene.facts.confirmed_s(host)
        if scene.heard or (confirmed_s is not None and confirmed_s <= attempt.seconds):
            # Our own filter could keep the answers from us, where it could not be read.
            drops = "its firewall drops them" if scene.ruleset else "most likely its firewall drops them"
            return Finding(
                "host-firewall",
                Severity.PROBLEM,
                f"The room's computer ({host}) is awake, but connections to TCP port {port} get no answer: "
                f"{drops}, or its answers go elsewhere because of its netmask or a VPN.",
                "On the room's computer, run `messango doctor`: it names the command that helps there. With "
                f"ufw: `sudo ufw prepend allow {port}/tcp`. With nft: `sudo nft insert rule inet filter "
                f"input tcp dport {port} accept`, if its table and chain have these names. If it is not "
                f"the firewall, compare the netmasks: here it is /{scene.holding(host)[0].prefix_length}.",
            )
    return None


def inside_a_nat(scene: Scene) -> Finding | None:
    """Recognize a container or WSL, whose own small network is not the LAN."""
    inside = scene.facts.inside
    if not inside or any(scene.holding(room) and not scene.is_unanswered(room) for room in scene.room_ipv4):
        return None
    where = "in WSL" if inside == "WSL" else "in a container"
    cure = (
        "In the file .wslconfig of your Windows user folder, write `networkingMode=mirrored` below `[wsl2]`, "
        "then run `wsl --shutdown` in Windows. Or run Messango in Windows itself."
        if inside == "WSL"
        else "Start the container with the computer's own network: `docker run --network host ...` (Podman "
        "has the same option). Or run Messango outside of it."
    )
    return Finding(
        "nat",
        Severity.WARNING,
        f"Messango runs {where}, whose network is not the local one: announcements of rooms do not pass, and "
        "other computers can't reach a room here.",
        cure,
    )
