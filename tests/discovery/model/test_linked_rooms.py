"""Servers of one linked room have one row, but only those that are known to be its servers."""

from __future__ import annotations

from dataclasses import replace

from messango.discovery.model.events import (
    BrowseEvent,
    BrowseFailed,
    FoundRoom,
    RoomAdded,
    RoomRemoved,
    RoomStatus,
    RoomUpdated,
)
from messango.discovery.model.linked_rooms import LinkedRooms
from tests.discovery.factories import some_room

LINK = "5a" * 16
KNOWN = {"id of one", "id of two", "id of three"}


def server(name: str, ping_ms: float | None = 5.0, **changes: object) -> FoundRoom:
    """Return a server of the linked room Hall, with this key."""
    room = some_room("Hall", ping_ms=ping_ms)
    return replace(room, key=name, id=f"id of {name}", link=LINK, **changes)  # type: ignore[arg-type]


def trusted_link(room: FoundRoom) -> str:
    """Confirm the claims of the known servers only."""
    return room.link if room.id in KNOWN else ""


class Listed:
    """A list of rooms after some events."""

    def __init__(self, *events: BrowseEvent) -> None:
        self.linked = LinkedRooms(trusted_link)
        self.rows: dict[str, FoundRoom] = {}
        self.apply(*events)

    def apply(self, *events: BrowseEvent) -> list[BrowseEvent]:
        """Apply events; return what changed. A row is added once, then changed, then removed."""
        changes = [change for event in events for change in self.linked.apply(event)]
        for change in changes:
            if isinstance(change, RoomAdded):
                assert change.room.key not in self.rows
                self.rows[change.room.key] = change.room
            elif isinstance(change, RoomUpdated):
                assert change.room.key in self.rows
                self.rows[change.room.key] = change.room
            elif isinstance(change, RoomRemoved):
                del self.rows[change.room.key]
        return changes

    @property
    def servers(self) -> list[list[str]]:
        """The ids of each row's servers, without the word."""
        return [
            [one.id.removeprefix("id of ") for one in (row, *row.other_servers)] for row in self.rows.values()
        ]


def test_known_servers_are_one_row_the_nearest_first() -> None:
    """In whatever order they answer."""
    listed = Listed(
        RoomAdded(server("one", 90.0)), RoomAdded(server("two", 5.0)), RoomAdded(server("three", 40.0))
    )
    assert listed.servers == [["two", "three", "one"]]


def test_a_stranger_that_claims_the_link_stays_alone() -> None:
    """Also if it is nearer, and whatever it answers later."""
    listed = Listed(
        RoomAdded(server("one")), RoomAdded(server("evil", 0.1)), RoomUpdated(server("evil", 0.2))
    )
    assert sorted(listed.servers) == [["evil"], ["one"]]


def test_rooms_without_a_link_are_shown_as_before() -> None:
    """And so are the failures of a search."""
    room = some_room()
    events: list[BrowseEvent] = [RoomAdded(room), RoomUpdated(room), RoomRemoved(room), BrowseFailed("", "")]
    assert Listed().apply(*events) == events


def test_a_server_that_can_be_joined_comes_before_a_full_one() -> None:
    """However near that is."""
    full = server("one", 1.0, status=RoomStatus.FULL)
    assert Listed(RoomAdded(full), RoomAdded(server("two", 80.0))).servers == [["two", "one"]]


def test_a_little_nearer_is_not_nearer() -> None:
    """The list does not flicker."""
    listed = Listed(RoomAdded(server("one", 10.0)), RoomAdded(server("two", 2.0)))
    assert listed.servers == [["one", "two"]]
    listed.apply(RoomUpdated(server("one", 60.0)))
    assert listed.servers == [["two", "one"]]


def test_a_server_that_falls_silent_stays_one_of_the_room() -> None:
    """The row shows the other one, and says the same while both are silent."""
    listed = Listed(RoomAdded(server("one")), RoomAdded(server("two", 60.0)))
    silent = replace(server("one", None), status=RoomStatus.SILENT, link="")
    listed.apply(RoomUpdated(silent))
    assert listed.servers == [["two", "one"]]
    listed.apply(RoomUpdated(server("one")))
    assert listed.servers == [["one", "two"]]


def test_a_row_goes_with_the_last_server() -> None:
    """Not with the first."""
    one, two = server("one"), server("two")
    listed = Listed(RoomAdded(one), RoomAdded(two), RoomRemoved(one))
    assert listed.servers == [["two"]]
    listed.apply(RoomRemoved(two))
    assert listed.rows == {}


def test_a_room_is_taken_into_the_row_once_it_has_proved_to_be_its_server() -> None:
    """Until then, and once it serves another room, it has a row of its own."""
    checking = replace(server("two", None), status=RoomStatus.CHECKING, link="")
    listed = Listed(RoomAdded(server("one")), RoomAdded(checking))
    assert listed.servers == [["one"], ["two"]]
    listed.apply(RoomUpdated(server("two")))
    assert listed.servers == [["one", "two"]]
    listed.apply(RoomUpdated(replace(server("two"), link="")))
    assert listed.servers == [["one"], ["two"]]


def test_nothing_is_said_when_nothing_changes() -> None:
    """The row is the same."""
    listed = Listed(RoomAdded(server("one")), RoomAdded(server("two", 60.0)))
    assert listed.apply(RoomUpdated(server("two", 60.0))) == []
