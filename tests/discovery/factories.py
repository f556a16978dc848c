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
from messango.protocol.frames import RoomInfo, RoomInfoFrame
from messango.transport.addresses import Address
from messango.transport.probe import ProbeResult

ADDRESS = Address("192.168.1.20", 8000)
FINGERPRINT = "ab" * 32


def some_room_info(name: str = "Office", *, room_id: str = "", members: int = 1, seats: int = 5) -> RoomInfo:
    """Return a room's facts, under an id of its own unless one is given."""
    return RoomInfo(1, room_id or uuid.uuid4().hex[:16], name, "1.2.3", members, seats, False, True)


def info_frame_of(room_info: RoomInfo) -> RoomInfoFrame:
    """Return the same facts as the answer to `probe`."""
    return RoomInfoFrame(
        room_info.protocol,
        room_info.id,
        room_info.name,
        room_info.version,
        room_info.members,
        room_info.seats,
        room_info.locked,
        room_info.history,
    )


def probe_result_of(room_info: RoomInfo, address: Address = ADDRESS, ping_ms: float = 1.0) -> ProbeResult:
    """Return what a probe of the room brings."""
    return ProbeResult(info_frame_of(room_info), address, FINGERPRINT, ping_ms)


def service_of(
    label: str = "Office", *, addresses: Sequence[Address] = (ADDRESS,), members: int = 1
) -> Service:
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
        (ADDRESS, Address("fe80::1%eth0", 8000)),
        3,
        5,
        False,
        FINGERPRINT,
        "1.2.3",
        1,
        status,
        ping_ms,
    )


class FakeProbe:
    """Stands in for `probe`: rooms that answer at the port they are told to, and nothing elsewhere."""

    def __init__(self) -> None:
        self.by_port: dict[int, RoomInfo | MessangoError] = {}
        self.probed_ports: list[int] = []

    def __call__(self, addresses: Sequence[Address], *, timeout_s: float = 3.0) -> ProbeResult:
        assert timeout_s > 0
        self.probed_ports.append(addresses[0].port)
        room_info = self.by_port.get(addresses[0].port, Unreachable("Nobody answers there."))
        if isinstance(room_info, MessangoError):
            raise room_info
        return probe_result_of(room_info, addresses[0])


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
