"""Members without encryption: everybody else is notified."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from messango.protocol.codec import encode
from messango.protocol.frames import Joined, Left, Message, Renamed, Welcome
from messango.protocol.limits import MAX_FRAME_BYTES
from messango.room.history.fallback_history import FallbackHistory
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.host.host_events import MemberJoined
from messango.room.peer import Peer
from tests.room.batches import AGAIN, ANN, BEN, RoomHarness, peer_at

DORA, EMIL = 4, 5


def join_unencrypted(harness: RoomHarness, connection_id: int, name: str, session: str | None = None) -> bool:
    """Join over a connection that is not encrypted."""
    harness.peers[connection_id] = Peer("192.0.2.99", 1, encrypted=False)
    return harness.join(connection_id, name, session)


def test_members_and_the_host_are_notified(harness: RoomHarness) -> None:
    """Once, when an unencrypted member joins."""
    join_unencrypted(harness, DORA, "Dora")
    harness.join(EMIL, "Emil")
    assert harness.take_received(ANN) == [Joined("Dora", encrypted=False), Joined("Emil")]
    assert harness.events == [
        MemberJoined("192.0.2.99:1", "Dora", 4, 5, resumed=False, encrypted=False),
        MemberJoined(str(peer_at(EMIL)), "Emil", 5, 5, resumed=False),
    ]


def test_later_members_are_notified(harness: RoomHarness) -> None:
    """The welcome lists the unencrypted members by their present names."""
    join_unencrypted(harness, DORA, "Dora")
    assert harness.last_frame(DORA, Welcome).unencrypted == ["Dora"]
    harness.rename(DORA, "Dorothea")
    assert harness.join_admitted(EMIL, "Emil").unencrypted == ["Dorothea"]
    harness.leave(DORA)
    assert harness.join_admitted(6, "Fay").unencrypted == []


def test_a_session_sent_without_encryption_is_invalid(harness: RoomHarness) -> None:
    """It may be stolen, so its sender becomes another member."""
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


def test_an_unencrypted_member_returns(harness: RoomHarness) -> None:
    """With their own session over the same kind of connection; nobody gets a notice."""
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


def test_the_kind_of_a_session_outlives_the_server(tmp_path: Path) -> None:
    """Who stole the secret of an unencrypted member can't return encrypted, as somebody who looks safe."""
    sessions = {}
    with closing(FallbackHistory(tmp_path / "a.sqlite", 1.0)) as history:
        harness = RoomHarness(history=history)
        join_unencrypted(harness, DORA, "Dora")
        sessions["Dora"] = harness.last_frame(DORA, Welcome)
        sessions["Emil"] = harness.join_admitted(EMIL, "Emil")
    with closing(FallbackHistory(tmp_path / "a.sqlite", 2.0)) as history:
        harness = RoomHarness(history=history)
        thief = harness.join_admitted(6, "Dora", sessions["Dora"].session)
        emil = harness.join_admitted(7, "Emil", sessions["Emil"].session)
        assert (thief.member == sessions["Dora"].member, emil.member == sessions["Emil"].member) == (
            False,
            True,
        )
        harness.leave(6)
        assert join_unencrypted(harness, AGAIN, "Dora", sessions["Dora"].session)
        assert harness.last_frame(AGAIN, Welcome).member == sessions["Dora"].member


def test_a_session_of_an_earlier_version_does_not_return(tmp_path: Path) -> None:
    """Nobody knows whether it was encrypted."""
    with closing(SqliteHistory(tmp_path / "a.sqlite", 1.0)) as history:
        history._database.execute("INSERT INTO session VALUES ('old', 'ann', 'Ann', 0.0, NULL)")
        assert history.sessions(10) == []


def test_a_thousand_of_them_fit_into_frames() -> None:
    """The members that do not fit into the welcome follow, each with their encryption."""
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
