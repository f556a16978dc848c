"""Light and dark, and the text size, in a real window."""

from __future__ import annotations

import pytest

from messango.gui.look import theme
from messango.gui.settings import ColorScheme, SettingsStore
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices

pytestmark = pytest.mark.window


def test_window_follows_the_system(driver: WindowDriver, fakes: FakeServices) -> None:
    """In dark mode the window is dark; the next one is dark from the start."""
    fakes.system_dark = True
    settings = SettingsStore(None)
    window = driver.open(fakes.services(), settings=settings)
    driver.until(lambda: window.root.cget("background") == theme.DARK.background)
    assert settings.current.last_system_dark
    assert settings.current.color_scheme is ColorScheme.SYSTEM


def test_button_overrides_the_system(driver: WindowDriver, fakes: FakeServices) -> None:
    """The choice is saved."""
    settings = SettingsStore(None)
    settings.change(last_system_dark=True)
    window = driver.open(fakes.services(), settings=settings)
    assert window.root.cget("background") == theme.DARK.background
    window.rooms_view.color_scheme_button.invoke()
    assert window.root.cget("background") == theme.LIGHT.background
    assert settings.current.color_scheme is ColorScheme.LIGHT


def test_keys_change_the_text_size(driver: WindowDriver, fakes: FakeServices) -> None:
    """Ctrl with plus, minus and zero, within the limits."""
    settings = SettingsStore(None)
    window = driver.open(fakes.services(), settings=settings)
    field = window.rooms_view.name.entry

    def height() -> int:
        return int(window.root.tk.call("font", "metrics", theme.BODY, "-linespace"))

    normal = height()
    field.event_generate("<Control-plus>")
    assert height() > normal
    for _ in range(20):
        field.event_generate("<Control-equal>")
    assert settings.current.zoom_percent == theme.ZOOM_PERCENTS[-1]
    field.event_generate("<Control-0>")
    assert height() == normal
    field.event_generate("<Control-minus>")
    assert height() < normal
    assert settings.current.zoom_percent < theme.NORMAL_PERCENT


def test_size_and_position_are_saved(driver: WindowDriver, fakes: FakeServices) -> None:
    """When the window is closed."""
    settings = SettingsStore(None)
    window = driver.open(fakes.services(), settings=settings)
    window.root.geometry("700x600+40+30")
    driver.until(lambda: window.root.winfo_width() == 700 and window.root.winfo_x() == 40)
    driver.close(window)
    assert (settings.current.size, settings.current.position) == ((700, 600), (40, 30))
