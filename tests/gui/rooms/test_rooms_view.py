"""The page with the list of rooms, in a real window."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.client.events import EndReason, SessionEnded
from messango.discovery.model.events import RoomRemoved, RoomStatus, RoomUpdated
from messango.doctor.findings import Finding, Severity
from messango.errors import CorruptFile, Unreachable
from messango.gui.settings import SettingsStore
from messango.gui.window import Window
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import FailureKind
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, found_room, joined, room_added

pytestmark = pytest.mark.window


def open_with_rooms(driver: WindowDriver, fakes: FakeServices, *names: str) -> Window:
    """Open a window that lists rooms with these names."""
    window = driver.open(fakes.services())
    for name in names:
        fakes.browser.events.put(room_added(name))
    driver.until(lambda: len(window.rooms_view.list_view.row_texts()) == len(names))
    return window


def test_list_follows_the_browser(driver: WindowDriver, fakes: FakeServices) -> None:
    """Rooms are added, updated and removed."""
    window = open_with_rooms(driver, fakes, "Lab", "Office")
    assert window.rooms_view.list_view.row_texts()[0] == "Lab on ann-laptop 3 of 5 under 1 ms"
    fakes.browser.events.put(RoomUpdated(found_room("Lab", members=5, status=RoomStatus.FULL)))
    driver.until(lambda: "5 of 5 full" in window.rooms_view.list_view.row_texts()[0])
    fakes.browser.events.put(RoomRemoved(found_room("Lab")))
    driver.until(lambda: len(window.rooms_view.list_view.row_texts()) == 1)


def test_keyboard_joins_a_room(driver: WindowDriver, fakes: FakeServices) -> None:
    """The list has the focus from the start; arrows select, Enter joins."""
    window = open_with_rooms(driver, fakes, "Lab", "Office")
    window.root.event_generate("<Down>")
    window.root.event_generate("<Down>")
    window.root.event_generate("<Return>")
    driver.until(lambda: bool(fakes.join_calls))
    target, name = fakes.join_calls[0]
    assert (target.label, name) == ("Office", "Ann")
    assert fakes.clients[0].calls == ["start"]


def test_double_click_joins(driver: WindowDriver, fakes: FakeServices) -> None:
    """On any part of a row."""
    window = open_with_rooms(driver, fakes, "Lab", "Office")
    row = window.rooms_view.list_view.row_view("office")
    row.bindable_widgets[1].event_generate("<Button-1>")
    row.bindable_widgets[1].event_generate("<ButtonRelease-1>")
    row.bindable_widgets[1].event_generate("<Button-1>")
    driver.until(lambda: bool(fakes.join_calls))
    assert fakes.join_calls[0][0].label == "Office"


def test_join_button_is_enabled_for_a_joinable_room(driver: WindowDriver, fakes: FakeServices) -> None:
    """It is disabled without a selection, and when the room does not answer."""
    window = open_with_rooms(driver, fakes, "Lab")
    button = window.rooms_view.join_button
    button.invoke()
    assert fakes.join_calls == []
    window.root.event_generate("<Down>")
    driver.until(lambda: not button.instate(["disabled"]))
    fakes.browser.events.put(RoomUpdated(found_room("Lab", status=RoomStatus.SILENT)))
    driver.until(lambda: button.instate(["disabled"]))
    window.root.event_generate("<Return>")
    assert fakes.join_calls == []


@pytest.mark.parametrize("size", ["360x480", "900x640"])
def test_a_reason_leaves_the_list_its_place(driver: WindowDriver, fakes: FakeServices, size: str) -> None:
    """In a small window it scrolls; the selected row and the address field stay visible."""
    window = open_with_rooms(driver, fakes, *"ABCDEF")
    window.root.geometry(size)
    driver.until(lambda: f"{window.root.winfo_width()}x{window.root.winfo_height()}" == size)
    for name in "ABCDEF":
        silent = found_room(name, host="a-computer-with-a-long-name.local", failure=FailureKind.NO_ANSWER)
        fakes.browser.events.put(RoomUpdated(silent))
    view = window.rooms_view
    driver.until(lambda: all("not answering" in text for text in view.list_view.row_texts()))
    for key in "abcdef":
        window.root.event_generate("<Down>")
        row = view.list_view.row_view(key)
        driver.until(lambda row=row: row.instate(["selected"]))  # type: ignore[misc]
        assert "does not answer" in view.notice_text()
        driver.until(lambda row=row: row.winfo_rooty() >= view.list_view.winfo_rooty())  # type: ignore[misc]
        end = view.list_view.winfo_rooty() + view.list_view.winfo_height()
        assert row.winfo_rooty() + row.winfo_height() <= end
        assert row.visible_text().startswith(key.upper())
    bottom = view.connect_button.winfo_rooty() + view.connect_button.winfo_height()
    assert bottom <= window.root.winfo_rooty() + window.root.winfo_height()


def test_locked_room_says_when_it_can_be_joined(driver: WindowDriver, fakes: FakeServices) -> None:
    """Even if it has free seats; it is joined when the host unlocks it."""
    window = open_with_rooms(driver, fakes, "Lab")
    button = window.rooms_view.join_button
    fakes.browser.events.put(RoomUpdated(found_room("Lab", status=RoomStatus.LOCKED, locked=True)))
    window.root.event_generate("<Down>")
    driver.until(lambda: button.cget("text") == "Wait until unlocked")
    button.invoke()
    assert window.rooms_view.notice_text() == "You'll join “Lab” when the host unlocks it."
    fakes.browser.events.put(RoomUpdated(found_room("Lab")))
    driver.until(lambda: bool(fakes.join_calls))


def test_full_room_offers_to_wait(driver: WindowDriver, fakes: FakeServices) -> None:
    """Enter waits for a seat, and joins when one is free; pressed again, it stops waiting."""
    window = open_with_rooms(driver, fakes, "Lab")
    button = window.rooms_view.join_button
    fakes.browser.events.put(RoomUpdated(found_room("Lab", status=RoomStatus.FULL)))
    window.root.event_generate("<Down>")
    driver.until(lambda: button.cget("text") == "Wait for a seat")
    window.root.event_generate("<Return>")
    driver.until(lambda: button.cget("text") == "Stop waiting")
    assert window.rooms_view.notice_text() == "You'll join “Lab” when a seat is free."
    button.invoke()
    assert window.rooms_view.notice_text() == ""
    button.invoke()
    fakes.browser.events.put(RoomUpdated(found_room("Lab")))
    driver.until(lambda: bool(fakes.join_calls))
    assert fakes.join_calls[0][0].room_id == "id of Lab"


def test_waiting_fits_a_narrow_window(driver: WindowDriver, fakes: FakeServices) -> None:
    """The button is not cut off, and the text about the room is visible."""
    window = driver.open(fakes.services())
    fakes.browser.events.put(room_added("Lab", status=RoomStatus.FULL))
    driver.until(lambda: len(window.rooms_view.list_view.row_texts()) == 1)
    window.root.geometry("360x480")
    for key in ("<Down>", "<Return>"):
        window.root.event_generate(key)
    button = window.rooms_view.join_button
    driver.until(lambda: button.cget("text") == "Stop waiting" and window.root.winfo_width() == 360)
    edge = window.root.winfo_rootx() + 360
    driver.until(lambda: button.winfo_rootx() + button.winfo_width() < edge)
    assert button.winfo_width() >= button.winfo_reqwidth()
    assert window.rooms_view.notice_text() == "You'll join “Lab” when a seat is free."


def test_typing_filters_the_list(driver: WindowDriver, fakes: FakeServices) -> None:
    """Backspace removes a letter, Escape all; Enter joins the match."""
    window = open_with_rooms(driver, fakes, "Lab", "Office", "Workshop")
    view = window.rooms_view.list_view
    for letter in "of":
        window.root.event_generate("<Key>", keysym=letter)
    driver.until(lambda: len(view.row_texts()) == 1)
    window.root.event_generate("<BackSpace>")
    driver.until(lambda: len(view.row_texts()) == 2)
    window.root.event_generate("<Escape>")
    driver.until(lambda: len(view.row_texts()) == 3)
    for letter in "work":
        window.root.event_generate("<Key>", keysym=letter)
    window.root.event_generate("<Return>")
    driver.until(lambda: bool(fakes.join_calls))
    assert fakes.join_calls[0][0].label == "Workshop"


def test_control_keys_do_not_filter(driver: WindowDriver, fakes: FakeServices) -> None:
    """Ctrl L only goes to the address field."""
    window = open_with_rooms(driver, fakes, "Lab", "Office")
    window.root.event_generate("<Control-l>")
    driver.until(lambda: window.root.focus_get() == window.rooms_view.address.entry)
    assert len(window.rooms_view.list_view.row_texts()) == 2


def connect(window: Window, typed: str) -> None:
    """Join by the address field."""
    window.rooms_view.address.entry.delete(0, "end")
    window.rooms_view.address.entry.insert(0, typed)
    window.rooms_view.connect_button.invoke()


def test_addresses_that_worked_are_buttons(driver: WindowDriver, fakes: FakeServices) -> None:
    """An address that failed is not."""
    settings = SettingsStore(None)
    window = driver.open(fakes.services(), settings=settings)
    connect(window, "10.0.0.7:9000")
    fakes.clients[0].events.put(joined("Ann"))
    driver.until(lambda: bool(settings.current.recent_addresses))
    window.back()
    connect(window, "10.0.0.8")
    fakes.clients[1].events.put(SessionEnded(EndReason.FAILED, Unreachable("Nobody answers there.")))
    view = window.conversation_view
    assert view is not None
    driver.until(lambda: "Nobody answers" in view.banner.visible_text())
    window.back()
    driver.until(lambda: len(window.rooms_view.recent.buttons) == 1)
    button = window.rooms_view.recent.buttons[0]
    assert button.cget("text") == "10.0.0.7:9000"
    button.invoke()
    assert fakes.join_calls[-1][0].addresses == (Address("10.0.0.7", 9000),)


def test_empty_list_shows_findings(driver: WindowDriver, fakes: FakeServices) -> None:
    """With the remedy; `Check again` runs the checks again."""
    fakes.findings = [Finding("mdns", Severity.PROBLEM, "mDNS is blocked.", "Allow UDP 5353.")]
    window = driver.open(fakes.services())
    view = window.rooms_view.list_view
    driver.until(lambda: "Allow UDP 5353." in view.empty_text())
    fakes.findings = []
    view.check_button.invoke()
    driver.until(lambda: "nobody has opened a room" in view.empty_text())


def test_address_field_joins(driver: WindowDriver, fakes: FakeServices) -> None:
    """Without any room in the list."""
    window = driver.open(fakes.services())
    window.rooms_view.address.entry.insert(0, "10.0.0.7:9000")
    window.rooms_view.connect_button.invoke()
    assert fakes.join_calls[0][0].addresses == (Address("10.0.0.7", 9000),)


def test_invalid_address_shows_its_error(driver: WindowDriver, fakes: FakeServices) -> None:
    """Below the field, until the next key; the text stays."""
    window = driver.open(fakes.services())
    field = window.rooms_view.address
    field.entry.insert(0, "10.0.0.7:99999")
    window.rooms_view.connect_button.invoke()
    assert "is not a valid port" in field.error_text()
    assert field.text() == "10.0.0.7:99999"
    assert field.entry.instate(["invalid"])
    driver.until(lambda: window.root.focus_get() == field.entry)
    driver.press(field.entry, "<BackSpace>")
    driver.until(lambda: field.error_text() == "")
    assert fakes.join_calls == []


def test_invalid_name_shows_its_error(driver: WindowDriver, fakes: FakeServices) -> None:
    """And nothing is joined."""
    window = open_with_rooms(driver, fakes, "Lab")
    window.rooms_view.name.entry.delete(0, "end")
    window.root.event_generate("<Down>")
    window.rooms_view.join_selected()
    assert "The name is empty." in window.rooms_view.name.error_text()
    assert fakes.join_calls == []


def test_error_before_joining_is_shown(driver: WindowDriver, fakes: FakeServices) -> None:
    """For example, a damaged file of known rooms."""
    window = driver.open(fakes.services())
    fakes.join_error = CorruptFile(
        Path("known-rooms.json"), "The list of rooms that you know", "Move it away."
    )
    window.rooms_view.address.entry.insert(0, "10.0.0.7")
    window.rooms_view.connect_button.invoke()
    assert "can't be read. Move it away." in window.rooms_view.address.error_text()


def test_empty_list_shows_progress(driver: WindowDriver, fakes: FakeServices) -> None:
    """Until the first room is found."""
    window = driver.open(fakes.services())
    driver.until(lambda: "Looking for rooms on your network" in window.rooms_view.list_view.empty_text())
    fakes.browser.events.put(room_added("Lab"))
    driver.until(lambda: window.rooms_view.list_view.empty_text() == "")


def test_room_from_the_command_line_is_joined_when_found(driver: WindowDriver, fakes: FakeServices) -> None:
    """And when it has a free seat; the page says so."""
    window = driver.open(fakes.services(), room_name="lab")
    assert "Looking for “lab”" in window.rooms_view.notice_text()
    fakes.browser.events.put(room_added("Lab", status=RoomStatus.FULL))
    driver.until(lambda: len(window.rooms_view.list_view.row_texts()) == 1)
    assert fakes.join_calls == []
    fakes.browser.events.put(RoomUpdated(found_room("Lab")))
    driver.until(lambda: bool(fakes.join_calls))
    assert window.rooms_view.notice_text() == ""


def test_button_changes_light_and_dark(driver: WindowDriver, fakes: FakeServices) -> None:
    """Its label is what a press changes to."""
    window = open_with_rooms(driver, fakes, "Lab")
    light = window.root.cget("background")
    window.rooms_view.color_scheme_button.invoke()
    driver.until(lambda: window.rooms_view.color_scheme_button.cget("text") == "Light mode")
    assert window.root.cget("background") != light
    window.rooms_view.color_scheme_button.invoke()
    assert window.root.cget("background") == light
