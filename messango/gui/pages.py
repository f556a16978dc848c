"""Which page the window shows: the rooms or a conversation, and what may cover it for a while."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.side_page import SidePage


class Pages:
    """Owns the side page. Main thread only."""

    def __init__(self, root: tk.Tk) -> None:
        self._root = root
        self._main: ttk.Frame | None = None
        self._focus: Callable[[], None] = lambda: None
        self.side: SidePage | None = None

    def show(self, page: ttk.Frame, focus: Callable[[], None]) -> None:
        """Show one of the two main pages; `focus` gives the keyboard to what it is used by."""
        self._drop_side()
        if self._main is not None and self._main.winfo_exists():
            self._main.pack_forget()
        self._main, self._focus = page, focus
        self._uncover()

    def cover(self, page: SidePage) -> None:
        """Show a page in place of the main one, or of another that covers it."""
        self._drop_side()
        if self._main is not None:
            self._main.pack_forget()
        self.side = page
        page.pack(fill="both", expand=True)
        page.focus_first()

    def uncover(self) -> None:
        """Show the main page again."""
        if self.side is not None:
            self._drop_side()
            self._uncover()

    def _uncover(self) -> None:
        if self._main is not None:
            self._main.pack(fill="both", expand=True)
            self._focus()

    def _drop_side(self) -> None:
        if self.side is not None:
            self.side.destroy()
            self.side = None
