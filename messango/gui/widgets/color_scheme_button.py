"""The button that changes from light to dark and back."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look

#: The event on the window when it is pressed.
TOGGLE_COLOR_SCHEME: Final = "<<MessangoToggleColorScheme>>"


class ColorSchemeButton(ttk.Button):
    """Shows what a press changes to: a moon for dark, a sun for light."""

    def __init__(self, parent: tk.Misc, look: Look) -> None:
        super().__init__(parent, style="Icon.TButton", command=self._on_press)
        self._look = look
        self.bind("<<ThemeChanged>>", lambda _: self._update_label())
        self._update_label()

    def _on_press(self) -> None:
        self.winfo_toplevel().event_generate(TOGGLE_COLOR_SCHEME)

    def _update_label(self) -> None:
        palette = self._look.palette
        label, icon = ("Dark", "moon") if palette is theme.LIGHT else ("Light", "sun")
        self.configure(text=label, image=self._look.pictures.icon(icon, palette))
