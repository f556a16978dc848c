"""Members who have seen more than the server to which they return."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.link.fold.link import LINK_DOWN_NOTICE_S
from messango.protocol import error_codes
from messango.protocol.frames import Closed, Refused, Welcome
from messango.protocol.limits import NO_HISTORY
from messango.room.host.link_commands import Relink
from messango.room.linked.early_joins import EARLY_S
from tests.room.batches import AGAIN, ANN, BEN
from tests.room.host_commands import result_of
from tests.room.linked.hall import Hall, texts


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


def test_a_server_that_is_behind_catches_up_first(hall: Hall) -> None:
    """Ann was at the other server meanwhile: nothing comes twice, and numbers never fall."""
    session = hall.join(hall.east, ANN, "Ann").session
    hall.join(hall.west, BEN, "Ben")
    hall.east.disconnect(ANN)
    hall.east.link.cut()
    hall.join(hall.west, ANN, "Ann", session, since=0)
    hall.say(hall.west, BEN, "one", "two")
    hall.west.disconnect(ANN)
    hall.east.join(AGAIN, "Ann", session, since=2)
    assert hall.east.take_received(AGAIN) == []
    hall.east.link.mend()
    hall.stream.run()
    assert hall.east.last_frame(AGAIN, Welcome).latest == 2
    assert texts(hall.east, AGAIN) == []
    hall.say(hall.west, BEN, "three")
    assert [text for *_, text in texts(hall.east, AGAIN)] == ["three"]


def test_a_copy_that_is_made_again_comes_to_where_a_member_was(hall: Hall) -> None:
    """They were disconnected when it began, and return at once."""
    session = hall.join(hall.east, ANN, "Ann").session
    hall.say(hall.east, ANN, "one", "two")
    result_of(hall.east, Relink())
    hall.east.join(AGAIN, "Ann", session, since=2)
    assert hall.east.take_received(AGAIN) == []
    hall.stream.run()
    assert hall.east.last_frame(AGAIN, Welcome).latest == 2
    assert texts(hall.east, AGAIN) == []


def test_a_server_that_stays_behind_sends_them_elsewhere(hall: Hall) -> None:
    """As it does with newcomers."""
    session = hall.join(hall.east, ANN, "Ann").session
    hall.east.disconnect(ANN)
    hall.east.link.cut()
    hall.stream.run()
    hall.east.join(AGAIN, "Ann", session, since=5)
    hall.east.advance(LINK_DOWN_NOTICE_S)
    assert hall.east.last_frame(AGAIN, Refused).code == error_codes.LINK_DOWN


def test_numbers_of_another_stream_are_not_waited_for(hall: Hall) -> None:
    """A room that has begun again has lower numbers for good."""
    session = hall.join(hall.east, ANN, "Ann").session
    hall.say(hall.east, ANN, "one")
    hall.east.disconnect(ANN)
    hall.east.join(AGAIN, "Ann", session, since=5)
    hall.east.advance(EARLY_S)
    assert hall.east.last_frame(AGAIN, Welcome).latest == 1
    assert [text for *_, text in texts(hall.east, AGAIN)] == ["one"]


def test_who_has_gone_meanwhile_is_not_waited_for(hall: Hall) -> None:
    """Their connection has broken again."""
    session = hall.join(hall.east, ANN, "Ann").session
    hall.east.disconnect(ANN)
    hall.east.link.cut()
    hall.stream.run()
    hall.east.join(AGAIN, "Ann", session, since=5)
    hall.east.disconnect(AGAIN)
    hall.east.advance(LINK_DOWN_NOTICE_S)
    assert hall.east.take_received(AGAIN) == []


def test_who_has_nothing_is_never_early(hall: Hall) -> None:
    """Newcomers, and clients that want only what comes."""
    session = hall.join(hall.east, ANN, "Ann").session
    hall.east.disconnect(ANN)
    assert hall.join(hall.east, AGAIN, "Ann", session, since=NO_HISTORY).latest == 0


def test_who_is_back_while_a_server_reads_what_it_missed_asks_again(hall: Hall) -> None:
    """That they were elsewhere before is no reason to end their session: they have come here since."""
    session = hall.join(hall.east, ANN, "Ann").session
    hall.east.disconnect(ANN)
    hall.east.link.cut()
    hall.join(hall.west, ANN, "Ann", session, since=0)
    hall.west.disconnect(ANN)
    hall.east.join(AGAIN, "Ann", session, since=0)
    assert hall.east.last_frame(AGAIN, Welcome)
    hall.east.link.mend()
    hall.stream.run()
    assert hall.east.last_frame(AGAIN, Closed).code == error_codes.TOO_SLOW
    hall.east.disconnect(AGAIN)
    assert hall.join(hall.east, BEN, "Ann", session, since=0).you == "Ann"


def test_who_waits_while_a_server_reads_what_it_missed_asks_again(hall: Hall) -> None:
    """They were at a third server, which has died since."""
    session = hall.join(hall.west, ANN, "Ann").session
    north = hall.open("north")
    hall.east.link.cut()
    hall.join(north, ANN, "Ann", session, since=0)
    north.disconnect(ANN)
    hall.east.join(ANN, "Ann", session, since=0)
    hall.east.link.mend()
    hall.stream.run()
    assert hall.east.last_frame(ANN, Closed).code == error_codes.TOO_SLOW


def test_a_session_that_a_server_can_not_know_yet_is_no_newcomer(hall: Hall) -> None:
    """Ann came to the other server, which has died, while this one was away."""
    hall.east.link.cut()
    ann = hall.join(hall.west, ANN, "Ann")
    hall.west.disconnect(ANN)
    hall.east.join(AGAIN, "Ann", ann.session, since=0)
    assert hall.east.take_received(AGAIN) == []
    hall.east.link.mend()
    hall.stream.run()
    welcome = hall.east.last_frame(AGAIN, Welcome)
    assert (welcome.member, welcome.you) == (ann.member, "Ann")


def test_a_session_of_another_room_waits_until_the_server_knows(hall: Hall) -> None:
    """Then they are somebody new, or elsewhere if the link stays down."""
    hall.east.link.cut()
    hall.stream.run()
    hall.east.join(ANN, "Ann", "x" * 32, since=0)
    hall.east.link.mend()
    hall.stream.run()
    assert hall.east.last_frame(ANN, Welcome).you == "Ann"
    hall.east.link.cut()
    hall.stream.run()
    hall.east.advance(LINK_DOWN_NOTICE_S)
    hall.east.join(BEN, "Ben", "y" * 32, since=0)
    assert hall.east.last_frame(BEN, Refused).code == error_codes.LINK_DOWN
