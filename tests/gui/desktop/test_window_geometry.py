"""Size and position of a window, without a display."""

from __future__ import annotations

from messango.gui.desktop.window_geometry import clamp
from messango.gui.look.theme import MIN_SIZE, WINDOW_SIZE
from messango.gui.settings import Settings

SCREEN = (1920, 1080)


def test_first_window_has_the_default_size() -> None:
    """The window manager chooses its position."""
    assert clamp(Settings(), SCREEN, round) == (WINDOW_SIZE, None)


def test_size_and_position_are_restored() -> None:
    """Even if part of the window was beyond the left edge."""
    assert clamp(Settings(size=(700, 500), position=(-50, 40)), SCREEN, round) == ((700, 500), (-50, 40))


def test_window_from_a_larger_screen_is_clamped() -> None:
    """It is no larger than this screen; a position with an invisible top is ignored."""
    stored = Settings(size=(3000, 2000), position=(2500, 1500))
    assert clamp(stored, SCREEN, round) == (SCREEN, None)
    assert clamp(Settings(position=(10, -200)), SCREEN, round)[1] is None


def test_size_has_a_minimum() -> None:
    """Whatever the file contains."""
    assert clamp(Settings(size=(-5, 1)), SCREEN, round)[0] == MIN_SIZE
