"""Known rooms that are not announced, looked for at their last addresses."""

from __future__ import annotations

import dataclasses

import pytest

from messango.discovery.browse import Browser
from messango.discovery.hints import RoomHint, hinted_services, reached_by
from messango.discovery.model.events import RoomAdded, RoomRemoved, RoomStatus
from messango.errors import Unreachable
from messango.protocol.room_id import derive_room_id
from messango.transport.addresses import Address
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.discovery.factories import (
    ADDRESS,
    FINGERPRINT,
    ROOM_ID,
    service_of,
    some_room_info,
    unique,
    wait_for,
)
from tests.discovery.model.test_room_table import ClockedTable, single_room
from tests.discovery.test_browse import has_status
from tests.support.rooms import open_room

HINT = RoomHint(ROOM_ID, "Office", FINGERPRINT, (ADDRESS,))
UNREACHABLE = Unreachable("Nobody answers there.")


@pytest.fixture
def rooms() -> ClockedTable:
    """A table that knows one room from before."""
    rooms = ClockedTable()
    rooms.table.add_hints(hinted_services([HINT]), rooms.now + 1)
    rooms.advance_to_next_probe()
    return rooms


def test_a_room_is_listed_once_it_has_answered(rooms: ClockedTable) -> None:
    """It is called what it calls itself now, and marked as not announced."""
    room = single_room(rooms.probe(some_room_info("Office 2", room_id=ROOM_ID)), RoomAdded)
    assert (room.name, room.id, room.status, room.announced) == ("Office 2", ROOM_ID, RoomStatus.OPEN, False)
    assert room.addresses == (ADDRESS,)


@pytest.mark.parametrize(
    "outcome",
    [
        UNREACHABLE,
        FingerprintMismatch("Office", FINGERPRINT, "cd" * 32),
        some_room_info(room_id=derive_room_id("000000b2", FINGERPRINT)),
    ],
    ids=["nobody", "a stranger", "another room of the host"],
)
def test_anybody_else_is_not_listed(rooms: ClockedTable, outcome: object) -> None:
    """Neither is a room that does not answer, and it is tried less and less often."""
    assert rooms.probe(outcome, took_s=2.0) == []  # type: ignore[arg-type]
    waits: list[float] = []
    for _ in range(8):
        before = rooms.now
        rooms.advance_to_next_probe()
        waits.append(rooms.now - before)
        assert rooms.probe(outcome, took_s=2.0) == []  # type: ignore[arg-type]
    assert waits == sorted(waits)
    assert waits[-1] >= 60


def test_a_room_that_stops_answering_is_removed(rooms: ClockedTable) -> None:
    """It is not listed as silent: nobody has announced it."""
    rooms.probe(some_room_info(room_id=ROOM_ID))
    rooms.advance_to_next_probe()
    assert single_room(rooms.probe(UNREACHABLE, took_s=2.0), RoomRemoved).id == ROOM_ID


def test_an_announced_room_is_not_asked_twice(rooms: ClockedTable) -> None:
    """On a network with multicast the last address costs nothing, and there is one row."""
    rooms.resolve(service_of())
    rooms.probe(some_room_info(room_id=ROOM_ID), key="office")
    assert [row.service.announced for row in rooms.table.due_rows(rooms.now + 1)] == []
    assert rooms.table.next_due() > rooms.now


def test_the_announced_row_takes_over(rooms: ClockedTable) -> None:
    """And when the room says goodbye, what it answered before counts no more."""
    rooms.probe(some_room_info(room_id=ROOM_ID))
    rooms.resolve(service_of())
    events = rooms.probe(some_room_info(room_id=ROOM_ID), key="office")
    assert any(isinstance(event, RoomRemoved) and not event.room.announced for event in events)
    gone = single_room(rooms.table.service_removed(service_of().name, rooms.now), RoomRemoved)
    assert gone.announced
    assert rooms.probe(UNREACHABLE, took_s=2.0) == []


def test_only_what_the_chosen_addresses_reach() -> None:
    """Somebody who limits Messango to one network does not want packets on the others."""
    near, far = Address("10.0.0.5"), Address("192.168.1.5")
    sources = {"10.0.0.5": "10.0.0.1", "192.168.1.5": "192.168.1.9"}
    hint = dataclasses.replace(HINT, addresses=(far, near, Address("ann-laptop")))
    assert reached_by([hint], ["10.0.0.1"], lambda host: sources[host]) == [
        dataclasses.replace(hint, addresses=(near,))
    ]
    assert reached_by([hint], ["127.0.0.1"], lambda host: sources[host]) == []


def test_a_browser_finds_a_known_room_without_an_announcement() -> None:
    """Of several addresses, another room's and nobody's are passed over."""
    with open_room(unique("Office")) as server, open_room(unique("Other")) as other:
        info = server.room_info()
        addresses = (Address("127.0.0.1", other.port), Address("127.0.0.1", server.port))
        hints = [
            RoomHint(info.id, "Office", server.fingerprint, addresses[1:]),
            RoomHint(info.id[:-1] + "0", "Stranger", "cd" * 32, addresses),
        ]
        browser = Browser(hints=hints, hint_delay_s=0)
        browser.start()
        try:
            event = wait_for(browser.events, has_status(info.name, RoomStatus.OPEN))
        finally:
            browser.close()
        assert isinstance(event, RoomAdded)
        assert (event.room.id, event.room.announced) == (info.id, False)
