"""Which room a name means."""

from __future__ import annotations

import dataclasses

import pytest

from messango.discovery.model.events import FoundRoom, RoomStatus
from messango.discovery.searching.name_lookup import (
    ALL_ANSWERED_S,
    BETTER_MATCH_WAIT_S,
    NAMESAKE_WAIT_S,
    AmbiguousName,
    NameLookup,
)
from tests.discovery.factories import some_room

MINE, OLDER, STRANGE = "1f" * 16, "2f" * 16, "3f" * 16


def room(room_id: str, name: str = "Tea", *, status: RoomStatus = RoomStatus.OPEN) -> FoundRoom:
    """Return a room that answered."""
    return dataclasses.replace(some_room(name, status=status), id=room_id, key=f"{name} {room_id}")


def known(found: FoundRoom) -> int | None:
    """Two rooms are known by this name; the first was visited last."""
    return {MINE: 0, OLDER: 1}.get(found.id)


def test_the_known_room_ends_the_search_at_once() -> None:
    """Under any name, and after any number of strangers' rooms of its own."""
    lookup = NameLookup("Tea", known)
    assert lookup.apply(room(STRANGE), 0.1) == NAMESAKE_WAIT_S
    assert lookup.apply(room(MINE, "Tea 2"), 0.1) == 0
    result = lookup.result()
    assert result is not None
    assert (result.id, result.name) == (MINE, "Tea 2")


def test_the_latest_visited_of_two_known_rooms() -> None:
    """It may answer a moment later; if it does not, it is the other one."""
    lookup = NameLookup("Tea", known)
    assert lookup.apply(room(OLDER), 0.1) == BETTER_MATCH_WAIT_S
    assert lookup.result() == room(OLDER)
    assert lookup.apply(room(MINE), 0.1) == 0
    assert lookup.result() == room(MINE)


def test_a_namesake_of_a_known_room_is_never_taken() -> None:
    """The error has its id, for a person who wants that one."""
    lookup = NameLookup("Tea", known)
    lookup.apply(room(STRANGE), 0.1)
    with pytest.raises(AmbiguousName) as caught:
        lookup.result()
    assert caught.value.of_known
    assert STRANGE in str(caught.value)
    assert f"messango chat {STRANGE}" in caught.value.hint
    lookup.remove(room(STRANGE).key)
    assert lookup.result() is None


def test_two_unknown_rooms_of_one_name_are_a_question() -> None:
    """One that appears twice is one; exactly the name is better than another case."""
    lookup = NameLookup("Tea")
    assert lookup.apply(room(STRANGE), 0.1) == pytest.approx(ALL_ANSWERED_S - 0.1)
    assert 0 < (lookup.apply(room(STRANGE), 4.0) or 0) < 0.1
    lookup.apply(dataclasses.replace(room(STRANGE), key="another row"), 0.1)
    assert lookup.apply(room(OLDER, "TEA"), 0.1) == BETTER_MATCH_WAIT_S
    assert lookup.result() == room(STRANGE)
    lookup.apply(room(MINE), 0.1)
    with pytest.raises(AmbiguousName, match="2 rooms called “Tea”") as caught:
        lookup.result()
    assert not caught.value.of_known
    assert {found.id for found in caught.value.rooms} == {STRANGE, MINE}


def test_a_room_that_does_not_answer_is_no_match() -> None:
    """Nor one that can't prove its id; a room that stops answering counts no more."""
    lookup = NameLookup("Tea")
    for status in (RoomStatus.CHECKING, RoomStatus.SILENT, RoomStatus.UNPROVED):
        assert lookup.apply(room(MINE, status=status), 0.1) is None
    assert lookup.result() is None
    lookup.apply(room(MINE), 0.1)
    lookup.apply(room(MINE, status=RoomStatus.SILENT), 0.1)
    assert lookup.result() is None


def test_an_id_is_no_name() -> None:
    """A stranger may call a room like the id of another."""
    lookup = NameLookup(MINE)
    assert lookup.apply(room(STRANGE, MINE), 0.1) is None
    assert lookup.apply(room(MINE, "Tea"), 0.1) == 0
    assert lookup.result() == room(MINE, "Tea")
