"""Goes to a message, and highlights it for a moment."""

from __future__ import annotations

from typing import Final

from messango.gui.conversation.transcript.text_tags import JUMPED
from messango.gui.conversation.transcript.transcript_view import TranscriptView

#: Long enough to find it, too short to be taken for a state.
_HIGHLIGHT_MS: Final = 1_500


class MessageJump:
    """Highlights one message at a time."""

    def __init__(self, view: TranscriptView) -> None:
        self._view = view
        self._timer = ""
        view.text.bind("<Destroy>", lambda _: self._cancel(), add=True)

    def show(self, number: int) -> None:
        """Scroll to a block and highlight it."""
        self._end()
        view, text, window = self._view, self._view.text, self._view.held.window
        was_visible = number in window and text.bbox(f"{window.start_line(number)}.0") is not None
        view.scroll_to(number)
        line = window.start_line(number)
        if not was_visible:  # then with some lines above, to see what it is about
            text.yview(f"{line}.0")
            text.yview_scroll(-text.winfo_height() // 3, "pixels")
            view.on_scrolled()
        text.tag_add(JUMPED, f"{line}.0", f"{line + window.line_count(number)}.0")
        self._timer = view.after(_HIGHLIGHT_MS, self._end)

    def _end(self) -> None:
        self._cancel()
        self._view.text.tag_remove(JUMPED, "1.0", "end")

    def _cancel(self) -> None:
        if self._timer:
            self._view.after_cancel(self._timer)
            self._timer = ""
