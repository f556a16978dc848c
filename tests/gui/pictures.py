"""Takes pictures of windows and tells what colours are in them."""

from __future__ import annotations

import subprocess
import tkinter as tk
from pathlib import Path

from messango.gui.look import theme
from messango.gui.window import Window


def take(window: Window, path: Path) -> None:
    """Take a picture of a window."""
    window.root.update()
    picture = ["import", "-window", str(window.root.winfo_id()), "-strip", str(path)]
    subprocess.run(picture, check=True, timeout=60)


def outer_window(root: tk.Tk) -> str:
    """Return the id of the window that Tk has put round a root, which is what the system knows."""
    tree = ["xwininfo", "-tree", "-id", str(root.winfo_id())]
    output = subprocess.run(tree, check=True, timeout=60, capture_output=True, text=True).stdout
    return next(line.split()[3] for line in output.splitlines() if "Parent window id" in line)


def colors(path: Path) -> dict[str, int]:
    """Return how many pixels of a picture have each color."""
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
    """Make sure that a picture shows our own colours: mostly ground and surface, and no grey of Tk's own."""
    seen = colors(path)
    palette_pixels = sum(
        seen.get(getattr(palette, name), 0) for name in ("background", "surface", "own_message", "selection")
    )
    assert palette_pixels > 0.7 * sum(seen.values())
    assert seen.get(palette.primary, 0) > 500
    assert seen.get("#d9d9d9", 0) + seen.get("#dcdad5", 0) < 50
