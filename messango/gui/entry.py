"""The field in which a message is written."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.gui import theme
from messango.gui.style import Look

MAX_HEIGHT: Final = 6


class Entry(ttk.Frame):
    """Grows with its text up to six lines; Enter calls `on_send`, Shift-Enter begins a new line."""

    def __init__(
        self, parent: tk.Misc, look: Look, *, on_send: Callable[[], None], on_typing: Callable[[], None]
    ) -> None:
        super().__init__(parent, style="Field.TFrame", padding=(look.px(theme.GAP), look.px(theme.INSET)))
        self._look, self._on_send, self._on_typing = look, on_send, on_typing
        self.text = tk.Text(
            self,
            height=1,
            width=1,
            wrap="word",
            undo=True,
            borderwidth=0,
            highlightthickness=0,
            padx=0,
            pady=0,
            font=theme.BODY,
            insertwidth=look.px(2),
        )
        self.text.pack(fill="both", expand=True)
        self._prompt = ttk.Label(self, style="SurfaceMuted.TLabel", cursor="xterm")
        self._prompt.bind("<Button-1>", lambda _: self.text.focus_set())
        self._bind_events()
        self._color()
        self._changed()

    def prompt(self, text: str) -> None:
        """Say in the empty field what it is for."""
        self._prompt.configure(text=text)

    def get(self) -> str:
        """Return what is written."""
        return self.text.get("1.0", "end-1c")

    def set(self, text: str) -> None:
        """Replace what is written."""
        self.text.replace("1.0", "end-1c", text)
        self.text.edit_reset()
        self._changed()

    def _bind_events(self) -> None:
        text = self.text
        for key in ("<Return>", "<KP_Enter>"):
            text.bind(key, self._entered)
        # The more exact binding wins, and lets Text's own put a new line in.
        text.bind("<Shift-Return>", lambda _: None)
        text.bind("<Tab>", self._tabbed)
        text.bind("<<Modified>>", self._modified)
        text.bind("<Configure>", lambda _: self._fit())
        text.bind("<FocusIn>", lambda _: self.state(["focus"]))
        text.bind("<FocusOut>", lambda _: self.state(["!focus"]))
        self.bind("<<ThemeChanged>>", lambda _: self._color())

    def _entered(self, _event: tk.Event[tk.Text]) -> str:
        self._on_send()
        return "break"

    def _tabbed(self, _event: tk.Event[tk.Text]) -> str:
        following = self.text.tk_focusNext()
        if following is not None:
            following.focus_set()
        return "break"

    def _modified(self, _event: tk.Event[tk.Text]) -> None:
        if not self.text.edit_modified():
            return  # the event comes a second time, for the flag being taken back
        self.text.edit_modified(False)
        self._changed()
        if self.get().strip():
            self._on_typing()

    def _changed(self) -> None:
        if self.get():
            self._prompt.place_forget()
        else:
            self._prompt.place(in_=self.text, x=0, y=0)
        self._fit()

    def _fit(self) -> None:
        counted = self.text.tk.call(str(self.text), "count", "-update", "-displaylines", "1.0", "end")
        height = min(max(int(counted or 1), 1), MAX_HEIGHT)
        if height != int(self.text.cget("height")):
            self.text.configure(height=height)
            self.text.see("insert")

    def _color(self) -> None:
        palette = self._look.palette
        self.text.configure(
            background=palette.surface,
            foreground=palette.text,
            insertbackground=palette.text,
            selectbackground=palette.chosen,
            selectforeground=palette.text,
        )
