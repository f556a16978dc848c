"""Measures texts as a transcript's widget draws them."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Final

from messango.gui.look import theme
from messango.gui.model.text.bidi import OBJECT
from messango.gui.model.text.run_tags import (
    BOLD,
    BOLD_ITALIC,
    BOXED,
    CODE,
    CODE_BLOCK,
    EMOJI,
    ITALIC,
    QUOTE,
    QUOTE_NAME,
    SMALL_LINKS,
)

_FONTS: Final = {
    CODE: theme.CODE,
    CODE_BLOCK: theme.CODE,
    BOLD: theme.STRONG,
    ITALIC: theme.ITALIC,
    BOLD_ITALIC: theme.STRONG_ITALIC,
    "deleted": theme.ITALIC,
    **dict.fromkeys(("time", "error", "notice", "separator", QUOTE, *SMALL_LINKS), theme.SMALL),
}

#: Most people use fewer words in a long day.
_MAX_WIDTHS: Final = 20_000

#: Before a widget is shown it has no width, and its lines no end.
_ENDLESS: Final = 1_000_000


class TextMetrics:
    """The `Metrics` of a text widget, by the fonts and margins of its tags."""

    def __init__(self, text: tk.Text, picture_width: Callable[[], int]) -> None:
        """`picture_width` returns the width of the picture of an emoji, in pixels."""
        self._text, self._picture_width = text, picture_width
        #: The widths of words, by font and text.
        self._widths: dict[tuple[str, str], int] = {}
        self._ten_ms = 0
        self.wide_columns = int(text.tk.call("string", "length", "\U0001f96d"))

    def measure(self, text: str, tags: tuple[str, ...]) -> int:
        """Return the width of a text with these tags, in pixels."""
        if EMOJI in tags and OBJECT in text:
            return len(text) * self._picture_width()
        key = _font(tags), text
        width = self._widths.get(key)
        if width is None:
            if len(self._widths) > _MAX_WIDTHS:
                self._widths.clear()
            width = self._widths[key] = int(self._text.tk.call("font", "measure", *key))
        return width

    def line_width(self, tags: tuple[str, ...]) -> int:
        """Return how wide a line with these tags can be, in pixels."""
        width = self._text.winfo_width()
        if width <= 1:
            return _ENDLESS
        edges = sum(self._pixels(self._text.cget(edge)) for edge in ("highlightthickness", "padx", "bd"))
        margins = sum(
            max((self._pixels(self._text.tag_cget(tag, side)) for tag in tags), default=0)
            for side in ("lmargin1", "rmargin")
        )
        return width - 2 * edges - margins

    def state(self) -> tuple[int, int]:
        """Return what the places of line breaks depend on: it changes with the widget's size and fonts.

        Widths are measured again after that: call it when the size or the fonts may have changed.
        """
        points = int(self._text.tk.call("font", "measure", theme.BODY, "mmmmmmmmmm"))
        if points != self._ten_ms:
            self._ten_ms = points
            self._widths.clear()
        return self._text.winfo_width(), points

    def _pixels(self, distance: object) -> int:
        return self._text.winfo_pixels(str(distance)) if str(distance) else 0


def _font(tags: tuple[str, ...]) -> str:
    if EMOJI in tags:
        return theme.SMALL if BOXED in tags else theme.EMOJI
    if QUOTE_NAME in tags:
        return theme.SMALL_STRONG
    if any(tag.startswith("name-") for tag in tags):
        return theme.STRONG
    return next((font for tag in tags if (font := _FONTS.get(tag))), theme.BODY)
