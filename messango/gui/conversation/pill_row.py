"""The row below a transcript with the ways to what is out of sight: the newest messages, and mentions."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look


class PillRow(ttk.Frame):
    """Has a row of its own: over the transcript its buttons would cover a line. Not reached with Tab."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        *,
        on_jump: Callable[[], object],
        on_mention: Callable[[], object],
    ) -> None:
        super().__init__(parent, style="Surface.TFrame")
        self._gap = look.scaled(theme.TINY)
        self.jump_button = ttk.Button(self, style="Pill.TButton", command=on_jump, takefocus=False)
        self.mention_button = ttk.Button(self, style="Pill.TButton", command=on_mention, takefocus=False)

    def show(self, jump: str, mention: str) -> None:
        """Show the buttons that have a label."""
        for button, text in ((self.mention_button, mention), (self.jump_button, jump)):
            if text:
                button.configure(text=text)
                button.pack(side="left", padx=self._gap)
            else:
                button.pack_forget()
        if jump or mention:
            self.grid(row=1, column=0, columnspan=2, pady=self._gap)
        else:
            self.grid_remove()
