"""What Tk and the display must offer."""

from __future__ import annotations

import ctypes
import sys
import tkinter as tk
from typing import Any, cast

import pytest

from messango.errors import DisplayUnavailable
from messango.gui.look import tk_root


class FakeRoot:
    """A root that knows its windowing system and its scaling."""

    def __init__(self, system: str, scaling: float = 4 / 3) -> None:
        self._answers = {"windowingsystem": system, "scaling": scaling}
        self.tk = self

    def call(self, _command: str, question: str) -> object:
        """Answer `tk windowingsystem` and `tk scaling`."""
        return self._answers[question]


def root_of(system: str, scaling: float = 4 / 3) -> tk.Tk:
    """Return a fake where a root is wanted."""
    return cast("tk.Tk", FakeRoot(system, scaling))


def test_without_tk_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python without Tk leads to a sentence, the package to install, and the terminal."""
    monkeypatch.setitem(sys.modules, "tkinter", None)
    with pytest.raises(DisplayUnavailable, match="needs Tk, which this Python lacks") as caught:
        tk_root.open_root()
    assert "sudo apt install python3-tk" in caught.value.hint
    assert "messango chat" in caught.value.hint


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only X11 can be without a display")
def test_without_a_display_the_terminal_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """No display: a sentence with the reason, and the terminal."""
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(DisplayUnavailable, match=r"No window can be opened here: .*display") as caught:
        tk_root.open_root()
    assert "messango chat" in caught.value.hint


@pytest.mark.parametrize(
    ("system", "version", "shown"),
    [("x11", 20304, "□"), ("x11", 0, "□"), ("x11", 20305, "🥭"), ("win32", 0, "🥭"), ("aqua", 0, "🥭")],
)
def test_emoji_are_guarded(monkeypatch: pytest.MonkeyPatch, system: str, version: int, shown: str) -> None:
    """On X11 emoji are shown from libXft 2.3.5 on; elsewhere always."""
    monkeypatch.setattr(tk_root, "xft_version", lambda: version)
    assert tk_root.text_sanitizer_for(root_of(system)).text("🥭") == shown


def test_a_missing_libxft_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library can't be loaded, emoji count as dangerous."""

    def fail(_name: str) -> Any:
        raise OSError("no such library")

    monkeypatch.setattr(ctypes, "CDLL", fail)
    assert tk_root.xft_version() == 0


def test_lengths_follow_the_screen() -> None:
    """Twice the resolution, twice the pixels; never less than one to one; macOS stretches by itself."""
    assert tk_root.display_scale(root_of("x11", 2 * 4 / 3)) == pytest.approx(2)
    assert tk_root.display_scale(root_of("x11", 1.0)) == 1
    assert tk_root.display_scale(root_of("aqua", 2.0)) == 1
