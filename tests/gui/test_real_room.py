"""Two real windows and a real room on loopback."""

from __future__ import annotations

import pytest

from messango.app.hosted_room import HostedRoom
from messango.gui.background.services import real_services
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.conversation.banner import BannerAction
from messango.gui.model.rooms.join_target import typed_target
from messango.gui.model.rooms.room_list import RoomList
from messango.gui.window import Window
from messango.server.server_options import ServerOptions
from tests.gui.conftest import WindowDriver

pytestmark = pytest.mark.window


def page(window: Window) -> ConversationView:
    """Return the page with the conversation."""
    assert window.conversation_view is not None
    return window.conversation_view


def members(window: Window) -> list[str]:
    """Return the members that a window shows; none without a conversation."""
    return window.conversation_view.members.names() if window.conversation_view else []


def join_first_room(driver: WindowDriver, window: Window) -> None:
    """Join the first room of the list by keyboard."""
    driver.until(lambda: "of" in " ".join(window.rooms_view.list_view.row_texts()))
    window.rooms_view.list_view.focus_list()
    driver.press(window.root.focus_lastfor() or window.root, "<Home>", "<Return>")
    driver.until(lambda: bool(members(window)))


def type_message(driver: WindowDriver, window: Window, text: str) -> None:
    """Type a message and press Enter."""
    keys = (f"<Key-{'space' if character == ' ' else character}>" for character in text)
    driver.press(page(window).entry.text, *keys, "<Return>")


def transcript(window: Window) -> str:
    """Return the text of the transcript."""
    return page(window).transcript.text.get("1.0", "end-1c").replace("\u00a0", " ")


def test_two_windows_find_a_room_and_talk(driver: WindowDriver) -> None:
    """Messages typed in one window are shown in the other; leaving is shown, too."""
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)):
        ann = driver.open(real_services(), name="Ann")
        join_first_room(driver, ann)
        ben = driver.open(real_services(), name="Ben")
        join_first_room(driver, ben)
        driver.until(lambda: members(ann) == ["Ann", "Ben"])
        type_message(driver, ben, "hello ann")
        driver.until(lambda: "hello ann" in transcript(ann))
        driver.until(lambda: "hello ann   ✓" in transcript(ben))
        type_message(driver, ann, "hi")
        driver.until(lambda: "hi" in transcript(ben).splitlines())
        driver.close(ben)
        driver.until(lambda: members(ann) == ["Ann"])
        assert "Ben left" in transcript(ann).splitlines()


def test_full_room_can_be_waited_for(driver: WindowDriver) -> None:
    """The banner says that it is full; the window joins when a seat is free."""
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0, seats=1)) as hosting:
        ann = driver.open(real_services(), name="Ann")
        join_first_room(driver, ann)
        ben = driver.open(real_services(), name="Ben")
        ben.rooms_view.address.entry.insert(0, f"127.0.0.1:{hosting.server.port}")
        ben.rooms_view.connect_button.invoke()
        driver.until(lambda: "full" in page(ben).banner.visible_text())
        driver.close(ann)
        page(ben).banner.button(BannerAction.WAIT_FOR_SEAT).invoke()
        driver.until(lambda: members(ben) == ["Ben"])


def test_closing_room_shows_a_banner(driver: WindowDriver) -> None:
    """And the draft stays."""
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)) as hosting:
        ann = driver.open(
            real_services(), name="Ann", target=typed_target(f"127.0.0.1:{hosting.server.port}", RoomList())
        )
        driver.until(lambda: members(ann) == ["Ann"])
        page(ann).entry.set("half a thou")
    driver.until(lambda: bool(page(ann).banner.winfo_ismapped()))
    assert page(ann).banner.visible_text().strip()
    assert page(ann).entry.get() == "half a thou"
