"""The list of rooms, without a display."""

from __future__ import annotations

import dataclasses

import pytest

from messango.discovery.events import BrowseFailed, BrowseResumed, RoomAdded, RoomRemoved, RoomUpdated, Status
from messango.doctor.findings import Finding, Severity
from messango.gui.model.diagnosis import DiagnosisDone
from messango.gui.model.pending_join import PendingJoin
from messango.gui.model.room_list import EXPLAIN_AFTER_S, RoomList
from tests.gui.fakes import found_room, room_added


def listed(*names: str) -> RoomList:
    """Return a list with rooms of these names."""
    rooms = RoomList()
    for name in names:
        rooms.apply(room_added(name))
    return rooms


def names(rooms: RoomList) -> list[str]:
    """Return the names from top to bottom."""
    return [row.name for row in rooms.rows()]


def test_rows_are_sorted_by_name() -> None:
    """The order does not depend on who was seen first, nor on capitals."""
    assert names(listed("beta", "Gamma", "Alpha")) == ["Alpha", "beta", "Gamma"]


def test_a_row_says_what_a_person_wants_to_know() -> None:
    """Name, machine, seats, lock and round trip of an open room; no word."""
    rooms = RoomList()
    rooms.apply(room_added("Office", locked=True, ping_ms=3.6))
    (row,) = rooms.rows()
    assert (row.name, row.host, row.seats, row.dots) == ("Office", "on ann-laptop", "3 of 5", (3, 5))
    assert (row.locked, row.ping, row.status, row.joinable) == (True, "4 ms", "", True)


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (Status.CHECKING, "checking"),
        (Status.FULL, "full"),
        (Status.SILENT, "not answering"),
        (Status.OTHER_VERSION, "other version"),
    ],
)
def test_a_room_that_cant_be_joined_has_the_word_for_it(status: Status, word: str) -> None:
    """It stays in the list with the reason, and can be selected but not joined."""
    rooms = RoomList()
    rooms.apply(room_added("Office", status=status))
    (row,) = rooms.rows()
    assert (row.status, row.joinable) == (word, False)
    rooms.select(row.key)
    assert rooms.selected_joinable() is None


def test_many_seats_are_a_number_only() -> None:
    """Nobody counts forty dots, and a forged count draws none."""
    rooms = RoomList()
    rooms.apply(room_added("Hall", members=14, seats=40))
    rooms.apply(room_added("Odd", members=9, seats=0))
    hall, odd = rooms.rows()
    assert (hall.seats, hall.dots) == ("14 of 40", None)
    assert odd.dots is None


def test_more_members_than_seats_fill_the_dots() -> None:
    """A forged count never draws more dots than there are seats."""
    rooms = RoomList()
    rooms.apply(room_added("Odd", members=9, seats=5))
    assert rooms.rows()[0].dots == (5, 5)


def test_a_changing_room_keeps_its_place() -> None:
    """Neither members nor status nor round trip move a row."""
    rooms = listed("Alpha", "Beta")
    rooms.apply(RoomUpdated(found_room("Alpha", members=5, status=Status.FULL, ping_ms=90)))
    assert names(rooms) == ["Alpha", "Beta"]
    assert rooms.rows()[0].status == "full"


def test_nothing_moves_under_the_pointer() -> None:
    """While held, new rooms come below and gone ones stay, greyed; released, all is in order."""
    rooms = listed("Beta", "Gamma")
    rooms.freeze()
    rooms.apply(room_added("Alpha"))
    rooms.apply(RoomRemoved(found_room("Beta")))
    assert names(rooms) == ["Beta", "Gamma", "Alpha"]
    gone = rooms.rows()[0]
    assert (gone.status, gone.joinable) == ("gone", False)
    rooms.unfreeze()
    assert names(rooms) == ["Alpha", "Gamma"]


def test_a_room_that_comes_back_while_held_is_not_gone() -> None:
    """A goodbye and a new hello under the pointer leave the row as it was."""
    rooms = listed("Beta")
    rooms.freeze()
    rooms.apply(RoomRemoved(found_room("Beta")))
    rooms.apply(room_added("Beta"))
    rooms.unfreeze()
    assert rooms.rows()[0].joinable


def test_the_selection_follows_its_room() -> None:
    """It stays with the room when others come and go, and ends with it."""
    rooms = listed("Beta")
    rooms.select("beta")
    rooms.apply(room_added("Alpha"))
    assert rooms.selected == "beta"
    rooms.apply(RoomRemoved(found_room("Beta")))
    assert rooms.selected is None


def test_arrows_move_the_selection_and_stop_at_the_ends() -> None:
    """The first press comes in from outside; further ones go one row each."""
    for steps, first in ((1, "alpha"), (9999, "gamma"), (-1, "gamma"), (-9999, "alpha")):
        rooms = listed("Alpha", "Beta", "Gamma")
        rooms.move(steps)
        assert rooms.selected == first
    rooms = listed("Alpha", "Beta", "Gamma")
    rooms.move(1)
    rooms.move(1)
    rooms.move(9999)
    assert rooms.selected == "gamma"
    rooms.move(-1)
    assert rooms.selected == "beta"


def test_an_empty_list_has_no_selection() -> None:
    """Arrows in an empty list do nothing, nor does a room that is not there."""
    rooms = RoomList()
    rooms.move(1)
    rooms.select("nowhere")
    assert rooms.selected is None


def test_of_two_rooms_with_one_name_the_open_one_is_meant() -> None:
    """A name finds a room whatever its capitals, and rather one that can be joined."""
    rooms = RoomList()
    rooms.apply(room_added("Office", key="a", status=Status.FULL))
    rooms.apply(room_added("office", key="b"))
    chosen = rooms.by_name("OFFICE")
    assert chosen is not None
    assert chosen.key == "b"
    assert rooms.by_name("Lab") is None


def test_an_empty_list_explains_itself() -> None:
    """At first it says what is being done, then what the doctor does; with a room it says nothing."""
    rooms = RoomList()
    at_first = rooms.empty_state(0)
    assert at_first is not None
    assert "Looking for rooms" in at_first.title
    rooms.diagnosis.start()
    later = rooms.empty_state(EXPLAIN_AFTER_S)
    assert later is not None
    assert not later.can_retry
    assert "Finding out" in later.lines[0]
    rooms.apply(room_added("Office"))
    assert rooms.empty_state(EXPLAIN_AFTER_S) is None


def test_what_the_doctor_found_stands_in_an_empty_list() -> None:
    """The worst first, each with its cure, and nothing that is well; it can be looked at again."""
    rooms = RoomList()
    rooms.diagnosis.start()
    rooms.diagnosis.apply(Finding("tls", Severity.OK, "The clock is right."))
    rooms.diagnosis.apply(Finding("vpn", Severity.WARNING, "A VPN is on.", "Switch it off."))
    rooms.diagnosis.apply(Finding("mdns", Severity.PROBLEM, "mDNS is blocked.", "Allow UDP 5353."))
    rooms.diagnosis.apply(DiagnosisDone())
    empty = rooms.empty_state(EXPLAIN_AFTER_S)
    assert empty is not None
    assert [finding.check for finding in empty.findings] == ["mdns", "vpn"]
    assert empty.can_retry


def test_a_healthy_machine_is_told_so() -> None:
    """Then it is likely that nobody has opened a room."""
    rooms = RoomList()
    rooms.diagnosis.start()
    rooms.diagnosis.apply(DiagnosisDone())
    empty = rooms.empty_state(EXPLAIN_AFTER_S)
    assert empty is not None
    assert "nobody has opened a room" in empty.lines[0]


def test_letters_find_rooms() -> None:
    """By any part of a name, without regard to case; the first that fits is selected."""
    rooms = RoomList()
    for name in ("Kitchen", "Office", "Office 2"):
        rooms.apply(room_added(name))
    rooms.select("kitchen")
    rooms.set_filter("OFF")
    assert [row.name for row in rooms.rows()] == ["Office", "Office 2"]
    assert rooms.selected == "office"
    assert "2 of 3" in rooms.summary()
    rooms.move(1)
    rooms.move(1)
    assert rooms.selected == "office 2"
    rooms.set_filter("zzz")
    assert rooms.rows() == []
    empty = rooms.empty_state(0)
    assert empty is not None
    assert "Escape" in empty.lines[0]
    rooms.set_filter("")
    assert len(rooms.rows()) == 3


def test_a_full_room_can_be_waited_for() -> None:
    """And is found by its id once it has a seat; another of the same name is not it."""
    rooms = RoomList()
    rooms.apply(room_added("Office", status=Status.FULL))
    rooms.select("office")
    full = rooms.selected_full()
    assert full is not None
    wish = PendingJoin(full.name, full.id)
    assert wish.find_joinable(rooms) is None
    rooms.apply(RoomAdded(dataclasses.replace(found_room("Office", key="other"), id="another id")))
    assert wish.find_joinable(rooms) is None
    rooms.apply(RoomUpdated(found_room("Office")))
    joined = wish.find_joinable(rooms)
    assert joined is not None
    assert joined.id == full.id
    assert rooms.selected_full() is None


def test_what_keeps_us_from_looking_is_told() -> None:
    """The reason and its cure stand under the title until it is over."""
    rooms = RoomList()
    rooms.apply(BrowseFailed("No network is up.", "Plug one in."))
    assert rooms.summary() == "No network is up. Plug one in."
    rooms.apply(BrowseResumed())
    assert rooms.summary() == "Looking for rooms…"
    rooms.apply(room_added("Office"))
    assert rooms.summary().startswith("1 room seen")


def test_a_room_without_a_machine_shows_its_address() -> None:
    """Something says where it is, whatever is missing."""
    rooms = RoomList()
    rooms.apply(room_added("Office", host=""))
    rooms.apply(RoomUpdated(dataclasses.replace(found_room("Void", host=""), addresses=())))
    assert [row.host for row in rooms.rows()] == ["at 10.0.0.2:8000", ""]
