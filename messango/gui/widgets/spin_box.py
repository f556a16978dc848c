"""A number, or a choice in order, with a button on each side."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look


class Stepper(ttk.Frame):
    """Calls `on_step` with -1 or 1; `show` tells what there is to read then. Left and Right work too."""

    def __init__(self, parent: tk.Misc, look: Look, label: str, *, on_step: Callable[[int], None]) -> None:
        super().__init__(parent)
        gap = look.px(theme.SMALL_GAP)
        ttk.Label(self, text=label, style="Small.TLabel").grid(row=0, column=0, columnspan=3, sticky="w")
        self.less = ttk.Button(self, text="−", style="Step.TButton", command=lambda: on_step(-1))
        self._value = ttk.Label(self, anchor="center", width=theme.STEP_CHARACTERS)
        self.more = ttk.Button(self, text="+", style="Step.TButton", command=lambda: on_step(1))
        above = (look.px(theme.TINY), 0)
        self.less.grid(row=1, column=0, pady=above)
        self._value.grid(row=1, column=1, padx=gap, pady=above)
        self.more.grid(row=1, column=2, pady=above)
        for button in (self.less, self.more):
            button.bind("<Left>", lambda _: on_step(-1))
            button.bind("<Right>", lambda _: on_step(1))

    def show(self, text: str) -> None:
        """Show where it stands."""
        self._value.configure(text=text)

    def text(self) -> str:
        """Return what can be read."""
        return str(self._value.cget("text"))
