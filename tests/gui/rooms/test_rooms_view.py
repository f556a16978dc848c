"""The page with the rooms, in a real window."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.client.events import EndReason, SessionEnded
from messango.discovery.events import RoomRemoved, RoomUpdated, Status
from messango.doctor.findings import Finding, Severity
from messango.errors import CorruptFile, Unreachable
from messango.gui.settings import KeptSettings
from messango.gui.window import Window
from messango.transport.addresses import Address
from tests.gui.conftest import Desk
from tests.gui.fakes import FakeServices, added, entered, found

pytestmark = pytest.mark.window


def listed(desk: Desk, fakes: FakeServices, *names: str) -> Window:
    """Open a window that sees rooms of these names."""
    window = desk.open(fakes.services())
    for name in names:
        fakes.browser.events.put(added(name))
    desk.until(lambda: len(window.rooms_view.list.texts()) == len(names))
    return window


def test_rooms_come_change_and_go(desk: Desk, fakes: FakeServices) -> None:
    """The list shows what the browser tells, while it tells it."""
    window = listed(desk, fakes, "Lab", "Office")
    assert window.rooms_view.list.texts()[0] == "Lab on ann-laptop 3 of 5 under 1 ms"
    fakes.browser.events.put(RoomUpdated(found("Lab", members=5, status=Status.FULL)))
    desk.until(lambda: "5 of 5 full" in window.rooms_view.list.texts()[0])
    fakes.browser.events.put(RoomRemoved(found("Lab")))
    desk.until(lambda: len(window.rooms_view.list.texts()) == 1)


def test_keyboard_alone_joins_a_room(desk: Desk, fakes: FakeServices) -> None:
    """The list has the keyboard from the start; arrows choose, Enter joins."""
    window = listed(desk, fakes, "Lab", "Office")
    window.root.event_generate("<Down>")
    window.root.event_generate("<Down>")
    window.root.event_generate("<Return>")
    desk.until(lambda: bool(fakes.joined))
    target, name = fakes.joined[0]
    assert (target.place, name) == ("Office", "Ann")
    assert fakes.clients[0].calls == ["start"]


def test_a_double_click_joins(desk: Desk, fakes: FakeServices) -> None:
    """The pointer works on any part of a row."""
    window = listed(desk, fakes, "Lab", "Office")
    row = window.rooms_view.list.row_view("office")
    row.parts[1].event_generate("<Button-1>")
    row.parts[1].event_generate("<ButtonRelease-1>")
    row.parts[1].event_generate("<Button-1>")
    desk.until(lambda: bool(fakes.joined))
    assert fakes.joined[0][0].place == "Office"


def test_join_is_offered_only_for_a_room_that_can_be_joined(desk: Desk, fakes: FakeServices) -> None:
    """The button wakes with a selection, and sleeps again when the room does not answer."""
    window = listed(desk, fakes, "Lab")
    button = window.rooms_view.join_button
    button.invoke()
    assert fakes.joined == []
    window.root.event_generate("<Down>")
    desk.until(lambda: not button.instate(["disabled"]))
    fakes.browser.events.put(RoomUpdated(found("Lab", status=Status.SILENT)))
    desk.until(lambda: button.instate(["disabled"]))
    window.root.event_generate("<Return>")
    assert fakes.joined == []


def test_a_full_room_is_waited_for(desk: Desk, fakes: FakeServices) -> None:
    """Enter waits for a seat and joins when one is free; a second time it waits no longer."""
    window = listed(desk, fakes, "Lab")
    button = window.rooms_view.join_button
    fakes.browser.events.put(RoomUpdated(found("Lab", status=Status.FULL)))
    window.root.event_generate("<Down>")
    desk.until(lambda: button.cget("text") == "Wait for a seat")
    window.root.event_generate("<Return>")
    desk.until(lambda: button.cget("text") == "Stop waiting")
    assert "You wait for a seat in “Lab”" in window.rooms_view.wish_words()
    button.invoke()
    assert window.rooms_view.wish_words() == ""
    button.invoke()
    fakes.browser.events.put(RoomUpdated(found("Lab")))
    desk.until(lambda: bool(fakes.joined))
    assert fakes.joined[0][0].room_id == "id of Lab"


def test_typing_finds_a_room(desk: Desk, fakes: FakeServices) -> None:
    """Letters on the list; Backspace takes one back, Escape all; the right one is joined by Enter."""
    window = listed(desk, fakes, "Lab", "Office", "Workshop")
    view = window.rooms_view.list
    for letter in "of":
        window.root.event_generate("<Key>", keysym=letter)
    desk.until(lambda: len(view.texts()) == 1)
    window.root.event_generate("<BackSpace>")
    desk.until(lambda: len(view.texts()) == 2)
    window.root.event_generate("<Escape>")
    desk.until(lambda: len(view.texts()) == 3)
    for letter in "work":
        window.root.event_generate("<Key>", keysym=letter)
    window.root.event_generate("<Return>")
    desk.until(lambda: bool(fakes.joined))
    assert fakes.joined[0][0].place == "Workshop"


def test_keys_with_control_are_not_typed(desk: Desk, fakes: FakeServices) -> None:
    """Ctrl L goes to the address, and finds no room with an l in it."""
    window = listed(desk, fakes, "Lab", "Office")
    window.root.event_generate("<Control-l>")
    desk.until(lambda: window.root.focus_get() == window.rooms_view.address.entry)
    assert len(window.rooms_view.list.texts()) == 2


def connect(window: Window, typed: str) -> None:
    """Join by what is typed into the address field."""
    window.rooms_view.address.entry.delete(0, "end")
    window.rooms_view.address.entry.insert(0, typed)
    window.rooms_view.connect_button.invoke()


def test_what_worked_is_offered_again(desk: Desk, fakes: FakeServices) -> None:
    """An address that was typed and led into a room is a button the next time; one that failed is not."""
    settings = KeptSettings(None)
    window = desk.open(fakes.services(), settings=settings)
    connect(window, "10.0.0.7:9000")
    fakes.clients[0].events.put(entered("Ann"))
    desk.until(lambda: bool(settings.now.addresses))
    window.back()
    connect(window, "10.0.0.8")
    fakes.clients[1].events.put(SessionEnded(EndReason.FAILED, Unreachable("Nobody answers there.")))
    view = window.conversation_view
    assert view is not None
    desk.until(lambda: "Nobody answers" in view.banner.words())
    window.back()
    desk.until(lambda: len(window.rooms_view.recent.buttons) == 1)
    button = window.rooms_view.recent.buttons[0]
    assert button.cget("text") == "10.0.0.7:9000"
    button.invoke()
    assert fakes.joined[-1][0].addresses == (Address("10.0.0.7", 9000),)


def test_an_empty_list_shows_what_the_doctor_found(desk: Desk, fakes: FakeServices) -> None:
    """With its cure; `Check again` looks once more."""
    fakes.findings = [Finding("mdns", Severity.PROBLEM, "mDNS is blocked.", "Allow UDP 5353.")]
    window = desk.open(fakes.services())
    view = window.rooms_view.list
    desk.until(lambda: "Allow UDP 5353." in view.empty_words())
    fakes.findings = []
    view.check_button.invoke()
    desk.until(lambda: "nobody has opened a room" in view.empty_words())


def test_an_address_is_joined(desk: Desk, fakes: FakeServices) -> None:
    """The address field works with an empty list."""
    window = desk.open(fakes.services())
    window.rooms_view.address.entry.insert(0, "10.0.0.7:9000")
    window.rooms_view.connect_button.invoke()
    assert fakes.joined[0][0].addresses == (Address("10.0.0.7", 9000),)


def test_a_wrong_address_is_told_beside_it(desk: Desk, fakes: FakeServices) -> None:
    """What was typed stays, the reason stands below it, and goes with the next key."""
    window = desk.open(fakes.services())
    field = window.rooms_view.address
    field.entry.insert(0, "10.0.0.7:99999")
    window.rooms_view.connect_button.invoke()
    assert "is not a port" in field.fault()
    assert field.text() == "10.0.0.7:99999"
    assert field.entry.instate(["invalid"])
    desk.until(lambda: window.root.focus_get() == field.entry)
    desk.press(field.entry, "<BackSpace>")
    desk.until(lambda: field.fault() == "")
    assert fakes.joined == []


def test_a_wrong_name_is_told_beside_it(desk: Desk, fakes: FakeServices) -> None:
    """Nobody joins without a name that the rules let through."""
    window = listed(desk, fakes, "Lab")
    window.rooms_view.name.entry.delete(0, "end")
    window.root.event_generate("<Down>")
    window.rooms_view.join_selected()
    assert "The name is empty." in window.rooms_view.name.fault()
    assert fakes.joined == []


def test_what_keeps_a_client_from_being_made_is_told(desk: Desk, fakes: FakeServices) -> None:
    """A damaged file of known rooms is a sentence in the window."""
    window = desk.open(fakes.services())
    fakes.fault = CorruptFile(Path("known-rooms.json"), "The list of rooms that you know", "Move it away.")
    window.rooms_view.address.entry.insert(0, "10.0.0.7")
    window.rooms_view.connect_button.invoke()
    assert "can't be read. Move it away." in window.rooms_view.address.fault()


def test_an_empty_list_says_what_is_being_done(desk: Desk, fakes: FakeServices) -> None:
    """Words stand in the empty list, and leave with the first room."""
    window = desk.open(fakes.services())
    desk.until(lambda: "Looking for rooms on your network" in window.rooms_view.list.empty_words())
    fakes.browser.events.put(added("Lab"))
    desk.until(lambda: window.rooms_view.list.empty_words() == "")


def test_a_room_named_on_the_command_line_is_joined_when_seen(desk: Desk, fakes: FakeServices) -> None:
    """It is said that it is waited for; a full one of that name is waited for too."""
    window = desk.open(fakes.services(), wish="lab")
    assert "“lab” is joined as soon as" in window.rooms_view.wish_words()
    fakes.browser.events.put(added("Lab", status=Status.FULL))
    desk.until(lambda: len(window.rooms_view.list.texts()) == 1)
    assert fakes.joined == []
    fakes.browser.events.put(RoomUpdated(found("Lab")))
    desk.until(lambda: bool(fakes.joined))
    assert window.rooms_view.wish_words() == ""


def test_light_and_dark_change_by_hand(desk: Desk, fakes: FakeServices) -> None:
    """The small button changes the whole window and says what it brings."""
    window = listed(desk, fakes, "Lab")
    light = window.root.cget("background")
    window.rooms_view.toggle.invoke()
    desk.until(lambda: window.rooms_view.toggle.cget("text") == "Light")
    assert window.root.cget("background") != light
    window.rooms_view.toggle.invoke()
    assert window.root.cget("background") == light
