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
SAVE: Final = "<<MessangoSave>>"


class IconButton(ttk.Button):
    """Tells the window's root `event` when it is pressed; `label` names it where there are no pictures."""

    def __init__(self, parent: tk.Misc, look: Look, icon: str, label: str, event: str) -> None:
        super().__init__(parent, style="Icon.TButton", text=label, command=self._on_press)
        self._look, self._icon_name, self._event = look, icon, event
        self.bind("<<ThemeChanged>>", lambda _: self._update_image())
        self._update_image()

    def _on_press(self) -> None:
        self.winfo_toplevel().event_generate(self._event)

    def _update_image(self) -> None:
        self.configure(image=self._look.pictures.icon(self._icon_name, self._look.palette))
