"""Where a window opens, decided without a display."""

from __future__ import annotations

from messango.gui.desktop.window_geometry import clamp
from messango.gui.look.theme import MIN_SIZE, WINDOW_SIZE
from messango.gui.settings import Settings

SCREEN = (1920, 1080)


def test_the_first_time_the_window_manager_chooses_the_place() -> None:
    """In the theme's size."""
    assert clamp(Settings(), SCREEN, round) == (WINDOW_SIZE, None)


def test_size_and_place_come_back() -> None:
    """Also where a part of the window was beyond the left edge."""
    assert clamp(Settings(size=(700, 500), position=(-50, 40)), SCREEN, round) == ((700, 500), (-50, 40))


def test_a_window_from_a_larger_screen_is_brought_back() -> None:
    """It is no larger than this one, and where its top would be out of sight its place is forgotten."""
    was = Settings(size=(3000, 2000), position=(2500, 1500))
    assert clamp(was, SCREEN, round) == (SCREEN, None)
    assert clamp(Settings(position=(10, -200)), SCREEN, round)[1] is None


def test_no_size_is_too_small_to_use() -> None:
    """Whatever stands in the file."""
    assert clamp(Settings(size=(-5, 1)), SCREEN, round)[0] == MIN_SIZE
