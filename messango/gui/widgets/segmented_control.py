"""A choice of one of a few options, side by side."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look


class SegmentedControl(ttk.Frame):
    """Calls `on_select` with the index of the chosen option; the arrow keys move the choice."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        label: str,
        options: Sequence[str],
        *,
        on_select: Callable[[int], None],
    ) -> None:
        super().__init__(parent)
        self._on_select = on_select
        self._index = 0
        self._gap = look.scaled(theme.SMALL_GAP)
        ttk.Label(self, text=label, style="Small.TLabel").pack(anchor="w", pady=(0, look.scaled(theme.TINY)))
        self._row = ttk.Frame(self)
        self._row.pack(fill="x")
        self.buttons: list[ttk.Button] = []
        for index, option in enumerate(options):
            button = ttk.Button(
                self._row,
                text=option,
                style="Segment.TButton",
                command=partial(self._select, index),
            )
            button.bind("<Left>", lambda _: self._select_adjacent(-1))
            button.bind("<Right>", lambda _: self._select_adjacent(1))
            self.buttons.append(button)
        self._row.bind("<Configure>", lambda event: self._flow(event.width))

    def show(self, index: int) -> None:
        """Show this option as chosen."""
        self._index = index
        for number, button in enumerate(self.buttons):
            button.state(["selected" if number == index else "!selected"])

    def _flow(self, width: int) -> None:
        """Put as many options in a row as fit, the others below."""
        x = y = height = 0
        for button in self.buttons:
            button_width, height = button.winfo_reqwidth(), button.winfo_reqheight()
            if x and x + button_width > width:
                x, y = 0, y + height + self._gap
            button.place(x=x, y=y)
            x += button_width + self._gap
        self._row.configure(height=y + height)

    def _select_adjacent(self, delta: int) -> None:
        index = min(max(self._index + delta, 0), len(self.buttons) - 1)
        self.buttons[index].focus_set()
        self._select(index)

    def _select(self, index: int) -> None:
        self.show(index)
        self._on_select(index)
