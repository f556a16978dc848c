"""Shows who reacted, while the pointer rests on a reaction."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Final

from messango.gui.conversation.transcript.reaction_rows import Chip, ReactionRows
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.transcript.reaction_texts import who_reacted
from messango.gui.widgets.tooltip import Rectangle, TooltipLabel, place_beside

#: How long the pointer rests before the names appear.
DELAY_MS: Final = 300


class ReactionHover:
    """A tooltip for a part of a canvas; `own_name` returns our name."""

    def __init__(
        self, rows: ReactionRows, look: Look, sanitizer: TextSanitizer, own_name: Callable[[], str]
    ) -> None:
        self._look, self._sanitizer, self._own_name = look, sanitizer, own_name
        self._timer: tuple[tk.Canvas, str] | None = None
        self._label: TooltipLabel | None = None
        self._text = ""
        rows.on_hover = self._on_hover

    def text(self) -> str:
        """Return what is shown now."""
        return self._text

    def _on_hover(self, canvas: tk.Canvas, chip: Chip | None) -> None:
        if self._timer is not None:
            waiting, timer = self._timer
            waiting.after_cancel(timer)
            self._timer = None
        if self._label is not None:
            self._label.destroy()
            self._label, self._text = None, ""
        if chip is not None:
            self._timer = canvas, canvas.after(DELAY_MS, lambda: self._show(canvas, chip))

    def _show(self, canvas: tk.Canvas, chip: Chip) -> None:
        self._timer = None
        if not canvas.winfo_exists():
            return
        window, px = canvas.winfo_toplevel(), self._look.scaled
        self._text, gap = who_reacted(chip.reaction, self._own_name()), px(theme.TINY)
        label = self._label = TooltipLabel(
            window, self._sanitizer, self._text, style="Tooltip.TLabel", padding=(px(theme.SMALL_GAP), gap)
        )
        room = Rectangle(gap, gap, window.winfo_width() - 2 * gap, window.winfo_height() - 2 * gap)
        label.wrap(
            min(room.width - 2 * px(theme.SMALL_GAP), self._look.scaled_with_text(theme.TOOLTIP_WIDTH))
        )
        left, top = canvas.winfo_rootx() - window.winfo_rootx(), canvas.winfo_rooty() - window.winfo_rooty()
        target = Rectangle(left + chip.x, top + chip.y, chip.width, canvas.winfo_height() - chip.y)
        x, y = place_beside(target, (label.winfo_reqwidth(), label.winfo_reqheight()), room, gap)
        label.place(x=x, y=y)
        label.lift()
