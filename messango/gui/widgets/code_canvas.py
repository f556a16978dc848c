"""A QR code on a canvas: dark on light, also in a dark window, with its quiet zone."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look

#: A phone reads squares of this many pixels at a size of 100 % from the other side of a table.
_SQUARE: Final = 8


class CodeCanvas(tk.Canvas):
    """Draws rows of squares, as large as fits into a width, with whole pixels for each."""

    def __init__(self, parent: tk.Misc, look: Look) -> None:
        super().__init__(
            parent, background=theme.CODE_GROUND, highlightthickness=0, borderwidth=0, takefocus=False
        )
        self._look = look
        self._rows: Sequence[Sequence[bool]] = ()
        self._square = 0
        self._width = 0

    def show(self, rows: Sequence[Sequence[bool]]) -> None:
        """Draw this code; true is dark. The light squares around it are its own."""
        if rows != self._rows:
            self._rows, self._square = rows, 0
            self._draw()

    def fit(self, width: int) -> None:
        """Make it no wider than this, in pixels."""
        self._width = width
        self._draw()

    def _draw(self) -> None:
        if not self._rows:
            return
        count = len(self._rows)
        wanted = self._look.scaled(_SQUARE)
        square = max(1, min(wanted, self._width // count) if self._width > 1 else wanted)
        if square == self._square:
            return
        self._square = square
        self.delete("all")
        self.configure(width=count * square, height=count * square)
        for line, row in enumerate(self._rows):
            column = 0
            for is_dark, squares in groupby(row):
                length = len(list(squares))
                if is_dark:
                    self._draw_run(column, line, length)
                column += length

    def _draw_run(self, column: int, line: int, length: int) -> None:
        left, top, square = column * self._square, line * self._square, self._square
        self.create_rectangle(
            left, top, left + length * square, top + square, fill=theme.CODE_INK, outline="", width=0
        )
