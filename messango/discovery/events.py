"""A room as a browser shows it, and what a browser tells of rooms."""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from messango.transport.addresses import Address, is_ip

#: More addresses than a machine has; a record may hold thousands, and each would be connected to.
MAX_ADDRESSES: Final = 12


class Status(enum.Enum):
    """What a room's last answer, or its lack, says about joining; the value is the word for a person."""

    CHECKING = "checking"  # seen in mDNS, which anybody can forge; not asked yet
    OPEN = "open"
    FULL = "full"
    SILENT = "not answering"
    OTHER_VERSION = "other version"


#: The statuses of a room that has answered.
ANSWERED: Final = frozenset({Status.OPEN, Status.FULL, Status.OTHER_VERSION})


@dataclass(frozen=True, slots=True)
class FoundRoom:
    """A room, once however many interfaces it is seen on; `key` is its own among all rooms.

    `addresses` begin with the one that answered; `ping_ms` is None while none does. Texts come from
    strangers: they hold no control or bidi characters, and nothing in them is trusted.
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
    status: Status
    ping_ms: float | None

    @property
    def joinable(self) -> bool:
        """Whether it answered and has a free seat."""
        return self.status is Status.OPEN


@dataclass(frozen=True, slots=True)
class RoomAdded:
    """A room is seen that was not."""

    room: FoundRoom


@dataclass(frozen=True, slots=True)
class RoomUpdated:
    """Something that a person can see has changed."""

    room: FoundRoom


@dataclass(frozen=True, slots=True)
class RoomRemoved:
    """The room said goodbye, or has been silent for long; `room` is as it was last shown."""

    room: FoundRoom


@dataclass(frozen=True, slots=True)
class BrowseFailed:
    """Rooms can't be looked for, or on this machine alone, and why; it goes on trying."""

    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class BrowseResumed:
    """What `BrowseFailed` told is over."""


BrowseEvent: TypeAlias = RoomAdded | RoomUpdated | RoomRemoved | BrowseFailed | BrowseResumed


def usable_addresses(literals: Iterable[str], port: int) -> tuple[Address, ...]:
    """Return what of a record can be connected to: IPv4 first, then IPv6, then what has a scope."""
    if not 0 < port < 65536:
        return ()
    usable = sorted({(_rank(literal), literal) for literal in literals if _is_usable(literal)})
    outside = [literal for _, literal in usable if not ipaddress.ip_address(literal).is_loopback]
    # Another machine's loopback is ours to us: there we would ask ourselves.
    chosen = outside or [literal for _, literal in usable]
    return tuple(Address(literal, port) for literal in chosen[:MAX_ADDRESSES])


def _is_usable(literal: str) -> bool:
    if not is_ip(literal):
        return False
    address = ipaddress.ip_address(literal)
    if address.is_multicast or address.is_unspecified:
        return False
    if address.version == 4:
        return not address.is_reserved  # 240.0.0.0/4 and the broadcast address
    # Without its scope a link-local address says on no link where to look.
    return address.ipv4_mapped is None and ("%" in literal or not address.is_link_local)


def _rank(literal: str) -> tuple[bool, bool]:
    address = ipaddress.ip_address(literal)
    return address.version == 6, address.is_link_local
