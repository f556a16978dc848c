"""The message field."""

from __future__ import annotations

import contextlib
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.composer.composer import (
    MAX_INPUT_CHARACTERS,
    CompletionCycle,
    InputHistory,
    mention_text,
)
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.field_icon import FieldIcon
from messango.gui.widgets.icon_button import EMOJI, FILES
from messango.gui.widgets.labels.ellipsis_label import EllipsisLabel
from messango.protocol.text.validation import clean_text

MAX_HEIGHT: Final = 6


class MessageEntry(ttk.Frame):
    """Grows with its text up to six lines; Enter calls `on_send`, Shift-Enter begins a new line.

    Ctrl Up and Ctrl Down recall earlier messages, Tab completes `names` and commands. `on_status` gets the
    choices of Tab, and why something can't be pasted. Each of `key_filters` gets a key's name and the
    event's state before anything else does; the first that returns True is the last. `expand` returns
    what Tab makes of a whole text, or None.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        *,
        names: Callable[[], list[str]],
        on_send: Callable[[], None],
        on_input: Callable[[], None],
        on_status: Callable[[str], None],
        expand: Callable[[str], str | None],
    ) -> None:
        super().__init__(
            parent, style="Field.TFrame", padding=(look.scaled(theme.GAP), look.scaled(theme.INSET))
        )
        self._look, self._sanitizer = look, sanitizer
        self._names, self._on_send, self._on_input, self._on_status = names, on_send, on_input, on_status
        #: Takes files or a picture from the clipboard; returns False if it has a text, which is pasted here.
        self.paste_files: Callable[[], bool] = lambda: False
        #: Takes a text that is too long for this field; returns False if it can't.
        self.take_long_text: Callable[[str], bool] = lambda _text: False
        #: Called when the text has changed.
        self.on_changed: Callable[[], None] = lambda: None
        self.history = InputHistory()
        self.key_filters: list[Callable[[str, int], bool]] = []
        self._completion, self._expand = CompletionCycle(), expand
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
            insertwidth=look.scaled(2),
        )
        self.emoji_button = FieldIcon(self, look, "smile", EMOJI, "Emoji · Ctrl .", on_status)
        self.clip_button = FieldIcon(self, look, "clip", FILES, "Send files · Ctrl O", on_status)
        self.emoji_button.pack(side="right", anchor="s")
        self.clip_button.pack(side="right", anchor="s", padx=look.scaled(theme.SMALL_GAP))
        self.text.pack(fill="both", expand=True)
        self._placeholder = EllipsisLabel(self, look, sanitizer, style="SurfaceMuted.TLabel", cursor="xterm")
        self._placeholder.bind("<Button-1>", lambda _: self.text.focus_set(), add=True)
        self._is_private = False
        self._bind_events()
        self._recolor()
        self._on_change()

    def set_placeholder(self, text: str) -> None:
        """Set the text that the empty field shows."""
        self._placeholder.show(text)

    def get(self) -> str:
        """Return the text."""
        return self.text.get("1.0", "end-1c")

    def set(self, text: str) -> None:
        """Replace the text."""
        self.text.replace("1.0", "end-1c", text)
        self.text.edit_reset()
        self._on_change()

    def set_private(self, *, private: bool) -> None:
        """Look different from a field that sends to everybody, by the border and the background."""
        if private == self._is_private:
            return
        self._is_private = private
        self.configure(style="PrivateField.TFrame" if private else "Field.TFrame")
        for label in (self._placeholder, self.emoji_button, self.clip_button):
            label.configure(style="PrivateMuted.TLabel" if private else "SurfaceMuted.TLabel")
        self._recolor()

    def text_before_cursor(self) -> str:
        """Return the text up to the cursor."""
        return self.text.get("1.0", "insert")

    def replace_before_cursor(self, count: int, text: str) -> None:
        """Replace so many characters before the cursor."""
        before = self.text_before_cursor()
        self.text.replace("1.0", "insert", before[: len(before) - count] + text)
        self.text.see("insert")

    def type_text(self, text: str) -> None:
        """Insert what was typed elsewhere at the cursor, in place of the selection, and take the focus."""
        self.text.focus_set()
        self.insert(text)

    def insert(self, text: str) -> None:
        """Insert a text at the cursor, in place of what is selected."""
        if self.text.tag_ranges("sel"):
            self.text.delete("sel.first", "sel.last")
        self.text.insert("insert", text)
        self.text.see("insert")

    def paste(self) -> None:
        """Insert the clipboard's text at the cursor, and take the focus."""
        self.text.focus_set()
        self.text.event_generate("<<Paste>>")

    def mention(self, name: str) -> None:
        """Insert a mention of a member at the cursor, and take the focus."""
        self.text.insert("insert", mention_text(self.get(), self.text_before_cursor(), name))
        self.text.focus_set()

    def _bind_events(self) -> None:
        text = self.text
        # Before the bindings of the text itself, of which only the most specific one is called.
        filters = f"MessangoKeys{text}"
        text.bindtags((filters, *text.bindtags()))
        text.bind_class(filters, "<Key>", self._on_any_key)
        for key in ("<Return>", "<KP_Enter>"):
            text.bind(key, self._on_enter)
        # More specific than <Return>, so Tk calls these instead.
        for key in ("<Shift-Return>", "<Shift-KP_Enter>"):
            text.bind(key, self._on_shift_enter)
        text.bind("<Tab>", self._on_tab)
        text.bind("<Control-Up>", lambda _: self._show_recalled(self.history.previous(self.get())))
        text.bind("<Control-Down>", lambda _: self._show_recalled(self.history.next(self.get())))
        text.bind("<<Paste>>", self._on_paste)
        text.bind("<<Modified>>", self._on_modified)
        text.bind("<Configure>", lambda _: self._fit_height())
        text.bind("<FocusIn>", lambda _: self.state(["focus"]))
        text.bind("<FocusOut>", lambda _: self.state(["!focus"]))
        self.bind("<<ThemeChanged>>", lambda _: self._recolor())

    def _on_any_key(self, event: tk.Event[tk.Misc]) -> str | None:
        state = event.state if isinstance(event.state, int) else 0
        return "break" if any(wants(event.keysym, state) for wants in self.key_filters) else None

    def _on_enter(self, _event: tk.Event[tk.Text]) -> str:
        self._on_send()
        return "break"

    def _on_shift_enter(self, _event: tk.Event[tk.Text]) -> str:
        self.text.insert("insert", "\n")
        self.text.see("insert")
        return "break"

    def _on_tab(self, _event: tk.Event[tk.Text]) -> str:
        expanded = self._expand(self.get())
        if expanded is not None and expanded != self.get():
            self._show_recalled(expanded)
            return "break"
        completion = self._completion.next(self.text_before_cursor(), self._names())
        if completion is None:
            next_widget = self.text.tk_focusNext()
            if next_widget is not None:
                next_widget.focus_set()
            return "break"
        self.replace_before_cursor(completion.replaces, completion.text)
        self._on_status(self._completion.choices_text)
        return "break"

    def _show_recalled(self, text: str | None) -> str | None:
        if text is None:
            return None
        self.set(text)
        self.text.mark_set("insert", "end-1c")
        self.text.see("insert")
        return "break"

    def _on_paste(self, _event: tk.Event[tk.Text]) -> str:
        """Paste in place of the selection; on X11, Tk itself would keep the selected text."""
        if self.paste_files():
            return "break"
        with contextlib.suppress(tk.TclError):  # the clipboard is empty, or does not contain text
            self.insert_foreign(self.text.clipboard_get())
        return "break"

    def insert_foreign(self, text: str) -> None:
        """Insert a text of another program at the cursor, or offer one that is too long as a file."""
        cleaned = clean_text(text)
        if len(cleaned) <= MAX_INPUT_CHARACTERS:
            self.insert(self._sanitizer.text(cleaned))
        elif not self.take_long_text(cleaned):
            self._on_status(f"{len(cleaned):,} characters are too many for a message.")

    def _on_modified(self, _event: tk.Event[tk.Text]) -> None:
        if not self.text.edit_modified():
            return  # the event comes again when the flag is reset
        self._sanitize()
        self.text.edit_modified(False)
        self._on_change()
        self.on_changed()
        self._on_input()

    def _sanitize(self) -> None:
        """Remove what no message may contain, or this display can't draw, before Tk draws it."""
        text = self.get()
        safe = self._sanitizer.text(clean_text(text))
        if safe != text:
            self.text.replace("1.0", "end-1c", safe)

    def _on_change(self) -> None:
        if self.get():
            self._placeholder.place_forget()
        else:
            self._placeholder.place(in_=self.text, x=0, y=0, relwidth=1)
        self._fit_height()

    def _fit_height(self) -> None:
        lines = self.text.tk.call(str(self.text), "count", "-update", "-displaylines", "1.0", "end")
        height = min(max(int(lines or 1), 1), MAX_HEIGHT)
        if height != int(self.text.cget("height")):
            self.text.configure(height=height)
            self.text.see("insert")

    def _recolor(self) -> None:
        palette = self._look.palette
        self.text.configure(
            background=palette.private_background if self._is_private else palette.surface,
            foreground=palette.text,
            insertbackground=palette.text,
            selectbackground=palette.selection,
            selectforeground=palette.text,
        )
