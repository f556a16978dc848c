"""Opens Tk's root, and detects what the display can do."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from typing import TYPE_CHECKING, Any, Final

from messango.doctor.checks.system import INSTALL_TK_HINT
from messango.errors import DisplayUnavailable
from messango.gui.model.text.sanitizer import TextSanitizer

if TYPE_CHECKING:
    import tkinter as tk

_TERMINAL_HINT: Final = "Or chat in the terminal: messango chat"
_NO_DISPLAY_HINT: Final = f"Start it from a desktop session (over SSH: ssh -X). {_TERMINAL_HINT}"

#: libXft 2.3.5 is the first version that draws colour emoji; older ones fail on them.
_XFT_WITH_COLOR_EMOJI: Final = 20305

#: Tk's scaling is in pixels per point (1/72 inch). This is its value at 96 dpi.
_POINTS_AT_96_DPI: Final = 96 / 72

#: The scale is rounded to this step: at 98 dpi, a line is one pixel wide, not a little more.
_SCALE_STEP: Final = 0.25


def open_root() -> tk.Tk:
    """Return Tk's root window, still hidden; raises `DisplayUnavailable` with a hint what to do."""
    try:
        import tkinter as tk
    except ImportError as error:  # tkinter is not installed, or this Python was built without Tk
        raise DisplayUnavailable("The window needs Tk, which this Python lacks.", INSTALL_TK_HINT) from error
    _enable_dpi_awareness()
    try:
        root = tk.Tk(className="Messango")
    except tk.TclError as error:
        if "WAYLAND_DISPLAY" in os.environ and not os.environ.get("DISPLAY"):
            raise DisplayUnavailable(
                "No window can be opened here: Tk needs an X display, and this Wayland session offers none.",
                f"Install Xwayland, or switch it on in your desktop's settings. {_TERMINAL_HINT}",
            ) from error
        raise DisplayUnavailable(f"No window can be opened here: {error}.", _NO_DISPLAY_HINT) from error
    root.withdraw()
    return root


def _enable_dpi_awareness() -> None:
    """Turn off Windows' bitmap scaling of the window. Call it before the first window is created."""
    if sys.platform == "win32":
        with contextlib.suppress(AttributeError, OSError):
            ctypes.OleDLL("shcore").SetProcessDpiAwareness(1)


def text_sanitizer_for(root: tk.Tk) -> TextSanitizer:
    """Return the sanitizer for texts on this root's display."""
    system = root.tk.call("tk", "windowingsystem")
    # On macOS and Windows, Tk draws by Core Text and Uniscribe, which know directions and joined forms; Core
    # Text also joins emoji.
    return TextSanitizer(
        astral=draws_color_emoji(root), reorders=system == "x11", joins_emoji=system == "aqua"
    )


def draws_color_emoji(root: tk.Tk) -> bool:
    """Return whether Tk can draw emoji of a colour font, and does not die of it."""
    on_x11 = root.tk.call("tk", "windowingsystem") == "x11"
    return not on_x11 or xft_version() >= _XFT_WITH_COLOR_EMOJI


def xft_version() -> int:
    """Return libXft's version as 10000 * major + 100 * minor + revision, or 0 if it is unknown."""
    try:
        library: Any = ctypes.CDLL("libXft.so.2")
        return int(library.XftGetVersion())
    except (OSError, AttributeError):
        return 0


def display_scale(root: tk.Tk) -> float:
    """Return the factor for lengths in pixels at 96 dpi, at least 1."""
    if root.tk.call("tk", "windowingsystem") == "aqua":
        return 1.0  # macOS scales by itself
    scale = float(root.tk.call("tk", "scaling")) / _POINTS_AT_96_DPI
    return max(1.0, round(scale / _SCALE_STEP) * _SCALE_STEP)
