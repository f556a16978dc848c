"""What to join."""

from __future__ import annotations

import dataclasses

import pytest

from messango.discovery.model.events import FoundRoom, RoomAdded, RoomRemoved, RoomStatus
from messango.errors import BadAddress
from messango.gui.model.rooms.join_target import (
    PendingJoin,
    hostname_target,
    invite_target,
    room_target,
    typed_target,
)
from messango.gui.model.rooms.room_list import RoomList
from messango.transport.addresses import Address, Invite
from tests.gui.fakes import FINGERPRINT, found_room, room_added


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("192.168.1.20", Address("192.168.1.20", 8000)),
        (" ann-laptop:9000 ", Address("ann-laptop", 9000)),
        ("[fe80::1%eth0]:8000", Address("fe80::1%eth0", 8000)),
        ("ann-laptop", Address("ann-laptop", 8000)),
    ],
)
def test_address_is_a_target(typed: str, address: Address) -> None:
    """Every form of address, without a fingerprint."""
    target = typed_target(typed, RoomList())
    assert (target.addresses, target.fingerprint) == ((address,), None)


def test_invite_link_has_a_fingerprint() -> None:
    """The server must have it."""
    target = typed_target(f"messango://10.0.0.2:8000/?fingerprint={FINGERPRINT}", RoomList())
    assert target.fingerprint == FINGERPRINT


def test_name_in_the_list_is_that_room() -> None:
    """A typed name of a room means the room."""
    rooms = RoomList()
    rooms.apply(room_added("Office"))
    assert typed_target("office", rooms) == room_target(found_room("Office"), "office")


def test_name_in_the_list_that_looks_like_an_address_is_that_room() -> None:
    """An address is only meant if no room has that name."""
    rooms = RoomList()
    assert typed_target("Room:5", rooms).addresses == (Address("Room", 5),)
    rooms.apply(room_added("Room:5"))
    assert typed_target("Room:5", rooms) == room_target(found_room("Room:5"), "Room:5")
    assert typed_target("10.0.0.1:5", rooms).addresses == (Address("10.0.0.1", 5),)


def test_a_row_is_joined_by_its_id_and_certificate() -> None:
    """So the client passes over another room that has one of its addresses."""
    room = dataclasses.replace(found_room("Office"), fingerprint="ab" * 32)
    target = room_target(room)
    assert (target.fingerprint, target.room_id) == ("ab" * 32, "id of Office")
    assert target.proved_at == room.addresses[0]
    assert room_target(dataclasses.replace(room, status=RoomStatus.SILENT)).proved_at is None


@pytest.mark.parametrize("typed", ["", "  ", "1.2.3.4:99999", "no such room", "messango:what"])
def test_invalid_text_has_an_error_with_a_hint(typed: str) -> None:
    """A sentence, and what to do next."""
    with pytest.raises(BadAddress) as caught:
        typed_target(typed, RoomList())
    assert str(caught.value).endswith(".")
    assert caught.value.hint


def test_only_a_name_with_a_dot_or_a_port_may_be_a_hostname() -> None:
    """`ann.local` may be one; `Office` is the name of a room."""
    target = hostname_target("ann.local")
    assert target is not None
    assert target.addresses == (Address("ann.local", 8000),)
    assert hostname_target("Office") is None
    port = hostname_target("ann-laptop:9000")
    assert port is not None
    assert port.addresses == (Address("ann-laptop", 9000),)
    assert hostname_target("Room:99999") is None
    assert hostname_target("no. 5, upstairs") is None


@pytest.mark.parametrize("name", ["ann-laptop.local", "LocalHost"])
def test_a_stranger_who_calls_a_room_like_a_computer_gets_nobody(name: str) -> None:
    """The user chooses the room in the list, or adds the port; unless they know that room."""
    rooms = RoomList()
    assert "computer" not in PendingJoin(name).status_text(rooms)
    rooms.apply(room_added(name))
    with pytest.raises(BadAddress, match="name of a computer") as caught:
        typed_target(name, rooms)
    assert f"{name}:8000" in caught.value.hint
    assert typed_target(f"{name}:8000", rooms).addresses == (Address(name, 8000),)
    pending = PendingJoin(name)
    assert pending.find_joinable(rooms) is None
    assert "name of a computer" in pending.status_text(rooms)
    assert typed_target(name, rooms, lambda _: 0).room_id == f"id of {name}"
    assert PendingJoin(name, rank_known=lambda _: 0).find_joinable(rooms) is not None


def test_a_version_is_no_computer() -> None:
    """The system would take it for an IP address."""
    rooms = RoomList()
    rooms.apply(room_added("v2.0"))
    assert typed_target("v2.0", rooms).room_id == "id of v2.0"
    assert hostname_target("v2.0") is None


def namesakes() -> RoomList:
    """Return a list with two rooms called Office; the second is known, and its name was another."""
    rooms = RoomList()
    for number in (1, 2):
        room = dataclasses.replace(found_room("Office", key=f"row {number}"), id=f"id {number}")
        rooms.apply(RoomAdded(room))
    return rooms


def know_the_second(room: FoundRoom) -> int | None:
    """Return the rank of a found room."""
    return 0 if room.id == "id 2" else None


def test_a_name_means_the_known_room() -> None:
    """Whatever it is called now; never a stranger's room instead."""
    rooms = namesakes()
    for typed in ("Office", "Table 4"):
        target = typed_target(typed, rooms, know_the_second)
        assert (target.room_id, target.asked_name) == ("id 2", typed)
        pending = PendingJoin(typed, rank_known=know_the_second)
        found = pending.find_joinable(rooms, 0.0)
        assert found is not None
        assert found.id == "id 2"
    rooms.apply(RoomRemoved(dataclasses.replace(found_room("Office", key="row 2"), id="id 2")))
    pending = PendingJoin("Office", rank_known=know_the_second)
    assert pending.find_joinable(rooms) is None
    assert "does not answer" in pending.status_text(rooms)
    with pytest.raises(BadAddress, match="does not answer") as caught:
        typed_target("Office", rooms, know_the_second)
    assert "choose it in the list" in caught.value.hint


def test_two_unknown_rooms_of_one_name_are_a_choice() -> None:
    """None is joined by its name, and a single one not before the other would have answered."""
    rooms = namesakes()
    pending = PendingJoin("Office")
    assert pending.find_joinable(rooms) is None
    assert "2 rooms called “Office”" in pending.status_text(rooms)
    with pytest.raises(BadAddress, match="2 rooms called “Office”"):
        typed_target("Office", rooms)
    rooms.apply(RoomRemoved(dataclasses.replace(found_room("Office", key="row 2"), id="id 2")))
    assert pending.find_joinable(rooms, 0.0) is None
    assert pending.find_joinable(rooms) is not None


def test_only_an_invite_link_is_an_invite() -> None:
    """It names its room by the certificate, so the room is looked up if its address is dead."""
    invite = Invite(Address("10.0.0.5"), "ab" * 32)
    assert invite_target(invite).invite == invite
    assert invite_target(Invite(Address("10.0.0.5"))).invite is None
    assert room_target(found_room("Tea")).invite is None
