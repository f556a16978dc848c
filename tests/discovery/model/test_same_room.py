"""Several rows with one name, forged ones among them."""

from __future__ import annotations

import dataclasses

import msgspec

from messango.discovery.model.events import RoomAdded, RoomRemoved
from messango.discovery.model.room_row import Service
from messango.discovery.model.room_table import MAX_ROWS, RoomTable
from messango.errors import UnprovedIdentity
from messango.transport.addresses import Address
from tests.discovery.factories import probe_result_of, service_of, some_room_info
from tests.discovery.model.test_room_table import UNREACHABLE, ClockedTable, rooms, single_room

__all__ = ["rooms"]


def forged(number: int) -> Service:
    """Return a service at a place where nobody answers."""
    return service_of(f"Fake {number}", addresses=[Address("192.168.1.99", 8000)])


def test_a_flood_of_forged_rooms_delays_no_other(rooms: ClockedTable) -> None:
    """All lead to one place: it is probed once before those that lead elsewhere."""
    for number in range(100):
        rooms.resolve(forged(number))
    rooms.resolve(service_of("Real"))
    assert [row.service.label for row in rooms.table.due_rows(rooms.now)[:2]] == ["Fake 0", "Real"]
    row = rooms.table.due_rows(rooms.now)[0]
    rooms.table.probe_started(row, rooms.now)
    assert rooms.table.due_rows(rooms.now)[0].service.label == "Real"


def test_the_wanted_room_comes_first_and_finds_a_place() -> None:
    """It is the one that the person asked for."""
    table = RoomTable(lambda service: service.label == "Real")
    for number in range(MAX_ROWS):
        table.service_resolved(forged(number), 0.0)
    table.service_resolved(service_of("Real"), 0.0)
    assert table.due_rows(0.0)[0].service.label == "Real"


def test_two_rooms_of_one_name_are_two_rows(rooms: ClockedTable) -> None:
    """Both proved their ids; what is only announced under the name is not listed beside them."""
    other = Address("192.168.1.21", 8000)
    second = dataclasses.replace(service_of(addresses=[other]), key="second", host="messango-2")
    fake = dataclasses.replace(service_of(addresses=[Address("192.168.1.22", 8000)]), key="fake")
    for service in (service_of(), second, fake):
        rooms.resolve(service)
    rooms.probe(some_room_info(), key="office")
    rooms.probe(probe_result_of(some_room_info(), other), key="second")
    (gone,) = rooms.probe(UnprovedIdentity("192.168.1.22:8000"), key="fake")
    assert isinstance(gone, RoomRemoved)
    assert gone.room.key == "fake"


def test_a_forged_goodbye_hides_a_room_only_once(rooms: ClockedTable) -> None:
    """It still answers, so it comes back, and further goodbyes only cause probes. A true one shows then."""
    room_info = some_room_info()
    rooms.resolve(service_of())
    rooms.probe(room_info)
    single_room(rooms.table.service_removed(service_of().name, rooms.now), RoomRemoved)
    rooms.advance_to_next_probe()
    assert single_room(rooms.probe(room_info), RoomAdded).name == "Office"
    assert rooms.table.service_removed(service_of().name, rooms.now) == []
    assert single_room(rooms.probe(UNREACHABLE), RoomRemoved).name == "Office"


def test_a_host_that_leaves_the_name_to_another_stays_listed(rooms: ClockedTable) -> None:
    """It has another name in a moment; then the row of the old one is gone."""
    room_info = some_room_info()
    rooms.resolve(service_of())
    rooms.probe(room_info)
    assert rooms.table.service_removed(service_of().name, rooms.now, "messango-1") == []
    renamed = msgspec.structs.replace(room_info, name="Office 2")
    rooms.advance_to_next_probe()
    assert isinstance(rooms.probe(renamed)[0], RoomRemoved)
