"""Which announcement is of the room that is examined."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator

import pytest

from messango.discovery.model.events import BrowseEvent, BrowseFailed, RoomAdded, RoomStatus
from messango.discovery.searching.browse_events import Deadline
from messango.doctor.way.room_search import RoomSearch, RoomTarget
from messango.errors import BadAddress
from messango.transport.addresses import Address
from tests.doctor.factories import room

OFFICE = dataclasses.replace(room(RoomStatus.CHECKING), fingerprint="ab" * 32)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (RoomTarget("office", is_name=True), True),
        (RoomTarget("5f2e", is_name=True), True),
        (RoomTarget("Tea", is_name=True), False),
        (RoomTarget("x", (Address("192.168.1.20", 8003),)), True),
        (RoomTarget("x", (Address("192.168.1.20", 8000),)), False),
        (RoomTarget("Tea", fingerprint="ab" * 32, is_name=True), True),
        (RoomTarget("Office", fingerprint="cd" * 32, is_name=True), False),
    ],
)
def test_what_is_the_room(target: RoomTarget, *, expected: bool) -> None:
    """A known certificate decides before the name, which anybody may claim."""
    assert target.matches(OFFICE) is expected


def browse(*events: BrowseEvent, fails: bool = False) -> object:
    """Return a browser that has these events."""

    def browse_events(deadline: Deadline) -> Generator[BrowseEvent, None, None]:
        assert deadline.remaining_s() <= 3
        yield from events
        if fails:
            raise BadAddress("“eth0” is not valid.", "Use an address.")

    return browse_events


def test_the_room_and_the_others() -> None:
    """Both are heard; the wait ends with the room."""
    tea = dataclasses.replace(OFFICE, name="Tea", fingerprint="cd" * 32)
    search = RoomSearch(
        RoomTarget("Office", is_name=True),
        browse(BrowseFailed("One network fails.", "Wait."), RoomAdded(tea), RoomAdded(OFFICE)),  # type: ignore[arg-type]
    )
    assert search.wait() == OFFICE
    search.close()
    assert search.others == {"Tea"}
    assert search.failure == BrowseFailed("One network fails.", "Wait.")


def test_a_search_that_fails_ends_the_wait() -> None:
    """Its reason is kept."""
    search = RoomSearch(RoomTarget("Office", is_name=True), browse(fails=True))  # type: ignore[arg-type]
    assert search.wait() is None
    search.close()
    assert search.failure == BrowseFailed("“eth0” is not valid.", "Use an address.")
