"""The header of a conversation: its title, and the buttons beside it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.widgets.color_scheme_button import ColorSchemeButton
from messango.gui.widgets.icon_button import DETAILS, FIND, SAVE, IconButton


class HeaderView(ttk.Frame):
    """Calls `on_leave` for its button; the icon buttons generate events on the window.

    `on_status` gets a description of the icon under the pointer or the focus, or an empty text.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        *,
        on_leave: Callable[[], None],
        on_status: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self._on_status = on_status
        self._title = ttk.Label(self, style="Title.TLabel")
        self._subtitle = ttk.Label(self, style="Muted.TLabel")
        self.find_button = IconButton(self, look, "search", "Find", FIND)
        self.save_button = IconButton(self, look, "save", "Save", SAVE)
        self.details_button = IconButton(self, look, "info", "Details", DETAILS)
        self.color_scheme_button = ColorSchemeButton(self, look)
        self.leave_button = ttk.Button(self, text="Leave", style="Secondary.TButton", command=on_leave)
        self._lay_out(look)
        self._bind_tooltips()

    def show(self, title: str, subtitle: str) -> None:
        """Show these texts."""
        self._title.configure(text=title)
        self._subtitle.configure(text=subtitle)

    def set_narrow(self, *, narrow: bool) -> None:
        """Lay the header out for a narrow window, in which Find and Save have only their keys."""
        for widget in (self.find_button, self.save_button):
            if narrow:
                widget.grid_remove()
            else:
                widget.grid()
        self._subtitle.grid(columnspan=6 if narrow else 1)
        for button in (self.details_button, self.color_scheme_button, self.leave_button):
            button.grid(rowspan=1 if narrow else 2)

    def _lay_out(self, look: Look) -> None:
        self.columnconfigure(0, weight=1)
        self._title.grid(row=0, column=0, sticky="w")
        self._subtitle.grid(row=1, column=0, sticky="w")
        icons = (self.find_button, self.save_button, self.details_button, self.color_scheme_button)
        for column, button in enumerate(icons, 1):
            button.grid(row=0, column=column, rowspan=2)
        self.leave_button.grid(row=0, column=5, rowspan=2, padx=(look.scaled(theme.SMALL_GAP), 0))

    def _bind_tooltips(self) -> None:
        tooltips = {
            self.find_button: "Find in conversation · Ctrl F",
            self.save_button: "Save conversation · Ctrl S",
            self.details_button: "Room details: security words and invite link · Ctrl I",
            self.color_scheme_button: "Light or dark",
        }
        for button, tooltip in tooltips.items():
            for event in ("<Enter>", "<FocusIn>"):
                button.bind(event, partial(self._show_tooltip, tooltip), add=True)
            for event in ("<Leave>", "<FocusOut>"):
                button.bind(event, partial(self._show_tooltip, ""), add=True)

    def _show_tooltip(self, text: str, _event: tk.Event[tk.Misc]) -> None:
        self._on_status(text)
