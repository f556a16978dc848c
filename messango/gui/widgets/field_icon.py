"""An icon within a field, which generates an event on the window when it is clicked."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.look.look import Look


class FieldIcon(ttk.Label):
    """Takes no focus: the keyboard has a key for it, which `tooltip` names; `on_status` gets that."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        icon: str,
        event: str,
        tooltip: str,
        on_status: Callable[[str], None],
    ) -> None:
        super().__init__(parent, style="SurfaceMuted.TLabel", cursor="hand2")
        self._look, self._icon = look, icon
        self.bind("<ButtonRelease-1>", lambda _: self.winfo_toplevel().event_generate(event))
        self.bind("<Enter>", lambda _: on_status(tooltip))
        self.bind("<Leave>", lambda _: on_status(""))
        self.bind("<<ThemeChanged>>", lambda _: self._update_image())
        self._update_image()

    def _update_image(self) -> None:
        self.configure(image=self._look.pictures.icon(self._icon, self._look.palette))
