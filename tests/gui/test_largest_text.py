"""Every page with the largest text, in the smallest window and in a normal one: nothing is cut off.

What is too high may scroll; what is too wide may not.
"""

from __future__ import annotations

import dataclasses
import tkinter as tk
from collections.abc import Callable
from queue import SimpleQueue
from tkinter import ttk
from typing import Final

import pytest

from messango.client.events import EndReason, PasswordRequired, SessionEnded
from messango.discovery.model.events import RoomStatus
from messango.doctor.findings import Finding, Severity
from messango.errors import RoomClosed, WrongPassword
from messango.gui.background.host_thread import RoomOpened
from messango.gui.model.rooms.join_target import room_target
from messango.gui.pages.guests_page import GuestsPage
from messango.gui.settings import SettingsStore
from messango.gui.widgets.labels.ellipsis_label import EllipsisLabel
from messango.gui.window import Window
from messango.room.guests import GuestKey
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FINGERPRINT, NOON, FakeServices, found_room, joined, received, room_added
from tests.gui.sessions import TARGET
from tests.support.samples import sampled

pytestmark = pytest.mark.window

LONG: Final = "A room whose name is as long as any room's name may ever be"
PEOPLE: Final = ("Ben", "Bartholomew Featherstonehaugh-Sm", "שרה כהן-לוי", "محمد عبد الرحمن")


def rooms(_window: Window, fakes: FakeServices) -> None:
    """The list, with rooms in every state."""
    for room in (
        room_added(LONG, host="a-computer-with-a-very-long-name.local"),
        room_added("Exam", password=True),
        room_added("Kitchen", locked=True, password=True, status=RoomStatus.LOCKED),
        room_added("חדר ישיבות של הצוות", status=RoomStatus.FULL, members=5),
    ):
        fakes.browser.events.put(room)


def no_rooms(_window: Window, fakes: FakeServices) -> None:
    """The empty list with its reason."""
    remedy = "Allow mDNS: `sudo ufw allow 5353/udp`. Until then, type the host's address below."
    fakes.findings = [Finding("multicast", Severity.PROBLEM, "Multicast does not work on wlan0.", remedy)]


def conversation(window: Window, fakes: FakeServices) -> None:
    """Five of five members, with long names and names from right to left."""
    window.join(TARGET, "Ann")
    fakes.clients[0].events.put(joined(*PEOPLE, "Ann"))
    fakes.clients[0].events.put(received(1, PEOPLE[1], "x" * 200))


def closed(window: Window, fakes: FakeServices) -> None:
    """The banner with all its buttons."""
    conversation(window, fakes)
    reason = RoomClosed("closing", "The host has closed the room.")
    fakes.clients[0].events.put(SessionEnded(EndReason.CLOSED, reason))
    fakes.browser.events.put(room_added("office", host="ben-thinkpad"))


def members(window: Window, fakes: FakeServices) -> None:
    """The members in the place of the transcript."""
    conversation(window, fakes)
    window.show_members()


def hosted(window: Window, fakes: FakeServices) -> None:
    """The invitation of a room that was just opened."""
    window.show_host_page()
    window.side_page.open_button.invoke()  # type: ignore[union-attr]  # it is the page for a new room
    fakes.hosts[0].events.put(RoomOpened(room_target(found_room("Office")), SimpleQueue(), lambda _: None))


def guests(window: Window, fakes: FakeServices) -> None:
    """The code and the link of a room that was opened for guests, with a password."""
    window.show_host_page()
    window.side_page.open_button.invoke()  # type: ignore[union-attr]  # it is the page for a new room
    guest_key = GuestKey("kJ3x_9-Qh0aZbYcXdWeVfU", NOON + 3_600, 0.0)
    target = dataclasses.replace(room_target(found_room("Office")), fingerprint=FINGERPRINT)
    fakes.hosts[0].events.put(
        RoomOpened(target, SimpleQueue(), lambda _: None, lambda: False, lambda: guest_key)
    )
    while not fakes.clients:
        window.root.update()
    fakes.clients[0].events.put(joined("Ann"))
    while not isinstance(window.side_page, GuestsPage):
        window.root.update()


def key(name: str) -> Callable[[Window, FakeServices], None]:
    """Return what opens a page by its key."""
    return lambda window, _fakes: window.root.event_generate(name)


def password(window: Window, fakes: FakeServices) -> None:
    """After a wrong password, with a long name in the title."""
    window.join(room_target(found_room(LONG)), "Ann")
    fakes.clients[0].events.put(PasswordRequired(WrongPassword()))


def trust(window: Window, fakes: FakeServices) -> None:
    """The warning of a changed identity."""
    window.join(room_target(found_room("Office")), "Ann")
    words = ("future accuse submit forest", "ribbon velvet canal orchard")
    mismatch = FingerprintMismatch("Office", "a" * 64, "b" * 64, room_id="1f", words=words)
    fakes.clients[0].events.put(SessionEnded(EndReason.FAILED, mismatch))


PAGES: Final = {
    "rooms": rooms,
    "no-rooms": no_rooms,
    "conversation": conversation,
    "closed": closed,
    "members": members,
    "hosted": hosted,
    "guests": guests,
    "host": key("<Control-n>"),
    "settings": key("<Control-comma>"),
    "help": key("<F1>"),
    "password": password,
    "trust": trust,
}


def descendants(widget: tk.Misc) -> list[tk.Misc]:
    """Return a widget and all that is inside it."""
    return [widget, *(found for child in widget.winfo_children() for found in descendants(child))]


def cut_off(window: Window) -> list[str]:
    """Return what has less width than its text needs, or is beyond an edge of the window."""
    left, right = window.root.winfo_rootx(), window.root.winfo_rootx() + window.root.winfo_width()
    found = []
    for widget in descendants(window.root):
        if not isinstance(widget, (ttk.Label, ttk.Button, ttk.Entry)) or not widget.winfo_viewable():
            continue
        begin = widget.winfo_rootx()
        is_outside = begin < left or begin + widget.winfo_width() > right
        # An entry scrolls; the label below the message field wraps, and asks for one character.
        may_be_narrow = isinstance(widget, (ttk.Entry, EllipsisLabel)) or str(widget.cget("width")) == "1"
        is_narrow = widget.winfo_width() < widget.winfo_reqwidth() and not may_be_narrow
        if is_outside or is_narrow:
            found.append(f"{widget}: {'' if isinstance(widget, ttk.Entry) else widget.cget('text')}")
    return found


@pytest.mark.parametrize("size", sampled(["360x480", "1000x700"], "360x480"))
@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_cut_off(driver: WindowDriver, fakes: FakeServices, page: str, size: str) -> None:
    """At twice the normal size."""
    settings = SettingsStore(None)
    settings.change(zoom_percent=200, recent_addresses=("a-computer-with-a-long-name.local:8000", "10.0.0.7"))
    window = driver.open(fakes.services(), settings=settings)
    window.root.geometry(size)
    driver.until(lambda: f"{window.root.winfo_width()}x{window.root.winfo_height()}" == size)
    before = len(descendants(window.root))
    PAGES[page](window, fakes)
    driver.until(lambda: len(descendants(window.root)) != before)
    driver.until(lambda: not cut_off(window))
    window.root.update()
    assert cut_off(window) == []
