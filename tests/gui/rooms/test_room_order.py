"""No row moves while somebody is about to choose one."""

from __future__ import annotations

import pytest

from messango.discovery.model.events import RoomRemoved
from messango.gui.window import Window
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, found_room, room_added

pytestmark = pytest.mark.window


@pytest.fixture
def window(driver: WindowDriver, fakes: FakeServices) -> Window:
    """A window that lists three rooms."""
    window = driver.open(fakes.services())
    for name in ("Mango", "Nut", "Orange"):
        fakes.browser.events.put(room_added(name))
    driver.until(lambda: names(window) == ["Mango", "Nut", "Orange"])
    return window


def names(window: Window) -> list[str]:
    """Return the names of the rooms from top to bottom."""
    return [text.split()[0] for text in window.rooms_view.list_view.row_texts()]


def test_a_row_chosen_by_keyboard_stays(window: Window, driver: WindowDriver, fakes: FakeServices) -> None:
    """A new room is added below, one that is gone stays in its place; Tab ends that."""
    window.root.event_generate("<Down>")
    fakes.browser.events.put(room_added("Apple"))
    driver.until(lambda: len(names(window)) == 4)
    assert names(window) == ["Mango", "Nut", "Orange", "Apple"]
    fakes.browser.events.put(RoomRemoved(found_room("Nut")))
    driver.until(lambda: "gone" in window.rooms_view.list_view.row_texts()[1])
    driver.focus(window.rooms_view.name.entry)
    driver.until(lambda: names(window) == ["Apple", "Mango", "Orange"])


def test_a_clicked_row_stays_on_the_way_to_the_button(
    window: Window, driver: WindowDriver, fakes: FakeServices
) -> None:
    """The pointer has left the list, but the choice is not made yet."""
    row = window.rooms_view.list_view.row_view("nut")
    row.event_generate("<Button-1>")
    window.rooms_view.list_view.event_generate("<Enter>")
    window.rooms_view.list_view.event_generate("<Leave>")
    fakes.browser.events.put(room_added("Apple"))
    driver.until(lambda: len(names(window)) == 4)
    assert names(window)[:2] == ["Mango", "Nut"]


def test_the_list_is_sorted_before_anything_is_chosen(
    window: Window, driver: WindowDriver, fakes: FakeServices
) -> None:
    """Rooms that are found one after another are in order, although the list has the focus."""
    fakes.browser.events.put(room_added("Apple"))
    driver.until(lambda: names(window) == ["Apple", "Mango", "Nut", "Orange"])
