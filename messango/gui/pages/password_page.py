"""The page that asks for a room's password."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.errors import BadPassword, PasswordNeeded, WrongPassword
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.field import Field
from messango.gui.widgets.layout.side_page import SidePage
from messango.protocol.password import Password
from messango.protocol.text.plain_names import quoted_name

_EXPLANATION = (
    "You need the password to join. It is never sent over the network. If you do not have it, ask the host."
)


class PasswordPage(SidePage):
    """Calls `on_submit` with the password, or `on_close`."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        room: str,
        *,
        on_submit: Callable[[Password], None],
        on_close: Callable[[], None],
    ) -> None:
        title = f"{quoted_name(room)} has a password"
        super().__init__(parent, look, title, sanitizer=sanitizer, on_close=on_close)
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
        """Give the field the focus."""
        self.field.entry.focus_set()

    def prompt(self, error: PasswordNeeded | WrongPassword) -> None:
        """Ask for the password; after a wrong one, show that it was wrong."""
        self.join_button.configure(text="Join")
        self.join_button.state(["!disabled"])
        if isinstance(error, WrongPassword):
            self.field.show_error(error)
            self.field.entry.selection_range(0, "end")

    def submit(self) -> None:
        """Submit the password, if it is valid."""
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
