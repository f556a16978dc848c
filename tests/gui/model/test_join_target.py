"""What to join."""

from __future__ import annotations

import dataclasses

import pytest

from messango.discovery.events import RoomStatus
from messango.errors import BadAddress
from messango.gui.model.join_target import hostname_target, room_target, typed_target
from messango.gui.model.room_list import RoomList
from messango.transport.addresses import Address
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
    assert typed_target("office", rooms) == room_target(found_room("Office"))


def test_name_in_the_list_that_looks_like_an_address_is_that_room() -> None:
    """An address is only meant if no room has that name."""
    rooms = RoomList()
    assert typed_target("Room:5", rooms).addresses == (Address("Room", 5),)
    rooms.apply(room_added("Room:5"))
    assert typed_target("Room:5", rooms) == room_target(found_room("Room:5"))
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
