"""The room: one order, who hears what, seats and names."""

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
    TYPING_INTERVAL_S,
)
from messango.room.host_events import JoinAttemptRefused, MemberJoined, MemberLeft, MemberRenamed
from tests.room.batches import AGAIN, ANN, BEN, CLEO, WALL_CLOCK_S, RoomHarness, peer_at


class TestOrder:
    """What is said, and what comes of it."""

    def test_one_order_for_all(self, harness: RoomHarness) -> None:
        """Everybody, the senders too, hears the same messages in the same order, and nothing else."""
        harness.begin_batch()
        for number in range(20):
            harness.post(ANN, f"a{number}")
            harness.post(BEN, f"b{number}", f"B{number}")
        harness.end_batch()
        heard = harness.take_received(ANN)
        assert [frame.seq for frame in heard if isinstance(frame, Message)] == list(range(1, 61))
        assert heard == harness.take_received(BEN) == harness.take_received(CLEO)

    def test_a_message_is_whole(self, harness: RoomHarness) -> None:
        """It bears its number, the sender's id for it, the sender, and the time of the round."""
        welcome = harness.join_admitted(AGAIN, "Dora")
        harness.post_with_ids(AGAIN, ("my id", "hello"))
        told = harness.last_frame(ANN, Message)
        assert told == Message(1, "my id", welcome.member, WALL_CLOCK_S + harness.now_s, "Dora", "hello")

    def test_stored_before_it_is_told(self, harness: RoomHarness) -> None:
        """When a round is handed out, its messages are in the history already."""
        harness.begin_batch()
        harness.post(ANN, "one", "two")
        assert harness.history.latest == 0
        said = harness.end_batch()
        told = [frame for segment in said.deliveries for frame in segment.frames]
        assert told == harness.history.since(0)

    def test_the_numbers_go_on(self, harness: RoomHarness) -> None:
        """A room over a history that has messages goes on counting behind the last."""
        harness.post(ANN, "one", "two")
        later = RoomHarness()
        later.history.append(harness.history.since(0))
        later.room = type(later.room)("1234", "Table 4", 5, later.history)
        later.join_admitted(ANN, "Ann")
        later.post(ANN, "three")
        assert later.last_frame(ANN, Message).seq == 3

    def test_said_twice_in_two_rounds(self, harness: RoomHarness) -> None:
        """An id that is known is answered by the stored message, to its sender alone; nothing is added."""
        harness.post_with_ids(ANN, ("x", "hello"))
        first = harness.last_frame(ANN, Message)
        harness.clear_received()
        harness.post_with_ids(ANN, ("x", "another text"))
        assert harness.take_received(ANN) == [first]
        assert harness.take_received(BEN) == []
        assert harness.history.latest == 1

    def test_said_twice_in_one_round(self, harness: RoomHarness) -> None:
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

    def test_an_id_is_its_members_own(self, harness: RoomHarness) -> None:
        """Two members may use the same id for two messages."""
        harness.post_with_ids(ANN, ("x", "from Ann"))
        harness.post_with_ids(BEN, ("x", "from Ben"))
        assert harness.texts(CLEO) == ["from Ann", "from Ben"]

    @pytest.mark.parametrize("text", ["", "x" * (MAX_TEXT_CHARACTERS + 1)])
    def test_bad_text(self, harness: RoomHarness, text: str) -> None:
        """A text that is none is answered by a problem, which names it; the others around it are heard."""
        harness.post_with_ids(ANN, ("a", "before"), ("b", text), ("c", "after"))
        kinds = [type(frame) for frame in harness.received[ANN]]
        assert kinds == [Message, Problem, Message]
        problem = harness.last_frame(ANN, Problem)
        assert (problem.code, problem.id) == (error_codes.BAD_TEXT, "b")
        assert problem.reason
        assert problem.hint
        assert harness.texts(BEN) == ["before", "after"]

    def test_strangers_say_nothing(self, harness: RoomHarness) -> None:
        """Whatever comes from a connection that is no member's has no effect."""
        harness.post(99, "hello")
        harness.rename(99, "Ann")
        harness.typing(99)
        harness.disconnect(99)
        harness.leave(99)
        assert not any(harness.received.values())
        assert harness.events == []
        assert harness.history.latest == 0


class TestJoining:
    """How one gets in, and what the others hear of it."""

    def test_who_hears(self, harness: RoomHarness) -> None:
        """The newcomer is welcomed, the others hear the name, the host too."""
        welcome = harness.join_admitted(4, "Dora")
        assert harness.take_received(ANN) == harness.take_received(BEN) == [Joined("Dora")]
        assert harness.received[4] == [welcome]
        assert (welcome.you, welcome.members) == ("Dora", ["Ann", "Ben", "Cleo", "Dora"])
        assert welcome.room == harness.room.room_info()
        assert (welcome.room.members, welcome.room.seats) == (4, 5)
        assert harness.events == [MemberJoined(str(peer_at(4)), "Dora", 4, 5, resumed=False)]

    def test_a_taken_name(self, harness: RoomHarness) -> None:
        """A name that is taken gets a number, and everybody is told that one."""
        assert harness.join_admitted(4, "  ＡNN ").you == "ANN 2"
        assert harness.take_received(BEN) == [Joined("ANN 2")]
        assert harness.join_admitted(5, "ann").you == "ann 3"

    @pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 33, "\u202eevil"])
    def test_a_bad_name(self, harness: RoomHarness, name: str) -> None:
        """A name that is none is refused with a reason; no seat is taken and nobody hears of it."""
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
        """The sixth guest at five seats is refused, and told who is in; a freed seat is usable at once."""
        harness.join_admitted(4, "Dora")
        harness.join_admitted(5, "Emil")
        assert not harness.join(6, "Fay")
        (refused,) = harness.take_received(6)
        assert isinstance(refused, Refused)
        assert refused.code == error_codes.FULL
        assert "Table 4" in refused.reason
        assert "Ann, Ben, Cleo, Dora, Emil" in refused.hint
        assert 6 in harness.closed
        harness.leave(BEN)
        assert harness.join_admitted(7, "Fay").members == ["Ann", "Cleo", "Dora", "Emil", "Fay"]

    def test_full_of_many(self) -> None:
        """In a room of hundreds the hint names some, so that the refusal still is a frame."""
        harness = RoomHarness(seats=600)
        harness.begin_batch()
        for connection_id in range(600):
            harness.join(connection_id, f"{connection_id} {'🥭' * 28}")
        harness.join(600, "One more")
        harness.end_batch()
        refused = harness.last_frame(600, Refused)
        assert len(encode(refused)) < MAX_FRAME_BYTES
        assert refused.hint.count(",") < 100
        assert "580 more" in refused.hint

    def test_history_for_a_newcomer(self, harness: RoomHarness) -> None:
        """Who comes for the first time gets the last of what was said, in order, behind the welcome."""
        harness.begin_batch()
        for number in range(MAX_BACKLOG_MESSAGES + 50):
            harness.post(ANN, f"{number}")
        harness.end_batch()
        welcome = harness.join_admitted(4, "Dora")
        assert (welcome.latest, welcome.oldest) == (MAX_BACKLOG_MESSAGES + 50, 1)
        assert harness.take_received(4)[1:] == harness.history.last(MAX_BACKLOG_MESSAGES)

    @pytest.mark.parametrize(("since", "heard"), [(0, ["1", "2", "3"]), (2, ["3"]), (3, [])])
    def test_history_since(self, harness: RoomHarness, since: int, heard: list[str]) -> None:
        """Who has a part of it already gets the rest."""
        harness.post(ANN, "1", "2", "3")
        harness.join_admitted(4, "Dora", since=since)
        assert harness.texts(4) == heard

    @pytest.mark.parametrize("since", [4, 500, 2**63 - 1])
    def test_history_since_another_life(self, harness: RoomHarness, since: int) -> None:
        """Who has heard more than was ever said here knows an earlier room: this one's talk is all new."""
        harness.post(ANN, "1", "2", "3")
        assert harness.join_admitted(4, "Dora", since=since).latest == 3
        assert harness.texts(4) == ["1", "2", "3"]

    def test_in_the_middle_of_a_round(self, harness: RoomHarness) -> None:
        """What was said earlier in the round comes as history, what is said later comes live, each once."""
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

    def test_a_closed_room_takes_nobody(self, harness: RoomHarness) -> None:
        """Who asks while the room is being closed is refused, and told why."""
        harness.begin_batch()
        harness.close()
        assert not harness.join(4, "Dora")
        harness.end_batch()
        refused = harness.last_frame(4, Refused)
        assert refused.code == error_codes.CLOSING
        assert "Table 4" in refused.reason
        assert 4 in harness.closed


class TestNames:
    """Being called otherwise."""

    def test_who_hears(self, harness: RoomHarness) -> None:
        """Everybody hears it, whoever asked too, and what is said from then on bears the new name."""
        harness.begin_batch()
        harness.post(ANN, "before")
        harness.rename(ANN, " Anna ")
        harness.post(ANN, "after")
        harness.end_batch()
        expected: list[ServerFrame] = [harness.last_frame(BEN, Message), Renamed("Anna", "Ann")]
        assert [type(frame) for frame in harness.received[BEN]] == [Message, Renamed, Message]
        assert expected[1] in harness.received[ANN]
        names = [frame.name for frame in harness.received[CLEO] if isinstance(frame, Message)]
        assert names == ["Ann", "Anna"]
        assert harness.events == [MemberRenamed("Anna", "Ann")]

    def test_own_case(self, harness: RoomHarness) -> None:
        """A change of one's own name's case alone needs no number."""
        harness.rename(ANN, "ANN")
        assert harness.take_received(BEN) == [Renamed("ANN", "Ann")]

    def test_the_same(self, harness: RoomHarness) -> None:
        """Asking for the name that one has changes nothing, and tells nobody."""
        harness.rename(ANN, "Ann")
        assert not any(harness.received.values())

    def test_taken(self, harness: RoomHarness) -> None:
        """A name that is taken gets a number, also where its owner is away."""
        harness.disconnect(BEN)
        harness.rename(ANN, "bEN")
        assert harness.take_received(CLEO) == [Renamed("bEN 2", "Ann")]

    def test_bad(self, harness: RoomHarness) -> None:
        """A name that is none is a problem for whoever asked, and for nobody else."""
        harness.rename(ANN, "\t")
        (problem,) = harness.take_received(ANN)
        assert isinstance(problem, Problem)
        assert problem.code == error_codes.BAD_NAME
        assert harness.take_received(BEN) == []
        assert harness.room.names() == ["Ann", "Ben", "Cleo"]

    def test_the_old_name_is_free(self, harness: RoomHarness) -> None:
        """What somebody was called may be another's name at once."""
        harness.rename(ANN, "Anna")
        harness.rename(BEN, "Ann")
        assert harness.room.names() == ["Anna", "Ann", "Cleo"]


class TestTyping:
    """Somebody types."""

    def test_who_hears(self, harness: RoomHarness) -> None:
        """The others hear it, whoever types does not."""
        harness.typing(ANN)
        assert harness.take_received(BEN) == harness.take_received(CLEO) == [TypingNotice("Ann")]
        assert harness.take_received(ANN) == []

    def test_not_too_often(self, harness: RoomHarness) -> None:
        """It is passed on once in two seconds, for each member."""
        harness.typing(ANN)
        harness.advance(TYPING_INTERVAL_S - 0.1)
        harness.typing(ANN)
        harness.typing(BEN)
        assert harness.take_received(CLEO) == [TypingNotice("Ann"), TypingNotice("Ben")]
        harness.advance(0.1)
        harness.typing(ANN)
        assert harness.take_received(CLEO) == [TypingNotice("Ann")]

    def test_alone(self) -> None:
        """Nobody is told where nobody else is in."""
        harness = RoomHarness()
        harness.join_admitted(ANN, "Ann")
        harness.clear_received()
        harness.typing(ANN)
        assert not any(harness.received.values())


class TestLeaving:
    """The end of a stay, and of the room."""

    def test_who_hears(self, harness: RoomHarness) -> None:
        """The others hear it with its reason, the connection is ended, the seat is free."""
        harness.begin_batch()
        harness.post(ANN, "bye")
        harness.leave(ANN, "left")
        harness.end_batch()
        assert harness.texts(ANN) == ["bye"]
        assert ANN in harness.closed
        assert harness.received[BEN][-1] == Left("Ann", "left")
        assert harness.room.names() == ["Ben", "Cleo"]
        assert harness.events == [MemberLeft("Ann", "left", 2, 5)]

    def test_what_is_said_after_it(self, harness: RoomHarness) -> None:
        """Who has left says nothing more, and hears nothing more."""
        harness.leave(ANN)
        harness.clear_received()
        harness.post(ANN, "one more thing")
        harness.post(BEN, "hello")
        assert harness.take_received(ANN) == []
        assert harness.texts(CLEO) == ["hello"]

    def test_close(self, harness: RoomHarness) -> None:
        """A room that closes says goodbye to each member behind all that was said, and ends each."""
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
