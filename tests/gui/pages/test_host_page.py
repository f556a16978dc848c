"""Hosting a room from a real window."""

from __future__ import annotations

from queue import SimpleQueue

import pytest

from messango.errors import PortInUse
from messango.gui.background.host_thread import OpenFailed, RoomOpened
from messango.gui.model.rooms.host_form import RoomOptions
from messango.gui.model.rooms.join_target import JoinTarget
from messango.gui.pages.host_page import HostPage
from messango.gui.window import Window
from messango.room.host.host_events import RoomEvent
from messango.transport.addresses import Address
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, joined, room_added

pytestmark = pytest.mark.window

HERE = JoinTarget("Office", (Address("127.0.0.1", 8000),), "f" * 64, "an id")


def page_of(driver: WindowDriver, window: Window) -> HostPage:
    """Open the page and return it."""
    window.rooms_view.host_button.invoke()
    page = window.side_page
    assert isinstance(page, HostPage)
    driver.until(lambda: bool(page.winfo_ismapped()))
    return page


def fill(page: HostPage, name: str) -> None:
    """Give the room a name."""
    page.name.entry.delete(0, "end")
    page.name.entry.insert(0, name)


def test_room_is_opened_and_joined(driver: WindowDriver, fakes: FakeServices) -> None:
    """With the form's options; closing it needs confirmation."""
    window = driver.open(fakes.services())
    page = page_of(driver, window)
    fill(page, "Office")
    page.seats.increment_button.invoke()
    page.open_button.invoke()
    options = fakes.hosts[0].room
    assert isinstance(options, RoomOptions)
    assert (options.name, options.seats) == ("Office", 6)
    server_events: SimpleQueue[RoomEvent] = SimpleQueue()
    fakes.hosts[0].events.put(RoomOpened(HERE, server_events))
    driver.until(lambda: len(fakes.clients) == 1)
    fakes.clients[0].events.put(joined("Ann"))
    view = window.conversation_view
    assert view is not None
    driver.until(lambda: view.members.names() == ["Ann"])
    assert fakes.join_calls == [(HERE, "Ann")]
    window.quit()
    driver.until(lambda: "closes for everybody" in view.banner.visible_text())


def test_errors_are_shown_at_their_fields(driver: WindowDriver, fakes: FakeServices) -> None:
    """Room name, own name and password."""
    window = driver.open(fakes.services())
    page = page_of(driver, window)
    fill(page, "")
    page.open_button.invoke()
    assert "empty" in page.name.error_text()
    fill(page, "Office")
    page.own_name.entry.delete(0, "end")
    page.open_button.invoke()
    assert "empty" in page.own_name.error_text()
    page.own_name.entry.insert(0, "Ann")
    page.password.entry.insert(0, "a\tb")
    page.open_button.invoke()
    assert "password" in page.password.error_text()
    assert fakes.hosts == []


def test_failed_room_can_be_opened_again(driver: WindowDriver, fakes: FakeServices) -> None:
    """The form stays, with the error."""
    window = driver.open(fakes.services())
    page = page_of(driver, window)
    fill(page, "Office")
    page.open_button.invoke()
    assert page.open_button.instate(["disabled"])
    fakes.hosts[0].events.put(OpenFailed(PortInUse(8000)))
    driver.until(lambda: "in use" in page.name.error_text())
    assert page.name.text() == "Office"
    page.open_button.invoke()
    assert len(fakes.hosts) == 2


def test_escape_goes_back(driver: WindowDriver, fakes: FakeServices) -> None:
    """From any field; the list has the focus again."""
    window = driver.open(fakes.services())
    page = page_of(driver, window)
    driver.until(lambda: window.root.focus_get() == page.name.entry)
    driver.press(page.name.entry, "<Escape>")
    driver.until(lambda: bool(window.rooms_view.winfo_ismapped()))
    assert window.side_page is None
    driver.until(lambda: str(window.root.focus_get()).startswith(str(window.rooms_view.list_view)))


def test_going_back_closes_the_opening_room(driver: WindowDriver, fakes: FakeServices) -> None:
    """It is not joined when it opens later."""
    window = driver.open(fakes.services())
    page = page_of(driver, window)
    fill(page, "Office")
    page.open_button.invoke()
    page.close_button.invoke()
    assert fakes.hosts[0].calls == ["start", "close"]
    fakes.hosts[0].events.put(RoomOpened(HERE, SimpleQueue()))
    fakes.browser.events.put(room_added("Lab"))
    driver.until(lambda: len(window.rooms_view.list_view.row_texts()) == 1)
    assert fakes.join_calls == []


def test_shortcuts_page_keeps_the_form(driver: WindowDriver, fakes: FakeServices) -> None:
    """F1 covers the page; closing it goes back."""
    window = driver.open(fakes.services())
    page = page_of(driver, window)
    fill(page, "Office")
    window.root.event_generate("<F1>")
    assert window.side_page is not page
    window.root.event_generate("<F1>")
    assert window.side_page is not None
    window.side_page.close_button.invoke()
    driver.until(lambda: bool(page.winfo_ismapped()))
    assert page.name.text() == "Office"
