"""How to invite others, in a room that this window has just opened."""

from __future__ import annotations

from queue import SimpleQueue

import pytest

from messango.client.events import MemberJoined
from messango.gui.background.host_thread import RoomOpened
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.rooms.join_target import room_target
from messango.gui.window import Window
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, found_room, joined, received

pytestmark = pytest.mark.window


@pytest.fixture
def window(driver: WindowDriver, fakes: FakeServices) -> Window:
    """A window that has opened a room, in which nobody else is."""
    window = driver.open(fakes.services())
    window.show_host_page()
    window.side_page.open_button.invoke()  # type: ignore[union-attr]  # it is the page for a new room
    fakes.hosts[0].events.put(RoomOpened(room_target(found_room("Office")), SimpleQueue(), None))
    driver.until(lambda: len(fakes.clients) == 1)
    fakes.clients[0].events.put(joined("Ann"))
    driver.until(lambda: view(window).members.names() == ["Ann"])
    driver.until(lambda: bool(view(window).invite.winfo_viewable()))
    return window


def view(window: Window) -> ConversationView:
    """Return the page with the conversation."""
    assert window.conversation_view is not None
    return window.conversation_view


def test_the_link_can_be_copied(window: Window) -> None:
    """It has the address at which the room is hosted; the button says that it was copied."""
    link = view(window).invite.link
    link.copy_button.invoke()
    copied = window.root.clipboard_get()
    assert copied == link.text()
    assert copied.startswith("messango://10.0.0.2:8000/?fingerprint=")
    assert link.copy_button.cget("text") == "Copied"


def test_the_security_words_are_there(window: Window) -> None:
    """The four that everybody in the room sees."""
    words = str(view(window).invite._words.cget("text"))
    assert len(words.removeprefix("Security words: ").split()) == 4


def test_it_goes_when_somebody_has_come(window: Window, driver: WindowDriver, fakes: FakeServices) -> None:
    """The invitation has worked."""
    fakes.clients[0].events.put(MemberJoined("Ben"))
    driver.until(lambda: not view(window).invite.winfo_manager())


def test_it_goes_with_the_first_message(window: Window, driver: WindowDriver, fakes: FakeServices) -> None:
    """The conversation needs the place."""
    fakes.clients[0].events.put(received(1, "Ann", "hello?"))
    driver.until(lambda: not view(window).invite.winfo_manager())


def test_it_can_be_hidden(window: Window, driver: WindowDriver) -> None:
    """And stays so."""
    view(window).invite.close_button.invoke()
    driver.until(lambda: not view(window).invite.winfo_manager())
    window.root.update()
    assert not view(window).invite.winfo_manager()


@pytest.mark.parametrize("percent", [100, 200])
def test_it_leaves_the_message_field_its_place(window: Window, driver: WindowDriver, percent: int) -> None:
    """In the smallest window it scrolls."""
    if percent == 200:
        window._context.appearance.zoom(9)
    window.root.geometry("360x480")
    send = view(window).send_button
    driver.until(lambda: window.root.winfo_width() == 360)
    bottom = window.root.winfo_rooty() + 480
    driver.until(lambda: send.winfo_rooty() + send.winfo_height() <= bottom)


def test_a_room_that_somebody_else_hosts_does_not_show_it(driver: WindowDriver, fakes: FakeServices) -> None:
    """Also if nobody else is there."""
    window = driver.open(fakes.services(), target=room_target(found_room("Office")))
    fakes.clients[0].events.put(joined("Ann"))
    driver.until(lambda: view(window).members.names() == ["Ann"])
    window.root.update()
    assert not view(window).invite.winfo_manager()
