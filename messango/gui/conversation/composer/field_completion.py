"""Offers names behind an `@`, and emoji behind a colon, while one types in the message field."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence

from messango.gui.conversation.composer.choice_popup import ChoicePopup
from messango.gui.conversation.composer.message_entry import MessageEntry
from messango.gui.look.look import Look
from messango.gui.model.composer.choices import Choice, ChoiceSource
from messango.gui.model.text.sanitizer import TextSanitizer


class FieldCompletion:
    """Offers what the first of the `sources` has that has anything.

    Opens a list in `parent`, above the field; the field keeps the focus and all other keys.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        entry: MessageEntry,
        sources: Sequence[ChoiceSource],
    ) -> None:
        self._entry, self._sources = entry, sources
        self.popup = ChoicePopup(parent, look, sanitizer, anchor=entry, on_pick=self._insert)
        #: The text before what was offered, whose list was closed with Escape.
        self._dismissed: str | None = None
        entry.key_filters.insert(0, self._on_key)
        for event in ("<<Modified>>", "<KeyRelease>", "<ButtonRelease-1>"):
            entry.text.bind(event, lambda _: self.update(), add=True)
        entry.text.bind("<FocusOut>", lambda _: self.popup.hide(), add=True)

    def update(self) -> None:
        """Offer what fits to the text before the cursor."""
        before = self._entry.text_before_cursor()
        stem = self._stem(before)
        if stem is None or stem != self._dismissed:
            self._dismissed = None
        has_focus = str(self._entry.tk.call("focus")) == str(self._entry.text)
        offers = stem is not None and self._dismissed is None and has_focus
        self.popup.show(self._choices(before) if offers else ())

    def _stem(self, before: str) -> str | None:
        stems = (source.stem(before) for source in self._sources)
        return next((stem for stem in stems if stem is not None), None)

    def _choices(self, before: str) -> Sequence[Choice]:
        return next((found for source in self._sources if (found := source.choices(before))), ())

    def _on_key(self, key: str, state: int) -> bool:
        if key == "Escape" and self.popup.is_open:
            self._dismissed = self._stem(self._entry.text_before_cursor())
            self.popup.hide()
            return True
        return self.popup.handle_key(key, state)

    def _insert(self, choice: Choice) -> None:
        self._entry.replace_before_cursor(choice.replaces, choice.text)
