"""A column of widgets that scrolls, with a scrollbar only where there is something to scroll."""

from __future__ import annotations

import sys
import tkinter as tk
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look

_STEP = 48


class ScrollArea(ttk.Frame):
    """Put widgets into `inside`, and tell `listen` of each that the mouse wheel shall work over."""

    def __init__(self, parent: tk.Misc, look: Look, *, on_surface: bool = False) -> None:
        super().__init__(parent, style="Surface.TFrame" if on_surface else "TFrame")
        self._look, self._on_surface = look, on_surface
        self._has_bar = False
        self.canvas = tk.Canvas(self, highlightthickness=0, borderwidth=0, width=1, height=1)
        self.canvas.configure(yscrollincrement=1)
        self.inside = ttk.Frame(self.canvas, style="Surface.TFrame" if on_surface else "TFrame")
        style = "Inner.Vertical.TScrollbar" if on_surface else "Slim.Vertical.TScrollbar"
        self._bar = ttk.Scrollbar(self, style=style, command=self.canvas.yview)
        self._window = self.canvas.create_window(0, 0, anchor="nw", window=self.inside)
        self.canvas.configure(yscrollcommand=self._scrolled)
        self._arrange()
        self.canvas.bind("<Configure>", self._resized)
        self.inside.bind("<Configure>", self._grown)
        self.bind("<<ThemeChanged>>", self._colored)
        for widget in (self.canvas, self.inside):
            self.listen(widget)
        self._color()

    def listen(self, widget: tk.Misc) -> None:
        """Scroll by the mouse wheel over `widget` too."""
        if sys.platform.startswith("linux"):
            widget.bind("<Button-4>", lambda _: self._scroll(-1), add=True)
            widget.bind("<Button-5>", lambda _: self._scroll(1), add=True)
        else:
            widget.bind("<MouseWheel>", lambda event: self._scroll(-1 if event.delta > 0 else 1), add=True)

    def see(self, widget: tk.Misc) -> None:
        """Scroll no further than needed for `widget` to be in sight."""
        self.update_idletasks()
        top, height = widget.winfo_rooty() - self.inside.winfo_rooty(), widget.winfo_height()
        seen_top, seen = self.canvas.canvasy(0), self.canvas.winfo_height()
        if top < seen_top:
            self.canvas.yview_scroll(int(top - seen_top), "units")
        elif top + height > seen_top + seen:
            self.canvas.yview_scroll(int(top + height - seen_top - seen), "units")

    def turn(self, pages: int) -> None:
        """Scroll by so many pages, with a little of the last one still in sight."""
        if self._has_bar:
            self.canvas.yview_scroll(round(pages * 0.9 * self.canvas.winfo_height()), "units")

    def _scroll(self, direction: int) -> None:
        if self.inside.winfo_reqheight() > self.canvas.winfo_height():
            self.canvas.yview_scroll(direction * self._look.px(_STEP), "units")

    def _scrolled(self, first: float, last: float) -> None:
        self._bar.set(first, last)
        has_bar = float(first) > 0 or float(last) < 1
        if has_bar != self._has_bar:
            self._has_bar = has_bar
            self._arrange()

    def _arrange(self) -> None:
        # `place`, for `grid` does not lay out anew what a scrollbar leaves free while it is itself at work.
        bar = self._bar.winfo_reqwidth()
        taken = bar + self._look.px(theme.TINY) if self._has_bar else 0
        self.canvas.place(x=0, y=0, relwidth=1, relheight=1, width=-taken)
        if self._has_bar:
            self._bar.place(relx=1, y=0, anchor="ne", relheight=1, width=bar)
        else:
            self._bar.place_forget()

    def _resized(self, event: tk.Event[tk.Canvas]) -> None:
        self.canvas.itemconfigure(self._window, width=event.width)

    def _grown(self, _event: tk.Event[ttk.Frame]) -> None:
        self.canvas.configure(scrollregion=(0, 0, 1, self.inside.winfo_reqheight()))

    def _colored(self, _event: tk.Event[tk.Misc]) -> None:
        self._color()

    def _color(self) -> None:
        palette = self._look.palette
        self.canvas.configure(background=palette.surface if self._on_surface else palette.ground)
