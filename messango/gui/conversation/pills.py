"""The small buttons below the transcript that lead to messages out of sight."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look


class Pills(ttk.Frame):
    """One button to the next mention, one to the newest messages; lay it out, and it hides while it is empty.

    It has a row of its own: over the transcript it would cover a line.
    """

    def __init__(
        self, parent: tk.Misc, look: Look, *, on_mention: Callable[[], object], on_jump: Callable[[], object]
    ) -> None:
        super().__init__(parent, style="Surface.TFrame")
        self._gap, self._tiny = look.scaled(theme.SMALL_GAP), look.scaled(theme.TINY)
        self.mention_button, self.jump_button = (
            ttk.Button(self, style="Pill.TButton", command=command, takefocus=False)
            for command in (on_mention, on_jump)
        )

    def show(self, mention: str, jump: str) -> None:
        """Show the buttons with these labels; none with an empty one."""
        for column, (button, text) in enumerate(((self.mention_button, mention), (self.jump_button, jump))):
            if text:
                button.configure(text=text)
                button.grid(row=0, column=column, padx=self._gap // 2)
            else:
                button.grid_remove()
        if mention or jump:
            self.grid(row=1, column=0, columnspan=2, pady=self._tiny)
        else:
            self.grid_remove()
