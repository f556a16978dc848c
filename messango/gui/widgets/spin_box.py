"""A value with a button on each side, for less and more."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look


class SpinBox(ttk.Frame):
    """Calls `on_step` with -1 or 1; show the new value by `set_text`. Left and Right work, too."""

    def __init__(self, parent: tk.Misc, look: Look, label: str, *, on_step: Callable[[int], None]) -> None:
        super().__init__(parent)
        gap = look.scaled(theme.SMALL_GAP)
        ttk.Label(self, text=label, style="Small.TLabel").grid(row=0, column=0, columnspan=3, sticky="w")
        self.decrement_button = ttk.Button(
            self, text="−", style="Compact.TButton", command=lambda: on_step(-1)
        )
        self._value = ttk.Label(self, anchor="center", width=theme.SPIN_BOX_CHARACTERS)
        self.increment_button = ttk.Button(
            self, text="+", style="Compact.TButton", command=lambda: on_step(1)
        )
        above = (look.scaled(theme.TINY), 0)
        self.decrement_button.grid(row=1, column=0, pady=above)
        self._value.grid(row=1, column=1, padx=gap, pady=above)
        self.increment_button.grid(row=1, column=2, pady=above)
        for button in (self.decrement_button, self.increment_button):
            button.bind("<Left>", lambda _: on_step(-1))
            button.bind("<Right>", lambda _: on_step(1))

    def set_text(self, text: str) -> None:
        """Show a value."""
        self._value.configure(text=text)

    def text(self) -> str:
        """Return the value shown."""
        return str(self._value.cget("text"))
