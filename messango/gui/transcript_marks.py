"""Marks in a transcript what was found."""

from __future__ import annotations

from typing import Final

from messango.gui.transcript_tags import CURRENT_MATCH, MATCH
from messango.gui.transcript_view import TranscriptView

#: So many are marked; others are once they come near.
_MOST_MARKED: Final = 500

_COUNT: Final = "messango_characters_found"


class TranscriptMarks:
    """Looks only at what the widget holds, and again whenever that changes."""

    def __init__(self, view: TranscriptView) -> None:
        self._view, self._text = view, view.text
        self._done: tuple[str, int | None, int, int] = ("", None, 0, 0)

    def mark(self, words: str, current: int | None) -> None:
        """Mark where `words` are, those in block `current` by a stronger colour."""
        page = self._view.page
        wanted = (words, current, page.top, page.bottom)
        if wanted == self._done:
            return
        self._done = wanted
        for tag in (MATCH, CURRENT_MATCH):
            self._text.tag_remove(tag, "1.0", "end")
        if words:
            self._mark_all(words, current)

    def _mark_all(self, words: str, current: int | None) -> None:
        tk, index = self._text.tk, "1.0"
        for _ in range(_MOST_MARKED):
            found = ("-nocase", "-count", _COUNT, "--", words, index, "end")
            index = str(tk.call(str(self._text), "search", *found))
            if not index:
                break
            here = self._view.page.block_at(int(index.split(".")[0])) == current
            behind = self._text.index(f"{index} + {self._text.getvar(_COUNT)} chars")
            self._text.tag_add(CURRENT_MATCH if here else MATCH, index, behind)
            index = behind
