"""A room as a browser shows it, and the browser's events."""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from messango.transport.addresses import Address, is_ip
from messango.transport.dialing.dial_failure import DialAttempt
from messango.transport.networks.own_networks import OwnNetworks

#: More than a machine has. A forged record may hold thousands, and we would connect to each of them.
MAX_ADDRESSES: Final = 12


class RoomStatus(enum.Enum):
    """Whether a room can be joined, by its last answer; the value is the word that people read."""

    CHECKING = "checking"  # announced by mDNS, which anybody can forge; not probed yet
    OPEN = "open"
    FULL = "full"
    LOCKED = "locked"  # the host refuses new members, even if seats are free
    SLOW = "slow to answer"  # it has let us connect, and the answer is still on its way
    SILENT = "not answering"
    OTHER_VERSION = "other version"
    UNPROVED = "identity not proved"  # what answers is not the room that is announced


#: A room whose round trip takes this long is called slow: people notice it in a conversation.
SLOW_PING_MS: Final = 250.0

#: Each status of a room that has answered.
ANSWERED: Final = frozenset({RoomStatus.OPEN, RoomStatus.FULL, RoomStatus.LOCKED, RoomStatus.OTHER_VERSION})

#: Each status of a room that lets nobody in for now.
CLOSED_FOR_NOW: Final = frozenset({RoomStatus.FULL, RoomStatus.LOCKED})

#: Each status of a room whose answer we still wait for.
PENDING: Final = frozenset({RoomStatus.CHECKING, RoomStatus.SLOW})


@dataclass(frozen=True, slots=True)
class FoundRoom:
    """A room, listed once even if it is seen on several interfaces; `key` is unique among all rooms.

    `addresses` start with the one that answered; `ping_ms` is None if none did. The texts come from
    strangers: they contain no control or bidi characters, and nothing in them is trusted. `id` and
    `fingerprint` are proved if the room answered, only announced if it is silent, and empty if unproved.
    `failure` is what the last probe of a silent room met, if that is known.
    A known room that was not `announced` has answered at an address where it was before.
    `locked`, `password` and `features` are as in `RoomInfo`. `link` is what it claims in its answer to be a
    server of; `other_servers` are those of the same linked room, the nearest first: see `linked_rooms`.
    """

    key: str
    id: str
    name: str
    host: str
    addresses: tuple[Address, ...]
    members: int
    seats: int
    locked: bool
    fingerprint: str
    version: str
    protocol: int
    status: RoomStatus
    ping_ms: float | None
    failure: DialAttempt | None = None
    announced: bool = True
    password: bool | None = None
    features: tuple[str, ...] = ()
    link: str = ""
    other_servers: tuple[FoundRoom, ...] = ()

    @property
    def joinable(self) -> bool:
        """Whether it answered, has a free seat, and the host has not locked it."""
        return self.status is RoomStatus.OPEN

    @property
    def proved_at(self) -> Address | None:
        """The address where it answered with its id and certificate, or None."""
        return self.addresses[0] if self.status in ANSWERED and self.addresses else None

    @property
    def slow(self) -> bool:
        """Whether its answer takes long, or is still waited for."""
        return self.status in PENDING or (self.ping_ms or 0.0) >= SLOW_PING_MS


@dataclass(frozen=True, slots=True)
class RoomAdded:
    """A room appeared."""

    room: FoundRoom


@dataclass(frozen=True, slots=True)
class RoomUpdated:
    """Something visible about a room changed."""

    room: FoundRoom


@dataclass(frozen=True, slots=True)
class RoomRemoved:
    """The room said goodbye, or has not answered for a long time; `room` is as it was last shown."""

    room: FoundRoom


@dataclass(frozen=True, slots=True)
class BrowseFailed:
    """Why rooms can't be found, or only those on this computer; the browser keeps trying."""

    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class BrowseResumed:
    """The cause of the last `BrowseFailed` is gone."""


BrowseEvent: TypeAlias = RoomAdded | RoomUpdated | RoomRemoved | BrowseFailed | BrowseResumed


def usable_addresses(literals: Iterable[str], port: int, own: OwnNetworks) -> tuple[Address, ...]:
    """Return a record's addresses that can be connected to, the one most likely reached first.

    Those that lead to ourselves are left out if there are others: then the room is on another machine.
    """
    if not 0 < port < 65536:
        return ()
    # In a fixed order, because mDNS keeps none: addresses that are equally good must not change places.
    usable = sorted(set(filter(_is_usable, literals)), key=_in_order)
    outside = [literal for literal in usable if not ipaddress.ip_address(literal).is_loopback]
    # Another machine's loopback address would lead to ourselves.
    addresses = [Address(literal, port) for literal in outside or usable]
    return tuple(own.rank(own.without_own(addresses))[:MAX_ADDRESSES])


def _is_usable(literal: str) -> bool:
    if not is_ip(literal):
        return False
    address = ipaddress.ip_address(literal)
    if address.is_multicast or address.is_unspecified:
        return False
    if address.version == 4:
        return not address.is_reserved  # 240.0.0.0/4 and the broadcast address
    # A link-local address without a scope does not say on which interface to connect.
    return address.ipv4_mapped is None and ("%" in literal or not address.is_link_local)


def _in_order(literal: str) -> tuple[int, bytes, str]:
    address = ipaddress.ip_address(literal)
    return address.version, address.packed, literal
