"""The field in which a message is written."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.composer import MOST_IN_FIELD, Completing, Recall, mention
from messango.gui.model.text_sanitizer import Display

MAX_HEIGHT: Final = 6


class Entry(ttk.Frame):
    """Grows with its text up to six lines; Enter calls `on_send`, Shift-Enter begins a new line.

    Up and Down fetch what was sent before, Tab completes from `names`. `on_told` is given words about
    what Tab offers and what could not be pasted.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        display: Display,
        *,
        names: Callable[[], list[str]],
        on_send: Callable[[], None],
        on_typing: Callable[[], None],
        on_told: Callable[[str], None],
    ) -> None:
        super().__init__(parent, style="Field.TFrame", padding=(look.px(theme.GAP), look.px(theme.INSET)))
        self._look, self._display = look, display
        self._names, self._on_send, self._on_typing, self._on_told = names, on_send, on_typing, on_told
        self.recall = Recall()
        self._completing = Completing()
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

    def mention(self, name: str) -> None:
        """Speak to somebody, and go on writing."""
        self.text.insert("insert", mention(self.get(), self._before(), name))
        self.text.focus_set()

    def _bind_events(self) -> None:
        text = self.text
        for key in ("<Return>", "<KP_Enter>"):
            text.bind(key, self._entered)
        # The more exact binding wins, and lets Text's own put a new line in.
        for key in ("<Shift-Return>", "<Shift-KP_Enter>"):
            text.bind(key, self._broken)
        text.bind("<Tab>", self._tabbed)
        text.bind("<Up>", lambda _: self._recalled(self.recall.older(self.get())))
        text.bind("<Down>", lambda _: self._recalled(self.recall.newer(self.get())))
        text.bind("<<Paste>>", self._pasted)
        text.bind("<<Modified>>", self._modified)
        text.bind("<Configure>", lambda _: self._fit())
        text.bind("<FocusIn>", lambda _: self.state(["focus"]))
        text.bind("<FocusOut>", lambda _: self.state(["!focus"]))
        self.bind("<<ThemeChanged>>", lambda _: self._color())

    def _entered(self, _event: tk.Event[tk.Text]) -> str:
        self._on_send()
        return "break"

    def _broken(self, _event: tk.Event[tk.Text]) -> str:
        self.text.insert("insert", "\n")
        self.text.see("insert")
        return "break"

    def _tabbed(self, _event: tk.Event[tk.Text]) -> str:
        completion = self._completing.next(self._before(), self._names())
        if completion is None:
            following = self.text.tk_focusNext()
            if following is not None:
                following.focus_set()
            return "break"
        before = self._before()
        kept = before[: len(before) - completion.replaces]
        self.text.replace("1.0", "insert", kept + completion.text)
        self._on_told(self._completing.told)
        return "break"

    def _before(self) -> str:
        return self.text.get("1.0", "insert")

    def _recalled(self, text: str | None) -> str | None:
        if text is None:
            return None
        self.set(text)
        self.text.mark_set("insert", "end-1c")
        self.text.see("insert")
        return "break"

    def _pasted(self, _event: tk.Event[tk.Text]) -> str:
        """Take a paste as a whole, in place of what is selected; on X11 Tk itself would leave that."""
        try:
            pasted = self.text.clipboard_get().replace("\r\n", "\n")
        except tk.TclError:
            return "break"  # there is nothing, or nothing that is text
        if len(pasted) > MOST_IN_FIELD:
            self._on_told(f"{len(pasted):,} characters are too many to paste here. Send them as a file.")
            return "break"
        if self.text.tag_ranges("sel"):
            self.text.delete("sel.first", "sel.last")
        self.text.insert("insert", self._display.text(pasted))
        self.text.see("insert")
        return "break"

    def _modified(self, _event: tk.Event[tk.Text]) -> None:
        if not self.text.edit_modified():
            return  # the event comes a second time, for the flag being taken back
        self._make_safe()
        self.text.edit_modified(False)
        self._changed()
        if self.get().strip():
            self._on_typing()

    def _make_safe(self) -> None:
        """Take out, before it is drawn, what this display can't draw."""
        written = self.get()
        safe = self._display.text(written)
        if safe != written:
            self.text.replace("1.0", "end-1c", safe)

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
