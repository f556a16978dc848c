"""Which known room a found one is."""

from __future__ import annotations

from dataclasses import replace

from msgspec.structs import replace as changed

from messango.app.known_names import known_rank, trusted_link
from messango.client.trust.known_rooms import KnownRooms
from messango.transport.addresses import Address
from tests.client.linked.servers import FINGERPRINTS, LINK, room, server
from tests.discovery.factories import some_room


def test_each_server_of_a_known_room_is_that_room() -> None:
    """A server where somebody was has named it, and comes first. A stranger may claim what it likes."""
    rooms = KnownRooms.load()
    rooms.remember(room(0), FINGERPRINTS[0], Address("10.0.0.1"), "Server 0", [server(1)])
    rank = known_rank("Raw", rooms)
    assert rank is not None
    found = [
        replace(some_room("Raw"), id=room(n).id, fingerprint=FINGERPRINTS[n], link=LINK) for n in range(3)
    ]
    assert [rank(one) for one in found] == [0, 1, None]
    assert [trusted_link(one, rooms) for one in found] == [LINK, LINK, ""]


def test_a_server_of_another_name_is_found_too() -> None:
    """Its host may have given its own one, and the person may have been there."""
    rooms = KnownRooms.load()
    rooms.remember(changed(room(0), name="Hall"), FINGERPRINTS[0], Address("10.0.0.1"), "One", [server(1)])
    rooms.remember(changed(room(1), name="Aula"), FINGERPRINTS[1], Address("10.0.0.2"), "Two", [server(0)])
    rank = known_rank("Hall", rooms)
    assert rank is not None
    found = [
        replace(some_room(name), id=room(number).id, fingerprint=FINGERPRINTS[number])
        for number, name in enumerate(("Hall", "Aula"))
    ]
    assert [rank(one) for one in found] == [0, 1]
