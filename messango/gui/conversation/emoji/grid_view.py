"""The emoji of the picker, in rows that scroll; only the visible ones are drawn."""

from __future__ import annotations

import sys
import time
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.gui.conversation.emoji.drawing import draw_emoji
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.look.painter import Box
from messango.gui.model.emoji.emoji_grid import EmojiGrid
from messango.gui.model.text.sanitizer import TextSanitizer

#: An emoji takes this fraction of its cell.
_EMOJI_FRACTION: Final = 0.68
_WHEEL_ROWS: Final = 2

#: Rows are drawn for so long at a time: without pictures, the first glyphs of a colour font take 2 ms each.
_DRAW_S: Final = 0.012


class EmojiGridView(ttk.Frame):
    """Shows an `EmojiGrid`. `on_pick` is called with whether Shift is held; `on_selected` after each change
    of the selection or of what is visible."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        grid: EmojiGrid,
        *,
        on_pick: Callable[[bool], None],
        on_selected: Callable[[], None],
    ) -> None:
        super().__init__(parent, style="Surface.TFrame")
        self._look, self._sanitizer, self._grid = look, sanitizer, grid
        self._on_pick, self._on_selected = on_pick, on_selected
        self._top = 0  # the first visible row
        self._undrawn = range(0)
        self._drawing = ""
        self.canvas = tk.Canvas(self, highlightthickness=0, borderwidth=0, width=1, height=1, takefocus=False)
        self._scrollbar = ttk.Scrollbar(self, style="Inner.Vertical.TScrollbar", command=self._on_scrollbar)
        self._scrollbar.configure(takefocus=False)
        self.canvas.pack(side="left", fill="both", expand=True)
        self._scrollbar.pack(side="right", fill="y")
        self.canvas.bind("<Configure>", lambda _: self._on_resize())
        self.canvas.bind("<Motion>", self._on_motion)
        self.canvas.bind("<ButtonRelease-1>", self._on_click)
        if sys.platform.startswith("linux"):
            self.canvas.bind("<Button-4>", lambda _: self.scroll(-_WHEEL_ROWS))
            self.canvas.bind("<Button-5>", lambda _: self.scroll(_WHEEL_ROWS))
        else:
            self.canvas.bind(
                "<MouseWheel>", lambda event: self.scroll(-_WHEEL_ROWS if event.delta > 0 else _WHEEL_ROWS)
            )

    @property
    def visible_rows(self) -> int:
        """How many rows fit."""
        return max(self.canvas.winfo_height() // self._cell, 1)

    @property
    def top_group(self) -> str:
        """The group of the first visible row."""
        return self._grid.group_at(self._top)

    def show(self) -> None:
        """Draw the rows that are visible now."""
        canvas, grid = self.canvas, self._grid
        canvas.delete("all")
        canvas.configure(background=self._look.palette.surface)
        self._top = max(min(self._top, len(grid.rows) - self.visible_rows), 0)
        self._undrawn = range(self._top, min(self._top + self.visible_rows + 1, len(grid.rows)))
        self._draw()
        total = max(len(grid.rows), 1)
        self._scrollbar.set(self._top / total, min((self._top + self.visible_rows) / total, 1.0))

    def see_selected(self) -> None:
        """Scroll just far enough to show the selected emoji, and the heading above it."""
        row = self._grid.row
        above = row - 1 if row and not self._grid.rows[row - 1].signs else row
        self._top = min(self._top, above)
        self._top = max(self._top, row - self.visible_rows + 1)
        self.show()
        self._on_selected()

    def scroll_to(self, row: int) -> None:
        """Make a row the first visible one."""
        self._top = row
        self.show()
        self._on_selected()

    def scroll(self, rows: int) -> None:
        """Scroll by a number of rows, up if negative."""
        self.scroll_to(max(self._top + rows, 0))

    @property
    def _cell(self) -> int:
        return self._look.scaled_with_text(theme.EMOJI_CELL)

    def destroy(self) -> None:
        """Cancel the timer, too."""
        self._cancel_drawing()
        super().destroy()

    def _draw(self) -> None:
        """Draw rows for a moment, and the others after what else is to be done."""
        self._cancel_drawing()
        deadline = time.monotonic() + _DRAW_S
        while self._undrawn and time.monotonic() < deadline:
            self._draw_row(self._undrawn[0], (self._undrawn[0] - self._top) * self._cell)
            self._undrawn = self._undrawn[1:]
        if self._undrawn:
            self._drawing = self.after(1, self._draw)

    def _cancel_drawing(self) -> None:
        if self._drawing:
            self.after_cancel(self._drawing)
            self._drawing = ""

    def _draw_row(self, number: int, y: int) -> None:
        cell, row = self._cell, self._grid.rows[number]
        if row.heading:
            self.canvas.create_text(
                self._look.scaled(theme.TINY),
                y + cell * 0.62,
                text=row.heading,
                anchor="w",
                font=theme.SMALL,
                fill=self._look.palette.muted,
            )
        for column in range(len(row.signs)):
            x = column * cell
            if (number, column) == (self._grid.row, self._grid.column):
                self.canvas.create_image(x, y, anchor="nw", image=self._selection(), tags="selection")
            middle = (x + cell // 2, y + cell // 2)
            sign = self._grid.sign_at(number, column)
            draw_emoji(self.canvas, self._look, self._sanitizer, sign, middle, int(cell * _EMOJI_FRACTION))

    def _selection(self) -> str:
        palette, side = self._look.palette, theme.EMOJI_CELL * self._look.pictures.zoom_percent // 100
        box = Box(palette.selection, palette.focus, background=palette.surface)
        return self._look.pictures.box(box, (side, side))

    def _place(self, event: tk.Event[tk.Misc]) -> tuple[int, int]:
        return self._top + event.y // self._cell, event.x // self._cell

    def _on_motion(self, event: tk.Event[tk.Misc]) -> None:
        place = self._place(event)
        if place != (self._grid.row, self._grid.column) and self._grid.select(*place):
            self.show()
            self._on_selected()

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        if self._grid.select(*self._place(event)):
            self._on_pick(bool(int(event.state) & 1))

    def _on_scrollbar(self, *args: str) -> None:
        if args[0] == "moveto":
            self.scroll_to(int(min(max(float(args[1]), 0.0), 1.0) * len(self._grid.rows)))
        else:
            self.scroll(int(args[1]) * (self.visible_rows if args[2] == "pages" else 1))

    def _on_resize(self) -> None:
        self._grid.set_columns(max(self.canvas.winfo_width() // self._cell, 1))
        self.see_selected()
