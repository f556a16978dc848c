"""Shows each emoji in the message field as one picture.

The text stays as it is, to be read, copied and sent; where there is a picture, it is hidden behind that. The
cursor goes over both at once, and Backspace deletes both.
"""

from __future__ import annotations

import tkinter as tk
from typing import Final

from messango.gui.look.look import Look
from messango.protocol.text.emoji_signs import emoji_places

_HIDDEN: Final = "emoji-text"

#: More emoji in one text are shown as Tk draws them.
_MAX_EMOJI: Final = 100


class FieldEmoji:
    """Keeps the pictures of a text widget in step with its text; `handle` is a key filter of the field."""

    def __init__(self, text: tk.Text, look: Look) -> None:
        self._text, self._look = text, look
        self._seen: tuple[str, str] | None = None
        text.tag_configure(_HIDDEN, elide=True)
        for event in ("<<Modified>>", "<KeyRelease>", "<ButtonRelease-1>"):
            text.bind(event, lambda _: self.update(), add=True)
        text.bind("<<ThemeChanged>>", lambda _: self._redraw(), add=True)

    def update(self) -> None:
        """Draw what is not drawn yet, and take the cursor out of hidden text."""
        raw = self._text.get("1.0", "end-1c")
        if raw.isascii() and not self._text.tag_ranges(_HIDDEN):
            return
        state = raw, str(self._text.dump("1.0", "end", image=True))
        if state == self._seen:
            self._leave_hidden_text()
            return
        places = [*emoji_places(raw)] if self._look.emoji.available else []
        places = places if len(places) <= _MAX_EMOJI else []
        if self._drawn() != [raw[start:end] for start, end in places]:
            self._draw(raw, places)
        # Drawing counts as a change: it is looked at once, whatever came of it.
        self._seen = raw, str(self._text.dump("1.0", "end", image=True))
        self._leave_hidden_text()

    def handle(self, key: str, state: int) -> bool:
        """Delete an emoji with its picture; returns whether that is what the key does here."""
        text = self._text
        if state & _MODIFIERS or text.tag_ranges("sel"):
            return False
        if key == "BackSpace" and _HIDDEN in text.tag_names("insert-1c"):
            start, end = self._range_at("insert-1c")
        elif key == "Delete" and _HIDDEN in text.tag_names("insert+1c"):
            start, end = self._range_at("insert+1c")
        else:
            return False
        text.delete(f"{start}-1c", end)
        return True

    def _range_at(self, index: str) -> tuple[str, str]:
        found = [*self._text.tag_prevrange(_HIDDEN, f"{index}+1c")]
        return str(found[0]), str(found[1])

    def _drawn(self) -> list[str] | None:
        """Return the emoji that are drawn; None if a picture is not right before its text."""
        text = self._text
        ranges = [str(index) for index in text.tag_ranges(_HIDDEN)]
        images = [index for _, _, index in text.dump("1.0", "end", image=True)]
        if images != [text.index(f"{start}-1c") for start in ranges[::2]]:
            return None
        return [text.get(start, end) for start, end in zip(ranges[::2], ranges[1::2], strict=True)]

    def _draw(self, raw: str, places: list[tuple[int, int]]) -> None:
        text, size = self._text, self._look.emoji_size
        self._remove_pictures()
        for start, end in reversed(places):
            first, last = f"1.0+{start}c", f"1.0+{end}c"
            text.tag_add(_HIDDEN, first, last)
            image = self._look.emoji.image(raw[start:end], size)
            text.image_create(first, image=image, padx=1)
        text.edit_reset()  # Tk's steps back would be at the places of the text without pictures

    def _remove_pictures(self) -> None:
        for _, _, index in reversed(self._text.dump("1.0", "end", image=True)):
            self._text.delete(index)
        self._text.tag_remove(_HIDDEN, "1.0", "end")

    def _redraw(self) -> None:
        if self._text.tag_ranges(_HIDDEN):
            self._remove_pictures()
            self.update()

    def _leave_hidden_text(self) -> None:
        if _HIDDEN in self._text.tag_names("insert"):
            self._text.mark_set("insert", self._range_at("insert")[1])


#: Control and Alt, as `event.state` has them.
_MODIFIERS: Final = 0x4 | 0x8
