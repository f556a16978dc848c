"""Widgets that take no more height than they may have together, and scroll beyond that."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from messango.gui.look.look import Look
from messango.gui.widgets.layout.scroll_area import ScrollArea


class LimitedArea(ScrollArea):
    """Put widgets into `content`; it is as high as they need, up to `limit_height`."""

    def __init__(self, parent: tk.Misc, look: Look, style: str = "TFrame") -> None:
        self._style = style
        self._limit = 1_000_000
        super().__init__(parent, look)
        self.content.bind("<Configure>", lambda _: self._fit(), add=True)
        self.use_style(style)

    def use_style(self, style: str) -> None:
        """Take the background of this style of a frame."""
        self._style = style
        for frame in (self, self.content):
            frame.configure(style=style)
        self._recolor()

    def limit_height(self, pixels: int) -> None:
        """Be no higher than this."""
        self._limit = pixels
        self._fit()

    def _fit(self) -> None:
        # Its own height does not follow from its content, which is on a canvas.
        self.configure(height=max(min(self.content.winfo_reqheight(), self._limit), 1))

    def _recolor(self) -> None:
        background = ttk.Style(self).lookup(self._style, "background")
        self.canvas.configure(background=background or self._look.palette.background)
