"""The page that asks for a room's password, when the room wants it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.errors import BadPassword, PasswordNeeded, WrongPassword
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.widgets.field import Field
from messango.gui.widgets.side_page import SidePage
from messango.protocol.password import Password

_EXPLANATION = (
    "Only who knows it can join. Ask the host. It is proved to the room without being sent, "
    "and a room that does not know it is not joined."
)


class PasswordPage(SidePage):
    """Calls `on_submit` with what was typed; `on_close` where somebody would rather not."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        room: str,
        *,
        on_submit: Callable[[Password], None],
        on_close: Callable[[], None],
    ) -> None:
        super().__init__(parent, look, f"“{room}” has a password", on_close=on_close)
        self._on_submit = on_submit
        self._explanation = ttk.Label(self.body, text=_EXPLANATION, style="Muted.TLabel")
        self.field = Field(self.body, look, "Password", hidden=True)
        self.join_button = ttk.Button(self.body, text="Join", style="Primary.TButton", command=self.submit)
        gap = (0, look.scaled(theme.WIDE_GAP))
        self._explanation.grid(row=0, column=0, sticky="ew", pady=gap)
        self.field.grid(row=1, column=0, sticky="ew", pady=gap)
        self.join_button.grid(row=2, column=0, sticky="w")
        self.field.entry.bind("<Return>", lambda _: self.submit())
        self.body.bind(
            "<Configure>", lambda event: self._explanation.configure(wraplength=event.width), add=True
        )
        self.bind_content()

    def focus_first(self) -> None:
        """Give the keyboard to the field."""
        self.field.entry.focus_set()

    def prompt(self, error: PasswordNeeded | WrongPassword) -> None:
        """Ask, or ask again and say that it was another one."""
        self.join_button.configure(text="Join")
        self.join_button.state(["!disabled"])
        if isinstance(error, WrongPassword):
            self.field.show_error(error)
            self.field.entry.selection_range(0, "end")

    def submit(self) -> None:
        """Hand over what was typed, unless it can't be a password."""
        if self.join_button.instate(["disabled"]):
            return
        try:
            password = Password(self.field.text())
        except BadPassword as error:
            self.field.show_error(error)
            return
        self.join_button.configure(text="Joining…")
        self.join_button.state(["disabled"])
        self._on_submit(password)
