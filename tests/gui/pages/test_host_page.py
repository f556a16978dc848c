"""A room is hosted from a real window."""

from __future__ import annotations

from queue import SimpleQueue

import pytest

from messango.errors import PortInUse
from messango.gui.background.host_thread import NotOpened, Opened
from messango.gui.model.host_form import RoomWish
from messango.gui.model.target import Target
from messango.gui.pages.host_page import HostPage
from messango.gui.window import Window
from messango.server.host_events import ServerEvent
from messango.transport.addresses import Address
from tests.gui.conftest import Desk
from tests.gui.fakes import FakeServices, added, entered

pytestmark = pytest.mark.window

HERE = Target("Office", (Address("127.0.0.1", 8000),), "f" * 64, "an id")


def page_of(desk: Desk, window: Window) -> HostPage:
    """Open the page and return it."""
    window.rooms_view.host_button.invoke()
    page = window.side_page
    assert isinstance(page, HostPage)
    desk.until(lambda: bool(page.winfo_ismapped()))
    return page


def fill(page: HostPage, name: str) -> None:
    """Give the room a name."""
    page.name.entry.delete(0, "end")
    page.name.entry.insert(0, name)


def test_a_room_is_opened_and_joined(desk: Desk, fakes: FakeServices) -> None:
    """By what was filled in; whoever opens it is in it, and its closing is asked about."""
    window = desk.open(fakes.services())
    page = page_of(desk, window)
    fill(page, "Office")
    page.seats.more.invoke()
    page.open_button.invoke()
    wish = fakes.hosts[0].room
    assert isinstance(wish, RoomWish)
    assert (wish.name, wish.seats) == ("Office", 6)
    told: SimpleQueue[ServerEvent] = SimpleQueue()
    fakes.hosts[0].events.put(Opened(HERE, told))
    desk.until(lambda: len(fakes.clients) == 1)
    fakes.clients[0].events.put(entered("Ann"))
    view = window.conversation_view
    assert view is not None
    desk.until(lambda: view.members.names() == ["Ann"])
    assert fakes.joined == [(HERE, "Ann")]
    window.quit()
    desk.until(lambda: "closes for everybody" in view.banner.words())


def test_what_is_wrong_is_told_beside_it(desk: Desk, fakes: FakeServices) -> None:
    """The room's name, the person's name and the password each have their own place."""
    window = desk.open(fakes.services())
    page = page_of(desk, window)
    fill(page, "")
    page.open_button.invoke()
    assert "empty" in page.name.fault()
    fill(page, "Office")
    page.person.entry.delete(0, "end")
    page.open_button.invoke()
    assert "empty" in page.person.fault()
    page.person.entry.insert(0, "Ann")
    page.password.entry.insert(0, "a\tb")
    page.open_button.invoke()
    assert "password" in page.password.fault()
    assert fakes.hosts == []


def test_what_does_not_open_can_be_tried_again(desk: Desk, fakes: FakeServices) -> None:
    """What was typed stays, and the reason is told."""
    window = desk.open(fakes.services())
    page = page_of(desk, window)
    fill(page, "Office")
    page.open_button.invoke()
    assert page.open_button.instate(["disabled"])
    fakes.hosts[0].events.put(NotOpened(PortInUse(8000)))
    desk.until(lambda: "in use" in page.name.fault())
    assert page.name.text() == "Office"
    page.open_button.invoke()
    assert len(fakes.hosts) == 2


def test_escape_goes_back(desk: Desk, fakes: FakeServices) -> None:
    """From any field; the list has the keyboard again."""
    window = desk.open(fakes.services())
    page = page_of(desk, window)
    desk.until(lambda: window.root.focus_get() == page.name.entry)
    desk.press(page.name.entry, "<Escape>")
    desk.until(lambda: bool(window.rooms_view.winfo_ismapped()))
    assert window.side_page is None
    desk.until(lambda: str(window.root.focus_get()).startswith(str(window.rooms_view.list)))


def test_who_goes_back_meanwhile_wants_no_room(desk: Desk, fakes: FakeServices) -> None:
    """What is being opened is closed again, and nobody is taken into it."""
    window = desk.open(fakes.services())
    page = page_of(desk, window)
    fill(page, "Office")
    page.open_button.invoke()
    page.close_button.invoke()
    assert fakes.hosts[0].calls == ["start", "close"]
    fakes.hosts[0].events.put(Opened(HERE, SimpleQueue()))
    fakes.browser.events.put(added("Lab"))
    desk.until(lambda: len(window.rooms_view.list.texts()) == 1)
    assert fakes.joined == []


def test_help_does_not_lose_what_was_typed(desk: Desk, fakes: FakeServices) -> None:
    """F1 covers the page, and Escape comes back to it."""
    window = desk.open(fakes.services())
    page = page_of(desk, window)
    fill(page, "Office")
    window.root.event_generate("<F1>")
    assert window.side_page is not page
    window.root.event_generate("<F1>")
    assert window.side_page is not None
    window.side_page.close_button.invoke()
    desk.until(lambda: bool(page.winfo_ismapped()))
    assert page.name.text() == "Office"
