"""A text that takes no more height than it may have, and scrolls beyond that."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.wrapped_label import WrappedLabel
from messango.gui.widgets.layout.scroll_area import ScrollArea


class LimitedText(ScrollArea):
    """Shows a text in as many lines as it needs, up to a height; `styles` are of its label and its frame."""

    def __init__(
        self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer, styles: tuple[str, str]
    ) -> None:
        self._styles = styles
        self._limit = 0
        super().__init__(parent, look)
        self._label = WrappedLabel(self.content, sanitizer, style=styles[0])
        self._label.pack(anchor="w")
        self.bind_wheel(self._label)
        self.canvas.bind("<Configure>", lambda event: self._wrap(event.width), add=True)
        self.use_styles(styles)

    @property
    def text(self) -> str:
        """The visible text."""
        return str(self._label.cget("text"))

    def show(self, text: str) -> None:
        """Show this text, from its beginning."""
        if text != self.text:
            self._label.show(text)
            self.canvas.yview_moveto(0)
            self._fit()

    def use_styles(self, styles: tuple[str, str]) -> None:
        """Take the font and the colours of these styles of a label and a frame."""
        self._styles = styles
        self._label.configure(style=styles[0])
        for frame in (self, self.content):
            frame.configure(style=styles[1])
        self._recolor()

    def limit_height(self, pixels: int) -> None:
        """Be no higher than this."""
        if pixels != self._limit:
            self._limit = pixels
            self._fit()

    def _wrap(self, width: int) -> None:
        self._label.wrap(width)
        self._fit()

    def _fit(self) -> None:
        # Its own height does not follow from its content, which is on a canvas.
        self.configure(height=max(min(self._label.winfo_reqheight(), self._limit), 1))

    def _recolor(self) -> None:
        background = ttk.Style(self).lookup(self._styles[0], "background")
        self.canvas.configure(background=background or self._look.palette.background)
