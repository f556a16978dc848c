"""Which known room a found one is."""

from __future__ import annotations

from dataclasses import replace

from messango.app.known_names import known_rank, trusted_link
from messango.client.trust.known_rooms import KnownRooms
from messango.transport.addresses import Address
from tests.client.linked.servers import FINGERPRINTS, LINK, room, server
from tests.discovery.factories import some_room


def test_each_server_of_a_known_room_is_that_room() -> None:
    """A server where somebody was has named it. A stranger may claim what it likes."""
    rooms = KnownRooms.load()
    rooms.remember(room(0), FINGERPRINTS[0], Address("10.0.0.1"), "Server 0", [server(1)])
    rank = known_rank("Raw", rooms)
    assert rank is not None
    found = [
        replace(some_room("Raw"), id=room(n).id, fingerprint=FINGERPRINTS[n], link=LINK) for n in range(3)
    ]
    assert [rank(one) for one in found] == [0, 0, None]
    assert [trusted_link(one, rooms) for one in found] == [LINK, LINK, ""]
