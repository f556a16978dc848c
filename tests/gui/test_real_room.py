"""Two real windows and a real room on loopback: found, joined, talked in, left."""

from __future__ import annotations

import pytest

from messango.app.hosted_room import HostedRoom
from messango.gui.background.services import real_services
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.banner import Step
from messango.gui.model.room_list import RoomList
from messango.gui.model.target import typed_target
from messango.gui.window import Window
from messango.server.server import ServerOptions
from tests.gui.conftest import Desk

pytestmark = pytest.mark.window


def page(window: Window) -> ConversationView:
    """Return the page with the conversation."""
    assert window.conversation_view is not None
    return window.conversation_view


def members(window: Window) -> list[str]:
    """Return the members that a window shows, or none where no room is open in it."""
    return window.conversation_view.members.names() if window.conversation_view else []


def pick_first(desk: Desk, window: Window) -> None:
    """Join the first room that the list shows, by keyboard."""
    desk.until(lambda: "of" in " ".join(window.rooms_view.list.texts()))
    window.rooms_view.list.focus_list()
    desk.press(window.root.focus_lastfor() or window.root, "<Home>", "<Return>")
    desk.until(lambda: bool(members(window)))


def say(desk: Desk, window: Window, text: str) -> None:
    """Type a message and press Enter."""
    keys = (f"<Key-{'space' if character == ' ' else character}>" for character in text)
    desk.press(page(window).entry.text, *keys, "<Return>")


def transcript(window: Window) -> str:
    """Return what can be read in the transcript."""
    return page(window).transcript.text.get("1.0", "end-1c").replace("\u00a0", " ")


def test_two_windows_find_a_room_and_talk(desk: Desk) -> None:
    """Picked from the list, joined, typed in one window, read in the other, and left with a goodbye."""
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)):
        ann = desk.open(real_services(), name="Ann")
        pick_first(desk, ann)
        ben = desk.open(real_services(), name="Ben")
        pick_first(desk, ben)
        desk.until(lambda: members(ann) == ["Ann", "Ben"])
        say(desk, ben, "hello ann")
        desk.until(lambda: "hello ann" in transcript(ann))
        desk.until(lambda: "hello ann   ✓" in transcript(ben))
        say(desk, ann, "hi")
        desk.until(lambda: "hi" in transcript(ben).splitlines())
        desk.close(ben)
        desk.until(lambda: members(ann) == ["Ann"])
        assert "Ben left" in transcript(ann).splitlines()


def test_the_one_too_many_is_told_that_the_room_is_full(desk: Desk) -> None:
    """The sentence stands in the window; who waits is let in when a seat comes free."""
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0, seats=1)) as hosting:
        ann = desk.open(real_services(), name="Ann")
        pick_first(desk, ann)
        ben = desk.open(real_services(), name="Ben")
        ben.rooms_view.address.entry.insert(0, f"127.0.0.1:{hosting.server.port}")
        ben.rooms_view.connect_button.invoke()
        desk.until(lambda: "full" in page(ben).banner.words())
        desk.close(ann)
        page(ben).banner.button(Step.WAIT).invoke()
        desk.until(lambda: members(ben) == ["Ben"])


def test_a_room_that_closes_says_so(desk: Desk) -> None:
    """Whoever is inside reads it in words, and what was written stays."""
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)) as hosting:
        ann = desk.open(
            real_services(), name="Ann", target=typed_target(f"127.0.0.1:{hosting.server.port}", RoomList())
        )
        desk.until(lambda: members(ann) == ["Ann"])
        page(ann).entry.set("half a thou")
    desk.until(lambda: bool(page(ann).banner.winfo_ismapped()))
    assert page(ann).banner.words().strip()
    assert page(ann).entry.get() == "half a thou"
