"""Which page the window shows: the rooms or a conversation, and what may cover it for a while."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.widgets.side_page import SidePage


class Pages:
    """Owns the side pages, one above the other. Main thread only."""

    def __init__(self, root: tk.Tk) -> None:
        self._root = root
        self._main: ttk.Frame | None = None
        self._focus: Callable[[], None] = lambda: None
        self._sides: list[SidePage] = []

    @property
    def side(self) -> SidePage | None:
        """The page that covers the others, where one does."""
        return self._sides[-1] if self._sides else None

    def show(self, page: ttk.Frame, focus: Callable[[], None]) -> None:
        """Show one of the two main pages; `focus` gives the keyboard to what it is used by."""
        for side in self._sides:
            side.destroy()
        self._sides.clear()
        if self._main is not None and self._main.winfo_exists():
            self._main.pack_forget()
        self._main, self._focus = page, focus
        self._show_top()

    def cover(self, page: SidePage) -> None:
        """Show a page above what is shown; what was typed there stays."""
        covered = self.side or self._main
        if covered is not None:
            covered.pack_forget()
        self._sides.append(page)
        self._show_top()

    def uncover(self, page: SidePage | None = None) -> None:
        """Take `page` away, else the one on top."""
        gone = page or self.side
        if gone in self._sides:
            was_on_top = gone is self.side
            self._sides.remove(gone)
            gone.destroy()
            if was_on_top:
                self._show_top()

    def find(self, kind: type[SidePage]) -> SidePage | None:
        """Return the page of that kind, on top or covered."""
        return next((side for side in self._sides if type(side) is kind), None)

    def _show_top(self) -> None:
        if self.side is not None:
            self.side.pack(fill="both", expand=True)
            self.side.focus_first()
        elif self._main is not None:
            self._main.pack(fill="both", expand=True)
            self._focus()
