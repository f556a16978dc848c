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
        self.bind("<Configure>", self._on_resize)

    def _on_resize(self, event: tk.Event[ttk.Frame]) -> None:
        margin = self._look.scaled(
            theme.MARGIN if event.width > self._look.scaled(theme.NARROW_WIDTH) else theme.GAP
        )
        width = min(event.width - 2 * margin, self._look.scaled(theme.READING_WIDTH))
        self.content.place(relx=0.5, y=margin, anchor="n", width=width, height=event.height - 2 * margin)
