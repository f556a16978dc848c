"""Tooltips: beside what they are about, inside the window, by pointer and by keyboard."""

from __future__ import annotations

import tkinter as tk

import pytest

from messango.gui.widgets.tooltip import Rectangle, TooltipLabel, place_beside
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices
from tests.gui.sessions import ChatWindow

WINDOW = Rectangle(0, 0, 360, 480)
SIZE = (200, 40)
GAP = 4


@pytest.mark.parametrize(
    ("target", "place"),
    [
        (Rectangle(100, 20, 36, 36), (18, 60)),
        (Rectangle(300, 20, 36, 36), (160, 60)),
        (Rectangle(100, 440, 36, 36), (18, 396)),
    ],
    ids=["below it", "not over the right edge", "above it at the lower edge"],
)
def test_place(target: Rectangle, place: tuple[int, int]) -> None:
    """Where it goes in a small window."""
    assert place_beside(target, SIZE, WINDOW, GAP) == place


def test_place_beside_what_fills_the_height() -> None:
    """Neither below nor above: to its side."""
    assert place_beside(Rectangle(250, 0, 110, 480), SIZE, WINDOW, GAP) == (46, 220)
    assert place_beside(Rectangle(0, 0, 110, 480), SIZE, WINDOW, GAP) == (114, 220)


def shown(root: tk.Tk) -> TooltipLabel | None:
    """Return the tooltip of a window."""
    found = [child for child in root.winfo_children() if isinstance(child, TooltipLabel)]
    assert len(found) < 2
    return found[0] if found and found[0].winfo_ismapped() else None


def box(widget: tk.Misc) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom on the screen."""
    x, y = widget.winfo_rootx(), widget.winfo_rooty()
    return x, y, x + widget.winfo_width(), y + widget.winfo_height()


@pytest.mark.window
@pytest.mark.parametrize("size", ["960x720", "360x480"])
def test_keyboard_focus_shows_it_beside_the_button(
    driver: WindowDriver, fakes: FakeServices, size: str
) -> None:
    """It covers no part of the button, and is inside the window; a key hides it."""
    chat = ChatWindow(driver, fakes)
    root = chat.window.root
    root.geometry(size)
    driver.until(lambda: root.winfo_width() == int(size[:3]))
    for button in [*chat.view.header.actions.buttons.values(), chat.view.header.actions.more_button]:
        if not button.winfo_viewable():
            continue
        driver.focus(button)
        driver.until(lambda: shown(root) is not None)
        label = shown(root)
        assert label is not None
        assert str(label.cget("text")) == button.tooltip_text()
        left, top, right, bottom = box(label)
        edges = box(root)
        assert min(left - edges[0], top - edges[1], edges[2] - right, edges[3] - bottom) >= 0
        button_left, button_top, button_right, button_bottom = box(button)
        assert top >= button_bottom or bottom <= button_top or left >= button_right or right <= button_left
        button.event_generate("<Key-Shift_L>")
        driver.until(lambda: shown(root) is None)


@pytest.mark.window
def test_the_pointer_shows_it_and_a_press_hides_it(driver: WindowDriver, fakes: FakeServices) -> None:
    """Who has pressed the button knows what it is for, also while it keeps the focus."""
    chat = ChatWindow(driver, fakes)
    root, button = chat.window.root, chat.view.header.actions.buttons["<<MessangoFind>>"]
    button.event_generate("<Enter>")
    driver.until(lambda: shown(root) is not None)
    button.event_generate("<Button-1>")
    assert shown(root) is None
    button.event_generate("<FocusIn>")
    assert not button.tooltip._timer
    button.event_generate("<Leave>")
    button.event_generate("<FocusIn>")
    assert button.tooltip._timer


@pytest.mark.window
def test_tab_goes_to_no_label(driver: WindowDriver, fakes: FakeServices) -> None:
    """A title that may have a tooltip is not a control."""
    chat = ChatWindow(driver, fakes)
    first: tk.Misc = chat.view.entry.text
    visited: list[tk.Misc] = []
    widget = first.tk_focusNext()
    while widget is not None and widget is not first and len(visited) < 50:
        visited.append(widget)
        widget = widget.tk_focusNext()
    assert visited
    assert not [widget for widget in visited if widget.winfo_class() == "TLabel"]
