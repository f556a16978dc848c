"""Highlights the matches of a search in a transcript."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from messango.gui.conversation.transcript.block_text import BlockText
from messango.gui.conversation.transcript.text_tags import CURRENT_MATCH, MATCH
from messango.gui.model.search.transcript_search import TranscriptSearch
from messango.gui.model.text.line_arrangement import Arrangement
from messango.protocol.text.matching import find_words

#: At most this many matches are highlighted at once.
_MAX_HIGHLIGHTS: Final = 500


class SearchHighlighter:
    """Highlights what was found in the blocks in the widget, and again whenever they change."""

    def __init__(self, held: BlockText, search: TranscriptSearch) -> None:
        self._held, self._search = held, search
        self._shown: tuple[str, int | None, int] = ("", None, 0)

    def highlight(self) -> None:
        """Highlight the words of the search, those in the current block by a stronger colour."""
        shown = (self._search.query, self._search.current, self._held.version)
        if shown == self._shown:
            return
        self._shown = shown
        text = self._held.text
        for tag in (MATCH, CURRENT_MATCH):
            text.tag_remove(tag, "1.0", "end")
        for number, line, start, stop in islice(self._matches(), _MAX_HIGHLIGHTS):
            tag = CURRENT_MATCH if number == self._search.current else MATCH
            text.tag_add(tag, f"{line}.{start}", f"{line}.{stop}")
        self._held.file_rows.update_marks()

    def show_current(self) -> None:
        """Scroll to the words of the current match."""
        found = self._held.text.tag_nextrange(CURRENT_MATCH, "1.0")
        if found:
            self._held.text.see(found[0])

    def _matches(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield the number of the block, the line, and the columns of each match in the widget."""
        window, transcript = self._held.window, self._held.transcript
        if not self._search.active:
            return
        first = max(window.top, transcript.first)
        current = self._search.current or first
        nearest_first = sorted(range(first, window.bottom), key=lambda number: abs(number - current))
        for number in nearest_first:
            if self._search.matches(transcript.block(number)):
                top = window.start_line(number)
                for line, start, stop in find_matches(self._held.arrangement(number), self._search.words):
                    yield number, top + line, start, stop


def find_matches(arrangement: Arrangement, words: list[str]) -> Iterator[tuple[int, int, int]]:
    """Yield the line of the block, the first column and the column after the last of each drawn match."""
    for begin, text in arrangement.searchable():
        for start, stop in find_words(text, words):
            yield from _joined(arrangement.places(begin + start, begin + stop))


def _joined(places: Iterator[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield adjacent places as one."""
    line, start, stop = next(places, (0, 0, 0))
    for place in places:
        if place[:2] == (line, stop):
            stop = place[2]
        else:
            yield line, start, stop
            line, start, stop = place
    if stop > start:
        yield line, start, stop
