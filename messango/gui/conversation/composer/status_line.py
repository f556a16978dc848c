"""The line below the message field: why a text can't be sent, a hint, or who is typing; and a counter."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.model.composer.composer import counter_text
from messango.gui.model.sending.long_text import OFFER
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.protocol.limits import MAX_TEXT_CHARACTERS


class StatusLine(ttk.Frame):
    """Shows the error of a draft until it is changed, else a hint until something is typed, else who types.

    `draft` returns the text in the field, `typing` the sentence about those who are typing; `too_long` what
    to do with a draft that is too long, and whether there is a button for it, which calls `on_offer`.
    `is_file` returns whether the draft goes as a file.
    """

    def __init__(
        self,
        parent: tk.Misc,
        sanitizer: TextSanitizer,
        *,
        draft: Callable[[], str],
        typing: Callable[[], str],
        too_long: Callable[[str], tuple[str, bool]],
        on_offer: Callable[[], None],
        is_file: Callable[[], bool],
    ) -> None:
        super().__init__(parent)
        self._too_long, self._is_file = too_long, is_file
        self._sanitizer, self._draft, self._typing = sanitizer, draft, typing
        self._error = self._rejected_draft = self._hint = self._hint_draft = ""
        # A text longer than the window would make the window wider.
        self._label = ttk.Label(self, style="Small.TLabel", width=1)
        self._label.bind("<Configure>", lambda event: event.widget.configure(wraplength=event.width))
        self._counter = ttk.Label(self, style="Small.TLabel")
        self.offer_button = ttk.Button(self, text=OFFER, style="Link.TButton", command=on_offer)
        self.columnconfigure(0, weight=1)
        self._label.grid(row=0, column=0, sticky="ew")
        self._counter.grid(row=0, column=1, sticky="e")
        self.offer_button.grid(row=0, column=2, sticky="e")
        self.offer_button.grid_remove()

    def show_hint(self, text: str) -> None:
        """Show a text until something is typed or another text replaces it."""
        self._hint, self._hint_draft = text, self._draft()
        self.refresh()

    def show_error(self, text: str) -> None:
        """Show why the draft can't be sent, until it is changed."""
        self._error, self._rejected_draft = text, self._draft()
        self.refresh()

    def clear(self) -> None:
        """Show neither an error nor a hint: the field has another text now."""
        self._error = self._hint = ""
        self.refresh()

    def draft_changed(self) -> None:
        """Drop the hint, if it is about another draft."""
        if self._draft() != self._hint_draft:
            self._hint = ""
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        draft = self._draft()
        advice, has_offer = self._too_long(draft)
        if has_offer:
            self.offer_button.grid()
        else:
            self.offer_button.grid_remove()
        if self._error and draft == self._rejected_draft:
            self._label.configure(text=self._error, style="Error.TLabel")
        else:
            text = self._sanitizer.label(self._hint) or advice or self._sanitizer.preview(draft)
            self._label.configure(text=text or self._sanitizer.label(self._typing()), style="Small.TLabel")
        is_too_long = len(draft) > MAX_TEXT_CHARACTERS
        counter = "" if self._is_file() else counter_text(draft)
        style = "Error.TLabel" if is_too_long else "Small.TLabel"
        self._counter.configure(text=counter, style=style)

    def text(self) -> str:
        """Return the text that is shown."""
        return str(self._label.cget("text"))

    def counter(self) -> str:
        """Return the text of the counter."""
        return str(self._counter.cget("text"))
