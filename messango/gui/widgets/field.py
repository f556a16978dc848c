"""An entry with its label above, and an error below if its text is not valid."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.errors import MessangoError
from messango.gui.look import theme
from messango.gui.look.look import Look

_DOT: Final = "•"

#: An entry must be at least so wide.
_LEAST_TEXT: Final = "0123456789"


class Field(ttk.Frame):
    """Never changes what was typed; `show_error` shows what is wrong with it."""

    def __init__(
        self, parent: tk.Misc, look: Look, label: str, *, text: str = "", width: int = 8, hidden: bool = False
    ) -> None:
        """`hidden` shows a dot for each character."""
        super().__init__(parent)
        self._look = look
        self._label = ttk.Label(self, text=label, style="Small.TLabel")
        self._label.grid(row=0, column=0, columnspan=3, sticky="w")
        self.entry = ttk.Entry(self, font=theme.BODY, width=width)
        if hidden:
            self.entry.configure(show=_DOT)
        self.entry.insert(0, text)
        self.entry.grid(row=1, column=0, sticky="ew", pady=(look.scaled(theme.TINY), 0))
        self._error_label = ttk.Label(self, style="Error.TLabel")
        self._error_label.grid(row=3, column=0, columnspan=3, sticky="ew", pady=(look.scaled(theme.TINY), 0))
        self._error_label.grid_remove()
        self.columnconfigure(0, weight=1)
        self.entry.bind("<Key>", lambda _: self.show_error(None))
        #: The button beside the entry, if there is one.
        self.button: ttk.Button | None = None
        self.bind("<Configure>", lambda event: self._on_resize(event.width))

    def add_button(
        self, text: str, style: str, command: Callable[[], None], *, at_edge: bool = False
    ) -> ttk.Button:
        """Put a button beside the entry, or below it where both do not fit; `at_edge`: far away from it."""
        self.button = ttk.Button(self, text=text, style=style, command=command)
        if at_edge:  # in a narrow window, the entry gives way; in a wide one, the space is between the two
            self.columnconfigure(1, weight=1_000)
        self.button.bind("<Configure>", lambda _: self._place_button(self.winfo_width()))  # another text
        self._place_button(self.winfo_width())
        return self.button

    def _on_resize(self, width: int) -> None:
        for label in (self._label, self._error_label):
            label.configure(wraplength=max(width, self._look.text_width(_LEAST_TEXT, theme.BODY)))
        self._place_button(width)

    def _place_button(self, width: int) -> None:
        if self.button is None:
            return
        gap, tiny = self._look.scaled(theme.SMALL_GAP), self._look.scaled(theme.TINY)
        room = width - self.button.winfo_reqwidth() - gap
        if width > 1 and room < self._look.text_width(_LEAST_TEXT, theme.BODY):
            self.button.grid(row=2, column=0, columnspan=3, sticky="e", padx=0, pady=(gap, 0))
        else:
            self.button.grid(row=1, column=2, columnspan=1, sticky="e", padx=(gap, 0), pady=(tiny, 0))

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
