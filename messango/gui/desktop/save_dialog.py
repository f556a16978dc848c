"""The dialog for saving a conversation."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import filedialog
from typing import Final

from messango.app.export import suggested_file_name

_FILE_TYPES: Final = (("Text", "*.txt"), ("Markdown", "*.md"), ("JSON Lines", "*.jsonl"))


def ask_save_path(parent: tk.Misc, room: str) -> Path | None:
    """Return the file that the user chose, or None; the window works on meanwhile."""
    try:
        chosen = filedialog.asksaveasfilename(
            parent=parent,
            title="Save conversation",
            initialfile=f"{suggested_file_name(room)}.txt",
            defaultextension=".txt",
            filetypes=_FILE_TYPES,
        )
    except tk.TclError:
        if _exists(parent):
            raise
        return None  # a signal has closed the window during the dialog
    return Path(chosen) if chosen else None


def _exists(parent: tk.Misc) -> bool:
    try:
        return bool(parent.winfo_exists())
    except tk.TclError:
        return False
