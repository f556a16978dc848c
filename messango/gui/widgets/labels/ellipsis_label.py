"""A label of one line, which ends in an ellipsis where its text does not fit."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Any

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.tooltip import Tooltip


class EllipsisLabel(ttk.Label):
    """Takes the width that it is given, and asks for none: lay it out with a weight.

    The tooltip has the whole text where a part of it is missing. With `is_name`, the text has its own
    direction; otherwise it is a sentence of ours with names in it.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        *,
        is_name: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(parent, width=1, **options)
        self._look, self._sanitizer, self._is_name = look, sanitizer, is_name
        #: The text as it was given, on one line.
        self.full_text = ""
        self._is_cut = False
        Tooltip(self, look, lambda: self.full_text if self._is_cut else "", sanitizer)
        self.bind("<Configure>", lambda _: self._fit(), add=True)
        self.bind("<<ThemeChanged>>", lambda _: self._fit(), add=True)

    def show(self, text: str) -> None:
        """Show this text instead of the one before."""
        self.full_text = self._sanitizer.line(text)
        self._fit()

    def needed_width(self) -> int:
        """Return the width of the whole text, in pixels."""
        return self._look.text_width(self.full_text, self._font())

    def _fit(self) -> None:
        width = self.winfo_width()
        # Before the first layout, the width is 1.
        cut = self.full_text if width <= 1 else self._look.ellipsized(self.full_text, self._font(), width)
        self._is_cut = cut != self.full_text
        shown = self._sanitizer.name(cut) if self._is_name else self._sanitizer.label(cut)
        if shown != str(self.cget("text")):
            self.configure(text=shown)

    def _font(self) -> str:
        style = str(self.cget("style")) or self.winfo_class()
        return str(ttk.Style(self).lookup(style, "font")) or theme.BODY
