"""Leaving with a half-written text, in a real window."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.gui import session_memory
from messango.gui.settings import SettingsStore
from messango.gui.window import Window
from messango.protocol.password import Password
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, joined
from tests.gui.sessions import TARGET, ChatWindow

pytestmark = pytest.mark.window


def text_after_joining(window: Window, driver: WindowDriver, fakes: FakeServices) -> str:
    """Join again in a window, and return what is in the field then."""
    window.join(TARGET, "Ann")
    fakes.clients[-1].events.put(joined("Ben", "Ann"))
    driver.until(lambda: window.root.title() == "Office – Messango")
    assert window.conversation_view is not None
    return window.conversation_view.entry.get()


def test_a_half_written_text_is_there_the_next_time(driver: WindowDriver, fakes: FakeServices) -> None:
    """In the same window; once sent, it is not."""
    chat = ChatWindow(driver, fakes)
    chat.type_text("half")
    chat.window.back()
    assert text_after_joining(chat.window, driver, fakes) == "half"
    chat.client = fakes.clients[-1]
    chat.type_text("", "<Return>")
    assert chat.client.sent == ["half"]
    chat.window.back()
    assert text_after_joining(chat.window, driver, fakes) == ""


def test_another_window_gets_it_too(driver: WindowDriver, fakes: FakeServices, tmp_path: Path) -> None:
    """A private text waits for the same member, and never goes to all."""
    settings = SettingsStore(tmp_path / "settings.json")
    chat = ChatWindow(driver, fakes, settings=settings)
    chat.type_text("for all")
    chat.view.composer.write_to("member Ben", "Ben")
    chat.type_text(", no")
    driver.close(chat.window)
    again = ChatWindow(driver, fakes, settings=SettingsStore(tmp_path / "settings.json"))
    driver.until(lambda: again.view.entry.get() == "for all, no")
    assert again.view.composer.bar.winfo_manager()
    again.press("<Escape>")
    assert again.view.entry.get() == "for all"


def test_a_text_is_saved_while_it_is_written(
    driver: WindowDriver, fakes: FakeServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window may be killed; what was erased is not kept."""
    monkeypatch.setattr(session_memory, "SAVE_AFTER_MS", 20)
    chat = ChatWindow(driver, fakes, settings=SettingsStore(tmp_path / "settings.json"))
    drafts = tmp_path / "drafts.json"
    chat.type_text("half a sentence")
    driver.until(lambda: drafts.exists() and "half a sentence" in drafts.read_text())
    chat.view.entry.set("")
    driver.until(lambda: "half" not in drafts.read_text())


def test_a_password_is_not_kept(driver: WindowDriver, fakes: FakeServices, tmp_path: Path) -> None:
    """Even if it was typed into the wrong field."""
    chat = ChatWindow(driver, fakes, settings=SettingsStore(tmp_path / "settings.json"))
    chat.client.password = Password("sesame")
    chat.type_text("sesame")
    driver.close(chat.window)
    assert all("sesame" not in path.read_text() for path in tmp_path.iterdir())
