"""Opening Tk's root, and what the display can do."""

from __future__ import annotations

import ctypes
import sys
import tkinter as tk
from typing import Any, cast

import pytest

from messango.errors import DisplayUnavailable
from messango.gui.look import tk_root


class FakeRoot:
    """A root with a windowing system and a scaling."""

    def __init__(self, system: str, scaling: float = 4 / 3) -> None:
        self._answers = {"windowingsystem": system, "scaling": scaling}
        self.tk = self

    def call(self, _command: str, question: str) -> object:
        """Answer `tk windowingsystem` and `tk scaling`."""
        return self._answers[question]


def root_of(system: str, scaling: float = 4 / 3) -> tk.Tk:
    """Return a fake as a root."""
    return cast("tk.Tk", FakeRoot(system, scaling))


def test_missing_tk_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which package to install, and mentions the terminal client."""
    monkeypatch.setitem(sys.modules, "tkinter", None)
    with pytest.raises(DisplayUnavailable, match="needs Tk, which this Python lacks") as caught:
        tk_root.open_root()
    assert "sudo apt install python3-tk" in caught.value.hint
    assert "messango chat" in caught.value.hint


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only X11 can lack a display")
def test_missing_display_names_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error has the reason, and mentions the terminal client."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(DisplayUnavailable, match=r"No window can be opened here: .*display") as caught:
        tk_root.open_root()
    assert "messango chat" in caught.value.hint


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Wayland is Linux's")
def test_a_wayland_session_without_x(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what is missing, not only that there is no $DISPLAY."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with pytest.raises(DisplayUnavailable, match="Wayland") as caught:
        tk_root.open_root()
    assert "Xwayland" in caught.value.hint


@pytest.mark.parametrize(
    ("system", "version", "shown"),
    [("x11", 20304, "□"), ("x11", 0, "□"), ("x11", 20305, "🥭"), ("win32", 0, "🥭"), ("aqua", 0, "🥭")],
)
def test_emoji_depend_on_libxft(
    monkeypatch: pytest.MonkeyPatch, system: str, version: int, shown: str
) -> None:
    """On X11, libXft 2.3.5 or later shows them; other systems always do."""
    monkeypatch.setattr(tk_root, "xft_version", lambda: version)
    assert tk_root.text_sanitizer_for(root_of(system)).text("🥭") == shown


@pytest.mark.parametrize(
    ("system", "label"), [("x11", "הנד left"), ("win32", "דנה left"), ("aqua", "דנה left")]
)
def test_only_x11_needs_visual_order(system: str, label: str) -> None:
    """macOS and Windows put text from right to left into order by themselves."""
    sanitizer = tk_root.text_sanitizer_for(root_of(system))
    assert (sanitizer.label("דנה left"), sanitizer.reorders) == (label, system == "x11")


def test_missing_libxft_has_version_0(monkeypatch: pytest.MonkeyPatch) -> None:
    """So emoji are replaced."""

    def fail(_name: str) -> Any:
        raise OSError("no such library")

    monkeypatch.setattr(ctypes, "CDLL", fail)
    assert tk_root.xft_version() == 0


def test_scale_follows_the_screen() -> None:
    """It is never below 1; macOS scales by itself."""
    assert tk_root.display_scale(root_of("x11", 2 * 4 / 3)) == pytest.approx(2)
    assert tk_root.display_scale(root_of("x11", 1.0)) == 1
    assert tk_root.display_scale(root_of("aqua", 2.0)) == 1
