"""Searches a transcript, a little at a time."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable
from typing import Final

from messango.gui.model.transcript.blocks import Block
from messango.gui.model.transcript.transcript import Transcript
from messango.protocol.text.matching import fold, search_words

#: Longest time of one step.
STEP_S: Final = 0.008
_BATCH_BLOCKS: Final = 200


class TranscriptSearch:
    """Searches backwards from the newest message that is shown, and in messages that are added meanwhile.

    A message matches if it contains all words of the query, in its text or in its sender's name. `timer`
    returns monotonic seconds, and limits a step.
    """

    def __init__(self, transcript: Transcript, timer: Callable[[], float] = time.monotonic) -> None:
        self._transcript, self._timer = transcript, timer
        self.query = ""
        #: The folded words of the query.
        self.words: list[str] = []
        self._matches: list[int] = []
        self._current: int | None = None
        #: Whether the newest match becomes the current one: not after another part was shown.
        self._selects_newest = True
        self._unsearched_before = 0  # blocks before this number are not searched yet
        self._unsearched_from = 0  # nor are blocks from this number on
        self._part = transcript.parts.shown
        transcript.parts.on_renumbered.append(self._renumber)

    @property
    def active(self) -> bool:
        """Whether there is a query."""
        return bool(self.words)

    @property
    def done(self) -> bool:
        """Whether all blocks have been searched."""
        transcript = self._transcript
        return not self.words or (
            self._part is transcript.parts.shown
            and self._unsearched_before <= transcript.first
            and self._unsearched_from >= transcript.end
        )

    @property
    def current(self) -> int | None:
        """The number of the block with the current match."""
        return self._current

    def start(self, query: str) -> None:
        """Search for `query` from now on; an empty one ends the search."""
        if query == self.query:
            return
        self.query, self.words = query, search_words(query)
        self._restart(self._transcript.end)
        self._selects_newest = True

    def select(self, number: int) -> None:
        """Make this block the current match, and go on searching around it."""
        self._restart(number)
        self._matches, self._current = [number], number
        self._unsearched_from = number + 1

    def step(self) -> None:
        """Search for a moment; the newest match becomes the current one."""
        if self.done:
            return
        if self._part is not self._transcript.parts.shown:
            self._restart(self._transcript.end)
        deadline = self._timer() + STEP_S
        transcript = self._transcript
        self._search_range(self._unsearched_from, transcript.end)
        self._unsearched_from = transcript.end
        while self._unsearched_before > transcript.first:
            start = max(self._unsearched_before - _BATCH_BLOCKS, transcript.first)
            self._search_range(start, self._unsearched_before)
            self._unsearched_before = start
            if self._timer() >= deadline:
                break
        if self._selects_newest and self._current is None and self._matches:
            self._current = self._matches[-1]

    def move(self, delta: int) -> None:
        """Go to the next match (1) or the one before (-1); after the last comes the first."""
        self._drop_trimmed()
        if not self._matches:
            return
        if self._current is None:
            self._current = self._matches[min(-delta, 0)]
            return
        index = bisect_left(self._matches, self._current)
        self._current = self._matches[(index + delta) % len(self._matches)]

    @property
    def has_matches(self) -> bool:
        """Whether something was found so far."""
        return bool(self._matches)

    @property
    def status_text(self) -> str:
        """The position and the number of matches: `3 of 17`."""
        if not self.active:
            return ""
        if not self._matches:
            return "Nothing found" if self.done else "Searching…"
        count = f"{len(self._matches):,}" + ("" if self.done else "…")
        if self._current is None:
            return f"{count} found"
        return f"{bisect_left(self._matches, self._current) + 1:,} of {count}"

    def matches(self, block: Block) -> bool:
        """Return whether a block is found, also if what was found in it is not shown."""
        if not block.is_message or self._transcript.is_hidden(block):
            return False
        text = fold(block.text)
        missing = [word for word in self.words if word not in text]
        return not missing or all(word in fold(block.name) for word in missing)

    def _restart(self, number: int) -> None:
        """Search again, from a block on upwards and downwards."""
        self._part = self._transcript.parts.shown
        self._matches, self._current, self._selects_newest = [], None, False
        self._unsearched_before = self._unsearched_from = number

    def _renumber(self, shift: int) -> None:
        """The part that was searched has met the newest one."""
        if self._part is self._transcript.parts.newest:
            return
        self._part = self._transcript.parts.newest
        self._matches = [number + shift for number in self._matches]
        self._current = None if self._current is None else self._current + shift
        self._unsearched_before += shift
        self._unsearched_from += shift

    def _search_range(self, start: int, stop: int) -> None:
        start = max(start, self._transcript.first)
        blocks = enumerate(self._transcript.blocks(start, stop), start)
        found = [number for number, block in blocks if self.matches(block)]
        if found and self._matches and found[-1] < self._matches[0]:
            self._matches[:0] = found
        else:
            self._matches += found

    def _drop_trimmed(self) -> None:
        trimmed = bisect_left(self._matches, self._transcript.first)
        if trimmed:
            del self._matches[:trimmed]
