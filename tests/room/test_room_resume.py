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
    SEAT_KEPT_S,
)
from messango.room.batch import CameIn, WentAway, WentOut
from tests.room.batches import AGAIN, ANN, BEN, CLEO, Table


class TestComingBack:
    """A broken connection, and the seat that is kept meanwhile."""

    def test_back_in_time(self, table: Table) -> None:
        """Who is back in time has seat, name and id, gets exactly what was missed, and nobody is told."""
        first = table.enter(4, "Dora")
        table.say(ANN, "1")
        table.hush()
        table.lose(4)
        table.say(ANN, "2")
        table.wait(SEAT_KEPT_S - 0.1)
        table.say(BEN, "3")
        back = table.enter(AGAIN, "Another name", first.session, since=1)
        assert (back.you, back.member, back.session) == ("Dora", first.member, first.session)
        assert table.texts(AGAIN) == ["2", "3"]
        assert table.texts(ANN) == ["2", "3"]
        assert {type(frame) for frame in table.heard[ANN]} == {Message}
        assert table.notices[1:] == [WentAway("Dora"), CameIn(AGAIN, "Dora", back=True)]

    def test_not_back_in_time(self, table: Table) -> None:
        """When the time is up the others are told, and the seat is free."""
        table.lose(BEN)
        assert table.room.next_deadline_s() == table.now_s + SEAT_KEPT_S
        table.wait(SEAT_KEPT_S - 0.1)
        assert table.told(ANN) == []
        assert table.room.facts().members == 3
        table.wait(0.1)
        (left,) = table.told(ANN)
        assert isinstance(left, Left)
        assert left.name == "Ben"
        assert "broke" in left.reason
        assert table.told(CLEO) == [left]
        assert table.room.facts().members == 2
        assert table.room.next_deadline_s() is None
        assert table.notices == [WentAway("Ben"), WentOut("Ben", left.reason)]

    def test_away_twice(self, table: Table) -> None:
        """The time is counted from the last break."""
        first = table.enter(4, "Dora")
        table.lose(4)
        table.wait(SEAT_KEPT_S - 1)
        table.enter(AGAIN, "Dora", first.session)
        table.lose(AGAIN)
        table.wait(SEAT_KEPT_S - 1)
        assert "Dora" in table.room.names()

    def test_the_next_deadline_is_the_first(self, table: Table) -> None:
        """Of several who are away the first to be given up sets the room's clock."""
        table.lose(ANN)
        table.wait(10)
        table.lose(BEN)
        assert table.room.next_deadline_s() == table.now_s - 10 + SEAT_KEPT_S

    def test_of_short_visits_one_seat_is_kept(self, table: Table) -> None:
        """Whoever joins and cuts the connection, again and again, does not hold the room by that."""
        for link in (4, 5):
            table.enter(link, "Mallory")
            table.wait(2)
        table.lose(5)
        table.lose(4)
        table.wait(2.1)
        assert not table.join(61, "Fay")
        table.wait(2)
        table.enter(62, "Fay")
        assert WentOut("Mallory 2", error_codes.CONNECTION_BROKE) in table.notices
        table.wait(20)
        assert not table.join(71, "Gus")
        assert table.room.names() == ["Ann", "Ben", "Cleo", "Mallory", "Fay"]

    def test_a_visit_is_as_long_as_all_its_connections(self, table: Table) -> None:
        """Somebody whose connection breaks again and again was in for all of that together."""
        first = table.enter(4, "Dora")
        table.enter(5, "Emil")
        for link, next_link in ((4, 21), (21, 22), (22, 23)):
            table.wait(3)
            table.lose(link)
            table.wait(1)
            table.enter(next_link, "Dora", first.session)
        table.lose(23)
        table.lose(5)
        table.wait(11.9)
        assert not table.join(61, "Fay")
        table.wait(0.2)
        table.enter(62, "Fay")
        assert "Dora" not in table.room.names()

    def test_kept_from_others(self, table: Table) -> None:
        """A kept seat keeps the name too, and a full room stays full."""
        table.enter(4, "Dora")
        table.enter(5, "Emil")
        table.lose(BEN)
        assert not table.join(6, "Fay")
        table.part(4)
        assert table.enter(7, "Ben").you == "Ben 2"

    def test_replaced(self, table: Table) -> None:
        """Who joins again from elsewhere goes on there; the older connection is told and ended."""
        first = table.enter(4, "Dora")
        table.hush()
        back = table.enter(AGAIN, "Dora", first.session, since=0)
        (closed,) = table.told(4)
        assert isinstance(closed, Closed)
        assert closed.code == error_codes.REPLACED
        assert 4 in table.ended
        assert (back.you, back.member) == ("Dora", first.member)
        assert table.told(ANN) == []
        assert table.room.facts().members == 4

    def test_replaced_and_then_gone(self, table: Table) -> None:
        """The end of the older connection, noticed late, does not touch the member's new one."""
        first = table.enter(4, "Dora")
        table.enter(AGAIN, "Dora", first.session)
        table.hush()
        table.say(4, "too late")
        table.lose(4)
        table.part(4)
        table.say(ANN, "hello")
        assert table.texts(AGAIN) == ["hello"]
        assert table.told(4) == []
        assert table.room.next_deadline_s() is None

    def test_replaced_in_a_full_room(self, table: Table) -> None:
        """Coming back needs no second seat."""
        table.enter(4, "Dora")
        last = table.enter(5, "Emil")
        assert table.enter(AGAIN, "Emil", last.session).you == "Emil"

    def test_the_session_outlives_leaving(self, table: Table) -> None:
        """Who left and comes back is the same member, with the name of then; the others hear it."""
        first = table.enter(4, "Dora")
        table.say_as(4, ("x", "hello"))
        table.part(4)
        table.hush()
        back = table.enter(AGAIN, "Somebody", first.session, since=1)
        assert (back.you, back.member, back.session) == ("Dora", first.member, first.session)
        assert table.told(ANN) == [Joined("Dora")]
        table.hush()
        table.say_as(AGAIN, ("x", "hello"))
        assert table.told(ANN) == []
        assert [frame.seq for frame in table.told(AGAIN) if isinstance(frame, Message)] == [1]

    def test_the_name_was_taken_meanwhile(self, table: Table) -> None:
        """Who comes back after leaving does not get a name that somebody else has by now."""
        first = table.enter(4, "Dora")
        table.part(4)
        table.enter(5, "dora")
        assert table.enter(AGAIN, "Dora", first.session).you == "Dora 2"

    def test_given_up_in_the_round_of_the_return(self, table: Table) -> None:
        """Who comes in the very round in which the seat is given up leaves first, and then joins."""
        first = table.enter(4, "Dora")
        table.lose(4)
        table.hush()
        table.now_s += SEAT_KEPT_S
        back = table.enter(AGAIN, "Dora", first.session, since=0)
        assert back.member == first.member
        assert [type(frame) for frame in table.told(ANN)] == [Left, Joined]

    def test_a_full_room_has_no_seat_for_who_left(self, table: Table) -> None:
        """Whose seat was given up waits for one like everybody else."""
        first = table.enter(4, "Dora")
        table.part(4)
        table.enter(5, "Emil")
        table.enter(6, "Fay")
        assert not table.join(AGAIN, "Dora", first.session)
        assert table.last(AGAIN, Refused).code == error_codes.FULL

    def test_an_unknown_session(self, table: Table) -> None:
        """A session that nobody has makes a new member with another one."""
        welcome = table.enter(4, "Dora", "made up")
        assert welcome.session != "made up"
        assert table.told(ANN) == [Joined("Dora")]

    def test_a_silence_counts(self, table: Table) -> None:
        """Who was silent before the break was noticed has been away since: nobody is a ghost for longer."""
        table.lose(ANN, silent_s=12.0)
        table.wait(SEAT_KEPT_S - 12.1)
        assert table.told(BEN) == []
        table.wait(0.1)
        assert table.last(BEN, Left).name == "Ann"
