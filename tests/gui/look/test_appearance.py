"""Light and dark and the size of the type, in a real window."""

from __future__ import annotations

import pytest

from messango.gui.look import theme
from messango.gui.settings import ColorScheme, SettingsStore
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices

pytestmark = pytest.mark.window


def test_the_window_follows_the_system(driver: WindowDriver, fakes: FakeServices) -> None:
    """A system that says it is dark has a dark window, and the next one is dark from the start."""
    fakes.system_dark = True
    settings = SettingsStore(None)
    window = driver.open(fakes.services(), settings=settings)
    driver.until(lambda: window.root.cget("background") == theme.DARK.background)
    assert settings.current.last_system_dark
    assert settings.current.color_scheme is ColorScheme.SYSTEM


def test_a_choice_by_hand_counts_more(driver: WindowDriver, fakes: FakeServices) -> None:
    """The button chooses for good."""
    settings = SettingsStore(None)
    settings.change(last_system_dark=True)
    window = driver.open(fakes.services(), settings=settings)
    assert window.root.cget("background") == theme.DARK.background
    window.rooms_view.color_scheme_button.invoke()
    assert window.root.cget("background") == theme.LIGHT.background
    assert settings.current.color_scheme is ColorScheme.LIGHT


def test_the_type_grows_and_shrinks_by_keys(driver: WindowDriver, fakes: FakeServices) -> None:
    """Ctrl with plus, minus and nought, from any field, as far as there are sizes."""
    settings = SettingsStore(None)
    window = driver.open(fakes.services(), settings=settings)
    title = window.rooms_view.name.entry

    def height() -> int:
        return int(window.root.tk.call("font", "metrics", theme.BODY, "-linespace"))

    normal = height()
    title.event_generate("<Control-plus>")
    assert height() > normal
    for _ in range(20):
        title.event_generate("<Control-equal>")
    assert settings.current.zoom_percent == theme.ZOOM_PERCENTS[-1]
    title.event_generate("<Control-0>")
    assert height() == normal
    title.event_generate("<Control-minus>")
    assert height() < normal
    assert settings.current.zoom_percent < theme.NORMAL_PERCENT


def test_size_and_place_are_kept(driver: WindowDriver, fakes: FakeServices) -> None:
    """A window opens as large as the last one was when it was closed."""
    settings = SettingsStore(None)
    window = driver.open(fakes.services(), settings=settings)
    window.root.geometry("700x600+40+30")
    driver.until(lambda: window.root.winfo_width() == 700 and window.root.winfo_x() == 40)
    driver.close(window)
    assert (settings.current.size, settings.current.position) == ((700, 600), (40, 30))
