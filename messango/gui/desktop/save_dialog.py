"""The dialog for saving a conversation."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog, ttk
from typing import Final, TypeVar

from messango.app.export import suggested_file_name

_Result = TypeVar("_Result")

_FILE_TYPES: Final = (("Text", "*.txt"), ("Markdown", "*.md"), ("JSON Lines", "*.jsonl"))

#: Tk's own dialog, where the system has none.
_TK_DIALOG: Final = "__tk_filedialog"

#: Tk draws the names of files black on white, whatever the theme; this gives names that were selected our
#: colour back.
_KEEP_INK: Final = """apply {{canvas ink} {
    trace add execution $canvas leave [list apply {{canvas ink command args} {
        if {[lrange $command 1 2] eq {itemconfigure selectionText}} {
            $canvas itemconfigure selectionText -fill $ink
        }
    }} $canvas $ink]
}}"""


def ask_save_path(parent: tk.Misc, room: str) -> Path | None:
    """Return the file that the user chose, or None; the window works on meanwhile."""
    prepare_tk_dialog(parent)
    chosen = dialog_result(
        parent,
        lambda: filedialog.asksaveasfilename(
            parent=parent,
            title="Save conversation",
            initialfile=f"{suggested_file_name(room)}.txt",
            defaultextension=".txt",
            filetypes=_FILE_TYPES,
        ),
    )
    return Path(chosen) if chosen else None


def ask_file_path(parent: tk.Misc, name: str) -> Path | None:
    """Return where to save a file of the room with this name, or None; the window works on meanwhile."""
    prepare_tk_dialog(parent)
    chosen = dialog_result(
        parent,
        lambda: filedialog.asksaveasfilename(parent=parent, title="Save file", initialfile=name),
    )
    return Path(chosen) if chosen else None


def dialog_result(parent: tk.Misc, ask: Callable[[], _Result]) -> _Result | None:
    """Return what a dialog returns, or None if a signal has closed the window during the dialog."""
    try:
        return ask()
    except tk.TclError:
        if _exists(parent):
            raise
        return None


def prepare_tk_dialog(parent: tk.Misc) -> None:
    """Have Tk's own dialog made again, in the colours that the window has now."""
    path = f"{str(parent).rstrip('.')}.{_TK_DIALOG}"
    parent.tk.call("destroy", path)
    style = ttk.Style(parent)
    ink, surface = style.lookup(".", "foreground"), style.lookup("TEntry", "fieldbackground")
    colors = {
        "Canvas.foreground": ink,
        "Menu.background": surface,
        "Menu.foreground": ink,
        "Menu.activeBackground": style.lookup(".", "selectbackground"),
        "Menu.activeForeground": ink,
        "Menu.relief": "flat",
    }
    for option, color in colors.items():
        parent.option_add(f"*TkFDialog*{option}", color)
    # Tk makes the dialog, then lets idle tasks run, then shows it.
    parent.after_idle(_recolor_list, parent, f"{path}.contents.icons", surface, ink)


def _recolor_list(parent: tk.Misc, path: str, surface: str, ink: str) -> None:
    if not parent.tk.getboolean(parent.tk.call("winfo", "exists", path)):
        return  # the system has a dialog of its own
    for canvas in _descendants(parent, path):
        if parent.tk.call("winfo", "class", canvas) == "Canvas":
            parent.tk.call(canvas, "configure", "-background", surface)
            parent.tk.eval(f"{_KEEP_INK} {canvas} {ink}")


def _descendants(parent: tk.Misc, path: str) -> list[str]:
    children = [str(child) for child in parent.tk.splitlist(parent.tk.call("winfo", "children", path))]
    return children + [found for child in children for found in _descendants(parent, child)]


def _exists(parent: tk.Misc) -> bool:
    try:
        return bool(parent.winfo_exists())
    except tk.TclError:
        return False
