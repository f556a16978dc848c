"""The page with the keyboard shortcuts (F1)."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.shortcuts import SHORTCUTS
from messango.gui.widgets.side_page import SidePage


class ShortcutsPage(SidePage):
    """Shows `SHORTCUTS`: keys on the left, what they do on the right."""

    def __init__(self, parent: tk.Misc, look: Look, *, on_close: Callable[[], None]) -> None:
        super().__init__(parent, look, "Keyboard shortcuts", on_close=on_close)
        self.body.columnconfigure(0, weight=0)
        self.body.columnconfigure(1, weight=1)
        gap, tiny = look.scaled(theme.GAP), look.scaled(theme.TINY)
        row = 0
        for heading, keys in SHORTCUTS:
            ttk.Label(self.body, text=heading, style="Heading.TLabel").grid(
                row=row, column=0, columnspan=2, sticky="w", pady=(gap if row else 0, tiny)
            )
            for key, description in keys:
                row += 1
                ttk.Label(self.body, text=key, style="Key.TLabel").grid(
                    row=row, column=0, sticky="nw", pady=tiny, padx=(0, look.scaled(theme.WIDE_GAP))
                )
                label = ttk.Label(self.body, text=description, style="Muted.TLabel")
                label.grid(row=row, column=1, sticky="ew", pady=tiny)
                label.bind("<Configure>", _wrap)
            row += 1
        self.bind_content()


def _wrap(event: tk.Event[ttk.Label]) -> None:
    event.widget.configure(wraplength=event.width)
