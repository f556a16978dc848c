"""Full screen: without the frame of the window and the bars of the desktop."""

from __future__ import annotations

import contextlib
import tkinter as tk
from typing import Final

#: What other programs use; on macOS, the keyboard's upper row has no F11 of its own.
KEYS: Final = ("<F11>",)
MAC_KEYS: Final = ("<F11>", "<Control-Command-f>")


def keys_for(root: tk.Misc) -> tuple[str, ...]:
    """Return the keys for full screen on this system."""
    # Elsewhere, Tk takes Command for Alt.
    return MAC_KEYS if root.tk.call("tk", "windowingsystem") == "aqua" else KEYS


def is_full_screen(root: tk.Tk) -> bool:
    """Return whether the window fills the screen, by us or by the desktop's own keys."""
    return bool(root.tk.getboolean(root.tk.call("wm", "attributes", str(root), "-fullscreen")))


def toggle(root: tk.Tk) -> None:
    """Change to full screen, or back to the size before."""
    with contextlib.suppress(tk.TclError):  # where the desktop has no full screen
        root.attributes("-fullscreen", not is_full_screen(root))
