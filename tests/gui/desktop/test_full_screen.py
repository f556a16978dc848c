"""Full screen by F11, in a window whose desktop is played by the test."""

from __future__ import annotations

import shutil
import subprocess
import tkinter as tk

import pytest

from messango.gui.desktop import window_geometry
from messango.gui.desktop.full_screen import is_full_screen
from messango.gui.settings import SettingsStore
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices
from tests.gui.pictures import outer_window

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(shutil.which("xprop") is None, reason="the command `xprop` is missing"),
]


def answer_as_desktop(root: tk.Tk, *states: str) -> None:
    """Say on the window which states it has, as a window manager does."""
    change = ["-f", "_NET_WM_STATE", "32a", "-set", "_NET_WM_STATE", ", ".join(states)]
    if not states:
        change = ["-remove", "_NET_WM_STATE"]
    subprocess.run(["xprop", "-id", outer_window(root), *change], check=True, timeout=60)


def test_f11_asks_for_full_screen_and_back(
    driver: WindowDriver, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is asked for depends on what the desktop shows now."""
    window = driver.open(fakes.services())
    asked: list[object] = []
    monkeypatch.setattr(window.root, "attributes", lambda *words: asked.append(words[-1]))
    window.root.event_generate("<F11>")
    assert asked == [True]
    answer_as_desktop(window.root, "_NET_WM_STATE_FULLSCREEN")
    driver.until(lambda: is_full_screen(window.root))
    window.root.event_generate("<F11>")
    assert asked == [True, False]


def test_the_size_of_the_screen_is_not_kept(driver: WindowDriver, fakes: FakeServices) -> None:
    """The next window has the size from before."""
    settings = SettingsStore(None)
    settings.change(size=(700, 500))
    window = driver.open(fakes.services(), settings=settings)
    answer_as_desktop(window.root, "_NET_WM_STATE_FULLSCREEN")
    driver.until(lambda: is_full_screen(window.root))
    window_geometry.save(window.root, settings)
    assert settings.current.size == (700, 500)
    answer_as_desktop(window.root)
    driver.until(lambda: not is_full_screen(window.root))
