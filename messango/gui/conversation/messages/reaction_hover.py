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

#: How long the pointer rests before the names appear.
DELAY_MS: Final = 300


class ReactionHover:
    """A label over the window, beside the reaction; `own_name` returns our name.

    It is a part of the window, not a window of its own, which would take the focus on some desktops.
    """

    def __init__(
        self, rows: ReactionRows, look: Look, sanitizer: TextSanitizer, own_name: Callable[[], str]
    ) -> None:
        self._look, self._sanitizer, self._own_name = look, sanitizer, own_name
        self._timer: tuple[tk.Canvas, str] | None = None
        self._label: tk.Label | None = None
        rows.on_hover = self._on_hover

    def text(self) -> str:
        """Return what is shown now."""
        return str(self._label.cget("text")) if self._label is not None else ""

    def _on_hover(self, canvas: tk.Canvas, chip: Chip | None) -> None:
        if self._timer is not None:
            waiting, timer = self._timer
            waiting.after_cancel(timer)
            self._timer = None
        if self._label is not None:
            self._label.destroy()
            self._label = None
        if chip is not None:
            self._timer = canvas, canvas.after(DELAY_MS, lambda: self._show(canvas, chip))

    def _show(self, canvas: tk.Canvas, chip: Chip) -> None:
        self._timer = None
        if not canvas.winfo_exists():
            return
        window, palette, px = canvas.winfo_toplevel(), self._look.palette, self._look.scaled
        label = self._label = tk.Label(
            window,
            text=self._sanitizer.label(who_reacted(chip.reaction, self._own_name())),
            font=theme.SMALL,
            background=palette.text,
            foreground=palette.surface,
            padx=px(theme.SMALL_GAP),
            pady=px(theme.TINY),
            justify="left",
            wraplength=min(px(theme.HOVER_WIDTH), window.winfo_width() - 2 * px(theme.WIDE_GAP)),
        )
        width, height = label.winfo_reqwidth(), label.winfo_reqheight()
        left = canvas.winfo_rootx() - window.winfo_rootx() + chip.x + (chip.width - width) // 2
        top = canvas.winfo_rooty() - window.winfo_rooty() + chip.y - height - px(theme.TINY)
        if top < 0:
            top = canvas.winfo_rooty() - window.winfo_rooty() + canvas.winfo_height() + px(theme.TINY)
        edge = px(theme.TINY)
        label.place(x=min(max(left, edge), max(window.winfo_width() - width - edge, 0)), y=top)
        label.lift()
