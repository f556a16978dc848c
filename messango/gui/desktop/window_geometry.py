"""Saves the window's size and position, and restores them on the current screen."""

from __future__ import annotations

import contextlib
import tkinter as tk
from collections.abc import Callable

from messango.gui.desktop.full_screen import is_full_screen
from messango.gui.look import theme
from messango.gui.settings import Settings, SettingsStore


def clamp(
    settings: Settings, screen: tuple[int, int], scaled: Callable[[float], int]
) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """Return a size and a position, or None for the position if the window manager is to choose.

    A stored position is used only if the window's top would be visible; `scaled` is `Look.scaled`.
    """
    wanted = settings.size or tuple(scaled(length) for length in theme.WINDOW_SIZE)
    smallest_size = [scaled(length) for length in theme.MIN_SIZE]
    width, height = (
        max(min(length, most), smallest)
        for length, most, smallest in zip(wanted, screen, smallest_size, strict=True)
    )
    position = settings.position
    min_visible = scaled(theme.MIN_VISIBLE)
    if position is not None and not (
        min_visible - width <= position[0] <= screen[0] - min_visible
        and 0 <= position[1] <= screen[1] - min_visible
    ):
        position = None
    return (width, height), position


def restore(root: tk.Tk, settings: Settings, scaled: Callable[[float], int]) -> None:
    """Apply the stored size and position to the window."""
    screen = root.winfo_vrootwidth(), root.winfo_vrootheight()
    (width, height), position = clamp(settings, screen, scaled)
    # `+-5` is five pixels left of the left edge; `-5` would count from the right edge.
    offset = f"+{position[0]}+{position[1]}" if position else ""
    root.geometry(f"{width}x{height}{offset}")
    root.minsize(*(scaled(length) for length in theme.MIN_SIZE))
    if settings.zoomed:
        _zoom(root)


def save(root: tk.Tk, settings: SettingsStore) -> None:
    """Store size and position; of a maximised window, only that it is maximised, of full screen nothing."""
    if not root.winfo_viewable() or is_full_screen(root):
        return
    zoomed = _is_zoomed(root)
    if zoomed:
        settings.change(zoomed=True)
        return
    size = root.winfo_width(), root.winfo_height()
    settings.change(zoomed=False, size=size, position=(root.winfo_x(), root.winfo_y()))


def _zoom(root: tk.Tk) -> None:
    with contextlib.suppress(tk.TclError):
        if root.tk.call("tk", "windowingsystem") == "x11":
            root.attributes("-zoomed", True)
        else:
            root.state("zoomed")


def _is_zoomed(root: tk.Tk) -> bool:
    if root.tk.call("tk", "windowingsystem") == "x11":
        return bool(root.tk.getboolean(root.tk.call("wm", "attributes", str(root), "-zoomed")))
    return root.state() == "zoomed"
