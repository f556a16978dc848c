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
from messango.transport.addresses import parse_address, parse_address_or_invite

#: Most buttons: this many fit in a narrow window.
MAX_SHOWN: Final = 3


def short_address(typed: str) -> str:
    """Return the label for an address or an invite link: the address."""
    try:
        invite = parse_address_or_invite(typed)
        return str(invite.address if invite else parse_address(typed))
    except BadAddress:
        return typed


class RecentAddresses(ttk.Frame):
    """Calls `on_pick` with the address or link as it was typed. Empty without recent addresses."""

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
        self.buttons: list[ttk.Button] = []

    def refresh(self) -> None:
        """Show the addresses in the settings."""
        addresses = self._settings.current.recent_addresses[:MAX_SHOWN]
        if addresses == self._shown:
            return
        self._shown = addresses
        for button in self.buttons:
            button.destroy()
        self.buttons = [
            ttk.Button(
                self,
                text=self._sanitizer.line(short_address(address)),
                style="Link.TButton",
                command=partial(self._on_pick, address),
            )
            for address in addresses
        ]
        for button in self.buttons:
            button.pack(
                side="left", padx=(0, self._look.scaled(theme.SMALL_GAP)), pady=(self._look.scaled(2), 0)
            )
