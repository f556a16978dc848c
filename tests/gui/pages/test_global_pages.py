"""Settings and shortcuts, in a real window."""

from __future__ import annotations

import pytest

from messango.gui.look import theme
from messango.gui.model.rooms.join_target import JoinTarget
from messango.gui.pages.settings_page import SettingsPage
from messango.gui.pages.shortcuts_page import ShortcutsPage
from messango.gui.settings import ColorScheme, Notify, SettingsStore
from messango.transport.addresses import Address
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, joined

pytestmark = pytest.mark.window


def test_f1_covers_the_conversation(driver: WindowDriver, fakes: FakeServices) -> None:
    """When the page is closed, the draft is still there and has the focus."""
    window = driver.open(fakes.services(), target=JoinTarget("x", (Address("10.0.0.2", 8000),)))
    fakes.clients[0].events.put(joined("Ann"))
    view = window.conversation_view
    assert view is not None
    view.entry.set("half a thou")
    window.root.event_generate("<F1>")
    page = window.side_page
    assert isinstance(page, ShortcutsPage)
    driver.until(lambda: bool(page.winfo_ismapped()))
    assert not view.winfo_ismapped()
    page.close_button.invoke()
    driver.until(lambda: bool(view.winfo_ismapped()))
    assert view.entry.get() == "half a thou"
    driver.until(lambda: window.root.focus_get() == view.entry.text)


def test_settings_apply_at_once(driver: WindowDriver, fakes: FakeServices) -> None:
    """Each is saved, and the window shows it."""
    settings = SettingsStore(None)
    window = driver.open(fakes.services(), settings=settings)
    window.root.event_generate("<Control-comma>")
    page = window.side_page
    assert isinstance(page, SettingsPage)
    page.color_scheme.buttons[2].invoke()
    page.text_size.increment_button.invoke()
    page.notify.buttons[1].invoke()
    assert window.root.cget("background") == theme.DARK.background
    assert (settings.current.color_scheme, settings.current.notify) == (ColorScheme.DARK, Notify.MENTIONS)
    assert settings.current.zoom_percent > theme.NORMAL_PERCENT
    assert page.text_size.text() == f"{settings.current.zoom_percent} %"
    assert page.color_scheme.buttons[2].instate(["selected"])


def test_arrow_keys_move_the_choice(driver: WindowDriver, fakes: FakeServices) -> None:
    """And stop at the last option."""
    settings = SettingsStore(None)
    window = driver.open(fakes.services(), settings=settings)
    window.root.event_generate("<Control-comma>")
    page = window.side_page
    assert isinstance(page, SettingsPage)
    driver.until(lambda: window.root.focus_get() == page.color_scheme.buttons[0])
    for _ in range(4):
        (window.root.focus_get() or page).event_generate("<Right>")
    assert settings.current.color_scheme is ColorScheme.DARK
    assert window.root.focus_get() == page.color_scheme.buttons[2]


def test_page_is_scrolled_and_closed_by_keys(driver: WindowDriver, fakes: FakeServices) -> None:
    """Page Down scrolls it; Enter presses the focused button."""
    window = driver.open(fakes.services())
    window.root.geometry("400x480")
    driver.until(lambda: window.root.winfo_height() == 480)
    window.root.event_generate("<F1>")
    page = window.side_page
    assert isinstance(page, ShortcutsPage)
    driver.until(lambda: window.root.focus_get() == page.close_button)
    driver.until(lambda: page.body.winfo_height() > 480)
    before = page.body.winfo_rooty()
    driver.press(page.close_button, "<Next>")
    driver.until(lambda: page.body.winfo_rooty() < before)
    driver.press(page.close_button, "<Return>")
    driver.until(lambda: bool(window.rooms_view.winfo_ismapped()))
