"""A window whose room was closed by the host, with fake hosts and clients."""

from __future__ import annotations

import os
import stat
import tkinter as tk
from pathlib import Path
from queue import SimpleQueue
from tkinter import ttk

import pytest

from messango.client.events import EndReason, SessionEnded
from messango.discovery.model.events import RoomRemoved
from messango.errors import MessangoError, PortInUse, RoomClosed
from messango.gui.background.host_thread import ClosedByCommand, OpenFailed, RoomOpened
from messango.gui.conversation.banner_view import BannerView
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.conversation.banner import BannerAction
from messango.gui.model.rooms.join_target import JoinTarget
from messango.gui.window import Window
from messango.room.host.host_events import ServerWarning
from messango.transport.addresses import Address
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, found_room, joined, received, room_added

pytestmark = pytest.mark.window

TARGET = JoinTarget("10.0.0.2:8000", (Address("10.0.0.2", 8000),))
HERE = JoinTarget("Office", (Address("127.0.0.1", 8000),), "f" * 64, "new id")


class ClosedRoomWindow:
    """A window whose room has just been closed by its host."""

    def __init__(self, driver: WindowDriver, fakes: FakeServices) -> None:
        self.driver, self.fakes = driver, fakes
        self.window: Window = driver.open(fakes.services(), target=TARGET)
        events = fakes.clients[0].events
        events.put(joined("Ben", "Ann"))
        events.put(received(1, "Ben", "an old word"))
        events.put(SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host has closed “Office”.")))
        driver.until(lambda: self.view.banner.has_button(BannerAction.REHOST))

    @property
    def view(self) -> ConversationView:
        """The page with the conversation."""
        assert self.window.conversation_view is not None
        return self.window.conversation_view

    def press(self, action: BannerAction) -> None:
        """Press a button of the banner."""
        self.view.banner.button(action).invoke()

    def until_banner_shows(self, words: str) -> None:
        """Wait until the banner contains these words."""
        self.driver.until(lambda: words in self.view.banner.visible_text())

    def until_shown(self, words: str) -> None:
        """Wait until the transcript contains these words."""
        self.driver.until(lambda: words in self.view.transcript.text.get("1.0", "end-1c"))

    def rehost(self) -> SimpleQueue[object]:
        """Take over hosting, and return the queue of the server's events."""
        self.press(BannerAction.REHOST)
        server_events: SimpleQueue[object] = SimpleQueue()
        self.fakes.hosts[0].events.put(RoomOpened(HERE, server_events))  # type: ignore[arg-type] # the window only reads it
        self.driver.until(lambda: len(self.fakes.clients) == 2)
        self.fakes.clients[1].events.put(joined("Ann"))
        self.driver.until(lambda: self.view.members.names() == ["Ann"])
        return server_events


def labels(banner: BannerView) -> list[ttk.Label]:
    """Return the labels of a banner; they are in areas that may scroll."""

    def inside(widget: tk.Misc) -> list[ttk.Label]:
        children = widget.winfo_children()
        found = [child for child in children if isinstance(child, ttk.Label)]
        return found + [label for child in children for label in inside(child)]

    return inside(banner)


@pytest.fixture
def closed(driver: WindowDriver, fakes: FakeServices) -> ClosedRoomWindow:
    """A window whose room has just been closed."""
    return ClosedRoomWindow(driver, fakes)


def test_taking_over_hosting_joins_the_own_room(closed: ClosedRoomWindow) -> None:
    """The host gets the messages; the window joins under the same name, with the same draft."""
    closed.view.entry.set("half a thou")
    server_events = closed.rehost()
    host = closed.fakes.hosts[0]
    assert (host.room.name, [message.text for message in host.messages]) == ("Office", ["an old word"])
    assert closed.fakes.join_calls[1] == (HERE, "Ann")
    assert closed.view.entry.get() == "half a thou"
    closed.until_shown("an old word")
    server_events.put(ServerWarning("The disk is full."))
    closed.until_shown("The disk is full.")
    closed.view.composer.send_draft()
    assert closed.fakes.clients[1].sent == ["half a thou"]


def test_second_press_opens_no_second_room(closed: ClosedRoomWindow) -> None:
    """While the room is being opened, there are no buttons."""
    button = closed.view.banner.button(BannerAction.REHOST)
    button.invoke()
    button.invoke()
    closed.until_banner_shows("Opening")
    assert len(closed.fakes.hosts) == 1


def test_banner_text_uses_the_space_of_removed_buttons(closed: ClosedRoomWindow) -> None:
    """It is visible in full."""
    closed.press(BannerAction.REHOST)
    closed.until_banner_shows("Opening")
    shown = labels(closed.view.banner)
    assert len(shown) == 2
    closed.driver.until(lambda: all(child.winfo_width() >= child.winfo_reqwidth() for child in shown))


def test_focus_stays_in_the_banner(closed: ClosedRoomWindow) -> None:
    """A button that stays keeps it, else the first button gets it; without buttons, the message field."""
    banner, root = closed.view.banner, closed.window.root
    closed.driver.focus(banner.button(BannerAction.REHOST))
    closed.fakes.browser.events.put(room_added("office"))
    closed.driver.until(lambda: banner.has_button(BannerAction.JOIN))
    closed.driver.until(lambda: root.focus_get() is banner.button(BannerAction.REHOST))
    closed.fakes.browser.events.put(RoomRemoved(found_room("office")))
    closed.driver.until(lambda: not banner.has_button(BannerAction.JOIN))
    closed.rehost()
    closed.driver.until(lambda: root.focus_get() is closed.view.entry.text)


def test_hosting_error_is_shown(closed: ClosedRoomWindow) -> None:
    """After it is dismissed, all actions are offered again."""
    closed.press(BannerAction.REHOST)
    closed.fakes.hosts[0].events.put(OpenFailed(PortInUse(8000)))
    closed.until_banner_shows("Port 8000 is in use")
    closed.press(BannerAction.DISMISS)
    closed.until_banner_shows("The host has closed the room.")
    assert closed.view.banner.has_button(BannerAction.REHOST)


def test_a_room_that_a_command_closes(closed: ClosedRoomWindow) -> None:
    """The window does not host it any more: leaving needs no question, and it can be opened again."""
    closed.rehost()
    closed.driver.until(lambda: not closed.view.banner.winfo_ismapped())
    closed.fakes.hosts[0].events.put(ClosedByCommand())
    closed.fakes.clients[1].events.put(
        SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host has closed “Office”."))
    )
    closed.driver.until(lambda: bool(closed.view.banner.winfo_ismapped()))
    closed.press(BannerAction.REHOST)
    closed.until_banner_shows("Opening")
    assert len(closed.fakes.hosts) == 2
    closed.fakes.hosts[1].events.put(OpenFailed(PortInUse(8000)))
    closed.until_banner_shows("Port 8000 is in use")
    closed.view.header.leave_button.invoke()
    assert closed.window.conversation_view is None


def test_leaving_closes_the_opening_room(closed: ClosedRoomWindow) -> None:
    """Without confirmation, since nobody is in it; it is not joined when it opens later."""
    closed.press(BannerAction.REHOST)
    closed.view.header.leave_button.invoke()
    host = closed.fakes.hosts[0]
    assert host.calls == ["start", "close"]
    closed.window.join(TARGET, "Ann")
    host.events.put(RoomOpened(HERE, SimpleQueue()))
    closed.fakes.clients[1].events.put(joined("Ben", "Ann"))
    closed.driver.until(lambda: closed.view.members.names() == ["Ann", "Ben"])
    assert [target for target, _ in closed.fakes.join_calls] == [TARGET, TARGET]


def test_closing_the_window_needs_confirmation_once(closed: ClosedRoomWindow) -> None:
    """The second time it closes, and waits for the host's thread."""
    closed.rehost()
    closed.window.quit()
    closed.until_banner_shows("closes for everybody")
    closed.window.quit()
    closed.driver.until_closed(closed.window)
    assert closed.fakes.hosts[0].calls == ["start", "close", "join_thread True"]


def test_signal_closes_without_confirmation(closed: ClosedRoomWindow) -> None:
    """Ctrl-C and SIGTERM close the window and its room."""
    closed.rehost()
    closed.window.close()
    closed.driver.until_closed(closed.window)
    assert closed.fakes.hosts[0].calls == ["start", "close", "join_thread True"]


def test_reopened_room_can_be_joined(closed: ClosedRoomWindow) -> None:
    """Old messages stay, and are not shown twice."""
    closed.fakes.browser.events.put(room_added("office", host="ben-pc"))
    closed.driver.until(lambda: closed.view.banner.has_button(BannerAction.JOIN))
    assert closed.view.banner.button(BannerAction.JOIN).cget("text") == "Join “office” on ben-pc"
    closed.press(BannerAction.JOIN)
    target, name = closed.fakes.join_calls[1]
    assert (target.room_id, name) == ("id of office", "Ann")
    for event in (joined("Ben", "Ann", latest=1), received(1, "Ben", "an old word", history=True)):
        closed.fakes.clients[1].events.put(event)
    closed.fakes.clients[1].events.put(received(2, "Ben", "a new word"))
    closed.until_shown("a new word")
    assert closed.view.transcript.text.get("1.0", "end").count("an old word") == 1


def test_join_error_is_shown(closed: ClosedRoomWindow) -> None:
    """In the banner."""
    closed.fakes.join_error = MessangoError("The file of known rooms can't be read.")
    closed.fakes.browser.events.put(room_added("office"))
    closed.driver.until(lambda: closed.view.banner.has_button(BannerAction.JOIN))
    closed.press(BannerAction.JOIN)
    closed.until_banner_shows("known rooms")


def test_banner_saves_the_conversation(closed: ClosedRoomWindow, tmp_path: Path) -> None:
    """To the chosen file; a notice says so."""
    rooms: list[str] = []

    def ask(_parent: object, room: str) -> Path:
        rooms.append(room)
        return tmp_path / "lunch.md"

    closed.window.ask_save_path = ask
    closed.press(BannerAction.SAVE)
    assert rooms == ["Office"]
    closed.until_shown("saved in lunch.md")
    saved = tmp_path / "lunch.md"
    assert saved.read_text(encoding="utf-8").startswith("# Office\n")
    assert "an old word" in saved.read_text(encoding="utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600


def test_save_error_is_shown(closed: ClosedRoomWindow, tmp_path: Path) -> None:
    """After Ctrl S; the key types nothing."""
    closed.rehost()
    closed.window.ask_save_path = lambda _parent, _room: tmp_path
    closed.driver.press(closed.view.entry.text, "<Control-s>")
    closed.until_banner_shows("could not be saved")
    assert closed.view.entry.get() == ""


def test_empty_conversation_is_not_saved(driver: WindowDriver, fakes: FakeServices) -> None:
    """The banner says so, without a dialog."""
    window = driver.open(fakes.services(), target=TARGET)
    window.save_conversation()
    view = window.conversation_view
    assert view is not None
    driver.until(lambda: "no messages to save" in view.banner.visible_text())


def test_cancelled_dialog_saves_nothing(closed: ClosedRoomWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dialog suggests a name; cancelling it is not an error."""
    suggested: list[object] = []

    def cancel(**options: object) -> str:
        suggested.append(options["initialfile"])
        return ""

    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", cancel)
    closed.press(BannerAction.SAVE)
    assert suggested == ["Office.txt"]
    assert closed.view.banner.has_button(BannerAction.SAVE)


def test_window_can_close_during_the_dialog(closed: ClosedRoomWindow) -> None:
    """On a signal; then nothing is saved, without an error."""
    closed.window.root.after(100, closed.window.close)
    closed.window.save_conversation()
    closed.driver.until_closed(closed.window)
