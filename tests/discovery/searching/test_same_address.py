"""A room that is announced only at addresses of this computer."""

from __future__ import annotations

import dataclasses

from messango.discovery.model.events import RoomStatus
from messango.discovery.searching.same_address import same_address_reason
from messango.transport.addresses import Address
from tests.discovery.factories import some_room
from tests.transport.networks.factories import interface, networks

OWN = networks(interface("eth0", "192.168.1.7", 24), interface("tun0", "10.8.0.2", 24, "vpn"))


def test_a_room_at_our_own_address_is_explained() -> None:
    """With the address, and what its host can do."""
    room = dataclasses.replace(some_room(status=RoomStatus.SILENT), addresses=(Address("10.8.0.2"),))
    explained = same_address_reason(room, OWN)
    assert explained is not None
    assert "10.8.0.2:8000" in explained[0]
    assert "--host" in explained[1]


def test_a_room_elsewhere_is_not() -> None:
    """One other address is enough; nobody else has the loopback."""
    room = some_room(status=RoomStatus.SILENT)
    assert same_address_reason(room, OWN) is None
    both = dataclasses.replace(room, addresses=(Address("10.8.0.2"), Address("192.168.1.20")))
    assert same_address_reason(both, OWN) is None
    here = dataclasses.replace(room, addresses=(Address("127.0.0.1"),))
    assert same_address_reason(here, OWN) is None
    assert same_address_reason(dataclasses.replace(room, addresses=()), OWN) is None
