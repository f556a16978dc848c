"""The parts of an open room that the examination uses, and the reply that the doctor reads."""

from __future__ import annotations

from messango.protocol.frames import Join, Reach
from messango.protocol.limits import PROTOCOL_VERSION
from messango.room.bans import Bans
from messango.room.history.history import MemoryHistory
from messango.room.peer import Peer
from messango.room.room import Room
from messango.server.reachability.reach_request import answer_reach_request
from messango.server.reachability.reachability import AddressReport
from messango.server.reachability.sightings import Sighting
from messango.server.reachability.witnesses import Witness, members_to_ask
from messango.transport.addresses import Address
from tests.support.raw_client import RawClient
from tests.support.rooms import open_room


class Examined:
    """An examination that is over."""

    def examine(self) -> list[AddressReport]:
        seen = Sighting("192.168.1.7", ok=True, time_s=5.0, name="Ben")
        return [
            AddressReport(Address("192.168.1.20", 8001), (seen,)),
            AddressReport(Address("fe80::1%eth0", 8001), ()),
        ]


def test_the_reply() -> None:
    """Only what JSON has."""
    reply = answer_reach_request(Examined())  # type: ignore[arg-type] # the only method that is used
    assert reply.pop("since") > 5.0
    assert reply == {
        "addresses": [
            {
                "address": "192.168.1.20:8001",
                "seen": [{"host": "192.168.1.7", "name": "Ben", "ok": True, "time": 5.0}],
            },
            {"address": "[fe80::1%eth0]:8001", "seen": []},
        ]
    }


def test_members_who_can_be_asked() -> None:
    """The latest first; not those who are away or do not encrypt, as the original client."""
    room = Room("1f" * 16, "Tea", 5, MemoryHistory(), Bans())
    room.begin_batch(0.0, 0.0)
    peers = [
        Peer("192.168.1.7", 1),
        Peer("192.168.1.8", 2, encrypted=False),
        Peer("192.168.1.9", 3),
        Peer("fe80::7%eth0", 4),
    ]
    for number, peer in enumerate(peers, start=1):
        room.join(number, Join(PROTOCOL_VERSION, f"M{number}"), peer)
    room.disconnect(3)
    ids = {member.name: member.id for member in room.members}
    assert members_to_ask(room) == [
        Witness(4, ids["M4"], "M4", "fe80::7"),
        Witness(1, ids["M1"], "M1", "192.168.1.7"),
    ]


def test_a_real_room_knows_its_members_and_reaches_them() -> None:
    """Only those who have their welcome."""
    with open_room() as server, RawClient(server.port) as ann:
        ann.join("Ann")
        (witness,) = server.reachability._members()
        assert (witness.name, witness.host) == ("Ann", "127.0.0.1")
        server.reachability._send(witness.connection_id, b'{"type":"reach","addresses":["192.168.1.20"]}\n')
        assert ann.await_frame(Reach) == Reach(["192.168.1.20"])
        server.reachability._send(9_999, b"nobody is there\n")
