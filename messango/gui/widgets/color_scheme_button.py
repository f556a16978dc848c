"""The button that changes from light to dark and back."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.widgets.icon_button import IconButton

#: The event on the window when it is pressed.
TOGGLE_COLOR_SCHEME: Final = "<<MessangoToggleColorScheme>>"


class ColorSchemeButton(IconButton):
    """Shows what a press changes to: a moon for dark, a sun for light."""

    def __init__(self, parent: tk.Misc, look: Look) -> None:
        super().__init__(parent, look, "moon", "Dark mode", TOGGLE_COLOR_SCHEME)
        self.bind("<<ThemeChanged>>", lambda _: self._update_label())
        self._update_label()

    def _update_label(self) -> None:
        is_light = self._look.palette is theme.LIGHT
        self.change(*(("moon", "Dark mode") if is_light else ("sun", "Light mode")))
