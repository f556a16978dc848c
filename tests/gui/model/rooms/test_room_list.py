"""The list of rooms, without a display."""

from __future__ import annotations

import dataclasses

import pytest

from messango.discovery.model.events import (
    BrowseFailed,
    BrowseResumed,
    RoomAdded,
    RoomRemoved,
    RoomStatus,
    RoomUpdated,
)
from messango.doctor.findings import Finding, Severity
from messango.gui.model.rooms.diagnosis import DiagnosisDone
from messango.gui.model.rooms.join_target import PendingJoin
from messango.gui.model.rooms.room_list import EXPLAIN_AFTER_S, RoomList
from messango.transport.dialing.dial_failure import FailureKind
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
    """Neither case nor the order of discovery matters."""
    assert names(listed("beta", "Gamma", "Alpha")) == ["Alpha", "beta", "Gamma"]


def test_open_room_shows_all_its_facts() -> None:
    """Name, host, seats, password and ping, and no status."""
    rooms = RoomList()
    rooms.apply(room_added("Office", password=True, ping_ms=3.6))
    (row,) = rooms.rows()
    assert (row.name, row.host, row.seats, row.dots) == ("Office", "on ann-laptop", "3 of 5", (3, 5))
    assert (row.password, row.ping, row.status, row.joinable) == (True, "4 ms", "", True)


def test_a_room_on_a_slow_network_says_so() -> None:
    """It can be joined all the same."""
    rooms = RoomList()
    rooms.apply(room_added("Office", ping_ms=412.0))
    (row,) = rooms.rows()
    assert (row.ping, row.joinable) == ("412 ms (slow)", True)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (RoomStatus.CHECKING, "checking"),
        (RoomStatus.FULL, "full"),
        (RoomStatus.SLOW, "slow to answer"),
        (RoomStatus.SILENT, "not answering"),
        (RoomStatus.OTHER_VERSION, "other version"),
        (RoomStatus.UNPROVED, "identity not proved"),
    ],
)
def test_unjoinable_room_shows_its_status(status: RoomStatus, text: str) -> None:
    """It can be selected, but not joined."""
    rooms = RoomList()
    rooms.apply(room_added("Office", status=status))
    (row,) = rooms.rows()
    assert (row.status, row.joinable) == (text, False)
    rooms.select(row.key)
    assert rooms.selected_joinable() is None


def test_a_silent_room_says_why() -> None:
    """Its row names the reason; selected, it is explained with what to do."""
    rooms = RoomList()
    rooms.apply(room_added("Lab", failure=FailureKind.REJECTED))
    (row,) = rooms.rows()
    assert (row.status, row.joinable, row.ping) == ("not answering: blocked by a firewall", False, "")
    assert rooms.selected_reason() == ""
    rooms.select(row.key)
    assert "A firewall refuses connections to 10.0.0.2:8000." in rooms.selected_reason()
    assert "messango doctor" in rooms.selected_reason()
    rooms.apply(room_added("Lab"))
    assert rooms.selected_reason() == ""


def test_a_room_to_be_joined_says_why_it_is_waited_for() -> None:
    """By its name, or by its id if another room has the same name."""
    rooms = RoomList()
    rooms.apply(room_added("Lab", failure=FailureKind.SILENT))
    waiting = PendingJoin("lab").status_text(rooms)
    assert waiting.startswith("You'll join “lab” when it answers. 10.0.0.2:8000 accepts connections")
    assert PendingJoin("lab", "id of Lab").status_text(rooms) == waiting
    rooms.apply(RoomUpdated(found_room("Lab", members=5, status=RoomStatus.FULL)))
    assert PendingJoin("lab").status_text(rooms) == "You'll join “lab” when a seat is free."


def test_a_room_that_is_not_listed_is_looked_for() -> None:
    """Nothing is said about seats of a room that nobody has seen."""
    rooms = listed("Alpha")
    known = PendingJoin("Lab", rank_known=lambda _: None)
    for pending in (PendingJoin("Lab"), PendingJoin("Lab", "id of Lab"), known):
        text = pending.status_text(rooms)
        assert text.startswith("Looking for “Lab”")
        assert ("where it was last" in text) is (pending is known)
        assert "address" in text
        assert "seat" not in text


def test_each_room_that_cannot_be_joined_is_explained() -> None:
    """Also one that answers as somebody else, in another version, or too slowly."""
    rooms = RoomList()
    for status, words in (
        (RoomStatus.UNPROVED, "can't prove that it is this room"),
        (RoomStatus.OTHER_VERSION, "Update Messango"),
        (RoomStatus.SLOW, "the network is slow"),
    ):
        rooms.apply(room_added("Lab", status=status))
        rooms.select("lab")
        assert words in rooms.selected_reason()
        assert words in PendingJoin("Lab").status_text(rooms)


def test_a_locked_room_promises_no_seat() -> None:
    """It says how many are inside, and shows no free places."""
    rooms = RoomList()
    rooms.apply(room_added("Office", locked=True, status=RoomStatus.LOCKED))
    (row,) = rooms.rows()
    assert (row.seats, row.dots, row.status, row.joinable) == ("3 inside", None, "locked", False)


def test_many_seats_have_no_dots() -> None:
    """The number is enough; a room without seats has no dots either."""
    rooms = RoomList()
    rooms.apply(room_added("Hall", members=14, seats=40))
    rooms.apply(room_added("Odd", members=9, seats=0))
    hall, odd = rooms.rows()
    assert (hall.seats, hall.dots) == ("14 of 40", None)
    assert odd.dots is None


def test_dots_are_limited_to_the_seats() -> None:
    """A forged count of members changes nothing."""
    rooms = RoomList()
    rooms.apply(room_added("Odd", members=9, seats=5))
    assert rooms.rows()[0].dots == (5, 5)


def test_update_does_not_move_a_row() -> None:
    """Members, status and ping do not affect the order."""
    rooms = listed("Alpha", "Beta")
    rooms.apply(RoomUpdated(found_room("Alpha", members=5, status=RoomStatus.FULL, ping_ms=90)))
    assert names(rooms) == ["Alpha", "Beta"]
    assert rooms.rows()[0].status == "full"


def test_frozen_list_does_not_move() -> None:
    """New rooms are added below, and removed ones stay as gone until it is unfrozen."""
    rooms = listed("Beta", "Gamma")
    rooms.freeze()
    rooms.apply(room_added("Alpha"))
    rooms.apply(RoomRemoved(found_room("Beta")))
    assert names(rooms) == ["Beta", "Gamma", "Alpha"]
    gone = rooms.rows()[0]
    assert (gone.status, gone.joinable) == ("gone", False)
    rooms.unfreeze()
    assert names(rooms) == ["Alpha", "Gamma"]


def test_room_that_returns_while_frozen_is_not_gone() -> None:
    """Its row stays."""
    rooms = listed("Beta")
    rooms.freeze()
    rooms.apply(RoomRemoved(found_room("Beta")))
    rooms.apply(room_added("Beta"))
    rooms.unfreeze()
    assert rooms.rows()[0].joinable


def test_selection_stays_with_its_room() -> None:
    """Other rooms do not affect it; it ends when its room is removed."""
    rooms = listed("Beta")
    rooms.select("beta")
    rooms.apply(room_added("Alpha"))
    assert rooms.selected == "beta"
    rooms.apply(RoomRemoved(found_room("Beta")))
    assert rooms.selected is None


def test_selection_moves_and_stops_at_the_ends() -> None:
    """Without a selection, it starts outside the list."""
    for delta, first in ((1, "alpha"), (9999, "gamma"), (-1, "gamma"), (-9999, "alpha")):
        rooms = listed("Alpha", "Beta", "Gamma")
        rooms.move(delta)
        assert rooms.selected == first
    rooms = listed("Alpha", "Beta", "Gamma")
    rooms.move(1)
    rooms.move(1)
    rooms.move(9999)
    assert rooms.selected == "gamma"
    rooms.move(-1)
    assert rooms.selected == "beta"


def test_an_empty_list_has_no_selection() -> None:
    """Moving, or selecting an unknown room, does nothing."""
    rooms = RoomList()
    rooms.move(1)
    rooms.select("nowhere")
    assert rooms.selected is None


def test_lookup_by_name_prefers_a_joinable_room() -> None:
    """Names are compared without case."""
    rooms = RoomList()
    rooms.apply(room_added("Office", key="a", status=RoomStatus.FULL))
    rooms.apply(room_added("office", key="b"))
    chosen = rooms.by_name("OFFICE")
    assert chosen is not None
    assert chosen.key == "b"
    assert rooms.by_name("Lab") is None


def test_empty_list_shows_progress() -> None:
    """First browsing, later the doctor's checks; with a room, nothing."""
    rooms = RoomList()
    at_first = rooms.empty_state(0)
    assert at_first is not None
    assert "Looking for rooms" in at_first.title
    rooms.diagnosis.start()
    later = rooms.empty_state(EXPLAIN_AFTER_S)
    assert later is not None
    assert not later.can_retry
    assert "Checking" in later.lines[0]
    rooms.apply(room_added("Office"))
    assert rooms.empty_state(EXPLAIN_AFTER_S) is None


def test_empty_list_shows_findings() -> None:
    """The worst first, without what is in order; the checks can be repeated."""
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


def test_empty_list_without_findings_says_so() -> None:
    """Probably nobody has opened a room."""
    rooms = RoomList()
    rooms.diagnosis.start()
    rooms.diagnosis.apply(DiagnosisDone())
    empty = rooms.empty_state(EXPLAIN_AFTER_S)
    assert empty is not None
    assert "nobody has opened a room" in empty.lines[0]


def test_filter_shows_matching_rooms() -> None:
    """By any part of the name, without case; the first match is selected."""
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


def test_pending_join_finds_its_room_by_id() -> None:
    """When it has a free seat; another room with the same name does not match."""
    rooms = RoomList()
    rooms.apply(room_added("Office", status=RoomStatus.FULL))
    rooms.select("office")
    full = rooms.selected_closed()
    assert full is not None
    pending = PendingJoin(full.name, full.id)
    assert pending.find_joinable(rooms) is None
    rooms.apply(RoomAdded(dataclasses.replace(found_room("Office", key="other"), id="another id")))
    assert pending.find_joinable(rooms) is None
    rooms.apply(RoomUpdated(found_room("Office")))
    joined = pending.find_joinable(rooms)
    assert joined is not None
    assert joined.id == full.id
    assert rooms.selected_closed() is None


def test_browse_error_is_shown_until_resolved() -> None:
    """Reason and hint are the summary."""
    rooms = RoomList()
    rooms.apply(BrowseFailed("No network is up.", "Plug one in."))
    assert rooms.summary() == "No network is up. Plug one in."
    rooms.apply(BrowseResumed())
    assert rooms.summary() == "Looking for rooms…"
    rooms.apply(room_added("Office"))
    assert rooms.summary().startswith("1 room found")


def test_room_without_a_host_shows_its_address() -> None:
    """If it has one."""
    rooms = RoomList()
    rooms.apply(room_added("Office", host=""))
    rooms.apply(RoomUpdated(dataclasses.replace(found_room("Void", host=""), addresses=())))
    assert [row.host for row in rooms.rows()] == ["at 10.0.0.2:8000", ""]


def test_a_linked_room_is_one_row() -> None:
    """Chosen by the id of any of its servers; a stranger that claims the link has a row of its own."""
    rooms = RoomList(lambda room: room.link if room.name == "Hall" else "")
    for key, ping_ms in (("a", 90.0), ("b", 1.0)):
        rooms.apply(
            RoomAdded(dataclasses.replace(found_room("Hall", key=key, ping_ms=ping_ms), id=key, link="5a"))
        )
    rooms.apply(RoomAdded(dataclasses.replace(found_room("Evil"), link="5a")))
    assert names(rooms) == ["Evil", "Hall"]
    for room_id in ("a", "b"):
        room = rooms.by_id(room_id)
        assert room is not None
        assert (room.id, [server.id for server in room.other_servers]) == ("b", ["a"])


def test_a_linked_room_says_how_many_servers_it_has() -> None:
    """In one row, at the nearest of them."""
    rooms = RoomList(lambda _: "link")
    for key, host in (("a", "desk-1"), ("b", "desk-2"), ("c", "desk-3")):
        rooms.apply(room_added("Hall", key=key, host=host, ping_ms=1.0 if key == "a" else 50.0))
        if key != "c":
            hosts = [row.host for row in rooms.rows()]
            assert hosts == ["on desk-1" if key == "a" else "on desk-1 and 1 more server"]
    assert [row.host for row in rooms.rows()] == ["on desk-1 and 2 more servers"]
