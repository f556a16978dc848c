"""Rooms that their hosts have locked, and rooms with a password."""

from __future__ import annotations

import msgspec
import pytest

from messango.discovery.model.events import RoomStatus, RoomUpdated
from tests.discovery.factories import service_of, some_room_info
from tests.discovery.model.test_room_table import ClockedTable, single_room


@pytest.mark.parametrize(
    ("locked", "password", "members", "status"),
    [
        (True, False, 1, RoomStatus.LOCKED),
        (True, True, 5, RoomStatus.LOCKED),
        (False, True, 1, RoomStatus.OPEN),
        (False, True, 5, RoomStatus.FULL),
        (True, None, 1, RoomStatus.OPEN),
    ],
)
def test_a_locked_room_promises_no_seat(
    *, locked: bool, password: bool | None, members: int, status: RoomStatus
) -> None:
    """A password does not close a room; nor does the `locked` of an earlier version, which may be either."""
    rooms = ClockedTable()
    rooms.resolve(service_of())
    info = msgspec.structs.replace(some_room_info(members=members), locked=locked, password=password)
    room = single_room(rooms.probe(info), RoomUpdated)
    assert (room.status, room.locked, room.password) == (status, locked, password)
    assert room.joinable is (status is RoomStatus.OPEN)
    assert room.proved_at is not None
