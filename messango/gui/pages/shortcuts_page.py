"""The help page (F1): how to begin, and the keyboard shortcuts."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.shortcuts import FIRST_STEPS, SHORTCUTS
from messango.gui.widgets.layout.side_page import SidePage

#: The keys have at most this part of the width beside what they do; otherwise they stand above it.
_KEYS_SHARE: Final = 0.45


class ShortcutsPage(SidePage):
    """Shows `FIRST_STEPS`, then `SHORTCUTS`: keys on the left, what they do on the right or below."""

    def __init__(self, parent: tk.Misc, look: Look, *, on_close: Callable[[], None]) -> None:
        super().__init__(parent, look, "Help", on_close=on_close)
        self._full_width: list[ttk.Label] = []
        self._keys: list[ttk.Label] = []
        self._descriptions: list[ttk.Label] = []
        #: The widgets that stand side by side or below each other, from top to bottom.
        self._lines: list[tuple[ttk.Label, ...]] = [(self._text(text, "TLabel"),) for text in FIRST_STEPS]
        for heading, keys in SHORTCUTS:
            self._lines.append((self._text(heading, "Heading.TLabel"),))
            for key, description in keys:
                self._keys.append(ttk.Label(self.body, text=key, style="Key.TLabel"))
                self._descriptions.append(ttk.Label(self.body, text=description, style="Muted.TLabel"))
                self._lines.append((self._keys[-1], self._descriptions[-1]))
        self.body.bind("<Configure>", lambda event: self._arrange(event.width), add=True)
        self.bind_content()

    def _text(self, text: str, style: str) -> ttk.Label:
        self._full_width.append(ttk.Label(self.body, text=text, style=style))
        return self._full_width[-1]

    def _arrange(self, width: int) -> None:
        gap, tiny, wide = (self._look.scaled(length) for length in (theme.GAP, theme.TINY, theme.WIDE_GAP))
        # As they are when nothing wraps them.
        keys_width = (
            max(self._look.text_width(str(key.cget("text")), theme.STRONG) for key in self._keys) + wide
        )
        below = keys_width > width * _KEYS_SHARE
        for label in self._keys:
            label.configure(wraplength=width if below else 0)
        for label in self._full_width:
            label.configure(wraplength=width)
        for label in self._descriptions:
            label.configure(wraplength=width if below else width - keys_width)
        self.body.columnconfigure(0, weight=0, minsize=0 if below else keys_width)
        self.body.columnconfigure(1, weight=1)
        for row, line in enumerate(self._lines):
            if len(line) == 1:
                line[0].grid(row=2 * row, column=0, columnspan=2, sticky="w", pady=(gap if row else 0, tiny))
                continue
            key, description = line
            key.grid(row=2 * row, column=0, columnspan=2 if below else 1, sticky="nw", pady=tiny)
            if below:
                description.grid(row=2 * row + 1, column=0, columnspan=2, sticky="w", pady=(0, tiny))
            else:
                description.grid(row=2 * row, column=1, columnspan=1, sticky="w", pady=tiny)
