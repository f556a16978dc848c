"""Members who disconnect, leave and return."""

from __future__ import annotations

from messango.protocol import error_codes
from messango.protocol.frames import (
    Closed,
    Joined,
    Left,
    Message,
    Refused,
)
from messango.protocol.limits import (
    RECONNECT_GRACE_S,
)
from messango.room.host.host_events import MemberDisconnected, MemberJoined, MemberLeft
from tests.room.batches import AGAIN, ANN, BEN, CLEO, RoomHarness, peer_at


class TestComingBack:
    """Broken connections, reserved seats, and returning members."""

    def test_back_in_time(self, harness: RoomHarness) -> None:
        """A member keeps seat, name and id, and receives exactly what they missed; nobody gets a notice."""
        first = harness.join_admitted(4, "Dora")
        harness.post(ANN, "1")
        harness.clear_received()
        harness.disconnect(4)
        harness.post(ANN, "2")
        harness.advance(RECONNECT_GRACE_S - 0.1)
        harness.post(BEN, "3")
        back = harness.join_admitted(AGAIN, "Another name", first.session, since=1)
        assert (back.you, back.member, back.session) == ("Dora", first.member, first.session)
        assert harness.texts(AGAIN) == ["2", "3"]
        assert harness.texts(ANN) == ["2", "3"]
        assert {type(frame) for frame in harness.received[ANN]} == {Message}
        assert harness.events[1:] == [
            MemberDisconnected("Dora"),
            MemberJoined(str(peer_at(AGAIN)), "Dora", 4, 5, resumed=True),
        ]

    def test_not_back_in_time(self, harness: RoomHarness) -> None:
        """After the grace period the others receive `left`, and the seat is free."""
        harness.disconnect(BEN)
        assert harness.room.next_deadline_s() == harness.now_s + RECONNECT_GRACE_S
        harness.advance(RECONNECT_GRACE_S - 0.1)
        assert harness.take_received(ANN) == []
        assert harness.room.room_info().members == 3
        harness.advance(0.1)
        (left,) = harness.take_received(ANN)
        assert isinstance(left, Left)
        assert left.name == "Ben"
        assert "broke" in left.reason
        assert harness.take_received(CLEO) == [left]
        assert harness.room.room_info().members == 2
        assert harness.room.next_deadline_s() is None
        assert harness.events == [MemberDisconnected("Ben"), MemberLeft("Ben", left.reason, 2, 5)]

    def test_disconnected_twice(self, harness: RoomHarness) -> None:
        """The grace period counts from the last disconnection."""
        first = harness.join_admitted(4, "Dora")
        harness.disconnect(4)
        harness.advance(RECONNECT_GRACE_S - 1)
        harness.join_admitted(AGAIN, "Dora", first.session)
        harness.disconnect(AGAIN)
        harness.advance(RECONNECT_GRACE_S - 1)
        assert "Dora" in harness.room.members.names()

    def test_the_next_deadline(self, harness: RoomHarness) -> None:
        """It is that of the member whose grace period ends first."""
        harness.disconnect(ANN)
        harness.advance(10)
        harness.disconnect(BEN)
        assert harness.room.next_deadline_s() == harness.now_s - 10 + RECONNECT_GRACE_S

    def test_only_one_seat_is_reserved_for_short_visits(self, harness: RoomHarness) -> None:
        """A client that joins and disconnects again and again cannot fill the room."""
        for connection_id in (4, 5):
            harness.join_admitted(connection_id, "Mallory")
            harness.advance(2)
        harness.disconnect(5)
        harness.disconnect(4)
        harness.advance(2.1)
        assert not harness.join(61, "Fay")
        harness.advance(2)
        harness.join_admitted(62, "Fay")
        assert MemberLeft("Mallory 2", error_codes.CONNECTION_BROKE, 4, 5) in harness.events
        harness.advance(20)
        assert not harness.join(71, "Gus")
        assert harness.room.members.names() == ["Ann", "Ben", "Cleo", "Mallory", "Fay"]

    def test_all_connections_of_a_visit_count(self, harness: RoomHarness) -> None:
        """A member whose connection breaks often was connected for the sum of them."""
        first = harness.join_admitted(4, "Dora")
        harness.join_admitted(5, "Emil")
        for connection_id, next_link in ((4, 21), (21, 22), (22, 23)):
            harness.advance(3)
            harness.disconnect(connection_id)
            harness.advance(1)
            harness.join_admitted(next_link, "Dora", first.session)
        harness.disconnect(23)
        harness.disconnect(5)
        harness.advance(11.9)
        assert not harness.join(61, "Fay")
        harness.advance(0.2)
        harness.join_admitted(62, "Fay")
        assert "Dora" not in harness.room.members.names()

    def test_a_reserved_seat_counts_as_taken(self, harness: RoomHarness) -> None:
        """It also keeps the member's name."""
        harness.join_admitted(4, "Dora")
        harness.join_admitted(5, "Emil")
        harness.disconnect(BEN)
        assert not harness.join(6, "Fay")
        harness.leave(4)
        assert harness.join_admitted(7, "Ben").you == "Ben 2"

    def test_joining_from_a_second_connection(self, harness: RoomHarness) -> None:
        """The member continues there; the older connection gets the reason and is closed."""
        first = harness.join_admitted(4, "Dora")
        harness.clear_received()
        back = harness.join_admitted(AGAIN, "Dora", first.session, since=0)
        (closed,) = harness.take_received(4)
        assert isinstance(closed, Closed)
        assert closed.code == error_codes.REPLACED
        assert 4 in harness.closed
        assert (back.you, back.member) == ("Dora", first.member)
        assert harness.take_received(ANN) == []
        assert harness.room.room_info().members == 4

    def test_the_end_of_a_replaced_connection(self, harness: RoomHarness) -> None:
        """If it is noticed late, it does not affect the new connection."""
        first = harness.join_admitted(4, "Dora")
        harness.join_admitted(AGAIN, "Dora", first.session)
        harness.clear_received()
        harness.post(4, "too late")
        harness.disconnect(4)
        harness.leave(4)
        harness.post(ANN, "hello")
        assert harness.texts(AGAIN) == ["hello"]
        assert harness.take_received(4) == []
        assert harness.room.next_deadline_s() is None

    def test_joining_from_a_second_connection_in_a_full_room(self, harness: RoomHarness) -> None:
        """It needs no second seat."""
        harness.join_admitted(4, "Dora")
        last = harness.join_admitted(5, "Emil")
        assert harness.join_admitted(AGAIN, "Emil", last.session).you == "Emil"

    def test_a_session_outlives_leaving(self, harness: RoomHarness) -> None:
        """A member who left returns as the same member, with the same name; the others receive `joined`."""
        first = harness.join_admitted(4, "Dora")
        harness.post_with_ids(4, ("x", "hello"))
        harness.leave(4)
        harness.clear_received()
        back = harness.join_admitted(AGAIN, "Somebody", first.session, since=1)
        assert (back.you, back.member, back.session) == ("Dora", first.member, first.session)
        assert harness.take_received(ANN) == [Joined("Dora")]
        harness.clear_received()
        harness.post_with_ids(AGAIN, ("x", "hello"))
        assert harness.take_received(ANN) == []
        assert [frame.seq for frame in harness.take_received(AGAIN) if isinstance(frame, Message)] == [1]

    def test_a_returning_member_whose_name_is_taken(self, harness: RoomHarness) -> None:
        """They get a number like everybody else."""
        first = harness.join_admitted(4, "Dora")
        harness.leave(4)
        harness.join_admitted(5, "dora")
        assert harness.join_admitted(AGAIN, "Dora", first.session).you == "Dora 2"

    def test_returning_in_the_batch_that_frees_the_seat(self, harness: RoomHarness) -> None:
        """The member leaves first, and then joins."""
        first = harness.join_admitted(4, "Dora")
        harness.disconnect(4)
        harness.clear_received()
        harness.now_s += RECONNECT_GRACE_S
        back = harness.join_admitted(AGAIN, "Dora", first.session, since=0)
        assert back.member == first.member
        assert [type(frame) for frame in harness.take_received(ANN)] == [Left, Joined]

    def test_a_returning_member_needs_a_free_seat(self, harness: RoomHarness) -> None:
        """After the grace period they wait for a seat like everybody else."""
        first = harness.join_admitted(4, "Dora")
        harness.leave(4)
        harness.join_admitted(5, "Emil")
        harness.join_admitted(6, "Fay")
        assert not harness.join(AGAIN, "Dora", first.session)
        assert harness.last_frame(AGAIN, Refused).code == error_codes.FULL

    def test_an_unknown_session(self, harness: RoomHarness) -> None:
        """The client becomes a new member with another session."""
        welcome = harness.join_admitted(4, "Dora", "made up")
        assert welcome.session != "made up"
        assert harness.take_received(ANN) == [Joined("Dora")]

    def test_the_grace_period_begins_with_the_last_byte(self, harness: RoomHarness) -> None:
        """The silence before the break was noticed counts too."""
        harness.disconnect(ANN, silent_s=12.0)
        harness.advance(RECONNECT_GRACE_S - 12.1)
        assert harness.take_received(BEN) == []
        harness.advance(0.1)
        assert harness.last_frame(BEN, Left).name == "Ann"
