"""A page beside the rooms and the conversation: it covers them, and is closed to come back."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.widgets.centered_column import Column
from messango.gui.widgets.scroll_area import ScrollArea


class SidePage(Column):
    """Put widgets into `body`, then call `ready`. Escape closes it, as the button does."""

    def __init__(self, parent: tk.Misc, look: Look, title: str, *, on_close: Callable[[], None]) -> None:
        super().__init__(parent, look)
        self.title = title
        header = ttk.Frame(self.inside)
        ttk.Label(header, text=title, style="Title.TLabel").grid(row=0, column=0, sticky="w")
        self.close_button = ttk.Button(header, text="Back", style="Quiet.TButton", command=on_close)
        self.close_button.grid(row=0, column=1, sticky="e")
        header.columnconfigure(0, weight=1)
        header.pack(fill="x", pady=(0, look.px(theme.WIDE_GAP)))
        self._area = ScrollArea(self.inside, look)
        self._area.pack(fill="both", expand=True)
        self.body = self._area.inside
        self.body.columnconfigure(0, weight=1)
        self._on_close = on_close

    def ready(self) -> None:
        """All widgets are there: let keys and wheel work over each."""
        for widget in _family(self):
            widget.bind("<Escape>", self._escaped, add=True)
            widget.bind("<Prior>", lambda _: self._area.turn(-1), add=True)
            widget.bind("<Next>", lambda _: self._area.turn(1), add=True)
        for widget in _family(self.body):
            self._area.listen(widget)
            widget.bind("<<TraverseIn>>", lambda event: self._area.see(event.widget), add=True)

    def focus_first(self) -> None:
        """Give the keyboard to what is used first."""
        self.close_button.focus_set()

    def _escaped(self, _event: tk.Event[tk.Misc]) -> str:
        self._on_close()
        return "break"


def _family(widget: tk.Misc) -> list[tk.Misc]:
    return [widget, *(member for child in widget.winfo_children() for member in _family(child))]
