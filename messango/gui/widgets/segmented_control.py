"""One of a few words, side by side; the chosen one stands out."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look


class Choice(ttk.Frame):
    """Calls `on_choose` with the place of the word; arrows go from one to the next."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        label: str,
        words: Sequence[str],
        *,
        on_choose: Callable[[int], None],
    ) -> None:
        super().__init__(parent)
        self._on_choose = on_choose
        self._place = 0
        self._gap = look.px(theme.SMALL_GAP)
        ttk.Label(self, text=label, style="Small.TLabel").pack(anchor="w", pady=(0, look.px(theme.TINY)))
        self._row = ttk.Frame(self)
        self._row.pack(fill="x")
        self.buttons: list[ttk.Button] = []
        for place, word in enumerate(words):
            button = ttk.Button(
                self._row,
                text=word,
                style="Choice.TButton",
                command=partial(self._choose, place),
            )
            button.bind("<Left>", lambda _: self._beside(-1))
            button.bind("<Right>", lambda _: self._beside(1))
            self.buttons.append(button)
        self._row.bind("<Configure>", lambda event: self._flow(event.width))

    def show(self, place: int) -> None:
        """Show which one is chosen."""
        self._place = place
        for number, button in enumerate(self.buttons):
            button.state(["selected" if number == place else "!selected"])

    def _flow(self, width: int) -> None:
        """Put as many words side by side as fit, the others below them."""
        x = y = height = 0
        for button in self.buttons:
            across, height = button.winfo_reqwidth(), button.winfo_reqheight()
            if x and x + across > width:
                x, y = 0, y + height + self._gap
            button.place(x=x, y=y)
            x += across + self._gap
        self._row.configure(height=y + height)

    def _beside(self, steps: int) -> None:
        place = min(max(self._place + steps, 0), len(self.buttons) - 1)
        self.buttons[place].focus_set()
        self._choose(place)

    def _choose(self, place: int) -> None:
        self.show(place)
        self._on_choose(place)
