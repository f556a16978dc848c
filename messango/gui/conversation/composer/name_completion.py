"""Offers the names of the members while one types an `@` in the message field."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable

from messango.gui.conversation.composer.choice_popup import ChoicePopup
from messango.gui.conversation.composer.message_entry import MessageEntry
from messango.gui.look.look import Look
from messango.gui.model.conversation.choices import Choice, name_choices, name_query
from messango.gui.model.text.sanitizer import TextSanitizer


class NameCompletion:
    """Opens a list in `parent`, above the field; the field keeps the focus and all other keys."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        entry: MessageEntry,
        names: Callable[[], Iterable[str]],
    ) -> None:
        self._entry, self._names = entry, names
        self.popup = ChoicePopup(parent, look, sanitizer, anchor=entry, on_pick=self._insert)
        #: The text before the `@` whose list was closed with Escape.
        self._dismissed: str | None = None
        entry.key_filters.insert(0, self._on_key)
        for event in ("<<Modified>>", "<KeyRelease>", "<ButtonRelease-1>"):
            entry.text.bind(event, lambda _: self.update(), add=True)
        entry.text.bind("<FocusOut>", lambda _: self.popup.hide(), add=True)

    def update(self) -> None:
        """Offer the names that begin as typed, if an `@` is before the cursor."""
        before = self._entry.text_before_cursor()
        query = name_query(before)
        if query is None or before[: len(before) - len(query)] != self._dismissed:
            self._dismissed = None
        has_focus = str(self._entry.tk.call("focus")) == str(self._entry.text)
        offers = query is not None and self._dismissed is None and has_focus
        self.popup.show(name_choices(before, self._names()) if offers else ())

    def _on_key(self, key: str, state: int) -> bool:
        if key == "Escape" and self.popup.is_open:
            before = self._entry.text_before_cursor()
            self._dismissed = before[: len(before) - len(name_query(before) or "")]
            self.popup.hide()
            return True
        return self.popup.handle_key(key, state)

    def _insert(self, choice: Choice) -> None:
        self._entry.replace_before_cursor(choice.replaces, choice.text)
