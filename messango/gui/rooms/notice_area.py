"""A few lines below the list of rooms, which leave the list its place in a small window."""

from __future__ import annotations

import tkinter as tk

from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.scroll_area import ScrollArea
from messango.gui.widgets.wrapped_label import WrappedLabel


class NoticeArea(ScrollArea):
    """Shows a text as high as it is, up to a limit; beyond that it scrolls."""

    def __init__(self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer) -> None:
        super().__init__(parent, look)
        self._limit = 0
        self._label = WrappedLabel(self.content, sanitizer, style="Muted.TLabel")
        self._label.pack(anchor="w")
        self.bind_wheel(self._label)
        self.canvas.bind("<Configure>", lambda event: self._wrap(event.width), add=True)

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
