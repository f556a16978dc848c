"""The pages that cover the rooms or a conversation."""

from __future__ import annotations

import pytest

from messango.gui.look import theme
from messango.gui.model.target import Target
from messango.gui.pages.settings_page import SettingsPage
from messango.gui.pages.shortcuts_page import ShortcutsPage
from messango.gui.settings import KeptSettings, Notify, Shade
from messango.transport.addresses import Address
from tests.gui.conftest import Desk
from tests.gui.fakes import FakeServices, entered

pytestmark = pytest.mark.window


def test_f1_shows_the_keys_over_a_conversation(desk: Desk, fakes: FakeServices) -> None:
    """What was being written is there when the page is closed, and has the keyboard."""
    window = desk.open(fakes.services(), target=Target("x", (Address("10.0.0.2", 8000),)))
    fakes.clients[0].events.put(entered("Ann"))
    view = window.conversation_view
    assert view is not None
    view.entry.set("half a thou")
    window.root.event_generate("<F1>")
    page = window.side_page
    assert isinstance(page, ShortcutsPage)
    desk.until(lambda: bool(page.winfo_ismapped()))
    assert not view.winfo_ismapped()
    page.close_button.invoke()
    desk.until(lambda: bool(view.winfo_ismapped()))
    assert view.entry.get() == "half a thou"
    desk.until(lambda: window.root.focus_get() == view.entry.text)


def test_settings_count_at_once(desk: Desk, fakes: FakeServices) -> None:
    """Each is kept, and the window shows it."""
    settings = KeptSettings(None)
    window = desk.open(fakes.services(), settings=settings)
    window.root.event_generate("<Control-comma>")
    page = window.side_page
    assert isinstance(page, SettingsPage)
    page.shade.buttons[2].invoke()
    page.type.more.invoke()
    page.notify.buttons[1].invoke()
    assert window.root.cget("background") == theme.DARK.ground
    assert (settings.now.shade, settings.now.notify) == (Shade.DARK, Notify.MENTIONS)
    assert settings.now.percent > theme.NORMAL_PERCENT
    assert page.type.text() == f"{settings.now.percent} %"
    assert page.shade.buttons[2].instate(["selected"])


def test_arrows_choose(desk: Desk, fakes: FakeServices) -> None:
    """From one word to the next, and no further than the last."""
    settings = KeptSettings(None)
    window = desk.open(fakes.services(), settings=settings)
    window.root.event_generate("<Control-comma>")
    page = window.side_page
    assert isinstance(page, SettingsPage)
    desk.until(lambda: window.root.focus_get() == page.shade.buttons[0])
    for _ in range(4):
        (window.root.focus_get() or page).event_generate("<Right>")
    assert settings.now.shade is Shade.DARK
    assert window.root.focus_get() == page.shade.buttons[2]


def test_a_page_is_read_and_closed_by_keys(desk: Desk, fakes: FakeServices) -> None:
    """Page Down reads on where it is longer than the window; Enter presses the button with the keyboard."""
    window = desk.open(fakes.services())
    window.root.geometry("400x480")
    desk.until(lambda: window.root.winfo_height() == 480)
    window.root.event_generate("<F1>")
    page = window.side_page
    assert isinstance(page, ShortcutsPage)
    desk.until(lambda: window.root.focus_get() == page.close_button)
    desk.until(lambda: page.body.winfo_height() > 480)
    before = page.body.winfo_rooty()
    desk.press(page.close_button, "<Next>")
    desk.until(lambda: page.body.winfo_rooty() < before)
    desk.press(page.close_button, "<Return>")
    desk.until(lambda: bool(window.rooms_view.winfo_ismapped()))
