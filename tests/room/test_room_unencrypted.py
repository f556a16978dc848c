"""Members whose connections anybody on the network can read: everybody else is told."""

from __future__ import annotations

from messango.protocol.codec import encode
from messango.protocol.frames import Joined, Left, Message, Renamed, Welcome
from messango.protocol.limits import MAX_FRAME_BYTES
from messango.room.host_events import MemberJoined
from messango.room.remote_peer import Peer
from tests.room.batches import AGAIN, ANN, BEN, RoomHarness, peer_at

DORA, EMIL = 4, 5


def join_unencrypted(harness: RoomHarness, connection_id: int, name: str, session: str | None = None) -> bool:
    """Join over a connection that is not encrypted."""
    harness.peers[connection_id] = Peer("192.0.2.99", 1, encrypted=False)
    return harness.join(connection_id, name, session)


def test_the_others_and_the_host_are_told(harness: RoomHarness) -> None:
    """Once, when somebody unencrypted comes; of others nothing is said."""
    join_unencrypted(harness, DORA, "Dora")
    harness.join(EMIL, "Emil")
    assert harness.take_received(ANN) == [Joined("Dora", encrypted=False), Joined("Emil")]
    assert harness.events == [
        MemberJoined("192.0.2.99:1", "Dora", 4, 5, resumed=False, encrypted=False),
        MemberJoined(str(peer_at(EMIL)), "Emil", 5, 5, resumed=False),
    ]


def test_who_comes_later_is_told(harness: RoomHarness) -> None:
    """The welcome names them, also by a new name; once they have left it does not."""
    join_unencrypted(harness, DORA, "Dora")
    assert harness.last_frame(DORA, Welcome).unencrypted == ["Dora"]
    harness.rename(DORA, "Dorothea")
    assert harness.join_admitted(EMIL, "Emil").unencrypted == ["Dorothea"]
    harness.leave(DORA)
    assert harness.join_admitted(6, "Fay").unencrypted == []


def test_what_was_said_in_the_open_proves_nothing(harness: RoomHarness) -> None:
    """A session that was given over TLS and comes without it may be a thief's, who is somebody else then."""
    first = harness.join_admitted(DORA, "Dora")
    harness.disconnect(DORA)
    harness.clear_received()
    assert join_unencrypted(harness, AGAIN, "Dora", first.session)
    thief = harness.last_frame(AGAIN, Welcome)
    assert (thief.you, thief.member != first.member) == ("Dora 2", True)
    assert harness.take_received(ANN) == [Joined("Dora 2", encrypted=False)]
    harness.leave(BEN)
    harness.join(6, "Dora", thief.session)
    assert harness.last_frame(6, Welcome).you == "Dora 3"


def test_without_encryption_one_comes_back_too(harness: RoomHarness) -> None:
    """A framed client keeps its seat through a break, and nobody is told of a blip."""
    join_unencrypted(harness, DORA, "Dora")
    session = harness.last_frame(DORA, Welcome).session
    harness.disconnect(DORA)
    harness.clear_received()
    join_unencrypted(harness, AGAIN, "Dora", session)
    assert harness.last_frame(AGAIN, Welcome).you == "Dora"
    harness.rename(AGAIN, "Dorothea")
    harness.post(AGAIN, "hello")
    harness.leave(AGAIN)
    assert [type(frame) for frame in harness.take_received(ANN)] == [Renamed, Message, Left]


def test_a_hall_of_them_fits_into_frames() -> None:
    """Whoever has no room in the welcome is told of one by one, with what is known of each."""
    harness = RoomHarness(seats=1_000)
    harness.begin_batch()
    for connection_id in range(1_000):
        harness.peers[connection_id] = Peer("192.0.2.99", 1, encrypted=connection_id % 2 == 0)
        harness.join(connection_id, f"{connection_id} {'🥭' * 28}")
    harness.end_batch()
    welcome = harness.last_frame(999, Welcome)
    assert len(encode(welcome)) < MAX_FRAME_BYTES
    rest = [frame for frame in harness.received[999] if isinstance(frame, Joined)]
    told = [(name, name not in welcome.unencrypted) for name in welcome.members]
    told += [(frame.name, frame.encrypted) for frame in rest]
    assert [encrypted for _, encrypted in told] == [connection_id % 2 == 0 for connection_id in range(1_000)]
