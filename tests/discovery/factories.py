"""Rooms, services and sightings that exist nowhere, and what to wait with."""

from __future__ import annotations

import queue
import time
import uuid
from collections.abc import Callable, Sequence

from messango.discovery.events import BrowseEvent, FoundRoom, Status
from messango.discovery.room_table import Service
from messango.discovery.txt_record import RoomRecord
from messango.errors import MessangoError, Unreachable
from messango.protocol.frames import RoomFacts, RoomInfo
from messango.transport.addresses import Address
from messango.transport.probe import Sighting

HOME = Address("192.168.1.20", 8000)
PRINT = "ab" * 32


def some_facts(name: str = "Office", *, room_id: str = "", members: int = 1, seats: int = 5) -> RoomFacts:
    """Return a room's facts, under an id of its own unless one is given."""
    return RoomFacts(1, room_id or uuid.uuid4().hex[:16], name, "1.2.3", members, seats, False, True)


def info_of(facts: RoomFacts) -> RoomInfo:
    """Return the same facts as the answer to `look`."""
    return RoomInfo(
        facts.protocol,
        facts.id,
        facts.name,
        facts.version,
        facts.members,
        facts.seats,
        facts.locked,
        facts.history,
    )


def sighting_of(facts: RoomFacts, address: Address = HOME, ping_ms: float = 1.0) -> Sighting:
    """Return what a probe of the room brings."""
    return Sighting(info_of(facts), address, PRINT, ping_ms)


def service_of(label: str = "Office", *, addresses: Sequence[Address] = (HOME,), members: int = 1) -> Service:
    """Return a service as mDNS tells it."""
    record = RoomRecord(1, "txt-id", members, 5, fingerprint="cd" * 32, version="0.9", host="ann-laptop")
    return Service(f"{label}._messango._tcp.local.".lower(), label, tuple(addresses), record, "messango-1")


def some_room(
    name: str = "Office", *, status: Status = Status.OPEN, ping_ms: float | None = 0.4
) -> FoundRoom:
    """Return a room as a browser tells it."""
    return FoundRoom(
        name.lower(),
        "r1",
        name,
        "ann-laptop",
        (HOME, Address("fe80::1%eth0", 8000)),
        3,
        5,
        False,
        PRINT,
        "1.2.3",
        1,
        status,
        ping_ms,
    )


class Rooms:
    """Stands in for `look`: rooms that answer at the port they are told to, and nothing elsewhere."""

    def __init__(self) -> None:
        self.at: dict[int, RoomFacts | MessangoError] = {}
        self.asked: list[int] = []

    def __call__(self, addresses: Sequence[Address], *, timeout_s: float = 3.0) -> Sighting:
        assert timeout_s > 0
        self.asked.append(addresses[0].port)
        facts = self.at.get(addresses[0].port, Unreachable("Nobody answers there."))
        if isinstance(facts, MessangoError):
            raise facts
        return sighting_of(facts, addresses[0])


def unique(name: str) -> str:
    """Return a name that nobody else on this loopback has, for several test runs share it."""
    return f"{name} {uuid.uuid4().hex[:8]}"


def wait_for(
    events: queue.SimpleQueue[BrowseEvent], wanted: Callable[[BrowseEvent], bool], timeout_s: float = 60.0
) -> BrowseEvent:
    """Return the first event that is wanted; fails the test where none comes."""
    deadline = time.monotonic() + timeout_s
    passed: list[BrowseEvent] = []
    while True:
        try:
            event = events.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise AssertionError(f"What was waited for did not come; what came: {passed}") from None
        if wanted(event):
            return event
        passed.append(event)
