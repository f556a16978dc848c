"""A button with an icon, which generates an event on the window."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from messango.gui.look.look import Look
from messango.gui.widgets.tooltip import Tooltip

#: The events on the window when one is pressed.
SETTINGS: Final = "<<MessangoSettings>>"
DETAILS: Final = "<<MessangoDetails>>"
FIND: Final = "<<MessangoFind>>"
SAVE: Final = "<<MessangoSave>>"
HELP: Final = "<<MessangoHelp>>"
MEMBERS: Final = "<<MessangoMembers>>"
FULL_SCREEN: Final = "<<MessangoFullScreen>>"
EMOJI: Final = "<<MessangoEmoji>>"
FILES: Final = "<<MessangoFiles>>"


class IconButton(ttk.Button):
    """Generates `event` on the root when pressed; its tooltip is the label, and the keys that do the same."""

    def __init__(
        self, parent: tk.Misc, look: Look, icon: str, label: str, event: str, *, keys: str = ""
    ) -> None:
        super().__init__(parent, style="Icon.TButton", text=label, command=self._on_press)
        self._look, self._icon_name, self._event, self._keys = look, icon, event, keys
        self.label = label
        self.bind("<<ThemeChanged>>", lambda _: self._update_image())
        self.tooltip = Tooltip(self, look, self.tooltip_text)
        self._update_image()

    def tooltip_text(self) -> str:
        """Return what the tooltip says."""
        return f"{self.label} · {self._keys}" if self._keys else self.label

    def change(self, icon: str, label: str) -> None:
        """Show another icon and label."""
        self._icon_name, self.label = icon, label
        self.configure(text=label)
        self._update_image()

    def _on_press(self) -> None:
        self.winfo_toplevel().event_generate(self._event)

    def _update_image(self) -> None:
        self.configure(image=self._look.pictures.icon(self._icon_name, self._look.palette))
