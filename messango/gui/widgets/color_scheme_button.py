"""The small button that changes from light to dark and back."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look

#: What the window hears when it is pressed.
TOGGLED: Final = "<<MessangoToggleShade>>"


class Toggle(ttk.Button):
    """Shows what a press brings: a moon or a sun."""

    def __init__(self, parent: tk.Misc, look: Look) -> None:
        super().__init__(parent, style="Mark.TButton", command=self._pressed)
        self._look = look
        self.bind("<<ThemeChanged>>", lambda _: self._say())
        self._say()

    def _pressed(self) -> None:
        self.winfo_toplevel().event_generate(TOGGLED)

    def _say(self) -> None:
        light = self._look.palette is theme.LIGHT
        self.configure(text="Dark" if light else "Light", image=self._look.mark("moon" if light else "sun"))
