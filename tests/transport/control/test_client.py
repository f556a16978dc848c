"""Which of the open rooms is meant."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from messango.errors import RoomNotFound, SeveralRooms
from messango.transport.control.client import RunningRoom, choose_room
from messango.transport.control.folder import RoomRecord


def running(name: str, room_id: str) -> RunningRoom:
    return RunningRoom(room_id, name, 1, Path("unused"), RoomRecord(room_id, name, 1))


TEA = running("Tea", "1f" * 16)
QUOTED = running('Ann\'s "best" room', "2f3a" * 8)
ARABIC = running("غرفة الشاي", "2f3b" * 8)
ROOMS = [TEA, QUOTED, ARABIC]


@pytest.mark.parametrize(
    ("wanted", "room"),
    [
        ("tEA ", TEA),
        (TEA.id, TEA),
        ("1f1f", TEA),
        ("#1F1F1f", TEA),
        (QUOTED.name, QUOTED),
        ("Ann's 'best' room", QUOTED),
        ("غرفة الشاي", ARABIC),
        ("2f3b", ARABIC),
    ],
)
def test_a_room_is_meant_by_its_name_or_id(wanted: str, room: RunningRoom) -> None:
    """In any case, also as lists show the name, and by the beginning of the id."""
    assert choose_room(ROOMS, wanted) is room


@pytest.mark.parametrize("wanted", ["1f1", "Te", "--yes", "'best'"])
def test_anything_else_is_not_guessed(wanted: str) -> None:
    """Few digits are rather a name."""
    with pytest.raises(RoomNotFound):
        choose_room(ROOMS, wanted)


def test_two_rooms_of_one_name() -> None:
    """The suggested command chooses one of them, and the other rooms are not named."""
    namesake = running("tea", "3f" * 16)
    with pytest.raises(SeveralRooms, match="2 rooms") as caught:
        choose_room([*ROOMS, namesake], "Tea")
    assert "best" not in str(caught.value)
    words = shlex.split(caught.value.hint.partition("messango ")[2])
    assert choose_room([*ROOMS, namesake], words[2]) is TEA


def test_a_beginning_that_fits_two_ids() -> None:
    """Neither is chosen."""
    with pytest.raises(SeveralRooms, match="“غرفة الشاي”"):
        choose_room([QUOTED, running(ARABIC.name, "2f3a" + "0" * 28)], "2f3a")
