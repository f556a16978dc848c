"""Buttons for recent addresses."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk
from typing import Final

from messango.errors import BadAddress
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.settings import SettingsStore
from messango.gui.widgets.tooltip import Tooltip
from messango.transport.addresses import parse_address, parse_address_or_invite

#: Most buttons: this many fit in a narrow window.
MAX_SHOWN: Final = 3

#: No label is cut shorter than this.
_LEAST_TEXT: Final = "0123456789012"


def short_address(typed: str) -> str:
    """Return the label for an address or an invite link: the address."""
    try:
        invite = parse_address_or_invite(typed)
        return str(invite.address if invite else parse_address(typed))
    except BadAddress:
        return typed


class RecentAddresses(ttk.Frame):
    """Calls `on_pick` with the address or link as it was typed. Empty without recent addresses.

    Shows as many as fit side by side; a long one ends in an ellipsis, and its tooltip has all of it.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        settings: SettingsStore,
        *,
        on_pick: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self._look, self._sanitizer, self._settings, self._on_pick = look, sanitizer, settings, on_pick
        self._shown: tuple[str, ...] = ()
        self._labels: list[str] = []
        self.buttons: list[ttk.Button] = []
        self.bind("<Configure>", lambda _: self._fit())
        self.bind("<<ThemeChanged>>", lambda _: self._fit(), add=True)

    def refresh(self) -> None:
        """Show the addresses in the settings."""
        addresses = self._settings.current.recent_addresses[:MAX_SHOWN]
        if addresses == self._shown:
            return
        self._shown = addresses
        for button in self.buttons:
            button.destroy()
        self._labels = [self._sanitizer.line(short_address(address)) for address in addresses]
        self.buttons = [
            ttk.Button(self, text=label, style="Link.TButton", command=partial(self._on_pick, address))
            for label, address in zip(self._labels, addresses, strict=True)
        ]
        for button, label in zip(self.buttons, self._labels, strict=True):
            Tooltip(button, self._look, partial(_missing_part, button, label), self._sanitizer)
        self._fit()

    def _fit(self) -> None:
        """Give each button its part of the width; those without enough are not shown."""
        look, gap = self._look, self._look.scaled(theme.SMALL_GAP)
        edges, left = 2 * look.scaled(theme.SMALL_GAP), self.winfo_width()
        least = look.text_width(_LEAST_TEXT, theme.SMALL)
        for column, (button, label) in enumerate(zip(self.buttons, self._labels, strict=True)):
            others = min(len(self.buttons) - column - 1, 1)
            room = left - edges - others * (gap + edges + least)
            if left > 1 and room < min(least, look.text_width(label, theme.SMALL)):
                button.grid_remove()
                continue
            shown = label if left <= 1 else look.ellipsized(label, theme.SMALL, room)
            button.configure(text=shown)
            button.grid(row=0, column=column, padx=(0, gap), pady=(look.scaled(2), 0))
            left -= look.text_width(shown, theme.SMALL) + edges + gap if left > 1 else 0


def _missing_part(button: ttk.Button, label: str) -> str:
    return "" if str(button.cget("text")) == label else label
