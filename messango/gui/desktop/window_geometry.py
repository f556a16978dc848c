"""Where the window was and how large, brought back to the screen that there is now."""

from __future__ import annotations

import contextlib
import tkinter as tk
from collections.abc import Callable

from messango.gui.look import theme
from messango.gui.settings import Settings, SettingsStore


def clamp(
    settings: Settings, screen: tuple[int, int], px: Callable[[float], int]
) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """Return a size, and a place or None where the window manager shall choose.

    A place counts only where the window's top would be in sight; `px` is `Look.scaled`.
    """
    wanted = settings.size or tuple(px(length) for length in theme.WINDOW_SIZE)
    smallest_size = [px(length) for length in theme.MIN_SIZE]
    width, height = (
        max(min(length, most), smallest)
        for length, most, smallest in zip(wanted, screen, smallest_size, strict=True)
    )
    position = settings.position
    min_visible = px(theme.MIN_VISIBLE)
    if position is not None and not (
        min_visible - width <= position[0] <= screen[0] - min_visible
        and 0 <= position[1] <= screen[1] - min_visible
    ):
        position = None
    return (width, height), position


def restore(root: tk.Tk, settings: Settings, px: Callable[[float], int]) -> None:
    """Give the window its size and place."""
    screen = root.winfo_vrootwidth(), root.winfo_vrootheight()
    (width, height), position = clamp(settings, screen, px)
    # `+-5` is five pixels to the left of the edge, where `-5` would count from the right one.
    offset = f"+{position[0]}+{position[1]}" if position else ""
    root.geometry(f"{width}x{height}{offset}")
    root.minsize(*(px(length) for length in theme.MIN_SIZE))
    if settings.zoomed:
        _zoom(root)


def save(root: tk.Tk, settings: SettingsStore) -> None:
    """Note size and place for the next time; those of a window that fills the screen are not its own."""
    if not root.winfo_viewable():
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
