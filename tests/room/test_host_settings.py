"""The host changes the password and the seats while members are in the room."""

from __future__ import annotations

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import Refused
from messango.protocol.limits import RECONNECT_GRACE_S
from messango.protocol.password import Password
from messango.room import members
from messango.room.host.host_command import SetPassword, SetSeats
from tests.room.batches import AGAIN, ANN, RoomHarness
from tests.room.host_commands import CountedPassword, run

NEW = 20


@pytest.fixture
def password() -> CountedPassword:
    return CountedPassword()


def test_a_password_is_set_changed_and_removed(harness: RoomHarness, password: CountedPassword) -> None:
    """The sentence says which of these it was; members stay each time."""
    first, second = Password("one"), Password("two")
    present = len(harness.room.members)
    assert "has a password now" in run(harness, SetPassword(first), password)
    assert harness.room.room_info().password
    assert "is changed" in run(harness, SetPassword(second), password)
    assert "is removed" in run(harness, SetPassword(None), password)
    assert not harness.room.room_info().password
    assert "none to remove" in run(harness, SetPassword(None), password)
    assert password.passwords == [first, second, None]
    assert len(harness.room.members) == present


def test_newcomers_need_the_present_password(harness: RoomHarness, password: CountedPassword) -> None:
    """One who was just joining with the former one, or with none, is asked to try again."""
    run(harness, SetPassword(Password("one")), password)
    assert not harness.join(NEW, "Dora")
    assert harness.last_frame(NEW, Refused).code == error_codes.BUSY
    assert harness.join(NEW + 1, "Dora", password_generation=1)
    run(harness, SetPassword(Password("two")), password)
    assert not harness.join(NEW + 2, "Eve", password_generation=1)
    assert harness.join(NEW + 3, "Eve", password_generation=2)


def test_a_seat_is_returned_to_as_it_was_taken(harness: RoomHarness, password: CountedPassword) -> None:
    """With the former password, or without one, as long as the seat is reserved."""
    session = harness.join_admitted(NEW, "Dora").session
    run(harness, SetPassword(Password("one")), password)
    harness.disconnect(NEW)
    assert harness.join(NEW + 1, "Dora", session)
    harness.disconnect(NEW + 1)
    harness.advance(RECONNECT_GRACE_S + 1)
    assert not harness.join(NEW + 2, "Dora", session)
    assert harness.join(NEW + 3, "Dora", session, password_generation=1)


def test_another_seat_is_not(harness: RoomHarness, password: CountedPassword) -> None:
    """A session that began with the second password is not resumed with the first one."""
    run(harness, SetPassword(Password("one")), password)
    run(harness, SetPassword(Password("two")), password)
    assert harness.join(NEW, "Dora", password_generation=2)
    session = harness.room.members.by_connection(NEW)
    assert session is not None
    assert not harness.join(NEW + 1, "Dora", session.session, password_generation=1)
    assert not harness.join(NEW + 2, "Dora", session.session)


def test_more_seats(harness: RoomHarness) -> None:
    """Newcomers find a place at once."""
    taken = len(harness.room.members)
    assert f"{taken} of them" in run(harness, SetSeats(taken))
    assert not harness.join(NEW, "Dora")
    assert "seats now" in run(harness, SetSeats(taken + 1))
    assert harness.join(NEW + 1, "Dora")
    assert harness.room.room_info().seats == taken + 1


def test_fewer_seats_remove_nobody(harness: RoomHarness) -> None:
    """Those who are in stay and can return; a newcomer waits until enough have left."""
    session = harness.join_admitted(NEW, "Dora").session
    taken = len(harness.room.members)
    assert f"All {taken} members stay" in run(harness, SetSeats(1))
    assert len(harness.room.members) == taken
    harness.disconnect(NEW)
    assert harness.join(AGAIN, "Dora", session)
    harness.leave(ANN)
    assert not harness.join(NEW + 1, "Eve")
    refused = harness.last_frame(NEW + 1, Refused)
    assert refused.code == error_codes.FULL
    assert f"{taken - 1} are in it, and it has 1 seat." in refused.reason


def test_seats_that_were_taken_away_are_not_given_to_newcomers(harness: RoomHarness) -> None:
    """Neither those that are reserved for members who are disconnected."""
    for connection_id, name in ((NEW, "Dora"), (NEW + 1, "Eve")):
        harness.join_admitted(connection_id, name)
        harness.disconnect(connection_id)
    harness.advance(RECONNECT_GRACE_S / 2)
    run(harness, SetSeats(3))
    assert not harness.join(NEW + 2, "Fay")
    run(harness, SetSeats(len(harness.room.members)))
    assert harness.join(NEW + 3, "Fay")


def test_many_members_and_few_seats(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the members' sessions is forgotten."""
    monkeypatch.setattr(members, "MAX_SESSIONS", 2)
    harness = RoomHarness(seats=20)
    sessions = [harness.join_admitted(number, f"m{number}").session for number in range(20)]
    run(harness, SetSeats(1))
    for number, session in enumerate(sessions):
        harness.disconnect(number)
        assert harness.join(100 + number, f"m{number}", session)
