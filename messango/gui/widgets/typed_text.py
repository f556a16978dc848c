"""What a key types, wherever the focus is."""

from __future__ import annotations

import tkinter as tk
from typing import Any, Final

#: Bits of an event's state: Control, Alt on X11 and Command on macOS (Mod1), and Alt on Windows.
_CONTROL, _MOD1, _WINDOWS_ALT = 0x4, 0x8, 0x20000
_ALT_GR: Final = _CONTROL | _WINDOWS_ALT

_FIELDS: Final = ("Text", "Entry", "TEntry", "Menu")


def typed_character(event: tk.Event[Any]) -> str:
    """Return the character that a key event types, or "" for a key that types none or is a shortcut."""
    state = int(event.state)
    is_shortcut = state & (_CONTROL | _MOD1 | _WINDOWS_ALT)
    if is_shortcut and state & _ALT_GR != _ALT_GR:  # on Windows, AltGr is Ctrl and Alt
        return ""
    return event.char if event.char.isprintable() else ""


def takes_text(widget: tk.Misc | str) -> bool:
    """Return whether what is typed while `widget` has the focus is written there."""
    if isinstance(widget, str):  # a widget that Tk itself has made, such as an open menu
        return True
    kind = widget.winfo_class()
    return kind in _FIELDS and not (kind == "Text" and str(widget["state"]) == "disabled")
