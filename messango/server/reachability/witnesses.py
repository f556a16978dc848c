"""Which members can tell whether another computer reaches the host's addresses. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from messango.protocol.limits import MAX_REACH_ADDRESSES
from messango.room.room import Room
from messango.transport.addresses import Address, without_scope
from messango.transport.networks.own_networks import OwnNetworks


@dataclass(frozen=True, slots=True)
class Witness:
    """A member whose connection is encrypted: their public id, name and IP address."""

    connection_id: int
    member_id: str
    name: str
    host: str


def members_to_ask(room: Room) -> list[Witness]:
    """Return the members who can be asked, the latest first: those whose clients encrypt."""
    members = [
        Witness(member.connection_id, member.id, member.name, without_scope(member.peer.host))
        for member in room.members
        if member.connection_id is not None and member.peer is not None and member.peer.encrypted
    ]
    return members[::-1]


def is_elsewhere(host: str, own_address: str, networks: OwnNetworks) -> bool:
    """Return whether a peer at `host` tells how others reach `own_address`: it is on another computer.

    A container or a virtual machine on this computer is not, unless `own_address` is on their network too.
    """
    if networks.is_own(host):
        return False
    network = networks.network_of(host)
    if network is None or network.kind != "container":
        return True
    own = networks.network_of(own_address)
    return own is not None and own.index == network.index


def is_ipv6_link_local(host: str) -> bool:
    """Return whether this is an IPv6 address that has a meaning on one network only."""
    return ":" in host and ipaddress.ip_address(without_scope(host)).is_link_local


def choose_witnesses(
    addresses: Sequence[Address],
    members: Sequence[Witness],
    networks: OwnNetworks,
    *,
    each: int,
    most: int,
    others: int,
) -> dict[Witness, list[Address]]:
    """Return whom to ask about which addresses: `each` members for an address, `most` addresses for a member.

    Members try only addresses on their own networks, so each should be on the same network. Of these the
    first of `members` are chosen. A member may be on more networks than the one by which they came: about an
    address that has no such member, so many `others` are asked.
    """
    chosen: dict[Witness, list[Address]] = {}
    unasked: list[Address] = []
    elsewhere = [member for member in members if not networks.is_own(member.host)]
    for address in addresses:
        own = networks.network_of(address.host)
        if own is None or own.kind == "container" or is_ipv6_link_local(address.host):
            continue  # Nobody on another computer can try it; the scope of a link-local one is ours.
        neighbours = [
            member
            for member in elsewhere
            if _is_neighbour(member.host, own.index, networks) and len(chosen.get(member, ())) < most
        ]
        for member in neighbours[:each]:
            chosen.setdefault(member, []).append(address)
        if not neighbours:
            unasked.append(address)
    if unasked:
        for member in elsewhere[:others]:
            chosen[member] = [*chosen.get(member, ()), *unasked][:MAX_REACH_ADDRESSES]
    return chosen


def _is_neighbour(host: str, network_index: int, networks: OwnNetworks) -> bool:
    network = networks.network_of(host)
    return network is not None and network.index == network_index
