"""Title, icon, bell and hint."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tkinter as tk

import pytest

from messango.gui.desktop.notifier import Notifier
from messango.gui.desktop.window_attention import request_attention
from messango.gui.look.count_badge import badge, badge_text
from messango.gui.look.look import Look
from messango.gui.model.text_sanitizer import TextSanitizer
from tests.gui.conftest import WindowDriver
from tests.gui.pictures import outer_window

ICON = 48


def test_a_count_fits_on_the_icon() -> None:
    """One figure, or that there are more."""
    assert [badge_text(count) for count in ("3", "9", "12", "99+")] == ["3", "9", "9+", "9+"]


def test_each_count_has_a_picture_of_its_own() -> None:
    """And it is another than the sign alone."""
    pictures = {badge(ICON, str(count)) for count in range(1, 11)}
    assert len(pictures) == 10
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


@pytest.mark.window
def test_what_asks_for_attention_is_shown_outside(driver: WindowDriver) -> None:
    """The count in front of the name, no emoji, and the hint only when it is called for."""
    root, pointed = driver.root(), list[tk.Tk]()
    notifier = Notifier(root, Look(root), TextSanitizer(astral=True), pointed.append)
    notifier.show("Office 🥭", "", notify=False)
    assert (root.title(), pointed) == ("Office – Messango", [])
    notifier.show("Office 🥭", "3", notify=True)
    assert (root.title(), pointed) == ("(3) Office – Messango", [root])
    notifier.show("", "", notify=False)
    assert (root.title(), pointed) == ("Messango", [root])


@pytest.mark.window
@pytest.mark.skipif(sys.platform != "linux", reason="the hint that is read here is X11's")
@pytest.mark.skipif(shutil.which("xprop") is None, reason="the command `xprop` is missing")
def test_a_window_manager_is_asked_to_point(driver: WindowDriver) -> None:
    """The window bears X11's hint of urgency, and its focus stays where it was."""
    root = driver.root()
    root.update()
    focus = root.focus_displayof()
    assert request_attention(root)
    hints = subprocess.run(
        ["xprop", "-id", outer_window(root), "WM_HINTS"], capture_output=True, text=True, check=True
    )
    assert "urgency hint bit is set" in hints.stdout
    assert root.focus_displayof() == focus
