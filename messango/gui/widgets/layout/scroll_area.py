"""A scrolling column of widgets, with a scrollbar only if it is needed."""

from __future__ import annotations

import sys
import time
import tkinter as tk
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look

_WHEEL_STEP = 48

#: Longer than laying out everything takes.
_LAID_OUT_WITHIN_S = 0.5


class ScrollArea(ttk.Frame):
    """Put widgets into `content`, and call `bind_wheel` for each, so that the mouse wheel works over it."""

    def __init__(self, parent: tk.Misc, look: Look, *, on_surface: bool = False) -> None:
        super().__init__(parent, style="Surface.TFrame" if on_surface else "TFrame")
        self._look, self._on_surface = look, on_surface
        self._has_scrollbar = False
        #: When the scrollbar was hidden last, and the sizes of then; see `_may_hide`.
        self._hidden_at = 0.0
        self._sizes_when_hidden: tuple[int, ...] = ()
        self._sizes_to_keep_it: tuple[int, ...] = ()
        self.canvas = tk.Canvas(self, highlightthickness=0, borderwidth=0, width=1, height=1)
        self.canvas.configure(yscrollincrement=1)
        self.content = ttk.Frame(self.canvas, style="Surface.TFrame" if on_surface else "TFrame")
        style = "Inner.Vertical.TScrollbar" if on_surface else "Slim.Vertical.TScrollbar"
        self._scrollbar = ttk.Scrollbar(self, style=style, command=self.canvas.yview)
        self._window = self.canvas.create_window(0, 0, anchor="nw", window=self.content)
        self.canvas.configure(yscrollcommand=self._update_scrollbar)
        self._arrange()
        self.canvas.bind("<Configure>", self._on_resize)
        self.content.bind("<Configure>", self._on_content_resize)
        self.bind("<<ThemeChanged>>", self._on_theme_changed)
        for widget in (self.canvas, self.content):
            self.bind_wheel(widget)
        self._recolor()

    def bind_wheel(self, widget: tk.Misc) -> None:
        """Let the mouse wheel over `widget` scroll this area."""
        if sys.platform.startswith("linux"):
            widget.bind("<Button-4>", lambda _: self._scroll(-1), add=True)
            widget.bind("<Button-5>", lambda _: self._scroll(1), add=True)
        else:
            widget.bind("<MouseWheel>", lambda event: self._scroll(-1 if event.delta > 0 else 1), add=True)

    def see(self, widget: tk.Misc) -> None:
        """Scroll just far enough to make `widget` visible."""
        self.update_idletasks()
        top, height = widget.winfo_rooty() - self.content.winfo_rooty(), widget.winfo_height()
        visible_top, visible_height = self.canvas.canvasy(0), self.canvas.winfo_height()
        if top < visible_top:
            self.canvas.yview_scroll(int(top - visible_top), "units")
        elif top + height > visible_top + visible_height:
            self.canvas.yview_scroll(int(top + height - visible_top - visible_height), "units")

    def page_scroll(self, pages: int) -> None:
        """Scroll by nine tenths of a page for each of `pages`, up if negative."""
        if self._has_scrollbar:
            self.canvas.yview_scroll(round(pages * 0.9 * self.canvas.winfo_height()), "units")

    def _scroll(self, direction: int) -> None:
        if self.content.winfo_reqheight() > self.canvas.winfo_height():
            self.canvas.yview_scroll(direction * self._look.scaled(_WHEEL_STEP), "units")

    def _update_scrollbar(self, first: float, last: float) -> None:
        self._scrollbar.set(first, last)
        has_bar = float(first) > 0 or float(last) < 1
        if has_bar != self._has_scrollbar and (has_bar or self._may_hide()):
            self._has_scrollbar = has_bar
            self._note_change()
            self._arrange()

    def _sizes(self) -> tuple[int, ...]:
        return self.winfo_width(), self.winfo_height(), self.content.winfo_reqheight()

    def _may_hide(self) -> bool:
        """Return whether the scrollbar can go. With more width, some content is higher and needs it again.

        Then it would come and go for ever, within one layout, and the window would stand still.
        """
        return self._sizes() != self._sizes_to_keep_it

    def _note_change(self) -> None:
        if not self._has_scrollbar:
            self._hidden_at, self._sizes_when_hidden = time.monotonic(), self._sizes()
        elif time.monotonic() - self._hidden_at < _LAID_OUT_WITHIN_S:
            self._sizes_to_keep_it = self._sizes_when_hidden
        else:
            self._sizes_to_keep_it = ()

    def _arrange(self) -> None:
        # `place`, because `grid` does not update the layout if the scrollbar changes during a layout.
        bar = self._scrollbar.winfo_reqwidth()
        bar_width = bar + self._look.scaled(theme.TINY) if self._has_scrollbar else 0
        self.canvas.place(x=0, y=0, relwidth=1, relheight=1, width=-bar_width)
        if self._has_scrollbar:
            self._scrollbar.place(relx=1, y=0, anchor="ne", relheight=1, width=bar)
        else:
            self._scrollbar.place_forget()

    def _on_resize(self, event: tk.Event[tk.Canvas]) -> None:
        self.canvas.itemconfigure(self._window, width=event.width)

    def _on_content_resize(self, _event: tk.Event[ttk.Frame]) -> None:
        self.canvas.configure(scrollregion=(0, 0, 1, self.content.winfo_reqheight()))

    def _on_theme_changed(self, _event: tk.Event[tk.Misc]) -> None:
        self._recolor()

    def _recolor(self) -> None:
        palette = self._look.palette
        self.canvas.configure(background=palette.surface if self._on_surface else palette.background)
