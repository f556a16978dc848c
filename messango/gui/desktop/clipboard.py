"""What the clipboard offers, asked in a moment: only names of types and of files, never a picture's bytes."""

from __future__ import annotations

import tkinter as tk

from messango.gui.model.sending.dropped import Dropped, uri_list
from messango.gui.model.sending.pasted import FILE_TYPES, PasteKind, paste_kind, selection_text


def clipboard_kind(widget: tk.Misc) -> PasteKind:
    """Return what a paste would bring. Only X11 names types; elsewhere all that is not text is a picture."""
    if str(widget.tk.call("tk", "windowingsystem")) == "x11":
        return paste_kind(_selection(widget, "TARGETS").split())
    try:
        return PasteKind.TEXT if widget.clipboard_get() else PasteKind.PICTURE
    except tk.TclError:
        return PasteKind.PICTURE


def copied_files(widget: tk.Misc) -> Dropped:
    """Return the files that were copied in a file manager of X11."""
    for file_type in FILE_TYPES:
        copied = uri_list(_selection(widget, file_type))
        if copied.paths or copied.text:
            return copied
    return Dropped()


def _selection(widget: tk.Misc, kind: str) -> str:
    try:
        found = widget.tk.call("selection", "get", "-selection", "CLIPBOARD", "-type", kind)
    except tk.TclError:  # the clipboard is empty, or its owner does not offer this
        return ""
    return selection_text(str(found))
