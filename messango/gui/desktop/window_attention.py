"""Requests the user's attention for a window: a flashing taskbar, a bouncing icon, or nothing."""

from __future__ import annotations

import contextlib
import ctypes
import sys
import tkinter as tk
from typing import Any, Final

#: ICCCM 4.1.2.4
_URGENCY_HINT: Final = 1 << 8

#: FLASHW_TRAY | FLASHW_TIMERNOFG: flash the taskbar button until the window has the focus.
_FLASH: Final = 0x2 | 0xC


def request_attention(root: tk.Tk) -> bool:
    """Request attention for a window without the focus; returns whether the system was asked.

    It never takes the focus, and never blocks.
    """
    system = str(root.tk.call("tk", "windowingsystem"))
    with contextlib.suppress(tk.TclError, OSError, AttributeError):
        if system == "aqua":
            root.wm_attributes("-notify", True)
            return True
        if system == "x11":
            return _set_urgency_hint(root.winfo_id())
        if sys.platform == "win32":
            return _flash(int(root.wm_frame(), 16))
    return False


class _Hints(ctypes.Structure):
    """Xlib's XWMHints; only the first field is used."""

    _fields_ = (("flags", ctypes.c_long), ("rest", ctypes.c_long * 8))


def _set_urgency_hint(window: int) -> bool:
    """Set the hint on the wrapper that Tk puts around a window, where window managers read it.

    This opens its own connection to the display, so as not to use Tk's.
    """
    xlib: Any = ctypes.CDLL("libX11.so.6")
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XGetWMHints.restype = xlib.XAllocWMHints.restype = ctypes.POINTER(_Hints)
    display = ctypes.c_void_p(xlib.XOpenDisplay(None))
    if not display:
        return False
    try:
        wrapper = ctypes.c_ulong(_parent(xlib, display, window))
        hints = xlib.XGetWMHints(display, wrapper) or xlib.XAllocWMHints()
        hints.contents.flags |= _URGENCY_HINT
        xlib.XSetWMHints(display, wrapper, hints)
        xlib.XFree(hints)
    finally:
        xlib.XCloseDisplay(display)
    return True


def _parent(xlib: Any, display: ctypes.c_void_p, window: int) -> int:
    root, parent = ctypes.c_ulong(), ctypes.c_ulong()
    children, count = ctypes.c_void_p(), ctypes.c_uint()
    xlib.XQueryTree(
        display,
        ctypes.c_ulong(window),
        ctypes.byref(root),
        ctypes.byref(parent),
        ctypes.byref(children),
        ctypes.byref(count),
    )
    if children:
        xlib.XFree(children)
    return parent.value


if sys.platform == "win32":

    class _FlashInfo(ctypes.Structure):
        _fields_ = (
            ("size", ctypes.c_uint),
            ("window", ctypes.c_void_p),
            ("flags", ctypes.c_uint),
            ("count", ctypes.c_uint),
            ("timeout", ctypes.c_uint),
        )

    def _flash(window: int) -> bool:
        info = _FlashInfo(ctypes.sizeof(_FlashInfo), window, _FLASH, 3, 0)
        ctypes.windll.user32.FlashWindowEx(ctypes.byref(info))
        return True
