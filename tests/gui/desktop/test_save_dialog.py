"""Tk's own dialog for saving, in the colours of the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from messango.gui.desktop.save_dialog import ask_save_path
from messango.gui.look import theme
from messango.gui.settings import ColorScheme, SettingsStore
from messango.gui.window import Window
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices

pytestmark = pytest.mark.window

DIALOG = ".__tk_filedialog"
LIST = f"{DIALOG}.contents.icons"


def look_at_dialog(window: Window, look: Callable[[str], None]) -> Path | None:
    """Open the dialog, call `look` with the path of its list's canvas, and press Cancel."""
    tk = window.root.tk

    def when_shown() -> None:
        if not tk.getboolean(tk.call("winfo", "exists", DIALOG)) or not tk.getboolean(
            tk.call("winfo", "viewable", DIALOG)
        ):
            window.root.after(20, when_shown)
            return
        try:
            look(f"{LIST}.cHull.canvas")
        finally:
            tk.call(f"{DIALOG}.contents.f2.cancel", "invoke")

    if window.root.tk.call("tk", "windowingsystem") != "x11":
        pytest.skip("this system has a dialog of its own")
    window.root.after(20, when_shown)
    return ask_save_path(window.root, "Office")


@pytest.mark.parametrize("palette", theme.PALETTES.values(), ids=theme.PALETTES.keys())
def test_colors(
    driver: WindowDriver,
    fakes: FakeServices,
    palette: theme.Palette,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The list has our background and ink, also of names that were selected; buttons look like buttons."""
    (tmp_path / "notes.txt").touch()
    monkeypatch.chdir(tmp_path)
    settings = SettingsStore(None)
    settings.change(color_scheme=ColorScheme(palette.name))
    window = driver.open(fakes.services(), settings=settings)
    tk, seen = window.root.tk, {}

    def look(canvas: str) -> None:
        seen["background"] = str(tk.call(canvas, "cget", "-background"))
        tk.call(LIST, "selection", "set", 0)
        tk.call(LIST, "selection", "clear", 0)
        names = [item for item in tk.splitlist(tk.call(canvas, "find", "all"))
                 if tk.call(canvas, "type", item) == "text"]  # fmt: skip
        seen["ink"] = str(tk.call(canvas, "itemcget", names[0], "-fill"))
        seen["button"] = str(tk.call("ttk::style", "layout", "TButton"))

    assert look_at_dialog(window, look) is None
    assert seen["background"] == palette.surface
    assert seen["ink"] == palette.text
    assert "Dialog.button" in seen["button"]
