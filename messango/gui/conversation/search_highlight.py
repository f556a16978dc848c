"""Marks in a transcript what was found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from messango.gui.conversation.text_tags import CURRENT_MATCH, MATCH
from messango.gui.conversation.transcript_view import TranscriptView

#: So many are marked; others are once they come near.
_MOST_MARKED: Final = 500


class TranscriptMarks:
    """Looks only at what the widget holds, and again whenever that changes.

    Tk's own search is not used: in Tk 8.6 `search -nocase` over a text with emoji ends the program.
    """

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
        wide = int(self._text.tk.call("string", "length", "\U0001f96d"))
        found = places(self._text.get("1.0", "end-1c"), words, wide)
        for line, start, stop in islice(found, _MOST_MARKED):
            here = self._view.page.block_at(line) == current
            self._text.tag_add(CURRENT_MATCH if here else MATCH, f"{line}.{start}", f"{line}.{stop}")


def places(text: str, words: str, wide: int) -> Iterator[tuple[int, int, int]]:
    """Yield the line, counted from 1, the first column and that behind the last of each place of `words`.

    A character above U+FFFF takes `wide` columns: two in Tk 8.6.
    """
    wanted = re.compile(re.escape(words), re.IGNORECASE)
    for number, line in enumerate(text.split("\n"), 1):
        for match in wanted.finditer(line):
            yield number, _columns(line[: match.start()], wide), _columns(line[: match.end()], wide)


def _columns(text: str, wide: int) -> int:
    return len(text) if text.isascii() else sum(wide if ord(each) > 0xFFFF else 1 for each in text)
