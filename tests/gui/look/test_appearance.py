"""Light and dark and the size of the type, in a real window."""

from __future__ import annotations

import pytest

from messango.gui.look import theme
from messango.gui.settings import KeptSettings, Shade
from tests.gui.conftest import Desk
from tests.gui.fakes import FakeServices

pytestmark = pytest.mark.window


def test_the_window_follows_the_system(desk: Desk, fakes: FakeServices) -> None:
    """A system that says it is dark has a dark window, and the next one is dark from the start."""
    fakes.dark = True
    settings = KeptSettings(None)
    window = desk.open(fakes.services(), settings=settings)
    desk.until(lambda: window.root.cget("background") == theme.DARK.ground)
    assert settings.now.was_dark
    assert settings.now.shade is Shade.SYSTEM


def test_a_choice_by_hand_counts_more(desk: Desk, fakes: FakeServices) -> None:
    """The button chooses for good."""
    settings = KeptSettings(None)
    settings.change(was_dark=True)
    window = desk.open(fakes.services(), settings=settings)
    assert window.root.cget("background") == theme.DARK.ground
    window.rooms_view.toggle.invoke()
    assert window.root.cget("background") == theme.LIGHT.ground
    assert settings.now.shade is Shade.LIGHT


def test_the_type_grows_and_shrinks_by_keys(desk: Desk, fakes: FakeServices) -> None:
    """Ctrl with plus, minus and nought, from any field, as far as there are sizes."""
    settings = KeptSettings(None)
    window = desk.open(fakes.services(), settings=settings)
    title = window.rooms_view.name.entry

    def height() -> int:
        return int(window.root.tk.call("font", "metrics", theme.BODY, "-linespace"))

    normal = height()
    title.event_generate("<Control-plus>")
    assert height() > normal
    for _ in range(20):
        title.event_generate("<Control-equal>")
    assert settings.now.percent == theme.PERCENTS[-1]
    title.event_generate("<Control-0>")
    assert height() == normal
    title.event_generate("<Control-minus>")
    assert height() < normal
    assert settings.now.percent < theme.NORMAL_PERCENT


def test_size_and_place_are_kept(desk: Desk, fakes: FakeServices) -> None:
    """A window opens as large as the last one was when it was closed."""
    settings = KeptSettings(None)
    window = desk.open(fakes.services(), settings=settings)
    window.root.geometry("700x600+40+30")
    desk.until(lambda: window.root.winfo_width() == 700 and window.root.winfo_x() == 40)
    desk.close(window)
    assert (settings.now.size, settings.now.place) == ((700, 600), (40, 30))
