"""Made-up rooms, services and probe results, and a wait for events."""

from __future__ import annotations

import dataclasses
import queue
import time
import uuid
from collections.abc import Callable, Sequence

from messango.discovery.model.events import BrowseEvent, FoundRoom, RoomStatus
from messango.discovery.model.room_row import Service
from messango.discovery.model.txt_record import RoomRecord
from messango.errors import MessangoError, Unreachable
from messango.protocol.frames import RoomInfo, RoomInfoFrame
from messango.protocol.room_id import derive_room_id
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from messango.transport.dialing.probe import ProbeResult
from messango.transport.identity.identity_errors import FingerprintMismatch

ADDRESS = Address("192.168.1.20", 8000)
FINGERPRINT = "ab" * 32
ROOM_ID = derive_room_id("000000a1", FINGERPRINT)


def some_room_info(name: str = "Office", *, room_id: str = "", members: int = 1, seats: int = 5) -> RoomInfo:
    """Return a room's info, with an id of its own unless one is given."""
    return RoomInfo(
        1,
        room_id or derive_room_id(uuid.uuid4().hex[:8], FINGERPRINT),
        name,
        "1.2.3",
        members,
        seats,
        False,
        True,
    )


def info_frame_of(room_info: RoomInfo) -> RoomInfoFrame:
    """Return the same info as an answer to a probe."""
    return RoomInfoFrame(
        room_info.protocol,
        room_info.id,
        room_info.name,
        room_info.version,
        room_info.members,
        room_info.seats,
        room_info.locked,
        room_info.history,
        room_info.password,
        room_info.features,
    )


def probe_result_of(room_info: RoomInfo, address: Address = ADDRESS, ping_ms: float = 1.0) -> ProbeResult:
    """Return the result of a probe of this room."""
    return ProbeResult(info_frame_of(room_info), address, FINGERPRINT, ping_ms)


def service_of(
    label: str = "Office", *, addresses: Sequence[Address] = (ADDRESS,), members: int = 1
) -> Service:
    """Return a service as mDNS announces it."""
    record = RoomRecord(1, "", members, 5, version="0.9", host="ann-laptop")
    name = f"{label}._messango._tcp.local.".lower()
    return Service(name, label, tuple(addresses), record, "messango-1", name=name)


def some_room(
    name: str = "Office", *, status: RoomStatus = RoomStatus.OPEN, ping_ms: float | None = 0.4
) -> FoundRoom:
    """Return a room as a browser shows it."""
    return FoundRoom(
        name.lower(),
        ROOM_ID,
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
        password=False,
        features=("earlier", "search"),
    )


def silent_room(kind: FailureKind, name: str = "Office") -> FoundRoom:
    """Return a room as a browser shows it whose last probe met this."""
    room = some_room(name, status=RoomStatus.SILENT, ping_ms=None)
    return dataclasses.replace(room, failure=DialAttempt(room.addresses[0], kind, 0.0))


class FakeProbe:
    """Replaces `probe`: rooms answer at the ports in `by_port`, and nothing answers elsewhere."""

    def __init__(self) -> None:
        self.by_port: dict[int, RoomInfo | MessangoError] = {}
        self.probed_ports: list[int] = []

    def __call__(
        self,
        addresses: Sequence[Address],
        *,
        fingerprint: str | None = None,
        timeout_s: float = 3.0,
        patience_s: float = 10.0,
    ) -> ProbeResult:
        assert 0 < timeout_s <= patience_s
        self.probed_ports.append(addresses[0].port)
        if fingerprint not in (None, FINGERPRINT):
            raise FingerprintMismatch(str(addresses[0]), fingerprint or "", FINGERPRINT)
        room_info = self.by_port.get(addresses[0].port, Unreachable("Nobody answers there."))
        if isinstance(room_info, MessangoError):
            raise room_info
        return probe_result_of(room_info, addresses[0])


def unique(name: str) -> str:
    """Return a name that is unique on this loopback, because several test runs share it."""
    return f"{name} {uuid.uuid4().hex[:8]}"


def wait_for(
    events: queue.SimpleQueue[BrowseEvent], wanted: Callable[[BrowseEvent], bool], timeout_s: float = 60.0
) -> BrowseEvent:
    """Return the first wanted event; fails the test if none comes."""
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
