"""A server that died before it had stored what it put into the stream, and comes back."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from messango.protocol.frames import Left, Welcome
from messango.protocol.limits import RECONNECT_GRACE_S
from tests.room.batches import AGAIN, ANN, BEN
from tests.room.linked.hall import Hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


def roll_east_back(hall: Hall) -> str:
    """Let East forget that Ann has come, and open it again; return Ann's session."""
    path, copy = hall.folder / "east.sqlite", hall.folder / "copy.sqlite"
    with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()
    session = hall.join(hall.east, ANN, "Ann").session
    hall.east.link.close()
    for file in hall.folder.glob("east.sqlite*"):
        file.unlink()
    shutil.copyfile(copy, path)
    hall.east = hall.open("east", life="2")
    return session


def names(hall: Hall) -> list[str]:
    """Return who is listed to a member at West."""
    return hall.join(hall.west, BEN, "Ben").members


def pass_time(hall: Hall, seconds: float) -> None:
    """Let time pass for both servers, which hear of each other."""
    for _ in range(int(seconds / 5)):
        hall.stream.heartbeat()
        hall.stream.run()
        for server in (hall.east, hall.west):
            server.advance(5.0)
        hall.stream.run()


def test_who_had_come_and_is_not_back_is_gone(hall: Hall) -> None:
    """Otherwise they would be listed for ever, and their name taken."""
    roll_east_back(hall)
    pass_time(hall, RECONNECT_GRACE_S + 10)
    assert names(hall) == ["Ben"]


def test_who_had_come_finds_their_seat(hall: Hall) -> None:
    """As after any restart."""
    session = roll_east_back(hall)
    welcome = hall.join(hall.east, AGAIN, "Ann", session, since=0)
    assert (welcome.you, welcome.members) == ("Ann", ["Ann"])
    pass_time(hall, RECONNECT_GRACE_S + 10)
    assert sorted(names(hall)) == ["Ann", "Ben"]
    assert len([frame for frame in hall.east.received[AGAIN] if isinstance(frame, Welcome)]) == 1


def test_who_was_there_when_it_closed_is_not_listed(hall: Hall) -> None:
    """A server reads again what it had done before it closed, and that is over."""
    path, copy = hall.folder / "east.sqlite", hall.folder / "copy.sqlite"
    with (
        contextlib.closing(sqlite3.connect(path)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    hall.join(hall.east, ANN, "Ann")
    with hall.east._one_batch():
        hall.east.linked_room.depart(lambda: None)
    hall.stream.run()
    hall.east.link.close()
    for file in hall.folder.glob("east.sqlite*"):
        file.unlink()
    shutil.copyfile(copy, path)
    hall.east = hall.open("east", life="2")
    assert hall.join(hall.east, BEN, "Ben").members == ["Ben"]


def test_a_seat_that_only_this_server_keeps(hall: Hall) -> None:
    """When its time is over and the stream does not have them here, it is free."""
    hall.join(hall.east, ANN, "Ann")
    hall.join(hall.east, BEN, "Ben")
    with hall.east._one_batch():
        hall.east.room.disconnect(ANN)
    person = next(hall.east.linked_room._follower.replica.roster.people.present())
    hall.east.linked_room._follower.replica.roster.people.leave(person.person)
    hall.west.linked_room._follower.replica.roster.people.leave(person.person)
    pass_time(hall, RECONNECT_GRACE_S + 10)
    assert hall.east.last_frame(BEN, Left).name == "Ann"
    assert len(hall.east.room.members) == 1
