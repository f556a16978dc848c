"""Creates the emoji picker of a page when it is opened first."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from messango.gui.look.look import Look
from messango.gui.model.emoji.recent_emoji import RecentEmoji
from messango.gui.model.text.sanitizer import TextSanitizer

if TYPE_CHECKING:
    from messango.gui.conversation.emoji.emoji_picker import EmojiPicker


class PickerOwner:
    """Owns the one picker of a page: for the message field, and for reactions."""

    def __init__(self, page: tk.Misc, look: Look, sanitizer: TextSanitizer, recent: RecentEmoji) -> None:
        self._page, self._look, self._sanitizer = page, look, sanitizer
        self.recent = recent
        self.picker: EmojiPicker | None = None

    def open(self, anchor: tk.Misc, on_pick: Callable[[str], None]) -> None:
        """Open the picker near a widget, or close it; `on_pick` gets each emoji that is picked."""
        if self.picker is None:
            from messango.gui.conversation.emoji.emoji_picker import EmojiPicker

            self.picker = EmojiPicker(self._page, self._look, self._sanitizer, self.recent)
        self.picker.open(anchor, on_pick)
