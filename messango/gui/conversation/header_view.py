"""The header of a conversation: its title, and the buttons beside it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.action_bar import Action, ActionBar
from messango.gui.widgets.color_scheme_button import TOGGLE_COLOR_SCHEME
from messango.gui.widgets.icon_button import (
    DETAILS,
    FIND,
    FULL_SCREEN,
    HELP,
    MEMBERS,
    SAVE,
    SETTINGS,
    IconButton,
)
from messango.gui.widgets.labels.ellipsis_label import EllipsisLabel
from messango.gui.widgets.labels.wrapped_label import WrappedLabel

_ACTIONS: Final = (
    Action("members", "Members", "", MEMBERS),
    Action("search", "Find in conversation", "Ctrl F", FIND),
    Action("save", "Save conversation", "Ctrl S", SAVE),
    Action("info", "Room details: security words and invite link", "Ctrl I", DETAILS, in_menu="Room details"),
    Action("help", "Help and keys", "F1", HELP),
    Action("moon", "Dark mode", "", TOGGLE_COLOR_SCHEME),
    Action("gear", "Settings", "Ctrl ,", SETTINGS),
    Action("", "Full screen", "F11", FULL_SCREEN),
)

#: The part of a narrow header that is the title's, if it needs so much.
_TITLE_SHARE: Final = 0.35


class HeaderView(ttk.Frame):
    """Calls `on_leave` for its button; the others generate events on the window."""

    def __init__(
        self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer, *, on_leave: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._gap = look.scaled(theme.SMALL_GAP)
        self.title = EllipsisLabel(self, look, sanitizer, is_name=True, style="Title.TLabel")
        self._subtitle = WrappedLabel(self, sanitizer, style="Muted.TLabel")
        self._subtitle.bind("<Configure>", lambda event: self._subtitle.wrap(event.width))
        self.actions = ActionBar(self, look, _ACTIONS)
        self.actions.hide(MEMBERS)
        self.leave_button = ttk.Button(self, text="Leave", style="Secondary.TButton", command=on_leave)
        self.columnconfigure(0, weight=1)
        self.title.grid(row=0, column=0, sticky="ew")
        self.actions.grid(row=0, column=1, padx=(self._gap, 0))
        self.leave_button.grid(row=0, column=2, padx=(self._gap, 0))
        self.set_narrow(narrow=False)
        self.bind("<Configure>", lambda _: self.fit())
        self.bind("<<ThemeChanged>>", lambda _: self.after_idle(self._fit_if_there))

    @property
    def color_scheme_button(self) -> IconButton:
        """The button for light or dark."""
        return self.actions.buttons[TOGGLE_COLOR_SCHEME]

    def show(self, title: str, subtitle: str) -> None:
        """Show these texts."""
        if title != self.title.full_text:
            self.title.show(title)
            self.fit()
        self._subtitle.show(subtitle)

    def set_narrow(self, *, narrow: bool) -> None:
        """Lay the header out for a window with the members beside the conversation, or without."""
        if narrow:
            self.actions.hide()
        else:
            self.actions.hide(MEMBERS)
        # Without a member list the line is as wide as the window.
        self._subtitle.grid(row=1, column=0, columnspan=3 if narrow else 1, sticky="ew")
        for widget in (self.actions, self.leave_button):
            widget.grid(rowspan=1 if narrow else 2)
        self.fit()

    def _fit_if_there(self) -> None:
        if self.winfo_exists():
            self.fit()

    def fit(self) -> None:
        """Share the width between the title and the buttons."""
        width = self.winfo_width()
        title = min(self.title.needed_width(), int(width * _TITLE_SHARE))
        self.actions.fit(width - title - self.leave_button.winfo_reqwidth() - 2 * self._gap)
