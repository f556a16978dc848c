"""A text to copy: an entry that can't be changed, and a button."""

from __future__ import annotations

import tkinter as tk

from messango.gui.look.look import Look
from messango.gui.widgets.field import Field


class CopyField(Field):
    """The button copies the text to the clipboard, and says that it has."""

    def __init__(self, parent: tk.Misc, look: Look, label: str, *, text: str = "") -> None:
        super().__init__(parent, look, label)
        self.copy_button = self.add_button("Copy", "Primary.TButton", self.copy)
        self.show(text)

    def show(self, text: str) -> None:
        """Show this text instead of the one before."""
        self.entry.state(["!readonly"])
        self.entry.delete(0, "end")
        self.entry.insert(0, text)
        self.entry.state(["readonly"])
        self.copy_button.configure(text="Copy")

    def copy(self) -> None:
        """Copy the text, and show that."""
        self.clipboard_clear()
        self.clipboard_append(self.text())
        self.copy_button.configure(text="Copied")
