"""What covers the conversation while something is dragged above it."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.wrapped_label import WrappedLabel

_DROP_HERE: Final = "Drop files here to send them to everybody"
_FIRST_LOOK: Final = "You see them once more before they go."


class DropHint(ttk.Frame):
    """Says what a drop will do, or why nothing can be dropped now."""

    def __init__(self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer, *, over: tk.Misc) -> None:
        super().__init__(parent, style="Drop.TFrame", padding=look.scaled(theme.WIDE_GAP))
        self._look, self._over = look, over
        inside = ttk.Frame(self, style="DropInside.TFrame")
        self._text = WrappedLabel(inside, sanitizer, style="DropStrong.TLabel", justify="center")
        self._note = WrappedLabel(inside, sanitizer, style="Drop.TLabel", justify="center")
        for label in (self._text, self._note):
            label.pack()
        inside.place(relx=0.5, rely=0.5, anchor="center")
        self.bind("<Configure>", lambda event: self._wrap(event.width))

    def show(self, refusal: str) -> None:
        """Cover the conversation; `refusal` says why nothing can be dropped, or is empty."""
        self._text.show(refusal or _DROP_HERE)
        self._note.show("" if refusal else _FIRST_LOOK)
        self.place(in_=self._over, x=0, y=0, relwidth=1, relheight=1)
        self.lift()

    def hide(self) -> None:
        """Show the conversation again."""
        self.place_forget()

    @property
    def is_shown(self) -> bool:
        """Whether it covers the conversation."""
        return bool(self.winfo_manager())

    def visible_text(self) -> str:
        """Return what it says."""
        return f"{self._text.cget('text')} {self._note.cget('text')}".strip()

    def _wrap(self, width: int) -> None:
        for label in (self._text, self._note):
            label.wrap(max(width - 2 * self._look.scaled(theme.MARGIN), self._look.scaled(120)))
