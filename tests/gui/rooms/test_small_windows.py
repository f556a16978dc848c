"""The list of rooms where there is little space: small windows, large text, long names."""

from __future__ import annotations

import tkinter as tk

import pytest

from messango.discovery.model.events import RoomStatus
from messango.gui.settings import SettingsStore
from messango.gui.window import Window
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, room_added

pytestmark = pytest.mark.window

LONG = "A room whose name is as long as any room's name may ever be"
LONG_ADDRESS = "a-computer-with-a-very-long-name-in-the-department.local:8000"


def open_small(driver: WindowDriver, fakes: FakeServices, percent: int, *addresses: str) -> Window:
    """Open the smallest window with text of this size."""
    settings = SettingsStore(None)
    settings.change(zoom_percent=percent, recent_addresses=addresses)
    window = driver.open(fakes.services(), settings=settings)
    window.root.geometry("360x480")
    driver.until(lambda: window.root.winfo_width() == 360)
    return window


def is_inside(widget: tk.Misc, window: Window) -> bool:
    """Return whether a widget is visible, whole, and inside the window."""
    right, bottom = widget.winfo_rootx() + widget.winfo_width(), widget.winfo_rooty() + widget.winfo_height()
    edges = window.root.winfo_rootx() + 360, window.root.winfo_rooty() + 480
    is_whole = widget.winfo_width() >= widget.winfo_reqwidth() or not widget.winfo_class().endswith("Button")
    return bool(widget.winfo_viewable()) and right <= edges[0] and bottom <= edges[1] and is_whole


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_everything_is_reached(driver: WindowDriver, fakes: FakeServices, percent: int) -> None:
    """Name and Join, then the address and Connect; hosting, and the menu or its buttons."""
    window = open_small(driver, fakes, percent)
    view = window.rooms_view
    fakes.browser.events.put(room_added("Lab", status=RoomStatus.FULL))
    driver.until(lambda: len(view.list_view.row_texts()) == 1)
    window.root.event_generate("<Down>")
    driver.until(lambda: view.join_button.cget("text") == "Wait for a seat")
    more = view._header.actions.more_button
    first = (view.name.entry, view.join_button, view.host_button, more)
    driver.until(lambda: all(is_inside(widget, window) for widget in first))
    assert view.name.entry.winfo_width() > 100
    window.root.event_generate("<Control-l>")
    second = (view.address.entry, view.connect_button)
    driver.until(lambda: all(is_inside(widget, window) for widget in second))
    driver.until(lambda: view.list_view.winfo_height() >= 50)


def test_the_other_bar_is_a_button_away(driver: WindowDriver, fakes: FakeServices) -> None:
    """Where both have no space."""
    window = open_small(driver, fakes, 200)
    view = window.rooms_view
    driver.until(lambda: is_inside(view.switch_button, window))
    view.switch_button.invoke()
    driver.until(lambda: is_inside(view.connect_button, window) and not view.name.winfo_viewable())
    view.switch_button.invoke()
    driver.until(lambda: is_inside(view.join_button, window) and not view.address.winfo_viewable())


def test_long_names_end_in_an_ellipsis(driver: WindowDriver, fakes: FakeServices) -> None:
    """In a row, and in the buttons for recent addresses."""
    window = open_small(driver, fakes, 100, LONG_ADDRESS, "10.0.0.7:9000")
    fakes.browser.events.put(room_added(LONG, host=LONG_ADDRESS))
    view = window.rooms_view
    driver.until(lambda: len(view.list_view.row_texts()) == 1)
    row = view.list_view.row_view(LONG.lower())
    labels = [row.bindable_widgets[1], row.bindable_widgets[2]]
    driver.until(lambda: all(str(label.cget("text")).endswith("…") for label in labels))
    driver.until(lambda: len(view.recent.buttons) == 2)
    driver.until(lambda: str(view.recent.buttons[0].cget("text")).endswith("…"))
    driver.until(lambda: all(is_inside(button, window) for button in view.recent.buttons))


def test_a_password_and_a_lock_have_their_own_signs(driver: WindowDriver, fakes: FakeServices) -> None:
    """And words; a locked room does not promise a seat."""
    window = driver.open(fakes.services())
    fakes.browser.events.put(room_added("Exam", password=True))
    fakes.browser.events.put(room_added("Kitchen", members=1, locked=True, status=RoomStatus.LOCKED))
    view = window.rooms_view.list_view
    driver.until(lambda: len(view.row_texts()) == 2)
    assert view.row_texts() == [
        "Exam on ann-laptop 3 of 5 password · under 1 ms",
        "Kitchen on ann-laptop 1 inside locked",
    ]

    def images(key: str) -> set[str]:
        shown = [widget for widget in view.row_view(key).bindable_widgets[1:] if widget.winfo_manager()]
        return {str(widget.cget("image")) for widget in shown} - {""}

    exam, kitchen = images("exam"), images("kitchen")
    assert len(exam) == 2  # the sign and the dots of the seats
    assert len(kitchen) == 1
    assert not exam & kitchen


def test_a_long_reason_is_below_the_host(driver: WindowDriver, fakes: FakeServices) -> None:
    """Where both have no space side by side; nothing is cut off."""
    window = open_small(driver, fakes, 150)
    fakes.browser.events.put(room_added("Lab", password=True, ping_ms=800.0))
    view = window.rooms_view.list_view
    driver.until(lambda: len(view.row_texts()) == 1)
    host, status = (view.row_view("lab").bindable_widgets[number] for number in (2, -1))
    driver.until(lambda: status.winfo_rooty() > host.winfo_rooty() + 10)
    assert status.winfo_width() >= status.winfo_reqwidth()
