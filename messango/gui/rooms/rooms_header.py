"""The header of the page with the list of rooms."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.widgets.action_bar import Action, ActionBar
from messango.gui.widgets.color_scheme_button import TOGGLE_COLOR_SCHEME
from messango.gui.widgets.icon_button import FULL_SCREEN, HELP, SETTINGS

_ACTIONS: Final = (
    Action("help", "Help and keys", "F1", HELP),
    Action("moon", "Dark mode", "", TOGGLE_COLOR_SCHEME),
    Action("gear", "Settings", "Ctrl ,", SETTINGS),
    Action("", "Full screen", "F11", FULL_SCREEN),
)
_HOST_TEXT, _SHORT_HOST_TEXT = "Host a room", "Host"


class RoomsHeader(ttk.Frame):
    """The icon, the title, and the buttons; the page's owner says what `host_button` does."""

    def __init__(self, parent: tk.Misc, look: Look) -> None:
        super().__init__(parent)
        self._look = look
        gap = look.scaled(theme.SMALL_GAP)
        self._logo = ttk.Label(self, image=look.pictures.app_icon(32))
        self._title = ttk.Label(self, text="Rooms", style="Title.TLabel")
        self.actions = ActionBar(self, look, _ACTIONS)
        self.host_button = ttk.Button(self, text=_HOST_TEXT, style="Secondary.TButton")
        self.columnconfigure(1, weight=1)
        self._logo.grid(row=0, column=0, padx=(0, look.scaled(theme.GAP)))
        self._title.grid(row=0, column=1, sticky="w")
        self.actions.grid(row=0, column=2, padx=(gap, 0))
        self.host_button.grid(row=0, column=3, padx=(gap, 0))
        self.bind("<Configure>", lambda event: self._fit(event.width))
        self.bind("<<ThemeChanged>>", lambda _: self.after_idle(self._fit_if_there))

    def _fit_if_there(self) -> None:
        if self.winfo_exists():
            self._fit(self.winfo_width())

    def _fit(self, width: int) -> None:
        """Do without the icon, then some buttons, then the longer text of the last one."""
        gap, least = self._look.scaled(theme.SMALL_GAP), self.actions.more_button.winfo_reqwidth()
        self.host_button.configure(text=_HOST_TEXT)
        left = width - self._title.winfo_reqwidth() - 2 * gap
        if self.host_button.winfo_reqwidth() + least > left:
            self.host_button.configure(text=_SHORT_HOST_TEXT)
        left -= self.host_button.winfo_reqwidth()
        logo = self._logo.winfo_reqwidth() + self._look.scaled(theme.GAP)
        if width < self._look.scaled_with_text(theme.HEADER_WIDTH) or left < logo + least:
            self._logo.grid_remove()
        else:
            self._logo.grid()
            left -= logo
        self.actions.fit(left)
