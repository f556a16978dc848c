"""What answers must be the room that is announced."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from messango.discovery.model.events import RoomAdded, RoomStatus, RoomUpdated
from messango.errors import UnprovedIdentity
from messango.protocol.room_id import derive_room_id
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.discovery.factories import FINGERPRINT, ROOM_ID, service_of, some_room_info
from tests.discovery.model.test_room_table import ClockedTable, single_room


@pytest.fixture
def rooms() -> ClockedTable:
    return ClockedTable()


@pytest.mark.parametrize(
    "record",
    [
        {"id": derive_room_id("000000b2", FINGERPRINT)},
        {"fingerprint": "cd" * 32},
        {"id": derive_room_id("000000a1", "cd" * 32), "fingerprint": "cd" * 32},
    ],
    ids=["id", "fingerprint", "both"],
)
def test_an_answer_that_contradicts_the_announcement(rooms: ClockedTable, record: dict[str, Any]) -> None:
    """What is announced is another room than what answers: it is neither, and can't be joined."""
    service = service_of()
    rooms.resolve(dataclasses.replace(service, record=dataclasses.replace(service.record, **record)))
    room = single_room(rooms.probe(some_room_info(room_id=ROOM_ID)), RoomUpdated)
    assert (room.status, room.joinable) == (RoomStatus.UNPROVED, False)
    assert (room.id, room.fingerprint, room.ping_ms) == ("", "", None)
    right = dataclasses.replace(service.record, id=ROOM_ID, fingerprint=FINGERPRINT)
    rooms.resolve(dataclasses.replace(service, record=right))
    rooms.advance_to_next_probe()
    room = single_room(rooms.probe(some_room_info(room_id=ROOM_ID)), RoomUpdated)
    assert (room.status, room.id) == (RoomStatus.OPEN, ROOM_ID)


def test_a_room_that_claims_an_id_is_not_listed_as_that_room(rooms: ClockedTable) -> None:
    """The probe has found it out; a room that was open before is not the one that answers now."""
    rooms.resolve(service_of())
    rooms.probe(some_room_info(room_id=ROOM_ID))
    rooms.advance_to_next_probe()
    room = single_room(rooms.probe(UnprovedIdentity("192.0.2.1:8000")), RoomUpdated)
    assert (room.status, room.id, room.fingerprint) == (RoomStatus.UNPROVED, "", "")


def test_another_room_at_the_announced_address_is_not_listed_as_that_room(rooms: ClockedTable) -> None:
    """The probe asks only for the announced certificate, and passes over our own room at the same address."""
    service = service_of()
    record = dataclasses.replace(service.record, id=ROOM_ID, fingerprint=FINGERPRINT)
    rooms.resolve(dataclasses.replace(service, record=record))
    (row,) = rooms.table.due_rows(rooms.now)
    assert row.announced_fingerprint == FINGERPRINT
    room = single_room(
        rooms.probe(FingerprintMismatch("172.30.0.1:8000", FINGERPRINT, "cd" * 32)), RoomUpdated
    )
    assert (room.status, room.id, room.fingerprint) == (RoomStatus.UNPROVED, "", "")


def test_an_announced_id_counts_only_with_its_certificate() -> None:
    """Until the room answers, and while it is silent."""
    service = service_of()
    records: list[tuple[dict[str, Any], str]] = [
        ({"id": ROOM_ID}, ""),
        ({"id": ROOM_ID, "fingerprint": "cd" * 32}, ""),
        ({"id": ROOM_ID, "fingerprint": FINGERPRINT}, ROOM_ID),
    ]
    for record, shown in records:
        one = dataclasses.replace(service, record=dataclasses.replace(service.record, **record))
        events = ClockedTable().resolve(one)
        assert single_room(events, RoomAdded).id == shown
