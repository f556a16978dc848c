"""A page whose content is centred, and no wider than is readable."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look


class CenteredColumn(ttk.Frame):
    """Put widgets into `content`."""

    def __init__(self, parent: tk.Misc, look: Look) -> None:
        super().__init__(parent)
        self._look = look
        self.content = ttk.Frame(self)
        self.bind("<Configure>", lambda _: self._place())
        self.bind("<<ThemeChanged>>", lambda _: self._place(), add=True)

    def _place(self) -> None:
        width, height, look = self.winfo_width(), self.winfo_height(), self._look
        margin = look.scaled(theme.MARGIN if width > look.scaled_with_text(theme.NARROW_WIDTH) else theme.GAP)
        content_width = min(width - 2 * margin, look.scaled_with_text(theme.READING_WIDTH))
        self.content.place(relx=0.5, y=margin, anchor="n", width=content_width, height=height - 2 * margin)
