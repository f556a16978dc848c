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
from messango.gui.model.text.sanitizer import TextSanitizer
from tests.gui.conftest import WindowDriver
from tests.gui.pictures import outer_window

ICON = 48


def test_count_fits_on_the_icon() -> None:
    """One digit, or `9+`."""
    assert [badge_text(count) for count in ("3", "9", "12", "99+")] == ["3", "9", "9+", "9+"]


def test_each_count_has_its_own_picture() -> None:
    """As PNG."""
    pictures = {badge(ICON, str(count)) for count in range(1, 11)}
    assert len(pictures) == 10
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


@pytest.mark.window
def test_notifier_shows_count_and_requests_attention(driver: WindowDriver) -> None:
    """The count is in front of the name, without emoji; the hint comes only with `notify`."""
    root, hinted = driver.root(), list[tk.Tk]()
    notifier = Notifier(root, Look(root), TextSanitizer(astral=True), hinted.append)
    notifier.show("Office 🥭", "", notify=False)
    assert (root.title(), hinted) == ("Office – Messango", [])
    notifier.show("Office 🥭", "3", notify=True)
    assert (root.title(), hinted) == ("(3) Office – Messango", [root])
    notifier.show("", "", notify=False)
    assert (root.title(), hinted) == ("Messango", [root])


@pytest.mark.window
@pytest.mark.skipif(sys.platform != "linux", reason="this test reads X11's hint")
@pytest.mark.skipif(shutil.which("xprop") is None, reason="the command `xprop` is missing")
def test_urgency_hint_is_set(driver: WindowDriver) -> None:
    """X11's hint; the focus does not change."""
    root = driver.root()
    root.update()
    focus = root.focus_displayof()
    assert request_attention(root)
    hints = subprocess.run(
        ["xprop", "-id", outer_window(root), "WM_HINTS"], capture_output=True, text=True, check=True
    )
    assert "urgency hint bit is set" in hints.stdout
    assert root.focus_displayof() == focus


@pytest.mark.window
def test_a_long_title_ends_in_an_ellipsis(driver: WindowDriver) -> None:
    """What is said after the room's name stays in sight on a tab of the desktop."""
    root = driver.root()
    notifier = Notifier(root, Look(root), TextSanitizer(astral=True), lambda _: None)
    notifier.show("The room of everybody who is in the building today", "", notify=False)
    assert root.title() == "The room of everybody who is in the bui… – Messango"
