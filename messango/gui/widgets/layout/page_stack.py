"""Which page the window shows: a main page, or a side page above it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.widgets.layout.side_page import SidePage


class PageStack:
    """Owns the side pages, stacked above the main page. Main thread only."""

    def __init__(self, root: tk.Tk) -> None:
        self._root = root
        self._main: ttk.Frame | None = None
        self._focus_main: Callable[[], None] = lambda: None
        self._stack: list[SidePage] = []

    @property
    def top(self) -> SidePage | None:
        """The side page on top, or None."""
        return self._stack[-1] if self._stack else None

    def show(self, page: ttk.Frame, focus: Callable[[], None]) -> None:
        """Show a main page, and close all side pages; `focus` gives the focus to the right widget."""
        for covering in self._stack:
            covering.destroy()
        self._stack.clear()
        if self._main is not None and self._main.winfo_exists():
            self._main.pack_forget()
        self._main, self._focus_main = page, focus
        self._show_top()

    def push(self, page: SidePage) -> None:
        """Show a side page on top; the covered page keeps its state."""
        covered = self.top or self._main
        if covered is not None:
            covered.pack_forget()
        self._stack.append(page)
        self._show_top()

    def pop(self, page: SidePage | None = None) -> None:
        """Close `page`, or the one on top."""
        removed = page or self.top
        if removed in self._stack:
            was_on_top = removed is self.top
            self._stack.remove(removed)
            removed.destroy()
            if was_on_top:
                self._show_top()

    def find(self, page_type: type[SidePage]) -> SidePage | None:
        """Return the side page of that type, on top or covered."""
        return next((page for page in self._stack if type(page) is page_type), None)

    def _show_top(self) -> None:
        if self.top is not None:
            self.top.pack(fill="both", expand=True)
            self.top.focus_first()
        elif self._main is not None:
            self._main.pack(fill="both", expand=True)
            self._focus_main()
