"""A label of several lines, on displays that draw no text from right to left as well."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Any

from messango.gui.model.text.bidi import has_rtl
from messango.gui.model.text.sanitizer import TextSanitizer


class WrappedLabel(ttk.Label):
    """Shows a text in lines that are as wide as `wrap` says.

    `is_name` gives the text its own direction; without it, it is a sentence of ours with names in it.
    """

    def __init__(
        self,
        parent: tk.Misc,
        sanitizer: TextSanitizer,
        text: str = "",
        *,
        is_name: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(parent, **options)
        self._sanitizer, self._is_name = sanitizer, is_name
        self._text, self._width = "", 0
        self.show(text)

    def show(self, text: str) -> None:
        """Show this text instead of the one before, on as many lines as it needs."""
        self._text = self._sanitizer.line(text)
        self._draw()

    def wrap(self, width: int) -> None:
        """Break the lines at this width, in pixels. Call it again when the fonts have changed."""
        self._width = width
        self._draw()

    def _draw(self) -> None:
        if self._sanitizer.reorders and has_rtl(self._text):
            # A label that wraps by itself would show the end of a reversed text above its beginning.
            self.configure(text=self._visual_lines(), wraplength=0)
        else:
            self.configure(text=self._text, wraplength=self._width)

    def _visual_lines(self) -> str:
        from messango.gui.model.text.line_arrangement import visual_lines

        style = str(self.cget("style")) or self.winfo_class()
        font = ttk.Style(self).lookup(style, "font")
        return visual_lines(
            self._text,
            lambda text: int(self.tk.call("font", "measure", font, text)),
            self._width,
            is_name=self._is_name,
        )
