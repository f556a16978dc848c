"""Takes screenshots of windows, and counts their colours."""

from __future__ import annotations

import subprocess
import tkinter as tk
from pathlib import Path

from messango.gui.look import theme
from messango.gui.window import Window


def take(window: Window, path: Path) -> None:
    """Take a screenshot of a window."""
    window.root.update()
    picture = ["import", "-window", str(window.root.winfo_id()), "-strip", str(path)]
    subprocess.run(picture, check=True, timeout=60)


def outer_window(root: tk.Tk) -> str:
    """Return the id of the wrapper window that Tk puts around a root, which the window manager uses."""
    tree = ["xwininfo", "-tree", "-id", str(root.winfo_id())]
    output = subprocess.run(tree, check=True, timeout=60, capture_output=True, text=True).stdout
    return next(line.split()[3] for line in output.splitlines() if "Parent window id" in line)


def colors(path: Path) -> dict[str, int]:
    """Return the number of pixels of each colour in a picture."""
    completed = subprocess.run(
        ["convert", str(path), "-depth", "8", "-alpha", "off", "-format", "%c", "histogram:info:-"],
        check=True,
        timeout=60,
        capture_output=True,
        text=True,
    )
    lines = (line.split() for line in completed.stdout.splitlines() if "#" in line)
    return {
        next(word for word in line if word.startswith("#")).lower(): int(line[0].rstrip(":"))
        for line in lines
    }


def check(path: Path, palette: theme.Palette) -> None:
    """Check that a picture has our colours, mostly background and surface, and no grey of Tk's."""
    counts = colors(path)
    palette_pixels = sum(
        counts.get(getattr(palette, name), 0)
        for name in ("background", "surface", "own_message", "selection", "private_background")
    )
    assert palette_pixels > 0.7 * sum(counts.values())
    assert counts.get(palette.primary, 0) > 500
    assert counts.get("#d9d9d9", 0) + counts.get("#dcdad5", 0) < 50
