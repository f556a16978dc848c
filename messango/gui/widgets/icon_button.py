"""A small button with a picture, which the window does something at."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from messango.gui.look.look import Look

#: What the window hears when one is pressed.
SETTINGS: Final = "<<MessangoSettings>>"
DETAILS: Final = "<<MessangoDetails>>"
FIND: Final = "<<MessangoFind>>"
KEEP: Final = "<<MessangoKeep>>"


class MarkButton(ttk.Button):
    """Tells the window's root `event` when it is pressed; `words` name it where there are no pictures."""

    def __init__(self, parent: tk.Misc, look: Look, mark: str, words: str, event: str) -> None:
        super().__init__(parent, style="Mark.TButton", text=words, command=self._pressed)
        self._look, self._mark, self._event = look, mark, event
        self.bind("<<ThemeChanged>>", lambda _: self._paint())
        self._paint()

    def _pressed(self) -> None:
        self.winfo_toplevel().event_generate(self._event)

    def _paint(self) -> None:
        self.configure(image=self._look.mark(self._mark))
