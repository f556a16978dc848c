"""Reads this computer's packet filter, if we may, and names the chains that drop what a room needs."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messango.doctor.findings import Finding, Severity
from messango.doctor.firewall.cures import Which, allow_commands, check_firewall, open_port_hint
from messango.doctor.firewall.packet_filter import Obstacle, Ruleset
from messango.doctor.firewall.packet_match import Packet
from messango.doctor.recognizers.scene import Scene
from messango.transport.addresses import DEFAULT_PORT, Address, is_ip
from messango.transport.networks.interfaces import Interface
from messango.transport.networks.mdns_socket import MDNS_GROUP, MDNS_PORT
from messango.transport.networks.own_networks import own_networks

#: `nft` takes milliseconds; a ruleset with large lists of addresses takes longer.
_NFT_TIMEOUT_S: Final = 2.0

#: Any port that a client may use: the system chooses one of these.
_CLIENT_PORT: Final = 49_152


_KEEP_HINT: Final = (
    "The rule is gone after a restart, unless you also put it where your system keeps "
    "its rules, such as /etc/nftables.conf, before the rule that drops."
)


@dataclass(frozen=True, slots=True)
class NeededPacket:
    """A packet that a room needs, what it is for, and `match`: the words of a rule that allows its kind."""

    packet: Packet
    purpose: str
    match: str


def read_ruleset(which: Which = shutil.which) -> Ruleset | None:
    """Return the rules of this computer, or None: only root may read them, and only on Linux."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or (nft := which("nft")) is None:
        return None
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        done = subprocess.run(  # noqa: S603 (no text of others in it)
            [nft, "-j", "list", "ruleset"],
            capture_output=True,
            encoding="utf-8",
            timeout=_NFT_TIMEOUT_S,
            check=True,
        )
        return Ruleset.parse(done.stdout)
    return None


def check_packet_filter(
    interfaces: Sequence[Interface], ports: Callable[[], Sequence[int]] = lambda: (DEFAULT_PORT,)
) -> Iterator[Finding]:
    """Report what this computer's firewall drops of what rooms need, or else how to find out."""
    ruleset = read_ruleset()
    if ruleset is None:
        yield from check_firewall()
        return
    needed: list[NeededPacket] = []
    own_ports = ports()
    for own in interfaces:
        if own.kind == "lan" and not own.is_ipv6:
            neighbor = a_neighbor(own.literal, own.prefix_length)
            needed += mdns_packets(own.name, own.literal, neighbor)
            for port in own_ports:
                needed += host_packets(own.name, own.literal, neighbor, port)
    findings = list(filter_findings(ruleset, needed))
    yield from findings or [
        Finding(
            "firewall", Severity.OK, "This computer's firewall lets rooms and their announcements through."
        )
    ]


def port_reason(address: Address, client: str) -> str:
    """Return why `client` can't connect to a room at an address of ours, most likely, and the cure."""
    if cure := _port_cure(address, client):
        return f"Most likely a firewall on this computer blocks TCP port {address.port}. {cure}"
    return (
        "This computer's own firewall lets it through now, so something else is in the way: a firewall or an "
        f"isolating Wi-Fi between the two, or a VPN. Run `messango doctor {address}` on that computer."
    )


def own_port_cure(address: Address) -> str:
    """Return how to let this computer connect to a room of its own, which it can't."""
    return _port_cure(address, address.host) or open_port_hint(port=address.port)


def _port_cure(address: Address, client: str) -> str:
    """Return how to let `client` connect to a room at an address of ours; "" if our own rules let it."""
    own = own_networks().network_of(address.host)
    ruleset = read_ruleset()
    if ruleset is not None and own is not None and not own.is_ipv6:
        if client == address.host:
            needed = own_packets(client, address.port)
        else:
            neighbor = a_neighbor(address.host, own.prefix_length)
            client = client if is_ip(client) and ":" not in client else neighbor
            needed = host_packets(own.name, address.host, client, address.port)
        return " ".join(finding.remedy for finding in filter_findings(ruleset, needed))
    return open_port_hint(port=address.port)


def mdns_cure(own: Interface) -> str:
    """Return how to let announcements through on the network of an address that does not hear its own."""
    ruleset = read_ruleset()
    if ruleset is not None and not own.is_ipv6:
        needed = mdns_packets(own.name, own.literal, a_neighbor(own.literal, own.prefix_length))
        if findings := list(filter_findings(ruleset, needed)):
            return " ".join(finding.remedy for finding in findings)
    return open_port_hint()


def own_filter_drops(scene: Scene) -> Finding | None:
    """Recognize rules of this computer that drop what finding a room or reaching this one needs."""
    if scene.ruleset is None:
        return None
    needed: list[NeededPacket] = []
    for own in scene.lan:
        if not scene.rooms:
            needed += mdns_packets(own.name, own.literal, a_neighbor(own.literal, own.prefix_length))
    for address in scene.rooms:
        source = scene.own.source_of(address.host) if address.host in scene.room_ipv4 else None
        is_closed = scene.is_unanswered(address.host) or scene.is_turned_away(address.host)
        if source is not None and is_closed:
            needed += guest_packets(source.name, source.literal, address.host, address.port)
    findings = filter_findings(scene.ruleset, needed)
    return next((finding for finding in findings if finding.severity is Severity.PROBLEM), None)


def own_mdns_blocked(scene: Scene) -> Finding | None:
    """Recognize that this computer does not hear even itself, so a firewall of its own is in the way."""
    if scene.deaf is None:
        return None
    return Finding(
        "multicast",
        Severity.PROBLEM,
        f"This computer blocks announcements of rooms: on {scene.deaf.name} ({scene.deaf.literal}) it does "
        "not even hear its own (mDNS, UDP port 5353).",
        f"{open_port_hint()} Until then, join by the address that the server shows.",
    )


def mdns_packets(interface: str, own: str, neighbor: str) -> list[NeededPacket]:
    """Return what finding and announcing rooms needs: questions and answers, in and out."""
    match = f"udp dport {MDNS_PORT}"
    out = Packet("out", "udp", own, MDNS_GROUP, MDNS_PORT, MDNS_PORT, interface)
    heard = Packet("in", "udp", neighbor, MDNS_GROUP, MDNS_PORT, MDNS_PORT, interface)
    return [
        NeededPacket(heard, "announcements of rooms from other computers", match),
        NeededPacket(out, "questions for rooms and announcements of this computer's rooms", match),
    ]


def host_packets(interface: str, own: str, neighbor: str, port: int) -> list[NeededPacket]:
    """Return what a room on this computer needs: connections to its port, and their answers."""
    join = Packet("in", "tcp", neighbor, own, _CLIENT_PORT, port, interface)
    answer = Packet("out", "tcp", own, neighbor, port, _CLIENT_PORT, interface, is_new=False)
    return [
        NeededPacket(join, f"connections to a room here (TCP port {port})", f"tcp dport {port}"),
        NeededPacket(answer, f"a room's answers (TCP port {port})", f"tcp sport {port}"),
    ]


def own_packets(own: str, port: int) -> list[NeededPacket]:
    """Return what a connection of this computer to a room of its own needs; Linux sends it by loopback."""
    return [*guest_packets("lo", own, own, port), *host_packets("lo", own, own, port)]


def guest_packets(interface: str, own: str, room: str, port: int) -> list[NeededPacket]:
    """Return what joining a room elsewhere needs: connections to its port, and their answers."""
    join = Packet("out", "tcp", own, room, _CLIENT_PORT, port, interface)
    answer = Packet("in", "tcp", room, own, port, _CLIENT_PORT, interface, is_new=False)
    return [
        NeededPacket(join, f"connections to the room (TCP port {port})", f"tcp dport {port}"),
        NeededPacket(answer, f"the room's answers (TCP port {port})", f"tcp sport {port}"),
    ]


def a_neighbor(own: str, prefix: int) -> str:
    """Return another IPv4 address of the network that `own` is in; any, where the network has only one."""
    network = ipaddress.ip_interface(f"{own}/{min(prefix, 30)}").network
    return next(str(host) for host in network.hosts() if str(host) != own)


def filter_findings(
    ruleset: Ruleset,
    needed: Iterable[NeededPacket],
    *,
    root: Path = Path("/"),
    which: Which = shutil.which,
) -> Iterator[Finding]:
    """Yield a finding for each kind of packet that this computer's rules drop, with the commands."""
    reported: set[tuple[str, Obstacle]] = set()
    for one in needed:
        new = [chain for chain in ruleset.obstacles(one.packet) if (one.match, chain) not in reported]
        reported.update((one.match, chain) for chain in new)
        if new:
            yield _finding(one, new, root, which)


def _finding(needed: NeededPacket, obstacles: Sequence[Obstacle], root: Path, which: Which) -> Finding:
    certain = any(obstacle.certain for obstacle in obstacles)
    where = " and ".join(
        f"the chain {obstacle.chain} of the table {obstacle.family} {obstacle.table}"
        for obstacle in obstacles
    )
    commands = " && ".join(
        dict.fromkeys(allow_commands(obstacle, needed.match, root, which) for obstacle in obstacles)
    )
    verb = "drops" if certain else "may drop"
    return Finding(
        "firewall",
        Severity.PROBLEM if certain else Severity.NOTE,
        f"This computer's firewall {verb} {needed.purpose}: {where}.",
        f"Run: `{commands}`." + (f" {_KEEP_HINT}" if "nft " in commands or "tables " in commands else ""),
    )
