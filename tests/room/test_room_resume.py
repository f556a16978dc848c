"""The room: who goes away and comes back."""

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
from messango.room.host_events import MemberDisconnected, MemberJoined, MemberLeft
from tests.room.batches import AGAIN, ANN, BEN, CLEO, RoomHarness, peer_at


class TestComingBack:
    """A broken connection, and the seat that is kept meanwhile."""

    def test_back_in_time(self, harness: RoomHarness) -> None:
        """Who is back in time has seat, name and id, gets exactly what was missed, and nobody is told."""
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
        """When the time is up the others are told, and the seat is free."""
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

    def test_away_twice(self, harness: RoomHarness) -> None:
        """The time is counted from the last break."""
        first = harness.join_admitted(4, "Dora")
        harness.disconnect(4)
        harness.advance(RECONNECT_GRACE_S - 1)
        harness.join_admitted(AGAIN, "Dora", first.session)
        harness.disconnect(AGAIN)
        harness.advance(RECONNECT_GRACE_S - 1)
        assert "Dora" in harness.room.names()

    def test_the_next_deadline_is_the_first(self, harness: RoomHarness) -> None:
        """Of several who are away the first to be given up sets the room's clock."""
        harness.disconnect(ANN)
        harness.advance(10)
        harness.disconnect(BEN)
        assert harness.room.next_deadline_s() == harness.now_s - 10 + RECONNECT_GRACE_S

    def test_of_short_visits_one_seat_is_kept(self, harness: RoomHarness) -> None:
        """Whoever joins and cuts the connection, again and again, does not hold the room by that."""
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
        assert harness.room.names() == ["Ann", "Ben", "Cleo", "Mallory", "Fay"]

    def test_a_visit_is_as_long_as_all_its_connections(self, harness: RoomHarness) -> None:
        """Somebody whose connection breaks again and again was in for all of that together."""
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
        assert "Dora" not in harness.room.names()

    def test_kept_from_others(self, harness: RoomHarness) -> None:
        """A kept seat keeps the name too, and a full room stays full."""
        harness.join_admitted(4, "Dora")
        harness.join_admitted(5, "Emil")
        harness.disconnect(BEN)
        assert not harness.join(6, "Fay")
        harness.leave(4)
        assert harness.join_admitted(7, "Ben").you == "Ben 2"

    def test_replaced(self, harness: RoomHarness) -> None:
        """Who joins again from elsewhere goes on there; the older connection is told and ended."""
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

    def test_replaced_and_then_gone(self, harness: RoomHarness) -> None:
        """The end of the older connection, noticed late, does not touch the member's new one."""
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

    def test_replaced_in_a_full_room(self, harness: RoomHarness) -> None:
        """Coming back needs no second seat."""
        harness.join_admitted(4, "Dora")
        last = harness.join_admitted(5, "Emil")
        assert harness.join_admitted(AGAIN, "Emil", last.session).you == "Emil"

    def test_the_session_outlives_leaving(self, harness: RoomHarness) -> None:
        """Who left and comes back is the same member, with the name of then; the others hear it."""
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

    def test_the_name_was_taken_meanwhile(self, harness: RoomHarness) -> None:
        """Who comes back after leaving does not get a name that somebody else has by now."""
        first = harness.join_admitted(4, "Dora")
        harness.leave(4)
        harness.join_admitted(5, "dora")
        assert harness.join_admitted(AGAIN, "Dora", first.session).you == "Dora 2"

    def test_given_up_in_the_round_of_the_return(self, harness: RoomHarness) -> None:
        """Who comes in the very round in which the seat is given up leaves first, and then joins."""
        first = harness.join_admitted(4, "Dora")
        harness.disconnect(4)
        harness.clear_received()
        harness.now_s += RECONNECT_GRACE_S
        back = harness.join_admitted(AGAIN, "Dora", first.session, since=0)
        assert back.member == first.member
        assert [type(frame) for frame in harness.take_received(ANN)] == [Left, Joined]

    def test_a_full_room_has_no_seat_for_who_left(self, harness: RoomHarness) -> None:
        """Whose seat was given up waits for one like everybody else."""
        first = harness.join_admitted(4, "Dora")
        harness.leave(4)
        harness.join_admitted(5, "Emil")
        harness.join_admitted(6, "Fay")
        assert not harness.join(AGAIN, "Dora", first.session)
        assert harness.last_frame(AGAIN, Refused).code == error_codes.FULL

    def test_an_unknown_session(self, harness: RoomHarness) -> None:
        """A session that nobody has makes a new member with another one."""
        welcome = harness.join_admitted(4, "Dora", "made up")
        assert welcome.session != "made up"
        assert harness.take_received(ANN) == [Joined("Dora")]

    def test_a_silence_counts(self, harness: RoomHarness) -> None:
        """Who was silent before the break was noticed has been away since: nobody is a ghost for longer."""
        harness.disconnect(ANN, silent_s=12.0)
        harness.advance(RECONNECT_GRACE_S - 12.1)
        assert harness.take_received(BEN) == []
        harness.advance(0.1)
        assert harness.last_frame(BEN, Left).name == "Ann"
