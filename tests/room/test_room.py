"""The room: order, deliveries, seats and names."""

from __future__ import annotations

import pytest

from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.frames import (
    Closed,
    Joined,
    Left,
    Message,
    Problem,
    Refused,
    Renamed,
    ServerFrame,
    TypingNotice,
    Welcome,
)
from messango.protocol.limits import (
    MAX_BACKLOG_MESSAGES,
    MAX_FRAME_BYTES,
    MAX_TEXT_CHARACTERS,
    NO_HISTORY,
    TYPING_INTERVAL_S,
)
from messango.room.host.host_events import JoinAttemptRefused, MemberJoined, MemberLeft, MemberRenamed
from tests.room.batches import AGAIN, ANN, BEN, CLEO, WALL_CLOCK_S, RoomHarness, peer_at
from tests.support.notices import without_id


class TestOrder:
    """The order of messages, and the answers to their senders."""

    def test_one_order_for_all(self, harness: RoomHarness) -> None:
        """Every member, senders included, receives the same messages in the same order, and nothing else."""
        harness.begin_batch()
        for number in range(20):
            harness.post(ANN, f"a{number}")
            harness.post(BEN, f"b{number}", f"B{number}")
        harness.end_batch()
        received = harness.take_received(ANN)
        assert [frame.seq for frame in received if isinstance(frame, Message)] == list(range(1, 61))
        assert received == harness.take_received(BEN) == harness.take_received(CLEO)

    def test_the_fields_of_a_message(self, harness: RoomHarness) -> None:
        """The number, the sender's id for it, the sender, and the time of the batch."""
        welcome = harness.join_admitted(AGAIN, "Dora")
        harness.post_with_ids(AGAIN, ("my id", "hello"))
        message = harness.last_frame(ANN, Message)
        assert message == Message(1, "my id", welcome.member, WALL_CLOCK_S + harness.now_s, "Dora", "hello")

    def test_stored_before_delivery(self, harness: RoomHarness) -> None:
        """When a batch ends, its messages are in the history."""
        harness.begin_batch()
        harness.post(ANN, "one", "two")
        assert harness.history.latest == 0
        batch = harness.end_batch()
        frames = [frame for delivery in batch.deliveries for frame in delivery.frames]
        assert frames == harness.history.since(0)

    def test_numbers_continue(self, harness: RoomHarness) -> None:
        """A room with a history continues after the highest number in it."""
        harness.post(ANN, "one", "two")
        later = RoomHarness()
        later.history.append(harness.history.since(0))
        later.room = type(later.room)("1234", "Table 4", 5, later.history)
        later.join_admitted(ANN, "Ann")
        later.post(ANN, "three")
        assert later.last_frame(ANN, Message).seq == 3

    def test_a_repeated_id_in_two_batches(self, harness: RoomHarness) -> None:
        """Only the sender receives the stored message again; nothing is added."""
        harness.post_with_ids(ANN, ("x", "hello"))
        first = harness.last_frame(ANN, Message)
        harness.clear_received()
        harness.post_with_ids(ANN, ("x", "another text"))
        assert harness.take_received(ANN) == [first]
        assert harness.take_received(BEN) == []
        assert harness.history.latest == 1

    def test_a_repeated_id_in_one_batch(self, harness: RoomHarness) -> None:
        """The same holds before the first is stored."""
        harness.post_with_ids(ANN, ("x", "hello"), ("x", "hello"), ("y", "bye"))
        assert [
            (frame.seq, frame.text) for frame in harness.take_received(ANN) if isinstance(frame, Message)
        ] == [
            (1, "hello"),
            (1, "hello"),
            (2, "bye"),
        ]
        assert harness.texts(BEN) == ["hello", "bye"]

    def test_ids_of_two_members(self, harness: RoomHarness) -> None:
        """Two members may use the same id for two messages."""
        harness.post_with_ids(ANN, ("x", "from Ann"))
        harness.post_with_ids(BEN, ("x", "from Ben"))
        assert harness.texts(CLEO) == ["from Ann", "from Ben"]

    @pytest.mark.parametrize("text", ["", "x" * (MAX_TEXT_CHARACTERS + 1)])
    def test_an_invalid_text(self, harness: RoomHarness, text: str) -> None:
        """It is answered with a problem that has its id; the messages around it are accepted."""
        harness.post_with_ids(ANN, ("a", "before"), ("b", text), ("c", "after"))
        kinds = [type(frame) for frame in harness.received[ANN]]
        assert kinds == [Message, Problem, Message]
        problem = harness.last_frame(ANN, Problem)
        assert (problem.code, problem.id) == (error_codes.BAD_TEXT, "b")
        assert problem.reason
        assert problem.hint
        assert harness.texts(BEN) == ["before", "after"]

    def test_a_connection_without_a_member(self, harness: RoomHarness) -> None:
        """Its requests have no effect."""
        harness.post(99, "hello")
        harness.rename(99, "Ann")
        harness.typing(99)
        harness.disconnect(99)
        harness.leave(99)
        assert not any(harness.received.values())
        assert harness.events == []
        assert harness.history.latest == 0


class TestJoining:
    """Joining a room."""

    def test_frames_for_everybody(self, harness: RoomHarness) -> None:
        """The new member receives `welcome`, the others `joined`, and the host an event."""
        welcome = harness.join_admitted(4, "Dora")
        assert harness.take_received(ANN) == harness.take_received(BEN) == [Joined("Dora")]
        assert harness.received[4] == [welcome]
        assert (welcome.you, welcome.members) == ("Dora", ["Ann", "Ben", "Cleo", "Dora"])
        assert welcome.room == harness.room.room_info()
        assert (welcome.room.members, welcome.room.seats) == (4, 5)
        assert harness.events == [MemberJoined(str(peer_at(4)), "Dora", 4, 5, resumed=False)]

    def test_a_taken_name(self, harness: RoomHarness) -> None:
        """It gets a number, and everybody receives that name."""
        assert harness.join_admitted(4, "  ＡNN ").you == "ANN 2"
        assert harness.take_received(BEN) == [Joined("ANN 2")]
        assert harness.join_admitted(5, "ann").you == "ann 3"

    @pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 33, "\u202eevil"])
    def test_an_invalid_name(self, harness: RoomHarness, name: str) -> None:
        """It is refused with a reason; it takes no seat, and nobody else receives anything."""
        assert not harness.join(4, name)
        (refused,) = harness.take_received(4)
        assert isinstance(refused, Refused)
        assert refused.code == error_codes.BAD_NAME
        assert refused.reason
        assert refused.hint
        assert 4 in harness.closed
        assert harness.take_received(ANN) == []
        assert harness.room.room_info().members == 3
        assert harness.events == [JoinAttemptRefused(str(peer_at(4)), name, refused.reason)]

    def test_full(self, harness: RoomHarness) -> None:
        """The sixth client at five seats is refused, with the members' names; a freed seat is usable."""
        harness.join_admitted(4, "Dora")
        harness.join_admitted(5, "Emil")
        assert not harness.join(6, "Fay")
        (refused,) = harness.take_received(6)
        assert isinstance(refused, Refused)
        assert refused.code == error_codes.FULL
        assert "Table 4" in refused.reason
        assert "Ann, Ben, Cleo, Dora and Emil" in refused.hint
        assert 6 in harness.closed
        harness.leave(BEN)
        assert harness.join_admitted(7, "Fay").members == ["Ann", "Cleo", "Dora", "Emil", "Fay"]

    def test_full_with_hundreds_of_members(self) -> None:
        """The hint names only some of them, so that the refusal fits into a frame."""
        harness = RoomHarness(seats=600)
        harness.begin_batch()
        for connection_id in range(600):
            harness.join(connection_id, f"{connection_id} {'🥭' * 28}")
        harness.join(600, "One more")
        harness.end_batch()
        refused = harness.last_frame(600, Refused)
        assert len(encode(refused)) < MAX_FRAME_BYTES
        assert refused.hint.count(",") < 100
        assert "580 others" in refused.hint

    def test_history_for_a_new_member(self, harness: RoomHarness) -> None:
        """The last messages follow the welcome, in order."""
        harness.begin_batch()
        for number in range(MAX_BACKLOG_MESSAGES + 50):
            harness.post(ANN, f"{number}")
        harness.end_batch()
        welcome = harness.join_admitted(4, "Dora")
        assert (welcome.latest, welcome.oldest) == (MAX_BACKLOG_MESSAGES + 50, 1)
        assert harness.take_received(4)[1:] == harness.history.last(MAX_BACKLOG_MESSAGES)

    @pytest.mark.parametrize(("since", "texts"), [(0, ["1", "2", "3"]), (2, ["3"]), (3, [])])
    def test_history_since(self, harness: RoomHarness, since: int, texts: list[str]) -> None:
        """A client that has a part of the messages receives the rest."""
        harness.post(ANN, "1", "2", "3")
        harness.join_admitted(4, "Dora", since=since)
        assert harness.texts(4) == texts

    @pytest.mark.parametrize("since", [4, 500, NO_HISTORY - 1])
    def test_history_since_a_higher_number(self, harness: RoomHarness, since: int) -> None:
        """The client knows another history: all messages of this one are new to it."""
        harness.post(ANN, "1", "2", "3")
        assert harness.join_admitted(4, "Dora", since=since).latest == 3
        assert harness.texts(4) == ["1", "2", "3"]

    def test_no_history(self, harness: RoomHarness) -> None:
        """A client that only wants to say something gets nothing that was said before."""
        harness.post(ANN, "1", "2", "3")
        assert harness.join_admitted(4, "Dora", since=NO_HISTORY).latest == 3
        assert harness.texts(4) == []
        harness.post(4, "4")
        assert harness.texts(4) == ["4"]

    def test_joining_in_the_middle_of_a_batch(self, harness: RoomHarness) -> None:
        """Earlier messages of the batch come from the history, later ones live, each once."""
        harness.begin_batch()
        harness.post(ANN, "1")
        harness.join(4, "Dora")
        harness.post(BEN, "2")
        harness.join(5, "Emil")
        harness.post(4, "3")
        harness.end_batch()
        assert [type(frame) for frame in harness.received[4]] == [Welcome, Message, Message, Joined, Message]
        for connection_id in (ANN, BEN, CLEO, 4, 5):
            assert harness.texts(connection_id) == ["1", "2", "3"]
        assert harness.last_frame(4, Welcome).latest == 1
        assert harness.last_frame(5, Welcome).latest == 2

    def test_joining_a_closed_room(self, harness: RoomHarness) -> None:
        """It is refused, with a reason."""
        harness.begin_batch()
        harness.close()
        assert not harness.join(4, "Dora")
        harness.end_batch()
        refused = harness.last_frame(4, Refused)
        assert refused.code == error_codes.CLOSING
        assert "Table 4" in refused.reason
        assert 4 in harness.closed


class TestNames:
    """Renaming a member."""

    def test_frames_for_everybody(self, harness: RoomHarness) -> None:
        """Every member receives it, and later messages have the new name."""
        harness.begin_batch()
        harness.post(ANN, "before")
        harness.rename(ANN, " Anna ")
        harness.post(ANN, "after")
        harness.end_batch()
        expected: list[ServerFrame] = [harness.last_frame(BEN, Message), Renamed("Anna", "Ann")]
        assert [type(frame) for frame in harness.received[BEN]] == [Message, Renamed, Message]
        assert expected[1] in map(without_id, harness.received[ANN])
        names = [frame.name for frame in harness.received[CLEO] if isinstance(frame, Message)]
        assert names == ["Ann", "Anna"]
        assert harness.events == [MemberRenamed("Anna", "Ann")]

    def test_the_own_name_in_another_case(self, harness: RoomHarness) -> None:
        """It needs no number."""
        harness.rename(ANN, "ANN")
        assert harness.take_received(BEN) == [Renamed("ANN", "Ann")]

    def test_the_same_name(self, harness: RoomHarness) -> None:
        """Nothing changes for the others; the member who asked receives the answer."""
        harness.rename(ANN, " Ann ")
        assert harness.take_received(ANN) == [Renamed("Ann", "Ann")]
        assert not any(harness.received.values())
        assert harness.events == []

    def test_a_taken_name(self, harness: RoomHarness) -> None:
        """It gets a number, also if its owner is disconnected."""
        harness.disconnect(BEN)
        harness.rename(ANN, "bEN")
        assert harness.take_received(CLEO) == [Renamed("bEN 2", "Ann")]

    def test_an_invalid_name(self, harness: RoomHarness) -> None:
        """Only the member who asked receives a problem."""
        harness.rename(ANN, "\t")
        (problem,) = harness.take_received(ANN)
        assert isinstance(problem, Problem)
        assert problem.code == error_codes.BAD_NAME
        assert harness.take_received(BEN) == []
        assert harness.room.members.names() == ["Ann", "Ben", "Cleo"]

    def test_the_old_name_is_free(self, harness: RoomHarness) -> None:
        """Another member may take it at once."""
        harness.rename(ANN, "Anna")
        harness.rename(BEN, "Ann")
        assert harness.room.members.names() == ["Anna", "Ann", "Cleo"]


class TestTyping:
    """Typing notices."""

    def test_frames_for_everybody(self, harness: RoomHarness) -> None:
        """The others receive it; the member who types does not."""
        harness.typing(ANN)
        assert harness.take_received(BEN) == harness.take_received(CLEO) == [TypingNotice("Ann")]
        assert harness.take_received(ANN) == []

    def test_at_most_one_in_an_interval(self, harness: RoomHarness) -> None:
        """Once in two seconds, for each member."""
        harness.typing(ANN)
        harness.advance(TYPING_INTERVAL_S - 0.1)
        harness.typing(ANN)
        harness.typing(BEN)
        assert harness.take_received(CLEO) == [TypingNotice("Ann"), TypingNotice("Ben")]
        harness.advance(0.1)
        harness.typing(ANN)
        assert harness.take_received(CLEO) == [TypingNotice("Ann")]

    def test_an_otherwise_empty_room(self) -> None:
        """Nobody receives it."""
        harness = RoomHarness()
        harness.join_admitted(ANN, "Ann")
        harness.clear_received()
        harness.typing(ANN)
        assert not any(harness.received.values())


class TestLeaving:
    """Leaving, and closing the room."""

    def test_frames_for_everybody(self, harness: RoomHarness) -> None:
        """The others receive it with its reason, the connection is closed, and the seat is free."""
        harness.begin_batch()
        harness.post(ANN, "bye")
        harness.leave(ANN, "left")
        harness.end_batch()
        assert harness.texts(ANN) == ["bye"]
        assert ANN in harness.closed
        assert without_id(harness.received[BEN][-1]) == Left("Ann", "left")
        assert harness.room.members.names() == ["Ben", "Cleo"]
        assert harness.events == [MemberLeft("Ann", "left", 2, 5)]

    def test_messages_after_leaving(self, harness: RoomHarness) -> None:
        """A former member's messages have no effect, and they receive nothing more."""
        harness.leave(ANN)
        harness.clear_received()
        harness.post(ANN, "one more thing")
        harness.post(BEN, "hello")
        assert harness.take_received(ANN) == []
        assert harness.texts(CLEO) == ["hello"]

    def test_close(self, harness: RoomHarness) -> None:
        """Every member receives a goodbye after all messages, and every connection is closed."""
        harness.disconnect(CLEO)
        harness.begin_batch()
        harness.post(ANN, "last")
        harness.close()
        harness.end_batch()
        for connection_id in (ANN, BEN):
            message, closed = harness.received[connection_id]
            assert isinstance(message, Message)
            assert isinstance(closed, Closed)
            assert closed.code == error_codes.CLOSING
            assert closed.reason
            assert closed.hint
        assert harness.closed == {ANN, BEN}
        assert harness.history.latest == 1
        assert harness.room.room_info().members == 0
        assert harness.room.next_deadline_s() is None

    def test_close_twice(self, harness: RoomHarness) -> None:
        """Closing twice is harmless."""
        harness.close()
        harness.close()
        assert harness.closed == {ANN, BEN, CLEO}
