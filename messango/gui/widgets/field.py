"""An entry with its label above, and an error below if its text is not valid."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from messango.errors import MessangoError
from messango.gui.look import theme
from messango.gui.look.look import Look

_DOT: Final = "•"


class Field(ttk.Frame):
    """Never changes what was typed; `show_error` shows what is wrong with it."""

    def __init__(
        self, parent: tk.Misc, look: Look, label: str, *, text: str = "", width: int = 8, hidden: bool = False
    ) -> None:
        """`hidden` shows a dot for each character."""
        super().__init__(parent)
        ttk.Label(self, text=label, style="Small.TLabel").grid(row=0, column=0, sticky="w")
        self.entry = ttk.Entry(self, font=theme.BODY, width=width)
        if hidden:
            self.entry.configure(show=_DOT)
        self.entry.insert(0, text)
        self.entry.grid(row=1, column=0, sticky="ew", pady=(look.scaled(theme.TINY), 0))
        self._error_label = ttk.Label(self, style="Error.TLabel")
        self._error_label.grid(row=2, column=0, sticky="ew", pady=(look.scaled(theme.TINY), 0))
        self._error_label.grid_remove()
        self.columnconfigure(0, weight=1)
        self.entry.bind("<Key>", lambda _: self.show_error(None))
        self.bind("<Configure>", lambda event: self._error_label.configure(wraplength=event.width))

    def text(self) -> str:
        """Return the text."""
        return self.entry.get()

    def error_text(self) -> str:
        """Return the error shown, or an empty text."""
        return str(self._error_label.cget("text"))

    def show_error(self, error: MessangoError | None) -> None:
        """Show an error below the field, or remove it."""
        self.entry.state(["invalid" if error else "!invalid"])
        self._error_label.configure(text=f"{error} {error.hint}" if error else "")
        if error:
            self._error_label.grid()
            self.entry.focus_set()
        else:
            self._error_label.grid_remove()
