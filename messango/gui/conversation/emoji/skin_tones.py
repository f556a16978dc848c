"""A row of skin tones to choose from."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look

NAMES: Final = ("No skin tone", "Light", "Medium light", "Medium", "Medium dark", "Dark")


class SkinTones(ttk.Frame):
    """Calls `on_choose` with a skin tone, 0 to 5, and `on_hover` with its name or an empty text."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        *,
        on_choose: Callable[[int], object],
        on_hover: Callable[[str], None],
    ) -> None:
        super().__init__(parent, style="Surface.TFrame")
        self._look = look
        self._tone = 0
        self.labels = [ttk.Label(self, style="Surface.TLabel", cursor="hand2") for _ in NAMES]
        for tone, label in enumerate(self.labels):
            label.pack(side="left", padx=look.scaled(1))
            label.bind("<ButtonRelease-1>", lambda _, tone=tone: on_choose(tone))  # type: ignore[misc]
            label.bind("<Enter>", lambda _, tone=tone: on_hover(NAMES[tone]))  # type: ignore[misc]
            label.bind("<Leave>", lambda _: on_hover(""))

    def show(self, tone: int) -> None:
        """Show which tone is chosen."""
        self._tone = tone
        for number, (label, color) in enumerate(zip(self.labels, theme.SKIN_TONES, strict=True)):
            label.configure(
                image=self._look.pictures.skin_tone(color, self._look.palette, chosen=number == tone)
            )
