"""The ring around the message that is selected by keyboard."""

from __future__ import annotations

import tkinter as tk

from messango.gui.look import theme
from messango.gui.look.look import Look


class MessageRing:
    """Four thin frames over the text: a tag can't draw a border in a colour of ours."""

    def __init__(self, text: tk.Text, look: Look) -> None:
        self._text, self._look = text, look
        self._sides: list[tk.Frame] = []

    def show(self, first_line: int, last_line: int) -> None:
        """Draw the ring around these lines, as far as they are visible."""
        place = self._place(first_line, last_line)
        if place is None:
            self.hide()
            return
        if not self._sides:
            self._sides = [tk.Frame(self._text) for _ in range(4)]
        top, bottom = place
        edge = self._look.scaled(2)
        margin = max(self._text.winfo_pixels(str(self._text.cget("padx"))), edge)
        left, right, height = margin, self._text.winfo_width() - margin, bottom - top
        boxes = (
            (left, top, right - left, edge),
            (left, bottom - edge, right - left, edge),
            (left, top, edge, height),
            (right - edge, top, edge, height),
        )
        for side, (x, y, w, h) in zip(self._sides, boxes, strict=True):
            side.configure(background=self._look.palette.focus)
            side.place(x=x, y=y, width=w, height=h, bordermode="outside")
        self._set_shown(shown=True)

    def hide(self) -> None:
        """Remove the ring."""
        for side in self._sides:
            side.place_forget()
        self._set_shown(shown=False)

    def _set_shown(self, *, shown: bool) -> None:
        """Hide the text's own ring meanwhile: one is enough."""
        palette = self._look.palette
        color = palette.surface if shown else palette.focus
        # Only if it differs: a text that is configured reports a scroll, after which the ring is drawn again.
        if color != str(self._text.cget("highlightcolor")):
            self._text.configure(highlightcolor=color)

    def _place(self, first_line: int, last_line: int) -> tuple[int, int] | None:
        """Return the top and the bottom of these lines in the widget; outside it where they go on there."""
        text = self._text
        first, last = text.dlineinfo(f"{first_line}.0"), text.dlineinfo(f"{last_line}.end")
        above, below = text.index("@0,0"), text.index(f"@0,{text.winfo_height()}")
        if text.compare(f"{last_line}.end", "<", above) or text.compare(f"{first_line}.0", ">", below):
            return None
        margin = self._look.scaled(theme.TINY)
        top = first[1] if first else -2 * margin
        bottom = last[1] + last[3] if last else text.winfo_height() + 2 * margin
        return top, bottom
