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
    TypingBy,
    Welcome,
)
from messango.protocol.limits import (
    BACKLOG_MESSAGES,
    MAX_FRAME_BYTES,
    MAX_TEXT_CHARACTERS,
    TYPING_EVERY_S,
)
from messango.room.batch import CameIn, ChangedName, WasRefused, WentOut
from tests.room.batches import AGAIN, ANN, BEN, CLEO, WALL_CLOCK_S, Table


class TestOrder:
    """What is said, and what comes of it."""

    def test_one_order_for_all(self, table: Table) -> None:
        """Everybody, the senders too, hears the same messages in the same order, and nothing else."""
        table.begin()
        for number in range(20):
            table.say(ANN, f"a{number}")
            table.say(BEN, f"b{number}", f"B{number}")
        table.end()
        heard = table.told(ANN)
        assert [frame.seq for frame in heard if isinstance(frame, Message)] == list(range(1, 61))
        assert heard == table.told(BEN) == table.told(CLEO)

    def test_a_message_is_whole(self, table: Table) -> None:
        """It bears its number, the sender's id for it, the sender, and the time of the round."""
        welcome = table.enter(AGAIN, "Dora")
        table.say_as(AGAIN, ("my id", "hello"))
        told = table.last(ANN, Message)
        assert told == Message(1, "my id", welcome.member, WALL_CLOCK_S + table.now_s, "Dora", "hello")

    def test_stored_before_it_is_told(self, table: Table) -> None:
        """When a round is handed out, its messages are in the history already."""
        table.begin()
        table.say(ANN, "one", "two")
        assert table.history.latest == 0
        said = table.end()
        told = [frame for segment in said.segments for frame in segment.frames]
        assert told == table.history.since(0)

    def test_the_numbers_go_on(self, table: Table) -> None:
        """A room over a history that has messages goes on counting behind the last."""
        table.say(ANN, "one", "two")
        later = Table()
        later.history.append(table.history.since(0))
        later.room = type(later.room)("1234", "Table 4", 5, later.history)
        later.enter(ANN, "Ann")
        later.say(ANN, "three")
        assert later.last(ANN, Message).seq == 3

    def test_said_twice_in_two_rounds(self, table: Table) -> None:
        """An id that is known is answered by the stored message, to its sender alone; nothing is added."""
        table.say_as(ANN, ("x", "hello"))
        first = table.last(ANN, Message)
        table.hush()
        table.say_as(ANN, ("x", "another text"))
        assert table.told(ANN) == [first]
        assert table.told(BEN) == []
        assert table.history.latest == 1

    def test_said_twice_in_one_round(self, table: Table) -> None:
        """The same holds before the first is stored."""
        table.say_as(ANN, ("x", "hello"), ("x", "hello"), ("y", "bye"))
        assert [(frame.seq, frame.text) for frame in table.told(ANN) if isinstance(frame, Message)] == [
            (1, "hello"),
            (1, "hello"),
            (2, "bye"),
        ]
        assert table.texts(BEN) == ["hello", "bye"]

    def test_an_id_is_its_members_own(self, table: Table) -> None:
        """Two members may use the same id for two messages."""
        table.say_as(ANN, ("x", "from Ann"))
        table.say_as(BEN, ("x", "from Ben"))
        assert table.texts(CLEO) == ["from Ann", "from Ben"]

    @pytest.mark.parametrize("text", ["", "x" * (MAX_TEXT_CHARACTERS + 1)])
    def test_bad_text(self, table: Table, text: str) -> None:
        """A text that is none is answered by a problem, which names it; the others around it are heard."""
        table.say_as(ANN, ("a", "before"), ("b", text), ("c", "after"))
        kinds = [type(frame) for frame in table.heard[ANN]]
        assert kinds == [Message, Problem, Message]
        problem = table.last(ANN, Problem)
        assert (problem.code, problem.id) == (error_codes.BAD_TEXT, "b")
        assert problem.reason
        assert problem.hint
        assert table.texts(BEN) == ["before", "after"]

    def test_strangers_say_nothing(self, table: Table) -> None:
        """Whatever comes from a connection that is no member's has no effect."""
        table.say(99, "hello")
        table.rename(99, "Ann")
        table.touch_a_key(99)
        table.lose(99)
        table.part(99)
        assert not any(table.heard.values())
        assert table.notices == []
        assert table.history.latest == 0


class TestJoining:
    """How one gets in, and what the others hear of it."""

    def test_who_hears(self, table: Table) -> None:
        """The newcomer is welcomed, the others hear the name, the host too."""
        welcome = table.enter(4, "Dora")
        assert table.told(ANN) == table.told(BEN) == [Joined("Dora")]
        assert table.heard[4] == [welcome]
        assert (welcome.you, welcome.members) == ("Dora", ["Ann", "Ben", "Cleo", "Dora"])
        assert welcome.room == table.room.facts()
        assert (welcome.room.members, welcome.room.seats) == (4, 5)
        assert table.notices == [CameIn(4, "Dora", back=False)]

    def test_a_taken_name(self, table: Table) -> None:
        """A name that is taken gets a number, and everybody is told that one."""
        assert table.enter(4, "  ＡNN ").you == "ANN 2"
        assert table.told(BEN) == [Joined("ANN 2")]
        assert table.enter(5, "ann").you == "ann 3"

    @pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 33, "\u202eevil"])
    def test_a_bad_name(self, table: Table, name: str) -> None:
        """A name that is none is refused with a reason; no seat is taken and nobody hears of it."""
        assert not table.join(4, name)
        (refused,) = table.told(4)
        assert isinstance(refused, Refused)
        assert refused.code == error_codes.BAD_NAME
        assert refused.reason
        assert refused.hint
        assert 4 in table.ended
        assert table.told(ANN) == []
        assert table.room.facts().members == 3
        assert table.notices == [WasRefused(4, name, refused)]

    def test_full(self, table: Table) -> None:
        """The sixth guest at five seats is refused, and told who is in; a freed seat is usable at once."""
        table.enter(4, "Dora")
        table.enter(5, "Emil")
        assert not table.join(6, "Fay")
        (refused,) = table.told(6)
        assert isinstance(refused, Refused)
        assert refused.code == error_codes.FULL
        assert "Table 4" in refused.reason
        assert "Ann, Ben, Cleo, Dora, Emil" in refused.hint
        assert 6 in table.ended
        table.part(BEN)
        assert table.enter(7, "Fay").members == ["Ann", "Cleo", "Dora", "Emil", "Fay"]

    def test_full_of_many(self) -> None:
        """In a room of hundreds the hint names some, so that the refusal still is a frame."""
        table = Table(seats=600)
        table.begin()
        for link in range(600):
            table.join(link, f"{link} {'🥭' * 28}")
        table.join(600, "One more")
        table.end()
        refused = table.last(600, Refused)
        assert len(encode(refused)) < MAX_FRAME_BYTES
        assert refused.hint.count(",") < 100
        assert "580 more" in refused.hint

    def test_history_for_a_newcomer(self, table: Table) -> None:
        """Who comes for the first time gets the last of what was said, in order, behind the welcome."""
        table.begin()
        for number in range(BACKLOG_MESSAGES + 50):
            table.say(ANN, f"{number}")
        table.end()
        welcome = table.enter(4, "Dora")
        assert (welcome.latest, welcome.oldest) == (BACKLOG_MESSAGES + 50, 1)
        assert table.told(4)[1:] == table.history.last(BACKLOG_MESSAGES)

    @pytest.mark.parametrize(("since", "heard"), [(0, ["1", "2", "3"]), (2, ["3"]), (3, [])])
    def test_history_since(self, table: Table, since: int, heard: list[str]) -> None:
        """Who has a part of it already gets the rest."""
        table.say(ANN, "1", "2", "3")
        table.enter(4, "Dora", since=since)
        assert table.texts(4) == heard

    @pytest.mark.parametrize("since", [4, 500, 2**63 - 1])
    def test_history_since_another_life(self, table: Table, since: int) -> None:
        """Who has heard more than was ever said here knows an earlier room: this one's talk is all new."""
        table.say(ANN, "1", "2", "3")
        assert table.enter(4, "Dora", since=since).latest == 3
        assert table.texts(4) == ["1", "2", "3"]

    def test_in_the_middle_of_a_round(self, table: Table) -> None:
        """What was said earlier in the round comes as history, what is said later comes live, each once."""
        table.begin()
        table.say(ANN, "1")
        table.join(4, "Dora")
        table.say(BEN, "2")
        table.join(5, "Emil")
        table.say(4, "3")
        table.end()
        assert [type(frame) for frame in table.heard[4]] == [Welcome, Message, Message, Joined, Message]
        for link in (ANN, BEN, CLEO, 4, 5):
            assert table.texts(link) == ["1", "2", "3"]
        assert table.last(4, Welcome).latest == 1
        assert table.last(5, Welcome).latest == 2

    def test_a_closed_room_takes_nobody(self, table: Table) -> None:
        """Who asks while the room is being closed is refused, and told why."""
        table.begin()
        table.close()
        assert not table.join(4, "Dora")
        table.end()
        refused = table.last(4, Refused)
        assert refused.code == error_codes.CLOSING
        assert "Table 4" in refused.reason
        assert 4 in table.ended


class TestNames:
    """Being called otherwise."""

    def test_who_hears(self, table: Table) -> None:
        """Everybody hears it, whoever asked too, and what is said from then on bears the new name."""
        table.begin()
        table.say(ANN, "before")
        table.rename(ANN, " Anna ")
        table.say(ANN, "after")
        table.end()
        expected: list[ServerFrame] = [table.last(BEN, Message), Renamed("Anna", "Ann")]
        assert [type(frame) for frame in table.heard[BEN]] == [Message, Renamed, Message]
        assert expected[1] in table.heard[ANN]
        names = [frame.name for frame in table.heard[CLEO] if isinstance(frame, Message)]
        assert names == ["Ann", "Anna"]
        assert table.notices == [ChangedName("Anna", "Ann")]

    def test_own_case(self, table: Table) -> None:
        """A change of one's own name's case alone needs no number."""
        table.rename(ANN, "ANN")
        assert table.told(BEN) == [Renamed("ANN", "Ann")]

    def test_the_same(self, table: Table) -> None:
        """Asking for the name that one has changes nothing, and tells nobody."""
        table.rename(ANN, "Ann")
        assert not any(table.heard.values())

    def test_taken(self, table: Table) -> None:
        """A name that is taken gets a number, also where its owner is away."""
        table.lose(BEN)
        table.rename(ANN, "bEN")
        assert table.told(CLEO) == [Renamed("bEN 2", "Ann")]

    def test_bad(self, table: Table) -> None:
        """A name that is none is a problem for whoever asked, and for nobody else."""
        table.rename(ANN, "\t")
        (problem,) = table.told(ANN)
        assert isinstance(problem, Problem)
        assert problem.code == error_codes.BAD_NAME
        assert table.told(BEN) == []
        assert table.room.names() == ["Ann", "Ben", "Cleo"]

    def test_the_old_name_is_free(self, table: Table) -> None:
        """What somebody was called may be another's name at once."""
        table.rename(ANN, "Anna")
        table.rename(BEN, "Ann")
        assert table.room.names() == ["Anna", "Ann", "Cleo"]


class TestTyping:
    """Somebody types."""

    def test_who_hears(self, table: Table) -> None:
        """The others hear it, whoever types does not."""
        table.touch_a_key(ANN)
        assert table.told(BEN) == table.told(CLEO) == [TypingBy("Ann")]
        assert table.told(ANN) == []

    def test_not_too_often(self, table: Table) -> None:
        """It is passed on once in two seconds, for each member."""
        table.touch_a_key(ANN)
        table.wait(TYPING_EVERY_S - 0.1)
        table.touch_a_key(ANN)
        table.touch_a_key(BEN)
        assert table.told(CLEO) == [TypingBy("Ann"), TypingBy("Ben")]
        table.wait(0.1)
        table.touch_a_key(ANN)
        assert table.told(CLEO) == [TypingBy("Ann")]

    def test_alone(self) -> None:
        """Nobody is told where nobody else is in."""
        table = Table()
        table.enter(ANN, "Ann")
        table.hush()
        table.touch_a_key(ANN)
        assert not any(table.heard.values())


class TestLeaving:
    """The end of a stay, and of the room."""

    def test_who_hears(self, table: Table) -> None:
        """The others hear it with its reason, the connection is ended, the seat is free."""
        table.begin()
        table.say(ANN, "bye")
        table.part(ANN, "left")
        table.end()
        assert table.texts(ANN) == ["bye"]
        assert ANN in table.ended
        assert table.heard[BEN][-1] == Left("Ann", "left")
        assert table.room.names() == ["Ben", "Cleo"]
        assert table.notices == [WentOut("Ann", "left")]

    def test_what_is_said_after_it(self, table: Table) -> None:
        """Who has left says nothing more, and hears nothing more."""
        table.part(ANN)
        table.hush()
        table.say(ANN, "one more thing")
        table.say(BEN, "hello")
        assert table.told(ANN) == []
        assert table.texts(CLEO) == ["hello"]

    def test_close(self, table: Table) -> None:
        """A room that closes says goodbye to each member behind all that was said, and ends each."""
        table.lose(CLEO)
        table.begin()
        table.say(ANN, "last")
        table.close()
        table.end()
        for link in (ANN, BEN):
            message, closed = table.heard[link]
            assert isinstance(message, Message)
            assert isinstance(closed, Closed)
            assert closed.code == error_codes.CLOSING
            assert closed.reason
            assert closed.hint
        assert table.ended == {ANN, BEN}
        assert table.history.latest == 1
        assert table.room.facts().members == 0
        assert table.room.next_deadline_s() is None

    def test_close_twice(self, table: Table) -> None:
        """Closing twice is harmless."""
        table.close()
        table.close()
        assert table.ended == {ANN, BEN, CLEO}
