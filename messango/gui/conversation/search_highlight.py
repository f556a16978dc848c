"""Highlights the matches of a search in a transcript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from messango.gui.conversation.block_text import BlockText
from messango.gui.conversation.text_tags import CURRENT_MATCH, MATCH

#: At most this many matches are highlighted at once.
_MAX_HIGHLIGHTS: Final = 500


class SearchHighlighter:
    """Searches only the blocks in the widget, and again whenever they change.

    It does not use Tk's own search: in Tk 8.6, `search -nocase` over a text with emoji ends the program.
    """

    def __init__(self, held: BlockText) -> None:
        self._held, self._text = held, held.text
        self._shown: tuple[str, int | None, int, int] = ("", None, 0, 0)

    def highlight(self, query: str, current: int | None) -> None:
        """Highlight the matches of `query`, those in block `current` by a stronger colour."""
        window = self._held.window
        shown = (query, current, window.top, window.bottom)
        if shown == self._shown:
            return
        self._shown = shown
        for tag in (MATCH, CURRENT_MATCH):
            self._text.tag_remove(tag, "1.0", "end")
        if query:
            self._highlight_all(query, current)

    def _highlight_all(self, query: str, current: int | None) -> None:
        wide_columns = int(self._text.tk.call("string", "length", "\U0001f96d"))
        matches = find_matches(self._text.get("1.0", "end-1c"), query, wide_columns)
        for line, start, stop in islice(matches, _MAX_HIGHLIGHTS):
            is_current = self._held.window.block_at(line) == current
            self._text.tag_add(CURRENT_MATCH if is_current else MATCH, f"{line}.{start}", f"{line}.{stop}")


def find_matches(text: str, query: str, wide_columns: int) -> Iterator[tuple[int, int, int]]:
    """Yield the line (from 1), the first column and the column after the last of each match of `query`.

    A character above U+FFFF takes `wide_columns` columns: two in Tk 8.6.
    """
    pattern = re.compile(re.escape(query), re.IGNORECASE)
    for number, line in enumerate(text.split("\n"), 1):
        for match in pattern.finditer(line):
            yield (
                number,
                _columns(line[: match.start()], wide_columns),
                _columns(line[: match.end()], wide_columns),
            )


def _columns(text: str, wide_columns: int) -> int:
    return (
        len(text)
        if text.isascii()
        else sum(wide_columns if ord(character) > 0xFFFF else 1 for character in text)
    )
