"""A button with an icon, which generates an event on the window."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from messango.gui.look.look import Look

#: The events on the window when one is pressed.
SETTINGS: Final = "<<MessangoSettings>>"
DETAILS: Final = "<<MessangoDetails>>"
FIND: Final = "<<MessangoFind>>"
SAVE: Final = "<<MessangoSave>>"
EMOJI: Final = "<<MessangoEmoji>>"


class IconButton(ttk.Button):
    """Generates `event` on the root when pressed; `label` is for where images are not shown."""

    def __init__(self, parent: tk.Misc, look: Look, icon: str, label: str, event: str) -> None:
        super().__init__(parent, style="Icon.TButton", text=label, command=self._on_press)
        self._look, self._icon_name, self._event = look, icon, event
        self.bind("<<ThemeChanged>>", lambda _: self._update_image())
        self._update_image()

    def _on_press(self) -> None:
        self.winfo_toplevel().event_generate(self._event)

    def _update_image(self) -> None:
        self.configure(image=self._look.pictures.icon(self._icon_name, self._look.palette))
